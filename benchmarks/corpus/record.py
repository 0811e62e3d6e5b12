"""What was offered and answered, merged: offers, answers, fortunes and truces."""

from collections import Counter

from benchmarks.corpus.codings import (
    CODERS,
    DAYS_APART,
    GENERAL,
    LEVELS,
    both,
    by_key,
    days_apart,
    kept,
    mean,
    sure,
    surer,
    union,
)
from benchmarks.corpus.files import number, text, words
from benchmarks.corpus.setting import between, codings_of

NO_ANSWER = ("refuse", "silent")


def offers(war, reading):
    """All offers that either coder has, in order of date."""
    made = []
    for (name,), rows in by_key(war, "offers", "offer").items():
        first, chosen = next(iter(rows.values())), surer(rows)
        row = {"offer": name, "date": first["date"], "form": chosen["form"], "kind": chosen["kind"]}
        row |= {column: next(filter(None, (r[column] for r in rows.values())), "") for column in ("begins", "deadline")}
        days = [number(coded["days"]) for coded in rows.values()]
        row["days"] = text(mean(*(*days, None)[:2]))
        for column in ("scope", "monitoring"):
            values = (*(number(coded[column]) for coded in rows.values()), None)[:2]
            row |= between(column, rows, values)
        row |= _sides(rows)
        row["terms"] = _terms(rows)
        row |= {"what": chosen["what"], "coders": str(len(rows))}
        row |= _ground(rows, reading.offer_sources(rows))
        row |= {**kept(rows, "date", "kind", "form", "scope", "monitoring", "days")}
        made.append(row | {f"offer_{coder}": coded["own_offer"] for coder, coded in rows.items()})
    made.sort(key=lambda row: row["date"])
    columns = ["offer", "date", "begins", "deadline", "days", "kind", "made_by", "opponents", "addressed", "form"]
    columns += ["scope", "scope_low", "scope_high", "monitoring", "monitoring_low", "monitoring_high", "terms", "what"]
    columns += ["sources", "confidence", "checked", "coders"]
    return made, [*columns, *codings_of("offer", "date", "kind", "form", "scope", "monitoring", "days")]


def _sides(rows):
    """Who makes it, speaks against it and is asked: whom either coder names.

    Somebody whom one has among the makers and one among the opponents goes where more codings have it, and on a tie
    among the makers.
    """
    makers = Counter(who for row in rows.values() for who in words(row["made_by"]))
    against = Counter(who for row in rows.values() for who in words(row["opponents"]))
    makes = [who for who in makers if makers[who] >= against[who]]
    return {
        "made_by": ";".join(makes),
        "opponents": ";".join(who for who in against if who not in makes),
        "addressed": union(*(row["addressed"] for row in rows.values())),
    }


def _terms(rows):
    """What the text says on each issue that either coder has it speak of."""
    found = {}
    for row in rows.values():
        for issue, value in row["terms"].items():
            found.setdefault(issue, []).append(value)
    return ";".join(f"{issue}={text(sum(values) / len(values))}" for issue, values in found.items())


def _ground(rows, read_again=()):
    """What a fact rests on: sources of both and of the third reading, the higher confidence, checked by either.

    What was found again rests on one source at the least, so its confidence is medium or high.
    """
    sources = union(*(row["sources"] for row in rows.values()), *read_again)
    found_again = any(name != GENERAL for name in read_again)
    level = max(max(map(sure, rows.values()))[0], LEVELS.index("medium") if found_again else 0)
    checked = found_again or any(row.get("checked") == "yes" for row in rows.values())
    if sources in ("", GENERAL):
        checked = False
    return {
        "sources": sources,
        "confidence": LEVELS[level],
        "checked": "yes" if checked else "no",
    }


def in_order(war):
    """The place of each offer among all, by date."""
    found = [row for coder in CODERS for row in war.sheets[coder]["offers"]]
    ordered = sorted({row["offer"]: row["date"] for row in reversed(found)}.items(), key=lambda offer: offer[1])
    return {name: place for place, (name, _) in enumerate(ordered)}


def answers(war, reading):
    """All answers that either coder has, as ruled by the third reader where there is a ruling."""
    order, made = in_order(war), []
    for (offer, party), rows in by_key(war, "answers", "offer", "party").items():
        ruling = reading.ruling(offer, party)
        if ruling:
            row = _ruled(rows, ruling, reading)
        else:
            chosen = surer(rows)
            grades = (*(number(coded["grade"]) for coded in rows.values()), None)[:2]
            row = {"answer": chosen["answer"], "why": "", **between("grade", rows, grades)}
            row |= _ground(rows, reading.answer_sources(offer, party, rows))
        row |= {"offer": offer, "party": party, "coders": str(len(rows)), **kept(rows, "answer", "grade", "date")}
        made.append(row | _said(row["answer"], rows))
    made.sort(key=lambda row: order[row["offer"]])
    columns = ["offer", "party", "date", "answer", "grade", "grade_low", "grade_high", "condition", "kept14", "what"]
    columns += ["why", "sources", "confidence", "checked", "coders"]
    return made, [*columns, *codings_of("answer", "grade", "date")]


def _ruled(rows, ruling, reading):
    """An answer that the third reader settled; it is checked where that reader found it."""
    again = reading.ids(ruling["source"])
    ground = _ground(rows, again if ruling["checked"] == "yes" else ())
    ground["sources"] = union(ground["sources"], *again)
    ground["checked"] = "no" if ground["sources"] in ("", GENERAL) else ruling["checked"]
    return {
        "answer": ruling["answer"],
        "grade": text(number(ruling["grade"])),
        "grade_low": text(number(ruling["low"])),
        "grade_high": text(number(ruling["high"])),
        "why": f"Third reading: {ruling['why']}",
        **ground,
    }


def _said(answer, rows):
    """Date, words, condition and conduct, from the coders whose answer it is; A's first."""
    same = {coder: row for coder, row in rows.items() if row["answer"] == answer}
    if not same:
        return {"date": "", "what": "", "condition": "", "kept14": ""}
    of = surer(same)
    conduct = [number(row["kept14"]) for row in same.values()]
    return {
        "date": next(filter(None, (row["date"] for row in same.values())), ""),
        "what": of["what"],
        "condition": of["condition"],
        "kept14": text(mean(*(*conduct, None)[:2])) if answer not in NO_ANSWER else "",
    }


def fortune(war):
    """How the parties fared, by both."""
    made = []
    for (offer, party), rows in by_key(war, "fortune", "offer", "party").items():
        row = {"offer": offer, "party": party, "why": both(rows, "why"), "coders": str(len(rows))}
        for column in ("fortune", "strength_share"):
            row[column] = text(mean(*(*(number(coded[column]) for coded in rows.values()), None)[:2]))
        row["confidence"] = LEVELS[max(sure(coded)[0] for coded in rows.values())]
        made.append(row | kept(rows, "fortune", "strength_share"))
    order = in_order(war)
    made.sort(key=lambda row: order[row["offer"]])
    columns = ["offer", "party", "fortune", "strength_share", "why", "confidence", "coders"]
    return made, [*columns, *codings_of("fortune", "strength_share")]


def truces(war):
    """All truces that either coder has: one truce where they give the same offer, or nearly the same days."""
    made = []
    for rows in _paired(war.sheets["A"]["truces"], war.sheets["B"]["truces"]):
        first, chosen = next(iter(rows.values())), surer(rows)
        row = {"offer": first["offer"], "coders": str(len(rows)), **kept(rows, "began", "ended", "how")}
        row |= {column: chosen[column] for column in ("began", "ended", "how", "what")}
        row["broken_by"] = union(*(row["broken_by"] for row in rows.values())) if row["how"] == "broken" else ""
        row |= _ground(rows) | {"checked": ""}
        if row["sources"] in ("", GENERAL):
            row["checked"] = "no"
        made.append(row | {f"offer_{coder}": coded["own_offer"] for coder, coded in rows.items()})
    made.sort(key=lambda row: row["began"])
    columns = ["offer", "began", "ended", "how", "broken_by", "what", "sources", "confidence", "checked", "coders"]
    return made, [*columns, *codings_of("offer", "began", "ended", "how")]


def _paired(ours, theirs):
    """Truces of A with those of B that are the same, then those that only B has."""
    left = list(theirs)
    found = dict.fromkeys(range(len(ours)))
    tests = (
        lambda a, b: a["offer"] == b["offer"] and days_apart(a["began"], b["began"]) <= DAYS_APART,
        lambda a, b: days_apart(a["began"], b["began"]) <= DAYS_APART and _ends_alike(a, b),
    )
    for same in tests:
        for place, one in enumerate(ours):
            other = next((row for row in left if same(one, row)), None) if found[place] is None else None
            if other is not None:
                found[place] = other
                left.remove(other)
    for place, one in enumerate(ours):
        yield {"A": one} if found[place] is None else {"A": one, "B": found[place]}
    yield from ({"B": row} for row in left)


def _ends_alike(a, b):
    if not a["ended"] or not b["ended"]:
        return a["ended"] == b["ended"]
    return days_apart(a["ended"], b["ended"]) <= DAYS_APART


__all__ = ["answers", "fortune", "offers", "truces"]
