"""What the settings of a visitor come to: scenarios looked up and changed, and what they are compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date as Date
from functools import lru_cache
from pathlib import Path
from typing import Any

from simulation.parameters import nearest
from simulation.rules import RULES
from simulation.scenario.errors import ScenarioError
from simulation.scenario.files import load_scenario
from simulation.scenario.offers import Event
from simulation.scenario.schema import Scenario
from simulation.show.dashboard.choices import Choice, called, choices, first_of, menu_of
from simulation.show.dashboard.comparison import changed, usual_runs
from simulation.show.dashboard.settings import Settings, read_settings
from simulation.show.dashboard.sliders import Slider, sliders_of
from simulation.show.plots.stances import sides_of

AS_IN_FILE = "the scenario as its file has it"

UNREADABLE = "cannot be read"
"""What is said of a what-if in place of what it has otherwise, where its file is at fault."""

MOST_TOLD = 10
"""Keys of which it is said that they are not there, and which are nearest."""

MOST_LOADED = 32
"""Scenarios that are kept in memory once they were read."""


@dataclass(frozen=True, slots=True)
class View:
    """A scenario as somebody has it, and what it is compared with."""

    settings: Settings
    choice: Choice
    start: Scenario  # as its file has it
    scenario: Scenario  # with what was changed
    changes: Mapping[str, float | str]  # what that is: numbers by key, and the rule
    sliders: Mapping[str, Slider]  # the numbers that can be moved, by key
    before: Scenario  # what it is compared with
    before_called: str
    runs: int

    @property
    def compared(self) -> bool:
        """Whether there is anything to compare: the two are not the same."""
        return self.scenario is not self.before

    @property
    def groups(self) -> dict[str, list[str]]:
        """Whose stances may be drawn together, by heading; the first is drawn at first."""
        start = self.start
        parties = {"The parties": list(start.parties)} if start.parties else {}
        return {**parties, **sides_of(start), "Everybody": list(start.actors)}

    @property
    def actors(self) -> list[str]:
        """Whose stances are drawn."""
        return self.groups.get(self.settings.actors) or next(iter(self.groups.values()))

    @property
    def command(self) -> str:
        """What the scenario is called at the command line."""
        return called(self.choice.file)


class Library:
    """The scenarios on offer. Nothing that a visitor sends is a path: a scenario is one of the menu, or none.

    Parameters
    ----------
    asked : the scenario that the page was opened with, a path or a bundled name
    beside : the folder whose ``scenarios/`` are offered too; the current one, if left out
    """

    def __init__(self, asked: str | None = None, beside: Path | None = None) -> None:
        found = choices(asked, beside)
        self.menu = menu_of(found)
        self.first = first_of(found, asked)
        self._load = lru_cache(MOST_LOADED)(self._read)
        self._sliders = lru_cache(MOST_LOADED)(self._made)
        self.differences = lru_cache(MOST_LOADED)(self._differences)
        self._stamps = self._written()

    def refresh(self) -> None:
        """Read scenarios anew from now on where somebody has changed a file."""
        if (written := self._written()) != self._stamps:
            self._stamps = written
            for kept in (self._load, self._sliders, self.differences):
                kept.cache_clear()

    def _written(self) -> list[float]:
        """When each file was written last."""
        files = [choice.file for choice in self.menu.values()]
        every = [inside for file in files for inside in (sorted(file.iterdir()) if file.is_dir() else [file])]
        return [file.stat().st_mtime if file.exists() else 0.0 for file in every]

    def _differences(self, name: str) -> list[str]:
        """What a what-if has otherwise than its base, in words; its own page says why it cannot be read, if so."""
        base = self.menu[name].base
        try:
            return [] if base is None else what_differs(self.start(name), self.start(base))
        except ScenarioError:
            return [UNREADABLE]

    def start(self, name: str, as_of: Date | None = None) -> Scenario:
        """A scenario of the menu as its file has it."""
        return self._load(name, as_of)

    def _read(self, name: str, as_of: Date | None = None) -> Scenario:
        return load_scenario(self.menu[name].file, as_of=as_of)

    def _made(self, name: str, as_of: Date | None, rule: str) -> tuple[Scenario, dict[str, Slider]]:
        start = self._load(name, as_of)
        ruled = changed(start, {"rule": rule}) if rule else start
        return ruled, sliders_of(ruled)

    def view(self, settings: Settings, *, compare: bool = True) -> tuple[View, list[str]]:
        """What the settings come to, and what is wrong with them; what is wrong is left as usual.

        Parameters
        ----------
        compare : whether to look up what the scenario is compared with, rather than compare it with its own file

        Raises
        ------
        ScenarioError
            for a scenario that cannot be read
        """
        wrong = []
        if settings.scenario and settings.scenario not in self.menu:
            wrong.append(f"scenario: no scenario '{settings.scenario[:80]}'.{nearest(settings.scenario, self.menu)}")
            settings = replace(settings, scenario="", changes=(), rule="", against="")
        choice = self.menu[settings.scenario or self.first]
        settings = replace(settings, scenario=choice.name)  # so that the address means the same wherever it is opened
        try:
            start = self._load(choice.name, settings.as_of)
        except ScenarioError as error:
            if settings.as_of is None:
                raise
            wrong.append(str(error))
            settings = replace(settings, as_of=None)
            start = self._load(choice.name)
        if settings.rule and settings.rule not in RULES:
            wrong.append(f"rule: no rule '{settings.rule[:80]}'.{nearest(settings.rule, RULES)}")
            settings = replace(settings, rule="")
        if settings.rule == start.rule.name:
            settings = replace(settings, rule="")
        try:
            ruled, sliders = self._sliders(choice.name, settings.as_of, settings.rule)
        except ScenarioError as error:
            wrong.append(f"rule: {settings.rule}: {error}")
            settings = replace(settings, rule="")
            ruled, sliders = self._sliders(choice.name, settings.as_of, "")
        moved, faults = _moved(settings.changes, sliders)
        try:
            scenario = changed(ruled, moved)
        except ScenarioError as error:
            faults.append(f"These numbers do not go together. {error}")
            scenario, moved = ruled, {}
        wrong += faults
        settings = replace(settings, changes=tuple(moved.items()))
        changes: dict[str, Any] = ({"rule": settings.rule} if settings.rule else {}) | moved
        before, before_called = start, AS_IN_FILE
        if compare:
            before, before_called, fault = self._before(settings, choice, start)
            wrong += fault
        groups = View(settings, choice, start, scenario, changes, sliders, before, before_called, 0).groups
        if settings.actors and settings.actors not in groups:
            wrong.append(f"actors: no group '{settings.actors[:80]}'.{nearest(settings.actors, groups)}")
            settings = replace(settings, actors="")
        if settings.step > start.steps:
            wrong.append(f"step: {settings.step} is more than the {start.steps} that there are.")
            settings = replace(settings, step=start.steps)
        runs = settings.runs or usual_runs(scenario, before)
        return View(settings, choice, start, scenario, changes, sliders, before, before_called, runs), wrong

    def _before(self, settings: Settings, choice: Choice, start: Scenario) -> tuple[Scenario, str, list[str]]:
        """What a scenario is compared with, what that is called, and what is wrong with it."""
        against = settings.against or choice.base or choice.name
        if against == choice.name:
            return start, AS_IN_FILE, []
        if against in self.menu:
            return self._load(against, settings.as_of), self.menu[against].title, []
        if "=" not in against:
            return start, AS_IN_FILE, [f"against: no scenario '{against[:80]}'.{nearest(against, self.menu)}"]
        other, wrong = read_settings(against)
        kept, faults = self.view(replace(other, against="", as_of=other.as_of or settings.as_of), compare=False)
        told = ", ".join(
            f"{key} = {value:g}" if isinstance(value, float) else value for key, value in kept.changes.items()
        )
        called = f"A: {kept.scenario.title}" + (f" ({told})" if told else "")
        return kept.scenario, called, [f"against: {fault}" for fault in (*wrong, *faults)]


def _moved(changes: tuple[tuple[str, float], ...], sliders: Mapping[str, Slider]) -> tuple[dict[str, float], list[str]]:
    """The numbers that were moved, as far as they can be, and what is wrong with the others."""
    moved = {}
    unknown = [key for key, _ in changes if key not in sliders]
    wrong = [f"{key}: no number that can be moved by itself.{nearest(key, sliders)}" for key in unknown[:MOST_TOLD]]
    if len(unknown) > MOST_TOLD:  # to look for the nearest of each would take seconds
        wrong.append(f"{len(unknown) - MOST_TOLD} more of these keys are no numbers that can be moved.")
    for key, value in changes:
        if key not in sliders:
            continue
        item = sliders[key].item
        if not item.low <= value <= item.high:
            unit = f" ({item.unit})" if item.unit else ""
            wrong.append(f"{sliders[key].full}: {value:g} will not do; from {item.low:g} to {item.high:g}{unit} would.")
        elif value != item.value:
            moved[key] = value
    return moved, wrong


def what_differs(one: Scenario, other: Scenario) -> list[str]:
    """What one scenario has otherwise than another, in words: its numbers, its rule, and what happens."""
    said = []
    if one.rule.name != other.rule.name:
        said.append(f"rule: {other.rule.name} → {one.rule.name}")
    if one.steps != other.steps or one.step_days != other.step_days:
        said.append(f"steps: {other.steps} of {other.step_days:g} days → {one.steps} of {one.step_days:g} days")
    mine, theirs = one.inputs, other.inputs
    words = {slider.key: slider.full for slider in (*sliders_of(other).values(), *sliders_of(one).values())}
    said += [
        f"{words.get(key, key)}: {theirs[key].value:g} → {mine[key].value:g}"
        for key in mine
        if key in theirs and mine[key].value != theirs[key].value
    ]
    happens, happened = ({event.name or event.label or "": event for event in each.events} for each in (one, other))
    said += [f"left out: {event.label or name}" for name, event in happened.items() if name not in happens]
    for name, event in happens.items():
        if name not in happened:
            said.append(f"new: {event.label or name} ({event.on.day} {event.on:%B %Y})")
        elif _who(event) != _who(happened[name]):
            said.append(f"other sponsors, opponents or parties: {event.label or name}")
    return said


def _who(event: Event) -> tuple[Sequence[str], ...]:
    """Who offers, who is against it, and who is asked."""
    offer = event.offer
    return () if offer is None else (offer.sponsors, offer.opponents, offer.to or ())
