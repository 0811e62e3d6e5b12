"""What of the manual is made from the code: tables of keys, coefficients, variables, measures, columns and switches.

``python -m benchmarks.tables`` writes them into the pages, between ``<!-- NAME -->`` and ``<!-- end -->``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

from benchmarks import blocks
from simulation.dynamics.variables import VARIABLES
from simulation.parameters import entries
from simulation.rules import RULES
from simulation.runs.results.wording import fixed
from simulation.scenario import json_schema
from simulation.scenario.coefficients import Coefficients
from simulation.scenario.measure_kinds import KINDS
from simulation.scenario.quantity import Coded
from simulation.scenario.structures import SWITCHES
from simulation.scenario.tables.meanings import meanings
from simulation.writing import write_text

DOCS = blocks.ROOT / "docs"

HEADS = {
    "Actor": "`[actors.NAME]`: who takes part",
    "Tie": "`[[ties]]`: who leans on, backs or depends on whom",
    "Event": "`[[events]]`: what happens when",
    "Offer": "`offer` of an event: a proposal on the table",
    "Issue": "`[issues.NAME]`: what is fought over",
    "Want": "`[[wants]]`: where a party would have an issue",
    "Record": "`[[record]]`: observed answers",
    "Fortune": "`[[fortune]]`: how parties fared",
    "PastTruce": "`[[truces]]`: truces in history",
    "Expect": "`[[expect]]`: what should hold",
}
"""The tables of a scenario file, by their names in the schema, and how they are headed."""

FEW = 5
"""On up to so many sheets a column is told sheet by sheet."""


def coefficients() -> str:
    """Every coefficient with its default, bounds, unit and meaning."""
    lines = ["| key | default | bounds | unit | meaning |", "| --- | --- | --- | --- | --- |"]
    groups = [(f"coefficients.{name}", field.annotation) for name, field in Coefficients.model_fields.items()]
    for where, table in [*groups, *((f"rule ({name})", rule) for name, rule in RULES.items())]:
        for entry in entries(table):  # type: ignore[arg-type]
            if entry.low is not None and entry.high is not None:
                bounds = f"{fixed(entry.low, 'g')} … {fixed(entry.high, 'g')}"
                default = "none" if entry.default is None else fixed(entry.default, "g")
                lines.append(f"| `{where}.{entry.name}` | {default} | {bounds} | {entry.unit} | {entry.meaning} |")
    return "\n".join(lines)


def variables() -> str:
    """Every number that changes in a run, with its scale, unit and meaning."""
    lines = [
        "| of | variable | scale | unit | meaning | set by events and by hand |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for variable in VARIABLES.values():
        scale = f"{fixed(variable.low, 'g')} … {fixed(variable.high, 'g')}" if math.isfinite(variable.width) else "open"
        may = "yes" if variable.settable else ""
        lines.append(f"| {variable.of} | `{variable.name}` | {scale} | {variable.unit} | {variable.meaning} | {may} |")
    return "\n".join(lines)


def scenario_keys() -> str:
    """Every key of a scenario file, table by table; those that say who coded a table from what once."""
    schema = json_schema()
    tables = {"At the top": schema, **{head: schema["$defs"][name] for name, head in HEADS.items()}}
    coded = list(Coded.model_fields)
    shared = {key: schema["$defs"]["Event"]["properties"][key] for key in coded}
    own = {
        name: {key: value for key, value in table["properties"].items() if table is schema or key not in coded}
        for name, table in tables.items()
    }
    return "\n\n".join(
        _table(name, keys)
        for name, keys in {**own, "Of any table but `[[expect]]`: who coded it from what": shared}.items()
    )


def columns() -> str:
    """Every column of a scenario in tables, sheet by sheet; one that means the same on several sheets once."""
    sheets: dict[tuple[str, str], list[str]] = {}
    for sheet, column, words in meanings():
        sheets.setdefault((column, words), []).append(sheet)
    lines = ["| sheet | column | meaning |", "| --- | --- | --- |"]
    for (column, words), on in sheets.items():
        if len(on) <= FEW:
            lines += [f"| `{sheet}` | `{column}` | {words} |" for sheet in on]
    for (column, words), on in sheets.items():
        if len(on) > FEW:
            lines.append(f"| {', '.join(f'`{sheet}`' for sheet in on)} | `{column}` | {words} |")
    return "\n".join(lines)


def measures() -> str:
    """Every measure with its unit and what it is."""
    lines = ["| measure | counted in | what it is |", "| --- | --- | --- |"]
    for kind in KINDS:
        names = ", ".join(f"`{pattern}`" for pattern in kind.patterns)
        lines.append(f"| {names} | {kind.unit} | {kind.meaning} |")
    return "\n".join(lines)


def structures() -> str:
    """Every switch with its alternatives, what each changes and why."""
    lines = ["| switch | alternative | changes | why | source |", "| --- | --- | --- | --- | --- |"]
    for switch in SWITCHES:
        for other in switch.alternatives:
            changes = [f"`{key}` = {value:g}" for key, value in other.put.items()]
            changes += [f"`{key}` × {factor:g}" for key, factor in other.times.items()]
            changes += [f"`rule` = {other.rule}"] if other.rule else []
            lines.append(f"| {switch.name} | {other.name} | {', '.join(changes)} | {other.why} | {other.source} |")
    return "\n".join(lines)


def _table(name: str, keys: dict[str, Any]) -> str:
    lines = [f"#### {name}", "", "| key | kind | meaning |", "| --- | --- | --- |"]
    for key, value in keys.items():
        lines.append(f"| `{key}` | {_kind(value)} | {value.get('description', '')} |")
    return "\n".join(lines)


def _kind(value: dict[str, Any]) -> str:
    if "const" in value:
        return f"`{value['const']}`"
    if "enum" in value:
        return " or ".join(f"`{item}`" for item in value["enum"])
    if "anyOf" in value:
        kinds = dict.fromkeys(_kind(item) for item in value["anyOf"] if item.get("type") != "null")
        return " or ".join(kinds)
    if "$ref" in value:
        name = value["$ref"].split("/")[-1]
        return "number" if name in ("Quantity", "Share", "Backing", "Leaning", "Signed") else "table"
    return {"string": "text", "array": "list", "object": "table", "boolean": "true or false"}.get(
        value.get("type", ""), value.get("type", "")
    ) + (" (date)" if value.get("format") == "date" else "")


def notebooks() -> str:
    """Every notebook by its title."""
    lines = []
    for file in sorted((blocks.ROOT / "notebooks").glob("*.ipynb")):
        title = "".join(json.loads(file.read_text(encoding="utf-8"))["cells"][0]["source"]).splitlines()[0]
        lines.append(f"- [{title.removeprefix('# ')}](../notebooks/{file.name})")
    return "\n".join(lines)


TABLES: dict[str, Callable[[], str]] = {
    "variables": variables,
    "coefficients": coefficients,
    "keys": scenario_keys,
    "columns": columns,
    "measures": measures,
    "structures": structures,
    "notebooks": notebooks,
}


def filled(page: str) -> str:
    """The text of a page with every table in it as the code makes it now."""
    for name, make in TABLES.items():
        if f"<!-- {name} -->" in page:
            page = blocks.filled(page, name, f"\n{make()}\n")
    return page


if __name__ == "__main__":
    for page in sorted(DOCS.glob("*.md")):
        write_text(page, filled(page.read_text(encoding="utf-8")))
