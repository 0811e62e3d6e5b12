"""``ceasefire why``: what moved an actor in one step of a run, or what made a party answer an offer as it did."""

from __future__ import annotations

from datetime import date as Date
from typing import TYPE_CHECKING, Annotated

import typer

from simulation.cli.ask import Asked, question
from simulation.questions.finding import Finding

if TYPE_CHECKING:
    from simulation.scenario import Scenario

Who = Annotated[str | None, typer.Option("--actor", help="whose move; everybody's if left out", metavar="NAME")]
When = Annotated[str, typer.Option("--step", help="which step, counted from 0, or its date", metavar="STEP|DATE")]
Which = Annotated[int, typer.Option("--run", help="which run of the ensemble, counted from 0", min=0)]
What = Annotated[
    str | None, typer.Option("--offer", help="the offer whose answers to take apart, rather than a move", metavar="ID")
]
Whose = Annotated[
    str | None, typer.Option("--party", help="whose answer; those of all that are asked if left out", metavar="NAME")
]
Many = Annotated[int, typer.Option("--runs", help="with --offer: the mean of so many runs, rather than one run", min=1)]


@question(uncertain=True)
def why(
    asked: Asked,
    actor: Who = None,
    step: When = "0",
    offer: What = None,
    party: Whose = None,
    run: Which = 0,
    runs: Many = 1,
) -> Finding:
    """Explanation: why an actor moved, or an offer was answered so."""
    from simulation.questions.why import why

    scenario = asked.scenario
    return why(
        scenario,
        actor,
        step_of(scenario, step),
        run,
        asked.seed,
        offer=offer,
        party=party,
        runs=runs,
        uncertain=asked.uncertain,
    )


def step_of(scenario: Scenario, text: str) -> int:
    """The step that is meant by its number or its date."""
    from simulation.scenario import ScenarioError

    if text.isdecimal():
        return int(text)
    try:
        day = Date.fromisoformat(text)
    except ValueError:
        raise ScenarioError(f"--step {text}: neither the number of a step nor a date such as 2020-01-31.") from None
    step = scenario.step_of(day)
    if not 0 <= step < scenario.steps:
        last = scenario.date_of(scenario.steps - 1)
        raise ScenarioError(f"--step {text}: this scenario has steps from {scenario.start} to {last}.")
    return step
