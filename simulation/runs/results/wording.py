"""How a number is written for people: shares in per cent, amounts in their unit, intervals, and the number that is not
there.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from simulation.scenario.measures import unit_of

if TYPE_CHECKING:
    from simulation.scenario.schema import Expect

MISSING = "–"
"""What stands for a number that is not there."""


TOO_FEW = "too few runs"
"""What stands for an interval that so few runs do not give."""


MINUS = "−"

NOTHING = 5e-5
"""What is below this, as it is shown, is no difference."""

_NUMBER = r"[+−]?\d[\d.,]*"
_SPAN = rf"\({_NUMBER}(–| to ){_NUMBER}\)"
TOGETHER = re.compile(rf"{_NUMBER} (percentage )?points|{_NUMBER}(–{_NUMBER})?( %)?( {_SPAN})?|{_SPAN}")
"""A number with its interval, an interval, and a number of points."""


def missing(value: float | None) -> bool:
    """Whether a number is not there: None, nan, or the infinite end of an interval that nothing bounds."""
    return value is None or not math.isfinite(value)


def scale(unit: str) -> float:
    """What a value is multiplied by to be shown: chances and shares are shown in per cent."""
    return 100.0 if unit in ("chance", "share") else 1.0


def points(unit: str) -> str:
    """What differences of a unit are counted in: ``percentage points`` of chances and shares."""
    return "percentage points" if unit in ("chance", "share") else "points" if unit.endswith("points") else unit


def number(value: float | None) -> str:
    """A number to three digits."""
    return fixed(value, ".3g")


def fixed(value: float | None, form: str, end: str = "") -> str:
    """A number in a format such as ``+.2f``, with a true minus and what follows it; or that it is missing.

    What rounds to nothing has no sign.
    """
    if value is None or missing(value):
        return MISSING
    said = f"{value:{form}}"
    if not any(digit in said.partition("e")[0] for digit in "123456789"):
        said = said.replace("-", "").replace("+", "")
    return said.replace("-", MINUS) + end


def amount(value: float | None, unit: str, signed: bool = False) -> str:
    """A value in its unit: chances and shares in per cent; differences with a sign."""
    end = " %" if unit in ("chance", "share") and not signed else ""
    return fixed(None if value is None else scale(unit) * value, "+.1f" if signed else ".1f", end)


def difference(value: float | None, low: float | None, high: float | None, unit: str, of: str = "") -> str:
    """A difference with its 95 % interval: ``+2.0 (0.5 to 4.5)``, ``no clear change (−0.5 to 4.5)`` or ``no change``.

    Of chances and shares it is in percentage points. An interval without width is not printed, for it would claim that
    there is no doubt; what is known is that all runs were alike.

    Parameters
    ----------
    of : what it is counted in, where no column says so: ``+2.0 percentage points (0.5 to 4.5)``
    """
    if value is None or missing(value):
        return MISSING
    value = scale(unit) * value
    counted = f" {of}" if of else ""
    if low is None or high is None or missing(low) or missing(high):
        return f"{fixed(value, '+.1f', counted)} ({TOO_FEW})"
    low, high = scale(unit) * low, scale(unit) * high
    if abs(value) < NOTHING and max(abs(low), abs(high)) < NOTHING:
        return "no change"
    if _without_width(low, high):
        return f"{fixed(value, f'+.{_digits(value)}f', counted)} (in every run)"
    digits = _digits(min((abs(end) for end in (low, high) if abs(end) >= NOTHING), default=1.0))
    if clearly(low, high):
        return with_interval(value, low, high, digits, counted)
    word = "no change" if abs(value) < NOTHING else "no clear change"
    return f"{word} ({ends(low, high, f'.{digits}f', ' to ')})"


def with_interval(value: float, low: float, high: float, digits: int, end: str = "") -> str:
    """A number with a sign, what follows it, and its interval, such as ``−0.012 (−0.031 to 0.007)``."""
    return f"{fixed(value, f'+.{digits}f', end)} ({ends(low, high, f'.{digits}f', ' to ')})"


def clearly(low: float | None, high: float | None) -> bool:
    """Whether an interval of a difference leaves out that there is none."""
    return low is not None and high is not None and (low > 0 or high < 0)


def ends(low: float, high: float, form: str = ".3g", between: str = "–") -> str:
    """Both ends of an interval, such as ``14–18``; ``−0.5 to 4.5`` where one lies below 0, or if asked for."""
    return f"{fixed(low, form)}{' to ' if low < 0 else between}{fixed(high, form)}"


def _without_width(low: float, high: float) -> bool:
    """Whether both ends of an interval are the same but for rounding."""
    return high - low <= 1e-12 * max(abs(low), abs(high), 1.0)


def _digits(size: float) -> int:
    """Digits behind the point that show of a number more than zeros: one, or up to four."""
    return next((digits for digits in range(1, 4) if round(abs(size), digits)), 4)


def estimate(value: float | None, low: float | None, high: float | None, unit: str) -> str:
    """A value with its 95 % interval, such as ``32 % (29–34)`` or ``11.0 (9.5–12.5)``; see ``difference``."""
    if value is None or missing(value):
        return MISSING
    if low is None or high is None or missing(low) or missing(high):
        return f"{amount(value, unit)} ({TOO_FEW})"
    if _without_width(low, high):
        return f"{amount(value, unit)} (in every run)"
    if unit in ("chance", "share"):
        return percent({"chance": value, "low": low, "high": high})
    return f"{amount(value, unit)} ({ends(low, high, '.1f')})"


def span(value: Mapping[str, float | None]) -> str:
    """The interval under ``low`` and ``high``, such as ``0.13–0.17``; that there are too few runs for one."""
    low, high = value["low"], value["high"]
    return TOO_FEW if low is None or high is None or missing(low) or missing(high) else ends(low, high)


def share_and_span(value: Mapping[str, float | None]) -> tuple[str, str]:
    """A chance that arises and its interval, such as ``16 %`` and ``14–18``; finer near 0 and 100."""
    chance, low, high = (100 * float(value[key] or 0.0) for key in ("chance", "low", "high"))
    form = f".{0 if 1 <= chance <= 99 else 1}f"
    return fixed(chance, form, " %"), ends(low, high, form)


def percent(value: Mapping[str, float | None], otherwise: str = MISSING) -> str:
    """A chance with its 95 % interval, such as ``16 % (14–18)``, from ``chance``, ``low`` and ``high``, each 0 … 1."""
    if value["chance"] is None or missing(value["chance"]):
        return otherwise
    share, around = share_and_span(value)
    return f"{share} ({around})"


def unbroken(text: str) -> str:
    """The text with spaces at which no line breaks inside of numbers and their intervals: ``16 % (14–18)``."""
    return TOGETHER.sub(lambda found: found[0].replace(" ", "\u00a0"), text)


def as_html(text: str) -> str:
    """The text as HTML, escaped, in which no line breaks inside of a number and its interval."""
    held = TOGETHER.sub(lambda found: f"\ue000{found[0]}\ue001" if found[0][-1] in "%)s" else found[0], text)
    return escape(held).replace("\ue000", '<span style="white-space: nowrap">').replace("\ue001", "</span>")


def answer_in_brief(value: Mapping[str, Any]) -> str:
    """The chance of a yes with its interval, and that of one without conditions: ``16 % (14–18), in full 9 %``.

    Parameters
    ----------
    value : as under ``offers`` in a summary
    """
    said = percent(value)
    return said if said == MISSING else f"{said}, in full {share_and_span(value['full'])[0]}"


def judged(verdict: Mapping[str, Any], expect: Expect) -> tuple[str, str]:
    """What came of an expectation, with its interval, and what was expected, in the unit of the measure.

    Parameters
    ----------
    verdict : as under ``expect`` in a summary
    expect : the expectation itself
    """
    unit, value, bounds = unit_of(expect.measure), verdict["value"], {"above": expect.above, "below": expect.below}
    end = " %" if scale(unit) == 100 else ""
    found = estimate(value, verdict["low"], verdict["high"], unit)
    if expect.exceeds:
        bounds, end = {"above": expect.by}, f" {points(unit)}"
        found = difference(value, verdict["low"], verdict["high"], unit, points(unit))
    wanted = [f"{side} {fixed(scale(unit) * bound, 'g', end)}" for side, bound in bounds.items() if bound is not None]
    return "no run bears on it" if value is None else found, " and ".join(wanted)


def life(truce: Mapping[str, Any], spread: str = "") -> str:
    """How long the median first truce holds: ``5 days``, or ``more than 42 days`` and how many still held then.

    Parameters
    ----------
    truce : as under ``truce`` in a summary, of runs in which one starts
    spread : what to say behind it in brackets, with ``{}`` for the days within which nine tenths collapse
    """
    within = f" ({spread.format(life_span(truce))})" if spread else ""
    if truce["median_days"] is not None:
        return _days(truce["median_days"]) + within
    still, _ = share_and_span({"chance": truce["held_when_watching_stopped"], "low": None, "high": None})
    return f"more than {_days(truce['watched_days'])}{within}; {still} still held when watching stopped"


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
