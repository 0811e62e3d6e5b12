"""Why an actor moved: one step of one run taken apart, with names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from simulation.dynamics.appraisal import reasons
from simulation.dynamics.randomness import BLOCK, Draws, draw
from simulation.dynamics.state import Array, State, World
from simulation.dynamics.step import advance
from simulation.parameters import nearest
from simulation.questions.finding import Finding
from simulation.questions.why.describe import describe
from simulation.rules import Rule
from simulation.runs.provenance import provenance
from simulation.runs.sampling import sampled
from simulation.runs.setup import open_scenario
from simulation.scenario.arguments import of_kind
from simulation.scenario.errors import ScenarioError
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

MOVES = {
    "stance_before": "stance at the start of the step",
    "by_event": "what events of the step did to the stance",
    "by_war": "what a change of its own wish did to the stance, where the rule has no anchor",
    "by_rule": "what the rule did to the stance",
    "by_chance": "day-to-day wavering, and what the ends of the scale cut off",
    "stance_after": "stance at the end of the step",
    "ideal_before": "what it wanted by itself at the start of the step",
    "ideal": "what it wants by itself as the war now stands",
    "target": "where it would go, were the round played to its end",
}
"""Of every actor, in stance points. The four ``by_...`` add up to the move."""

WISHES = {
    "base": "what it would want if the war stood even and nobody were tired",
    "weariness": "how far exhaustion moves its wish (a party)",
    "stalemate": "how far a hurting stalemate moves its wish (a party)",
    "prospect": "how far the prospect of gain moves its wish (a party)",
    "following": "how far the prospects of those it follows move its wish",
}
"""Of every actor, in stance points, at the start of the step (``..._before``) and as the war now stands. They add up to
the wish, before it is cut to 0 … 100."""


@of_kind
def why(
    scenario: Scenario,
    actor: str | None = None,
    step: int = 0,
    run: int = 0,
    seed: int = 1,
    *,
    uncertain: bool = False,
) -> Finding:
    """One step of one run, the very one that ``run_ensemble`` and ``ConflictModel`` have under that seed, taken apart.

    Parameters
    ----------
    actor : whose row to show; everybody's if left out
    step : the step that begins in state ``step`` and ends in state ``step + 1``; 0 is the first
    run, seed, uncertain : as for ``run_ensemble``

    Returns
    -------
    a finding, whose dataset has dimensions actor (unless one is named), other, and further ones of the rule's own:
    ``MOVES`` and, where parties fight, ``WISHES``; ``stance_of`` (other), the stances from which the rule acts;
    ``pace``, the share of the way to the target that a step has time for; and what the rule tells of itself: rules that
    average tell the ``share`` of each other actor and its ``pull``, points on the way to the target; bargaining rules
    tell challenges, what is expected of them, offers, and whose is taken. ``long_name`` says what each is.

    Raises
    ------
    ScenarioError
        for an actor or a step that is not there, or where the rule has nothing to tell because nobody has influence
    """
    if actor is not None and actor not in scenario.actors:
        raise ScenarioError(f"no actor '{actor}'.{nearest(actor, scenario.actors)}")
    if scenario.negotiated:
        raise ScenarioError("why: it tells of one issue; for several, see simulation.rules.spatial.explain.")
    if not 0 <= step < scenario.steps:
        raise ScenarioError(f"step {step}: this scenario has steps 0 … {scenario.steps - 1}.")
    if run < 0:
        raise ScenarioError(f"run {run}: runs are counted from 0.")
    block, row = divmod(run, BLOCK)
    drawn = sampled(scenario, seed, run, 1) if uncertain else {}
    world, state = open_scenario(scenario, {key: array[0] for key, array in drawn.items()})
    luck = draw(world, seed, block).of(row)
    for t in range(step):
        state = advance(state, t, world, luck)
    listener = Listener(world.rule)
    after = advance(state, step, replace(world, rule=cast(Rule, listener)), luck)
    dataset = _dataset(scenario, world, state, listener, after)
    dataset.attrs = {**provenance(scenario, 1, seed, uncertain, ()), "step": step, "run": run}
    dataset.attrs |= {"date": str(scenario.date_of(step)), "finding": "why"}
    return describe(dataset if actor is None else dataset.sel(actor=actor))


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
