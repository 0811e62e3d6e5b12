"""The ETH/PRIO Civil Conflict Ceasefire dataset as a user has it: lives of ceasefires, and why some are left out."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simulation.parameters import nearest
from simulation.questions.truces.world import FORMS, HALF, MECHANISMS, TERMS
from simulation.scenario.errors import ScenarioError

if TYPE_CHECKING:
    import pandas as pd

DATES = {"start": "cf_effect", "declared": "cf_dec", "end": "end"}
COLUMNS = (
    *("uniq_id", "written", "fixed", "implement", "ended"),
    *(f"{stem}_{part}" for stem in DATES.values() for part in ("yr", "month", "day")),
)
"""The columns that are read. Capital letters and blanks around a name do not matter."""

CONFLICTS = ("ucdp_acd_id", "ucdp_dyad", "cc", "location")
"""Columns that say which conflict a ceasefire belongs to; the first that is there is used."""

ENDED = {0: "stands", 1: "lapsed", 2: "broken", 3: "other", 4: "replaced"}
"""What the codes of ``ended`` are taken to mean, read off the data; -1 is that nobody reported an end."""

REASONS = (
    "nobody reported an end",
    "the end is coded otherwise than 0 to 4",
    "the day it began is not known",
    "the day it ended is not known",
    "it ended before it began",
    "whether it was written is not clear",
    "whether it had a term is not clear",
    "whether a mechanism was agreed is not clear",
)
"""Why a ceasefire is left out; of several reasons the first is counted."""


class Lives(NamedTuple):
    """The ceasefires of a file."""

    table: pd.DataFrame  # a row each: days, cause (or "stands"), form, term, mechanism, conflict
    read: int  # ceasefires in the file
    rows: int  # rows of the file: one for each ceasefire and actor
    left_out: dict[str, int]  # by reason
    until: str  # the day to which those in force were watched
    conflict: str  # the column that says which conflict it is; empty where there is none
    differing: int  # ceasefires whose rows say different things; the first counts


def read_lives(file: str | Path) -> Lives:
    """Read the dataset from a CSV or Excel file.

    A ceasefire lives from the day it took effect, or else was declared, to the day it ended; one that ended on the same
    day half a day. Those still in force are watched to the end of the last year in the file.

    Raises
    ------
    ScenarioError
        for a file that is not there or cannot be read, and for columns that are missing
    """
    import pandas as pd

    raw = _read(Path(file))
    raw.columns = [str(name).strip().lower() for name in raw.columns]
    missing = [name for name in COLUMNS if name not in raw.columns]
    if missing:
        beside = [name for name in raw.columns if name not in COLUMNS]
        lines = [f"{file}: no column '{name}'.{_near(name, beside)}" for name in missing]
        lines.append(f"{file}: the columns of the ETH/PRIO Civil Conflict Ceasefire dataset are needed.")
        raise ScenarioError("\n".join(lines))
    raw = raw.loc[:, ~raw.columns.duplicated()]
    conflict = next((name for name in CONFLICTS if name in raw.columns), "")
    kept = raw.loc[raw["uniq_id"].notna(), [*COLUMNS, *([conflict] if conflict else [])]]
    if kept.empty:
        raise ScenarioError(f"{file}: no ceasefire in it: no row has a uniq_id.")
    differing = int((kept.drop_duplicates()["uniq_id"].value_counts() > 1).sum())
    each = kept.drop_duplicates("uniq_id").reset_index(drop=True)
    numbers = each[list(COLUMNS[1:])].apply(lambda column: pd.to_numeric(column.str.replace(",", "."), errors="coerce"))
    days = {name: _dates(numbers, stem) for name, stem in DATES.items()}
    start = days["start"].where(days["start"].notna(), days["declared"])
    until = pd.Timestamp(int(max(numbers[f"{stem}_yr"].max() for stem in DATES.values())), 12, 31)
    cause = numbers["ended"].map(ENDED)
    end = days["end"].where(cause != "stands", until)
    life = (end - start).dt.days
    code = {name: numbers[column].map(words) for name, (column, words) in _words().items()}
    reasons = (
        numbers["ended"] == -1,
        cause.isna(),
        start.isna(),
        end.isna(),
        life < 0,
        *(code[name].isna() for name in ("form", "term", "mechanism")),
    )
    first = np.select([reason.to_numpy() for reason in reasons], list(REASONS), default="")
    table = pd.DataFrame(
        {
            "days": life.clip(lower=HALF),
            "cause": cause,
            **code,
            "conflict": each[conflict].astype(str) if conflict else each["uniq_id"].astype(str),
        }
    )[first == ""].reset_index(drop=True)
    if table.empty:
        raise ScenarioError(f"{file}: none of {len(each)} ceasefires has a life that is known: {_most(first)}.")
    left_out = {reason: int((first == reason).sum()) for reason in REASONS if (first == reason).any()}
    return Lives(table, len(each), len(kept), left_out, str(until.date()), conflict, differing)


def _words() -> dict[str, tuple[str, dict[int, str]]]:
    """The columns of form, term and mechanism, and what their codes mean."""
    unwritten, written = FORMS.values()
    return {
        "form": ("written", {0: unwritten, 1: written, 2: written}),
        "term": ("fixed", {int(code): words for code, words in TERMS.items()}),
        "mechanism": ("implement", {int(code): words for code, words in MECHANISMS.items()}),
    }


def _most(first: Any) -> str:
    """The commonest reason."""
    names, counts = np.unique(first, return_counts=True)
    return f"of most, {names[counts.argmax()]}"


def _near(name: str, beside: list[str]) -> str:
    hint = nearest(name, beside)
    return hint if hint.startswith(" Did you mean") else ""


def _dates(numbers: pd.DataFrame, stem: str) -> pd.Series[Any]:
    """Days from three columns; not a time where any of them is unknown (-1, 0, empty) or there is no such day."""
    import pandas as pd

    parts = numbers[[f"{stem}_yr", f"{stem}_month", f"{stem}_day"]].set_axis(["year", "month", "day"], axis=1)
    return pd.to_datetime(parts.where((parts > 0).all(axis=1)), errors="coerce")


def _read(file: Path) -> pd.DataFrame:
    """Every cell as text."""
    import pandas as pd

    if not file.is_file():
        what = "a folder; a CSV or Excel file is needed" if file.is_dir() else "no such file"
        near = _near(file.name, [other.name for other in file.parent.glob("*")])
        raise ScenarioError(f"{file}: {what}.{'' if file.is_dir() else near}")
    if file.suffix.lower() == ".xls":
        raise ScenarioError(f"{file}: an old Excel file; save it as .xlsx or .csv.")
    try:
        if file.suffix.lower() == ".xlsx":
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # of styles and lists that openpyxl leaves out
                return pd.read_excel(file, dtype=str)
        try:
            return _csv(file, "utf-8-sig")
        except UnicodeDecodeError:
            return _csv(file, "cp1252")
    except ImportError:
        raise ScenarioError('an Excel file needs openpyxl: pip install "ceasefire-simulation[excel]"') from None
    except pd.errors.EmptyDataError:
        raise ScenarioError(f"{file}: empty.") from None
    except Exception as error:  # whatever a reader says of a file that is not what its name says
        raise ScenarioError(f"{file}: cannot be read as a table: {str(error).strip().rstrip('.')}.") from None


def _csv(file: Path, encoding: str) -> pd.DataFrame:
    """A CSV file, whatever separates its columns: what the head has most of, comma, semicolon or tab."""
    import pandas as pd

    with file.open(encoding=encoding) as opened:
        head = opened.readline()
    mark = max(",;\t", key=head.count)
    return pd.read_csv(file, sep=mark, dtype=str, encoding=encoding)
