"""What was coded of each answer before it was given: the conditions that a plain statistical forecast learns from."""

from __future__ import annotations

import numpy as np

from simulation.dynamics.state import Array, State
from simulation.questions.record.baselines import answered_before, states_at_offers
from simulation.questions.record.benchmark.cases import Case
from simulation.runs.setup import ground
from simulation.scenario.offers import Offer
from simulation.scenario.schema import Scenario

KINDS = ("mediated", "unilateral", "bilateral", "resolution")
"""How an offer came about, besides a call."""

CONDITIONS = (
    "fortune in battle",
    "share of strength",
    "stance at the opening",
    "exhaustion at the opening",
    "sponsors' leverage",
    "sponsors' stance, by leverage",
    "opponents' leverage",
    "signed",
    *KINDS,
    "monitoring",
    "scope",
    "has a term",
    "content of the terms",
    "earlier answers",
    "last answer",
    "months of war",
)
"""What is known of an answer, in the order of the columns. Chosen before any score on the corpus was seen."""

DAYS_IN_MONTH = 30.4


def conditions(case: Case) -> Array:
    """The conditions of each answer, shape (answers, conditions); nan where nothing is coded.

    Of the party's own answers those count that it had given before the day of the offer: where it had given none,
    ``earlier answers`` and ``last answer`` are one half.
    """
    scenario = case.scenario
    offers = {event.offer.id: event.offer for event in scenario.events if event.offer is not None}
    fortunes = {(row.offer, row.party): row for row in scenario.fortune or ()}
    states = dict(states_at_offers(scenario))
    rows = []
    for item in case.asked:
        offer, state = offers[item.offer], states[item.offer]
        column = scenario.parties.index(item.party)
        row = fortunes.get((item.offer, item.party))
        past = [other.grade for other in answered_before(case.asked, item)]
        share = None if row is None else row.strength_share
        pulls, eager, objections = _voices(scenario, offer, state, item.party)
        day = next(event.on for event in scenario.events if event.offer is offer)
        rows.append(
            [
                item.fortune,
                np.nan if share is None else share - 1 / len(scenario.parties),
                scenario.actors[item.party].stance.best,
                float(np.ravel(state.exhaustion)[column]),
                pulls,
                eager,
                objections,
                float(offer.form == "signed"),
                *(np.nan if offer.kind is None else float(offer.kind == kind) for kind in KINDS),
                offer.monitoring.best,
                np.nan if offer.scope is None else offer.scope.best,
                float(offer.days is not None),
                _content(scenario, offer, state, item.party),
                float(np.mean(past)) if past else 0.5,
                past[-1] if past else 0.5,
                (day - scenario.start).days / DAYS_IN_MONTH,
            ]
        )
    return np.array(rows, dtype=float).reshape(len(rows), len(CONDITIONS))


def _voices(scenario: Scenario, offer: Offer, state: State, party: str) -> tuple[float, float, float]:
    """Leverage times attention of sponsors, the same times their stance over 50, and of opponents; summed over each."""
    names = list(scenario.actors)
    target = names.index(party)

    def weight(actor: str) -> float:
        source = names.index(actor)
        return float(state.leverage[..., source, target]) * float(state.salience[..., source]) / 100

    eager = sum(weight(name) * (float(state.stance[..., names.index(name)]) - 50) / 50 for name in offer.sponsors)
    return sum(map(weight, offer.sponsors)), eager, sum(map(weight, offer.opponents))


def _content(scenario: Scenario, offer: Offer, state: State, party: str) -> float:
    """How much nearer the terms come to what the party wants than things are now, weighted by its issues; in 0 … ±1.

    sum_k weight_pk (|now_k - want_pk| - |offer_k - want_pk|) / 100, over the issues that the offer speaks of
    """
    total, stakes = 0.0, [*scenario.stakes]
    for want in scenario.wants or ():
        points = offer.terms.get(want.issue)
        if want.party == party and points is not None and want.issue in stakes:
            place = stakes.index(want.issue)
            holder = ground(scenario, want.issue)
            now = float(np.ravel(state.now)[place] if holder < 0 else 100 * np.ravel(state.control)[holder])
            gain = abs(now - want.want.best) - abs(points.best - want.want.best)
            total += want.weight.best * gain / 100
    return total
