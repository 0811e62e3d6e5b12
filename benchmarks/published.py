"""The published figures of every stance rule beside ours. Run it by ``python -m benchmarks.published``.

Prints the table of ``docs/rules.md``; with ``--write`` it puts it there. A test runs it and compares.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from simulation.rules import exchange, expected_utility, spatial
from simulation.rules.bounded_confidence import hegselmann_krause
from simulation.rules.compromise import weighted_mean, weighted_median
from simulation.rules.deffuant import deffuant
from simulation.rules.degroot import degroot
from simulation.rules.friedkin_johnsen import friedkin_johnsen

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "tests" / "reference"
PAGE = ROOT / "docs" / "rules.md"
DRAWN = (("China", "financewho"), ("EU28", "progress"), ("India", "adaptinst"))
"""Actors and issues of the exchanges of Paris that the program took from others with equal gains."""
BEGIN, END = "<!-- the table of benchmarks.published -->", "<!-- end of the table -->"


class Row(NamedTuple):
    """One figure."""

    rule: str
    case: str
    published: str
    ours: str
    difference: float  # the largest, where a row sums up several figures


def read(name):
    return json.loads((REFERENCE / name).read_text(encoding="utf-8"))


def emission():
    """Position, salience, influence of the emission standards case."""
    with (REFERENCE / "expected_utility" / "emission_actors.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [np.array([float(row[key]) for row in rows]) for key in ("position", "salience", "capability")]


def ktab(case):
    """Positions 0 … 100, saliences 0 … 1 and influences of one of KTAB's cases."""
    with (REFERENCE / "spatial" / f"{case}_actors.csv").open(encoding="utf-8", newline="") as lines:
        rows = np.array([[float(cell) for cell in row[1:]] for row in list(csv.reader(lines))[1:]])
    return rows[:, 1::2], rows[:, 2::2] / 100, rows[:, 0]


def rows() -> Iterator[Row]:
    yield from opinion_dynamics()
    yield from null_model()
    yield from challenges()
    yield from bargains()
    yield from deals()


def opinion_dynamics() -> Iterator[Row]:
    weights = np.array([[0.5, 0.5], [0.25, 0.75]])
    stance = np.array([90.0, 30.0])
    for _ in range(100):
        stance = degroot(stance, weights)
    yield Row(
        "degroot",
        "limit: the mean by the shares (1/3, 2/3) of the left eigenvector",
        "50",
        f"{stance[0]:.6g}",
        abs(stance - 50).max(),
    )

    rng = np.random.default_rng(1)
    influence = rng.random((8, 8))
    influence /= influence.sum(axis=1, keepdims=True)
    openness, start = rng.uniform(0.2, 0.9, 8), rng.uniform(0, 100, 8)
    limit = np.linalg.solve(np.eye(8) - openness[:, None] * influence, (1 - openness) * start)
    stance = start
    for _ in range(2000):
        stance = friedkin_johnsen(stance, start, influence, openness)
    yield Row(
        "friedkin-johnsen",
        "long run of 8 actors: (I - ΛW)⁻¹(I - Λ)x(0)",
        "closed form",
        "iterated",
        abs(stance - limit).max(),
    )

    for n in (50, 51, 60):
        position, spent = np.arange(n) * 2.0, 0
        while abs((moved := hegselmann_krause(position, 2.0)) - position).max() > 1e-9:
            position, spent = moved, spent + 1
        proven, found = 2 * (n // 6) + (n % 6 > 0), 1 + int((np.diff(position) > 1e-3).sum())
        yield Row(
            "bounded-confidence",
            f"camps of {n} opinions spaced at the bound (theorem)",
            str(proven),
            str(found),
            abs(proven - found),
        )
        yield Row(
            "bounded-confidence",
            "their rounds to rest (theorem: 5n/6 + O(1))",
            f"{5 * n / 6:.1f}",
            str(spent),
            abs(spent - 5 * n / 6),
        )

    for bound in (0.5, 0.3, 0.2, 0.1):
        rng = np.random.default_rng(3)
        position = rng.random((8, 1000))
        for _ in range(300):
            position = deffuant(position, rng.random(position.shape), bound)
        counts = [
            sum(len(group) >= 50 for group in np.split(row, np.flatnonzero(np.diff(row) > bound / 5) + 1))
            for row in np.sort(position, axis=-1)
        ]
        known = int(1 / (2 * bound) + 1e-9)
        yield Row(
            "deffuant",
            f"camps of 1,000 at d = {bound:g}: integer part of 1/(2d)",
            str(known),
            f"{np.mean(counts):.2f}",
            abs(np.mean(counts) - known),
        )


def null_model() -> Iterator[Row]:
    mean, median = float(weighted_mean(*emission())), float(weighted_median(*emission()))
    yield Row(
        "compromise",
        "emission standards, weighted mean (program)",
        "7.3899556868538",
        f"{mean:.13f}",
        abs(mean - 7.389955686853767),
    )
    yield Row("compromise", "emission standards, weighted median", "7", f"{median:g}", abs(median - 7))


def challenges() -> Iterator[Row]:
    position, salience, influence = emission()
    table, program = (
        read("expected_utility/published_scholz2011_table2.json"),
        read("expected_utility/jmckib_10rounds.json"),
    )
    history = expected_utility.play(position, salience, influence, 10)
    medians, means = (centre(history, salience, influence) for centre in (weighted_median, weighted_mean))
    for name, found in (("median", medians), ("mean", means)):
        for number, known in zip(table["round"], table[name], strict=True):
            yield Row(
                "expected-utility",
                f"emission standards, {name} of round {number} (Table 2)",
                f"{known:g}",
                f"{found[number]:.4f}",
                abs(found[number] - known),
            )
    there = np.array([[played["positions"][actor] for actor in program["actors"]] for played in program["rounds"]])
    gap = abs(history - there).max()
    yield Row("expected-utility", "all positions of 10 rounds (program)", "110 figures", same(gap), gap)
    printed = expected_utility.play(position, salience, influence, 8, variant="as-printed")
    found = weighted_median(printed, salience, influence)[1:]
    yield Row(
        "expected-utility, as-printed",
        "medians of 8 rounds (Table 2)",
        "8.4 … 9.6",
        f"{found.min():.2f} … {found.max():.2f}",
        abs(found - table["median"]).max(),
    )


def bargains() -> Iterator[Row]:
    names = {
        "emission": "emission standards, 10 × 1",
        "dummyData_3Dim": "KTAB's example, 7 × 3",
        "SOE-Pol-Comp": "state-owned enterprises, 13 × 2",
    }
    for case, name in names.items():
        expected = read(f"spatial/{case}_default_expected.json")
        played = spatial.played(*ktab(case))
        there = np.array(expected["positions"])
        yield Row(
            "spatial",
            f"{name}: turns until it stops (program)",
            str(expected["turns"]),
            str(int(played.turns)),
            abs(int(played.turns) - expected["turns"]),
        )
        gap = abs(played.positions - there).max() if played.positions.shape == there.shape else np.nan
        yield Row("spatial", f"{name}: all positions of all turns (program)", f"{there.size:,} figures", same(gap), gap)


def deals() -> Iterator[Row]:
    paris = read("exchange/paris_2015.json")
    position, salience, influence = (
        np.array(paris[key], dtype=float) for key in ("positions", "saliences", "influence")
    )
    name, printed = "climate conference of Paris, 15 × 13", paris["exchanges"]
    made = int(exchange.play(position, salience, influence).made)
    yield Row("exchange", f"{name}: exchanges (program)", str(len(printed)), str(made), abs(made - len(printed)))
    for actor, issue in DRAWN:  # a salience a ten-millionth lower decides what the program drew by lot
        salience[paris["actors"].index(actor), paris["issues"].index(issue)] -= 1e-7
    played = exchange.play(position, salience, influence)
    ours, theirs = [], []
    for deal, (actor, issue, partner, other, gain, *moved) in zip(played.deals(), printed, strict=False):
        sides = zip(deal.actor, deal.issue, deal.start, deal.vote, strict=True)
        by_name = {(paris["actors"][who], paris["issues"][what]): moves for who, what, *moves in sides}
        none = [np.nan, np.nan]
        ours += [deal.gain, *by_name.get((actor, issue), none), *by_name.get((partner, other), none)]
        theirs += [gain, *moved]
    gap = abs(np.array(ours) - theirs).max()
    kept = "the same to the digits printed" if gap < 5e-4 else "not the same"
    yield Row("exchange", f"{name}: their order, gains and positions (program)", f"{len(theirs)} figures", kept, gap)


def as_markdown(found) -> str:
    lines = ["| rule | case | published | ours | difference |", "| --- | --- | ---: | ---: | ---: |"]
    lines += [f"| {row.rule} | {row.case} | {row.published} | {row.ours} | {size(row.difference)} |" for row in found]
    return "\n".join(lines)


def same(gap) -> str:
    """Whether many figures come out as they should."""
    return "the same" if gap <= 1e-9 else "not the same"


def size(difference) -> str:
    """A difference in words that do not hang on the last bit, so that machines agree on the page."""
    if difference <= 1e-9:
        return "< 1e-9"
    return f"{difference:.3f}"


def put(text: str, table: str) -> str:
    """The page with the table in its place."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


if __name__ == "__main__":
    table = as_markdown(rows())
    print(table)
    if "--write" in sys.argv:
        PAGE.write_text(put(PAGE.read_text(encoding="utf-8"), table), encoding="utf-8")
