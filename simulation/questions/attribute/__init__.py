"""How much of an outcome was whose doing: Shapley values of events, offers and ties, on the same luck."""

from simulation.questions.attribute.attribution import attribute
from simulation.questions.attribute.describe import describe
from simulation.questions.attribute.groups import groups_of

__all__ = ["attribute", "describe", "groups_of"]
