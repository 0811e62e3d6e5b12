"""Whether the parts of a scenario hang together."""

from simulation.scenario.checks.conflict import faults

__all__ = ["faults"]
