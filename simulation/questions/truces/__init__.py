"""How long the world's truces live and how they end: a dataset's lives fitted, and the world's life table."""

from simulation.questions.truces.lives import truce_lives
from simulation.questions.truces.world import Bracket, world_fates, world_survival

__all__ = ["Bracket", "truce_lives", "world_fates", "world_survival"]
