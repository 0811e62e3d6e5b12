"""Least-cost change: the least that brings a chance to a target, and what each further percentage point would cost."""

from simulation.questions.path.frontier import path, rows
from simulation.questions.path.search import Lever

__all__ = ["Lever", "path", "rows"]
