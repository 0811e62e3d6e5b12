"""Tables of text, as they lie in the folders of the corpus."""

import csv
import hashlib
import io
import tomllib
from pathlib import Path

import tomli_w

ROOT = Path(__file__).parent.parent.parent
WARS = ROOT / "scenarios" / "wars"
SUMS = WARS / "SHA256SUMS"
SHEETS = ("actors", "ties", "issues", "wants", "events", "offers", "answers", "truces", "fortune")


def wars():
    """The folders of wars with two codings."""
    return sorted(folder for folder in WARS.iterdir() if (folder / "matches.csv").is_file())


def read(path):
    """The rows of a table; none where there is no such file."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def as_csv(rows, columns):
    """A table as text; a column that a row lacks is blank."""
    text = io.StringIO()
    table = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()


def read_war(folder):
    return tomllib.loads((folder / "war.toml").read_text(encoding="utf-8"))


def as_war(table):
    return tomli_w.dumps(table)


def words(cell):
    """The words of a list in a cell."""
    return [word.strip() for word in cell.split(";") if word.strip()]


def number(cell):
    return float(cell) if cell not in ("", None) else None


def text(value):
    """A number as it stands in a cell, to four decimals; blank for None."""
    if value is None:
        return ""
    short = round(value, 4)
    return str(int(short)) if short == int(short) else str(short)


def sums():
    """The SHA-256 of every file of the corpus, as ``sha256sum`` writes and checks them."""
    files = {
        path.relative_to(WARS).as_posix(): path for folder in wars() for path in folder.rglob("*") if path.is_file()
    }
    return "".join(f"{hashlib.sha256(files[name].read_bytes()).hexdigest()}  {name}\n" for name in sorted(files))
