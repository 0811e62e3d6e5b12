"""What a user is told when a scenario cannot be used: file, place, value, what would do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date as Date
from datetime import time as Time
from typing import Any

from pydantic import ValidationError

from simulation.parameters import nearest, number_hint

LONG_WORD = re.compile(r"\S{401,}")
"""A number of thousands of digits, say, which would hide what is wrong with it."""

HALF = 400
"""Letters that are kept of each end of a very long line."""

MOST = 30
"""Lines that are kept of a very long text."""

MOST_LINES = 10
"""Faults told at once."""

QUANTITIES = ("Quantity", "Share", "Backing", "Leaning", "Signed")
"""Tables that may also be written as a bare number."""


class ScenarioError(ValueError):
    """A scenario, a setting or a request that cannot be used. Its text is meant for the person who wrote it.

    Letters that do not show, such as those that steer a terminal or turn the direction of writing, stand as codes, and
    of a very long word, line or text the middle or the rest is left out.
    """

    def __init__(self, text: str = "") -> None:
        text = LONG_WORD.sub(lambda found: f"{found[0][: HALF // 2]}…{found[0][-HALF // 4 :]}", text)
        lines = [line if len(line) <= 2 * HALF else f"{line[:HALF]} … {line[-HALF:]}" for line in text.split("\n")]
        if len(lines) > MOST:
            lines[MOST:] = [f"… and {len(lines) - MOST} more lines."]
        super().__init__("".join(letter if _shows(letter) else ascii(letter)[1:-1] for letter in "\n".join(lines)))


def _shows(letter: str) -> bool:
    return letter.isprintable() or letter in "\n\u200c\u200d"  # the joiners of some scripts


LISTS = ("ties", "wants", "events", "record", "fortune", "truces", "expect")
"""Tables that are written one by one, each under its own [[...]]."""


def each_a_table(key: str, name: str | None = None) -> str:
    """What to do where a table was expected of each tie, event, actor, and there is something else."""
    if name is not None:
        return f"not a table; write what it is under [{key}.{name}]."
    return f"write each one as a table of its own, under {f'[[{key}]]' if key in LISTS else f'[{key}.NAME]'}."


def unquoted(changes: Any) -> str:
    """What to do about a key that was written without quotes, and so reads as tables in one another; else nothing."""
    for key, value in changes.items() if isinstance(changes, dict) else ():
        if isinstance(value, dict) and "best" not in value and key in ("actors", "ties", "events", "coefficients"):
            return 'put the whole key in quotes, such as "ties.UAE.LNA.support" = 0.3.'
    return ""


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


def explain(error: ValidationError, raw: Any, file: str, further: Iterable[str] = ()) -> ScenarioError:
    """Pydantic's complaint, and what else was found, in words for the person who wrote the file; ten at most."""
    return told(file, [*_complaints(error, raw), *further])


def told(file: str, lines: Sequence[str]) -> ScenarioError:
    """An error of several lines, each behind the name of the file; ten at most."""
    shown = [f"{file}: {line}" for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        shown.append(f"… and {len(lines) - MOST_LINES} more.")
    return ScenarioError("\n".join(shown))


def _complaints(error: ValidationError, raw: Any) -> Iterator[str]:
    """Pydantic's complaints, each with its place; of those that nobody is shown, hardly more than how many they are."""
    told_of = 0
    for fault in error.errors(include_url=False):
        context = fault.get("ctx", {})
        if fault["type"] == "too_short" and len(fault["input"]) >= context["min_length"]:
            continue  # there are enough, but of the wrong kind, which is told by itself
        location = location_of(fault)
        if any(map(_is_choice, fault["loc"])) and _is_of_the_other(fault):
            continue
        told_of += 1
        if told_of > MOST_LINES:
            yield from str(fault["msg"]).splitlines()
            continue
        place, words = place_of(location, raw), _of_shape(fault, location) or _words(fault)
        yield from (f"{place + ': ' if place else ''}{line}" for line in words.splitlines())


def _of_shape(fault: Any, location: Sequence[Any]) -> str:
    """What to do where a list of tables, or a table, was expected at this place and there is something else."""
    if fault["type"] not in ("tuple_type", "dict_type", "model_type", "model_attributes_type"):
        return ""
    match location:
        case [key] | [key, int()] if key in (*LISTS, "actors"):
            return each_a_table(key)
        case ["actors", str(name)]:
            return each_a_table("actors", name)
    return ""


def location_of(fault: Any) -> list[Any]:
    """Where in the raw tables a complaint of pydantic's is, key by key."""
    key = [fault["ctx"]["key"]] if "key" in fault.get("ctx", {}) else []
    return [part for part in (*fault["loc"], *key) if not _is_choice(part)]


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
    if re.search(r"=\s*\d{1,4}([./-])\d{1,2}\1\d{1,4}\b", line):
        what += " (a date is written year-month-day, such as 2025-01-31)"
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
