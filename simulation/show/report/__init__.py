"""A result in words, and as one page that opens without a network."""

from simulation.show.report.page import write_report
from simulation.show.report.words import likelihood, offer_names, verdict

__all__ = ["likelihood", "offer_names", "verdict", "write_report"]
