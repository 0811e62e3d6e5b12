"""One-at-a-time effects: every stance, tie and offer moved by itself, with common random numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.dynamics.state import Array
from simulation.parameters import nearest
from simulation.questions.finding import Finding, Table, plain
from simulation.questions.paired import Version, apart, bearing, interval, pseudo, read_versions, reading
from simulation.runs.provenance import provenance
from simulation.runs.results import scenario_of, wilson
from simulation.runs.results.wording import amount, clearly, difference, estimate, points
from simulation.scenario.arguments import of_kind
from simulation.scenario.errors import ScenarioError
from simulation.scenario.input_labels import FIELDS
from simulation.scenario.measures import unit_of, words_of
from simulation.scenario.offers import Offer
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

STEPS: Mapping[str, tuple[float, ...]] = {
    "stance": (-20.0, -10.0, 10.0, 20.0),
    "salience": (-20.0, -10.0, 10.0, 20.0),
    "leverage": (-0.25, -0.1, 0.1, 0.25),
    "support": (-0.25, -0.1, 0.1, 0.25),
    "pledge": (-0.25, -0.1, 0.1, 0.25),
    "monitoring": (-0.25, -0.1, 0.1, 0.25),
    "terms": (-50.0, -25.0, 25.0, 50.0),
    "want": (-50.0, -25.0, 25.0, 50.0),
}
"""How far each kind of number is moved, in its own units: stance and salience in points of 100, support and pledge in
shares of the backer's influence, leverage and monitoring from 0 to 1, terms and wants in points of an issue."""

OF_CONTENT = ("terms", "want")
"""Kinds that count for nothing where the content of an offer does not."""

SPONSOR = "sponsor"
"""The kind of lever that has no number: one sponsor more (step 1) or fewer (step -1)."""


ALL: Mapping[str, Sequence[float]] = {**STEPS, SPONSOR: (1.0, -1.0)}


@dataclass(frozen=True, slots=True)
class Move:
    """One lever moved by one step."""

    lever: str  # the key of a number, or events.NAME.offer.sponsors.ACTOR
    kind: str
    actor: str  # who would have to move; of an offer's monitoring and terms, its first sponsor
    step: float  # what was asked for; of a sponsor, 1 joins and -1 leaves
    old: float
    new: float  # kept within the bounds of the number
    expected: bool  # within the expert's low and high, where there are such
    version: Version


@of_kind
def levers(
    scenario: Scenario,
    measure: str,
    runs: int = 256,
    seed: int = 1,
    *,
    steps: Mapping[str, Sequence[float]] | None = None,
    uncertain: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Finding:
    """One-at-a-time effects: move every lever of a scenario by itself, and tell what that does to a measure.

    Levers are each actor's stance and salience, each tie's leverage, support and promised support, each offer's
    monitoring and terms, what each party wants on each issue, and an offer's sponsors: one of them gone, or one more
    who has leverage on a party that is asked (an opponent changes sides). Where an offer is silent on an issue, it is
    made to speak, moved from what holds on its day. What an offer is (its kind, whether it is signed) is no lever: a
    text is tabled when it is nearly agreed. A number is kept within its bounds; a step that leaves it where it is, is
    left out.

    Parameters
    ----------
    measure : such as ``truce.starts.2020-01-31``, ``answer.berlin.LNA`` or ``truce.holds_to_end``
    steps : steps by kind, in place of those of ``STEPS``; kinds that are not named are left alone, and ``sponsor`` is
        tried where it is named
    uncertain : move each number from where it is drawn in each run
    progress : called with the number of runs done so far and in all

    Returns
    -------
    a finding, whose dataset is over ``move``: ``effect`` with ``low`` and ``high`` (95 %, paired runs), in units of the
    measure; coordinates ``lever``, ``kind``, ``actor``, ``step``, ``old``, ``new`` and ``expected``. The strongest
    lever comes first, by the largest effect of any of its steps. ``base``, ``base_low``, ``base_high``: the measure as
    it stands.

    Raises
    ------
    ScenarioError
        for an unknown measure or kind, steps that move nothing, or a measure that never arises
    """
    import xarray as xr

    read = reading(measure, scenario)
    moves = list(moves_of(scenario, kinds_of(scenario) if steps is None else steps))
    if not moves:
        raise ScenarioError("no lever to move: the steps lead nowhere in this scenario.")
    versions = [Version(scenario), *(move.version for move in moves)]
    advance = None if progress is None else (lambda done: progress(done, runs * len(versions)))
    values = read_versions(versions, measure, runs, seed, uncertain=uncertain, progress=advance)
    if np.isnan(values[0]).all():
        raise ScenarioError(f"{measure}: the question does not arise in any of the {runs} runs.")
    effects = np.array([apart(moved, values[0], read.counted) for moved in values[1:]])
    strength: dict[str, float] = {}
    for move, (effect, _, _) in zip(moves, effects, strict=True):
        strength[move.lever] = max(strength.get(move.lever, 0.0), abs(np.nan_to_num(effect)))
    order = sorted(range(len(moves)), key=lambda k: (-strength[moves[k].lever], moves[k].lever, moves[k].step))
    moves, effects = [moves[k] for k in order], effects[order]
    base = _base(values[0], read.counted)
    own = {"units": "units of the measure"}

    def text(field: str) -> tuple[str, Any]:
        return "move", np.array([getattr(move, field) for move in moves], dtype=object)

    def number(field: str, words: str) -> tuple[str, Any, dict[str, str]]:
        return "move", np.array([getattr(move, field) for move in moves]), {"long_name": words}

    result = xr.Dataset(
        {
            "effect": ("move", effects[:, 0], {**own, "long_name": f"change of {measure}"}),
            "low": ("move", effects[:, 1], {**own, "long_name": "lower end of its 95 % interval, paired runs"}),
            "high": ("move", effects[:, 2], {**own, "long_name": "upper end of its 95 % interval, paired runs"}),
            "base": ((), base[0], {**own, "long_name": f"{measure} with nothing moved"}),
            "base_low": ((), base[1], own),
            "base_high": ((), base[2], own),
        },
        coords={
            "lever": text("lever"),
            "kind": text("kind"),
            "actor": text("actor"),
            "step": number("step", "step that was asked for"),
            "old": number("old", "value as it stands (1 a sponsor, 0 none)"),
            "new": number("new", "value tried"),
            "expected": number("expected", "whether the value tried lies within the expert's low and high, if any"),
        },
        attrs={**provenance(scenario, runs, seed, uncertain, ()), "finding": "levers", "measure": measure},
    )
    return describe(result)


def _base(values: Array, counted: bool) -> tuple[float, float, float]:
    """The measure with nothing moved, and its 95 % interval; by Wilson where it is counted."""
    if counted:
        arisen = values[~np.isnan(values)]
        return wilson(float(arisen.sum()), arisen.size)
    return interval(pseudo(values), bearing(values))


def kinds_of(scenario: Scenario) -> Mapping[str, Sequence[float]]:
    """The steps of every kind of lever that may count: terms and wants do not where content does not."""
    counts = scenario.coefficients.answers.content != 0
    return {kind: steps for kind, steps in ALL.items() if counts or kind not in OF_CONTENT}


def moves_of(scenario: Scenario, steps: Mapping[str, Sequence[float]]) -> Iterator[Move]:
    """Every lever of the scenario moved by every step of its kind."""
    for kind in steps:
        if kind not in STEPS and kind != SPONSOR:
            raise ScenarioError(f"no kind of lever '{kind}'.{nearest(kind, [*STEPS, SPONSOR])}")
    for key, item in scenario.inputs.items():
        kind, actor = kind_of(scenario, key)
        for step in () if item.selection else steps.get(kind, ()):
            new = min(max(item.value + step, item.low), item.high)
            if abs(new - item.value) < 1e-12:
                continue
            inside = item.spread is None or item.spread[0] <= new <= item.spread[1]
            yield Move(key, kind, actor, step, item.value, new, inside, Version(scenario, {key: step}))
    for step in steps.get(SPONSOR, ()):
        yield from _sponsors(scenario, step)


def kind_of(scenario: Scenario, key: str) -> tuple[str, str]:
    """What kind of lever a number is, and whose; the kind is empty where it is none."""
    offers = {event.name: event.offer for event in scenario.events}
    match key.split("."):
        case ["actors", actor, ("stance" | "salience") as kind]:
            return kind, actor
        case ["ties", source, _, ("leverage" | "support" | "pledge") as kind]:
            return kind, source
        case ["events", name, "offer", "monitoring"]:
            return "monitoring", _first_sponsor(offers[name])
        case ["events", name, "offer", "terms", _]:
            return "terms", _first_sponsor(offers[name])
        case ["wants", party, _, "want"]:
            return "want", party
    return "", ""


def _first_sponsor(offer: Offer | None) -> str:
    return offer.sponsors[0] if offer and offer.sponsors else ""


def _sponsors(scenario: Scenario, step: float) -> Iterator[Move]:
    for event in scenario.events:
        offer = event.offer
        if offer is None:
            continue
        if step > 0:
            chosen: Sequence[str] = [name for name in _heard(scenario, offer) if name not in offer.sponsors]
        else:
            chosen = offer.sponsors if len(offer.sponsors) > 1 else ()
        for name in chosen:
            where = f"events.{event.name}.offer"
            if step > 0:
                changes: dict[str, Any] = {f"{where}.sponsors": [*offer.sponsors, name]}
                if name in offer.opponents:
                    changes[f"{where}.opponents"] = [other for other in offer.opponents if other != name]
            else:
                changes = {f"{where}.sponsors": [other for other in offer.sponsors if other != name]}
            lever = f"{where}.sponsors.{name}"
            old, new = (0.0, 1.0) if step > 0 else (1.0, 0.0)
            version = Version(scenario.replace(changes))
            yield Move(lever, SPONSOR, name, 1.0 if step > 0 else -1.0, old, new, True, version)


def _heard(scenario: Scenario, offer: Offer) -> list[str]:
    """Who has leverage on a party that is asked; a sponsor without any changes nothing."""
    asked = offer.to or scenario.parties
    has = {tie.source for tie in scenario.ties if tie.target in asked and tie.leverage and tie.leverage.best > 0}
    return [name for name in scenario.actors if name in has]


MOST_SHOWN = 20
"""Levers in the table that is shown; the rows have all."""


def describe(result: xr.Dataset) -> Finding:
    """What the levers do, in rows, plain numbers and words."""
    import pandas as pd

    table, measure, runs = rows(result), str(result.attrs["measure"]), int(result.attrs["runs"])
    kind, scenario = unit_of(measure), scenario_of(result)
    base, low, high = (float(result[key]) for key in ("base", "base_low", "base_high"))
    names = list(dict.fromkeys(str(name) for name in result.lever.values))
    most = float(np.nanmax(np.abs(result.effect.values)))
    cells = [_strongest(result.isel(move=result.lever.values == name), kind, scenario) for name in names[:MOST_SHOWN]]
    words: list[str | Table] = [
        f"One-at-a-time effects: {words_of(measure, scenario)}",
        f"as it stands: {estimate(base, low, high, kind)}; {runs:,} runs for each lever, with common random numbers\n",
        Table(("actor", "lever", "from", "to", "effect (95 %)"), cells, texts=2),
        "* outside what the coder of the scenario thought possible",
    ]
    if not any(digit in amount(most, kind, signed=True) for digit in "123456789"):
        words[2:] = ["No lever moves it by as much as can be printed. Ask for another outcome with --measure."]
    elif len(names) > MOST_SHOWN:
        words.append(f"{len(names) - MOST_SHOWN} weaker levers are in the rows and files.")
    if table and clearly(table[0]["low"], table[0]["high"]):
        words.insert(1, _sentence(table[0], cells[0], kind))
    summary = {"scenario": result.attrs["title"], "measure": measure, "runs": runs, "seed": int(result.attrs["seed"])}
    summary |= {key: plain(result[key]) for key in ("base", "base_low", "base_high")} | {"moves": table}
    return Finding(result=result, rows=pd.DataFrame(table), summary=summary, words=tuple(words))


def _sentence(row: dict[str, Any], cell: Sequence[str], kind: str) -> str:
    """What does most, in a sentence."""
    actor, lever, old, new, _ = cell
    change = f"{old} to {new.removesuffix(' *')}" if old else new
    told = difference(row["effect"], row["low"], row["high"], kind, points(kind))
    return f"Nothing by itself does more than {actor}: {lever}, {change}: {told}."


def _strongest(moves: xr.Dataset, kind: str, scenario: Scenario) -> tuple[str, ...]:
    """The step of one lever that does most, as a row of a table."""
    here = moves.isel(move=int(np.nan_to_num(np.abs(moves.effect.values)).argmax()))
    old, new = f"{float(here.old):g}", f"{float(here.new):g}"
    if str(here.kind.values) == SPONSOR:
        old, new = "", "joins" if float(here.step) > 0 else "leaves"
    star = "" if bool(here.expected) else " *"
    value, low, high = (float(here[key]) for key in ("effect", "low", "high"))
    effect = difference(value, low, high, kind)
    actor = str(here.actor.values)
    return (
        scenario.labels.get(actor, actor),
        lever_label(str(here.lever.values), scenario.labels),
        old,
        new + star,
        effect,
    )


def lever_label(
    lever: str,
    called: Mapping[str, str],
    events: Mapping[str, str] = MappingProxyType({}),
    issues: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """A lever in words, without whose it is.

    Parameters
    ----------
    called : what to call the actors, by key
    events, issues : what to call these, by key; else by their keys
    """
    match lever.split("."):
        case ["actors", _, kind]:
            return FIELDS.get(kind, kind)
        case ["ties", _, target, kind]:
            preposition = {"leverage": "on", "support": "for", "pledge": "for"}[kind]
            return f"{FIELDS.get(kind, kind)} {preposition} {called.get(target, target)}"
        case ["events", name, "offer", "monitoring"]:
            return f"monitoring of {events.get(name, name)}"
        case ["events", name, "offer", "terms", issue]:
            return f"{issues.get(issue, issue)} in {events.get(name, name)}"
        case ["wants", _, issue, "want"]:
            return f"what it wants on {issues.get(issue, issue)}"
        case ["events", name, "offer", "sponsors", _]:
            return f"sponsor of {events.get(name, name)}"
    return lever


def rows(result: xr.Dataset) -> list[dict[str, Any]]:
    """What the levers do, a row a move, strongest lever first, as plain numbers."""
    table: list[dict[str, Any]] = []
    for place in range(result.sizes["move"]):
        here = result.isel(move=place)
        row: dict[str, Any] = {key: str(here[key].values) for key in ("lever", "kind", "actor")}
        row |= {key: float(here[key]) for key in ("step", "old", "new")} | {"expected": bool(here.expected)}
        row |= {key: plain(here[key]) for key in ("effect", "low", "high")}
        table.append(row)
    return table
