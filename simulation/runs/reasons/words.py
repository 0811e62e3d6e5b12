"""The parts of an answer in words and cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulation.runs.results import scenario_of, wilson
from simulation.runs.results.wording import ends, estimate, fixed
from simulation.scenario.labels import ANSWERS, issue_labels

if TYPE_CHECKING:
    import xarray as xr

PLAIN = {
    "stance": "its stance",
    "monitoring": "monitoring",
    "distrust": "distrust",
    "signing": "bar of signing a text",
}

BARS = {
    "call": "bar of a call from outside",
    "resolution": "bar of a resolution",
    "mediated": "bar of a mediated offer",
    "bilateral": "bar of an offer of one party to another",
    "unilateral": "bar of a halt by one side",
}

LEAST = 0.05
"""Points below which a part is not shown: it would be written as 0."""


def part_label(answered: xr.Dataset, part: int) -> str:
    """What to call a part, such as ``pull of Turkey``."""
    scenario, kind, name = scenario_of(answered), str(answered.kind[part].item()), str(answered["name"][part].item())
    match kind:
        case "sponsor":
            return f"pull of {scenario.labels.get(name, name)}"
        case "opponent":
            return f"objection of {scenario.labels.get(name, name)}"
        case "terms":
            return f"terms on {issue_labels(scenario).get(name, name)}"
        case "kind":
            return BARS[str(answered.attrs["kind"])]
    return PLAIN[kind]


def shown_parts(answered: xr.Dataset) -> list[int]:
    """The parts that count for somebody, in order; voices of one kind and terms by how much they do."""
    means = answered.points.mean("run") if "run" in answered.dims else answered.points
    size = np.abs(means).max([axis for axis in means.dims if axis != "part"]).values
    kinds = [str(kind) for kind in answered.kind.values]
    order = list(dict.fromkeys(kinds))
    places = [place for place, kind in enumerate(kinds) if size[place] >= LEAST or kind == "stance"]
    return sorted(places, key=lambda place: (order.index(kinds[place]), -size[place]))


def cells(answered: xr.Dataset) -> list[tuple[str, ...]]:
    """A table of an offer's answers, a column a party: the parts, their sum, what it took, and the answer.

    Of many runs these are means with their 5th and 95th percentiles over runs, and shares of the runs with their 95 %
    intervals.
    """
    parts = shown_parts(answered)
    rows = [
        (part_label(answered, place), *_each(answered.points[..., place, :], "" if here == "stance" else "+"))
        for place in parts
        for here in [str(answered.kind[place].item())]
    ]
    rows.append(("willingness", *_each(answered.willingness)))
    if bool(answered.mood.any()):
        rows.append(("its mood, in points", *_each(answered.mood, "+")))
    rows.append(("threshold", *_each(answered.threshold)))
    graded = bool(answered.reserve.any())
    rows.append(("chance of a yes", *_each(100 * answered.chance, end=" %")))
    if graded:
        rows.append(("chance of a full yes", *_each(100 * answered.full, end=" %")))
    if "run" not in answered.dims:
        told, coin, answer = (answered[name].values for name in ("told", "coin", "answer"))
        tossed = [f"{toss:.3f}" for toss in coin]
        return [
            *rows,
            ("coin", *("told" if known else toss for known, toss in zip(told, tossed, strict=True))),
            ("answer", *(ANSWERS[float(grade)] for grade in answer)),
        ]
    counts = {"said yes": answered.answer > 0, "said a full yes": answered.answer == 1}
    for label, said in counts.items() if graded else [*counts.items()][:1]:
        shares = [wilson(int(said.sel(party=party).sum()), said.sizes["run"]) for party in said.party.values]
        rows.append((label, *(estimate(*share, "chance") for share in shares)))
    return rows


def _each(values: xr.DataArray, sign: str = "", end: str = "") -> list[str]:
    """A number for each party; of many runs the mean, and from where to where nine tenths of them lie."""
    if "run" not in values.dims:
        return [fixed(float(value), f"{sign}.1f", end) for value in values.values]
    mean, low, high = values.mean("run"), values.quantile(0.05, "run"), values.quantile(0.95, "run")
    said = []
    for middle, bottom, top in zip(mean.values, low.values, high.values, strict=True):
        word = fixed(middle, f"{sign}.1f", end)
        said.append(word if top - bottom < 0.05 else f"{word} ({ends(bottom, top, '.1f', ' to ')})")
    return said
