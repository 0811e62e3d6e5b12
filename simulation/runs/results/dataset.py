"""Runs as labelled arrays: names, units, coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.dynamics.simulate import CENTRES, History
from simulation.dynamics.variables import AXES, DERIVED, VARIABLES, Variable, recorded
from simulation.runs.provenance import written_as
from simulation.scenario.errors import ScenarioError
from simulation.scenario.keys import offer_ids, pair_names
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr


def as_dataset(scenario: Scenario, history: History, source: dict[str, Any]) -> xr.Dataset:
    """The runs as labelled arrays with dimensions run, step, actor, party, pair, offer."""
    import xarray as xr

    tables = {name: np.swapaxes(table, 0, 1) for name, table in history.by_step.items() if name != "further"}
    if scenario.negotiated:
        positions = np.concatenate([history.stance[..., None], history.further], axis=-1)
        tables["position"] = np.swapaxes(positions, 0, 1)
    order = list(AXES)
    variables: dict[str, Any] = {
        name: (dimensions(_variable(name)), table, attributes(name))
        for name, table in sorted(tables.items(), key=lambda item: order.index(_variable(item[0]).of))
    }
    for name, table in history.at_end.items():
        variables[name] = (dimensions(_variable(name)), table, attributes(name))
    return xr.Dataset(variables, coords={"run": np.arange(history.runs), **coordinates(scenario)}, attrs=source)


def _variable(name: str) -> Variable:
    """The variable that goes by this name in a result."""
    if name in DERIVED:
        return DERIVED[name]
    return VARIABLES.get(name) or next(variable for variable in recorded() if variable.result_name == name)


def dimensions(variable: Variable) -> tuple[str, ...]:
    """The dimensions of a variable of a result; answers are given once, and have no steps."""
    return ("run", *(() if variable.of == "answer" else ("step",)), *variable.axes)


def attributes(name: str) -> dict[str, str]:
    """Unit and meaning of a variable of a result."""
    variable = _variable(name)
    unit = {"units": variable.unit} if variable.unit else {}
    return {**unit, "long_name": variable.meaning}


def coordinates(scenario: Scenario) -> dict[str, Any]:
    import pandas as pd

    dates = pd.DatetimeIndex(
        [
            pd.Timestamp(scenario.start) + pd.Timedelta(days=step * scenario.step_days)
            for step in range(scenario.steps + 1)
        ]
    )
    axes = {axis for variable in recorded() for axis in variable.axes}
    actors = list(scenario.actors)
    sides = [scenario.actors[name].side or "" for name in actors]
    return {
        "step": np.arange(scenario.steps + 1),
        "date": ("step", dates.astype("datetime64[ns]")),
        "actor": np.array(actors, dtype=object),
        "side": ("actor", np.array(sides, dtype=object)),
        "party": np.array(scenario.parties, dtype=object),
        "pair": np.array(pair_names(scenario), dtype=object),
        **{axis: np.array(actors, dtype=object) for axis in ("source", "target", "backer") if axis in axes},
        "offer": np.array(list(offer_ids(scenario)), dtype=object),
        **({} if scenario.parties else {"centre": np.array(CENTRES, dtype=object)}),
        **({"issue": np.array(scenario.negotiated, dtype=object)} if scenario.negotiated else {}),
    }


def of_runs(result: Any) -> None:
    """Refuse what is not a result of ``run``, or no longer has every step and every actor in its place.

    Some of the runs will do, and several results joined along ``run``.
    """
    import xarray as xr

    needed = "a result of run() is needed here"
    if not isinstance(result, xr.Dataset):
        raise ScenarioError(f"{needed}, not a {type(result).__name__}.")
    if result.attrs.get("finding", "run") != "run":
        raise ScenarioError(f"{needed}; this answers another question, {result.attrs['finding']}.")
    if "scenario" not in result.attrs:
        raise ScenarioError(f"{needed}; this dataset has no attributes that say what scenario it is of.")
    changed = [
        name
        for name, labels in coordinates(scenario_of(result)).items()
        if not isinstance(labels, tuple) and not (name in result.dims and np.array_equal(result[name].values, labels))
    ]
    changed += [
        variable.result_name
        for variable in (*recorded(), DERIVED["truce"], DERIVED["stilled"])
        if variable.name != "further" and getattr(result.get(variable.result_name), "dims", ()) != dimensions(variable)
    ]
    if changed:
        raise ScenarioError(
            f"{needed}, and all of it: '{changed[0]}' has changed. Only of its runs may some be chosen."
        )


def history_of(result: xr.Dataset) -> History:
    """The plain arrays behind a result."""
    by_step, at_end = {}, {}
    for variable in (*recorded(), *DERIVED.values()):
        name = variable.result_name
        if name in result:
            values = result[name].values
            if variable.of == "answer":
                at_end[name] = values
            else:
                by_step[name] = np.swapaxes(values, 0, 1)
    position = by_step.pop("position", None)
    by_step["further"] = np.empty((*by_step["stance"].shape, 0)) if position is None else position[..., 1:]
    return History(by_step, at_end)


def scenario_of(result: xr.Dataset) -> Scenario:
    """The scenario that a result was made from; only that of a loaded one is read back from its text."""
    return written_as(result.attrs["scenario"])
