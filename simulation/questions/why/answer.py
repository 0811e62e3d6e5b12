"""Why a party answered an offer as it did, in one run, or on average over many."""

from __future__ import annotations

from datetime import date as Date
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.dynamics.events import happens
from simulation.dynamics.randomness import BLOCK, draw
from simulation.dynamics.simulate import spread
from simulation.dynamics.state import World
from simulation.parameters import nearest
from simulation.questions.finding import Finding, Table, plain
from simulation.questions.why.step import opening
from simulation.runs.batches import batches
from simulation.runs.provenance import provenance
from simulation.runs.reasons import PARTS, cells, reasons_of, taken_apart
from simulation.runs.results import scenario_of
from simulation.runs.setup import open_scenario
from simulation.scenario.errors import ScenarioError
from simulation.scenario.keys import occasions
from simulation.scenario.knowledge import in_words
from simulation.scenario.offers import Event
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

NUMBERS = ("willingness", "threshold", "reserve", "temperature", "mood", "usual", "chance", "full", "coin", "answer")
"""What is told of a party besides the parts of its willingness."""


def why_answer(
    scenario: Scenario, offer: str, party: str | None, run: int, seed: int, runs: int, *, uncertain: bool
) -> Finding:
    """The answers to one offer taken apart; see ``simulation.why``."""
    event, step = _made(scenario, offer)
    assert event.offer is not None
    asked = event.offer.to or scenario.parties
    if party is not None and party not in asked:
        others = "" if party not in scenario.actors else f" '{offer}' asks {', '.join(asked)}."
        raise ScenarioError(f"'{party}' does not answer '{offer}'.{others or nearest(party, asked)}")
    if runs == 1:
        world, state, luck = opening(scenario, run, seed, uncertain=uncertain)
        _refuse_unmade(world, offer, step, run, seed)
        found = taken_apart(scenario, world, state, luck, _place(world, offer), step)
    else:
        found = _of_many(scenario, offer, step, runs, seed, uncertain)
    found = found if party is None else found.sel(party=[party])
    found.attrs = {
        **provenance(scenario, runs, seed, uncertain, ()),
        "finding": "why-answer",
        "offer": offer,
        "label": event.label or offer,
        "kind": event.offer.kind or "call",
        "step": step,
        "date": str(event.on if event.offer.every is None else scenario.date_of(step)),
        **({"run": run} if runs == 1 else {}),
    }
    return describe_answer(found)


def _made(scenario: Scenario, offer: str) -> tuple[Event, int]:
    """The event that makes an offer, and in which step."""
    made = {name: (event, step) for event in scenario.events for name, step in occasions(scenario, event)}
    if offer in made:
        if made[offer][1] >= scenario.steps:
            raise ScenarioError(f"'{offer}' is due on the last day, when the scenario has ended: nobody answers it.")
        return made[offer]
    standing = [name for name, (event, _) in made.items() if event.offer is not None and event.offer.id == offer]
    if standing:
        names = standing[0] if len(standing) == 1 else f"{standing[0]} to {standing[-1]}"
        raise ScenarioError(f"'{offer}' stands, and is made {len(standing)} times: name one of {names}.")
    if offer in scenario.later:
        raise ScenarioError(f"'{offer}' is of {in_words(scenario.later[offer])}, after `as_of` {scenario.told}.")
    if not made:
        raise ScenarioError(f"no offer '{offer}': this scenario has none.")
    raise ScenarioError(f"no offer '{offer}'.{nearest(offer, made)}")


def _place(world: World, offer: str) -> int:
    return [other.id for other in world.offers].index(offer)


def _refuse_unmade(world: World, offer: str, step: int, run: int, seed: int) -> None:
    """Say so where chance has it that a run does not make the offer, and name a run that does."""
    number = _place(world, offer)
    event = next(event for event in world.events[step] if number in event.offers)
    where = happens(event, draw(world, seed, run // BLOCK).events)
    if where is None or where[run % BLOCK, 0]:
        return
    others = np.flatnonzero(where[:, 0]) + run // BLOCK * BLOCK
    hint = f" Run {others[np.abs(others - run).argmin()]} makes it." if others.size else ""
    raise ScenarioError(
        f"'{offer}' is not made in run {run}: it comes with '{event.id}', which happens with a chance of "
        f"{float(np.squeeze(event.chance if event.chance is not None else 1.0)):g}.{hint}"
    )


def _of_many(scenario: Scenario, offer: str, step: int, runs: int, seed: int, uncertain: bool) -> xr.Dataset:
    """The answers of the first runs, as far as these make the offer."""
    import xarray as xr

    found = []
    for batch in batches(runs, seed):
        world, state = open_scenario(scenario, batch.inputs(scenario, uncertain=uncertain))
        luck, state = batch.luck(world), spread(state, batch.count)
        some = taken_apart(scenario, world, state, luck, _place(world, offer), step)
        found.append(some.assign_coords(run=some.run + batch.first))
    joined = xr.concat(found, "run", data_vars="minimal", coords="minimal", compat="override", join="exact")
    if not joined.sizes["run"]:
        raise ScenarioError(f"'{offer}' is made in none of {runs} runs: the event that brings it happens by chance.")
    return joined


def describe_answer(answered: xr.Dataset) -> Finding:
    """The answers to one offer, of one run or of many, taken apart."""
    scenario, attrs = scenario_of(answered), answered.attrs
    many = "run" in answered.dims
    where = f"run {attrs['run']}" if not many else f"{attrs['runs']:,} runs"
    if many and answered.sizes["run"] < attrs["runs"]:
        where = f"the {answered.sizes['run']:,} of {where} that make it"
    who = ", ".join(scenario.labels[str(party)] for party in answered.party.values)
    when = f"{in_words(Date.fromisoformat(attrs['date']))} (step {attrs['step']})"
    words: list[str | Table] = [
        f"{who} on {attrs['label']} ({attrs['offer']}), {when}, {where}, seed {attrs['seed']}",
        f"{attrs['title']}, rule {attrs['rule']}",
    ]
    if many:
        words.append("Means, and in brackets what nine tenths of the runs lie between; of a yes the 95 % interval.")
    heads = ("points", *(scenario.labels[str(party)] for party in answered.party.values))
    words += [Table(heads, cells(answered)), _reading(answered)]
    names = ("title", "rule", "offer", "label", "kind", "step", "date", "seed", *(() if many else ("run",)))
    summary: dict[str, Any] = {name: attrs[name] for name in names}
    if many:
        summary |= {"runs": attrs["runs"], "made_in": answered.sizes["run"]}
    means = answered.mean("run") if many else answered
    parts = reasons_of(answered)
    summary["parties"] = {
        str(party): {
            "parts": {key: plain(points, 4) for key, points in parts[str(party)].items()},
            **{name: plain(means[name].sel(party=party), 4) for name in NUMBERS if not (many and name == "coin")},
        }
        for party in answered.party.values
    }
    return Finding(
        result=answered,
        rows=_rows(answered),
        summary=summary,
        words=tuple(words),
        sheets={"why-answer-parties": means[list(NUMBERS)].to_dataframe().reset_index()},
    )


def _reading(answered: xr.Dataset) -> str:
    """How willingness becomes a chance."""
    threshold, reserve, scale = (
        float(answered[name].values.flat[0]) for name in ("threshold", "reserve", "temperature")
    )
    if reserve:
        even = (
            f"At {threshold - reserve:g} points a yes, if only with conditions, is as likely as a no; at "
            f"{threshold + reserve:g} a full yes, without conditions, is as likely as not."
        )
    else:
        even = f"At {threshold:g} points a yes is as likely as a no."
    said = (
        f"The parts add up to the willingness. {even} {scale:g} points more make the odds of a yes 2.7 times as good."
    )
    if "run" not in answered.dims and bool(np.isfinite(answered.coin).any()):
        said += " The coin is drawn between 0 and 1: below the chance it is a yes" + (
            ", below that of a full yes a full one." if reserve else "."
        )
    if bool(answered.mood.any()):
        said += " Its mood, known by its earlier answers, counts as if it were so many points more willing."
    return said


def _rows(answered: xr.Dataset) -> pd.DataFrame:
    """A row for each party and part: the points, and over many runs their mean and 5th and 95th percentile."""
    points = answered.points
    tables = {"points": points}
    if "run" in answered.dims:
        ends = {"low": points.quantile(0.05, "run"), "high": points.quantile(0.95, "run")}
        tables = {"points": points.mean("run"), **{name: end.drop_vars("quantile") for name, end in ends.items()}}
    import xarray as xr

    rows = xr.Dataset(tables).to_dataframe(dim_order=["party", "part"]).reset_index()
    rows = rows.rename(columns={"kind": "is"}).assign(meaning=lambda table: table["is"].map(PARTS))
    return rows[["party", "is", "name", *tables, "meaning"]]
