"""Made-up conflicts of 2 to 4 parties and up to 12 actors, in which one thing changes while one party is watched.

Each has something to haggle over and one offer, so that until it is answered two versions of a conflict run with the
same luck differ by the change alone; and what is compared is the chance of a yes given everything before, not a count
of yeses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace as with_fields
from datetime import date, timedelta
from typing import Any

import numpy as np
from hypothesis import strategies as st

from simulation.dynamics.answers import KINDS, OfferOnTable
from simulation.dynamics.randomness import draw as draw_luck
from simulation.dynamics.simulate import History, spread
from simulation.dynamics.state import Array, State, World
from simulation.dynamics.step import advance
from simulation.dynamics.truce import bound
from simulation.runs.ensemble import blocks
from simulation.runs.setup import open_scenario
from simulation.scenario import Scenario
from simulation.scenario.writing import as_tables

RUNS = 6
"""Runs of each version of a conflict, in the same luck."""

AFTER = 8
"""Steps that a conflict goes on from its offer."""

START = date(2020, 1, 1)

QUIET = {"coefficients.opinion.noise": 0.0, "coefficients.battle.noise": 0.0}

FACTION = {
    "roles": ["party"],
    "stance": 40,
    "base": 40,
    "salience": 80,
    "influence": 40,
    "control": 0,
    "exhaustion": 0.1,
    "assumed": "made up",
}
"""Another party, but for its strength."""


@dataclass(frozen=True)
class Conflict:
    """A scenario, and who is looked at."""

    scenario: Scenario
    party: str  # whose answer is watched
    backer: str  # an outsider with a tie to it
    rival: str  # another party
    patron: str  # an outsider with a tie to the rival
    seed: int

    @property
    def sponsors(self) -> tuple[str, ...]:
        """Who proposes the offer."""
        return self.scenario.events[1].offer.sponsors

    @property
    def opponents(self) -> tuple[str, ...]:
        """Who speaks against the offer."""
        return self.scenario.events[1].offer.opponents

    def run(self, changes: Mapping[str, float] | None = None) -> History:
        """The runs of the conflict with some of its numbers changed, always in the same luck."""
        values = {key: np.full(RUNS, float(value)) for key, value in (changes or {}).items()}
        return next(blocks(self.scenario, RUNS, self.seed, values=values))

    def chances(self, changes: Mapping[str, float] | None = None) -> Array:
        """The chances of a yes, and of one without conditions, of all who are asked: (2, RUNS, parties asked)."""
        history = self.run(changes)
        chance = np.stack([history.chance, history.full])[:, :, 0, :]
        return chance[..., ~np.isnan(chance[0, 0])]

    def chance(self, changes: Mapping[str, float] | None = None) -> Array:
        """The chances that the watched party says yes, and says so without conditions, shape (2, RUNS)."""
        history, party = self.run(changes), self.scenario.parties.index(self.party)
        return np.stack([history.chance, history.full])[:, :, 0, party]

    def in_force(self, changes: Mapping[str, float] | None = None) -> Array:
        """Whether the truce binds all whom the offer would bind, shape (steps + 1, RUNS)."""
        world, _ = open_scenario(self.scenario)
        return self.run(changes).pair_truce[..., bound(world.offers[0], world)].all(axis=-1)

    def when_asked(self) -> tuple[State, OfferOnTable, World]:
        """The state of the runs when the offer comes on the table, before anybody has answered."""
        world, state = open_scenario(self.scenario)
        luck = draw_luck(world, self.seed, 0).of(slice(0, RUNS))
        state = spread(state, RUNS)
        for t in range(self.scenario.steps - AFTER):
            state = advance(state, t, world, luck)
        return state, world.offers[0], world

    def replace(self, changes: dict[str, Any]) -> Conflict:
        """The same conflict with keys changed that are not numbers."""
        return with_fields(self, scenario=self.scenario.replace(changes))

    def joined_by(self, name: str, actor: dict[str, Any]) -> Conflict:
        """The same conflict with another actor at the end of the list."""
        tables = as_tables(self.scenario)
        tables["actors"][name] = actor
        return with_fields(self, scenario=Scenario.model_validate(tables))

    def tied(self, source: str, target: str, **numbers: float) -> Conflict:
        """The same conflict with another tie."""
        tables = as_tables(self.scenario)
        tables["ties"] = [*tables["ties"], {"from": source, "to": target, **numbers, "assumed": "made up"}]
        return with_fields(self, scenario=Scenario.model_validate(tables))

    def alone(self, name: str) -> dict[str, float]:
        """The changes that leave an outsider without anybody's ear but its own, and without a client's fortunes."""
        ties = [tie for tie in self.scenario.ties if name in (tie.source, tie.target)]
        deaf = {f"ties.{tie.source}.{name}.leverage": 0.0 for tie in ties if tie.target == name}
        loose = {f"ties.{name}.{tie.target}.follows": 0.0 for tie in ties if tie.source == name and tie.follows}
        return deaf | loose


def between(low: float, high: float) -> st.SearchStrategy[float]:
    """Twenty-one round numbers from low to high, so that what fails can be read."""
    return st.integers(0, 20).map(lambda part: round(low + (high - low) * part / 20, 6))


points = between(0, 100)
share = between(0, 1)


@st.composite
def conflicts(draw: st.DrawFn, *, camps: bool = False, parties: int = 2) -> Conflict:
    """A conflict in which anybody may lean on anybody, and follow anybody's fortunes.

    With ``camps``, every outsider belongs to a party's camp or is neutral. An actor is leant on by its own camp and by
    neutrals, a neutral by neutrals only; and only its own camp follows a party's fortunes. So what the war does to the
    others does not come back to the watched party through those who advise it. There are 2 to 4 ``parties``, or at
    least as many as given.
    """
    fighting = [f"Party{number}" for number in range(draw(st.integers(parties, 4)))]
    outsiders = [f"Outsider{number}" for number in range(draw(st.integers(2, 12 - len(fighting))))]
    party, rival = draw(st.permutations(fighting))[:2]
    backer, patron = outsiders[:2]
    names = draw(st.permutations([*fighting, *outsiders]))
    camp = {name: draw(st.sampled_from([*fighting, "neutral"])) for name in outsiders}
    camp |= {name: name for name in fighting} | {backer: party, patron: rival}
    actors = {name: draw(an_actor(name in fighting)) for name in names}
    ground = [draw(st.integers(1, 10)) for _ in fighting]
    for name, part in zip(fighting, ground, strict=True):
        actors[name]["control"] = part / sum(ground)
    pairs = [
        (source, target)
        for source in names
        for target in names
        if source != target and (not camps or camp[source] in (camp[target], "neutral"))
    ]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=16))
    ties = []
    for source, target in dict.fromkeys([(backer, party), (patron, rival), *chosen]):
        tie = {"from": source, "to": target, "leverage": draw(share), "assumed": "made up"}
        if target in fighting:
            tie |= {"support": draw(between(0, 2)), "pledge": draw(between(0, 2)), "follows": 0.0}
            if not camps or camp[source] == target:
                tie["follows"] = draw(share)
        ties.append(tie)
    issues = ["line", "oil"][: draw(st.integers(1, 2))]
    wants = []
    for name in fighting:
        weights = [1.0] if len(issues) == 1 else [part := draw(share), round(1 - part, 6)]
        for issue, weight in zip(issues, weights, strict=True):
            wants.append({"party": name, "issue": issue, "want": draw(points), "weight": weight, "assumed": "made up"})
    speakers = draw(st.lists(st.sampled_from(names), unique=True, min_size=1, max_size=4))
    proposing = draw(st.integers(1, len(speakers)))
    asked = {party, *draw(st.lists(st.sampled_from(fighting), unique=True))}
    offer = {
        "id": "offer",
        "sponsors": speakers[:proposing],
        "opponents": speakers[proposing:],
        "to": [name for name in fighting if name in asked],
        "form": draw(st.sampled_from(["declared", "signed"])),
        "monitoring": draw(share),
        "kind": draw(st.sampled_from(KINDS)),
        "scope": draw(between(0.1, 1)),
        "terms": {issue: draw(points) for issue in issues[: draw(st.integers(1, len(issues)))]},
    }
    term = draw(st.one_of(st.none(), st.integers(1, 40)))
    if term is not None:
        offer["days"] = term
    step_days, before = draw(st.sampled_from([1, 3, 7])), draw(st.integers(0, 6))
    waits = draw(st.sampled_from([0, 0, 0, 2, 10]))
    if waits:
        offer["begins"] = START + timedelta(days=before * step_days + waits)
    shocked = max(0, before - draw(st.integers(0, 1)))
    nothing = {f"actors.{name}.{field}": 0.0 for name in fighting for field in ("control", "exhaustion")}
    scenario = Scenario.model_validate(
        {
            "title": "A made-up conflict",
            "start": START,
            "step_days": step_days,
            "steps": before + AFTER,
            "actors": actors,
            "ties": ties,
            "issues": {issue: {"now": draw(points)} for issue in issues},
            "wants": wants,
            "coefficients": draw(some_coefficients()),
            "events": [
                {"on": START + timedelta(days=shocked * step_days), "id": "shock", "add": nothing},
                {"on": START + timedelta(days=before * step_days), "offer": offer},
            ],
        }
    )
    return Conflict(scenario, party, backer, rival, patron, seed=draw(st.integers(0, 99)))


@st.composite
def some_coefficients(draw: st.DrawFn) -> dict[str, dict[str, float]]:
    """Coefficients of what is new and may be off by default: terms, conditions, bars, moods, and truces that age."""
    return {
        "answers": {
            "content": draw(points),
            "reserve": draw(between(0, 20)),
            "bar_mediated": draw(between(-20, 20)),
            "bar_signed": draw(between(-20, 20)),
            "mood_half_life": draw(st.sampled_from([0, 10, 60])),
        },
        "truces": {
            "shape": draw(st.sampled_from([1.0, 0.5, 0.3])),
            "shift": draw(st.sampled_from([0.0, 1.0, 5.0])),
        },
    }


@st.composite
def an_actor(draw: st.DrawFn, fights: bool) -> dict[str, Any]:
    """The table of one actor."""
    table: dict[str, Any] = {
        "roles": ["party" if fights else "backer"],
        "stance": draw(points),
        "salience": draw(points),
        "influence": draw(points),
        "base": draw(between(-20, 120)),
        "assumed": "made up",
    }
    if fights:
        table |= {"strength": draw(between(1, 100)), "exhaustion": draw(share), "distrust": draw(between(0, 40))}
        table |= {"squeeze": draw(between(0, 0.01))}
    return table
