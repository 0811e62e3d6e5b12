"""Every number a result rests on, with the claims or the assumption behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from simulation.scenario.evidence import Evidence
from simulation.scenario.inputs import Input
from simulation.scenario.keys import occasions, offer_ids
from simulation.scenario.schema import Scenario
from simulation.show.report.markup import section, small, table


def inputs(scenario: Scenario, claims: Mapping[str, Evidence]) -> str:
    """Every number, folded away by actor, tie, event and coefficient, with what it rests on."""
    groups: dict[str, list[Input]] = {}
    for key, item in scenario.inputs.items():
        words = key.split(".")
        group = words[0] if words[0] in ("ties", "events") else " ".join(words[:2])
        if words[0] in ("coefficients", "rule"):
            group = "coefficients"
        groups.setdefault(group, []).append(item)
    parts = [happenings(scenario, claims)]
    for group, items in groups.items():
        name = group.split(" ")[-1]
        title = name if group.startswith("actors ") else group
        rows = [[_key(item, group), f"{item.value:g}", _range(item), _rests_on(item, claims)] for item in items]
        parts.append(
            f"<details><summary>{escape(title)} ({len(items)})</summary>"
            + table(["number", "value", "range", "rests on"], rows, numbers=0, raw=(0, 3))
            + "</details>"
        )
    missing = "" if claims else small("No folder seeds/ was found: claims are given by their ids only.")
    return section("What it rests on", missing + "\n".join(parts))


def happenings(scenario: Scenario, claims: Mapping[str, Evidence]) -> str:
    rows = []
    for event in scenario.events:
        what = [event.label or event.id or (event.offer.id if event.offer else "")]
        if event.offer is not None:
            to = ", ".join(offer_ids(scenario)[occasions(scenario, event)[0][0]]) if occasions(scenario, event) else ""
            what.append(f"{event.offer.form} offer of {', '.join(event.offer.sponsors)} to {to}")
            if event.offer.opponents:
                what.append(f"against it: {', '.join(event.offer.opponents)}")
        what += [f"{key} = {number.best:g}" for key, number in event.set.items()]
        what += [f"{key} {number.best:+g}" for key, number in event.add.items()]
        if event.probability < 1:
            what.append(f"happens with probability {event.probability:g}")
        rows.append([str(event.on), "; ".join(what), _spelt(event.claims, event.assumed, claims)])
    if not rows:
        return ""
    listed = table(["date", "what happens", "rests on"], rows, raw=(2,))
    return f"<details><summary>what happens when ({len(rows)})</summary>{listed}</details>\n"


def _key(item: Input, group: str) -> str:
    shown = item.key.removeprefix(group.replace(" ", ".") + ".")
    meaning = f'<br><span class="small">{escape(item.meaning)}</span>' if item.meaning else ""
    return f"<code>{escape(shown)}</code>{meaning}"


def _range(item: Input) -> str:
    span = f"{item.spread[0]:g}–{item.spread[1]:g}" if item.spread else ""
    return f"{span} {item.unit}".strip()


def _rests_on(item: Input, claims: Mapping[str, Evidence]) -> str:
    return _spelt(item.claims, item.assumed, claims)


def _spelt(ids: Iterable[str], assumed: str | None, claims: Mapping[str, Evidence]) -> str:
    """Claims in full, with their source, and what was assumed; as HTML."""
    lines = []
    for name in ids:
        row = claims.get(name)
        text = escape(name)
        if row is not None:
            about = ", ".join(part for part in (row.date, row.check, row.source) if part)
            text += f': {escape(row.text)} <span class="small">{escape(about)}</span>'
        lines.append(text)
    if assumed:
        lines.append(f"assumed: {escape(assumed)}")
    return "<br>".join(lines) or "–"
