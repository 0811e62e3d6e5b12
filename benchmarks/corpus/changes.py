"""What changes from outside, merged: the path that each number takes in either coding, and the mean of the two."""

from dataclasses import dataclass, field

from benchmarks.corpus.codings import CODERS, DAYS_APART, both, days_apart, kept, mean, rests_on
from benchmarks.corpus.files import number, text
from benchmarks.corpus.setting import codings_of


@dataclass
class Stop:
    """A value that a number has from a date on, in one coding."""

    date: str
    value: float
    low: float
    high: float
    row: dict = field(repr=False)


def events(war):
    """A row for each date at which the merged path of a number turns.

    A number that only one coder has, because only one has its actor or tie, changes as that coder has it. Ground is
    told as what a party gains, so its path is what it has gained so far.
    """
    rows = {coder: war.sheets[coder]["events"] for coder in CODERS}
    keys = dict.fromkeys(row["key"] for coder in CODERS for row in rows[coder])
    made = []
    for key in keys:
        has = [coder for coder in CODERS if _opening(war, coder, key) is not None]
        if len(has) == 2:
            made += _merged(key, {coder: _path(war, coder, key) for coder in CODERS})
        else:
            made += [_as_coded(coder, row) for coder in CODERS for row in rows[coder] if row["key"] == key]
    order = {key: place for place, key in enumerate(keys)}
    made.sort(key=lambda row: (row["date"], order[row["key"]]))
    columns = ["date", "name", "key", "how", "value", "low", "high", "why", "sources", "checked", "coders"]
    return made, [*columns, *codings_of("value")]


def _opening(war, coder, key):
    """Where a number stands at the start in a coding; None where the coding has not got it."""
    kind, *names, what = key.split(".")
    sheets = war.sheets[coder]
    if kind == "actors":
        found = next((row for row in sheets["actors"] if row["actor"] == names[0]), None)
        if what == "control" and found is not None:
            return 0.0
    else:
        found = next((row for row in sheets["ties"] if [row["from"], row["to"]] == names), None)
        if found is None and any(row["key"] == key for row in sheets["events"]):
            return 0.0
    if found is None:
        return None
    return number(found.get(what, "")) or 0.0


def _path(war, coder, key):
    """The opening value, and a stop for each date at which the coding changes the number."""
    now = _opening(war, coder, key)
    stops = [Stop("", now, now, now, {})]
    for row in sorted((r for r in war.sheets[coder]["events"] if r["key"] == key), key=lambda row: row["date"]):
        base = now if row["how"] == "add" else 0.0
        now = base + number(row["value"])
        low, high = (base + (number(row[end]) if row[end] else number(row["value"])) for end in ("low", "high"))
        if stops[-1].date == row["date"]:
            stops.pop()
        stops.append(Stop(row["date"], now, low, high, row))
    return stops


def _dates(paths):
    """Dates at which either path turns, the stops there by coder; dates within three days of each other are one.

    The nearest are paired first; a pair has the earlier of its dates.
    """
    left = {coder: paths[coder][1:] for coder in CODERS}
    pairs = [(days_apart(a.date, b.date), a, b) for a in left["A"] for b in left["B"]]
    found = []
    for apart, a, b in sorted(pairs, key=lambda pair: (pair[0], pair[1].date, pair[2].date)):
        if apart <= DAYS_APART and a in left["A"] and b in left["B"]:
            left["A"].remove(a)
            left["B"].remove(b)
            found.append((min(a.date, b.date), {"A": a, "B": b}))
    found += [(stop.date, {coder: stop}) for coder in CODERS for stop in left[coder]]
    return sorted(found, key=lambda turn: turn[0])


def _merged(key, paths):
    """The mean of two paths, as ``set``; of ground as what is gained, by ``add``."""
    ground = key.endswith(".control")
    now = {coder: paths[coder][0] for coder in CODERS}
    before = mean(*(now[coder].value for coder in CODERS))
    for date, turns in _dates(paths):
        was = {coder: now[coder].value for coder in CODERS}
        now |= turns
        ends = []
        for coder, stop in now.items():
            here = (stop.low, stop.value, stop.high) if coder in turns else (stop.value,)
            ends += [value - was[coder] if ground else value for value in here]
        after = mean(*(now[coder].value for coder in CODERS))
        value = after - before if ground else after
        before, rows = after, {coder: stop.row for coder, stop in turns.items()}
        moved = {coder: now[coder].value - (was[coder] if ground else 0.0) for coder in CODERS}
        yield {
            "date": date,
            "name": next(iter(rows.values()))["name"],
            "key": key,
            "how": "add" if ground else "set",
            "value": text(value),
            "low": text(min(ends)),
            "high": text(max(ends)),
            "why": both(rows, "why"),
            **rests_on(rows),
            **{f"value_{coder}": text(moved[coder]) for coder in CODERS},
        }


def _as_coded(coder, row):
    columns = ("date", "name", "key", "how", "value", "low", "high", "why")
    return {column: row[column] for column in columns} | rests_on({coder: row}) | kept({coder: row}, "value")
