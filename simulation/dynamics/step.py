"""The order of a step, and the only place that holds it."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from simulation.dynamics import mood
from simulation.dynamics.answers import acceptance, told, willingness
from simulation.dynamics.appraisal import wishes
from simulation.dynamics.battle import fight
from simulation.dynamics.events import happens, put
from simulation.dynamics.randomness import Draws, Luck
from simulation.dynamics.reactions import react
from simulation.dynamics.state import Flags, State, World, in_any_run
from simulation.dynamics.truce import begin, hold, spurn
from simulation.parameters import Parameters


class Opinion(Parameters):
    """What moves stances besides ideal points and influence."""

    noise: float = Field(
        1.0,
        ge=0,
        le=20,
        title="points per √day",
        description="random noise: day-to-day changes of every actor's stance",
    )


def advance(state: State, t: int, world: World, luck: Luck, *, in_place: bool = False) -> State:
    """One step of the conflict: events, battle, reactions, appraisal, influence, answers, holding.

    Parameters
    ----------
    state : the state at the start of step ``t``, of one run or of many
    luck : the random numbers of the same runs
    in_place : write answers into the tables of the state itself, of which nobody else may have need
    """
    draws, stood, strain = luck.at(t), state.truce, state.strain
    state, made = before_answers(state, t, world, draws)
    for number, where in made:
        state = answer(state, number, where, draws, world, in_place=in_place)
    return hold(state, stood, draws.truce, world, strain) if world.parties else state


def before_answers(state: State, t: int, world: World, draws: Draws) -> tuple[State, list[tuple[int, Flags | None]]]:
    """A step up to its answers: the state then, and the offers to be answered in turn, with the runs that make each."""
    state = mood.fade(state, world)
    held = state.control
    state = state.but(ending=np.zeros(state.ending.shape, np.int8))
    due = [(event, happens(event, draws.events)) for event in world.events.get(t, ())]
    for event, where in due:
        for change in event.changes:
            state = put(state, change, where)
    state = fight(state, held, draws.battle, world.battle, world.step_days)
    state = react(state, world)
    ideal = wishes(state, world)
    if state.further.shape[-1]:  # a negotiation over several issues: no war, no events, no noise
        stance, further = world.rule.move_all(state, world, draws)
        return state.but(stance=stance, ideal=ideal, further=further), []
    stance = world.rule.move(state, ideal, world, draws)
    stance = (stance + world.opinion.noise * np.sqrt(world.step_days) * draws.stance).clip(0.0, 100.0)
    state = state.but(stance=stance, ideal=ideal)
    return state, [(number, where) for event, where in due for number in event.offers]


def answer(
    state: State, number: int, where: Flags | None, draws: Draws, world: World, *, in_place: bool = False
) -> State:
    """Have the addressed parties answer an offer, in the runs where it is made; those that accept start a truce."""
    offer = world.offers[number]
    willing = willingness(state, offer, world)
    logit = acceptance(willing.total, world)
    asked = offer.addressed if where is None else offer.addressed & where
    coin, grade = draws.answers[offer.id], world.told.get(offer.id)
    chances = mood.given_mood(logit, state, world) if mood.lasts(world) else logit
    given = 0.5 * (coin < chances.yes) + 0.5 * (coin < chances.full)
    if grade is not None:
        given = np.where(np.isnan(grade), given, told(grade, coin))
    if mood.lasts(world):
        shown = mood.drawn(state, coin, world)
        if grade is not None:
            learnt = mood.taught(state, logit, given, world)
            shown = mood.Mood(*(np.where(np.isnan(grade), *pair) for pair in zip(shown, learnt, strict=True)))
        state = mood.keep(state, shown, asked, world)
    given = np.where(asked, given, np.nan)
    agreed = begin(state, offer, given, willing.pressure, world)
    if in_any_run(world.answers.spurned):
        agreed = spurn(agreed, given, world)
    chance, full = (np.where(asked, one, np.nan) for one in chances)
    recorded = {"chance": chance, "full": full, "answer": given}
    for name, values in recorded.items():
        table = getattr(state, name) if in_place else getattr(state, name).copy()
        table[..., number, :] = values
        recorded[name] = table
    return agreed.but(**recorded)
