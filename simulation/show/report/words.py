"""What came of the runs, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulation.runs.results import makes_conditions
from simulation.runs.results.wording import endings, life, percent, share_and_span
from simulation.scenario.keys import occasions
from simulation.scenario.schema import Scenario

MOST_SENTENCES = 12
"""Offers that a verdict speaks of one by one."""


def verdict(summary: Mapping[str, Any], scenario: Scenario | None = None) -> list[str]:
    """What came of the runs, in sentences that claim no more than the 95 % intervals in brackets allow.

    Parameters
    ----------
    summary : of ``simulation.runs.results.summarise``
    scenario : if given, offers go by their labels and dates rather than by their ids, and parties by their labels
    """
    names, called = (offer_names(scenario), scenario.labels) if scenario else ({}, {})
    said, conditions = [], makes_conditions(summary)
    for offer, asked in list(summary["offers"].items())[:MOST_SENTENCES]:
        answers = "; ".join(_answer(called.get(party, party), value, conditions) for party, value in asked.items())
        said.append(f"{names.get(offer, offer)}: {answers}.")
    if (left := len(summary["offers"]) - MOST_SENTENCES) > 0:
        said.append(f"{left} more {'offer is' if left == 1 else 'offers are'} in the table.")
    if summary["offers"]:
        said.append(_truce(summary["truce"], summary["runs"]))
    if "outcome" in summary:
        said.append(_outcome(summary["outcome"]))
    if summary["expect"]:
        said.append(_expectations(summary["expect"]))
    return said or ["Nobody is asked anything: there is no offer, and nothing is expected."]


def _answer(party: str, value: Mapping[str, Any], conditions: bool) -> str:
    if value["chance"] is None or value["low"] is None or value["high"] is None:
        return f"{party} is not asked in any run"
    said = f"{party} accepts in {percent(value)} of runs"
    return f"{said}, without conditions in {share_and_span(value['full'])[0]}" if conditions else said


def _truce(truce: Mapping[str, Any], runs: int) -> str:
    if not truce["starts"]["chance"]:
        return f"No truce starts in any of the {runs:,} runs ({share_and_span(truce['starts'])[1]} %)."
    return (
        f"A truce starts in {percent(truce['starts'])} of runs; where one does, the first holds in the median "
        f"{life(truce, '{} in nine tenths of cases')}; it is {endings(truce)}. "
        f"One is in force at the end in {percent(truce['holds_to_end'])}."
    )


def _outcome(outcome: Mapping[str, Any]) -> str:
    mean, median, settled = outcome["mean"], outcome["median"], outcome["settled"]
    return (
        f"The talks end at {mean['value']:.1f} by the mean of the positions ({mean['runs_low']:.1f} to "
        f"{mean['runs_high']:.1f} in nine tenths of runs) and at {median['value']:.1f} by their median. "
        f"They come to rest in {percent(settled)} of runs."
    )


def _expectations(found: Sequence[Mapping[str, Any]]) -> str:
    short = [item for item in found if not item["met"]]
    if not short:
        return (
            f"All {len(found)} expectations of the scenario are met." if len(found) > 1 else "Its expectation is met."
        )
    listed = "; ".join(item["that"] + ("" if item["decided"] else " (too close to call)") for item in short)
    return f"{len(short)} of {len(found)} expectations not met: {listed}."


def offer_names(scenario: Scenario) -> dict[str, str]:
    """What to call each offer: its label or id, and its date."""
    found = {}
    for event in scenario.events:
        for number, (name, step) in enumerate(occasions(scenario, event), 1):
            standing = event.offer is not None and event.offer.every is not None
            day = scenario.date_of(step) if standing else event.on
            label = event.label or (event.offer.id if event.offer else name)
            found[name] = f"{label}{f', no. {number}' if standing else ''} ({day.day} {day:%B} {day.year})"
    return found
