"""Why an actor moved in a step, or answered an offer as it did: one run taken apart, with names."""

from simulation.questions.why.ask import why
from simulation.questions.why.describe import describe
from simulation.questions.why.step import MOVES, WISHES

__all__ = ["MOVES", "WISHES", "describe", "why"]
