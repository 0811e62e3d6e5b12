"""Whether scenarios differ by more than chance, and whether backers that react would make up for it."""

from simulation.questions.compare.ask import common, compare
from simulation.questions.compare.describe import describe, rows

__all__ = ["common", "compare", "describe", "rows"]
