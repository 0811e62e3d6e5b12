"""Whether the parts of a scenario hang together."""

from simulation.scenario.checks.conflict import faults
from simulation.scenario.checks.notes import notes

__all__ = ["faults", "notes"]
