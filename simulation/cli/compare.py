"""``ceasefire compare``: scenarios, variants and rules compared with common random numbers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simulation.cli.ask import Asked, question
from simulation.cli.options import Measures, parse_changes
from simulation.questions.finding import Finding

if TYPE_CHECKING:
    from simulation.scenario import Scenario

Scenarios = Annotated[
    list[str], typer.Argument(help="scenario files or bundled names; the first is compared with", metavar="SCENARIO...")
]
Variants = Annotated[
    list[str] | None,
    typer.Option(
        "--variant", help="a changed copy of the first scenario; may be repeated", metavar='"NAME: KEY=VALUE, ..."'
    ),
]
WithReactions = Annotated[
    bool,
    typer.Option(
        "--with-reactions", help="both ways: as it is without backers that react to a turn of the war, and with them"
    ),
]
Rules = Annotated[
    list[str] | None,
    typer.Option("--rule", help="the first scenario under another stance rule; may be repeated", metavar="NAME"),
]


@question(runs=1000, rule=False, uncertain=True)
def compare(
    asked: Asked,
    scenarios: Scenarios,
    variant: Variants = None,
    rule: Rules = None,
    measure: Measures = None,
    with_reactions: WithReactions = False,
) -> Finding:
    """Paired comparison: do scenarios differ by more than chance?

    Each is compared with the first, with common random numbers.

    Example: ceasefire compare libya-2020-01 --variant "no drones: ties.UAE.LNA.support=0.2"
    """
    from simulation.questions.compare import compare

    versions = gathered(asked, scenarios, variant or (), rule or ())
    bar = asked.bar.of(asked.runs * len(versions) * (2 if with_reactions else 1))
    return compare(
        versions,
        measure or None,
        asked.runs,
        asked.seed,
        uncertain=asked.uncertain,
        with_reactions=with_reactions,
        progress=bar,
    )


def gathered(asked: Asked, paths: list[str], variants: Any, rules: Any) -> dict[str, Scenario]:
    """All that is to be compared, by name: the files first, then the variants, then the rules."""
    from simulation.scenario import ScenarioError

    found: dict[str, Scenario] = {}

    def add(name: str, scenario: Scenario) -> None:
        if name in found:
            raise ScenarioError(f"two things to compare are called '{name}'; give each a name of its own.")
        found[name] = scenario

    for path in paths:
        stem = Path(path).stem
        add(stem if stem not in found else path, asked.load(path))
    first = next(iter(found.values()))
    for text in variants:
        name, own = parse_variant(text)
        add(name, first.replace(own))
        asked.moved(first, own)
    for rule in rules:
        if rule != first.rule.name:
            add(rule, first.replace({"rule": rule}))
    if len(found) < 2:
        raise ScenarioError(
            'nothing to compare with: name a second scenario, or give --variant "NAME: KEY=VALUE" or --rule.'
        )
    return found


def parse_variant(text: str, option: str = "--variant") -> tuple[str, dict[str, Any]]:
    """``NAME: KEY=VALUE, KEY=VALUE``; a comma inside a list stays with its value."""
    from simulation.scenario import ScenarioError

    name, colon, rest = text.partition(":")
    parts = [part.strip() for part in re.split(r",(?=\s*[A-Za-z][\w.-]*\s*=)", rest)]
    if not colon or not name.strip() or not all("=" in part for part in parts):
        raise ScenarioError(
            f"{option} {text}: it is written NAME: KEY=VALUE, KEY=VALUE, such as "
            '"no airlift: events.airlift.set.ties.UAE.LNA.support=0.5".'
        )
    return name.strip(), parse_changes(parts)
