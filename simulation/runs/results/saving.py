"""Results on disk, as netCDF."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from simulation.runs.results.writing import written
from simulation.scenario.errors import ScenarioError
from simulation.scenario.input_files import check_file

if TYPE_CHECKING:
    import xarray as xr


class Answer(Protocol):
    """Whatever answers a question, with its dataset."""

    @property
    def result(self) -> xr.Dataset: ...


def save(result: xr.Dataset | Answer, file: str | Path) -> Path:
    """Write a result, or the dataset of a finding, as netCDF: a file is either whole or not there.

    Its folder is made where there is none.
    """
    import xarray as xr

    data = getattr(result, "result", None) if not isinstance(result, xr.Dataset) else result
    if not isinstance(data, xr.Dataset):
        raise ScenarioError(f"save: a {type(result).__name__} is neither a result nor a finding.")
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    packed = {name: {"zlib": True, "complevel": 1} for name, array in data.data_vars.items() if array.ndim > 0}
    with written(file) as aside:
        data.to_netcdf(aside, engine="h5netcdf", encoding=packed)
    return Path(file)


def load(file: str | Path) -> xr.Dataset:
    """Read a result that ``save`` wrote."""
    import xarray as xr

    if not os.path.lexists(file):
        raise ScenarioError(f"{file}: no such file.")
    if os.path.isdir(file):
        raise ScenarioError(f"{file}: a folder, not a result of this package.")
    check_file(Path(file), what="a result")
    fault, hook = "", sys.unraisablehook
    sys.unraisablehook = lambda _: None  # what h5netcdf has half opened, it cannot close
    try:
        with xr.open_dataset(file, engine="h5netcdf", decode_timedelta=False) as opened:
            result = opened.load()
    except Exception as error:  # a damaged file fails in many ways
        fault = str(error) or type(error).__name__
    finally:
        sys.unraisablehook = hook
    if fault:
        raise ScenarioError(f"{file}: not a result of this package, or damaged: {fault.rstrip('.')}.")
    if not isinstance(result.attrs.get("scenario"), str):
        raise ScenarioError(f"{file}: not a result of this package.")
    for name in {"truce", "pair_truce"} & set(result.data_vars):  # of runs; truces on record are a coordinate, by name
        result[name] = result[name].astype(bool)
    return result
