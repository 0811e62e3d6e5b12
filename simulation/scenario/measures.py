"""Measures by name: one number a run, with its unit, its words and how it is read.

>>> unit_of("truce.starts"), words_of("stance.LNA.2020-01-31")
('chance', 'stance of LNA on 2020-01-31')
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date as Date
from typing import TYPE_CHECKING

from simulation.dynamics.simulate import History
from simulation.dynamics.state import Array
from simulation.parameters import nearest
from simulation.scenario.errors import ScenarioError
from simulation.scenario.keys import offer_ids, pair_names
from simulation.scenario.knowledge import in_words, told_answers
from simulation.scenario.labels import issue_labels, rounds, stance_word
from simulation.scenario.measure_kinds import KINDS, NEAR, Kind, Place, Unit

if TYPE_CHECKING:
    from simulation.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class Measure:
    """One number a run; nan where the question does not arise."""

    name: str
    kind: Kind
    dated: bool  # is taken at the end, and can as well be taken at a date
    words: str  # what it is, in a few words
    read: Callable[[History], Array]  # (R,)
    untold: Callable[[History], Array] | None = None  # (R,) its chance, off runs in which no answer is let through
    untossed: str | None = None  # the measure that is its chance, before the last toss of a coin

    @property
    def unit(self) -> Unit:
        """What it is counted in."""
        return self.kind.unit

    @property
    def near(self) -> float | None:
        """How far apart two values may be and yet agree; of chances None: they agree on the same side of one half."""
        return None if self.unit == "chance" else NEAR[self.unit]

    @property
    def lasting(self) -> bool:
        """Whether it is the same whenever the scenario ends, as an answer is."""
        return self.kind.lasting

    @property
    def chance(self) -> bool:
        """Whether each run gives 0 or 1, so that the mean over runs is a chance."""
        return self.unit == "chance" and self.kind.tossed


NUMBER = re.compile(r"[1-9][0-9]{0,6}", re.ASCII)
"""How a number is written in the name of a measure."""


def matched(name: str) -> tuple[Kind, dict[str, str]] | None:
    """The kind of a measure, and what stands in its name for each of the capitals; None where it is no measure."""
    parts = name.split(".")
    for kind in KINDS:
        for pattern in kind.patterns:
            words = pattern.split(".")
            if len(words) == len(parts) and all(map(_fits, words, parts)):
                return kind, {word: part for word, part in zip(words, parts, strict=True) if word.isupper()}
    return None


def _fits(word: str, part: str) -> bool:
    if word in ("DAYS", "N"):
        return NUMBER.fullmatch(part) is not None
    return word.isupper() or word == part


def unit_of(name: str) -> Unit:
    """What a measure is counted in.

    Raises
    ------
    ScenarioError
        for a name that is no measure of any scenario
    """
    return _kind_and_names(name)[0].unit


def words_of(
    name: str,
    scenario: Scenario | None = None,
    called: Mapping[str, str] | None = None,
    offers: Mapping[str, str] | None = None,
) -> str:
    """What a measure is, in a few words: the offer and the party, or the actor; of what is no measure, its name.

    Parameters
    ----------
    scenario : if given, actors and issues go by their labels rather than by their keys, and dates of a negotiation are
        rounds
    called : what to call the actors, where that is not by their labels
    offers : what to call the offers, where that is not by their keys
    """
    found = matched(name)
    return _worded(*found, scenario, called, offers) if found else name


def parse(name: str, scenario: Scenario) -> Measure:
    """The measure of that name.

    Raises
    ------
    ScenarioError
        saying which part of the name is not known, and what is
    """
    if scenario.parties and name.split(".")[0] in {kind.pattern.split(".")[0] for kind in KINDS if kind.talks}:
        fighting = ", ".join(scenario.parties)
        raise ScenarioError(f"{name}: outcomes are those of a negotiation; here {fighting} fight, and answer offers.")
    kind, names = _kind_and_names(name)
    # Where there are several pairs, some may agree on one offer and others on the next: there is no formula for that.
    untold = kind.untold if len(pair_names(scenario)) == 1 else None
    at = Place(scenario, **{"step": scenario.steps, **_places(names, scenario, name)})
    return Measure(
        name=name,
        kind=kind,
        dated=bool(kind.on_date) and "DATE" not in names,
        words=_worded(kind, names),
        read=lambda history: kind.read(history, at),
        untold=(lambda history: untold(history, at)) if untold else None,
        untossed=_filled(kind.untossed, names) if kind.untossed and not _is_told(names, scenario) else None,
    )


def _is_told(names: Mapping[str, str], scenario: Scenario) -> bool:
    """Whether it is about an answer that runs are told, however likely it was."""
    return (names.get("OFFER"), names.get("PARTY")) in told_answers(scenario)


def _kind_and_names(name: str) -> tuple[Kind, dict[str, str]]:
    found = matched(name)
    if found is None:
        known = ", ".join(pattern for kind in KINDS for pattern in kind.patterns)
        raise ScenarioError(
            f"{name}: no such measure. Measures are {known}; those of outcomes in scenarios without parties, those of "
            "positions over several issues."
        )
    return found


def _worded(
    kind: Kind,
    names: Mapping[str, str],
    scenario: Scenario | None = None,
    called: Mapping[str, str] | None = None,
    offers: Mapping[str, str] | None = None,
) -> str:
    on_date = kind.on_date if "DATE" in names else ""
    words = {word.lower(): part for word, part in names.items()}
    words["stance"] = "stance" if scenario is None else stance_word(scenario)
    if scenario is not None:
        actors = called or scenario.labels
        known = {"ACTOR": actors, "PARTY": actors, "ISSUE": issue_labels(scenario), "OFFER": offers or {}}
        words |= {word.lower(): known[word].get(part, part) for word, part in names.items() if word in known}
        if on_date and not scenario.parties:
            on_date = f" after {_step(names['DATE'], scenario, kind.pattern)} rounds"
    return (kind.words + on_date).format(**words)


def _filled(pattern: str, names: Mapping[str, str]) -> str:
    return ".".join(names.get(word, word) for word in pattern.split("."))


def _places(names: Mapping[str, str], scenario: Scenario, name: str) -> dict[str, int]:
    """The number that stands for each name in a measure's, and the step for its date."""
    offers, found = offer_ids(scenario), {}
    for word, text in names.items():
        match word:
            case "OFFER":
                if text in scenario.later:
                    day = in_words(scenario.later[text])
                    raise ScenarioError(f"{name}: the offer '{text}' is of {day}, after `as_of` {scenario.told}.")
                found["offer"] = _place(text, offers, f"{name}: no offer '{text}'")
            case "PARTY" if "OFFER" in names:
                offer = names["OFFER"]
                _place(text, offers[offer], f"{name}: '{offer}' does not ask '{text}'")
                found["party"] = _place(text, scenario.parties, f"{name}: no party '{text}'")
            case "PARTY":
                found["party"] = _place(text, scenario.parties, f"{name}: no party '{text}'")
            case "PAIR":
                known = pair_names(scenario)
                turned = "+".join(reversed(text.split("+")))
                found["pair"] = _place(turned if turned in known else text, known, f"{name}: no pair '{text}'")
            case "ACTOR":
                found["actor"] = _place(text, scenario.actors, f"{name}: no actor '{text}'")
            case "ISSUE":
                found["issue"] = _place(text, scenario.negotiated, f"{name}: no issue '{text}'")
            case "DATE":
                found["step"] = _step(text, scenario, name)
            case "DAYS":
                if int(text) / scenario.step_days > scenario.steps:
                    raise ScenarioError(f"{name}: {text} days are longer than the scenario.")
                found["days"] = int(text)
            case "N":
                found["n"] = int(text)
    return found


def _place(text: str, known: Mapping[str, object] | tuple[str, ...], otherwise: str) -> int:
    if text not in known:
        raise ScenarioError(f"{otherwise}.{nearest(text, known)}")
    return list(known).index(text)


def _step(text: str, scenario: Scenario, name: str) -> int:
    """The step of a date; of a negotiation, also that after so many rounds."""
    if not scenario.parties and NUMBER.fullmatch(text):
        if int(text) > scenario.steps:
            raise ScenarioError(f"{name}: round {text} is beyond the end; there are {rounds(scenario)}.")
        return int(text)
    kind = "date, such as 2020-01-31" if scenario.parties else "round, such as 3"
    try:
        day = Date.fromisoformat(text)
    except ValueError:
        raise ScenarioError(f"{name}: '{text}' is not a {kind}.") from None
    end = scenario.date_of(scenario.steps)
    if not scenario.start <= day <= end:
        raise ScenarioError(f"{name}: {day} is outside the scenario, {scenario.start} to {end}.")
    return scenario.step_of(day)


def headlines(scenario: Scenario) -> list[str]:
    """The names of the measures that every comparison and sweep reports unless told otherwise."""
    here = ("always", "war" if scenario.parties else "talks")
    return [name for kind in KINDS if kind.headline in here for name in _names(kind.pattern, scenario)]


def _names(pattern: str, scenario: Scenario) -> Iterator[str]:
    """All names of a pattern over offers and who is asked, or actors, or of one without capitals."""
    if "OFFER" in pattern:
        for offer, asked in offer_ids(scenario).items():
            yield from (_filled(pattern, {"OFFER": offer, "PARTY": party}) for party in asked)
    elif "ACTOR" in pattern:
        yield from (_filled(pattern, {"ACTOR": actor}) for actor in scenario.actors)
    else:
        yield pattern
