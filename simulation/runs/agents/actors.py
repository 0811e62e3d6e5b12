"""The actors of a conflict as Mesa agents, by role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

if TYPE_CHECKING:
    from simulation.runs.agents.model import ConflictModel


class Actor(mesa.Agent):
    """Somebody with a stance on an immediate ceasefire.

    What it holds lives in the model's state: reading an attribute reads the state as it is now, setting one changes it,
    and the next step goes on from there.
    """

    model: ConflictModel

    def __init__(self, model: ConflictModel, name: str) -> None:
        super().__init__(model)
        actor = model.scenario.actors[name]
        self.name = name
        self.full_name = actor.name or name
        self.roles = actor.roles
        self.side = actor.side
        self.place = model.world.actors.index(name)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}: stance {self.stance:.1f}>"

    @property
    def stance(self) -> float:
        """Position on an immediate ceasefire: 0 fight on to victory … 100 stop now.

        An actor whose stance is set also wants that much more, or less, from then on: its ``base`` moves along.
        """
        return float(self.model.state.stance[self.place])

    @stance.setter
    def stance(self, value: float) -> None:
        self.model.set(f"actors.{self.name}.stance", value)

    @property
    def base(self) -> float:
        """The stance it would take by itself if the war stood even and nobody were tired."""
        return float(self.model.state.base[self.place])

    @base.setter
    def base(self, value: float) -> None:
        self.model.set(f"actors.{self.name}.base", value)

    @property
    def salience(self) -> float:
        """Share of attention and means spent on the issue, 0 … 100."""
        return float(self.model.state.salience[self.place])

    @salience.setter
    def salience(self, value: float) -> None:
        self.model.set(f"actors.{self.name}.salience", value)

    @property
    def influence(self) -> float:
        """What it can bring to bear if it wants to, 0 … 100."""
        return float(self.model.state.influence[self.place])

    @influence.setter
    def influence(self, value: float) -> None:
        self.model.set(f"actors.{self.name}.influence", value)

    @property
    def ideal(self) -> float:
        """What it wants by itself as the war stands, 0 … 100, as of the last step."""
        return float(self.model.state.ideal[self.place])


class Party(Actor):
    """An actor that fights, and can accept or refuse."""

    def _read(self, field: str) -> float:
        return float(getattr(self.model.state, field)[self.model.world.parties.index(self.name)])

    @property
    def control(self) -> float:
        """Share of the contested ground."""
        return self._read("control")

    @property
    def momentum(self) -> float:
        """Recent mean change of control, share per day."""
        return self._read("momentum")

    @property
    def exhaustion(self) -> float:
        """0 fresh … 1 spent."""
        return self._read("exhaustion")

    @property
    def distrust(self) -> float:
        """What past breaches take from its willingness to accept, in stance points."""
        return self._read("distrust")

    @property
    def answers(self) -> dict[str, Any]:
        """Its answers so far, by offer: True accepted, False refused."""
        return {offer: said[self.name] for offer, said in self.model.answers.items() if self.name in said}


class Backer(Actor):
    """A state that fights or pays for a party."""


class Mediator(Actor):
    """Somebody who proposes and talks."""


class Proxy(Actor):
    """Fighters whom another actor sends."""


class Ally(Actor):
    """A domestic force or authority on a party's side."""


BY_ROLE: dict[str, type[Actor]] = {
    "party": Party,
    "backer": Backer,
    "mediator": Mediator,
    "proxy": Proxy,
    "ally": Ally,
}
"""An actor with several roles is of the first of these that it holds."""
