"""``ceasefire attribute``: the Shapley decomposition of an outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from simulation.cli.ask import Asked, question
from simulation.cli.options import Measure
from simulation.questions.finding import Finding

if TYPE_CHECKING:
    from simulation.scenario import Scenario

Groups = Annotated[
    list[str] | None,
    typer.Option(
        "--group",
        help="what is left out together: events.NAME, ties.FROM.TO, ties.FROM.TO.support, KEY=VALUE; may be repeated",
        metavar='"NAME: ELEMENT, ..."',
    ),
]
By = Annotated[
    str,
    typer.Option(
        help="make the groups: every event without an offer, every offer, everybody with a tie to a party",
        metavar="events,offers,backers",
        show_default="events,offers, where no --group is given",
    ),
]
Orders = Annotated[int, typer.Option(help="random orders that are followed where there are more than 10 groups")]


@question(runs=256, uncertain=True)
def attribute(
    asked: Asked,
    measure: Measure = "truce.holds_to_end",
    group: Groups = None,
    by: By = "",
    permutations: Orders = 50,
) -> Finding:
    """Shapley decomposition: share an outcome out among its causes.

    Causes are events, offers and ties.

    Example: ceasefire attribute libya-2020-01 --group "airlift: events.airlift"
    --group "red line: events.turkish-deployment, ties.Turkey.GNA.pledge"
    """
    from simulation.questions.attribute import attribute

    scenario = asked.scenario
    return attribute(
        scenario,
        measure,
        gathered(scenario, measure, group or [], by),
        asked.runs,
        asked.seed,
        permutations=permutations,
        uncertain=asked.uncertain,
        progress=asked.bar.share(),
    )


def gathered(scenario: Scenario, measure: str, texts: list[str], by: str) -> dict[str, list[str]] | None:
    """The groups that were asked for; None where nothing is said."""
    from simulation.questions.attribute import groups_of
    from simulation.scenario import ScenarioError

    found: dict[str, list[str]] = {}
    for text in texts:
        name, colon, rest = text.partition(":")
        elements = [part.strip() for part in rest.split(",") if part.strip()]
        if not colon or not name.strip() or not elements:
            raise ScenarioError(f'--group {text}: it is written NAME: ELEMENT, ..., such as "airlift: events.airlift".')
        if name.strip() in found:
            raise ScenarioError(f"--group {text}: a second group called '{name.strip()}'.")
        found[name.strip()] = elements
    kinds = [kind.strip() for kind in by.split(",") if kind.strip()]
    if kinds:
        taken = {element for elements in found.values() for element in elements}
        more = groups_of(scenario, kinds, measure)
        found = {name: elements for name, elements in more.items() if not taken & set(elements)} | found
    return found or None
