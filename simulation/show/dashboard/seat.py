"""A seat at the table on the page: what a visitor's moves come to, in words and fragments of HTML."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from functools import partial
from typing import Any, get_args

from simulation.dynamics.answers import Kind
from simulation.questions.finding import Table
from simulation.questions.seat import Seat
from simulation.questions.seat.moves import Move
from simulation.runs.agents.answering import label_of
from simulation.runs.agents.by_hand import NAME
from simulation.runs.reasons import cells
from simulation.scenario.errors import ScenarioError
from simulation.scenario.keys import occasions
from simulation.scenario.knowledge import in_words
from simulation.scenario.labels import ANSWERS, issue_labels, pair_label, step_label
from simulation.scenario.schema import Scenario
from simulation.show.dashboard import markup
from simulation.show.dashboard.settings import BOUNDS
from simulation.show.dashboard.views import View
from simulation.show.templates import fill, fragment

MOST_MOVES = 100
"""Moves that are made for a visitor."""

KINDS: dict[Kind, str] = {
    "call": "a call from outside",
    "resolution": "a resolution of an international body",
    "mediated": "mediated, worked out with the parties",
    "bilateral": "of one party to another",
    "unilateral": "a halt by one side, that asks the other to do likewise",
}
"""How an offer came about, in words."""
assert {*KINDS} == {*get_args(Kind)}

_part = partial(fragment, "dashboard/seat_parts.html")


def page(view: View, wrong: list[str]) -> str:
    """The page on which one sits at the table of the scenario."""
    scenario = view.scenario
    return fill(
        "dashboard/seat.html",
        view=view,
        wrong=wrong,
        bounds=BOUNDS,
        parties={name: scenario.labels[name] for name in scenario.parties},
        actors=scenario.labels,
        kinds=KINDS,
        issues=_issues(scenario),
        last=scenario.steps,
    )


def _issues(scenario: Scenario) -> list[tuple[str, str, str, str]]:
    """The issues on which terms count: key, title, and what 0 and 100 mean."""
    said = scenario.issues if isinstance(scenario.issues, dict) else {}
    titles = issue_labels(scenario)
    return [(key, titles[key], said[key].low or "", said[key].high or "") for key in scenario.stakes]


def seated(view: View, chair: str, moves: str) -> Seat:
    """The seat after a visitor's moves, at the step of the settings, or where an offer waits for an answer before.

    Parameters
    ----------
    chair : the party whose it is, or nothing: the mediator's
    moves : JSON, as ``Seat.moves`` has them

    Raises
    ------
    ScenarioError
        for moves that cannot be made
    """
    try:
        made = json.loads(moves or "[]")
    except (ValueError, RecursionError):
        raise ScenarioError("moves: this is no list of moves, as the address of a seat has it.") from None
    if isinstance(made, list) and len(made) > MOST_MOVES:
        raise ScenarioError(f"moves: {len(made)}; at most {MOST_MOVES} would do.")
    settings = view.settings
    seat = Seat.replay(view.scenario, made, settings.seed, settings.run, party=chair or None)
    return seat if seat.asked or seat.model.steps >= settings.step else seat.to(settings.step)


def state(view: View, chair: str, moves: str) -> dict[str, Any]:
    """Where a seat is: fragments of HTML, and what the script has to know."""
    seat = seated(view, chair, moves)
    scenario, step = seat.scenario, seat.model.steps
    truce = "A truce is in force." if seat.model.truce else "No truce is in force."
    truces = seat.model.truces
    if len(truces) > 1 and (some := [pair for pair, here in truces.items() if here]):
        truce = f"Truces are in force: {', '.join(pair_label(pair, scenario.labels) for pair in some)}."
    where = f"{in_words(seat.date)}, step {step} of {scenario.steps}"
    asked = seat.asked
    answered = _answered(seat)
    latest = answered[0] if answered else None
    said = [f"{where}. {truce}"]
    if latest:
        said.append(f"Last answered: {latest['label']}: {latest['said']}.")
    if asked:
        said.append(f"You are asked: {asked.label}.")
    question = None
    if asked:
        question = {
            "label": asked.label,
            "offer": asked.offer,
            "who": _who(seat, asked.offer),
            "chance": f"{100 * asked.chance:.0f} %",
            "why": [(False, _reasons(scenario, asked.result))],
        }
    return {
        "html": _part("state", where, truce, _standing(seat), question, answered, _moves(scenario, seat.moves)),
        "said": " ".join(said),
        "step": step,
        "last": scenario.steps,
        "next": _next(seat),
        "asked": asked.offer if asked else "",
        "moves": seat.moves,
    }


def why(view: View, chair: str, moves: str, offer: str) -> dict[str, Any]:
    """What each party answered to an offer, and why, as a fragment of HTML."""
    answered = seated(view, chair, moves).why(offer)
    return {"html": markup.finding([_reasons(view.scenario, answered.result)])}


def score(view: View, chair: str, moves: str, progress: Callable[[int], None]) -> dict[str, Any]:
    """What the moves came to, in words, and as a picture with its alternative text."""
    finding = seated(view, chair, moves).score(view.runs, progress=progress)
    days = finding.summary["measures"][0]
    alt = (
        f"Histogram of days with a truce over {view.runs} runs: median {days['runs_middle']:g}, nine in ten from "
        f"{days['runs_low']:g} to {days['runs_high']:g}. With the moves {days['with_moves']:g}, without them "
        f"{days['without_moves']:g}"
    )
    alt += "." if days["observed"] is None else f", observed {days['observed']:g}."
    return {"html": markup.finding(finding.words), "said": str(finding.words[0]), "alt": alt, "result": finding.result}


def picture(result: Any) -> bytes:
    """The picture of a score as SVG."""
    from simulation.show.plots.seat import figures

    file = io.BytesIO()
    figures(result)["seat"].savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()


def _reasons(scenario: Scenario, result: Any) -> Table:
    """Why parties answered as they did, as a table."""
    return Table(("stance points", *(scenario.labels[str(party)] for party in result.party.values)), cells(result))


def _who(seat: Seat, offer: str) -> str:
    """Who proposes an offer."""
    world = seat.model.world
    made = next(other for other in world.offers if other.id == offer)
    return ", ".join(seat.scenario.labels[world.actors[place]] for place in made.sponsors)


def _answered(seat: Seat) -> list[dict[str, str]]:
    """The offers that were answered, the latest first."""
    scenario, model = seat.scenario, seat.model
    own = [move["step"] for move in seat.moves if "offer" in move]
    when = {name: (step, 1) for event in scenario.events for name, step in occasions(scenario, event)}
    when |= {f"{NAME} {number}": (step, 0) for number, step in enumerate(own, 1)}  # first thing in the day
    names, found = list(seat.answers), []
    for name in sorted(names, key=lambda name: (*when[name], names.index(name)), reverse=True):
        row = [offer.id for offer in model.world.offers].index(name)
        words = [
            f"{scenario.labels[party]} {ANSWERS[grade]} (chance of a yes "
            f"{100 * float(model.state.chance[row, model.world.parties.index(party)]):.0f} %)"
            for party, grade in seat.answers[name].items()
        ]
        mine = when[name][1] == 0
        found.append(
            {
                "id": name,
                "label": f"Your offer {name.rpartition(' ')[2]}" if mine else label_of(model, name),
                "when": in_words(scenario.date_of(when[name][0])),
                "who": _who(seat, name),
                "said": ", ".join(words),
                "mine": "mine" if mine else "",
            }
        )
    return found


def _standing(seat: Seat) -> list[tuple[str, str, str, str]]:
    """How each party stands: stance, share of the ground, exhaustion."""
    found = []
    for name in seat.scenario.parties:
        party: Any = seat.model[name]
        found.append(
            (
                seat.scenario.labels[name],
                f"{party.stance:.0f}",
                f"{100 * party.control:.0f} %",
                f"{100 * party.exhaustion:.0f} %",
            )
        )
    return found


def _moves(scenario: Scenario, moves: list[Move]) -> list[str]:
    """The moves in words, in order."""
    titles, said = issue_labels(scenario), []
    for move in moves:
        when = step_label(scenario, move["step"])
        if "answer" in move:
            said.append(f"{when}: you answer '{move['to']}': {move['answer']}.")
            continue
        offer = move["offer"]
        who = ", ".join(scenario.labels[name] for name in offer["sponsors"])
        more = [KINDS[offer.get("kind", "call")]]
        more += ["signed"] if offer.get("form") == "signed" else []
        more += [f"monitoring {offer['monitoring']:g}"] if "monitoring" in offer else []
        more += [f"{titles[issue]} {point:g}" for issue, point in offer.get("terms", {}).items()]
        more += [f"for {offer['days']:g} days"] if "days" in offer else []
        more += [f"stills {100 * offer['scope']:g} % of the fighting"] if "scope" in offer else []
        more += [f"to {', '.join(scenario.labels[name] for name in offer['to'])} alone"] if "to" in offer else []
        against = ", ".join(scenario.labels[name] for name in offer.get("opponents", ()))
        more += [f"{against} against it"] if against else []
        said.append(f"{when}: {who} offer: {'; '.join(more)}.")
    return said


def _next(seat: Seat) -> int:
    """The step after the next one in which the scenario has an offer; the last one where there is none."""
    steps = [step for event in seat.scenario.events for _, step in occasions(seat.scenario, event)]
    return min((step + 1 for step in steps if step >= seat.model.steps), default=seat.scenario.steps)
