"""The same scores with one part of the model switched off at a time: which parts earn their place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date as Date
from typing import TYPE_CHECKING

import numpy as np

from simulation.dynamics.state import Array
from simulation.questions.finding import Finding
from simulation.questions.record.calibration import calibrate, until_day
from simulation.questions.record.describe import describe_ablation
from simulation.questions.record.hindcast import answers_on_record, hindcast, split_of
from simulation.questions.record.scores import SCORES, bootstrap_mean
from simulation.runs.provenance import provenance
from simulation.scenario.arguments import of_kind
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    pass

WHOLE = "nothing (the whole model)"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the model, and how it is switched off: numbers put to 0, and kinds of tie left out."""

    zero: tuple[str, ...] = ()
    ties: tuple[str, ...] = ()

    def off(self, scenario: Scenario) -> Scenario | None:
        """The scenario without the part; None where it has no such part."""
        known = scenario.inputs
        changes = {key: 0.0 for key in self.zero if key in known}
        if len(changes) < len(self.zero):
            return None
        changed = scenario.replace(changes) if changes else scenario
        for field in self.ties:
            changed = _without(changed, field)
        return changed


PARTS: dict[str, Part] = {
    "battle": Part(("coefficients.battle.mobility", "coefficients.battle.noise", "coefficients.battle.hurt")),
    "appraisal of the war": Part(
        ("coefficients.appraisal.weariness", "coefficients.appraisal.stalemate", "coefficients.appraisal.gain")
    ),
    "prospect of gain": Part(("coefficients.appraisal.gain",)),
    "momentum as a prospect": Part(("coefficients.appraisal.momentum_weight",)),
    "hurting stalemate": Part(("coefficients.appraisal.stalemate",)),
    "weariness": Part(("coefficients.appraisal.weariness",)),
    "promised support": Part(ties=("pledge",)),
    "dependence on the client": Part(ties=("follows",)),
    "influence between actors": Part(("rule.openness",)),
    "sponsors' pull": Part(("coefficients.answers.pull",)),
    "opponents' objection": Part(("coefficients.answers.objection",)),
    "pull and objection": Part(("coefficients.answers.pull", "coefficients.answers.objection")),
    "bar of signing": Part(("coefficients.answers.bar_signed",)),
    "guarantee by monitoring": Part(("coefficients.answers.guarantee",)),
    "distrust after a breach": Part(("coefficients.truces.breach",)),
    "random noise of stances": Part(("coefficients.opinion.noise",)),
}
"""What can be switched off, by name."""


def without_changes(scenario: Scenario, field: str) -> Scenario:
    """The scenario with one kind of number left out of what events change; an event that changes nothing else goes."""
    events = []
    for event in scenario.events:
        kept = {
            how: {key: number for key, number in getattr(event, how).items() if not key.endswith(f".{field}")}
            for how in ("set", "add")
        }
        if event.offer is not None or kept["set"] or kept["add"]:
            events.append(event.model_copy(update=kept))
    return scenario.model_copy(update={"events": tuple(events)})


def _without(scenario: Scenario, field: str) -> Scenario:
    """The scenario with one kind of number left out of every tie and event."""
    ties = tuple(tie.model_copy(update={field: None}) for tie in scenario.ties)
    return without_changes(scenario, field).model_copy(update={"ties": ties})


@of_kind
def ablate(
    scenario: Scenario,
    until: Date | None = None,
    *,
    as_of: Date | str | None = None,
    runs: int = 1000,
    draws: int = 2000,
    rounds: int = 4,
    seed: int = 1,
    progress: Callable[[str], None] | None = None,
) -> Finding:
    """Score the model with each part switched off, with default coefficients and with the rest fitted anew.

    Every way is run with common random numbers and told the earlier answers. ``cost`` is the mean score without the
    part less that with it: above 0 the part earns its place. Intervals are over offers, and have no end where a period
    has fewer than eight.

    Parameters
    ----------
    until : the split, by default the first of the month after half of the answers were given; only answers before it
        are fitted
    as_of : a split beyond which nothing is known, in the place of ``until``, as for ``validate``
    draws, rounds : of each calibration; no draws, no fit

    Returns
    -------
    a finding, whose dataset has dimensions without, fit (``as given``, ``fitted``), period (``before``, ``after``),
    score, bound: ``mean_score`` and ``cost``; ``chance`` by without, fit and answer; and ``offers`` by period.
    """
    import xarray as xr

    tell = progress or (lambda words: None)
    scenario, until = split_of(scenario, until, as_of)
    asked = answers_on_record(scenario)
    day = until_day(asked, until)
    before = np.array([item.given < day for item in asked])
    grade = np.array([item.grade for item in asked])
    offers = np.array([item.offer for item in asked])
    fits = ["as given", "fitted"] if draws > 0 and before.any() and not before.all() else ["as given"]
    ways: dict[str, Scenario] = {WHOLE: scenario}
    for name, part in PARTS.items():
        changed = part.off(scenario)
        if changed is not None:
            ways[name] = changed
    chance: Array = np.empty((len(ways), len(fits), len(asked)))
    for row, (name, way) in enumerate(ways.items()):
        tell(name)
        chance[row, 0] = hindcast(way, runs, seed).mean(axis=0)
        if len(fits) > 1:
            found = calibrate(way, Date.fromisoformat(day), draws=draws, rounds=rounds, seed=seed)
            chance[row, 1] = found.result.chance_posterior.values
    mean = np.empty((len(ways), len(fits), 2, len(SCORES), 3))
    cost = np.empty_like(mean)
    for column, score in enumerate(SCORES.values()):
        points = score(chance, grade)
        for row, chosen in enumerate((before, ~before)):
            mean[:, :, row, column] = bootstrap_mean(points[..., chosen], offers[chosen])
            cost[:, :, row, column] = bootstrap_mean((points - points[:1])[..., chosen], offers[chosen])
    order = ("without", "fit", "period", "score", "bound")
    result = xr.Dataset(
        {
            "mean_score": (order, mean, {"long_name": "mean score; less is better"}),
            "cost": (order, cost, {"long_name": "score without the part less that with it; above 0 the part earns"}),
            "chance": (("without", "fit", "answer"), chance, {"long_name": "chance of a yes"}),
            "grade": ("answer", grade),
            "offers": ("period", np.array([np.unique(offers[chosen]).size for chosen in (before, ~before)])),
        },
        coords={
            "without": np.array(list(ways), dtype=object),
            "fit": np.array(fits, dtype=object),
            "period": np.array(["before", "after"], dtype=object),
            "score": np.array(list(SCORES), dtype=object),
            "bound": np.array(["value", "low", "high"], dtype=object),
            "answer": np.array([item.name for item in asked], dtype=object),
        },
        attrs={**provenance(scenario, runs, seed, False, ()), "finding": "ablate", "split": day},
    )
    return describe_ablation(result)
