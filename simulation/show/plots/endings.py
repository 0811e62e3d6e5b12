"""What each way in which a truce ends looks like, in every picture."""

from __future__ import annotations

LOOKS: dict[str, tuple[str, tuple[float, ...]]] = {
    "broken": ("#D55E00", ()),
    "lapsed": ("#666666", (5, 1.6)),
    "replaced": ("#0072B2", (6, 1.5, 1.2, 1.5)),
    "other": ("#CC79A7", (1.2, 1.4)),
}
"""Colour and dashes of each cause: Okabe & Ito (2008)."""
