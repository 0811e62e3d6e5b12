"""Results on disk, as netCDF."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from simulation.scenario.errors import ScenarioError
from simulation.scenario.input_files import check_file, read_text
from simulation.writing import write_bytes

if TYPE_CHECKING:
    import xarray as xr

ABOUT = "about.json"
"""The file in which a folder says whose it is, and which files of it are ours."""

LARGEST = 1_000_000

MARK = b"\nsha256 of all before: "
"""What stands at the end of a result, before 64 digits: programs that read netCDF take no notice."""

CHUNK = 1 << 20


class Answer(Protocol):
    """Whatever answers a question, with its dataset."""

    @property
    def result(self) -> xr.Dataset: ...


def save(result: xr.Dataset | Answer, file: str | Path) -> Path:
    """Write a result, or the dataset of a finding, as netCDF: a file is either whole or not there.

    Its folder is made where there is none. The file is made in memory, since HDF5 breaks the whole process where a
    disk is full. A checksum stands at its end, since HDF5 may read a damaged file as another one, or for ever.
    """
    import xarray as xr

    data = getattr(result, "result", None) if not isinstance(result, xr.Dataset) else result
    if not isinstance(data, xr.Dataset):
        raise ScenarioError(f"save: a {type(result).__name__} is neither a result nor a finding.")
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    packed = {name: {"zlib": True, "complevel": 1} for name, array in data.data_vars.items() if array.ndim > 0}
    content = data.to_netcdf(engine="h5netcdf", encoding=packed)
    write_bytes(file, b"".join([content, MARK, hashlib.sha256(content).hexdigest().encode()]))
    return Path(file)


def load(file: str | Path) -> xr.Dataset:
    """Read a result that ``save`` wrote.

    Raises
    ------
    ScenarioError
        if it is none, was changed since, or lies in a folder in which a command was stopped while it replaced the
        files
    """
    import xarray as xr

    about = about_of(Path(file).parent)
    if about is not None and about.get("whole") is False and Path(file).name in about["files"]:
        raise ScenarioError(
            f"{file}: a command was stopped while it replaced the files of this folder, so that they may be of two "
            "runs; run it again."
        )
    if not os.path.lexists(file):
        raise ScenarioError(f"{file}: no such file.")
    if os.path.isdir(file):
        raise ScenarioError(f"{file}: a folder, not a result of this package.")
    check_file(Path(file), what="a result")
    if not _sound(Path(file)):
        raise ScenarioError(f"{file}: damaged: its checksum does not match. Make it again.")
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
    for name in {"truce", "pair_truce"} & set(result.data_vars):  # of runs; observed truces are a coordinate, by name
        result[name] = result[name].astype(bool)
    return result


def _sound(file: Path) -> bool:
    """Whether a file matches the checksum at its end; one without, which another program wrote, is let through."""
    with file.open("rb") as opened:
        length = os.fstat(opened.fileno()).st_size - len(MARK) - 64
        opened.seek(max(length, 0))
        end = opened.read()
        if length < 0 or not end.startswith(MARK):
            return True
        opened.seek(0)
        found = hashlib.sha256()
        while length > 0:
            found.update(opened.read(min(length, CHUNK)))
            length -= CHUNK
    return end.removeprefix(MARK) == found.hexdigest().encode()


def about_of(folder: Path) -> dict[str, Any] | None:
    """What a folder says of itself, with ``files`` that are there; None where it says nothing of the kind."""
    try:
        found = json.loads(read_text(folder / ABOUT, LARGEST, "a note"))
    except (ScenarioError, ValueError, RecursionError):
        return None
    if not (isinstance(found, dict) and isinstance(found.get("settings"), dict)):
        return None
    named = found.get("files")
    if not isinstance(named, list):
        return None
    found["files"] = [
        name
        for name in named
        if isinstance(name, str) and Path(name).name == name and os.path.isfile(os.path.join(folder, name))
    ]
    return found
