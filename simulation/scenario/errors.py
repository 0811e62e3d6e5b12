"""What a user is told when a scenario cannot be used: file, place, value, what would do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date as Date
from datetime import time as Time
from typing import Any

from pydantic import ValidationError

from simulation.parameters import nearest, number_hint

MOST_LINES = 10
"""Faults told at once."""

QUANTITIES = ("Quantity", "Share", "Backing", "Leaning", "Signed")
"""Tables that may also be written as a bare number."""


class ScenarioError(ValueError):
    """A scenario, a setting or a request that cannot be used. Its text is meant for the person who wrote it.

    Letters that do not show, such as those that steer a terminal or turn the direction of writing, stand as codes.
    """

    def __init__(self, text: str = "") -> None:
        super().__init__("".join(letter if _shows(letter) else ascii(letter)[1:-1] for letter in text))


def _shows(letter: str) -> bool:
    return letter.isprintable() or letter in "\n\u200c\u200d"  # the joiners of some scripts


def place_of(location: Sequence[Any], raw: Any) -> str:
    """A readable address such as ``ties[UAE to LNA].leverage`` or ``events[moscow-text].offer``."""
    words: list[str] = []
    here = raw
    for part in location:
        if part == "[key]":
            continue  # pydantic's mark for a fault in a key, not in what stands under it
        try:
            here = here[part]
        except (KeyError, IndexError, TypeError):
            if here is not None and words and isinstance(part, str) and words[-1] == "rule":
                continue  # the name of the rule, which pydantic puts between ``rule`` and its key
            here = None
        if isinstance(part, int) and words:
            words[-1] += f"[{_label(here, part)}]"
        else:
            words.append(f'"{part}"' if "." in str(part) else str(part))
    return ".".join(words) or ('""' if "" in location else "")


def _label(item: Any, number: int) -> str:
    if isinstance(item, dict):
        offer = item.get("offer")
        for text in (item.get("id"), offer.get("id") if isinstance(offer, dict) else None):
            if text:
                return str(text)
        if "from" in item or "to" in item:
            return f"{item.get('from', '?')} to {item.get('to', '?')}"
        if "on" in item:
            return str(item["on"])
    return str(number)


def explain(error: ValidationError, raw: Any, file: str) -> ScenarioError:
    """Pydantic's complaint in words for the person who wrote the file; at most ten at once."""
    lines: list[str] = []
    faults = error.errors(include_url=False)
    for fault in faults:
        context = fault.get("ctx", {})
        if fault["type"] == "too_short" and len(fault["input"]) >= context["min_length"]:
            continue  # there are enough, but of the wrong kind, which is told by itself
        location = [part for part in fault["loc"] if not _is_choice(part)]
        if len(location) < len(fault["loc"]) and _is_of_the_other(fault):
            continue
        if "key" in context:
            location.append(context["key"])
        place = place_of(location, raw)
        lines += [f"{file}: {place + ': ' if place else ''}{words}" for words in _words(fault).splitlines()]
    if len(lines) > MOST_LINES:
        lines[MOST_LINES:] = [f"… and {len(lines) - MOST_LINES} more."]
    return ScenarioError("\n".join(lines))


CHOICES = ("tuple[", "dict[")
"""How pydantic calls a list and a table where either would do."""


def _is_choice(part: Any) -> bool:
    return isinstance(part, str) and part.startswith(CHOICES)


def _is_of_the_other(fault: Any) -> bool:
    """Whether a table is found not to be a list, or a list not to be a table, where either would do."""
    return (fault["type"] == "tuple_type" and isinstance(fault["input"], dict)) or (
        fault["type"] == "dict_type" and isinstance(fault["input"], list | tuple)
    )


def explain_toml(error: ValueError, text: str, file: str) -> ScenarioError:
    """The TOML reader's complaint, with the line it stopped at."""
    complaint = str(error)
    found = re.fullmatch(r"(?P<what>.*) \(at (?P<where>line (?P<line>\d+), column \d+|end of document)\)", complaint)
    if found is None:
        return ScenarioError(f"{file}: not valid TOML: {complaint}.")
    what = found["what"]
    if re.search("overwrite|twice|[Dd]uplicate|immutable|mutate", what):
        what += " (the same key or table is given twice)"
    elif what == "Invalid value":
        what += " (a text needs quotes, a number a digit before its point)"
    line = text.split("\n")[int(found["line"]) - 1].strip() if found["line"] else ""
    if number := re.search(r"=\s*([+-]?\d+,\d+|[+-]?\d+(?:[.,]\d+)? ?%)", line):
        what += f" ({number_hint(number[1]).strip().rstrip('.')})"
    return ScenarioError(f"{file}: {found['where']}: not valid TOML: {what}{': ' + _short(line) if line else ''}.")


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def shown_as(value: Any) -> str:
    """A value as it would be written in TOML, cut short."""
    if isinstance(value, bool):
        return str(value).lower()
    return _short(value.isoformat() if isinstance(value, Date | Time) else repr(value))


def _words(fault: Any) -> str:
    kind, context, value = fault["type"], fault.get("ctx", {}), fault["input"]
    shown = shown_as(value)
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
            known = re.findall(r"'([^']*)'", context["expected"])
            hint = nearest(value, known) if isinstance(value, str) else ""
            return f"{shown} will not do: {context['expected']} would.{hint if 'mean' in hint else ''}"
        case "union_tag_invalid":
            known = re.findall(r"'([^']*)'", context["expected_tags"])
            return f"no rule called {context['tag']!r}.{nearest(context['tag'], known)}"
        case "union_tag_not_found":
            return 'the rule needs a name, such as rule = { name = "friedkin-johnsen" }.'
        case "float_type" | "float_parsing" | "int_type" | "int_parsing" | "int_from_float" | "int_parsing_size":
            return f"{shown} is not a {'whole ' if kind.startswith('int') else ''}number."
        case _ if kind.startswith("date"):
            hint = " A date has no time zone." if kind == "date_with_zone" else ""
            return f"{shown} is not a date, such as 2020-01-08 (without quotes).{hint}"
        case "model_type" | "model_attributes_type" if context.get("class_name") in QUANTITIES:
            high = 1 if context["class_name"] in ("Share", "Backing") else 100
            hint = number_hint(value, high) if isinstance(value, str) else ""
            return f'{shown} is not a number, nor a table such as {{ best = 12, assumed = "why" }}.{hint}'
        case (
            "string_type"
            | "list_type"
            | "tuple_type"
            | "dict_type"
            | "bool_type"
            | "bool_parsing"
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
            return f"{shown} will not do as a name: letters, digits, - and _ only, a letter or digit first."
        case "string_too_long":
            return f"{shown} is too long: at most {context['max_length']} letters would do."
        case "too_short":
            return f"{shown} is empty: at least {context['min_length']} is needed."
        case _:
            return str(fault["msg"]).removeprefix("Value error, ")
