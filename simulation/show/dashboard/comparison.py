"""What the runs of a scenario come to, and how far that is from the scenario as it was."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date as Date
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.dynamics.state import Array
from simulation.questions.paired import apart
from simulation.runs.ensemble import pieces
from simulation.runs.provenance import provenance
from simulation.runs.results import Tally, summarise
from simulation.runs.results.wording import clearly, difference, points, scale
from simulation.scenario.keys import offer_ids
from simulation.scenario.measures import headlines, parse, unit_of
from simulation.scenario.schema import Scenario
from simulation.scenario.writing import as_toml
from simulation.show.report import offer_names

if TYPE_CHECKING:
    import xarray as xr

RUNS = {"expected-utility": 100, "spatial": 25}
"""Runs at first under rules whose single run is costly."""

USUAL = 500
"""Runs at first under all others."""

FEW = 200
"""The same of a long war."""

LONG = 250
"""Steps from which a war is long."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Some runs of a scenario, read once for everything that the page shows of them."""

    scenario: Scenario
    digest: xr.Dataset
    summary: dict[str, Any]
    measures: dict[str, Array]  # headline measures by name, (runs,)


@dataclass(frozen=True, slots=True)
class Difference:
    """How far a measure lies from what it was, with its 95 % interval from runs on common random numbers."""

    value: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out no difference at all."""
        return clearly(self.low, self.high)


def usual_runs(*scenarios: Scenario) -> int:
    """How many runs of some scenarios are quick enough to be made while somebody looks on."""
    return min(RUNS.get(scenario.rule.name, USUAL if scenario.steps < LONG else FEW) for scenario in scenarios)


def outcome_of(scenario: Scenario, runs: int, seed: int, progress: Callable[[int], None] | None = None) -> Outcome:
    """Run a scenario and read it.

    Parameters
    ----------
    progress : called with the number of runs done so far; what it raises ends the work
    """
    names = headlines(scenario)
    tally, read, done = Tally(scenario), [], 0
    for history in pieces(scenario, runs, seed):
        tally.add(history)
        read.append({name: parse(name, scenario).read(history) for name in names})
        done += history.runs
        if progress is not None:
            progress(done)
    digest = tally.digest(dict(provenance(scenario, runs, seed, False, ())))
    measures = {name: np.concatenate([part[name] for part in read]) for name in names}
    return Outcome(scenario, digest, summarise(digest), measures)


def changed(scenario: Scenario, changes: Mapping[str, float | str]) -> Scenario:
    """The scenario with some keys changed. What was expected of the one is not expected of the other, and is left out.

    Raises
    ------
    ScenarioError
        for numbers that do not go together
    """
    return scenario.replace(dict(changes)).model_copy(update={"expect": ()}) if changes else scenario


def differences(now: Outcome, before: Outcome) -> dict[str, Difference]:
    """How far every headline measure that both have lies from what it was; run k is set against run k.

    A measure that does not arise in any run of one of them, such as the days of a truce that never starts, is left out.
    """
    found = {}
    for name in now.measures.keys() & before.measures.keys():
        one, other = now.measures[name], before.measures[name]
        if np.isnan(one).all() or np.isnan(other).all():
            continue
        value, low, high = apart(one, other, parse(name, now.scenario).chance)
        found[name] = Difference(float(value), float(low), float(high))
    return {name: found[name] for name in now.measures if name in found}


def in_words(found: Mapping[str, Difference], scenario: Scenario, most: int = 6) -> list[str]:
    """The clear differences of half a point or more as sentences, the largest first.

    Percentage points of a chance and points of a stance count alike.
    """
    names, called = offer_names(scenario), scenario.labels
    what = "stance" if scenario.parties else "position"
    said = []

    def size(name: str) -> float:
        return scale(unit_of(name)) * abs(found[name].value)

    clear = [name for name, gap in found.items() if gap.clear and unit_of(name) != "days" and size(name) >= 0.5]
    for name in sorted(clear, key=size, reverse=True)[:most]:
        gap, unit = found[name], unit_of(name)
        by = difference(gap.value, gap.low, gap.high, unit, points(unit))
        more, higher = ("more", "higher") if gap.value > 0 else ("less", "lower")
        match name.split("."):
            case ["answer", offer, party]:
                said.append(f"{called.get(party, party)} accepts {more} often, {by}: {names.get(offer, offer)}.")
            case ["truce", "starts"]:
                said.append(f"A truce starts {more} often, {by}.")
            case ["truce", "holds_to_end"]:
                said.append(f"A truce is in force at the end {more} often, {by}.")
            case ["stance", actor]:
                said.append(f"The {what} of {called.get(actor, actor)} ends {higher}, {by}.")
            case ["outcome", centre]:
                said.append(f"The talks end {higher}, {by}, by the {centre} of the {what}s.")
    return said


def rows(
    now: Outcome, gaps: Mapping[str, Difference]
) -> list[tuple[str, dict[str, tuple[Mapping[str, Any], Difference | None]]]]:
    """The table of answers: offer in words, and by party the chance with its interval and what it gained."""
    names = offer_names(now.scenario)
    return [
        (
            names.get(offer, offer),
            {party: (now.summary["offers"][offer][party], gaps.get(f"answer.{offer}.{party}")) for party in asked},
        )
        for offer, asked in offer_ids(now.scenario).items()
    ]


def export(scenario: Scenario, name: str, changes: Mapping[str, float | str]) -> str:
    """A scenario as it was changed on the page, as the text of a file that ``ceasefire run`` takes.

    Parameters
    ----------
    scenario : with the changes made
    name : what the unchanged one is called
    changes : what was changed
    """
    made = scenario.model_copy(update={"title": f"{scenario.title} (changed)"}) if changes else scenario
    lines = [
        f"#   {key} = {value:g}" if isinstance(value, float) else f"#   {key} = {value}"
        for key, value in changes.items()
    ]
    called = "".join(letter if letter.isprintable() else " " for letter in name)  # a comment has one line
    head = [f"# {called}, changed in the browser:", *lines] if changes else [f"# {called}, unchanged"]
    return "\n".join(head) + "\n\n" + as_toml(made)


def command(name: str, changes: Mapping[str, float | str], runs: int, seed: int, as_of: Date | None = None) -> str:
    """The command that makes the same runs."""
    file = shlex.quote(name)  # a stranger's file may be called anything
    words = ["ceasefire run", file, *([] if as_of is None else [f"--as-of {as_of}"])]
    words += [
        f"--set {key}={value:g}" if isinstance(value, float) else f"--{key} {value}" for key, value in changes.items()
    ]
    return " ".join([*words, f"--runs {runs}", f"--seed {seed}"])
