"""Shapley decomposition: how much of an outcome is owed to which event, offer or tie, with common random numbers."""

from simulation.questions.attribute.attribution import attribute
from simulation.questions.attribute.describe import describe
from simulation.questions.attribute.groups import groups_of

__all__ = ["attribute", "describe", "groups_of"]
