"""One offer's answers taken apart: what made each party as willing as it was, what it took, and what it said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from simulation.dynamics import mood
from simulation.dynamics.answers import Willingness, acceptance, willingness
from simulation.dynamics.randomness import Luck
from simulation.dynamics.simulate import before_offer
from simulation.dynamics.state import Array, State, World
from simulation.dynamics.step import answer
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

Kind = Literal["stance", "sponsor", "opponent", "monitoring", "terms", "distrust", "kind", "signing"]

PARTS: dict[Kind, str] = {
    "stance": "its stance on a ceasefire",
    "sponsor": "the pull of a sponsor",
    "opponent": "the objection of an opponent",
    "monitoring": "monitoring by third parties",
    "terms": "what the terms on an issue are worth to it, beside what holds now",
    "distrust": "its distrust",
    "kind": "what an offer of this kind asks",
    "signing": "what signing a written text asks",
}
"""The parts of a willingness by kind, in stance points; they add up to it. Of sponsors, opponents and terms there is
one for each actor or issue."""

MEANINGS = {
    "willingness": "how willing it was, the sum of its parts",
    "threshold": "willingness at which yes and no are equally likely",
    "reserve": "how far it may fall short of the threshold for a yes with conditions, and must pass it for one without",
    "temperature": "how much willingness makes yes e times likelier than no",
    "mood": "what its mood was worth: temperature times what knowing it adds to the logit of the chance",
    "usual": "the chance of a yes of any kind, its mood left aside",
    "chance": "the chance of a yes of any kind",
    "full": "the chance of a yes without conditions",
    "coin": "uniform; the answer is a yes where it is below the chance",
    "answer": "0 refused, 0.5 accepted with conditions, 1 accepted",
    "told": "whether history gave the answer, rather than the coin",
}
"""What there is besides the parts, of each party that was asked."""

LEAST = 2.0**-53
"""The least chance, and the least doubt, that is told from none: 37 temperatures away from even."""


def taken_apart(
    scenario: Scenario, world: World, state: State, luck: Luck, number: int, step: int, since: int = 0
) -> xr.Dataset:
    """The answers to an offer in the step in which it is made, of one run or of many.

    Parameters
    ----------
    state : at the start of step ``since``
    number : place of the offer in ``world.offers``
    step : in which it is made

    Returns
    -------
    as ``as_answered``
    """
    before, where = before_offer(world, state, luck, number, step, since)
    draws = luck.at(step)
    after = answer(before, number, where, draws, world)
    return as_answered(scenario, world, before, after, number, draws.answers[world.offers[number].id])


def as_answered(scenario: Scenario, world: World, before: State, after: State, number: int, coin: Array) -> xr.Dataset:
    """The answers to an offer, from the states right before and right after them.

    Returns
    -------
    dataset with dimensions run (of many runs), part and party: ``points`` (run, part, party), which add up to
    ``willingness`` (run, party), and the rest of ``MEANINGS``; the coordinates ``kind`` and ``name`` say what a part is
    and whose. Only parties that are asked are there, and only runs in which the offer is made.
    """
    import xarray as xr

    offer, answers = world.offers[number], world.answers
    willing = willingness(before, offer, world)
    usual = acceptance(willing.total, world).yes
    chance, full, given = (getattr(after, name)[..., number, :] for name in ("chance", "full", "answer"))
    grade = world.told.get(offer.id)
    feeling = np.zeros(())
    if mood.lasts(world):
        feeling = answers.temperature * (_logit(chance) - _logit(usual))
    values: dict[str, Any] = {
        "willingness": willing.total,
        "threshold": answers.threshold,
        "reserve": answers.reserve,
        "temperature": answers.temperature,
        "mood": feeling,
        "usual": usual,
        "chance": chance,
        "full": full,
        "coin": coin,
        "answer": given,
        "told": np.zeros(len(world.parties), dtype=bool) if grade is None else ~np.isnan(grade),
    }
    parts = [*_parts(scenario, world, number, willing)]
    runs = ("run",) if given.ndim > 1 else ()
    variables: dict[str, Any] = {
        "points": (
            (*runs, "part", "party"),
            np.stack([np.broadcast_to(points, given.shape) for *_, points in parts], axis=-2) + 0.0,  # no -0
            {"units": "stance points", "long_name": "what the part adds to the willingness of the party"},
        )
    }
    for name, meaning in MEANINGS.items():
        variables[name] = ((*runs, "party"), np.broadcast_to(values[name], given.shape), {"long_name": meaning})
    names = [np.array([part[place] for part in parts], dtype=object) for place in (0, 1)]
    coords = {
        "kind": ("part", names[0], {"long_name": "what the part is"}),
        "name": ("part", names[1], {"long_name": "the actor or issue that it is of, or none"}),
        "party": np.array(world.parties, dtype=object),
        **({"run": np.arange(len(given))} if runs else {}),
    }
    made = xr.Dataset(variables, coords=coords).isel(party=np.flatnonzero(offer.addressed))
    return made.isel(run=~np.isnan(made.answer.values).any(axis=-1)) if runs else made


def reasons_of(answered: xr.Dataset) -> dict[str, dict[str, float]]:
    """The parts of each party's willingness by kind and name, such as ``sponsor.Turkey``; means, of many runs."""
    points = answered.points.mean("run") if "run" in answered.dims else answered.points
    keys = [f"{kind}.{name}" if name else str(kind) for kind, name in _named(answered)]
    return {
        str(party): dict(zip(keys, map(float, points.sel(party=party).values), strict=True))
        for party in answered.party.values
    }


def _named(answered: xr.Dataset) -> Iterator[tuple[str, str]]:
    return zip(answered.kind.values, answered["name"].values, strict=True)


def _parts(
    scenario: Scenario, world: World, number: int, willing: Willingness
) -> Iterator[tuple[Kind, str, float | Array]]:
    """Kind, whose, and points of each part."""
    offer = world.offers[number]

    def voices(kind: Kind, actors: NDArray[np.intp], table: Array) -> Iterator[tuple[Kind, str, Array]]:
        for row, actor in enumerate(actors):
            yield kind, world.actors[actor], table[..., row, :]

    yield "stance", "", willing.stance
    yield from voices("sponsor", offer.sponsors, willing.pulls)
    yield from voices("opponent", offer.opponents, willing.objections)
    yield "monitoring", "", willing.monitoring
    for place, name in enumerate(scenario.stakes):
        yield "terms", name, willing.content[..., place]
    yield "distrust", "", willing.distrust
    yield "kind", "", willing.bar
    yield "signing", "", willing.signing


def _logit(chance: Array) -> Array:
    inside = np.clip(chance, LEAST, 1 - LEAST)
    odds: Array = np.log(inside) - np.log1p(-inside)
    return odds
