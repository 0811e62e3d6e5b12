"""The actors of a conflict as Mesa agents, by role; what a file says of them is ``simulation.scenario.Actor``."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

import mesa

from simulation.dynamics.variables import VARIABLES, Variable, Whose
from simulation.parameters import nearest

if TYPE_CHECKING:
    from simulation.runs.agents.model import ConflictModel


class Number:
    """An attribute of an actor that is its number in the state."""

    def __init__(self, variable: Variable) -> None:
        self.variable = variable
        ends = f", {variable.low:g} … {variable.high:g}" if math.isfinite(variable.width) else ""
        self.__doc__ = f"{variable.meaning} ({variable.unit}{ends})"

    def __get__(self, actor: Actor | None, owner: type[Actor]) -> Any:
        if actor is None:
            return self
        own = actor.place if self.variable.of == "actor" else actor.model.world.parties.index(actor.name)
        return float(getattr(actor.model.state, self.variable.name)[own])

    def __set__(self, actor: Actor, value: float) -> None:
        if not self.variable.settable:
            raise AttributeError(f"{self.variable.name} comes of the war and cannot be set")
        actor.model.set(f"actors.{actor.name}.{self.variable.name}", value)


Kind = TypeVar("Kind")


def with_numbers(whose: Whose) -> Callable[[type[Kind]], type[Kind]]:
    """Give a class an attribute for every variable that belongs to these."""

    def give(kind: type[Kind]) -> type[Kind]:
        for variable in VARIABLES.values():
            if variable.of == whose:
                setattr(kind, variable.name, Number(variable))
        return kind

    return give


class Counters(WeakKeyDictionary[mesa.Model, Any]):
    """What counts the agents of each model; Mesa 3.3 has one too, which holds every model for good."""

    def __getitem__(self, model: mesa.Model) -> Any:
        return self.setdefault(model, itertools.count(1))


@with_numbers("actor")
class Actor(mesa.Agent):
    """Somebody with a stance on an immediate ceasefire.

    What it holds lives in the model's state: reading an attribute reads the state as it is now, setting one changes it,
    and the next step goes on from there. There is an attribute for every variable of ``simulation.dynamics.variables``
    that is an actor's. An actor whose stance is set also wants that much more, or less, from then on: its ``base``
    moves along.
    """

    _ids = Counters()
    model: ConflictModel
    stance: float
    base: float
    salience: float
    influence: float
    ideal: float

    def __init__(self, model: ConflictModel, name: str) -> None:
        super().__init__(model)
        actor = model.scenario.actors[name]
        self.name = name
        self.full_name = actor.name or name
        self.roles = actor.roles
        self.side = actor.side
        self.place = model.world.actors.index(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if "place" in self.__dict__ and not name.startswith("_") and not hasattr(self, name):
            numbers = [other for other in VARIABLES if hasattr(self, other)]
            raise AttributeError(f"{self.name} has no '{name}'.{nearest(name, numbers)}")
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}: stance {self.stance:.1f}>"


@with_numbers("party")
class Party(Actor):
    """An actor that fights, and can accept or refuse, with an attribute for every variable that is a party's."""

    strength: float
    control: float
    momentum: float
    exhaustion: float
    distrust: float
    squeeze: float

    @property
    def answers(self) -> dict[str, Any]:
        """Its answers so far, by offer: 1 accepted, 0.5 with conditions, 0 refused."""
        return {offer: said[self.name] for offer, said in self.model.answers.items() if self.name in said}


class Backer(Actor):
    """A state that fights or pays for a party."""


class Mediator(Actor):
    """Somebody who proposes and talks."""


class Proxy(Actor):
    """Fighters whom another actor sends."""


class Ally(Actor):
    """A domestic force or authority on a party's side."""


class Negotiator(Actor):
    """Somebody with a position, where nobody fights."""


BY_ROLE: dict[str, type[Actor]] = {
    "party": Party,
    "backer": Backer,
    "mediator": Mediator,
    "proxy": Proxy,
    "ally": Ally,
    "negotiator": Negotiator,
}
"""An actor with several roles is of the first of these that it holds."""
