"""Random variation or input uncertainty: how much of the spread of a result comes of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.dynamics.randomness import generator
from simulation.dynamics.state import Array
from simulation.questions.finding import Finding, Table
from simulation.runs.ensemble import read_runs
from simulation.runs.provenance import provenance
from simulation.runs.results import FEWEST, Z95, scenario_of
from simulation.runs.results.wording import TOO_FEW, amount
from simulation.runs.sampling import sampled
from simulation.scenario.errors import ScenarioError
from simulation.scenario.measures import headlines, parse, unit_of, words_of
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr


def split_variance(
    scenario: Scenario,
    measures: Sequence[str] | None = None,
    runs: int = 1000,
    seed: int = 1,
    *,
    progress: Callable[[int], None] | None = None,
) -> Finding:
    """Split the variance of measures into random variation and input uncertainty, by the law of total variance.

        Var(Y) = E[Var(Y | inputs)] + Var(E[Y | inputs])
                 chance               input uncertainty

    Every draw of the uncertain inputs is run twice with independent random numbers. What the two runs Y, Y' of a pair
    share comes of the inputs, so that Cov(Y, Y') estimates input uncertainty and E[(Y - Y')^2] / 2 chance, both without
    bias (but for 1 in ``runs``) and without a nested loop. Of an answer, the chance before its coin is tossed shares as
    much and varies less, so that it is used instead where no mood lasts; the coin is chance. The intervals are by the
    delta method over pairs.

    Parameters
    ----------
    measures : names as in ``simulation.scenario.measures``; by default the headlines
    runs : pairs; the first runs of the pairs are those of ``run_ensemble(..., uncertain=True)``
    progress : called with the number of runs done so far, of 2 × runs

    Returns
    -------
    a finding, whose dataset is over ``measure``: ``mean``, ``variance``, ``luck`` and ``ignorance`` (the shares of the
    variance that are chance and input uncertainty, summing to 1; the latter may be estimated a little below 0) with
    ``ignorance_low`` and ``ignorance_high``, the 95 % interval of its share, and ``spread``, the standard deviation of
    the expected value over the inputs, in units of the measure. Nan where a measure never varies, or arises in fewer
    than two pairs; fewer than eight give no interval.

    Raises
    ------
    ScenarioError
        if nothing in the scenario is uncertain, or fewer than two pairs are asked for
    """
    import xarray as xr

    if runs < 2:
        raise ScenarioError(f"runs = {runs}: two or more are needed to split a variance.")
    if not any(item.spread for item in scenario.inputs.values()):
        raise ScenarioError("nothing is uncertain: no number of the scenario has a low and a high.")
    names = headlines(scenario) if measures is None else list(dict.fromkeys(measures))
    forgets = scenario.coefficients.answers.mood_half_life == 0
    coins = {
        measure.name: measure.untossed for name in names if forgets and (measure := parse(name, scenario)).untossed
    }
    values = sampled(scenario, seed, 0, runs)
    again = int(generator(seed, "luck", "again", 0).integers(2**62))
    read = [coins.get(name) or name for name in names]
    first = read_runs(scenario, read, runs, seed, values=values, progress=progress)
    advance = None if progress is None else (lambda done: progress(runs + done))
    second = read_runs(scenario, read, runs, again, values=values, progress=advance)
    table = np.array([shares(first[key], second[key], name in coins) for name, key in zip(names, read, strict=True)])
    one = {"units": "1"}
    own = {"units": "units of the measure"}
    result = xr.Dataset(
        {
            "mean": ("measure", table[:, 0], {**own, "long_name": "mean over runs and inputs"}),
            "variance": ("measure", table[:, 1], {"units": "units squared", "long_name": "variance over both"}),
            "luck": (
                "measure",
                1 - table[:, 2],
                {**one, "long_name": "random variation: its share of the variance"},
            ),
            "ignorance": (
                "measure",
                table[:, 2],
                {**one, "long_name": "input uncertainty: its share of the variance"},
            ),
            "ignorance_low": ("measure", table[:, 3], {**one, "long_name": "lower end of its 95 % interval"}),
            "ignorance_high": ("measure", table[:, 4], {**one, "long_name": "upper end of its 95 % interval"}),
            "spread": (
                "measure",
                np.sqrt(np.maximum(table[:, 1] * table[:, 2], 0.0)),
                {**own, "long_name": "standard deviation of the expected value over the inputs"},
            ),
        },
        coords={
            "measure": np.array(names, dtype=object),
            "unit": ("measure", np.array([unit_of(name) for name in names], dtype=object)),
        },
        attrs={**provenance(scenario, runs, seed, True, tuple(values)), "finding": "variance"},
    )
    return describe(result)


def shares(one: Array, other: Array, coin: bool = False) -> tuple[float, float, float, float, float]:
    """Mean, variance, and the share of input uncertainty with its 95 % interval, of pairs that share their inputs.

    Fewer than ``FEWEST`` pairs give no interval: nan.

    Parameters
    ----------
    one, other : (runs,)   pairs in which either is nan are left out
    coin : the numbers are chances of 1 against 0, and the variance is that of the coin, mean (1 - mean)
    """
    both = ~(np.isnan(one) | np.isnan(other))
    one, other, count = one[both], other[both], int(both.sum())
    if count < 2:
        return (np.nan, np.nan, np.nan, np.nan, np.nan)
    middle = (one + other) / 2
    mean = float(middle.mean())
    common = (one - mean) * (other - mean)
    ignorance = float(common.mean())
    if coin:
        total, moves = mean * (1 - mean), (1 - 2 * mean) * (middle - mean)
    else:
        each = common + (one - other) ** 2 / 2
        total = float(each.mean())
        moves = each - total
    if total <= 0:
        return (mean, 0.0, np.nan, np.nan, np.nan)
    share = ignorance / total
    influence = (common - ignorance - share * moves) / total
    error = Z95 * float(influence.std(ddof=1)) / np.sqrt(count) if count >= FEWEST else np.nan
    return (mean, total, share, share - error, share + error)


def beside_luck(result: xr.Dataset, luck: xr.Dataset) -> xr.Dataset:
    """Runs with uncertain inputs, with the quantiles by chance alone beside them for fan charts in two shades.

    Parameters
    ----------
    result : of ``run(..., uncertain=True)``
    luck : of the same scenario with every input at its best, ``keep="summary"``
    """
    names = ("stance", "control", "exhaustion")
    return result.assign({f"{name}_luck": luck[f"{name}_quantile"] for name in names})


def describe(result: xr.Dataset) -> Finding:
    """Random variation or input uncertainty, in rows, plain numbers and words."""
    import pandas as pd

    table, scenario = rows(result), scenario_of(result)
    cells = []
    for row in table:
        if row["ignorance"] is None:
            continue
        share, span, digits = _share(row)
        cells.append(
            (
                words_of(row["measure"], scenario),
                amount(row["mean"], row["unit"]),
                f"{100 - share:.{digits}f} %",
                f"{share:.{digits}f} %{span}",
                amount(row["spread"], row["unit"]).removesuffix(" %"),
            )
        )
    words = (
        "random variation or input uncertainty: how much of the variance comes of each",
        Table(("measure", "mean", "random", "inputs (95 %)", "± by inputs"), cells),
        "± by inputs: standard deviation of the expected value over the uncertain inputs, "
        "of a chance in percentage points.",
        "More runs do not make it smaller; better evidence would.\n",
    )
    summary = {"scenario": result.attrs["title"], "runs": int(result.attrs["runs"]), "measures": table}
    return Finding(result=result, rows=pd.DataFrame(table), summary=summary, words=words)


def _share(row: dict[str, Any]) -> tuple[float, str, int]:
    """The share of input uncertainty in per cent, its interval in brackets if there is one in 0 … 1, and digits."""
    share = 100 * min(max(row["ignorance"], 0), 1)
    if row["ignorance_low"] is None:
        return share, f" ({TOO_FEW})", 0
    low, high = (100 * min(max(row[key], 0), 1) for key in ("ignorance_low", "ignorance_high"))
    digits = 0 if high - low > 1 else 1
    return share, "" if low == high else f" ({low:.{digits}f}–{high:.{digits}f})", digits


def rows(result: xr.Dataset) -> list[dict[str, Any]]:
    """What a split says, a row a measure, as plain numbers; None where nothing varies."""
    keys = ("mean", "variance", "luck", "ignorance", "ignorance_low", "ignorance_high", "spread")
    table: list[dict[str, Any]] = []
    for name in result.measure.values:
        here = result.sel(measure=name)
        row: dict[str, Any] = {"measure": str(name), "unit": str(here.unit.values)}
        table.append(row | {key: None if np.isnan(here[key]) else float(here[key]) for key in keys})
    return table
