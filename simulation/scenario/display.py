"""A scenario at a glance: in a line for terminals, in a small table for notebooks."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from simulation.scenario.labels import issue_labels, rounds

if TYPE_CHECKING:
    from simulation.scenario.offers import Event
    from simulation.scenario.schema import Scenario

MOST_NAMES = 12
"""Names or offers listed before the rest are only counted."""

LONGEST_TITLE = 80
"""Letters of a title that a line has room for."""


def as_line(scenario: Scenario) -> str:
    """Title, dates and size in a line."""
    title = scenario.heading
    title = title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"
    return f"<Scenario {title!r}: {_dates(scenario)}; {_size(scenario)}>"


def as_html(scenario: Scenario) -> str:
    """Title, question, dates, who takes part in which role, and which offers are made when."""
    step = "a day" if scenario.step_days == 1 else f"{scenario.step_days:g} days"
    rows = [
        ("when", f"{_dates(scenario)}, in steps of {step}" if scenario.parties else _dates(scenario)),
        ("rule", scenario.rule.name),
        *_roles(scenario),
        *([("issues", _listed(issue_labels(scenario).values()))] if scenario.issues else []),
        *([("offers", offers)] if (offers := _listed(_offer(scenario, event) for event in scenario.events)) else []),
        ("size", _size(scenario)),
    ]
    cells = "".join(
        f'<tr><th style="text-align:left;vertical-align:top">{escape(head)}</th>'
        f'<td style="text-align:left">{escape(text)}</td></tr>'
        for head, text in rows
    )
    question = f"<br><i>{escape(scenario.question)}</i>" if scenario.question else ""
    return f"<div><b>{escape(scenario.heading)}</b>{question}<table>{cells}</table></div>"


def _dates(scenario: Scenario) -> str:
    if not scenario.parties:
        return rounds(scenario)
    return f"{scenario.start} to {scenario.date_of(scenario.steps)}"


def _size(scenario: Scenario) -> str:
    offers = sum(event.offer is not None for event in scenario.events)
    counts = {
        ("actor", "actors"): len(scenario.actors),
        ("party", "parties"): len(scenario.parties),
        ("tie", "ties"): len(scenario.ties),
        ("event", "events"): len(scenario.events),
        ("offer", "offers"): offers,
    }
    return ", ".join(f"{count} {one if count == 1 else many}" for (one, many), count in counts.items() if count)


def _roles(scenario: Scenario) -> Iterable[tuple[str, str]]:
    """Every role that somebody has, in the order of the file, and who has it."""
    found: dict[str, list[str]] = {}
    for name, actor in scenario.actors.items():
        for role in actor.roles:
            found.setdefault(role, []).append(scenario.labels[name])
    return [(role, _listed(names)) for role, names in found.items()]


def _offer(scenario: Scenario, event: Event) -> str:
    offer = event.offer
    if offer is None:
        return ""
    by = ", ".join(scenario.labels[name] for name in offer.sponsors)
    standing = f", every {offer.every:g} days" if offer.every is not None else ""
    return f"{offer.id} ({event.on}, {offer.form}{standing}, by {by})"


def _listed(words: Iterable[str]) -> str:
    """The words with commas, the first dozen of them; empty ones left out."""
    known = [word for word in words if word]
    rest = f", … and {len(known) - MOST_NAMES} more" if len(known) > MOST_NAMES else ""
    return ", ".join(known[:MOST_NAMES]) + rest
