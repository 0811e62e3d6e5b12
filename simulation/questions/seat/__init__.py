"""A seat at the table: one run, in which somebody makes offers or answers for a party, and what comes of it."""

from simulation.questions.seat.seat import Seat

__all__ = ["Seat"]
