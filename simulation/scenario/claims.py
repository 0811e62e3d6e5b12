"""What a scenario cites: each claim with its place, and whether the evidence bears it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from simulation.parameters import nearest
from simulation.scenario.evidence import Evidence, EvidenceError, find_seeds, load_evidence
from simulation.scenario.schema import Scenario


def unfit_claims(scenario: Scenario, files: Iterable[Path]) -> Iterator[str]:
    """What a scenario cites that is not in the evidence near its files, or was found wrong: a sentence each."""
    cited = list(citations(scenario))
    if not cited:
        return
    try:
        where, evidence = evidence_near(files)
    except EvidenceError as error:
        yield f"its claims cannot be looked up. {error}"
        return
    if not where:
        yield f"{cited[0][0]}: cites {cited[0][1]}, but no folder seeds/ is near to look it up in."
        return
    for place, claim in cited:
        if claim not in evidence:
            yield f"{place}: no claim '{claim}' in seeds/.{nearest(claim, evidence)}"
        elif not evidence[claim].citable:
            yield f"{place}: {claim} was found wrong or doubtful and supports no number."


def evidence_near(files: Iterable[Path]) -> tuple[list[Path], dict[str, Evidence]]:
    """The folders seeds/ near some files, and their rows by id; of one id, the row near the earlier file counts."""
    near = dict.fromkeys(find_seeds(file.resolve().parent) for file in files)
    folders = [folder for folder in near if folder is not None]
    rows: dict[str, Evidence] = {}
    for folder in folders:
        rows = load_evidence(folder) | rows
    return folders, rows


def citations(scenario: Scenario) -> list[tuple[str, str]]:
    """Every claim that is cited, with its place in the file."""
    found: list[tuple[str, str]] = []

    def visit(place: str, item: Any) -> None:
        found.extend((place, claim) for claim in item.claims)

    for name, actor in scenario.actors.items():
        visit(f"actors.{name}", actor)
        for key, number in actor.quantities():
            visit(f"actors.{name}.{key}", number)
    for tie in scenario.ties:
        visit(f"ties.{tie.source}.{tie.target}", tie)
        for key, number in tie.quantities():
            visit(f"ties.{tie.source}.{tie.target}.{key}", number)
    for name, issue in scenario.issues.items() if isinstance(scenario.issues, dict) else ():
        visit(f"issues.{name}", issue)
    for want in scenario.wants or ():
        where = f"wants.{want.party}.{want.issue}"
        visit(where, want)
        for key, number in want.quantities():
            visit(f"{where}.{key}", number)
    for event in scenario.events:
        where = f"events[{event.name or event.on}]"
        visit(where, event)
        for how in ("set", "add"):
            for key, number in getattr(event, how).items():
                visit(f'{where}.{how}."{key}"', number)
        if event.offer is not None:
            visit(f"{where}.offer.monitoring", event.offer.monitoring)
            for name, points in event.offer.terms.items():
                visit(f"{where}.offer.terms.{name}", points)
    for place, entry in enumerate(scenario.record):
        visit(f"record[{place}]", entry)
    return found
