"""What pictures, tables and sentences call things: actors, issues, the ends of the scale, and moments."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from simulation.scenario.offers import Issue
    from simulation.scenario.schema import Scenario

LONGEST = 14
"""Letters up to which a name is written out; beyond, its key will do where it abbreviates the name."""

CUT = 24
"""Letters after which any other name is cut. Chinese, Japanese and Korean ones count as two."""


def labels_of(scenario: Scenario) -> dict[str, str]:
    """What to call each actor, by key: its name, or a short form of it; no two are called the same.

    A long name gives way to its key where that abbreviates it, as LNA does the Libyan National Army, and is cut
    otherwise. An actor without a name is called by its key.
    """
    found = {key: _label(key, " ".join((actor.name or "").split())) for key, actor in scenario.actors.items()}
    while len(set(found.values())) < len(found):
        times = Counter(found.values())
        found = {key: key if times[label] > 1 else label for key, label in found.items()}
    return found


def _label(key: str, name: str) -> str:
    if not name or (_letters(name) > LONGEST >= len(key) and _abbreviates(key, name)):
        return key
    if _letters(name) <= CUT:
        return name
    while _letters(name) > CUT - 1:
        name = name[:-1]
    return name.rstrip() + "…"


def _letters(text: str) -> int:
    """How many letters wide a text is."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _abbreviates(key: str, name: str) -> bool:
    """Whether the letters of the key stand in the name, in that order."""
    left = iter(name.casefold())
    return all(letter in left for letter in key.casefold() if letter.isalnum())


def pair_label(pair: str, called: Mapping[str, str]) -> str:
    """Two parties, ``LNA+GNA``, as ``LNA and GNA``.

    Parameters
    ----------
    called : what to call each party, by key
    """
    return " and ".join(called[party] for party in pair.split("+"))


ANSWERS = {0.0: "refuses", 0.5: "accepts with conditions", 1.0: "accepts"}
"""What a party does, by its answer."""


class Ends(NamedTuple):
    """What 0 and 100 mean, in words; empty where a negotiation does not say."""

    low: str
    high: str


def ends_of(scenario: Scenario) -> Ends:
    """The two ends of the scale on which everybody stands: of a ceasefire, or of what is negotiated."""
    if scenario.parties:
        return Ends("fight on", "stop now")
    issue = _first_issue(scenario)
    return Ends("", "") if issue is None else Ends(issue.low or "", issue.high or "")


def marks_of_ends(scenario: Scenario) -> tuple[str, str]:
    """The two ends of the scale with their numbers, such as ``0 fight on`` and ``100 = 10 years``."""
    joint = " " if scenario.parties else " = "
    low, high = ends_of(scenario)
    return f"0{joint}{low}" if low else "0", f"100{joint}{high}" if high else "100"


def scale_of(scenario: Scenario) -> str:
    """The scale in words, such as ``0 fight on … 100 stop now``."""
    return " … ".join(marks_of_ends(scenario))


def stance_word(scenario: Scenario) -> str:
    """What everybody has on the scale, in a word: a stance on a ceasefire, or a position in a negotiation."""
    return "stance" if scenario.parties else "position"


def standing(scenario: Scenario) -> str:
    """What is measured on the scale: the stance on a ceasefire, or the position in a negotiation."""
    if scenario.parties:
        return stance_word(scenario)
    title = issue_labels(scenario).get(next(iter(scenario.issues or ()), ""))
    return f"position on {title}" if title else "position"


def issue_labels(scenario: Scenario) -> dict[str, str]:
    """What to call each issue, by key: its title, else its key."""
    issues = scenario.issues
    if isinstance(issues, dict):
        return {key: " ".join((issue.title or "").split()) or key for key, issue in issues.items()}
    return {key: key for key in issues or ()}


def _first_issue(scenario: Scenario) -> Issue | None:
    issues = scenario.issues
    return next(iter(issues.values()), None) if isinstance(issues, dict) else None


def moment(scenario: Scenario, step: int) -> str:
    """When a step begins: a date such as ``9 January 2020``, or which round of a negotiation it is, from 1."""
    if not scenario.parties:
        return f"round {step + 1}"
    day = scenario.date_of(step)
    return f"{day.day} {day:%B %Y}"


def step_label(scenario: Scenario, step: int) -> str:
    """A step by its number and when it begins, such as ``step 5 (11 January 2020)``.

    Steps are counted from 0, here and everywhere: step T begins on ``scenario.date_of(T)`` in the state that results
    have at T, and ends in that at T + 1.
    """
    return f"step {step} ({moment(scenario, step)})"


def span(scenario: Scenario) -> str:
    """From when to when, in words; how many rounds, of a negotiation."""
    if not scenario.parties:
        return rounds(scenario)
    first, last = scenario.start, scenario.date_of(scenario.steps)
    begin = f"{first.day} {first:%B}" + ("" if first.year == last.year else f" {first.year}")
    return f"{begin} to {last.day} {last:%B %Y}"


def rounds(scenario: Scenario) -> str:
    """How many rounds a negotiation has, in words."""
    return f"{scenario.steps} {'round' if scenario.steps == 1 else 'rounds'}"
