"""The coefficients that ten wars taught, and the defaults taken from them.

``python -m benchmarks.defaults`` learns them anew, both coders' tables together (a quarter of an hour), and writes
docs/validation/learnt.json and the table of docs/validation.md; with the draws that it kept before, as in
``python -m benchmarks.defaults results/learnt.nc``, only the table is written.
"""

from __future__ import annotations

import json
import sys
from operator import attrgetter

from benchmarks.blocks import ROOT, fill, table
from benchmarks.learning import BEFORE, PACE, cases
from benchmarks.validation import FOLDER
from simulation.questions.record.describe.pooled import describe_pooled
from simulation.questions.record.pooled import calibrate_wars
from simulation.questions.record.pooled.priors import written_priors
from simulation.runs.results.wording import fixed
from simulation.scenario.coefficients import Coefficients
from simulation.writing import write_text

FILE = FOLDER / "learnt.json"
KEPT = ROOT / "results" / "learnt.nc"
COMMAND = "python -m benchmarks.defaults"
DRAWS, ROUNDS, LUCKS, SEED = 2000, 5, 4, 1


def learn():
    """The posterior of all that the chosen variant learns, over the tables of both coders."""
    wars = [case for coding in ("A", "B") for case in cases(coding)]
    inputs = wars[0].scenario.inputs
    keys = [key for key in written_priors() if key in inputs and not inputs[key].idle and key not in PACE]
    return calibrate_wars(wars, keys, draws=DRAWS, rounds=ROUNDS, lucks=LUCKS, seed=SEED).result


def learnt(result):
    """What was learnt of each coefficient, the most surely learnt first, beside its defaults."""
    rows = describe_pooled(result).summary["coefficients"]
    defaults = Coefficients()
    names = ("prior_low", "prior_median", "prior_high", "low", "median", "high", "told_apart", "pulled_by", "pull")
    return {
        key: {"default": attrgetter(key.removeprefix("coefficients."))(defaults), "before": BEFORE[key]}
        | {name: row[name] for name in names}
        for key, row in sorted(rows.items(), key=lambda item: -item[1]["told_apart"])
    }


def brief(number):
    """Two digits, without an exponent."""
    return f"{float(f'{number:.2g}'):g}"


def write(result):
    """Write the file, and the table in the manual."""
    coefficients = learnt(result)
    kept = {
        "command": COMMAND,
        "draws": int(result.attrs["runs"]),
        "lucks": int(result.attrs["lucks"]),
        "seed": int(result.attrs["seed"]),
        "codings": [str(name) for name in result.coding.values],
        "coefficients": coefficients,
    }
    write_text(FILE, json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    head = ["coefficient", "before", "default", "prior (90 %)", "posterior (90 %)", "learnt", "pulled most by"]
    lines = []
    for key, row in coefficients.items():
        lines.append(
            [
                f"`{key.removeprefix('coefficients.')}`",
                f"{row['before']:g}",
                f"**{row['default']:g}**",
                "{} ({} to {})".format(*(brief(row[f"prior_{name}"]) for name in ("median", "low", "high"))),
                "{} ({} to {})".format(*(brief(row[name]) for name in ("median", "low", "high"))),
                f"{100 * row['told_apart']:.0f} %",
                f"{row['pulled_by']} {fixed(row['pull'], '+.2f')}",
            ]
        )
    fill("learnt-defaults", table(head, lines))


def main(kept=None):
    """Learn, or read what was learnt, and write it down."""
    import xarray as xr

    if kept is None:
        result = learn()
        KEPT.parent.mkdir(exist_ok=True)
        result.to_netcdf(KEPT)
    else:
        result = xr.load_dataset(kept)
    write(result)


if __name__ == "__main__":
    main(*sys.argv[1:])
