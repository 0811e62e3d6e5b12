"""What a user is told when a scenario cannot be used: file, place, value, what would do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError


class ScenarioError(ValueError):
    """A scenario, a setting or a request that cannot be used. Its text is meant for the person who wrote it."""


def place_of(location: Sequence[Any], raw: Any) -> str:
    """A readable address such as ``ties[UAE to LNA].leverage`` or ``events[moscow-text].offer``."""
    words: list[str] = []
    here = raw
    for part in location:
        try:
            here = here[part]
        except (KeyError, IndexError, TypeError):
            if here is not None and words and isinstance(part, str) and words[-1] == "rule":
                continue  # the name of the rule, which pydantic puts between ``rule`` and its key
            here = None
        if isinstance(part, int) and words:
            words[-1] += f"[{_label(here, part)}]"
        else:
            words.append(str(part))
    return ".".join(words)


def _label(item: Any, number: int) -> str:
    if isinstance(item, dict):
        offer = item.get("offer")
        for text in (item.get("id"), offer.get("id") if isinstance(offer, dict) else None):
            if text:
                return str(text)
        if "from" in item and "to" in item:
            return f"{item['from']} to {item['to']}"
    return str(number)


def explain(error: ValidationError, raw: Any, file: str) -> ScenarioError:
    """Pydantic's complaint in words for the person who wrote the file; at most ten at once."""
    lines = []
    for fault in error.errors(include_url=False)[:10]:
        context = fault.get("ctx", {})
        location = list(fault["loc"])
        if "key" in context:
            location.append(context["key"])
        place = place_of(location, raw)
        lines.append(f"{file}: {place + ': ' if place else ''}{_words(fault)}")
    hidden = len(error.errors()) - len(lines)
    if hidden > 0:
        lines.append(f"… and {hidden} more.")
    return ScenarioError("\n".join(lines))


def _words(fault: Any) -> str:
    kind, context, value = fault["type"], fault.get("ctx", {}), fault["input"]
    shown = repr(value) if len(repr(value)) <= 60 else repr(value)[:57] + "..."
    match kind:
        case "missing":
            return "missing."
        case "finite_number":
            return f"{shown} is not a finite number."
        case "greater_than_equal" | "less_than_equal" | "greater_than" | "less_than":
            sign = {"ge": "at least", "le": "at most", "gt": "more than", "lt": "less than"}
            [(word, bound)] = [(sign[key], context[key]) for key in sign if key in context]
            return f"{shown} is out of range: {word} {bound:g} would do."
        case "literal_error":
            return f"{shown} is none of {context['expected']}."
        case "union_tag_invalid":
            return f"{context['tag']!r} is no known rule: one of {context['expected_tags']} would do."
        case "union_tag_not_found":
            return 'the rule needs a name, such as rule = { name = "friedkin-johnsen" }.'
        case "float_type" | "float_parsing" | "int_type" | "int_parsing" | "int_from_float":
            return f"{shown} is not a {'whole ' if kind.startswith('int') else ''}number."
        case _ if kind.startswith("date"):
            return f"{shown} is not a date, such as 2020-01-08 (without quotes)."
        case (
            "string_type"
            | "list_type"
            | "tuple_type"
            | "dict_type"
            | "bool_type"
            | "model_type"
            | "model_attributes_type"
        ):
            wanted = {
                "string": "a text in quotes",
                "list": "a list [...]",
                "tuple": "a list [...]",
                "bool": "true or false",
            }
            return f"{shown} will not do: {wanted.get(kind.split('_')[0], 'a table {...}')} is needed here."
        case "string_pattern_mismatch":
            return f"{shown} will not do as a name: letters, digits, - and _ only."
        case _:
            return str(fault["msg"]).removeprefix("Value error, ")
