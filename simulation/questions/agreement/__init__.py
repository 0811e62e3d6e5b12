"""How far coders who worked apart agree: Krippendorff's alpha, variable by variable and war by war."""

from simulation.questions.agreement.asked import agreement

__all__ = ["agreement"]
