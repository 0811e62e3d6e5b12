"""Every combination of the groups, run with common random numbers, and the shares that come of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from simulation.questions.attribute.describe import describe
from simulation.questions.attribute.groups import check, groups_of, without
from simulation.questions.attribute.shapley import ends, orders_of, sampled, shapley, visited
from simulation.questions.finding import Finding
from simulation.questions.paired import Version, bearing, estimate, pseudo, read_versions, reading
from simulation.runs.provenance import provenance
from simulation.scenario.arguments import of_kind
from simulation.scenario.errors import ScenarioError
from simulation.scenario.measures import parse
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    pass

MOST_EXACT = 10
"""Groups up to which every combination is run."""


@of_kind
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
    """Shapley decomposition: share out the difference between a scenario and the same without all the groups.

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
    check(scenario, measure, chosen)
    count = len(chosen)
    exact = count <= MOST_EXACT
    orders = None if exact else orders_of(count, permutations, seed)
    masks = np.arange(2**count) if orders is None else np.unique(np.concatenate([visited(orders).ravel(), ends(count)]))
    masks = masks[::-1]  # the full scenario first: its random numbers serve all others
    lists = list(chosen.values())
    versions = [
        Version(without(scenario, [key for place, keys in enumerate(lists) if not mask >> place & 1 for key in keys]))
        for mask in masks.tolist()
    ]
    advance = None if progress is None else (lambda done: progress(done, runs * len(versions)))
    read = read_versions(versions, measure, runs, seed, uncertain=uncertain, progress=advance)
    arises, values = bearing(read), pseudo(read)
    counted = reading(measure, scenario).counted and arises == runs
    if np.isnan(values).any():
        missing = int(np.isnan(values[:, 0]).sum())
        raise ScenarioError(
            f"{measure}: in {missing} of {len(masks)} combinations the question does not arise in any run; "
            "ask for a measure that always does, such as truce.holds_to_end."
        )
    of = {mask: values[place] for place, mask in enumerate(masks.tolist())}
    if orders is None:
        shares = shapley(values[::-1])
        table = np.array([estimate(row, arises, counted) for row in shares])
    else:
        table = sampled(orders, of, lambda row: estimate(row, arises, counted))
    everything = 2**count - 1
    alone = [float((of[1 << place] - of[0]).mean()) for place in range(count)]
    last = [float((of[everything] - of[everything ^ (1 << place)]).mean()) for place in range(count)]
    difference = estimate(of[everything] - of[0], arises, counted)
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
