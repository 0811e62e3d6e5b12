"""Who fights and what over, merged: actors, ties, issues and wants."""

from benchmarks.corpus.codings import both, by_key, kept, mean, rests_on, spread, union
from benchmarks.corpus.files import number, text

OF_ACTORS = ("stance", "salience", "influence", "strength", "control", "exhaustion")
OF_TIES = ("leverage", "support", "follows")


def between(name, rows, values, intervals=False):
    """A number of both: the mean, and from where to where their values go, or their intervals where they give some."""
    low, high = spread(*values)
    if intervals:
        ends = [number(row.get(f"{name}_{end}")) for row in rows.values() for end in ("low", "high")]
        low, high = spread(*values, *ends)
    return {name: text(mean(*values)), f"{name}_low": text(low), f"{name}_high": text(high)}


def columns_of(names):
    return [column for name in names for column in (name, f"{name}_low", f"{name}_high")]


def codings_of(*names):
    return [f"{name}_{coder}" for name in names for coder in ("A", "B")]


def actors(war):
    """All actors that either coder has."""
    made = []
    for (name,), rows in by_key(war, "actors", "actor").items():
        first = next(iter(rows.values()))
        row = {"actor": name, "name": first["name"], "roles": union(*(row["roles"] for row in rows.values()))}
        row |= {"side": first["side"], "why": both(rows, "why"), **rests_on(rows), **kept(rows, *OF_ACTORS)}
        row |= {f"actor_{coder}": coded["own"] for coder, coded in rows.items()}
        for column in OF_ACTORS:
            values = [number(coded[column]) for coded in rows.values()]
            row |= between(column, rows, (*values, None)[:2], intervals=column == "stance")
        made.append(row)
    columns = ["actor", "name", "roles", "side", *columns_of(OF_ACTORS), "why", "sources", "checked", "coders"]
    return made, [*columns, *codings_of("actor", *OF_ACTORS)]


def ties(war):
    """All ties that either coder has; what one of two leaves blank on a tie that both have is none, so nought."""
    made = []
    for (source, target), rows in by_key(war, "ties", "from", "to").items():
        row = {"from": source, "to": target, "why": both(rows, "why"), **rests_on(rows), **kept(rows, *OF_TIES)}
        for column in OF_TIES:
            values = [number(coded[column]) for coded in rows.values()]
            if any(value is not None for value in values):
                values = [value or 0.0 for value in values]
            row |= between(column, rows, (*values, None)[:2])
        made.append(row)
    columns = ["from", "to", *columns_of(OF_TIES), "why", "sources", "checked", "coders"]
    return made, [*columns, *codings_of(*OF_TIES)]


def issues(war):
    """All issues that either coder has, on A's scale."""
    made = []
    for (name,), rows in by_key(war, "issues", "issue").items():
        first = next(iter(rows.values()))
        now = mean(*(*(number(row["now"]) for row in rows.values()), None)[:2])
        row = {"issue": name, "now": text(now)}
        made.append(row | {column: first[column] for column in ("title", "low_means", "high_means")})
    return made, ["issue", "title", "low_means", "high_means", "now"]


def wants(war):
    """Where each party would have each issue; an issue that one coder lacks has no weight with that coder."""
    made = []
    for (party, issue), rows in by_key(war, "wants", "party", "issue").items():
        values = (*(number(row["want"]) for row in rows.values()), None)[:2]
        weights = (*(number(row["weight"]) for row in rows.values()), 0.0)[:2]
        row = {"party": party, "issue": issue, "why": both(rows, "why"), **rests_on(rows)}
        row |= {**kept(rows, "want", "weight"), **between("want", rows, values), **between("weight", rows, weights)}
        made.append(row)
    columns = ["party", "issue", *columns_of(("want", "weight")), "why", "sources", "checked", "coders"]
    return made, [*columns, *codings_of("want", "weight")]


def head(war, sources, notes):
    """What holds for the war as a whole: the wider window, A's account, what both doubt."""
    a, b = war.head["A"], war.head["B"]
    found = {
        "title": a["title"],
        "start": min(a["start"], b["start"]),
        "end": max(a["end"], b["end"]),
        "coders": ["A", "B"],
        "ucdp": union(str(a.get("ucdp", "")), str(b.get("ucdp", ""))),
        "about": a["about"],
        "doubts": " ".join([f"A: {a['doubts']}", f"B: {b['doubts']}", *(f"Third reading: {note}" for note in notes)]),
    }
    used = {key: what for key, what in sources.items() if what}
    return {key: value for key, value in found.items() if value} | {"sources": used}


__all__ = ["actors", "head", "issues", "ties", "wants"]
