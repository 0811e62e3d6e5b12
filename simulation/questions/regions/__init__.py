"""Under which inputs does it come out that way: scenario discovery on the points of a sweep."""

from simulation.questions.regions.ask import regions
from simulation.questions.regions.describe import describe

__all__ = ["describe", "regions"]
