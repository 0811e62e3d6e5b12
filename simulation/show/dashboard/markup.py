"""The words and tables of the page as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from simulation.dynamics.answers import ACCEPTED, CONDITIONAL, REFUSED
from simulation.runs.agents.snapshots import Snapshot, how_it_ended
from simulation.runs.results import makes_conditions
from simulation.runs.results.wording import percent
from simulation.scenario.labels import step_label
from simulation.scenario.schema import Scenario
from simulation.show.dashboard.comparison import Difference, Outcome, points, rows
from simulation.show.dashboard.sliders import Slider
from simulation.show.templates import fragment

SAYS = {REFUSED: "refuses", CONDITIONAL: "accepts with conditions", ACCEPTED: "accepts"}

_fragment = partial(fragment, "dashboard/fragments.html")


def heading(title: str, question: str) -> str:
    """The title, and what is asked."""
    return _fragment("heading", title, question)


def part(title: str) -> str:
    """The title of a part of the page."""
    return _fragment("part", title)


def section(title: str) -> str:
    """The title of a part of the side bar."""
    return _fragment("section", title)


def paragraph(text: str) -> str:
    """A sentence by itself."""
    return _fragment("paragraph", text)


def small(text: str) -> str:
    """A remark."""
    return _fragment("small", text)


def bullets(sentences: Sequence[str], kind: str = "") -> str:
    """Sentences, one below the other."""
    return _fragment("bullets", sentences, kind)


def findings(said: Sequence[str], changes: Sequence[str], table: str, note: str) -> str:
    """What the runs say, beside the table of answers.

    Parameters
    ----------
    changes : sentences on what the changes did, if anything was moved
    table : of ``table_answers``, or nothing
    """
    return _fragment("findings", said, changes, table, note)


@dataclass(frozen=True, slots=True)
class Chance:
    """A cell of the table of answers: a chance, its interval, and what it gained over the unchanged scenario."""

    share: str
    interval: str
    bar: str  # per cent of the cell's width
    full: str = ""  # of an answer that may come with conditions: the chance of one without
    full_bar: str = ""  # per cent of the cell's width, of the darker bar
    gain: str = ""
    kind: str = ""  # of gain: up, down or same


def table_answers(outcome: Outcome, gaps: Mapping[str, Difference], changed: bool) -> str:
    """Who accepts what in how many runs, with what that gained over the unchanged scenario."""
    parties, truce = list(outcome.scenario.parties), outcome.summary["truce"]
    conditions = makes_conditions(outcome.summary)
    offers = [
        (offer, [_chance(*asked[party], changed, conditions) if party in asked else None for party in parties])
        for offer, asked in rows(outcome, gaps)
    ]
    truces = [
        (words, _chance(truce[key], gaps.get(f"truce.{key}"), changed))
        for words, key in (("A truce starts", "starts"), ("A truce is in force at the end", "holds_to_end"))
    ]
    return _fragment("answers", [outcome.scenario.labels[party] for party in parties], offers, truces)


def _chance(value: Mapping[str, Any], gap: Difference | None, changed: bool, conditions: bool = False) -> Chance:
    share, _, interval = percent(value).partition(" (")
    bar = f"{100 * (value['chance'] or 0):.0f}"
    full, full_bar = "", ""
    if conditions and value["chance"] is not None:
        full, full_bar = percent(value["full"]).partition(" (")[0], f"{100 * value['full']['chance']:.0f}"
    if not changed or gap is None:
        return Chance(share, interval, bar, full, full_bar)
    kind = "same" if not gap.clear else "up" if gap.value > 0 else "down"
    return Chance(share, interval, bar, full, full_bar, _points(gap), kind)


def _points(gap: Difference) -> str:
    if gap.value == 0:
        return "no change"
    value, low, high = (points(100 * part, "+") for part in (gap.value, gap.low, gap.high))
    if not gap.clear:
        return f"no clear change ({low} to {high})"
    return f"{'▲' if gap.value > 0 else '▼'} {value} points ({low} to {high})"


def table_changes(sliders: Mapping[str, Slider], changes: Mapping[str, Any], was: Mapping[str, str]) -> str:
    """What was moved, from where to where.

    Parameters
    ----------
    was : what stood there before, of changes that are no slider's
    """
    lines = []
    for key, value in changes.items():
        if key in sliders:
            item = sliders[key].item
            lines.append((key, f"{item.value:g}", f"{value:g}", item.unit, item.meaning))
        else:
            lines.append((key, was.get(key, ""), str(value), "", ""))
    return _fragment("changes", lines)


def table_moment(past: Sequence[Snapshot], scenario: Scenario) -> str:
    """How the parties stand in a snapshot, and how far that is from the step before."""
    now, before = past[-1], past[-2] if len(past) > 1 else past[-1]
    columns = (("stance", 1, ""), ("control", 100, " %"), ("exhaustion", 100, " %"))
    lines = []
    for party in scenario.parties:
        cells = []
        for field, scale, unit in columns:
            value = scale * getattr(now, field)[party]
            step = round(value - scale * getattr(before, field)[party], 1)
            cells.append((f"{value:.1f}{unit}", f"{step:+.1f}" if step else ""))
        lines.append((scenario.labels[party], cells))
    return _fragment("moment", lines)


def when(snapshot: Snapshot, scenario: Scenario) -> str:
    """After which step or round, by its number and date, and what it brought."""
    if not scenario.parties:
        which = f"Round {snapshot.step} of {scenario.steps}"
    elif snapshot.step:
        which = f"After {step_label(scenario, snapshot.step - 1)} of 0 … {scenario.steps - 1}"
    else:
        which = f"Before {step_label(scenario, 0)} of 0 … {scenario.steps - 1}"
    return _fragment("when", which, what_happened(snapshot, scenario))


def what_happened(snapshot: Snapshot, scenario: Scenario) -> str:
    """What a step brought, in sentences."""
    said = []
    for offer in snapshot.offers:
        answers = (
            f"{scenario.labels[party]} {SAYS[answer]} (its chance of yes was {chance:.0f} %)"
            for party, answer in offer.answers.items()
            for chance in (100 * offer.chances[party],)
        )
        said.append(f"{offer.label}: {'; '.join(answers)}.")
    said += [f"{text}." for text in snapshot.news]
    if snapshot.truce != snapshot.truce_before:
        said.append("A truce begins." if snapshot.truce else f"The truce {how_it_ended(snapshot)}.")
    else:
        words = {"broken": "is broken", "lapsed": "lapses", "replaced": "is renewed"}
        for pair, how in snapshot.ended.items():
            both = " and ".join(scenario.labels[party] for party in pair.split("+"))
            said.append(f"The truce of {both} {words[how]}.")
    return " ".join(said) or ("The opening." if snapshot.step == 0 else "Nothing in particular.")


def row(slider: Slider, element: str, alone: bool = False) -> str:
    """A slider with its name; its meaning shows when it is pointed at.

    Parameters
    ----------
    element : the slider itself, as HTML
    alone : it stands below no heading, so that its name has to say it all
    """
    item = slider.item
    unit = f" ({item.unit})" if item.unit else ""
    rests = f"; rests on {', '.join(item.claims)}" if item.claims else f"; {item.assumed}" if item.assumed else ""
    hint = f"{item.key}: {item.meaning}{unit}. In the file: {item.value:g}{rests}"
    return _fragment("row", item.key, hint, slider.full if alone else slider.label, element)


def hint(text: str) -> str:
    """A few words beside a slider in a notebook."""
    return _fragment("hint", text)


def image(kind: str, data: str, says: str) -> str:
    """A picture.

    Parameters
    ----------
    kind : such as ``svg+xml``
    data : the file, in base 64
    says : the same in words, for those who do not see it
    """
    return _fragment("image", kind, data, says)


def pictures(titled: Sequence[tuple[str, str]]) -> str:
    """Titled pictures side by side; each is the HTML of ``image``."""
    return _fragment("pictures", titled)
