"""One run as a Mesa model, for looking inside and changing things by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date as Date
from html import escape
from pathlib import Path
from typing import Any

import mesa
import numpy as np

from simulation.dynamics.events import Change, put
from simulation.dynamics.memory import Memory
from simulation.dynamics.randomness import draw_run
from simulation.dynamics.simulate import among_all
from simulation.dynamics.state import State, World
from simulation.dynamics.step import advance, answer
from simulation.dynamics.truce import ENDINGS
from simulation.dynamics.variables import VARIABLES
from simulation.parameters import nearest
from simulation.runs.agents import answering, by_hand
from simulation.runs.agents.actors import BY_ROLE, Actor, Party
from simulation.runs.agents.collector import Collector, counted
from simulation.runs.memory import check_memory
from simulation.runs.reasons import AnsweredOffer, as_answered
from simulation.runs.sampling import sampled
from simulation.runs.setup import Values, open_scenario
from simulation.scenario.arguments import whole
from simulation.scenario.errors import ScenarioError
from simulation.scenario.files import load_scenario
from simulation.scenario.keys import pair_names, target_of
from simulation.scenario.schema import Scenario

SEED = 1
"""The seed where none is given."""

_openings = Memory()
"""Of the scenario that was opened last: many runs of one are often made in a row."""


class ConflictModel(mesa.Model):
    """Run ``run`` of the ensemble with that seed, one step at a time: the same numbers, bit for bit.

    Parameters
    ----------
    scenario : a Scenario, or the path or name of one
    seed, rng : keys every stream of random numbers; Mesa's two names for one thing, so give one of them. Mesa's own
        generators ``model.random`` and ``model.rng`` are seeded by it too, but nothing here draws from them.
    run : which run of the ensemble
    uncertain : draw the numbers that have low and high, as ``run_ensemble(..., uncertain=True)`` does
    changes : keys of the scenario to change, such as ``**{"ties.Turkey.GNA.support": 0.9}``

    Raises
    ------
    ScenarioError
        for a scenario, key or value that will not do, and on stepping past the end

    Notes
    -----
    Under ``mesa.batch_run`` all of these can vary. Give the seed there as ``rng``: Mesa 3.5 puts its own (None, unless
    batch_run itself is told) in the place of a parameter called ``seed``. Mesa 4 has no ``batch_run``; ``run_ensemble``
    and ``sweep`` do the same and more.

    A model can be pickled or deep-copied at any step; the copy goes on to the same end, and neither touches the other.
    """

    def __init__(
        self,
        scenario: Scenario | str | Path = "libya-2020-01",
        seed: int | None = None,
        run: int = 0,
        *,
        uncertain: bool = False,
        rng: Any = None,
        **changes: Any,
    ) -> None:
        chosen = whole("seed", seed if seed is not None else rng if rng is not None else SEED)
        run = whole("run", run)
        if run < 0:
            raise ScenarioError(f"run: {run} is less than 0.")
        super().__init__(rng=abs(chosen))
        self._step_of_mesa = self.step
        self.step = self._step_or_fail  # type: ignore[method-assign]
        if not isinstance(scenario, Scenario):
            scenario = load_scenario(scenario)
        self._conflict = scenario.replace(changes) if changes else scenario
        self.run, self.seed, self.uncertain = run, chosen, uncertain
        if uncertain:
            drawn = sampled(self.scenario, self.seed, run, 1)
            self.world, self.state = _opened(self.scenario, {key: array[0] for key, array in drawn.items()})
        else:
            self.world, opening = _openings.of("opening", _opened, self.scenario)
            self.state = replace(opening)  # with a memory of its own
        self.luck = draw_run(self.world, self.seed, run)
        self._t = self.steps = 0
        self._actors = {
            name: next(kind for role, kind in BY_ROLE.items() if role in actor.roles)(self, name)
            for name, actor in self.scenario.actors.items()
        }
        self.datacollector = Collector(self.scenario)
        self.datacollector.collect(self)

    @property
    def scenario(self) -> Scenario:
        """The scenario that is run."""
        return self._conflict

    @scenario.setter
    def scenario(self, value: Any) -> None:
        # Mesa 3.5 gives every model an experimental scenario of its own under this name; it may keep it, elsewhere.
        if isinstance(value, Scenario):
            raise ScenarioError(
                "the scenario of a run is fixed: make a new ConflictModel, or change numbers with set()."
            )
        self._scenario = value

    def __repr__(self) -> str:
        truce = "a truce in force" if self.truce else "no truce"
        return (
            f"<ConflictModel {self.scenario.title!r}: run {self.run} of seed {self.seed}, "
            f"step {self._t} of {self.world.steps}, {self.date}, {truce}>"
        )

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{word}</th>" for word in ("actor", "roles", "stance", *counted()))
        rows = "".join(f"<tr>{_cells(actor)}</tr>" for actor in self)
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        return f"<p>{escape(repr(self)[1:-1])}</p>{table}"

    def __getitem__(self, name: str) -> Actor:
        if name not in self._actors:
            raise ScenarioError(f"no actor '{name}'.{nearest(str(name), self._actors)}")
        return self._actors[name]

    def __iter__(self) -> Iterator[Actor]:
        return iter(self._actors.values())

    def __contains__(self, actor: object) -> bool:
        return actor in self._actors or actor in self._actors.values()

    def step(self) -> None:
        """One step of the conflict."""
        if self._t >= self.world.steps:
            raise ScenarioError(f"the scenario ends on {self.date}, after {self.world.steps} steps.")
        self.state = advance(self.state, self._t, self.world, self.luck)
        self._t += 1
        self.steps = self._t  # Mesa 3 counts so too, Mesa 4 does not
        self.running = self._t < self.world.steps
        self.datacollector.collect(self)

    def _step_or_fail(self) -> None:
        """Mesa's step; or ours alone where that does nothing, as it does from 3.5 on once a step has failed."""
        before = self._t
        self._step_of_mesa()
        if self._t == before:
            type(self).step(self)

    @property
    def date(self) -> Date:
        """The day that the next step starts on."""
        return self.scenario.date_of(self._t)

    @property
    def truce(self) -> bool:
        """Whether a truce among all parties is in force."""
        return bool(among_all(self.state.truce))

    @property
    def truces(self) -> dict[str, bool]:
        """Whether a truce of each two parties is in force, such as ``{"LNA+GNA": True}``."""
        return dict(zip(pair_names(self.scenario), map(bool, self.state.truce), strict=True))

    @property
    def ended(self) -> dict[str, str]:
        """Whose truces ended in the step before, and how: ``broken``, ``lapsed`` or ``replaced``."""
        ended = zip(pair_names(self.scenario), map(int, self.state.ending), strict=True)
        return {pair: ENDINGS[how - 1] for pair, how in ended if how}

    @property
    def answers(self) -> dict[str, dict[str, float]]:
        """What was answered so far: offer to party to 1 accepted, 0.5 with conditions, 0 refused."""
        said = self.state.answer
        return {
            offer.id: {
                party: float(said[row, column])
                for column, party in enumerate(self.world.parties)
                if not np.isnan(said[row, column])
            }
            for row, offer in enumerate(self.world.offers)
            if not np.isnan(said[row]).all()
        }

    @property
    def happened(self) -> tuple[tuple[str, ...], ...]:
        """What took place in each step so far, by the names of the events; one without a name is ``event 3`` or so."""
        return tuple(tuple(event.id for event in answering.happening(self, step)) for step in range(self._t))

    def get(self, key: str) -> float:
        """A number of the state as it is now, such as ``model.get("ties.Turkey.GNA.support")``."""
        field, place = target_of(self.scenario, key)
        return float(getattr(self.state, field)[place])

    def set(self, key: str, value: float) -> None:
        """Change a number of the state in mid-run, as an event would: the next step goes on from there.

        Raises
        ------
        ScenarioError
            for a key that is not there, or a value outside its scale
        """
        field, place = target_of(self.scenario, key)
        variable, number = VARIABLES[field], float(value)
        if not variable.low <= number <= variable.high:
            raise ScenarioError(f"{key}: {number:g} is outside {variable.low:g} … {variable.high:g}.")
        self.state = put(self.state, Change(field, place, number, shift=False))

    def offer(
        self,
        sponsors: str | Sequence[str],
        to: str | Sequence[str] | None = None,
        *,
        form: str = "declared",
        kind: str = "call",
        monitoring: float = 0.0,
        terms: Mapping[str, float] | None = None,
        days: float | None = None,
        scope: float = 1.0,
        opponents: str | Sequence[str] = (),
    ) -> AnsweredOffer:
        """Make an offer by hand, here and now: it is answered as the state is, and the next step goes on from there.

        The answers come of the run's own random numbers: the first offer made by hand in this run has the same coins in
        every copy of it, the second has its own, and no other draw is touched. Where all who are asked say yes, a truce
        starts as for any offer, and ``model.answers`` has it as ``by hand 1`` and so on.

        Parameters
        ----------
        sponsors, opponents : actors that propose it, or speak against it
        to : parties that are asked; all if left out
        form : ``declared`` or ``signed``
        kind : ``call``, ``resolution``, ``mediated``, ``bilateral`` or ``unilateral``
        monitoring : 0 nobody watches … 1 full monitoring by third parties
        terms : what it puts forward, issue to a number from 0 to 100; any other issue stays as it is
        days : its term; open if left out
        scope : the share of the fighting that it would still, 0 … 1

        Raises
        ------
        ScenarioError
            for names that are not there, values out of range, or terms on what is no issue of the scenario
        """
        given = {"sponsors": sponsors, "to": to, "form": form, "kind": kind, "monitoring": monitoring, "terms": terms}
        given |= {"days": days, "scope": scope, "opponents": opponents}
        offer = by_hand.checked(self.scenario, self._t, by_hand.next_name(self.world), given)
        made = by_hand.put_on_table(offer, self.world, self.state, self.luck, self.seed, self.run)
        self.world, before, self.luck = made
        draws = self.luck.at(min(self._t, self.world.steps - 1))
        number = len(self.world.offers) - 1
        after = answer(before, number, None, draws, self.world)
        # Made before a step and not within one: the truce is in force in that step already, so that it counts.
        left = np.where(after.left == before.left, after.left, after.left - self.world.step_days)
        self.state = replace(after, left=left)
        result = as_answered(self.scenario, self.world, before, self.state, number, draws.answers[offer.id])
        return answering.answered(self, number, result)


def _opened(scenario: Scenario, values: Values | None = None) -> tuple[World, State]:
    """World and state at the start, read-only since models may share them, if there is memory for a run of them."""
    check_memory(scenario, 1)
    world, state = open_scenario(scenario, values)
    for array in vars(state).values():
        array.flags.writeable = False
    return world, state


def _cells(actor: Actor) -> str:
    """An actor as cells of a table."""
    words = [actor.name, ", ".join(actor.roles), f"{actor.stance:.1f}"]
    words += [f"{getattr(actor, field):.2f}" if isinstance(actor, Party) else "" for field in counted()]
    return "".join(f"<td>{escape(word)}</td>" for word in words)
