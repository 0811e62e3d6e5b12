"""How much of an outcome was whose doing: Shapley values of events, offers and ties, on the same luck."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import factorial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulation.dynamics.randomness import generator
from simulation.dynamics.state import Array
from simulation.dynamics.variables import settable
from simulation.parameters import nearest
from simulation.questions.finding import Finding, Table
from simulation.questions.paired import Version, interval, pseudo, read_versions
from simulation.runs.provenance import provenance
from simulation.runs.results import Z95
from simulation.runs.results.wording import amount
from simulation.scenario.edits import drop, put
from simulation.scenario.errors import ScenarioError
from simulation.scenario.measures import parse, unit_of, words_of
from simulation.scenario.schema import Scenario, build
from simulation.scenario.values import read_value
from simulation.scenario.writing import as_tables

if TYPE_CHECKING:
    import xarray as xr

MOST_EXACT = 10
"""Groups up to which every combination is run."""

KINDS = ("events", "offers", "backers")
"""Ways to make the groups: every event without an offer, every offer, everybody who backs or presses a party."""


def attribute(
    scenario: Scenario,
    measure: str,
    groups: Mapping[str, Sequence[str]] | None = None,
    runs: int = 256,
    seed: int = 1,
    *,
    permutations: int = 50,
    uncertain: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Finding:
    """Share out the difference between a scenario and the same without all the groups (Shapley 1953).

    The share of a group is what it adds to the measure, averaged over all orders in which the groups can be put in.
    The shares sum to the difference, groups that do the same get the same, and one that does nothing gets nothing. Up
    to ten groups every combination is run; beyond, pairs of random orders, each with its reverse, are followed, whose
    spread then widens the intervals.

    Parameters
    ----------
    measure : such as ``truce.holds_to_end``; read as ``simulation.questions.paired.reading`` says
    groups : by name, what is left out together: ``events.NAME``; ``ties.FROM.TO`` or ``ties.FROM.TO.support``, put to 0
        and kept there whatever events say; ``KEY=VALUE``, put to a value. By default every event and every offer.
    runs : of each combination
    permutations : orders to follow where there are more than ten groups, in pairs; even
    uncertain : draw uncertain inputs anew in each run, the same for all combinations
    progress : called with the number of runs done so far and in all

    Returns
    -------
    a finding, whose dataset is over ``group``: ``share`` with ``low`` and ``high`` (95 %, paired runs), in units of the
    measure; ``alone``, what it adds where none of the others is, and ``last``, what it adds where all are. ``without``
    and ``full`` are the measure without any group and with all, ``difference`` with ``difference_low`` and
    ``difference_high`` what lies between; ``exact`` in the attributes says whether every combination was run.

    Raises
    ------
    ScenarioError
        for no groups, an unknown element, one that two groups name, a measure that does not survive without a group,
        or one that never arises in some combination

    References
    ----------
    Shapley (1953), in Contributions to the Theory of Games II, 307-317. Mitchell, Cooper, Frank & Holmes (2022),
    Journal of Machine Learning Research 23(43), 1-46: antithetic orders.
    """
    import xarray as xr

    parse(measure, scenario)
    chosen = dict(groups_of(scenario, ("events", "offers"), measure) if groups is None else groups)
    _check(scenario, measure, chosen)
    count = len(chosen)
    exact = count <= MOST_EXACT
    orders = None if exact else orders_of(count, permutations, seed)
    masks = (
        np.arange(2**count) if orders is None else np.unique(np.concatenate([visited(orders).ravel(), _ends(count)]))
    )
    masks = masks[::-1]  # the full scenario first: its luck serves all others
    lists = list(chosen.values())
    versions = [
        Version(without(scenario, [key for place, keys in enumerate(lists) if not mask >> place & 1 for key in keys]))
        for mask in masks.tolist()
    ]
    told = None if progress is None else (lambda done: progress(done, runs * len(versions)))
    values = pseudo(read_versions(versions, measure, runs, seed, uncertain=uncertain, progress=told))
    if np.isnan(values).any():
        missing = int(np.isnan(values[:, 0]).sum())
        raise ScenarioError(
            f"{measure}: in {missing} of {len(masks)} combinations the question does not arise in any run; "
            "ask for a measure that always does, such as truce.holds_to_end."
        )
    of = {mask: values[place] for place, mask in enumerate(masks.tolist())}
    if orders is None:
        shares = shapley(values[::-1])
        table = np.array([interval(row) for row in shares])
    else:
        table = sampled(orders, of)
    everything = 2**count - 1
    alone = [float((of[1 << place] - of[0]).mean()) for place in range(count)]
    last = [float((of[everything] - of[everything ^ (1 << place)]).mean()) for place in range(count)]
    difference = interval(of[everything] - of[0])
    own = {"units": "units of the measure"}
    result = xr.Dataset(
        {
            "share": ("group", table[:, 0], {**own, "long_name": "Shapley value"}),
            "low": ("group", table[:, 1], {**own, "long_name": "lower end of its 95 % interval"}),
            "high": ("group", table[:, 2], {**own, "long_name": "upper end of its 95 % interval"}),
            "alone": ("group", np.array(alone), {**own, "long_name": "what it adds without any of the others"}),
            "last": ("group", np.array(last), {**own, "long_name": "what it adds to all of the others"}),
            "without": ((), float(of[0].mean()), {**own, "long_name": f"{measure} without any of the groups"}),
            "full": ((), float(of[everything].mean()), {**own, "long_name": f"{measure} with all of them"}),
            "difference": ((), difference[0], own),
            "difference_low": ((), difference[1], own),
            "difference_high": ((), difference[2], own),
        },
        coords={
            "group": np.array(list(chosen), dtype=object),
            "elements": ("group", np.array([", ".join(keys) for keys in lists], dtype=object)),
        },
        attrs={
            **provenance(scenario, runs, seed, uncertain, ()),
            "finding": "attribute",
            "measure": measure,
            "exact": int(exact),
            "permutations": 0 if orders is None else len(orders),
            "combinations": len(masks),
        },
    )
    return describe(result)


def shapley(values: Array) -> Array:
    """Shapley values of a game, shape (k, ...).

        share_i = sum over S without i of |S|! (k - |S| - 1)! / k! (v(S and i) - v(S))

    Parameters
    ----------
    values : (2^k, ...)   worth of each coalition; player i is in coalition number c where bit i of c is set
    """
    count = len(values).bit_length() - 1
    coalitions = np.arange(len(values))
    size = np.array([int(c).bit_count() for c in coalitions])
    shares = np.zeros((count, *values.shape[1:]))
    for player in range(count):
        out = coalitions[coalitions >> player & 1 == 0]
        weight = np.array([factorial(s) * factorial(count - s - 1) / factorial(count) for s in size[out]])
        shares[player] = np.tensordot(weight, values[out | 1 << player] - values[out], axes=1)
    return shares


def groups_of(scenario: Scenario, kinds: Sequence[str], measure: str | None = None) -> dict[str, list[str]]:
    """Groups of one element or one actor each; without the offer that the measure asks about.

    Parameters
    ----------
    kinds : of ``KINDS``
    """
    for kind in kinds:
        if kind not in KINDS:
            raise ScenarioError(f"no way to make groups '{kind}'.{nearest(kind, KINDS)}")
    found: dict[str, list[str]] = {}
    for event in scenario.events:
        if event.name is not None and ("offers" if event.offer else "events") in kinds:
            key = f"events.{event.name}"
            if measure is None or _survives(scenario, measure, [key]):
                found[event.name] = [key]
    if "backers" in kinds:
        for tie in scenario.ties:
            if tie.target in scenario.parties and tie.source not in scenario.parties:
                found.setdefault(tie.source, []).append(f"ties.{tie.source}.{tie.target}")
    return found


def without(scenario: Scenario, elements: Sequence[str]) -> Scenario:
    """A scenario without some of its elements; what was recorded and expected goes too.

    Raises
    ------
    ScenarioError
        for an element that is not there
    """
    raw = as_tables(scenario)
    raw["expect"], raw["record"] = [], []
    name = scenario.title
    for element in elements:
        key, sign, text = element.partition("=")
        words = key.strip().split(".")
        if sign:
            put(raw, key.strip(), read_value(text), "put there to attribute an outcome", name)
        elif words[0] == "events" and len(words) == 2:
            known = [event.name for event in scenario.events if event.name]
            if words[1] not in known:
                raise ScenarioError(f"{element}: no such event.{nearest(words[1], known)}")
            drop(raw, element, name)
        elif words[0] == "ties" and len(words) in (3, 4):
            _silence(raw, scenario, words)
        else:
            raise ScenarioError(f"{element}: written events.NAME, ties.FROM.TO, ties.FROM.TO.support or KEY=VALUE.")
    raw["events"] = [event for event in raw["events"] if event["set"] or event["add"] or event.get("offer")]
    return build(raw, name)


def _silence(raw: dict[str, Any], scenario: Scenario, words: list[str]) -> None:
    """Put a tie to 0, and keep events from giving it back."""
    _, source, target, *rest = words
    ties = [tie for tie in raw["ties"] if (tie["from"], tie["to"]) == (source, target)]
    if not ties:
        known = [f"{tie.source}.{tie.target}" for tie in scenario.ties]
        raise ScenarioError(f"{'.'.join(words)}: no such tie.{nearest(f'{source}.{target}', known)}")
    known_fields = settable("tie", "backing")
    if rest and rest[0] not in known_fields:
        raise ScenarioError(f"{'.'.join(words)}: no such key.{nearest(rest[0], known_fields)}")
    for field in rest or known_fields:
        if field in ties[0]:
            ties[0][field] = {"best": 0.0, "assumed": "left out to attribute an outcome"}
        for event in raw["events"]:
            for how in ("set", "add"):
                event[how].pop(f"ties.{source}.{target}.{field}", None)


def _survives(scenario: Scenario, measure: str, elements: Sequence[str]) -> bool:
    try:
        parse(measure, without(scenario, elements))
    except ScenarioError:
        return False
    return True


def _check(scenario: Scenario, measure: str, groups: Mapping[str, Sequence[str]]) -> None:
    if not groups:
        raise ScenarioError("nothing to attribute to: no groups.")
    named: dict[str, str] = {}
    for name, elements in groups.items():
        if not elements:
            raise ScenarioError(f"group '{name}' is empty.")
        for element in elements:
            key = element.partition("=")[0].strip()
            if key in named:
                raise ScenarioError(f"'{key}' is in two groups, '{named[key]}' and '{name}'.")
            named[key] = name
        less = without(scenario, elements)  # tells what is not there
        try:
            parse(measure, less)
        except ScenarioError:
            raise ScenarioError(f"{measure}: cannot be asked without '{name}'; leave that group out.") from None


def orders_of(count: int, permutations: int, seed: int) -> NDArray[np.int64]:
    """Orders in which the groups are put in, each followed by its reverse, shape (permutations, k)."""
    if permutations < 4 or permutations % 2:
        raise ScenarioError(f"permutations = {permutations}: an even number, 4 or more, would do.")
    draws = generator(seed, "attribute", "order", 0)
    forward = np.array([draws.permutation(count) for _ in range(permutations // 2)])
    return np.stack([forward, forward[:, ::-1]], axis=1).reshape(-1, count)


def visited(orders: NDArray[np.int64]) -> NDArray[np.int64]:
    """The combinations that each order passes through, from none to all, shape (permutations, k + 1)."""
    none = np.zeros((len(orders), 1), dtype=np.int64)
    return np.concatenate([none, np.cumsum(1 << orders, axis=1)], axis=1)


def _ends(count: int) -> NDArray[np.int64]:
    """Each group alone, and each left out alone."""
    each = 1 << np.arange(count)
    return np.concatenate([each, (2**count - 1) ^ each])


def sampled(orders: NDArray[np.int64], of: Mapping[int, Array]) -> Array:
    """Shares with 95 % intervals from orders, shape (k, 3): luck and the choice of orders both widen them.

    Parameters
    ----------
    orders : (permutations, k)   of ``orders_of``: the two of a pair are not independent, the pairs are
    of : the worth of every combination that they visit, each of shape (runs,)
    """
    from scipy.stats import t as student

    pairs, runs = len(orders) // 2, len(of[0])
    masks = visited(orders)
    by_run = np.zeros((orders.shape[1], runs))
    by_order = np.zeros((orders.shape[1], len(orders)))
    for row, order in enumerate(orders):
        for place, player in enumerate(order):
            added = of[int(masks[row, place + 1])] - of[int(masks[row, place])]
            by_run[player] += added / len(orders)
            by_order[player, row] = added.mean()
    by_pair = by_order.reshape(-1, pairs, 2).mean(axis=-1)
    chosen = student.ppf(0.975, pairs - 1) * np.sqrt(by_pair.var(axis=1, ddof=1) / pairs)
    lucky = Z95 * np.sqrt(by_run.var(axis=1, ddof=1) / runs)
    share, error = by_run.mean(axis=1), np.hypot(chosen, lucky)
    return np.stack([share, share - error, share + error], axis=1)


def describe(result: xr.Dataset) -> Finding:
    """Whose doing it was, in rows, plain numbers and words."""
    import pandas as pd

    told, measure = rows(result), str(result.attrs["measure"])
    kind = unit_of(measure)
    start, end = (amount(float(result[key]), kind) for key in ("without", "full"))
    ends = ("difference", "difference_low", "difference_high")
    change, low, high = (amount(float(result[key]), kind, signed=True) for key in ends)
    cells = []
    for row in told:
        share, bottom, top, alone, last = (
            amount(row[key], kind, signed=True) for key in ("share", "low", "high", "alone", "last")
        )
        cells.append((row["group"], f"{share} ({bottom} to {top})", alone, last))
    words: list[str | Table] = [
        f"Whose doing it was: {words_of(measure)}",
        f"without any of these {start}, with all {end}; difference {change} ({low} to {high})\n",
        Table(("group", "share (95 %)", "alone", "last"), cells),
        "alone: what it adds without any of the others; last: what it adds to all of them",
    ]
    if not result.attrs["exact"]:
        words.append(
            f"{int(result.attrs['permutations'])} orders were followed; the shares sum to the difference, and the "
            "intervals allow for both."
        )
    summary = {"scenario": result.attrs["title"], "measure": measure}
    summary |= {key: int(result.attrs[key]) for key in ("runs", "seed")}
    summary |= {key: float(result[key]) for key in ("without", "full", "difference")}
    summary |= {"exact": bool(result.attrs["exact"]), "groups": told}
    return Finding(result=result, rows=pd.DataFrame(told), summary=summary, words=tuple(words))


def rows(result: xr.Dataset) -> list[dict[str, Any]]:
    """The shares, the largest first, as plain numbers."""
    order = np.argsort(-np.abs(result.share.values), kind="stable")
    told: list[dict[str, Any]] = []
    for place in order:
        here = result.isel(group=int(place))
        row: dict[str, Any] = {"group": str(here.group.values), "elements": str(here.elements.values)}
        told.append(row | {key: float(here[key]) for key in ("share", "low", "high", "alone", "last")})
    return told
