"""Why an actor moved: one step of one run taken apart, with names."""

from simulation.questions.why.describe import describe
from simulation.questions.why.step import MOVES, WISHES, why

__all__ = ["MOVES", "WISHES", "describe", "why"]
