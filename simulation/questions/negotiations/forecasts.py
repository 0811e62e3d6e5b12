"""Forecasts of outcomes: by simple means, and by every stance rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from simulation.dynamics.state import Array
from simulation.questions.negotiations.cases import Case
from simulation.rules import RULES
from simulation.rules.compromise import centres
from simulation.rules.exchange.rounds import votes
from simulation.runs.ensemble import all_runs
from simulation.scenario.readings import QUIET, settled

MIDDLE = "50, the middle of the scale"
ELSEWHERE = "mean outcome of the other proposals"

CENTRES = ("mean", "median")
"""What an outcome is read as: the weighted mean or median of positions."""

VARIANTS: dict[str, dict[str, Any]] = {
    **{name: {"name": name} for name in RULES},
    "expected-utility as printed": {"name": "expected-utility", "variant": "as-printed"},
}
"""Every rule with its default options, and the second reading of the expected-utility model."""


class Played(NamedTuple):
    """What a rule makes of the cases."""

    outcome: Array  # (cases, 2 moments, 2 centres): after one round and after the last; weighted mean and median
    settled: Array  # (cases,) share of runs that came to rest


def simple_forecasts(cases: Sequence[Case]) -> dict[str, Array]:
    """Forecasts that play nothing, each (cases,) in points 0 … 100."""
    numbers = [_numbers(case) for case in cases]
    outcome = np.array([case.outcome for case in cases])
    weighted = np.array([centres(*each) for each in numbers])
    found = {
        "weighted mean": weighted[:, 0],
        "weighted median": weighted[:, 1],
        "mean": np.array([position.mean() for position, _, _ in numbers]),
        "median": np.array([np.median(position) for position, _, _ in numbers]),
        MIDDLE: np.full(len(cases), 50.0),
    }
    group = np.array([case.proposal for case in cases])
    others = group[:, None] != group
    if others.any(axis=1).all():
        found[ELSEWHERE] = (others @ outcome) / others.sum(axis=1)
    return found


def _numbers(case: Case) -> tuple[Array, Array, Array]:
    """Position, salience and influence of a case's actors, (n,) each."""
    actors = case.scenario.actors.values()
    position, salience, influence = (
        np.array([getattr(actor, key).best for actor in actors]) for key in ("stance", "salience", "influence")
    )
    return position, salience, influence


def play_rules(
    cases: Sequence[Case], rounds: int, runs: int, seed: int, progress: Callable[[int], None] | None = None
) -> dict[str, Played]:
    """Every rule on every case, in whole rounds; the exchange model on all cases of a proposal together.

    Parameters
    ----------
    rounds : how many are played
    runs : of a rule that draws lots, whose outcomes are averaged; of others, one is enough
    progress : called with the number of cases done so far, of all rules
    """
    found, done = {}, 0
    for label, options in VARIANTS.items():
        outcomes, rests = [], []
        if label == "exchange":
            found[label] = exchange_together(cases, rounds)
            done += len(cases)
            if progress:
                progress(done)
            continue
        for case in cases:
            scenario = case.scenario.replace({"rule": {**options, "whole_moves": True}, "steps": rounds})
            rule = scenario.rule
            lots = bool(rule.draws) and getattr(rule, "transition", "stochastic") == "stochastic"
            lots |= scenario.coefficients.opinion.noise > 0
            history = all_runs(scenario, runs if lots else 1, seed)
            outcomes.append(history.outcome[[1, -1]].mean(axis=1))
            rests.append((~np.isnan(settled(history))).mean())
            done += 1
            if progress:
                progress(done)
        found[label] = Played(np.array(outcomes), np.array(rests))
    return found


def exchange_together(cases: Sequence[Case], rounds: int) -> Played:
    """The exchange model, which trades issue against issue, over the cases of each proposal at once."""
    outcome, rests = np.zeros((len(cases), 2, len(CENTRES))), np.zeros(len(cases))
    for proposal in dict.fromkeys(case.proposal for case in cases):
        members = [place for place, case in enumerate(cases) if case.proposal == proposal]
        position, salience, influence = _table([cases[place] for place in members])
        for number in range(rounds):
            before, position = position, votes(position, salience, influence, "in-parts")
            if number in (0, rounds - 1):
                moment = slice(0 if number == 0 else 1, 2)
                for issue, place in enumerate(members):
                    outcome[place, moment] = centres(
                        position[0, :, issue], salience[0, :, issue], influence[0, :, issue]
                    )
        rests[members] = np.abs(position - before).max() <= QUIET
    return Played(outcome, rests)


def _table(cases: Sequence[Case]) -> tuple[Array, Array, Array]:
    """Positions, saliences and influences of all actors of several cases, (1, n, cases); 0 where one takes no part."""
    names = dict.fromkeys(name for case in cases for name in case.scenario.actors)
    place = {name: row for row, name in enumerate(names)}
    table = np.zeros((3, 1, len(names), len(cases)))
    for column, case in enumerate(cases):
        rows = [place[name] for name in case.scenario.actors]
        table[:, 0, rows, column] = _numbers(case)
    position, salience, influence = table
    return position, salience, influence


def rule_forecasts(played: dict[str, Played], rounds: int) -> Iterator[tuple[str, str, Array]]:
    """Name, rule and forecast (cases,) of every rule, moment and centre."""
    moments = ("1 round", f"{rounds} rounds") if rounds > 1 else ("1 round",)
    for label, found in played.items():
        for place, moment in enumerate(moments):
            for column, centre in enumerate(CENTRES):
                yield f"{label}, {moment}, {centre}", label, found.outcome[:, place, column]
