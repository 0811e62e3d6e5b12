"""How the moves of a seat are written, as plain tables that fit into JSON, and read back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from inspect import signature
from typing import Any

import numpy as np

from simulation.dynamics.answers import OfferOnTable
from simulation.dynamics.state import World
from simulation.parameters import nearest
from simulation.runs.agents.model import ConflictModel
from simulation.scenario.errors import ScenarioError, shown_as
from simulation.scenario.schema import Scenario

Move = dict[str, Any]
"""An offer, ``{"step": 6, "offer": {"sponsors": ["UN"], "monitoring": 0.5}}``, with the keys of an offer in a file; or
an answer, ``{"step": 7, "to": "moscow-text", "answer": "accept"}``."""

AS_THE_MODEL = "as the model"

GRADES: dict[str, float | None] = {"accept": 1.0, "with conditions": 0.5, "refuse": 0.0, AS_THE_MODEL: None}
"""What may be answered, and as what it counts."""

OFFER = {name: given.default for name, given in signature(ConflictModel.offer).parameters.items() if name != "self"}
"""What an offer made by hand may say, and what it says where it does not."""

KINDS = {"offer": {"step", "offer"}, "answer": {"step", "to", "answer"}}


def offer_move(step: int, offer: OfferOnTable, world: World, scenario: Scenario) -> Move:
    """The move that puts this offer on the table; what is as it is by default is left out."""

    def names(places: Iterable[Any]) -> list[str]:
        return [world.actors[place] for place in places]

    terms = zip(scenario.stakes, np.asarray(offer.points, dtype=float), strict=True)
    asked = [party for party, here in zip(world.parties, offer.addressed, strict=True) if here]
    given: dict[str, Any] = {
        "sponsors": names(offer.sponsors),
        "opponents": names(offer.opponents),
        "to": [] if len(asked) == len(world.parties) else asked,
        "form": "signed" if offer.signed else "declared",
        "kind": offer.kind,
        "monitoring": float(offer.monitoring),
        "terms": {issue: float(point) for issue, point in terms if not np.isnan(point)},
        "days": None if np.isinf(offer.days) else float(offer.days),
        "scope": float(offer.scope),
    }
    said = {key: value for key, value in given.items() if value not in (None, [], {}) and value != OFFER[key]}
    return {"step": step, "offer": said}


def read_moves(moves: Any, last: int) -> list[Move]:
    """Moves as they come from a file or an address, checked as far as one can without making them.

    Parameters
    ----------
    last : the last step of the scenario

    Raises
    ------
    ScenarioError
        that says which move will not do, and what would
    """
    if isinstance(moves, str | bytes | Mapping) or not isinstance(moves, Iterable):
        raise ScenarioError(f"`moves`: a list such as Seat.moves gives would do, not {shown_as(moves)}.")
    found: list[Move] = []
    for number, move in enumerate(moves, 1):
        where = f"move {number}"
        if not isinstance(move, Mapping) or set(move) not in KINDS.values():
            raise ScenarioError(
                f'{where}: {{"step": 6, "offer": {{"sponsors": ["NAME"]}}}} or {{"step": 7, "to": "OFFER", "answer": '
                f'"accept"}} would do, not {shown_as(move)}.'
            )
        step, first = move["step"], found[-1]["step"] if found else 0
        if not isinstance(step, int) or isinstance(step, bool) or not first <= step <= last:
            raise ScenarioError(f"{where}: step {shown_as(step)}; a whole number from {first} to {last} would do.")
        offer = move.get("offer", {})
        if not isinstance(offer, Mapping):
            raise ScenarioError(f'{where}: offer: {{"sponsors": ["NAME"]}} would do, not {shown_as(offer)}.')
        for key in offer:
            if key not in OFFER:
                raise ScenarioError(f"{where}: offer: no key {shown_as(key)}.{nearest(str(key), OFFER)}")
        found.append(dict(move))
    return found
