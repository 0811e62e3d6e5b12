"""What came of many runs: names, units, intervals, saving and loading."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulation.measures import CENTRES, QUIET, History, Measure, first_truce, parse, settled
from simulation.scenario.checks import offer_ids
from simulation.scenario.errors import ScenarioError
from simulation.scenario.files import load_text
from simulation.scenario.schema import Expect, Scenario
from simulation.state import Array

if TYPE_CHECKING:
    import xarray as xr

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
BINS = 400
"""Slices of each scale in a digest: a quarter of a stance point, 0.0025 of a share."""

MEANING = {
    "stance": ("stance points", "position on an immediate ceasefire: 0 fight on to victory … 100 stop now"),
    "control": ("share", "share of the contested ground"),
    "momentum": ("share per day", "recent mean change of control"),
    "exhaustion": ("share", "exhaustion by fighting: 0 fresh … 1 spent"),
    "distrust": ("stance points", "what past breaches take from the willingness to accept"),
    "position": ("stance points", "position on each issue of the negotiation, the first being the stance"),
    "outcome": ("stance points", "mean and median of the stances, weighted by influence and salience"),
    "truce": ("", "whether a truce is in force at the start of the step"),
    "chance": ("probability", "chance of acceptance when the offer was answered; nan where not asked"),
    "answer": ("", "1 accepted, 0 refused; nan where not asked"),
}
"""Unit and meaning of every variable of a result."""


OF_WHOM = {"stance": "actor", "outcome": "centre", "control": "party", "exhaustion": "party"}
TOP = {"stance": 100.0, "outcome": 100.0, "control": 1.0, "exhaustion": 1.0}
"""The dimension that a variable's histograms are told by, and the top of its scale."""


def as_dataset(scenario: Scenario, history: History, source: dict[str, Any]) -> xr.Dataset:
    """The runs as labelled arrays with dimensions run, step, actor, party, offer."""
    import xarray as xr

    variables: dict[str, Any] = {}
    for name in ("stance", "control", "momentum", "exhaustion", "distrust"):
        who = OF_WHOM.get(name, "party")
        variables[name] = (("run", "step", who), np.swapaxes(getattr(history, name), 0, 1), _attributes(name))
    if not scenario.parties:
        variables["outcome"] = (("run", "step", "centre"), np.swapaxes(history.outcome, 0, 1), _attributes("outcome"))
    if scenario.issues:
        positions = np.concatenate([history.stance[..., None], history.further], axis=-1)
        variables["position"] = (
            ("run", "step", "actor", "issue"),
            np.swapaxes(positions, 0, 1),
            _attributes("position"),
        )
    variables["truce"] = (("run", "step"), history.truce.T, _attributes("truce"))
    for name in ("chance", "answer"):
        variables[name] = (("run", "offer", "party"), getattr(history, name), _attributes(name))
    runs = np.arange(len(history.answer))
    return xr.Dataset(variables, coords={"run": runs, **_coordinates(scenario)}, attrs=source)


def _attributes(name: str) -> dict[str, str]:
    unit, meaning = MEANING[name]
    return {"units": unit, "long_name": meaning} if unit else {"long_name": meaning}


def _coordinates(scenario: Scenario) -> dict[str, Any]:
    import pandas as pd

    dates = pd.DatetimeIndex(
        [
            pd.Timestamp(scenario.start) + pd.Timedelta(days=step * scenario.step_days)
            for step in range(scenario.steps + 1)
        ]
    )
    actors = list(scenario.actors)
    sides = [scenario.actors[name].side or "" for name in actors]
    return {
        "step": np.arange(scenario.steps + 1),
        "date": ("step", dates.astype("datetime64[ns]")),
        "actor": np.array(actors, dtype=object),
        "side": ("actor", np.array(sides, dtype=object)),
        "party": np.array(scenario.parties, dtype=object),
        "offer": np.array(list(offer_ids(scenario)), dtype=object),
        **({} if scenario.parties else {"centre": np.array(CENTRES, dtype=object)}),
        **({"issue": np.array(scenario.issues, dtype=object)} if scenario.issues else {}),
    }


def history_of(result: xr.Dataset) -> History:
    """The plain arrays behind a result."""
    by_step = {name: np.swapaxes(result[name].values, 0, 1) for name in ("stance", "control", "momentum", "exhaustion")}
    return History(
        **by_step,
        distrust=np.swapaxes(result["distrust"].values, 0, 1),
        truce=result["truce"].values.T,
        further=np.swapaxes(result["position"].values, 0, 1)[..., 1:]
        if "position" in result
        else np.empty((*by_step["stance"].shape, 0)),
        outcome=np.swapaxes(result["outcome"].values, 0, 1)
        if "outcome" in result
        else np.empty((result.sizes["step"], result.sizes["run"], 0)),
        chance=result["chance"].values,
        answer=result["answer"].values,
    )


class Tally:
    """Counts and histograms of runs that need not be kept: the same memory however many are added."""

    def __init__(self, scenario: Scenario) -> None:
        steps, actors, parties = scenario.steps + 1, len(scenario.actors), len(scenario.parties)
        offers = len(offer_ids(scenario))
        self.scenario = scenario
        self.runs = 0
        self.spread = {
            "stance": np.zeros((steps, actors, BINS + 1), dtype=np.int64),
            "control": np.zeros((steps, parties, BINS + 1), dtype=np.int64),
            "exhaustion": np.zeros((steps, parties, BINS + 1), dtype=np.int64),
        }
        if not scenario.parties:
            self.spread["outcome"] = np.zeros((steps, len(CENTRES), BINS + 1), dtype=np.int64)
        self.total = {name: np.zeros(table.shape[:2]) for name, table in self.spread.items()}
        self.squares = np.zeros(len(CENTRES))
        self.settled = np.zeros(steps, dtype=np.int64)
        self.further = np.zeros((steps, actors, len(scenario.issues or ())))
        self.asked = np.zeros((offers, parties), dtype=np.int64)
        self.accepted = np.zeros((offers, parties), dtype=np.int64)
        self.chance = np.zeros((offers, parties))
        self.in_force = np.zeros(steps, dtype=np.int64)
        self.first = np.zeros(steps, dtype=np.int64)
        self.held = np.zeros(steps + 1, dtype=np.int64)
        self.broken = np.zeros(steps + 1, dtype=np.int64)
        self.held_to_end = 0
        self.wishes = [_Wish(expect, scenario) for expect in scenario.expect]

    def add(self, history: History) -> None:
        """Count some more runs."""
        steps = self.in_force.size
        self.runs += history.answer.shape[0]
        for name, table in self.spread.items():
            values = getattr(history, name)
            top = TOP[name]
            for step in range(steps):
                bins = np.rint(values[step] * (BINS / top)).astype(np.intp)
                bins += np.arange(table.shape[1]) * (BINS + 1)
                table[step] += np.bincount(bins.ravel(), minlength=table[step].size).reshape(table.shape[1:])
            self.total[name] += values.sum(axis=1)
        if not self.scenario.parties:
            self.squares += (history.outcome[-1] ** 2).sum(axis=0)
            rest = settled(history)
            self.settled += np.bincount(rest[~np.isnan(rest)].astype(np.intp), minlength=steps)
        if self.scenario.issues:
            self.further[..., 0] += history.stance.sum(axis=1)
            self.further[..., 1:] += history.further.sum(axis=1)
        asked = ~np.isnan(history.answer)
        self.asked += asked.sum(axis=0)
        self.accepted += np.nansum(history.answer, axis=0).astype(np.int64)
        self.chance += np.nansum(history.chance, axis=0)
        self.in_force += history.truce.sum(axis=1)
        self.held_to_end += int(history.truce[-1].sum())
        begun, held = first_truce(history.truce)
        some = begun < steps
        self.first += np.bincount(begun[some].astype(np.intp), minlength=steps)
        self.held += np.bincount(held[some].astype(np.intp), minlength=steps + 1)
        over = some & (begun + held < steps)
        self.broken += np.bincount(held[over].astype(np.intp), minlength=steps + 1)
        for wish in self.wishes:
            wish.add(history)

    def digest(self, source: dict[str, Any]) -> xr.Dataset:
        """The counts as labelled arrays; see ``condense``."""
        import xarray as xr

        variables: dict[str, Any] = {}
        for name, table in self.spread.items():
            who, top = OF_WHOM[name], TOP[name]
            variables[f"{name}_quantile"] = (
                ("quantile", "step", who),
                _quantiles(table) * (top / BINS),
                _attributes(name),
            )
            variables[f"{name}_mean"] = (("step", who), self.total[name] / self.runs, _attributes(name))
        asked = np.where(self.asked > 0, self.asked, 1)
        count = {"units": "runs"}
        variables |= {
            "asked": (("offer", "party"), self.asked, {**count, "long_name": "runs in which the party was asked"}),
            "accepted": (("offer", "party"), self.accepted, {**count, "long_name": "runs in which it accepted"}),
            "chance_mean": (
                ("offer", "party"),
                np.where(self.asked > 0, self.chance / asked, np.nan),
                _attributes("chance"),
            ),
            "in_force": ("step", self.in_force, {**count, "long_name": "runs with a truce in force"}),
            "first_truce": (
                "step",
                self.first,
                {**count, "long_name": "runs whose first truce is in force from here on"},
            ),
            "held": (
                "age",
                self.held,
                {**count, "long_name": "first truces by the steps they held, to the end at most"},
            ),
            "broken": ("age", self.broken, {**count, "long_name": "those of them that collapsed"}),
            "held_to_end": ((), self.held_to_end, {**count, "long_name": "runs with a truce in force at the end"}),
            "expect_value": ("expect", np.array([wish.estimate[0] for wish in self.wishes])),
            "expect_low": ("expect", np.array([wish.estimate[1] for wish in self.wishes])),
            "expect_high": ("expect", np.array([wish.estimate[2] for wish in self.wishes])),
        }
        if not self.scenario.parties:
            error = {"units": "stance points", "long_name": "95 % interval of the mean outcome at the end: half width"}
            low = [
                mean_interval(*sums, self.runs)[1] for sums in zip(self.total["outcome"][-1], self.squares, strict=True)
            ]
            variables["outcome_error"] = ("centre", variables["outcome_mean"][1][-1] - np.array(low), error)
            meaning = f"runs in which from here on nobody moves by more than {QUIET:g} points a step"
            variables["settled"] = ("step", self.settled, {**count, "long_name": meaning})
        if self.scenario.issues:
            means = self.further / self.runs
            variables["position_mean"] = (("step", "actor", "issue"), means, _attributes("position"))
        coordinates = {"quantile": list(QUANTILES), **_coordinates(self.scenario)}
        coordinates["age"] = ("age", np.arange(self.held.size) * self.scenario.step_days, {"units": "days"})
        return xr.Dataset(variables, coords=coordinates, attrs={**source, "runs": self.runs})


def _quantiles(table: NDArray[np.int64]) -> Array:
    """The bins in which the quantiles fall, shape (quantiles, steps, names)."""
    below = table.cumsum(axis=-1)
    total = below[..., -1:]
    return np.stack([(below < q * total).sum(axis=-1) for q in QUANTILES]).astype(float)


class _Wish:
    """An expectation while runs are counted: how often its measures were so or so."""

    def __init__(self, expect: Expect, scenario: Scenario) -> None:
        self.expect = expect
        self.measure: Measure = parse(expect.measure, scenario)
        self.other: Measure | None = parse(expect.exceeds, scenario) if expect.exceeds else None
        self.count, self.sum, self.squares = 0, 0.0, 0.0

    def add(self, history: History) -> None:
        values = self.measure.read(history)
        if self.other is not None:
            values = values - self.other.read(history)
        values = values[~np.isnan(values)]
        self.count += values.size
        self.sum += float(values.sum())
        self.squares += float((values**2).sum())

    @property
    def estimate(self) -> tuple[float, float, float]:
        """The value and its 95 % interval; nan where no run bears on it."""
        if self.other is not None and self.measure.chance and self.other.chance:
            return paired_difference(self.sum, self.squares, self.count)
        if self.other is None and self.measure.chance:
            return wilson(self.sum, self.count)
        return mean_interval(self.sum, self.squares, self.count)


def wilson(successes: float, runs: int) -> tuple[float, float, float]:
    """A share and its 95 % Wilson score interval; nan where there are no runs.

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22, 209-212.
    """
    if runs == 0:
        return (np.nan, np.nan, np.nan)
    from scipy.stats import binomtest

    interval = binomtest(round(successes), int(runs)).proportion_ci(0.95, method="wilson")
    return (successes / runs, float(interval.low), float(interval.high))


def mean_interval(total: float, squares: float, runs: int) -> tuple[float, float, float]:
    """A mean and its 95 % interval, by the normal approximation."""
    if runs < 2:
        return (total / runs if runs else np.nan, -np.inf, np.inf)
    mean = total / runs
    error = 1.959963984540054 * np.sqrt(max(squares / runs - mean**2, 0.0) / (runs - 1))
    return (mean, mean - error, mean + error)


def paired_difference(total: float, squares: float, runs: int) -> tuple[float, float, float]:
    """The difference of two chances in the same runs and its 95 % interval.

    Two pseudo-runs, one discordant each way, keep the interval honest where no run differs.

    References
    ----------
    Agresti & Min (2005), Statistics in Medicine 24, 729-740.
    """
    if runs == 0:
        return (np.nan, np.nan, np.nan)
    _, low, high = mean_interval(total, squares + 1.0, runs + 2)
    return (total / runs, max(low, -1.0), min(high, 1.0))


def condense(result: xr.Dataset) -> xr.Dataset:
    """What summaries and pictures need of a result: quantiles by step, counts of answers, the life of truces.

    Quantiles are to the nearest quarter of a stance point (0.0025 of a share). A digest is returned as it is.
    """
    if "accepted" in result:
        return result
    tally = Tally(scenario_of(result))
    tally.add(history_of(result))
    return tally.digest(dict(result.attrs))


def scenario_of(result: xr.Dataset) -> Scenario:
    """The scenario that a result was made from."""
    return load_text(result.attrs["scenario"], "the scenario in the result")


def _interval(value: tuple[float, float, float]) -> dict[str, float | None]:
    return {
        key: None if np.isnan(number) else round(float(number), 4)
        for key, number in zip(("chance", "low", "high"), value, strict=True)
    }


def summarise(result: xr.Dataset) -> dict[str, Any]:
    """The headline measures as plain numbers: what ``summary.json`` holds.

    ``low`` and ``high`` beside a chance are its 95 % Wilson interval; beside a median, the 5th and 95th percentile over
    runs. The outcome of a negotiation is a mean over runs: ``low`` and ``high`` are the 95 % interval of that mean,
    ``runs_low`` and ``runs_high`` the 5th and 95th percentile over runs; ``settled`` is the share of runs in which,
    from some step on, nobody moves by more than ``points_a_step``, and the median of that step among them. A number
    that does not arise, such as the median life of a truce that never starts, is None.
    """
    digest = condense(result)
    scenario = scenario_of(digest)
    runs = int(digest.attrs["runs"])
    offers = {
        offer: {
            party: _interval(
                wilson(
                    float(digest.accepted.sel(offer=offer, party=party)),
                    int(digest.asked.sel(offer=offer, party=party)),
                )
            )
            for party in asked
        }
        for offer, asked in offer_ids(scenario).items()
    }
    started = int(digest.first_truce.sum())
    held = digest.held.values.cumsum()
    days = digest.age.values
    life = {
        name: float(days[np.searchsorted(held, q * started)]) if started else None
        for name, q in (("median_days", 0.5), ("low_days", 0.05), ("high_days", 0.95))
    }
    stance = digest.stance_quantile.isel(step=-1)
    stances = {
        str(actor): {
            "start": round(float(digest.stance_mean.sel(actor=actor).isel(step=0)), 2),
            "end_median": float(stance.sel(actor=actor, quantile=0.5)),
            "end_low": float(stance.sel(actor=actor, quantile=0.05)),
            "end_high": float(stance.sel(actor=actor, quantile=0.95)),
        }
        for actor in digest.actor.values
    }
    return {
        "scenario": digest.attrs["title"],
        "runs": runs,
        "seed": int(digest.attrs["seed"]),
        "rule": digest.attrs["rule"],
        "offers": offers,
        "truce": {
            "starts": _interval(wilson(started, runs)),
            "holds_to_end": _interval(wilson(int(digest.held_to_end), runs)),
            **life,
        },
        **({} if scenario.parties else {"outcome": _outcome(digest)}),
        **({"positions": _positions(digest)} if scenario.issues else {}),
        "stances": stances,
        "expect": verdicts(digest),
    }


def _positions(digest: xr.Dataset) -> dict[str, dict[str, float]]:
    """Where everybody ends on each issue, the mean over runs."""
    end = digest.position_mean.isel(step=-1)
    return {
        str(actor): {str(issue): round(float(end.sel(actor=actor, issue=issue)), 4) for issue in digest.issue.values}
        for actor in digest.actor.values
    }


def _outcome(digest: xr.Dataset) -> dict[str, Any]:
    """What a negotiation came to, and when it came to rest."""
    end = digest.isel(step=-1)
    found: dict[str, Any] = {}
    for centre in CENTRES:
        here = end.sel(centre=centre)
        value, error = float(here.outcome_mean), float(here.outcome_error)
        found[centre] = {
            "value": round(value, 4),
            "low": round(value - error, 4) if np.isfinite(error) else None,
            "high": round(value + error, 4) if np.isfinite(error) else None,
            "runs_low": float(here.outcome_quantile.sel(quantile=0.05)),
            "runs_high": float(here.outcome_quantile.sel(quantile=0.95)),
        }
    rested, runs = digest.settled.values.cumsum(), int(digest.attrs["runs"])
    found["settled"] = {
        **_interval(wilson(int(rested[-1]), runs)),
        "median_step": int(np.searchsorted(rested, 0.5 * rested[-1])) if rested[-1] else None,
        "points_a_step": QUIET,
    }
    return found


def verdicts(digest: xr.Dataset) -> list[dict[str, Any]]:
    """Whether each expectation of the scenario is met: its whole 95 % interval on the right side."""
    found = []
    for number, expect in enumerate(scenario_of(digest).expect):
        value, low, high = (float(digest[f"expect_{key}"][number]) for key in ("value", "low", "high"))
        inside, outside = [], []
        if expect.above is not None:
            inside.append(low > expect.above)
            outside.append(high <= expect.above)
        if expect.below is not None:
            inside.append(high < expect.below)
            outside.append(low >= expect.below)
        if expect.exceeds is not None:
            inside.append(low > expect.by)
            outside.append(high <= expect.by)
        met = all(inside) and not np.isnan(value)
        found.append(
            {
                "that": expect.that,
                "measure": expect.measure + (f" - {expect.exceeds}" if expect.exceeds else ""),
                "met": met,
                "decided": bool(met or any(outside)),
                "value": None if np.isnan(value) else round(value, 4),
                "low": None if not np.isfinite(low) else round(low, 4),
                "high": None if not np.isfinite(high) else round(high, 4),
            }
        )
    return found


def save(result: xr.Dataset, file: str | Path) -> Path:
    """Write a result as netCDF, aside and then renamed, so that a file is either whole or not there."""
    file = Path(file)
    aside = file.with_name(file.name + ".partial")
    packed = {name: {"zlib": True, "complevel": 1} for name, array in result.data_vars.items() if array.ndim > 0}
    try:
        result.to_netcdf(aside, engine="h5netcdf", encoding=packed)
        os.replace(aside, file)
    finally:
        aside.unlink(missing_ok=True)
    return file


def write_text(file: Path, text: str) -> None:
    """Write a text aside and rename it, so that the file is either whole or as it was."""
    aside = file.with_name(file.name + ".partial")
    try:
        aside.write_text(text, encoding="utf-8")
        os.replace(aside, file)
    finally:
        aside.unlink(missing_ok=True)


def load(file: str | Path) -> xr.Dataset:
    """Read a result that ``save`` wrote."""
    import xarray as xr

    try:
        with xr.open_dataset(file, engine="h5netcdf") as opened:
            result = opened.load()
    except FileNotFoundError:
        raise ScenarioError(f"{file}: no such file.") from None
    except (OSError, ValueError) as error:
        raise ScenarioError(f"{file}: not a result of this package: {error}.") from None
    if "scenario" not in result.attrs:
        raise ScenarioError(f"{file}: not a result of this package.")
    for name in ("truce",):
        if name in result:
            result[name] = result[name].astype(bool)
    return result
