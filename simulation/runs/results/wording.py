"""How a number is written for people: shares in per cent, amounts in their unit, intervals, and the number that is not
there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

MISSING = "–"
"""What stands for a number that is not there."""


TOO_FEW = "too few runs"
"""What stands for an interval that so few runs do not give."""


def missing(value: float | None) -> bool:
    """Whether a number is not there: None, nan, or the infinite end of an interval that nothing bounds."""
    return value is None or not math.isfinite(value)


def scale(unit: str) -> float:
    """What a value is multiplied by to be shown: chances and shares are shown in per cent."""
    return 100.0 if unit in ("chance", "share") else 1.0


def number(value: float | None) -> str:
    """A number to three digits."""
    return MISSING if value is None or missing(value) else f"{value:.3g}"


def fixed(value: float | None, form: str, end: str = "") -> str:
    """A number in a format such as ``+.2f``, with what follows it; or that it is missing."""
    return MISSING if value is None or missing(value) else f"{value:{form}}{end}"


def amount(value: float | None, unit: str, signed: bool = False) -> str:
    """A value in its unit: chances and shares in per cent; differences with a sign."""
    if value is None or missing(value):
        return MISSING
    sign = "+" if signed else ""
    end = " %" if unit in ("chance", "share") and not signed else ""
    return f"{scale(unit) * value:{sign}.1f}{end}"


def difference(value: float | None, low: float | None, high: float | None, unit: str) -> str:
    """A difference with its interval, such as ``+2.0 (-0.5 to +4.5)``; of chances and shares in points of a hundred.

    An interval without width is not printed, for it would claim that there is no doubt; what is known is that all runs
    were alike.
    """
    return _with_interval(value, low, high, unit, signed=True)


def estimate(value: float | None, low: float | None, high: float | None, unit: str) -> str:
    """A value with its interval, such as ``31.6 % (29.0 to 34.1 %)``; see ``difference``."""
    return _with_interval(value, low, high, unit, signed=False)


def _with_interval(value: float | None, low: float | None, high: float | None, unit: str, signed: bool) -> str:
    middle = amount(value, unit, signed)
    if value is None or missing(value):
        return middle
    if low is None or high is None or missing(low) or missing(high):
        return f"{middle} ({TOO_FEW})"
    if high - low <= 1e-12 * max(abs(low), abs(high), 1.0):
        return f"{middle} (in every run)"
    bottom, top = (amount(each, unit, signed).removesuffix(" %") for each in (low, high))
    return f"{middle} ({bottom} to {top}{' %' if middle.endswith('%') else ''})"


def span(value: Mapping[str, float | None]) -> str:
    """The interval under ``low`` and ``high``, such as ``0.13 to 0.17``; that there are too few runs for one."""
    if missing(value["low"]) or missing(value["high"]):
        return TOO_FEW
    return f"{number(value['low'])} to {number(value['high'])}"


def share_and_span(value: Mapping[str, float | None]) -> tuple[str, str]:
    """A chance that arises and its interval, such as ``16 %`` and ``14–18``; finer near 0 and 100."""
    chance, low, high = (100 * float(value[key] or 0.0) for key in ("chance", "low", "high"))
    digits = 0 if 1 <= chance <= 99 else 1
    return f"{chance:.{digits}f} %", f"{low:.{digits}f}–{high:.{digits}f}"


def percent(value: Mapping[str, float | None], otherwise: str = MISSING) -> str:
    """A chance with its interval, such as ``16 % (14–18 %)``."""
    return _share_with_span(value, otherwise, " %")


def percent_in_brief(value: Mapping[str, float | None], otherwise: str = MISSING) -> str:
    """A chance with its interval for tables, such as ``16 % (14–18)``."""
    return _share_with_span(value, otherwise, "")


def answer_in_brief(value: Mapping[str, Any]) -> str:
    """The chance of a yes with its interval, and that of one without conditions: ``16 % (14–18), in full 9 %``.

    Parameters
    ----------
    value : as under ``offers`` in a summary
    """
    said = percent_in_brief(value)
    return said if said == MISSING else f"{said}, in full {share_and_span(value['full'])[0]}"


def _share_with_span(value: Mapping[str, float | None], otherwise: str, unit: str) -> str:
    if value["chance"] is None or missing(value["chance"]):
        return otherwise
    share, ends = share_and_span(value)
    return f"{share} ({ends}{unit})"


def life(truce: Mapping[str, Any]) -> str:
    """How long the median first truce holds: ``5 days``, or ``more than 42 days`` and how many still held then.

    Parameters
    ----------
    truce : as under ``truce`` in a summary, of runs in which one starts
    """
    if truce["median_days"] is not None:
        return _days(truce["median_days"])
    still, _ = share_and_span({"chance": truce["held_when_watching_stopped"], "low": None, "high": None})
    return f"more than {_days(truce['watched_days'])}; {still} still held when watching stopped"


def life_span(truce: Mapping[str, Any]) -> str:
    """Days within which nine tenths of first truces collapse, from the 5th to the 95th percentile: ``1 to 23``."""
    low, high = truce["low_days"], truce["high_days"]
    beyond = f"more than {truce['watched_days']:g}"
    return beyond if low is None else f"{low:g} to {beyond if high is None else f'{high:g}'}"


def endings(truce: Mapping[str, Any]) -> str:
    """What became of the first truces while they were watched: ``broken in 74 %, lapsed in 10 %, standing in 16 %``.

    Parameters
    ----------
    truce : as under ``truce`` in a summary, of runs in which one starts
    """
    kinds = ("broken", "lapsed", "replaced", "standing")
    shares = {kind: truce["endings"][kind]["chance"] for kind in kinds}
    return ", ".join(f"{kind} in {share_and_span(truce['endings'][kind])[0]}" for kind in kinds if shares[kind])


def _days(value: float) -> str:
    return f"{value:g} {'day' if value == 1 else 'days'}"


def counted(count: int, what: str) -> str:
    """How many of something: ``1 offer``, ``12 offers``."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def listed(names: Sequence[str], most: int = 8) -> str:
    """Names in a sentence, the first of many: ``a, b and 27 more``."""
    if len(names) <= most + 1:  # "and 1 more" is no shorter than its name
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"
