"""``agreement``: the question, from a folder to its finding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from simulation.dynamics.state import Array
from simulation.questions.agreement.alpha import FEWEST_UNITS, FEWEST_WARS, alpha, interval, pairable
from simulation.questions.agreement.codings import SORTS, VARIABLES, Variable, War, wars
from simulation.questions.agreement.describe import describe
from simulation.questions.finding import Finding
from simulation.runs.provenance import software

ALL = "all"
"""What stands for all wars together, where there are several."""

GENERAL = "general knowledge"
"""What a source is that is none."""


def agreement(
    folder: str | Path,
    seed: int = 1,
    *,
    resamples: int = 1000,
    progress: Callable[[int, int], None] | None = None,
) -> Finding:
    """How far coders agree who coded the same wars apart: Krippendorff's alpha of each variable.

    A war coded twice is a folder that holds a folder of tables for each coder, such as ``A`` and ``B``. Which offers
    are the same is said by ``matches.csv`` beside them (columns ``offer_A``, ``offer_B``; in ``with_B`` such of B's as
    are part of the match), which actors by ``who.csv`` (``actor_A``, ``actor_B``); without these, what has the same
    name is the same. Answers and fortunes are compared where offer and party are the same, ties where both actors are.

    Parameters
    ----------
    folder : of a war, or of several, such as ``scenarios/wars``
    seed : of the drawings behind the intervals
    resamples : how often wars, or of fewer than five wars the units, are drawn anew
    progress : called with the number of variables done so far and in all

    Returns
    -------
    a finding, whose dataset is over ``war`` (``all`` first, where there are several) and ``variable``: ``alpha`` with
    ``low`` and ``high`` (95 %; nan below eight units), ``units``, those that two coders or more gave a value; over
    ``war`` and ``sort``: ``matched``, ``one`` (what only one coder has), ``disputed`` (answers that differ in the
    word), ``checked`` and ``general`` (what rests on general knowledge alone, of the merged tables in the folder; nan
    where there are none), and with ``coder`` ``coded``. ``yes or no`` takes conditional answers for a yes.

    Raises
    ------
    ScenarioError
        for a folder without a war coded twice, or tables that cannot be read
    """
    import xarray as xr

    found = wars(Path(folder))
    names = [war.name for war in found]
    groups = {name: [war] for name, war in zip(names, found, strict=True)}
    if len(found) > 1:
        groups = {ALL: found, **groups}
    rng = np.random.default_rng(seed)
    numbers = np.full((len(groups), len(VARIABLES), 4), np.nan)
    for place, variable in enumerate(VARIABLES):
        for row, group in enumerate(groups.values()):
            numbers[row, place] = _of(group, variable, resamples, rng)
        if progress is not None:
            progress(place + 1, len(VARIABLES))
    counts = {name: _counted(group) for name, group in groups.items()}

    def counted(key: str, words: str) -> tuple[tuple[str, ...], Array, dict[str, str]]:
        dims = ("war", "sort", "coder") if key == "coded" else ("war", "sort")
        values = np.array([[counts[name][sort][key] for sort in SORTS] for name in groups], dtype=np.float64)
        return dims, values, {"units": "rows", "long_name": words}

    over = ("war", "variable")
    result = xr.Dataset(
        {
            "alpha": (over, numbers[..., 0], {"units": "1", "long_name": "Krippendorff's alpha"}),
            "low": (over, numbers[..., 1], {"units": "1", "long_name": "lower end of its 95 % interval"}),
            "high": (over, numbers[..., 2], {"units": "1", "long_name": "upper end of its 95 % interval"}),
            "units": (over, numbers[..., 3].astype(np.int64), {"long_name": "units of two codings or more"}),
            "coded": counted("coded", "what each coder has"),
            "matched": counted("matched", "what all coders have"),
            "one": counted("one", "what only one coder has"),
            "disputed": counted("disputed", "answers of all coders that differ in the word"),
            "checked": counted("checked", "confirmed by a source that was looked up, after the merge"),
            "general": counted("general", "resting on general knowledge alone, after the merge"),
            "ruled": (
                "war",
                np.array([_sum([war.ruled for war in group]) for group in groups.values()]),
                {"units": "answers", "long_name": "settled by a third reader"},
            ),
        },
        coords={
            "war": np.array(list(groups), dtype=object),
            "variable": np.array([variable.name for variable in VARIABLES], dtype=object),
            "level": ("variable", np.array([variable.level for variable in VARIABLES], dtype=object)),
            "sort": np.array(SORTS, dtype=object),
            "coder": np.array(found[0].coders, dtype=object),
        },
        attrs={
            "finding": "agreement",
            "title": found[0].name if len(found) == 1 else f"{len(found)} wars",
            "scenario": "",
            "seed": seed,
            "resamples": resamples,
            "drawn": "wars" if len(found) >= FEWEST_WARS else "units",
            "software": software(),
        },
    )
    return describe(result)


def _of(group: Sequence[War], variable: Variable, resamples: int, rng: np.random.Generator) -> tuple[float, ...]:
    """Alpha, the ends of its interval, and how many units it rests on."""
    values = [war.values(variable) for war in group]
    every = np.concatenate(values, axis=1)
    units = pairable(every)
    value = alpha(every, variable.level)
    if units.shape[1] < FEWEST_UNITS or np.isnan(value):
        return value, np.nan, np.nan, units.shape[1]
    clusters = values if len(group) >= FEWEST_WARS else [units[:, [place]] for place in range(units.shape[1])]
    return value, *interval(clusters, variable.level, resamples, rng), units.shape[1]


def _counted(group: Sequence[War]) -> dict[str, dict[str, Any]]:
    """How many rows of each sort there are, and what they rest on."""
    found = {}
    for sort in SORTS:
        rows = [unit for war in group for unit in war.rows[sort]]
        given = [[row is not None for row in unit] for unit in rows]
        shared = [unit for unit, has in zip(rows, given, strict=True) if all(has)]
        ground = [_ground(war, sort) for war in group]
        found[sort] = {
            "coded": np.sum(given, axis=0) if given else np.zeros(len(group[0].coders)),
            "matched": len(shared),
            "one": sum(sum(has) == 1 for has in given),
            "disputed": sum(len({row.given for row in unit}) > 1 for unit in shared) if sort == "answers" else np.nan,
            "checked": _sum([checked for checked, _ in ground]),
            "general": _sum([general for _, general in ground]),
        }
    return found


def _ground(war: War, sort: str) -> tuple[float | None, float | None]:
    """How many rows of the merged tables are checked, and how many rest on general knowledge alone; None if unknown."""
    if war.merged is None or sort == "fortunes":
        return None, None
    offers = [event.offer for event in war.merged.events if event.offer]
    rows = {
        "offers": offers,
        "answers": war.merged.record,
        "actors": tuple(war.merged.actors.values()),
        "ties": war.merged.ties,
    }[sort]
    nowhere = {name for name, what in (war.merged.sources or {}).items() if what.strip().lower() == GENERAL}
    checked = sum(bool(row.checked) for row in rows) if sort in ("offers", "answers") else None
    return checked, sum(set(row.sources or nowhere) <= nowhere for row in rows)


def _sum(numbers: Sequence[float | None]) -> float:
    """The sum; nan where one is not known."""
    return float("nan") if None in numbers else float(sum(number or 0 for number in numbers))
