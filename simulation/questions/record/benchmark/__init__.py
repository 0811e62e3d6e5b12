"""Many wars forecast by the model and by simpler means, each from what the other wars teach: scores one may believe."""

from simulation.questions.record.benchmark.wars import benchmark_wars

__all__ = ["benchmark_wars"]
