"""An offer made by hand in mid-run: checked like one of a file, and put on the table with random numbers of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from pydantic import ValidationError

from simulation.dynamics.answers import OfferOnTable
from simulation.dynamics.randomness import BLOCK, Luck, generator
from simulation.dynamics.state import State, World
from simulation.dynamics.variables import VARIABLES
from simulation.parameters import nearest
from simulation.runs.setup import on_table
from simulation.scenario.arguments import texts
from simulation.scenario.checks.conflict import unfit_offer
from simulation.scenario.errors import ScenarioError, explain
from simulation.scenario.offers import Event
from simulation.scenario.schema import Scenario

NAME = "by hand"
"""What such offers are called, with a number; no name in a file has a space."""

PLACE = "offer"
SOURCE = "made by hand"
"""Where errors say a fault is: in what would be the file, and there."""


def checked(scenario: Scenario, step: int, called: str, given: Mapping[str, Any]) -> OfferOnTable:
    """The offer, made at the start of a step, if it fits the scenario.

    Parameters
    ----------
    called : what the run is to call it
    given : what an offer of a file has, by key; what is None is left out

    Raises
    ------
    ScenarioError
        for names that are not there, values out of range, or terms on what is no issue
    """
    table: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    for key in ("sponsors", "opponents", "to"):
        if key in table:
            table[key] = texts(key, table[key])
    terms = table.get("terms", {})
    if not isinstance(terms, Mapping):
        raise ScenarioError(f'{SOURCE}: {PLACE}.terms: {{"ISSUE": 40}} would do, points from 0 to 100 on each issue.')
    table["terms"] = dict(terms)
    for name in terms:
        if name not in scenario.stakes:
            hint = nearest(str(name), scenario.stakes) or " This scenario has none on which terms could count."
            raise ScenarioError(f"{SOURCE}: {PLACE}.terms: no issue '{name}'.{hint}")
    raw = {"id": "by-hand", **table}
    day = scenario.date_of(step)
    try:
        event = Event.model_validate({"on": day, "offer": raw})
    except ValidationError as error:
        raise explain(error, {PLACE: raw}, SOURCE) from None
    offer = event.offer
    assert offer is not None
    if faults := list(unfit_offer(scenario, event, offer, PLACE)):
        raise ScenarioError("\n".join(f"{SOURCE}: {fault}" for fault in faults))
    return on_table(scenario, offer, called, day)


def next_name(world: World) -> str:
    """What the next offer made by hand will be called."""
    return f"{NAME} {1 + sum(offer.id.startswith(f'{NAME} ') for offer in world.offers)}"


def put_on_table(
    offer: OfferOnTable, world: World, state: State, luck: Luck, seed: int, run: int
) -> tuple[World, State, Luck]:
    """World, state and random numbers of a single run with one more offer, behind all others and not yet answered.

    Its coins have a stream of their own, keyed by the name of the offer: all other draws stay as they are.
    """
    block, row = divmod(run, BLOCK)
    names = (f"{offer.id}/{party}" for party in world.parties)
    coins = np.array([generator(seed, "answer", name, block).random(BLOCK)[row] for name in names])
    unanswered = np.full((1, len(world.parties)), np.nan)
    tables: dict[str, Any] = {
        variable.name: np.concatenate([getattr(state, variable.name), unanswered])
        for variable in VARIABLES.values()
        if variable.of == "answer"
    }
    return (
        replace(world, offers=(*world.offers, offer)),
        replace(state, **tables),
        replace(luck, answers={**luck.answers, offer.id: coins}),
    )
