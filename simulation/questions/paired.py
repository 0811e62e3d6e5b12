"""Versions of a conflict read with common random numbers, and intervals on how far they lie apart.

Where it can be done, a chance is read as an expectation rather than counted: the last toss of a coin is integrated out
(Rao & Blackwell). What is left varies less from run to run and moves smoothly with the inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from simulation.dynamics.randomness import Luck
from simulation.dynamics.simulate import History
from simulation.dynamics.state import Array, World
from simulation.runs.batches import batches, run_steps
from simulation.runs.ensemble import MOST_RUNS
from simulation.runs.memory import check_memory
from simulation.runs.results import FEWEST, mean_interval, paired_difference
from simulation.runs.setup import check, open_scenario
from simulation.scenario.errors import ScenarioError
from simulation.scenario.measures import Measure, parse
from simulation.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class Version:
    """A scenario with some of its numbers moved: key to the difference; kept within the number's bounds."""

    scenario: Scenario
    moves: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """A measure as it is read off paired runs. ``untold``: off runs in which no answer is let through."""

    measure: Measure
    read: Callable[[History], Array]  # (R,)
    untold: bool = False

    @property
    def counted(self) -> bool:
        """Whether each run gives 0 or 1, rather than a chance or an amount."""
        return self.measure.chance and self.read is self.measure.read


def reading(name: str, scenario: Scenario) -> Reading:
    """How a measure is best read.

    An answer is read as the chance of acceptance in the run, its coin left untossed. Whether a truce starts is read off
    runs in which everybody refuses, with the chances c_op that each offer then had,

        chance that one starts = 1 - prod_o (1 - prod_p c_op)   over the offers made by the date,

    which is exact: until the first truce starts, an answer changes nothing else. Everything else is counted, and so
    are starts where moods last or a refusal sows distrust: one answer then tells of the next.

    Raises
    ------
    ScenarioError
        for a name that is no measure of the scenario
    """
    measure = parse(name, scenario)
    if measure.untossed:
        return Reading(measure, parse(measure.untossed, scenario).read)
    answers = scenario.coefficients.answers
    if measure.untold and not (answers.mood_half_life or answers.spurned):
        return Reading(measure, measure.untold, untold=True)
    return Reading(measure, measure.read)


def read_versions(
    versions: Sequence[Version],
    name: str,
    runs: int,
    seed: int,
    *,
    uncertain: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Array:
    """A measure of every run of every version, shape (versions, runs); run k of one is paired with run k of another.

    Random numbers are drawn once for all versions that they fit; they fit those that only leave out offers and events
    of the first. A measure is read as ``reading`` says.

    Parameters
    ----------
    uncertain : draw every number that has ``low`` and ``high`` anew in each run, the same for every version, and move
        it from there
    progress : called with the number of runs done so far, of versions × runs

    Raises
    ------
    ScenarioError
        for an unknown measure, a move of what is no number of the scenario, or too many runs
    """
    if runs < 1 or not versions or runs * len(versions) > MOST_RUNS:
        raise ScenarioError(f"{len(versions)} versions of {runs} runs: between 1 and {MOST_RUNS:,} in all would do.")
    check_memory(versions[0].scenario, runs, numbers=len(versions))
    known: dict[int, Reading] = {}
    opened = {}
    for place, version in enumerate(versions):
        scenario = version.scenario
        known.setdefault(id(scenario), reading(name, scenario))
        if not uncertain:
            opened[place] = open_scenario(scenario, moved(scenario, version.moves))
    found, done = np.empty((len(versions), runs)), 0
    for batch in batches(runs, seed):
        shared: tuple[World, Luck] | None = None
        for place, version in enumerate(versions):
            if uncertain:
                drawn = batch.inputs(version.scenario, uncertain=True)
                world, state = open_scenario(version.scenario, moved(version.scenario, version.moves, drawn))
            else:
                world, state = opened[place]
            if shared is None or not _fits(shared[0], world):
                luck = batch.luck(world)
                shared = shared or (world, luck)
            else:
                luck = shared[1]
            read = known[id(version.scenario)]
            history = run_steps(
                version.scenario,
                world,
                state,
                _untold(luck) if read.untold else luck,
                lambda row, first=batch.first, place=place: f"run {first + row} of version {place}",  # type: ignore[misc]
            )
            found[place, batch.rows] = read.read(history)
            done += batch.count
            if progress:
                progress(done)
    return found


def moved(scenario: Scenario, moves: Mapping[str, float], drawn: Mapping[str, Array] | None = None) -> dict[str, Array]:
    """The numbers that are drawn or moved: key to (runs,) where drawn, else to ()."""
    known = scenario.inputs
    unknown = {key: np.zeros(()) for key in moves if key not in known}
    check(scenario, unknown)  # tells the nearest known name
    values = dict(drawn or {})
    for key, step in moves.items():
        item = known[key]
        values[key] = np.clip(values.get(key, np.asarray(item.value, dtype=float)) + step, item.low, item.high)
    return values


def _fits(drawn_for: World, world: World) -> bool:
    """Whether what is drawn for one world has every random number that another needs."""
    return (
        drawn_for.actors == world.actors
        and drawn_for.parties == world.parties
        and drawn_for.steps == world.steps
        and {offer.id for offer in world.offers} <= {offer.id for offer in drawn_for.offers}
        and _chancy(world) <= _chancy(drawn_for)
        and set(world.rule.draws) <= set(drawn_for.rule.draws)
    )


def _chancy(world: World) -> set[str]:
    return {event.id for due in world.events.values() for event in due if event.chance is not None}


def _untold(luck: Luck) -> Luck:
    """The same random numbers, but nobody accepts: a coin of 1 is never below a chance."""
    return replace(luck, answers={offer: np.ones_like(coins) for offer, coins in luck.answers.items()})


def pseudo(values: Array) -> Array:
    """Numbers whose plain mean is the mean over the runs in which the question arises, shape as given.

    With y_k nan where it does not arise, and s the share of runs in which it does:  mean + (y_k - mean) / s, or mean
    where nan. Their spread is that of the ratio estimator, so that differences of means over different runs get honest
    paired intervals.

    Parameters
    ----------
    values : (..., runs)
    """
    arises = ~np.isnan(values)
    count = arises.sum(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(arises, values, 0.0).sum(axis=-1, keepdims=True) / count
        shifted = np.where(arises, values - mean, 0.0) * (values.shape[-1] / count)
    made: Array = mean + shifted
    return made


def apart(one: Array, other: Array, counted: bool) -> tuple[float, float, float]:
    """Mean of ``one`` less that of ``other`` in the same runs, with its 95 % interval; nan where either never arises.

    Where either arises in fewer than ``FEWEST`` runs, the interval has no end.

    Parameters
    ----------
    one, other : (runs,), nan where the question does not arise
    counted : each run gives 0 or 1 (or nan)
    """
    if counted and not (np.isnan(one).any() or np.isnan(other).any()):
        return estimate(one - other, len(one), counted)
    steps = pseudo(one) - pseudo(other)
    if np.isnan(steps).any():
        return (np.nan, np.nan, np.nan)
    return estimate(steps, bearing(one, other), counted=False)


def estimate(steps: Array, arises: int, counted: bool) -> tuple[float, float, float]:
    """The mean of differences in the same runs and its 95 % interval.

    Parameters
    ----------
    steps : (runs,)
    arises : runs in which the question arises
    counted : each is a difference of what is 0 or 1 in a run, or a mean of such differences
    """
    if counted:
        return paired_difference(float(steps.sum()), float((steps**2).sum()), len(steps))
    return interval(steps, arises)


def bearing(*values: Array) -> int:
    """The fewest runs in which the question arises, of any version; each (..., runs)."""
    return min(int((~np.isnan(table)).sum(axis=-1).min()) for table in values)


def interval(values: Array, arises: int | None = None) -> tuple[float, float, float]:
    """The mean of numbers and its 95 % interval, shape (runs,); computed about the first, so that equal ones agree.

    Parameters
    ----------
    arises : runs in which the question arises, where that is not all; fewer than ``FEWEST`` give an interval without
        end
    """
    if arises is not None and arises < FEWEST:
        return (float(values.mean()), -np.inf, np.inf)
    first = float(values[0])
    mean, low, high = mean_interval(float((values - first).sum()), float(((values - first) ** 2).sum()), len(values))
    return (first + mean, first + low, first + high)
