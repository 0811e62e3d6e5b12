"""How a scenario becomes the world and the state at its start."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date as Date
from itertools import combinations
from typing import Any

import numpy as np

from simulation.dynamics.answers import OfferOnTable
from simulation.dynamics.appraisal import at_rest, prospect, wishes
from simulation.dynamics.events import Change, DueEvent
from simulation.dynamics.shares import shares
from simulation.dynamics.state import Array, State, World
from simulation.dynamics.variables import VARIABLES, Variable
from simulation.parameters import nearest
from simulation.scenario.coefficients import Coefficients
from simulation.scenario.errors import ScenarioError
from simulation.scenario.keys import named_events, occasions, target_of
from simulation.scenario.knowledge import refuse_later, told_answers
from simulation.scenario.offers import Offer
from simulation.scenario.schema import Scenario

Values = Mapping[str, Array]
"""Numbers given per run: key of the scenario to array of shape (R,), or (1,) for a single run."""


def open_scenario(scenario: Scenario, values: Values | None = None) -> tuple[World, State]:
    """The world of a scenario, and its state at the start.

    Parameters
    ----------
    values : numbers that differ from run to run, such as ``{"ties.UAE.LNA.support": array of shape (R,)}``. For one
        run by itself, give arrays of shape () .

    Raises
    ------
    ScenarioError
        for a key that is no number of this scenario, or values outside its bounds
    """
    given = {key: np.asarray(value, dtype=float) for key, value in (values or {}).items()}
    if given:
        check(scenario, given)
    names, parties = tuple(scenario.actors), scenario.parties

    def value(key: str, otherwise: Any) -> Any:
        return given.get(key, otherwise)

    def per_name(field: str, who: tuple[str, ...], otherwise: Any = 0.0) -> Array:
        cells = {}
        for place, name in enumerate(who):
            number = getattr(scenario.actors[name], field, None)
            fallback = otherwise[..., place] if isinstance(otherwise, np.ndarray) else otherwise
            cells[(place,)] = value(f"actors.{name}.{field}", fallback if number is None else number.best)
        return _grid((len(who),), cells)

    def per_tie(field: str, shape: tuple[int, int], otherwise: Array | None = None) -> Array:
        cells = {}
        for tie in scenario.ties:
            number = getattr(tie, field, None)
            if number is not None:
                key = f"ties.{tie.source}.{tie.target}.{field}"
                cells[target_of(scenario, key)[1]] = value(key, number.best)
        grid = _grid(shape, cells)
        if otherwise is None:
            return grid
        said = np.zeros(shape, dtype=bool)
        for place in cells:
            said[place] = True
        return np.where(said, grid, otherwise)

    def per_want(field: str) -> Array:
        cells = {}
        for want in scenario.wants or ():
            if want.issue in stakes:
                place = (parties.index(want.party), [*stakes].index(want.issue))
                cells[place] = value(f"wants.{want.party}.{want.issue}.{field}", getattr(want, field).best)
        return _grid((len(parties), len(stakes)), cells)

    def coefficients(where: str, table: Any) -> Any:
        own = {
            key.removeprefix(where + "."): array[..., None]
            for key, array in given.items()
            if key.startswith(where + ".")
        }
        return table.model_copy(update=own) if own else table

    stakes = scenario.stakes
    index = np.array([names.index(party) for party in parties], dtype=np.intp)
    pairs = np.array(list(combinations(range(len(parties)), 2)), dtype=np.intp).reshape(-1, 2)
    offers, events = _timetable(scenario, value)
    stance, influence = per_name("stance", names), per_name("influence", names)
    reacting = {
        key: np.asarray(value(f"coefficients.reactions.{key}", getattr(scenario.coefficients.reactions, key)))
        for key in ("share", "most")
    }
    support = per_tie("support", (len(parties), len(names)))
    otherwise: dict[str, Any] = {
        "mood_variance": 1.0,
        "base": stance,
        "ideal": stance,
        "strength": np.ascontiguousarray(influence[..., index]),
        "control": 1 / max(len(parties), 1),
        "reacts": reacting["share"][..., None, None],
        "most": np.minimum(reacting["most"][..., None, None] * support, VARIABLES["most"].high),
    }

    def opening(variable: Variable) -> Array:
        """An array of the state at the start: what the scenario says, else ``otherwise``, else 0."""
        name = variable.name
        match variable.of:
            case "actor":
                return per_name(name, names, otherwise.get(name, 0.0))
            case "party":
                return per_name(name, parties, otherwise.get(name, 0.0))
            case "tie":
                return per_tie(name, (len(names), len(names)))
            case "backing":
                return per_tie(name, (len(parties), len(names)), otherwise.get(name))
            case "pair":
                return np.full(len(pairs), np.inf if name == "left" else 0.0)
            case "stake":
                return _grid(
                    (len(stakes),),
                    {(k,): value(f"issues.{name}.now", now) for k, (name, now) in enumerate(stakes.items())},
                )
            case "want":
                return per_want(variable.name)
            case "answer":
                return np.full((len(offers), len(parties)), np.nan)
        return _further(scenario, "positions" if name == "further" else "saliences")

    arrays: dict[str, Any] = {name: opening(variable) for name, variable in VARIABLES.items()}
    if parties:
        arrays["control"] = shares(arrays["control"])
    state = State(**arrays | {"truce": arrays["truce"].astype(bool), "ending": arrays["ending"].astype(np.int8)})
    world = World(
        actors=names,
        parties=parties,
        party_index=index,
        pairs=pairs,
        steps=scenario.steps,
        step_days=scenario.step_days,
        opening=state.stance,
        opening_exhaustion=state.exhaustion,
        opening_prospect=np.zeros(len(parties)),
        offers=offers,
        events=events,
        told=as_told(told_answers(scenario), parties),
        ground=np.array([ground(scenario, name) for name in stakes], dtype=np.intp),
        rule=coefficients("rule", scenario.rule),
        **{
            group: coefficients(f"coefficients.{group}", getattr(scenario.coefficients, group))
            for group in Coefficients.model_fields
            if group != "reactions"  # in the state, as what each tie does
        },
    )
    if parties:
        world = replace(world, opening_prospect=prospect(state, world))
        unsaid = np.array([scenario.actors[name].base is None for name in names])
        if unsaid.any():
            state = replace(state, base=np.where(unsaid, at_rest(state, world), state.base))
    return world, replace(state, ideal=wishes(state, world))


def _further(scenario: Scenario, what: str) -> Array:
    """Positions or saliences on all issues but the first, (n, K - 1)."""
    return np.array([(getattr(actor, what) or ())[1:] for actor in scenario.actors.values()], dtype=np.float64)


def check(scenario: Scenario, given: Mapping[str, Array]) -> None:
    """Refuse values for what is no number of the scenario, or outside its bounds."""
    known = scenario.inputs
    for key, array in given.items():
        if key not in known:
            refuse_later(key, scenario.later, scenario.told)
            raise ScenarioError(f"{key}: no number of this scenario.{nearest(key, known)}")
        item = known[key]
        outside = ~((array >= item.low) & (array <= item.high))
        if outside.any():
            raise ScenarioError(f"{key}: {array[outside].flat[0]:g} is outside {item.low:g} … {item.high:g}.")


def ground(scenario: Scenario, stake: str) -> int:
    """The place of the party whose share of the ground is what holds on an issue; -1 where it is as stated."""
    issue = scenario.issues[stake] if isinstance(scenario.issues, dict) else None
    party = None if issue is None else issue.held_by
    return -1 if party is None else scenario.parties.index(party)


def as_told(answers: Mapping[tuple[str, str], float], parties: Sequence[str]) -> dict[str, Array]:
    """The answers that runs are told as the world has them: by offer, (m,), nan where a party's is not told."""
    found: dict[str, Array] = {}
    for (offer, party), grade in answers.items():
        found.setdefault(offer, np.full(len(parties), np.nan))[parties.index(party)] = grade
    return found


def _grid(shape: tuple[int, ...], cells: Mapping[Any, Any], otherwise: float = 0.0) -> Array:
    """An array with these cells, and one number elsewhere. A cell given per run gives the array a run axis."""
    runs = np.broadcast_shapes(*(np.shape(cell) for cell in cells.values()))
    grid = np.full((*runs, *shape), otherwise)
    for place, cell in cells.items():
        where: Any = (..., *place)
        grid[where] = cell
    return grid


def _timetable(scenario: Scenario, value: Any) -> tuple[tuple[OfferOnTable, ...], dict[int, tuple[DueEvent, ...]]]:
    """The offers, and what is due in which step; in a step, by date and then by the order of the file."""
    offers: list[OfferOnTable] = []
    due: dict[int, list[DueEvent]] = {}
    for name, event in named_events(scenario):
        chance = value(f"events.{name}.probability", None if event.probability == 1 else event.probability)
        if isinstance(chance, np.ndarray):
            chance = chance[..., None]
        changes = tuple(
            Change(*target_of(scenario, key), value(f"events.{name}.{how}.{key}", amount.best), how == "add")
            for how in ("set", "add")
            for key, amount in getattr(event, how).items()
        )
        made: dict[int, list[int]] = {scenario.step_of(event.on): []}
        offer = event.offer
        if offer is not None:
            for occasion, step in occasions(scenario, event):
                day = max(event.on, scenario.date_of(step))
                made.setdefault(step, []).append(len(offers))
                offers.append(on_table(scenario, offer, occasion, day, f"events.{name}.offer", value))
        for step, occasions_here in made.items():
            first = step == scenario.step_of(event.on)
            due.setdefault(step, []).append(DueEvent(name, chance, changes if first else (), tuple(occasions_here)))
    return tuple(offers), {step: tuple(events) for step, events in due.items()}


def on_table(
    scenario: Scenario,
    offer: Offer,
    occasion: str,
    day: Date,
    where: str = "",
    value: Callable[[str, Any], Any] = lambda key, otherwise: otherwise,
) -> OfferOnTable:
    """An offer as runs know it.

    Parameters
    ----------
    occasion : what this one is called
    day : on which it was first made
    where : what its numbers are called in the scenario
    value : the value of a number by its key, where it is given, else that of the offer
    """
    names, parties = list(scenario.actors), scenario.parties

    def places(chosen: Iterable[str]) -> Any:
        return np.array([names.index(name) for name in chosen], dtype=np.intp)

    def per_run(key: str, otherwise: float) -> Any:
        number = value(f"{where}.{key}", otherwise)
        return number[..., None] if isinstance(number, np.ndarray) else number

    asked = offer.to or parties
    points = {
        (number,): value(f"{where}.terms.{issue}", offer.terms[issue].best if issue in offer.terms else np.nan)
        for number, issue in enumerate(scenario.stakes)
    }
    return OfferOnTable(
        id=occasion,
        sponsors=places(offer.sponsors),
        opponents=places(offer.opponents),
        addressed=np.array([party in asked for party in parties]),
        kind=offer.kind or "call",
        signed=offer.form == "signed",
        monitoring=per_run("monitoring", offer.monitoring.best),
        points=_grid((len(scenario.stakes),), points, np.nan),
        scope=1.0 if offer.scope is None else per_run("scope", offer.scope.best),
        days=np.inf if offer.days is None else offer.days,
        delay=0.0 if offer.begins is None else float(max((offer.begins - day).days, 0)),
    )
