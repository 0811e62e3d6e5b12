"""Lives of the world's ceasefires by form, term and mechanism, as competing risks, beside the model's defaults."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.dynamics.randomness import generator
from simulation.dynamics.state import Array, Flags
from simulation.dynamics.truce import Truce
from simulation.questions.finding import Finding
from simulation.questions.truces.competing import cumulative_incidence, weibull
from simulation.questions.truces.describe import DEFAULTS, describe
from simulation.questions.truces.reading import Lives, read_lives
from simulation.questions.truces.world import CAUSES, FORMS, MECHANISMS, TERMS
from simulation.runs.provenance import software
from simulation.runs.results import FEWEST
from simulation.runs.results.survival import of_spells

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

LONGEST = 3650
"""Days to which curves are followed."""

COUNTED = {"broken": ("broken",), "broken, replaced, other": ("broken", "replaced", "other")}
"""What may count as a collapse: the least and the most that one may claim. A truce that lapses at its term is none."""


def truce_lives(
    file: str | Path, seed: int = 1, *, resamples: int = 400, progress: Callable[[int], None] | None = None
) -> Finding:
    """How long the ceasefires of the ETH/PRIO dataset lived and how they ended, and whether the model's defaults agree.

    The dataset is not part of this package: download it and name the file. Causes of an end compete (``broken``,
    ``lapsed`` at the term, ``replaced``, ``other``): the share that has ended by each is Aalen and Johansen's, its
    hazard is fitted by a Weibull. Which endings were collapses is not known for sure, so that the life of a truce lies
    between two Kaplan-Meier curves: of those broken alone, and of those broken, replaced or ended otherwise.
    Ceasefires whose end nobody reported, nearly half, are left out, and counted.

    Parameters
    ----------
    file : CSV (comma, semicolon or tab) or .xlsx, with the columns of the dataset
    resamples : drawings of conflicts anew behind the intervals; ceasefires of one conflict hang together
    progress : called with the number of groups done so far

    Returns
    -------
    a finding, whose dataset has dimensions ``group`` (all, form and term, mechanism, all three), ``cause``,
    ``counted`` (what counts as a collapse), ``day`` (age in days) and ``bound`` (value, low, high; 95 %, without end
    for fewer than eight conflicts): ``incidence`` (share ended by each cause), ``stands``, ``median`` in days, Weibull
    ``shape`` and ``scale`` by cause where eight or more ended so, ``at_risk``, ``truces``, ``conflicts``,
    ``in_force``, ``ended``; and ``default``, ``low``, ``high`` by ``coefficient``.

    Raises
    ------
    ScenarioError
        for a file that cannot be read, or lacks columns

    References
    ----------
    Clayton et al. (2022), Journal of Conflict Resolution, doi 10.1177/00220027221129195. Aalen & Johansen (1978),
    Scandinavian Journal of Statistics 5, 141-150. Kaplan & Meier (1958), Journal of the American Statistical
    Association 53, 457-481.
    """
    lives = read_lives(file)
    ages = np.unique([0.0, *lives.table["days"], LONGEST])
    ages = ages[ages <= LONGEST]
    found: dict[str, dict[str, Any]] = {}
    groups = groups_of(lives.table)
    for number, (name, chosen) in enumerate(groups.items(), 1):
        found[name] = _fitted(lives.table[chosen], ages, resamples, seed)
        if progress:
            progress(number)
    return describe(_dataset(Path(file), lives, found, ages, resamples, seed))


def groups_of(table: pd.DataFrame) -> dict[str, Flags]:
    """Which ceasefires belong to each group that has any, by the group's name."""
    form, term, mechanism = (table[name].to_numpy() for name in ("form", "term", "mechanism"))
    every = {"all": np.ones(len(table), dtype=bool)}
    for a_form in FORMS.values():
        for a_term in TERMS.values():
            every[f"{a_form}, {a_term}"] = (form == a_form) & (term == a_term)
    for words in MECHANISMS.values():
        every[f"mechanism {words}"] = mechanism == words
    for a_form in FORMS.values():
        for a_term in TERMS.values():
            for words in MECHANISMS.values():
                both = (form == a_form) & (term == a_term)
                every[f"{a_form}, {a_term}, mechanism {words}"] = both & (mechanism == words)
    return {name: chosen for name, chosen in every.items() if chosen.any()}


def _fitted(table: pd.DataFrame, ages: Array, resamples: int, seed: int) -> dict[str, Any]:
    """Everything about one group."""
    days = table["days"].to_numpy(dtype=float)
    cause = table["cause"].map({word: place for place, word in enumerate(CAUSES)}).fillna(-1).to_numpy(dtype=np.int64)
    names, of = np.unique(table["conflict"].to_numpy(dtype=str), return_inverse=True)
    weight = np.ones((1, len(days)))
    if len(names) >= FEWEST:
        drawn = generator(seed, "truces", "conflicts", 0).multinomial(
            len(names), np.full(len(names), 1 / len(names)), resamples
        )
        weight = np.concatenate([weight, drawn[:, of]])
    own = np.unique(days)
    ended = {what: np.isin(cause, [CAUSES.index(one) for one in ones]) for what, ones in COUNTED.items()}
    incidence = cumulative_incidence(days, cause, own, len(CAUSES), weight)
    stands = {
        what: 1 - cumulative_incidence(days, over.astype(np.int64) - 1, own, 1, weight)[:, 0]
        for what, over in ended.items()
    }
    place = np.searchsorted(own, ages, side="right") - 1  # the last age of its own at or before each
    tables = [of_spells(days, over) for over in ended.values()]
    shapes = np.full((len(CAUSES), 3), np.nan)
    scales = np.full(len(CAUSES), np.nan)
    for number, word in enumerate(CAUSES):
        over = cause == number
        if word != "lapsed" and over.sum() >= FEWEST and np.unique(days[over]).size > 1:  # a term is no smooth hazard
            fit = weibull(days, over)
            shapes[number], scales[number] = (fit.shape, fit.low, fit.high), fit.scale
    return {
        "truces": len(days),
        "conflicts": len(names),
        "in_force": int((cause < 0).sum()),
        "ended": np.array([(cause == number).sum() for number in range(len(CAUSES))]),
        "incidence": _seen(_bounds(_at(incidence, place, 0.0))),
        "stands": np.stack([_bounds(_at(curve, place, 1.0)) for curve in stands.values()]),
        "median": np.stack(
            [
                _bounds(_medians(curve, own), table.within(0.5))
                for curve, table in zip(stands.values(), tables, strict=True)
            ]
        ),
        "watched": float(days.max()),
        "at_risk": (days[:, None] >= ages).sum(axis=0),
        "shape": shapes,
        "scale": scales,
    }


def _at(curve: Array, place: np.ndarray[Any, Any], before: float) -> Array:
    """A curve of steps read at other ages; what it is before its first step."""
    return np.where(place >= 0, curve[..., np.maximum(place, 0)], before)


def _medians(curve: Array, ages: Array) -> Array:
    """The age by which half have ended, (resamples + 1,); infinite where that is not seen."""
    reached = curve <= 0.5 + 1e-12
    return np.where(reached.any(axis=-1), ages[reached.argmax(axis=-1)], np.inf)


def _bounds(values: Array, value: float | None = None) -> Array:
    """The first of some values and the percentiles of the rest, (..., 3); without end where there is no rest."""
    middle = values[0] if value is None else np.asarray(np.inf if np.isnan(value) else value)
    if len(values) == 1:
        return np.stack([middle, np.full_like(middle, -np.inf), np.full_like(middle, np.inf)], axis=-1)
    low, high = np.quantile(values[1:], (0.025, 0.975), axis=0, method="inverted_cdf")
    return np.stack([middle, low, high], axis=-1)


def _seen(shares: Array) -> Array:
    """Shares without an interval where nothing has ended so: drawing nothing anew says nothing."""
    shares[..., 1:] = np.where(shares[..., :1] > 0, shares[..., 1:], np.nan)
    return shares


def _dataset(
    file: Path, lives: Lives, found: dict[str, dict[str, Any]], ages: Array, resamples: int, seed: int
) -> xr.Dataset:
    import xarray as xr

    def of(name: str) -> Array:
        return np.array([one[name] for one in found.values()])

    defaults, share = Truce(), {"units": "share"}
    days = {"units": "days"}
    return xr.Dataset(
        {
            "incidence": (
                ("group", "cause", "day", "bound"),
                of("incidence"),
                {**share, "long_name": "share of truces that has ended by each cause"},
            ),
            "stands": (
                ("group", "counted", "day", "bound"),
                of("stands"),
                {**share, "long_name": "share that stands, other endings counted as far as they were watched"},
            ),
            "median": (
                ("group", "counted", "bound"),
                of("median"),
                {**days, "long_name": "age by which half have ended; infinite where that is not seen"},
            ),
            "shape": (
                ("group", "cause", "bound"),
                of("shape"),
                {"units": "1", "long_name": "Weibull shape of the cause's hazard; below 1 it falls with age"},
            ),
            "scale": (("group", "cause"), of("scale"), {**days, "long_name": "Weibull scale of the cause's hazard"}),
            "at_risk": (("group", "day"), of("at_risk"), {"units": "truces", "long_name": "watched at that age"}),
            "watched": ("group", of("watched"), {**days, "long_name": "age of the truce that was watched longest"}),
            "truces": ("group", of("truces")),
            "conflicts": ("group", of("conflicts")),
            "in_force": ("group", of("in_force"), {"long_name": "truces still in force when watching stopped"}),
            "ended": (("group", "cause"), of("ended"), {"units": "truces"}),
            "left_out": ("reason", np.array(list(lives.left_out.values()), dtype=np.int64), {"units": "ceasefires"}),
            "default": (
                "coefficient",
                np.array([float(getattr(defaults, name)) for name in DEFAULTS]),
                {**days, "long_name": "the model's median life of such a truce"},
            ),
        },
        coords={
            "group": np.array(list(found), dtype=object),
            "cause": np.array(CAUSES, dtype=object),
            "counted": np.array(list(COUNTED), dtype=object),
            "day": ("day", ages, days),
            "bound": np.array(["value", "low", "high"], dtype=object),
            "reason": np.array(list(lives.left_out), dtype=object),
            "coefficient": np.array(list(DEFAULTS), dtype=object),
        },
        attrs={
            "finding": "truces",
            "title": file.name,
            "scenario": "",
            "file_sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            "read": lives.read,
            "rows": lives.rows,
            "until": lives.until,
            "conflict": lives.conflict,
            "differing": lives.differing,
            "resamples": resamples,
            "seed": seed,
            "software": software(),
        },
    )
