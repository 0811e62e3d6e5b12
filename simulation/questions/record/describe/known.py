"""What forecasts as of a day rest on, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def known_then(attrs: Mapping[str, Any]) -> list[str]:
    """That nothing later than the day was known, where there is one in the attributes of a result."""
    if "as_of" not in attrs:
        return []
    return [
        f"Forecasts as of {attrs['as_of']}: answers before it are told; later offers are asked as they were made, and "
        "no other event, answer or fortune from then on is known.\n"
    ]
