"""The two codings of a war side by side, in the names of the merged one: A's, and B's where only B has it."""

from dataclasses import dataclass, field
from datetime import date as Date

from benchmarks.corpus.files import SHEETS, number, read, read_war, text, words

CODERS = ("A", "B")
GENERAL = "gk"  # the id of the source "general knowledge"
DAYS_APART = 3  # what lies no further apart is of one date
LEVELS = ("low", "medium", "high")


@dataclass
class War:
    """A war, its codings and what is the same in both."""

    folder: object
    head: dict = field(default_factory=dict)  # war.toml, by coder
    sheets: dict = field(default_factory=dict)  # rows, by coder and sheet, in merged names
    pairs: list = field(default_factory=list)  # offers of both, as A's and B's own ids
    joined: dict = field(default_factory=dict)  # an offer of B that is part of another, to that one
    offers: dict = field(default_factory=dict)  # merged id of each offer, by coder and own id
    actors: dict = field(default_factory=dict)
    issues: dict = field(default_factory=dict)
    turned: set = field(default_factory=set)  # issues, by B's own id, whose scale runs the other way
    sources: dict = field(default_factory=dict)  # merged table of sources

    @property
    def parties(self):
        return [row["actor"] for row in self.sheets["A"]["actors"] if "party" in words(row["roles"])]


def load(folder):
    """A war with both its codings, each row of B in the names of A."""
    war = War(folder)
    war.head = {coder: read_war(folder / coder) for coder in CODERS}
    war.sheets = {coder: {name: read(folder / coder / f"{name}.csv") for name in SHEETS} for coder in CODERS}
    matches = read(folder / "matches.csv")
    war.pairs = [(row["offer_A"], row["offer_B"]) for row in matches]
    war.joined = {part: row["offer_B"] for row in matches for part in words(row["with_B"])}
    who, what = read(folder / "who.csv"), read(folder / "what.csv")
    war.turned = {row["issue_B"] for row in what if row["turned"] == "yes"}
    war.offers = _names(war, "offers", "offer", war.pairs)
    for part, whole in war.joined.items():
        war.offers["B"][part] = war.offers["B"][whole]
    war.actors = _names(war, "actors", "actor", [(row["actor_A"], row["actor_B"]) for row in who])
    war.issues = _names(war, "issues", "issue", [(row["issue_A"], row["issue_B"]) for row in what])
    sources = _sources(war)
    for coder in CODERS:
        for name, rows in war.sheets[coder].items():
            war.sheets[coder][name] = [_renamed(war, coder, name, row, sources[coder]) for row in rows]
    return war


def _names(war, sheet, key, pairs):
    """What each name is called after the merge: as by A; as by B where only B has it, with -B if that is taken."""
    own = {coder: [row[key] for row in war.sheets[coder][sheet]] for coder in CODERS}
    for a, b in pairs:
        if a not in own["A"] or b not in own["B"]:
            raise SystemExit(f"{war.folder.name}: {sheet}: no pair '{a}', '{b}'")
    names = {"A": {name: name for name in own["A"]}, "B": {b: a for a, b in pairs}}
    if len(names["B"]) != len(pairs) or len({a for a, _ in pairs}) != len(pairs):
        raise SystemExit(f"{war.folder.name}: {sheet}: a name is paired twice")
    for name in own["B"]:
        if name not in names["B"]:
            names["B"][name] = f"{name}-B" if name in names["A"] else name
    return names


def _sources(war):
    """The merged id of each coder's own source; B's has -B where A means another by it."""
    a, b = (war.head[coder]["sources"] for coder in CODERS)
    names = {"A": {key: key for key in a}, "B": {}}
    for key, what in b.items():
        names["B"][key] = f"{key}-B" if key in a and a[key] != what else key
    war.sources = {**a, **{names["B"][key]: what for key, what in b.items()}}
    return names


def _renamed(war, coder, sheet, row, sources):
    """A row in merged names; its own name is kept under ``own``, and the coder's own offer under ``own_offer``."""
    row = dict(row)
    actor = lambda name: war.actors[coder].get(name, name)  # noqa: E731
    row["own"] = row.get({"actors": "actor", "offers": "offer", "issues": "issue"}.get(sheet, ""), "")
    for column in ("actor", "party", "from", "to", "side"):
        if row.get(column):
            row[column] = actor(row[column])
    for column in ("made_by", "opponents", "addressed", "broken_by"):
        if row.get(column):
            row[column] = ";".join(dict.fromkeys(map(actor, words(row[column]))))
    if "sources" in row:
        row["sources"] = ";".join(sources[name] for name in words(row["sources"]))
    if sheet in ("offers", "answers", "truces", "fortune"):
        row["own_offer"], row["offer"] = row["offer"], war.offers[coder][row["offer"]]
    if sheet in ("issues", "wants"):
        turned = coder == "B" and row["issue"] in war.turned
        row["issue"] = war.issues[coder][row["issue"]]
        if turned:
            column = "now" if sheet == "issues" else "want"
            row[column] = text(100 - number(row[column]))
    if sheet == "offers":
        row["terms"] = _terms(war, coder, row["terms"])
    if sheet == "events":
        kind, *names, what = row["key"].split(".")
        row["key"] = ".".join([kind, *map(actor, names), what])
    return row


def _terms(war, coder, cell):
    """Terms by merged issue."""
    found = {}
    for part in words(cell):
        issue, value = part.split("=")
        found[war.issues[coder][issue]] = 100 - float(value) if coder == "B" and issue in war.turned else float(value)
    return found


# The rules that hold for every table.


def mean(a, b):
    """The mean of two numbers, or the one there is."""
    given = [value for value in (a, b) if value is not None]
    return sum(given) / len(given) if given else None


def spread(*values):
    """The least and the most, where they differ."""
    given = [value for value in values if value is not None]
    return (min(given), max(given)) if given and min(given) != max(given) else (None, None)


def sure(row):
    """How sure a coder is of a row: confidence, then whether it is checked."""
    level = LEVELS.index(row["confidence"]) if row.get("confidence") in LEVELS else -1
    return level, row.get("checked") == "yes"


def surer(rows):
    """Of the two coders' rows, that of the higher confidence, then the checked one, then A's."""
    return max(rows.values(), key=sure) if len(rows) > 1 else next(iter(rows.values()))


def union(*cells):
    """The words of several cells, each once."""
    return ";".join(dict.fromkeys(word for cell in cells for word in words(cell or "")))


def both(rows, column):
    """What both wrote, told apart where it differs."""
    said = {coder: row[column] for coder, row in rows.items() if row.get(column)}
    if len(set(said.values())) < 2:
        return next(iter(said.values()), "")
    return "; ".join(f"{coder}: {words}" for coder, words in said.items())


def rests_on(rows):
    """Sources of both; ``checked`` is no where they are general knowledge alone."""
    sources = union(*(row.get("sources", "") for row in rows.values()))
    return {"sources": sources, "checked": "no" if sources in ("", GENERAL) else "", "coders": str(len(rows))}


def kept(rows, *columns):
    """What each coder wrote, in columns such as ``grade_A``."""
    return {f"{column}_{coder}": row.get(column, "") for column in columns for coder, row in rows.items()}


def days_apart(one, other):
    return abs((Date.fromisoformat(one) - Date.fromisoformat(other)).days)


def by_key(war, sheet, *columns):
    """Rows of both coders by what names them, A's order first: ``{key: {"A": row, "B": row}}``."""
    found = {}
    for coder in CODERS:
        for row in war.sheets[coder][sheet]:
            found.setdefault(tuple(row[column] for column in columns), {}).setdefault(coder, row)
    return found
