"""How long truces live, in rows, plain numbers and words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulation.questions.finding import Finding, Table, plain
from simulation.runs.results import FEWEST
from simulation.runs.results.wording import counted, share_and_span

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

DEFAULTS = {"declared_days": "unwritten, open-ended", "signed_days": "written, open-ended"}
"""The model's coefficients, and the group that each stands for: its truces have no term unless one is given."""

MARKS = (7, 30, 180)
"""Days at which shares are shown."""

AT = 30
"""Day at which it is shown how truces had ended."""


def describe(result: xr.Dataset) -> Finding:
    """How long truces live and how they end, and whether the model's defaults lie between what one may claim."""

    groups = {str(name): _group(result.sel(group=name)) for name in result.group.values}
    defaults = {name: _default(result, name) for name in DEFAULTS}
    attrs = result.attrs
    used = int(result.truces.sel(group="all"))
    left_out = {str(name): int(value) for name, value in zip(result.reason.values, result.left_out.values, strict=True)}
    summary = {
        "file": attrs["title"],
        "seed": int(attrs["seed"]),
        "ceasefires": int(attrs["read"]),
        "used": used,
        "left_out": left_out,
        "groups": groups,
        "defaults": defaults,
    }
    shown = [name for name in groups if name.count(",") < 2]
    words: list[str | Table] = [
        f"How long ceasefires live and how they end: {attrs['title']}",
        _counts(int(attrs["read"]), int(attrs["rows"]), used, left_out, int(attrs["differing"])),
        f"Those in force are watched to {attrs['until']}. What the codes of 'ended' mean is read off the data: 0 in "
        "force, 1 lapsed at the term, 2 broken, 3 other, 4 replaced.\n",
        Table(
            ("truces", "n", "broken", "lapsed", "replaced", "other", "in force"),
            [(name, str(groups[name]["truces"]), *_ends(groups[name])) for name in shown],
            f"share that had ended by day {AT}, by cause (95 % over conflicts)",
        ),
        Table(
            ("truces", *(f"day {day}" for day in MARKS), "median, days", "shape, broken"),
            [(name, *_bracket(groups[name])) for name in shown],
            "share that stands: if broken, replaced and otherwise ended ones count … if broken ones alone do",
        ),
        "shape: of the Weibull hazard of being broken (95 %); below 1 it falls with age",
        *(_verdict(name, one) for name, one in defaults.items()),
    ]
    return Finding(result=result, rows=_rows(result), summary=summary, words=tuple(words))


def _counts(read: int, rows: int, used: int, left_out: dict[str, int], differing: int) -> str:
    """How many ceasefires were read, and why some are left out."""
    said = f"{counted(read, 'ceasefire')} in {counted(rows, 'row')}; {used:,} are used"
    if left_out:
        reasons = "; ".join(f"{reason}: {count:,} ({100 * count / read:.0f} %)" for reason, count in left_out.items())
        said += f", {read - used:,} left out. {reasons[:1].upper()}{reasons[1:]}"
    said += "."
    if differing:
        said += f" The rows of {counted(differing, 'ceasefire')} say different things; the first counts."
    return said


def _three(values: xr.DataArray) -> dict[str, float | None]:
    return {str(bound): plain(values.sel(bound=bound), 4) for bound in values.bound.values}


def _group(here: xr.Dataset) -> dict[str, Any]:
    """One group as plain numbers."""
    at = [here.sel(day=day, method="ffill") for day in MARKS]
    then = here.sel(day=AT, method="ffill")
    return {
        "truces": int(here.truces),
        "conflicts": int(here.conflicts),
        "in_force": int(here.in_force),
        "watched_days": plain(here.watched),
        "ended": {str(cause): int(here.ended.sel(cause=cause)) for cause in here.cause.values},
        f"ended_by_day_{AT}": {str(cause): _three(then.incidence.sel(cause=cause)) for cause in here.cause.values},
        "stands": {
            str(what): {str(day): _three(one.stands.sel(counted=what)) for day, one in zip(MARKS, at, strict=True)}
            for what in here.counted.values
        },
        "median_days": {str(what): _three(here["median"].sel(counted=what)) for what in here.counted.values},
        "shape": {str(cause): _three(here["shape"].sel(cause=cause)) for cause in here.cause.values},
        "scale_days": {str(cause): plain(here["scale"].sel(cause=cause), 4) for cause in here.cause.values},
    }


def _ends(group: dict[str, Any]) -> list[str]:
    """By cause, the share that had ended so; and how many are in force still."""
    cells = []
    for found in group[f"ended_by_day_{AT}"].values():
        share, span = share_and_span({"chance": found["value"], "low": found["low"], "high": found["high"]})
        cells.append(share if found["low"] is None else f"{share}\n{span}")
    return [*cells, str(group["in_force"])]


def _bracket(group: dict[str, Any]) -> list[str]:
    """From the most that may count as a collapse to the least: shares that stand, the median; and a shape."""
    least, most = group["stands"]
    cells = [
        f"{group['stands'][most][str(day)]['value']:.2f} … {group['stands'][least][str(day)]['value']:.2f}"
        for day in MARKS
    ]
    medians = [_life(group["median_days"][what]["value"], group["watched_days"]) for what in (most, least)]
    shape = group["shape"]["broken"]
    said = "too few" if shape["value"] is None else f"{shape['value']:.2f} ({shape['low']:.2f}–{shape['high']:.2f})"
    return [*cells, medians[0] if medians[0] == medians[1] else " … ".join(medians), said]


def _life(median: float | None, watched: float) -> str:
    return f"over {watched:,.0f}" if median is None else f"{median:,.3g}" if median < 1000 else f"{median:,.0f}"


def _default(result: xr.Dataset, name: str) -> dict[str, Any]:
    """A default of the model beside the medians of its group; None where half never end."""
    found: dict[str, Any] = {"group": DEFAULTS[name], "days": float(result.default.sel(coefficient=name))}
    if DEFAULTS[name] not in result.group.values:
        nothing = {"truces": 0, "conflicts": 0, "low": None, "high": None, "watched": None}
        return found | nothing | {"verdict": "too few"}
    here = result.sel(group=DEFAULTS[name])
    high, low = (plain(value) for value in here["median"].sel(bound="value").values)
    watched, days = float(here.watched), found["days"]
    if int(here.truces) < FEWEST or int(here.conflicts) < FEWEST:
        verdict = "too few"
    elif days < (watched if low is None else low):
        verdict = "below"
    elif high is not None and days > high:
        verdict = "above"
    else:
        verdict = "open" if low is None else "inside"
    found |= {"truces": int(here.truces), "conflicts": int(here.conflicts)}
    return found | {"low": low, "high": high, "watched": watched, "verdict": verdict}


def _verdict(name: str, found: dict[str, Any]) -> str:
    """Whether a default lies between what one may claim, as a sentence."""
    said = f"The default coefficients.truces.{name}, a median life of {found['days']:,g} days,"
    if found["verdict"] == "too few":
        return (
            f"{said} cannot be compared: {counted(found['truces'], 'truce')} of "
            f"{counted(found['conflicts'], 'conflict')} that are {found['group']} are too few to tell."
        )
    ends = [_life(found[end], found["watched"]) for end in ("low", "high")]
    span = f"{ends[0]} days" if ends[0] == ends[1] else f"{ends[0]} … {ends[1]} days"
    place = {
        "inside": "lies inside the bracket",
        "below": "is shorter than the bracket",
        "above": "is longer than the bracket",
        "open": "cannot be told from the bracket",
    }[found["verdict"]]
    return (
        f"{said} {place} {span} of {found['truces']:,} truces that are {found['group']} (by when half had ended: "
        "broken, replaced or other … broken alone)."
    )


def _rows(result: xr.Dataset) -> pd.DataFrame:
    """A row for each group and cause, with every digit."""
    import pandas as pd

    rows = []
    for name in result.group.values:
        here = result.sel(group=name)
        for cause in result.cause.values:
            row: dict[str, Any] = {"group": str(name), "truces": int(here.truces), "conflicts": int(here.conflicts)}
            row |= {"in_force": int(here.in_force), "cause": str(cause), "ended": int(here.ended.sel(cause=cause))}
            for day in MARKS:
                share = here.incidence.sel(cause=cause).sel(day=day, method="ffill")
                names = (f"by_day_{day}", f"by_day_{day}_low", f"by_day_{day}_high")
                row |= dict(zip(names, map(plain, share.values), strict=True))
            shape = here["shape"].sel(cause=cause).values
            row |= dict(zip(("shape", "shape_low", "shape_high"), map(plain, shape), strict=True))
            rows.append(row | {"scale_days": plain(here["scale"].sel(cause=cause))})
    return pd.DataFrame(rows)
