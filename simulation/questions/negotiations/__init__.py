"""Negotiations whose outcome is known: how near do rules and simpler forecasts come to it?"""

from simulation.questions.negotiations.benchmark import benchmark_negotiations
from simulation.questions.negotiations.cases import Case, is_cases, read_cases

__all__ = ["Case", "benchmark_negotiations", "is_cases", "read_cases"]
