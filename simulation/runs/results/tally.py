"""Counts and histograms of runs that need not be kept, and the digest they make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulation.dynamics.randomness import BLOCK
from simulation.dynamics.simulate import CENTRES, History
from simulation.dynamics.state import Array
from simulation.dynamics.truce import ENDINGS
from simulation.dynamics.variables import DERIVED, VARIABLES
from simulation.runs.batches import TOGETHER
from simulation.runs.results.dataset import attributes, coordinates, history_of, of_runs, scenario_of
from simulation.runs.results.intervals import mean_interval, paired_difference, wilson
from simulation.scenario.keys import offer_ids, pair_names
from simulation.scenario.measures import Measure, parse
from simulation.scenario.readings import QUIET, first_end, first_truce, settled
from simulation.scenario.schema import Expect, Scenario

if TYPE_CHECKING:
    import xarray as xr

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
BINS = 400
"""Slices of each scale in a digest: a quarter of a stance point, 0.0025 of a share."""


class Tally:
    """Counts and histograms of runs that need not be kept: the same memory however many are added."""

    def __init__(self, scenario: Scenario) -> None:
        steps, actors, parties = scenario.steps + 1, len(scenario.actors), len(scenario.parties)
        offers, pairs = len(offer_ids(scenario)), len(pair_names(scenario))
        self.scenario = scenario
        self.count = np.zeros((), dtype=np.int64)
        sizes = {"actor": actors, "party": parties, "centre": len(CENTRES)}
        self.counted = [variable for variable in VARIABLES.values() if variable.counted]
        if not scenario.parties:
            self.counted.append(DERIVED["outcome"])
        self.spread = {
            variable.name: np.zeros((steps, sizes[variable.of], BINS + 1), dtype=np.int64) for variable in self.counted
        }
        self.total = {name: np.zeros(table.shape[:2]) for name, table in self.spread.items()}
        self.squares = np.zeros(len(CENTRES))
        self.settled = np.zeros(steps, dtype=np.int64)
        self.further = np.zeros((steps, actors, len(scenario.negotiated)))
        self.asked = np.zeros((offers, parties), dtype=np.int64)
        self.accepted = np.zeros((offers, parties), dtype=np.int64)
        self.in_full = np.zeros((offers, parties), dtype=np.int64)
        self.chance = np.zeros((offers, parties))
        self.full = np.zeros((offers, parties))
        self.in_force = np.zeros(steps, dtype=np.int64)
        self.first = np.zeros(steps, dtype=np.int64)
        self.held = np.zeros(steps + 1, dtype=np.int64)
        self.over = np.zeros(steps + 1, dtype=np.int64)
        self.ended = np.zeros((1 + len(ENDINGS), steps + 1), dtype=np.int64)
        self.pair_in_force = np.zeros((steps, pairs), dtype=np.int64)
        self.pair_started = np.zeros(pairs, dtype=np.int64)
        self.stilled = np.zeros((steps, pairs))
        self.held_to_end = np.zeros((), dtype=np.int64)
        self.wishes = [_Wish(expect, scenario) for expect in scenario.expect]

    @property
    def runs(self) -> int:
        """How many are counted."""
        return int(self.count)

    def numbers(self) -> dict[tuple[str, Any], NDArray[Any]]:
        """All tables of counts, which are whole numbers, and of sums, which are not, by where they stand."""
        found: dict[tuple[str, Any], NDArray[Any]] = {}
        for name, value in vars(self).items():
            if isinstance(value, dict):
                found |= {(name, key): table for key, table in value.items()}
            elif isinstance(value, np.ndarray):
                found[name, None] = value
        return found | {("wishes", place): wish.sums for place, wish in enumerate(self.wishes)}

    def add(self, history: History) -> None:
        """Count some more runs."""
        for first in range(0, history.runs, BLOCK * TOGETHER):
            self._count(history.of(slice(first, first + BLOCK * TOGETHER)))
        for first in range(0, history.runs, BLOCK):
            self._sum(history.of(slice(first, first + BLOCK)))

    def _sum(self, history: History) -> None:
        """Add up a block of 256 runs by itself, so that sums come to the same bit, however runs come in."""
        for variable in self.counted:
            self.total[variable.name] += history.by_step[variable.name].sum(axis=1)
        if not self.scenario.parties:
            self.squares += (history.outcome[-1] ** 2).sum(axis=0)
        if self.scenario.negotiated:
            self.further[..., 0] += history.stance.sum(axis=1)
            self.further[..., 1:] += history.further.sum(axis=1)
        self.chance += np.nansum(history.chance, axis=0)
        self.full += np.nansum(history.full, axis=0)
        self.stilled += history.stilled.sum(axis=1)
        for wish in self.wishes:
            wish.add(history)

    def _count(self, history: History) -> None:
        """Count some runs, of which there may be any number, but for memory."""
        steps = self.in_force.size
        self.count += history.runs
        for variable in self.counted:
            values, table = history.by_step[variable.name], self.spread[variable.name]
            for step in range(steps):
                slices = values[step] * (BINS / variable.width)
                if variable.low != 0:
                    slices -= variable.low * (BINS / variable.width)
                bins = np.rint(slices, out=slices).astype(np.intp)
                bins += np.arange(table.shape[1]) * (BINS + 1)
                table[step] += np.bincount(bins.ravel(), minlength=table[step].size).reshape(table.shape[1:])
        if not self.scenario.parties:
            rest = settled(history)
            self.settled += np.bincount(rest[~np.isnan(rest)].astype(np.intp), minlength=steps)
        asked = ~np.isnan(history.answer)
        self.asked += asked.sum(axis=0)
        self.accepted += np.nansum(np.ceil(history.answer), axis=0).astype(np.int64)
        self.in_full += np.nansum(np.floor(history.answer), axis=0).astype(np.int64)
        self.in_force += history.truce.sum(axis=1)
        self.held_to_end += int(history.truce[-1].sum())
        begun, held = first_truce(history.truce)
        some = begun < steps
        self.first += np.bincount(begun[some].astype(np.intp), minlength=steps)
        self.held += np.bincount(held[some].astype(np.intp), minlength=steps + 1)
        over = some & (begun + held < steps)
        self.over += np.bincount(held[over].astype(np.intp), minlength=steps + 1)
        lived, how = first_end(history.truce, history.ending)
        for place in range(len(self.ended)):
            chosen = some & (how == place)
            self.ended[place] += np.bincount(lived[chosen].astype(np.intp), minlength=steps + 1)
        self.pair_in_force += history.pair_truce.sum(axis=1).astype(np.int64)
        self.pair_started += history.pair_truce.any(axis=0).sum(axis=0)

    def digest(self, source: dict[str, Any]) -> xr.Dataset:
        """The counts as labelled arrays; see ``condense``."""
        import xarray as xr

        variables: dict[str, Any] = {}
        for variable in self.counted:
            name, axes = variable.name, ("step", *variable.axes)
            quantiles = variable.low + _quantiles(self.spread[name]) * (variable.width / BINS)
            variables[f"{name}_quantile"] = (("quantile", *axes), quantiles, attributes(name))
            variables[f"{name}_mean"] = (axes, self.total[name] / self.runs, attributes(name))
        asked = np.where(self.asked > 0, self.asked, 1)
        count = {"units": "runs"}
        variables |= {
            "asked": (("offer", "party"), self.asked, {**count, "long_name": "runs in which the party was asked"}),
            "accepted": (
                ("offer", "party"),
                self.accepted,
                {**count, "long_name": "runs in which it accepted, with or without conditions"},
            ),
            "accepted_in_full": (
                ("offer", "party"),
                self.in_full,
                {**count, "long_name": "runs in which it accepted without conditions"},
            ),
            **{
                f"{name}_mean": (
                    ("offer", "party"),
                    np.where(self.asked > 0, total / asked, np.nan),
                    attributes(name),
                )
                for name, total in (("chance", self.chance), ("full", self.full))
            },
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
            "over": ("age", self.over, {**count, "long_name": "those of them that were over by then"}),
            "ended": (
                ("fate", "age"),
                self.ended,
                {**count, "long_name": "first truces by the steps to their end, or to the end, and how they ended"},
            ),
            "pair_in_force": (
                ("step", "pair"),
                self.pair_in_force,
                {**count, "long_name": "runs with a truce of the pair in force"},
            ),
            "pair_starts": ("pair", self.pair_started, {**count, "long_name": "runs in which the pair has a truce"}),
            "stilled_mean": (("step", "pair"), self.stilled / self.runs, attributes("stilled")),
            "held_to_end": ((), int(self.held_to_end), {**count, "long_name": "runs with a truce in force at the end"}),
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
        if self.scenario.negotiated:
            means = self.further / self.runs
            variables["position_mean"] = (("step", "actor", "issue"), means, attributes("position"))
        where = {"quantile": list(QUANTILES), **coordinates(self.scenario)}
        where["fate"] = np.array(["standing", *ENDINGS], dtype=object)
        where["age"] = ("age", np.arange(self.held.size) * self.scenario.step_days, {"units": "days"})
        return xr.Dataset(variables, coords=where, attrs={**source, "runs": self.runs})


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
        self.sums = np.zeros(3)  # how many runs bear on it, the sum of what they show, and of its squares

    def add(self, history: History) -> None:
        values = self.measure.read(history)
        if self.other is not None:
            values = values - self.other.read(history)
        values = values[~np.isnan(values)]
        self.sums += values.size, values.sum(), (values**2).sum()

    @property
    def estimate(self) -> tuple[float, float, float]:
        """The value and its 95 % interval; nan where no run bears on it."""
        count, total, squares = int(self.sums[0]), float(self.sums[1]), float(self.sums[2])
        if self.other is not None and self.measure.chance and self.other.chance:
            return paired_difference(total, squares, count)
        if self.other is None and self.measure.chance:
            return wilson(total, count)
        return mean_interval(total, squares, count)


def condense(result: xr.Dataset) -> xr.Dataset:
    """What summaries and pictures need of a result: quantiles by step, counts of answers, the life of truces.

    Quantiles are to the nearest quarter of a stance point (0.0025 of a share). A digest is returned as it is.

    Raises
    ------
    ScenarioError
        for what is not of ``run``, or no longer whole: some steps or actors, or a mean over runs
    """
    import xarray as xr

    if isinstance(result, xr.Dataset) and "accepted" in result and "scenario" in result.attrs:
        return result
    of_runs(result)
    tally = Tally(scenario_of(result))
    tally.add(history_of(result))
    digest = tally.digest(dict(result.attrs))
    beside = [name for name in result.data_vars if str(name).endswith("_luck")]  # quantiles by luck alone
    return digest.assign({name: result[name] for name in beside})
