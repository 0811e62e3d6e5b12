"""A seat at the table in one run: offers of one's own, answers for a party, and moves that can be taken back."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from datetime import date as Date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.dynamics.state import State, World
from simulation.parameters import nearest
from simulation.questions.seat.asked import Asked
from simulation.questions.seat.moves import AS_THE_MODEL, GRADES, Move, offer_move, read_moves
from simulation.runs.agents import answering, by_hand
from simulation.runs.agents.model import SEED, ConflictModel
from simulation.runs.reasons import AnsweredOffer
from simulation.scenario.arguments import texts
from simulation.scenario.errors import ScenarioError, shown_as
from simulation.scenario.keys import named_events, occasions
from simulation.scenario.knowledge import day_of, in_words
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    from simulation.questions.finding import Finding


class Seat:
    """Sit at the table in one run of a scenario: as the mediator, who makes offers, or in the chair of a party.

    The run goes on as the scenario has it, and as that run of the ensemble, bit for bit, until somebody moves. Random
    numbers stay those of the run: another offer in place of the first meets the same world and the same coins.

    Parameters
    ----------
    scenario : a Scenario, or the path or name of one
    seed, run : which run of which ensemble
    party : whose chair it is; the mediator's if left out. In a party's chair the run stops before each step in which an
        offer asks the party, until ``answer`` is called.
    uncertain : draw the numbers that have low and high, as ``run(..., uncertain=True)`` does

    Raises
    ------
    ScenarioError
        for a scenario, run or party that will not do, and where nobody fights, so that nobody answers offers
    """

    def __init__(
        self,
        scenario: Scenario | str | Path = "libya-2020-01",
        seed: int = SEED,
        run: int = 0,
        *,
        party: str | None = None,
        uncertain: bool = False,
    ) -> None:
        self.model = ConflictModel(scenario, seed, run, uncertain=uncertain)
        """The run itself, to look at: ``seat.model["LNA"].stance``."""
        self.party = party
        self._moves: list[Move] = []
        self._made: dict[str, AnsweredOffer] = {}
        parties = self.scenario.parties
        if not parties:
            raise ScenarioError("nobody fights in this scenario, so that nobody can answer an offer.")
        if party is not None and party not in parties:
            raise ScenarioError(f"`party`: {shown_as(party)} is no party.{nearest(str(party), parties)}")

    @classmethod
    def replay(
        cls,
        scenario: Scenario | str | Path,
        moves: Sequence[Mapping[str, Any]],
        seed: int = SEED,
        run: int = 0,
        *,
        party: str | None = None,
        uncertain: bool = False,
    ) -> Seat:
        """The seat after these moves, bit for bit, where it made the last of them.

        Parameters
        ----------
        moves : as ``Seat.moves`` has them, or the same read from JSON; the others as for ``Seat``

        Raises
        ------
        ScenarioError
            that says which move cannot be made, and why
        """
        seat = cls(scenario, seed, run, party=party, uncertain=uncertain)
        seat._moves = read_moves(moves, seat.scenario.steps - 1)
        seat._redo(seat._moves[-1]["step"] if seat._moves else 0)
        return seat

    @property
    def scenario(self) -> Scenario:
        """The scenario that is run."""
        return self.model.scenario

    @property
    def date(self) -> Date:
        """The day that the next step starts on."""
        return self.model.date

    @property
    def running(self) -> bool:
        """Whether the scenario goes on."""
        return self.model.steps < self.scenario.steps

    @property
    def answers(self) -> dict[str, dict[str, float]]:
        """What was answered so far: offer to party to 1 accepted, 0.5 with conditions, 0 refused."""
        return self.model.answers

    @property
    def moves(self) -> list[Move]:
        """The moves so far, in order: plain tables, which ``json.dumps`` writes and ``Seat.replay`` takes."""
        return copy.deepcopy(self._moves)

    @property
    def asked(self) -> Asked | None:
        """The offer that waits for the party's answer in the step to come; None where none does."""
        number = self._open()
        if number is None or self.party is None:
            return None
        foreseen = answering.foreseen(self.model, number)
        alone = foreseen.result.sel(party=[self.party])
        return Asked(foreseen.id, alone.attrs["label"], self.party, AnsweredOffer(foreseen.id, alone))

    def step(self) -> Seat:
        """Let one step of the conflict pass.

        Raises
        ------
        ScenarioError
            where an offer waits for an answer, and at the end of the scenario
        """
        self._refuse_unanswered()
        self.model.step()
        return self

    def to(self, day: Date | str | int | None = None) -> Seat:
        """Go on to a day, or back to an earlier one, as it began; moves made from that day on are taken back.

        In a party's chair it goes no further than to the next offer that asks the party.

        Parameters
        ----------
        day : a date of the scenario, its text such as ``2020-01-12``, or a step by its number; the end if left out

        Raises
        ------
        ScenarioError
            for a day outside the scenario, and where an offer waits for an answer
        """
        target = self._step_of(day)
        if target < self.model.steps:
            self._moves = [move for move in self._moves if move["step"] < target]
            self._redo(target)
        while self.model.steps < target:
            self.step()
            if self._open() is not None:
                break
        return self

    def offer(
        self,
        sponsors: str | Sequence[str] | None = None,
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
        """Put an offer on the table at the start of the day; it is answered at once, and the run goes on from there.

        The first offer of a run has the same coins whatever is offered and whenever, the second has its own. In the
        chair of a party one offers what the party sponsors, and it accepts what it proposes.

        Parameters
        ----------
        sponsors : actors that propose it; in a party's chair the party, if left out

        Others and errors as for ``ConflictModel.offer``.
        """
        if not self.running:
            raise ScenarioError(f"the scenario ended on {in_words(self.date)}; to(DAY) goes back to an earlier day.")
        if any("answer" in move and move["step"] == self.model.steps for move in self._moves):
            raise ScenarioError(
                "an offer of yours comes first thing in the day, and today you have answered one already: step on, or "
                "take the answer back with back()."
            )
        voices = texts("sponsors", self.party or () if sponsors is None else sponsors) or []
        before = self.model.world
        if self.party is not None:
            if self.party not in voices:
                raise ScenarioError(
                    f"in the chair of {self.party} you speak for it: name it among the sponsors; others make offers in "
                    "the mediator's seat, Seat(...) without party."
                )
            answering.tell(self.model, by_hand.next_name(before), self.party, 1.0)
        given = {"form": form, "kind": kind, "monitoring": monitoring, "terms": terms, "days": days, "scope": scope}
        try:
            made = self.model.offer(voices, to, opponents=opponents, **given)  # type: ignore[arg-type]
        except ScenarioError:
            self.model.world = before
            raise
        world = self.model.world
        self._moves.append(offer_move(self.model.steps, world.offers[-1], world, self.scenario))
        self._made[made.id] = made
        return made

    def answer(self, word: str = AS_THE_MODEL) -> AnsweredOffer:
        """Answer for the party the offer that asks it; the others answer at the same time.

        Parameters
        ----------
        word : ``accept``, ``with conditions`` or ``refuse``; ``as the model`` has the party answer by itself

        Raises
        ------
        ScenarioError
            for another word, and where nobody asks
        """
        number = self._answer(word)
        return answering.foreseen(self.model, number)

    def back(self) -> Seat:
        """Take the last move back, and go to where it was made.

        Raises
        ------
        ScenarioError
            where there is no move
        """
        if not self._moves:
            raise ScenarioError("there is no move to take back; to(DAY) goes to an earlier day.")
        self._redo(self._moves.pop()["step"])
        return self

    def why(self, offer: str) -> AnsweredOffer:
        """What each party answered to an offer of this run, of the scenario's or of yours, and why.

        Raises
        ------
        ScenarioError
            for an offer that was not answered yet
        """
        if offer in self._made:
            return self._made[offer]
        if offer not in self.answers:
            raise ScenarioError(f"'{offer}' was not answered so far.{nearest(offer, self.answers)}")
        step = next(
            step
            for _, event in named_events(self.scenario)
            for name, step in occasions(self.scenario, event)
            if name == offer
        )
        earlier = self._again([move for move in self._moves if move["step"] <= step], step)
        number = [other.id for other in earlier.model.world.offers].index(offer)
        return answering.foreseen(earlier.model, number)

    def score(self, runs: int = 1000, *, progress: Callable[[int], None] | None = None) -> Finding:
        """What the moves came to, the run gone on to its end by itself.

        Beside it stand the same run without any move, what was observed, and the ensemble: days with a truce, whether
        one is in force at the end, answers that were a yes, offers agreed on, and how far the terms agreed last lie
        from what each party wants.

        Parameters
        ----------
        runs : of the ensemble, with the seed of this run
        progress : called with the number of these done so far
        """
        from simulation.questions.seat.score import score

        return score(self, runs, progress)

    def course(self) -> tuple[World, list[State]]:
        """The run from its start to its end, with the moves so far and by itself from there.

        Returns
        -------
        the world with every offer that was made, and the state as each step begins, before any move, and at the end
        """
        other, moves, states = self._again([], 0), self.moves, []
        for step in range(self.scenario.steps):
            states.append(other.model.state)
            while moves and moves[0]["step"] == step:
                other._make(moves.pop(0))
            other.model.step()
        states.append(other.model.state)
        return other.model.world, states

    def __repr__(self) -> str:
        who = "the mediator" if self.party is None else self.scenario.labels[self.party]
        at, steps = self.model.steps, self.scenario.steps
        made = f"{len(self._moves)} move{'' if len(self._moves) == 1 else 's'}"
        number = self._open()
        waits = "" if number is None else f"; '{self.model.world.offers[number].id}' waits for an answer"
        truce = "a truce in force" if self.model.truce else "no truce"
        return (
            f"<Seat of {who} in run {self.model.run} of seed {self.model.seed}: {in_words(self.date)}, step {at} of "
            f"{steps}, {truce}, {made}{waits}>"
        )

    def _step_of(self, day: Date | str | int | None) -> int:
        scenario = self.scenario
        if isinstance(day, int):
            if not 0 <= day <= scenario.steps:
                raise ScenarioError(f"`day`: step {day} is outside the scenario, 0 to {scenario.steps}.")
            return day
        end = scenario.date_of(scenario.steps)
        when = end if day is None else day_of(day, "day")
        if not scenario.start <= when <= end:
            raise ScenarioError(f"`day`: {when} is outside the scenario, {scenario.start} to {end}.")
        return scenario.steps if when == end else scenario.step_of(when)

    def _open(self) -> int | None:
        """The first offer of the step to come that the party has still to answer."""
        if self.party is None:
            return None
        world, step = self.model.world, self.model.steps
        done = {move["to"] for move in self._moves if move["step"] == step and "answer" in move}
        column = world.parties.index(self.party)
        for number in answering.due(self.model):
            offer = world.offers[number]
            told = world.told.get(offer.id)
            by_history = told is not None and not np.isnan(told[column])
            if offer.addressed[column] and offer.id not in done and not by_history:
                return number
        return None

    def _answer(self, word: str) -> int:
        """Write an answer down; the place of the offer that it is to."""
        number = self._open()
        if number is None or self.party is None:
            raise ScenarioError(
                'a mediator makes offers and answers none: Seat(..., party="NAME") sits in the chair of a party.'
                if self.party is None
                else f"{self.party} is asked nothing on {in_words(self.date)}; to(DAY) stops where it is."
            )
        if not isinstance(word, str) or word not in GRADES:
            raise ScenarioError(f"`answer`: {shown_as(word)} will not do.{nearest(str(word), GRADES)}")
        name, grade = self.model.world.offers[number].id, GRADES[word]
        if grade is not None:
            answering.tell(self.model, name, self.party, grade)
        self._moves.append({"step": self.model.steps, "to": name, "answer": word})
        return number

    def _refuse_unanswered(self) -> None:
        number = self._open()
        if number is not None:
            raise ScenarioError(
                f"'{self.model.world.offers[number].id}' asks {self.party} on {in_words(self.date)}: answer "
                '"accept", "with conditions" or "refuse" first; answer() does as the model would.'
            )

    def _again(self, moves: Sequence[Move], step: int) -> Seat:
        """Another seat in the same run, with these moves, at a step that is not before the last of them."""
        model = self.model
        other = Seat(self.scenario, model.seed, model.run, party=self.party, uncertain=model.uncertain)
        other._moves = list(moves)
        other._redo(step)
        return other

    def _redo(self, step: int) -> None:
        """Go through the run anew, with the moves there are, to a step."""
        model, moves = self.model, self._moves
        self.model = ConflictModel(self.scenario, model.seed, model.run, uncertain=model.uncertain)
        self._moves, self._made = [], {}
        for number, move in enumerate(moves, 1):
            try:
                self._make(move)
            except ScenarioError as error:
                raise ScenarioError(f"move {number}: {error}") from None
        while self.model.steps < step:
            self.step()

    def _make(self, move: Move) -> None:
        while self.model.steps < move["step"]:
            self.step()
        if "offer" in move:
            self.offer(**move["offer"])
            return
        number = self._open()
        asked = None if number is None else self.model.world.offers[number].id
        if asked is not None and asked != move["to"]:
            raise ScenarioError(f"{self.party} is asked about '{asked}' first, not about {shown_as(move['to'])}.")
        self._answer(move["answer"])
