"""The headline measures of a result as plain numbers, and whether what was expected came true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.dynamics.simulate import CENTRES
from simulation.runs.results.bands import quantiles_of
from simulation.runs.results.dataset import scenario_of
from simulation.runs.results.intervals import wilson
from simulation.runs.results.survival import of_first_truces
from simulation.runs.results.tally import condense
from simulation.scenario.keys import offer_ids
from simulation.scenario.readings import QUIET

if TYPE_CHECKING:
    import xarray as xr


def _interval(value: tuple[float, float, float]) -> dict[str, float | None]:
    return {
        key: None if np.isnan(number) else round(float(number), 4)
        for key, number in zip(("chance", "low", "high"), value, strict=True)
    }


def summarise(result: xr.Dataset) -> dict[str, Any]:
    """The headline measures as plain numbers: what ``summary.json`` holds.

    ``low`` and ``high`` beside a chance are its 95 % Wilson interval; beside a median, the 5th and 95th percentile over
    runs. The chance of an answer is that of a yes, with or without conditions; under ``full`` stands that of a yes
    without.

    A truce is in force where it is among all parties; of more than two, ``pairs`` says the same of each pair. How long
    first truces hold is by Kaplan and Meier: within ``median_days`` half of them are over, broken or lapsed, within
    ``low_days`` a twentieth, within ``high_days`` nineteen; None where fewer are for as long as they are watched,
    ``watched_days`` at most. ``held_when_watching_stopped`` is the share of them still in force then. ``endings`` are
    the shares of them that were ``broken``, ``lapsed`` or ``replaced`` by then, and of those ``standing`` as agreed.

    The outcome of a negotiation is a mean over runs: ``low`` and ``high`` are the 95 % interval of that mean,
    ``runs_low`` and ``runs_high`` the 5th and 95th percentile over runs; ``settled`` is the share of runs in which,
    from some step on, nobody moves by more than ``points_a_step``, and the median of that step among them.

    A number that does not arise, such as the life of a truce that never starts, is None.
    """
    digest = condense(result)
    scenario = scenario_of(digest)
    runs = int(digest.attrs["runs"])
    offers = {
        offer: {party: _answered(digest.sel(offer=offer, party=party)) for party in asked}
        for offer, asked in offer_ids(scenario).items()
    }
    started = int(digest.first_truce.sum())
    stance = quantiles_of(digest, "stance").isel(step=-1)
    stances = {
        str(actor): {
            "start": round(float(digest.stance_mean.sel(actor=actor).isel(step=0)), 2),
            "end_median": round(float(stance.sel(actor=actor, quantile=0.5)), 4),
            "end_low": round(float(stance.sel(actor=actor, quantile=0.05)), 4),
            "end_high": round(float(stance.sel(actor=actor, quantile=0.95)), 4),
        }
        for actor in digest.actor.values
    }
    return {
        "scenario": digest.attrs["title"],
        "runs": runs,
        "seed": int(digest.attrs["seed"]),
        "rule": digest.attrs["rule"],
        "offers": offers,
        "truce": {
            "starts": _interval(wilson(started, runs)),
            "holds_to_end": _interval(wilson(int(digest.held_to_end), runs)),
            **_life(digest),
            "endings": _endings(digest),
            **({"pairs": _pairs(digest)} if digest.sizes["pair"] > 1 else {}),
        },
        **({} if scenario.parties else {"outcome": _outcome(digest)}),
        **({"positions": _positions(digest)} if scenario.negotiated else {}),
        "stances": stances,
        "expect": verdicts(digest),
    }


def _answered(here: xr.Dataset) -> dict[str, Any]:
    """How often an offer is accepted by a party, with or without conditions, and in full."""
    asked = int(here.asked)
    accepted, in_full = (_interval(wilson(float(here[name]), asked)) for name in ("accepted", "accepted_in_full"))
    return {**accepted, "full": in_full}


def makes_conditions(summary: Mapping[str, Any]) -> bool:
    """Whether any offer is accepted with conditions in any run; of a summary that does not say so, no."""
    answers = (value for asked in summary["offers"].values() for value in asked.values())
    return any(value["chance"] != value.get("full", value)["chance"] for value in answers)


def _life(digest: xr.Dataset) -> dict[str, float | None]:
    """How long first truces hold, by Kaplan and Meier; None where none starts, or where that is not seen."""
    life, started = of_first_truces(digest), int(digest.held.sum())
    shares = {"median_days": 0.5, "low_days": 0.05, "high_days": 0.95}
    days = {name: life.within(share) for name, share in shares.items()} | {"watched_days": life.watched}
    still = None if not started else round(1 - int(digest.over.sum()) / started, 4)
    return {name: None if np.isnan(value) else value for name, value in days.items()} | {
        "held_when_watching_stopped": still
    }


def _endings(digest: xr.Dataset) -> dict[str, dict[str, float | None]]:
    """What became of first truces while they were watched, a replaced one being over."""
    count = digest.ended.sum("age")
    started = int(count.sum())
    return {str(fate): _interval(wilson(int(count.sel(fate=fate)), started)) for fate in count.fate.values}


def _pairs(digest: xr.Dataset) -> dict[str, dict[str, dict[str, float | None]]]:
    """Whether a truce of each two parties starts, and is in force at the end."""
    runs = int(digest.attrs["runs"])
    counts = {"starts": digest.pair_starts, "holds_to_end": digest.pair_in_force.isel(step=-1)}
    return {
        str(pair): {name: _interval(wilson(int(count.sel(pair=pair)), runs)) for name, count in counts.items()}
        for pair in digest.pair.values
    }


def _positions(digest: xr.Dataset) -> dict[str, dict[str, float]]:
    """Where everybody ends on each issue, the mean over runs."""
    end = digest.position_mean.isel(step=-1)
    return {
        str(actor): {str(issue): round(float(end.sel(actor=actor, issue=issue)), 4) for issue in digest.issue.values}
        for actor in digest.actor.values
    }


def _outcome(digest: xr.Dataset) -> dict[str, Any]:
    """What a negotiation came to, and when it came to rest."""
    end, spread = digest.isel(step=-1), quantiles_of(digest, "outcome").isel(step=-1)
    found: dict[str, Any] = {}
    for centre in CENTRES:
        here = end.sel(centre=centre)
        value, error = float(here.outcome_mean), float(here.outcome_error)
        found[centre] = {
            "value": round(value, 4),
            "low": round(value - error, 4) if np.isfinite(error) else None,
            "high": round(value + error, 4) if np.isfinite(error) else None,
            "runs_low": round(float(spread.sel(centre=centre, quantile=0.05)), 4),
            "runs_high": round(float(spread.sel(centre=centre, quantile=0.95)), 4),
        }
    rested, runs = digest.settled.values.cumsum(), int(digest.attrs["runs"])
    found["settled"] = {
        **_interval(wilson(int(rested[-1]), runs)),
        "median_step": int(np.searchsorted(rested, 0.5 * rested[-1])) if rested[-1] else None,
        "points_a_step": QUIET,
    }
    return found


def verdicts(digest: xr.Dataset) -> list[dict[str, Any]]:
    """Whether each expectation of the scenario is met: its whole 95 % interval on the right side."""
    found = []
    for number, expect in enumerate(scenario_of(digest).expect):
        value, low, high = (float(digest[f"expect_{key}"][number]) for key in ("value", "low", "high"))
        inside, outside = [], []
        if expect.above is not None:
            inside.append(low > expect.above)
            outside.append(high <= expect.above)
        if expect.below is not None:
            inside.append(high < expect.below)
            outside.append(low >= expect.below)
        if expect.exceeds is not None:
            inside.append(low > expect.by)
            outside.append(high <= expect.by)
        met = all(inside) and not np.isnan(value)
        found.append(
            {
                "that": expect.that,
                "measure": expect.measure + (f" - {expect.exceeds}" if expect.exceeds else ""),
                "bound": expect.bound,
                "met": met,
                "decided": bool(met or any(outside)),
                **({} if expect.unmet is None else {"unmet": expect.unmet}),
                "value": None if np.isnan(value) else round(value, 4),
                "low": None if not np.isfinite(low) else round(low, 4),
                "high": None if not np.isfinite(high) else round(high, 4),
            }
        )
    return found
