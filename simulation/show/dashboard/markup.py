"""The words and tables of the page as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from simulation.questions.finding import Table
from simulation.runs.agents.snapshots import Snapshot, how_it_ended
from simulation.runs.results import makes_conditions
from simulation.runs.results.wording import difference, fixed, percent
from simulation.scenario.labels import ANSWERS, pair_label, step_label
from simulation.scenario.schema import Scenario
from simulation.show.dashboard.comparison import Difference, Outcome, rows
from simulation.show.dashboard.sliders import Slider
from simulation.show.templates import fragment

_fragment = partial(fragment, "dashboard/fragments.html")


def paragraph(text: str) -> str:
    """A sentence by itself."""
    return _fragment("paragraph", text)


def bullets(sentences: Sequence[str], kind: str = "") -> str:
    """Sentences, one below the other."""
    return _fragment("bullets", sentences, kind)


def findings(said: Sequence[str], note: str) -> str:
    """What the runs say."""
    return _fragment("findings", said, note)


def differing(changes: Sequence[str]) -> str:
    """How the runs differ from what they are compared with, if that is something else."""
    return _fragment("differing", changes)


@dataclass(frozen=True, slots=True)
class Headline:
    """A number that stays in sight while others are moved."""

    label: str
    value: str
    about: str = ""  # which offer it is about
    change: str = ""
    kind: str = ""  # of the change: up, down or same


def headline(label: str, value: Mapping[str, Any], gap: Difference | None, about: str) -> Headline:
    """A chance, and by how much it differs."""
    share = percent(value).partition(" (")[0]
    if gap is None:
        return Headline(label, share, about)
    return Headline(label, share, about, _gain(gap, "chance"), _kind(gap))


def headline_of_points(label: str, value: float, gap: Difference | None) -> Headline:
    """A place on the scale, and by how much it differs."""
    said = f"{value:.1f} points"
    return Headline(label, said) if gap is None else Headline(label, said, "", _gain(gap, "points"), _kind(gap))


def strip(headlines: Sequence[Headline], before: str, unit: str) -> str:
    """The numbers that stay in sight, and what they are compared with, if with anything.

    Parameters
    ----------
    unit : of their changes
    """
    return _fragment("strip", headlines, before, unit)


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
    gain = _gain(gap, "chance", "percentage points")
    return Chance(share, interval, bar, full, full_bar, gain, _kind(gap))


def _kind(gap: Difference) -> str:
    return "same" if not gap.clear else "up" if gap.value > 0 else "down"


def _gain(gap: Difference, unit: str, of: str = "") -> str:
    return difference(gap.value, gap.low, gap.high, unit, of)


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


def moment(past: Sequence[Snapshot], scenario: Scenario) -> str:
    """The last of some snapshots: when it is, what it brought and why, and how the parties stand."""
    now, before = past[-1], past[-2] if len(past) > 1 else past[-1]
    columns = (("stance", 1, ""), ("control", 100, " %"), ("exhaustion", 100, " %"))
    lines = []
    for party in scenario.parties:
        cells = []
        for field, scale, unit in columns:
            value = scale * getattr(now, field)[party]
            step = round(value - scale * getattr(before, field)[party], 1)
            cells.append((f"{value:.1f}{unit}", fixed(step, "+.1f") if step else ""))
        lines.append((scenario.labels[party], cells))
    asked = [
        (offer.id, party, f"Why does {scenario.labels[party]} answer “{offer.label}” so?")
        for offer in now.offers
        for party in offer.answers
    ]
    moved = list(scenario.labels.items()) if now.step else []
    return _fragment("moment", which(now, scenario), what_happened(now, scenario), lines, asked, moved)


def which(snapshot: Snapshot, scenario: Scenario) -> str:
    """After which step or round, by its number and date."""
    if not scenario.parties:
        return f"Round {snapshot.step} of {scenario.steps}"
    if snapshot.step:
        return f"After {step_label(scenario, snapshot.step - 1)} of 0 … {scenario.steps - 1}"
    return f"Before {step_label(scenario, 0)} of 0 … {scenario.steps - 1}"


def what_happened(snapshot: Snapshot, scenario: Scenario) -> str:
    """What a step brought, in sentences."""
    said = []
    for offer in snapshot.offers:
        answers = (
            f"{scenario.labels[party]} {ANSWERS[answer]} (its chance of yes was {chance:.0f} %)"
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
            both = pair_label(pair, scenario.labels)
            said.append(f"The truce of {both} {words[how]}.")
    return " ".join(said) or ("The opening." if snapshot.step == 0 else "Nothing in particular.")


@dataclass(frozen=True, slots=True)
class Control:
    """A number that can be moved, as the page shows it."""

    key: str
    label: str
    full: str  # what it is called by itself
    unit: str
    low: str
    high: str
    reach: str  # how far the slider goes
    step: str
    file: str  # what the file has
    value: str
    about: str  # its meaning, its bounds and what it rests on
    found: str  # the words by which it is found

    @property
    def moved(self) -> bool:
        """Whether it stands elsewhere than in the file."""
        return self.value != self.file


def slider(slider: Slider, value: Any = None) -> Control:
    """A number as the page shows it.

    Parameters
    ----------
    value : where it stands; where the file has it, if left out
    """
    item = slider.item
    unit = f" {item.unit}" if item.unit else ""
    rests = f" It rests on {', '.join(item.claims)}." if item.claims else f" {item.assumed}." if item.assumed else ""
    about = f"{item.meaning}. From {item.low:g} to {item.high:g}{unit}; {item.value:g} in the file.{rests}"
    at = item.value if value is None else value
    words = f"{item.key} {slider.section} {slider.group} {slider.label} {item.meaning}".lower()
    return Control(
        item.key,
        slider.label,
        slider.full,
        item.unit,
        plain(item.low),
        plain(item.high),
        plain(max(slider.reach, at)),
        plain(slider.step),
        plain(item.value),
        plain(at),
        about[:1].upper() + about[1:],
        words,
    )


def plain(value: float) -> str:
    """A number as an input of a page takes it."""
    return f"{value:.12g}"


def finding(words: Sequence[str | Table]) -> str:
    """The words and tables of an answer to a question."""
    return _fragment("finding", [(isinstance(part, str), part) for part in words])


def hint(text: str) -> str:
    """A few words beside a slider in a notebook."""
    return _fragment("hint", text)
