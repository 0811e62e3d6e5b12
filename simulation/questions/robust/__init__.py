"""How far a number or a what-if can be trusted: the same question under other structures of the model, and codings."""

from simulation.questions.robust.ask import robust
from simulation.questions.robust.describe import describe

__all__ = ["describe", "robust"]
