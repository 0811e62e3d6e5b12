"""A result in words, and as one page that opens without a network."""

from simulation.show.report.page import write_report
from simulation.show.report.words import offer_names, verdict

__all__ = ["offer_names", "verdict", "write_report"]
