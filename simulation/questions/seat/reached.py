"""What runs come to, in the numbers by which a seat is scored: days of truce, answers, and terms agreed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date as Date
from datetime import timedelta

import numpy as np

from simulation.dynamics.answers import CONDITIONAL, OfferOnTable
from simulation.dynamics.simulate import among_all
from simulation.dynamics.state import Array, Flags
from simulation.runs.setup import open_scenario
from simulation.scenario.keys import offer_ids, pair_names
from simulation.scenario.labels import pair_label
from simulation.scenario.schema import Scenario

DAYS, AT_END, YES, AGREED, CONCEDED = "truce_days", "truce_at_end", "yes", "agreed", "conceded"

ONE_DAY = timedelta(days=1)

UNITS = {DAYS: "days", AT_END: "chance", YES: "answers", AGREED: "offers", CONCEDED: "points of the issues' scales"}


def measures(scenario: Scenario) -> dict[str, str]:
    """The numbers of a run by name, with what each is in words.

    Of more than two parties there are ``truce_days.PAIR`` besides; where terms count, ``conceded.PARTY``.
    """
    labels, pairs = scenario.labels, pair_names(scenario)
    return {
        DAYS: "days with a truce among all" if len(pairs) > 1 else "days with a truce",
        **{
            f"{DAYS}.{pair}": "days with a truce of " + pair_label(pair, labels)
            for pair in (pairs if len(pairs) > 1 else ())
        },
        AT_END: "a truce is in force at the end",
        YES: "answers that were a yes",
        AGREED: "offers that all who were asked accepted",
        **{
            f"{CONCEDED}.{party}": f"what {labels[party]} conceded in the terms agreed last"
            for party in (scenario.parties if scenario.stakes else ())
        },
    }


def of_truces(scenario: Scenario, truces: Flags) -> dict[str, Array]:
    """Days with a truce, among all and of each pair, and whether one among all is in force at the end, (R,) each.

    Parameters
    ----------
    truces : (steps + 1, R, P) before each step and at the end; a day counts where a truce is in force as it ends
    """
    every = among_all(truces)
    days = {DAYS: every} | {f"{DAYS}.{pair}": truces[..., row] for row, pair in enumerate(pair_names(scenario))}
    counted = {name: truce[1:].sum(axis=0) * scenario.step_days for name, truce in days.items()}
    return {**counted, AT_END: every[-1].astype(float)}


def of_answers(
    scenario: Scenario, offers: Sequence[OfferOnTable], made: Sequence[float], answer: Array
) -> dict[str, Array]:
    """Answers that were a yes, offers agreed on, and what each party conceded in the terms agreed last, (R,) each.

    What a party conceded is how far the terms lie from where it would have the issues that they name, by the weights
    that it gives to these, 0 all it wants … 100; nan where no offer with terms on what it wants was agreed on.

    Parameters
    ----------
    made : (offers,) when each is made, in any unit
    answer : (R, offers, m), nan where not made or not asked
    """
    asked = np.array([offer.addressed for offer in offers], dtype=bool).reshape(-1, len(scenario.parties))
    yes = answer >= CONDITIONAL
    agreed: Flags = (yes | ~asked).all(axis=-1)
    found = {YES: yes.sum(axis=(1, 2)).astype(float), AGREED: agreed.sum(axis=1).astype(float)}
    if scenario.stakes:
        order = np.argsort(made, kind="stable")
        distance = _distance(scenario, offers)[order]  # (offers, m)
        for column, party in enumerate(scenario.parties):
            counts = agreed[:, order] & ~np.isnan(distance[:, column])
            last = counts.shape[1] - 1 - counts[:, ::-1].argmax(axis=1)
            found[f"{CONCEDED}.{party}"] = np.where(counts.any(axis=1), distance[last, column], np.nan)
    return found


def _distance(scenario: Scenario, offers: Sequence[OfferOnTable]) -> Array:
    """How far the terms of each offer lie from what each party wants, (offers, m); as the file has both, at their best.

    Mean distance over the issues that the offer names, by the party's weights; nan where it names none that counts.
    """
    world, state = open_scenario(scenario)
    named = {offer.id: offer.points for offer in world.offers}
    points = np.array([named.get(offer.id, offer.points) for offer in offers])[:, None, :]  # (offers, 1, K)
    weight = np.where(np.isnan(points), 0.0, state.weight)
    total = weight.sum(axis=-1)
    apart = (weight * np.abs(np.nan_to_num(points) - state.want)).sum(axis=-1)
    return np.where(total > 0, apart / np.where(total > 0, total, 1.0), np.nan)


def observed(scenario: Scenario, offers: Sequence[OfferOnTable], made: Sequence[float]) -> dict[str, float]:
    """The same numbers as they were observed; nan where the scenario does not say."""
    answer = np.full((1, len(offers), len(scenario.parties)), np.nan)
    places = {name: place for place, name in enumerate(offer_ids(scenario))}
    for entry in scenario.record:
        if entry.offer in places:
            answer[0, places[entry.offer], scenario.parties.index(entry.party)] = entry.course
    found = dict.fromkeys(measures(scenario), np.nan)
    if scenario.record:
        found |= {name: float(value[0]) for name, value in of_answers(scenario, offers, made, answer).items()}
    if scenario.truces is not None:
        last = scenario.date_of(scenario.steps) - ONE_DAY
        days = {DAYS: _truce_days(scenario, set(scenario.parties))}
        days |= {f"{DAYS}.{pair}": _truce_days(scenario, set(pair.split("+"))) for pair in pair_names(scenario)}
        found |= {name: float(len(some)) for name, some in days.items()} | {AT_END: float(last in days[DAYS])}
    return found


def _truce_days(scenario: Scenario, parties: set[str]) -> set[Date]:
    """The days of the scenario at whose end a truce among these parties was in force, as it was observed."""
    asked, first, end = offer_ids(scenario), scenario.start, scenario.date_of(scenario.steps)
    return {
        day
        for truce in scenario.truces or ()
        if parties <= set(asked.get(truce.offer or "", scenario.parties))
        for day in (first + number * ONE_DAY for number in range((end - first).days))
        if truce.began <= day and (truce.ended is None or day < truce.ended)
    }
