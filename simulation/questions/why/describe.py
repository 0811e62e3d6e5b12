"""Why an actor moved, in words: the parts of the move, of its ideal point, and what the stance rule tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from simulation.questions.finding import Finding, Table, plain
from simulation.runs.results import scenario_of
from simulation.runs.results.wording import fixed
from simulation.scenario.labels import standing, step_label

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

SHOWN = 12
"""Other actors in a table that is shown; the sheet has all."""

PARTS = {
    "by_event": "events",
    "by_war": "what the war did to its ideal point",
    "by_rule": "the rule",
    "by_chance": "random noise",
}
"""The parts of a move, which add up to it."""

TALKS = {**PARTS, "by_war": "a change of its ideal point", "by_chance": "random noise"}
"""The same where nobody fights; what did nothing is left out."""

WISH = {
    "base": "preference at parity",
    "weariness": "weariness",
    "stalemate": "a hurting stalemate",
    "prospect": "the prospect of gain",
    "following": "dependence on a client",
}
"""The parts of an ideal point, which add up to it before it is cut to the scale."""


def describe(result: xr.Dataset) -> Finding:
    """The move of one actor taken apart, or those of all beside each other."""
    alone = "actor" not in result.dims
    summary = {key: result.attrs[key] for key in ("title", "rule", "step", "date", "run", "seed")}
    names = ("stance_before", *PARTS, "stance_after", "ideal_before", "ideal", "target")
    parts = result[list(names)]
    rows = (parts.expand_dims("actor") if alone else parts).to_dataframe().reset_index()
    if alone:
        summary |= {"actor": str(result.actor.item())} | {name: plain(result[name], 4) for name in names}
    else:
        summary["actors"] = {row["actor"]: {name: plain(row[name], 4) for name in names} for _, row in rows.iterrows()}
    scenario = scenario_of(result)
    about = f"{step_label(scenario, int(summary['step']))}, run {summary['run']}, seed {summary['seed']}"
    words = [*_one(result, about)] if alone else [*_all(result, about)]
    return Finding(
        result=result,
        rows=rows,
        summary=summary,
        words=tuple(words),
        sheets={"why-others": _others(result)} if alone else {},
    )


def parts_of(result: xr.Dataset) -> dict[str, str]:
    """The parts of a move in words; of a negotiation, those that moved anybody."""
    if scenario_of(result).parties:
        return PARTS
    return {name: words for name, words in TALKS.items() if bool(result[name].any())} or {"by_rule": PARTS["by_rule"]}


def _named(result: xr.Dataset, actor: Any) -> str:
    """What to call an actor; nobody has no name."""
    return scenario_of(result).labels.get(str(actor), str(actor))


def _others(result: xr.Dataset) -> pd.DataFrame:
    """What the rule tells of every other actor."""
    return result[[name for name in result.data_vars if result[name].dims == ("other",)]].to_dataframe().reset_index()


def _all(result: xr.Dataset, about: str) -> Iterator[str | Table]:
    """Everybody's move, a row each."""
    yield f"How everybody moved in {about}"
    yield f"{result.attrs['title']}, rule {result.attrs['rule']}"
    cells, parts = [], parts_of(result)
    for name in result.actor.values:
        here = result.sel(actor=name)
        moved = (fixed(float(here[part]), "+.2f") for part in parts)
        cells.append(
            (_named(result, name), f"{float(here.stance_before):.2f}", *moved, f"{float(here.stance_after):.2f}")
        )
    yield Table(("actor", "before", *parts.values(), "after"), cells)


def _one(result: xr.Dataset, about: str) -> Iterator[str | Table]:
    """The move of one actor in its parts, its ideal point in its parts, and what the rule tells."""
    yield f"{_named(result, result.actor.item())}, {about}"
    yield f"{result.attrs['title']}, rule {result.attrs['rule']}\n"
    before, after = float(result.stance_before), float(result.stance_after)
    yield f"{standing(scenario_of(result))} {before:.2f} to {after:.2f}, a move of {fixed(after - before, '+.2f')}:"
    way = f", {100 * float(result.pace):.0f} % of the way to {float(result.target):.2f}"
    for name, words in parts_of(result).items():
        yield f"  {fixed(float(result[name]), '+.2f'):>8}  {words}" + (way if name == "by_rule" else "")
    yield f"\ncurrent ideal point: {float(result.ideal_before):.2f} to {float(result.ideal):.2f}"
    if "base" in result:
        yield from _wish(result)
    for mark, tell in RULES.items():
        if mark in result:
            yield from tell(result)
            return


def _wish(result: xr.Dataset) -> Iterator[str]:
    for name, meaning in WISH.items():
        was, now = float(result[f"{name}_before"]), float(result[name])
        if name == "base" or was or now:
            yield f"  {fixed(now, '+.2f'):>8}  {meaning}" + (
                f" (before: {fixed(was, '+.2f')})" if abs(now - was) >= 0.005 else ""
            )
    total = sum(float(result[name]) for name in WISH)
    if not 0 <= total <= 100:
        yield f"  in all {total:.2f}, cut to the scale"


def _averaging(result: xr.Dataset) -> Iterator[str | Table]:
    """Who pulled how far, the strongest first."""
    pace, pull = float(result.pace), result["pull"].values
    if "met" in result:
        yield f"\nit met {_named(result, result.met.item()) or 'nobody'}"
    if "wish" in result:
        yield f"\n{fixed(pace * float(result.wish), '+.2f')} towards its current ideal point"
    order = [place for place in abs(pull).argsort(kind="stable")[::-1] if pull[place] != 0][:SHOWN]
    if not order:
        yield "\nnobody else drew it anywhere"
        return
    cells = []
    for place in order:
        other = result.isel(other=place)
        share = f"{100 * float(other.share):.1f} %" if "share" in result else ""
        cells.append(
            (
                _named(result, other.other.item()),
                f"{float(other.stance_of):.1f}",
                share,
                fixed(pace * pull[place], "+.3f"),
            )
        )
    yield Table(("actor", "stance", "weight", "points"), cells, "who drew it, and how far")


def _challenges(result: xr.Dataset) -> Iterator[str | Table]:
    """The expected-utility model: hopes, offers, and whose was taken."""
    yield f"\nits attitude to risk: {float(result.risk_exponent):.3f} (1/2 most endangered … 2 safest)"
    taken = result.taken.item()
    yield f"it takes {f'the offer of {_named(result, taken)}' if taken else 'no offer'}"
    cells = []
    for place in _by_offer(result)[:SHOWN]:
        other = result.isel(other=place)
        name, kind = str(other.other.item()), str(other.kind.item())
        cells.append(
            (
                _named(result, name) + (" ← taken" if name == taken else ""),
                f"{float(other.stance_of):.1f}",
                f"{float(other.success):.4f}",
                fixed(float(other.own), "+.3f"),
                fixed(float(other.theirs), "+.3f"),
                kind,
                "" if kind == "none" else f"{float(other.offer):.1f}",
            )
        )
    yield Table(
        ("other", "stance", "success", "own", "theirs", "asked", "to"),
        cells,
        "challenges: what each expects of challenging the other, as the actor sees it, and what is asked of the actor",
    )


def _by_offer(result: xr.Dataset) -> list[int]:
    """Places of the others: those with an offer first, by how much they expect."""
    kinds, theirs = result.kind.values, result.theirs.values
    own = str(result.actor.item())
    places = [place for place, name in enumerate(result.other.values) if str(name) != own]
    return sorted(places, key=lambda place: (kinds[place] == "none", -theirs[place]))


def _bargains(result: xr.Dataset) -> Iterator[str | Table]:
    """The Spatial Model of Politics: the challenge, and the bargains to choose from."""
    whom = result.challenged.item()
    yield f"\nits attitude to risk: {fixed(float(result.risk), '+.3f')}"
    if whom:
        against = result.sel(other=whom)
        yield (
            f"it challenges {_named(result, whom)}: chance of success {float(against.success):.3f}, expected gain "
            f"{float(against.gain):.4f} (victory {float(against.victory):.3f}, defeat {float(against.defeat):.3f}, "
            f"status quo {float(against.status_quo):.3f})"
        )
    else:
        yield "it challenges nobody"
    cells = []
    for place in range(min(result.sizes["bargain"], SHOWN)):
        here = result.isel(bargain=place)
        if kind := str(here.queue_kind.item()):
            cells.append(
                (
                    kind + (" ← taken" if place == int(result.taken) else ""),
                    _named(result, here.queue_from.item()),
                    f"{float(here.queue_probability):.3f}",
                    f"{float(here.queue_position):.2f}",
                )
            )
    heads = ("bargain", "proposed by", "probability", "would stand at")
    yield Table(heads, cells, "bargains it could take", texts=2)


RULES: dict[str, Callable[[xr.Dataset], Iterator[str | Table]]] = {
    "queue_from": _bargains,
    "kind": _challenges,
    "pull": _averaging,
}
"""How what a rule tells is shown, by a table that such a rule has."""
