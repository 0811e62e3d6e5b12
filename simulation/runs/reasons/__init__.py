"""Why an offer was answered as it was: the parts of each party's willingness, its chance, coin and answer."""

from simulation.runs.reasons.answered import AnsweredOffer
from simulation.runs.reasons.apart import MEANINGS, PARTS, as_answered, reasons_of, taken_apart
from simulation.runs.reasons.words import cells, part_label, shown_parts

__all__ = [
    "MEANINGS",
    "PARTS",
    "AnsweredOffer",
    "as_answered",
    "cells",
    "part_label",
    "reasons_of",
    "shown_parts",
    "taken_apart",
]
