"""Runs as labelled arrays: names, units, coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.dynamics.simulate import CENTRES, History
from simulation.runs.provenance import written_as
from simulation.scenario.keys import offer_ids
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

MEANING = {
    "stance": ("stance points", "position on an immediate ceasefire: 0 fight on to victory … 100 stop now"),
    "control": ("share", "share of the contested ground"),
    "momentum": ("share per day", "recent mean change of control"),
    "exhaustion": ("share", "exhaustion by fighting: 0 fresh … 1 spent"),
    "distrust": ("stance points", "what past breaches take from the willingness to accept"),
    "position": ("stance points", "position on each issue of the negotiation, the first being the stance"),
    "outcome": ("stance points", "mean and median of the stances, weighted by influence and salience"),
    "truce": ("", "whether a truce is in force at the start of the step"),
    "chance": ("probability", "chance of acceptance when the offer was answered; nan where not asked"),
    "answer": ("", "1 accepted, 0 refused; nan where not asked"),
}
"""Unit and meaning of every variable of a result."""

OF_WHOM = {"stance": "actor", "outcome": "centre", "control": "party", "exhaustion": "party"}
"""Whose each variable is that changes from step to step, where it is not every party's."""


def as_dataset(scenario: Scenario, history: History, source: dict[str, Any]) -> xr.Dataset:
    """The runs as labelled arrays with dimensions run, step, actor, party, offer."""
    import xarray as xr

    variables: dict[str, Any] = {}
    for name in ("stance", "control", "momentum", "exhaustion", "distrust"):
        who = OF_WHOM.get(name, "party")
        variables[name] = (("run", "step", who), np.swapaxes(getattr(history, name), 0, 1), attributes(name))
    if not scenario.parties:
        variables["outcome"] = (("run", "step", "centre"), np.swapaxes(history.outcome, 0, 1), attributes("outcome"))
    if scenario.issues:
        positions = np.concatenate([history.stance[..., None], history.further], axis=-1)
        variables["position"] = (
            ("run", "step", "actor", "issue"),
            np.swapaxes(positions, 0, 1),
            attributes("position"),
        )
    variables["truce"] = (("run", "step"), history.truce.T, attributes("truce"))
    for name in ("chance", "answer"):
        variables[name] = (("run", "offer", "party"), getattr(history, name), attributes(name))
    runs = np.arange(len(history.answer))
    return xr.Dataset(variables, coords={"run": runs, **coordinates(scenario)}, attrs=source)


def attributes(name: str) -> dict[str, str]:
    unit, meaning = MEANING[name]
    return {"units": unit, "long_name": meaning} if unit else {"long_name": meaning}


def coordinates(scenario: Scenario) -> dict[str, Any]:
    import pandas as pd

    dates = pd.DatetimeIndex(
        [
            pd.Timestamp(scenario.start) + pd.Timedelta(days=step * scenario.step_days)
            for step in range(scenario.steps + 1)
        ]
    )
    actors = list(scenario.actors)
    sides = [scenario.actors[name].side or "" for name in actors]
    return {
        "step": np.arange(scenario.steps + 1),
        "date": ("step", dates.astype("datetime64[ns]")),
        "actor": np.array(actors, dtype=object),
        "side": ("actor", np.array(sides, dtype=object)),
        "party": np.array(scenario.parties, dtype=object),
        "offer": np.array(list(offer_ids(scenario)), dtype=object),
        **({} if scenario.parties else {"centre": np.array(CENTRES, dtype=object)}),
        **({"issue": np.array(scenario.issues, dtype=object)} if scenario.issues else {}),
    }


def history_of(result: xr.Dataset) -> History:
    """The plain arrays behind a result."""
    by_step = {name: np.swapaxes(result[name].values, 0, 1) for name in ("stance", "control", "momentum", "exhaustion")}
    return History(
        **by_step,
        distrust=np.swapaxes(result["distrust"].values, 0, 1),
        truce=result["truce"].values.T,
        further=np.swapaxes(result["position"].values, 0, 1)[..., 1:]
        if "position" in result
        else np.empty((*by_step["stance"].shape, 0)),
        outcome=np.swapaxes(result["outcome"].values, 0, 1)
        if "outcome" in result
        else np.empty((result.sizes["step"], result.sizes["run"], 0)),
        chance=result["chance"].values,
        answer=result["answer"].values,
    )


def scenario_of(result: xr.Dataset) -> Scenario:
    """The scenario that a result was made from; only that of a loaded one is read back from its text."""
    return written_as(result.attrs["scenario"])
