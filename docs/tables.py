"""Tables of the manual that are made from the code when the site is built."""

from __future__ import annotations

import math
from typing import Any

from simulation.dynamics.variables import VARIABLES
from simulation.parameters import entries
from simulation.rules import RULES
from simulation.scenario import json_schema
from simulation.scenario.coefficients import Coefficients
from simulation.scenario.measure_kinds import KINDS
from simulation.scenario.tables.meanings import meanings


def coefficients() -> str:
    """Every coefficient with its default, bounds, unit and meaning."""
    lines = ["| key | default | bounds | unit | meaning |", "| --- | --- | --- | --- | --- |"]
    groups = [(f"coefficients.{name}", field.annotation) for name, field in Coefficients.model_fields.items()]
    for where, table in [*groups, *((f"rule ({name})", rule) for name, rule in RULES.items())]:
        for entry in entries(table):  # type: ignore[arg-type]
            if entry.low is not None and entry.high is not None:
                bounds = f"{entry.low:g} … {entry.high:g}"
                default = "none" if entry.default is None else f"{entry.default:g}"
                lines.append(f"| `{where}.{entry.name}` | {default} | {bounds} | {entry.unit} | {entry.meaning} |")
    return "\n".join(lines)


def variables() -> str:
    """Every number that changes in a run, with its scale, unit and meaning."""
    lines = [
        "| of | variable | scale | unit | meaning | set by events and by hand |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for variable in VARIABLES.values():
        scale = f"{variable.low:g} … {variable.high:g}" if math.isfinite(variable.width) else "open"
        may = "yes" if variable.settable else ""
        lines.append(f"| {variable.of} | `{variable.name}` | {scale} | {variable.unit} | {variable.meaning} | {may} |")
    return "\n".join(lines)


def scenario_keys() -> str:
    """Every key of a scenario file, table by table."""
    schema = json_schema()
    tables = {"the file": schema, **{name: schema["$defs"][name] for name in _order(schema)}}
    return "\n\n".join(_table(name, table) for name, table in tables.items())


def columns() -> str:
    """Every column of a scenario in tables, sheet by sheet."""
    lines = ["| sheet | column | meaning |", "| --- | --- | --- |"]
    lines += [f"| `{sheet}` | `{column}` | {words} |" for sheet, column, words in meanings()]
    return "\n".join(lines)


def measures() -> str:
    """Every measure with its unit and what it is."""
    lines = ["| measure | counted in | what it is |", "| --- | --- | --- |"]
    for kind in KINDS:
        names = ", ".join(f"`{pattern}`" for pattern in kind.patterns)
        lines.append(f"| {names} | {kind.unit} | {kind.meaning} |")
    return "\n".join(lines)


def _order(schema: dict[str, Any]) -> list[str]:
    wanted = ["Actor", "Tie", "Event", "Offer", "Issue", "Want", "Record", "Fortune", "PastTruce", "Expect"]
    return [name for name in wanted if name in schema["$defs"]]


def _table(name: str, table: dict[str, Any]) -> str:
    lines = [f"#### {name}", "", "| key | kind | meaning |", "| --- | --- | --- |"]
    for key, value in table["properties"].items():
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
        return "number" if name in ("Quantity", "Share", "Backing", "Leaning", "Signed") else f"table {name}"
    return {"string": "text", "array": "list", "object": "table", "boolean": "true or false"}.get(
        value.get("type", ""), value.get("type", "")
    ) + (" (date)" if value.get("format") == "date" else "")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """What mkdocs calls for every page."""
    made = {
        "coefficients": coefficients,
        "variables": variables,
        "keys": scenario_keys,
        "measures": measures,
        "columns": columns,
    }
    for name, make in made.items():
        marker = "{{ " + name + " }}"
        if marker in markdown:
            markdown = markdown.replace(marker, make())
    return markdown
