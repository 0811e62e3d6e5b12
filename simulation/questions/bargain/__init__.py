"""Which terms all would accept: the best package, the frontier between parties, and what bargaining rules settle on."""

from simulation.questions.bargain.ask import bargain
from simulation.questions.bargain.describe import describe

__all__ = ["bargain", "describe"]
