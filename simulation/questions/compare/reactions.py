"""Scenarios in which backers do not react to a turn of the war, and the same ones in which they do."""

from __future__ import annotations

from collections.abc import Mapping

from simulation.questions.record.ablation import Part
from simulation.scenario.schema import Scenario
from simulation.scenario.structures import REACTIONS

STEADY, REACT = "do not react", "react"
"""What backers do, as the dimension ``backers`` calls it."""

OFF = Part(("coefficients.reactions.share",), ("reacts",))


def ways(scenarios: Mapping[str, Scenario]) -> dict[str, dict[str, Scenario]]:
    """The scenarios with backers that do not react and with backers that do.

    Where any of the scenarios says that some backers react, backers react as each says. Where none does, all of them
    react as ``simulation.scenario.structures.REACTIONS`` has it: they close half of the gap to twice their support in
    30 days. That size is a judgement.

    References
    ----------
    Anderson (2019), International Studies Quarterly 63, 692-706: interveners on both sides match one another; no rate.
    """
    steady = {name: OFF.off(scenario) or scenario for name, scenario in scenarios.items()}
    if any(reacts(scenario) for scenario in scenarios.values()):
        return {STEADY: steady, REACT: dict(scenarios)}
    return {STEADY: steady, REACT: {name: scenario.replace(REACTIONS) for name, scenario in scenarios.items()}}


def reacts(scenario: Scenario) -> bool:
    """Whether a scenario says that any backer reacts, from the start or once something has happened."""
    stated = [tie.reacts for tie in scenario.ties if tie.reacts is not None]
    events = [number for event in scenario.events for how in (event.set, event.add) for number in how.items()]
    return (
        scenario.coefficients.reactions.share > 0
        or any(max(number.best, number.high or 0) > 0 for number in stated)
        or any(key.endswith(".reacts") and number.best > 0 for key, number in events)
    )


def strength(scenarios: Mapping[str, Scenario]) -> str:
    """How strongly backers react, in words."""
    if any(reacts(scenario) for scenario in scenarios.values()):
        return "as the scenarios say"
    share, most = (REACTIONS[f"coefficients.reactions.{key}"] for key in ("share", "most"))
    return (
        f"as their party's prospects worsen, they close {100 * share:g} % of the gap to {most:g} times their support "
        "in 30 days (a judgement; coefficients.reactions or a tie's reacts and most say otherwise)"
    )
