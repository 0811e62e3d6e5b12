"""Why an actor moved: one step of one run taken apart, with names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from simulation.dynamics.appraisal import reasons
from simulation.dynamics.randomness import Draws, Luck, draw_run
from simulation.dynamics.state import Array, State, World
from simulation.dynamics.step import advance
from simulation.parameters import nearest
from simulation.questions.finding import Finding
from simulation.questions.why.describe import describe
from simulation.rules import Rule
from simulation.runs.provenance import provenance
from simulation.runs.sampling import sampled
from simulation.runs.setup import open_scenario
from simulation.scenario.errors import ScenarioError
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

MOVES = {
    "stance_before": "stance at the start of the step",
    "by_event": "what events of the step did to the stance",
    "by_war": "what a change of its ideal point did to the stance, where the rule has no anchor",
    "by_rule": "what the rule did to the stance",
    "by_chance": "random noise, and what the ends of the scale cut off",
    "stance_after": "stance at the end of the step",
    "ideal_before": "ideal point at the start of the step",
    "ideal": "current ideal point: what it wants by itself as the war now stands",
    "target": "where it would go, were the round played to its end",
}
"""Of every actor, in stance points. The four ``by_...`` add up to the move."""

WISHES = {
    "base": "preference at parity: what it would want if the war stood even and nobody were tired",
    "weariness": "how far exhaustion moves its ideal point (a party)",
    "stalemate": "how far a hurting stalemate moves its ideal point (a party)",
    "prospect": "how far the prospect of gain moves its ideal point (a party)",
    "following": "how far the prospects of its clients move its ideal point",
}
"""Of every actor, in stance points, at the start of the step (``..._before``) and as the war now stands. They add up to
the ideal point, before it is cut to 0 … 100."""


def why_move(scenario: Scenario, actor: str | None, step: int, run: int, seed: int, *, uncertain: bool) -> Finding:
    """One step of one run taken apart; see ``simulation.why``."""
    if actor is not None and actor not in scenario.actors:
        raise ScenarioError(f"no actor '{actor}'.{nearest(actor, scenario.actors)}")
    if scenario.negotiated:
        raise ScenarioError(
            "why: it tells of one issue; for several, see simulation.rules.spatial.explain and exchange.play."
        )
    if not 0 <= step < scenario.steps:
        raise ScenarioError(f"step {step}: this scenario has steps 0 … {scenario.steps - 1}.")
    world, state, luck = opening(scenario, run, seed, uncertain=uncertain)
    for t in range(step):
        state = advance(state, t, world, luck)
    listener = Listener(world.rule)
    after = advance(state, step, replace(world, rule=cast(Rule, listener)), luck)
    dataset = _dataset(scenario, world, state, listener, after)
    dataset.attrs = {**provenance(scenario, 1, seed, uncertain, ()), "step": step, "run": run}
    dataset.attrs |= {"date": str(scenario.date_of(step)), "finding": "why"}
    return describe(dataset if actor is None else dataset.sel(actor=actor))


def opening(scenario: Scenario, run: int, seed: int, *, uncertain: bool) -> tuple[World, State, Luck]:
    """A run of the ensemble by itself: its world, its state at the start, and its random numbers."""
    drawn = sampled(scenario, seed, run, 1) if uncertain else {}
    world, state = open_scenario(scenario, {key: array[0] for key, array in drawn.items()})
    return world, state, draw_run(world, seed, run)


class Listener:
    """Stands in for a rule during one step, and keeps what the rule was given and what it answered."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.state: State
        self.ideal: Array
        self.draws: Draws
        self.moved: Array

    def move(self, state: State, ideal: Array, world: World, luck: Draws) -> Array:
        """What the rule itself answers."""
        self.state, self.ideal, self.draws = state, ideal, luck
        self.moved = self.rule.move(state, ideal, world, luck)
        return self.moved


def _dataset(scenario: Scenario, world: World, before: State, heard: Listener, after: State) -> xr.Dataset:
    import xarray as xr

    rule, state, ideal = heard.rule, heard.state, heard.ideal
    stance = rule.departure(state, ideal)
    names = np.array([*scenario.actors], dtype=object)
    moves = {
        "stance_before": before.stance,
        "by_event": state.stance - before.stance,
        "by_war": stance - state.stance,
        "by_rule": heard.moved - stance,
        "by_chance": after.stance - heard.moved,
        "stance_after": after.stance,
        "ideal_before": before.ideal,
        "ideal": ideal,
        "target": rule.target(stance, ideal, state, world, heard.draws),
    }
    points = {"units": "stance points"}
    variables: dict[str, Any] = {
        name: (("actor",), moves[name], {**points, "long_name": meaning}) for name, meaning in MOVES.items()
    }
    if world.parties:
        was, now = _wishes(before, world), _wishes(state, world)
        for name, meaning in WISHES.items():
            variables[f"{name}_before"] = (("actor",), was[name], {**points, "long_name": f"{meaning}; before"})
            variables[name] = (("actor",), now[name], {**points, "long_name": meaning})
    variables["stance_of"] = (("other",), stance, {**points, "long_name": "stances from which the rule acts"})
    share = {"long_name": "share of the way to the target that one step has time for"}
    variables["pace"] = ((), float(np.squeeze(rule.pace(world))), share)
    try:
        explained = rule.explain(stance, ideal, state, world, heard.draws)
    except ValueError as error:
        raise ScenarioError(f"the rule {rule.name} has nothing to tell: {error}.") from None
    for name, table in explained.items():
        values = table.values
        if table.places:
            values = np.append(names, "")[values]  # -1, nobody, is the empty one at the end
        variables[name] = (table.axes, values, {"long_name": table.meaning})
    return xr.Dataset(variables, coords={"actor": names, "other": names})


def _wishes(state: State, world: World) -> dict[str, Array]:
    """The parts of everybody's wish, (n,) each; 0 for those to whom one does not apply."""
    parts = reasons(state, world)
    fighting = np.zeros((3, len(world.actors)))
    fighting[:, world.party_index] = np.broadcast_arrays(parts.weariness, parts.stalemate, -parts.prospect)
    weariness, stuck, prospect = fighting
    return {
        "base": state.base,
        "weariness": weariness,
        "stalemate": stuck,
        "prospect": prospect,
        "following": -parts.following,
    }
