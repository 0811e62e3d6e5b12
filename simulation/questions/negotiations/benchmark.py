"""Every rule and every simple forecast on every case, scored together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from simulation.dynamics.randomness import generator
from simulation.dynamics.state import Array
from simulation.questions.finding import Finding
from simulation.questions.negotiations.cases import Case, Cases, read_cases
from simulation.questions.negotiations.describe import describe_negotiations
from simulation.questions.negotiations.forecasts import VARIANTS, play_rules, rule_forecasts, simple_forecasts
from simulation.runs.provenance import provenance
from simulation.scenario.arguments import of_kind
from simulation.scenario.errors import ScenarioError
from simulation.scenario.writing import as_toml

if TYPE_CHECKING:
    import xarray as xr

SAME = 1e-9
"""Points within which two forecasts of every case are the same forecast."""


@of_kind
def benchmark_negotiations(
    cases: str | Path | Sequence[Case] | Cases,
    *,
    scale: str | None = None,
    rounds: int = 30,
    runs: int = 50,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Finding:
    """Play negotiations whose outcome is known under every rule, and score all forecasts together.

    The score is the mean absolute error in points of 0 … 100. Each rule is played in whole rounds with its default
    options, and read after one round and after the last, as the weighted mean and as the weighted median of positions.
    The exchange model plays the issues of a proposal together, the others each issue by itself.
    Beside the rules stand forecasts that play nothing: mean and median, with and without weights (influence times
    salience; the weighted mean is the compromise model), the middle of the scale, and the mean outcome of all other
    proposals. Forecasts that are the same on every case are one row.

    Intervals are 95 %, by bootstrap over proposals: issues of one proposal were decided together. Differences are to
    the simple forecast that is nearest on these same cases, which is partly chance, as is which rule is the nearest.

    Parameters
    ----------
    cases : a table of positions with a column of outcomes, a scenario file with outcomes, or a folder of these; or the
        cases themselves
    scale : as for ``import_table``
    rounds : played at most; most rules come to rest before 30
    runs : of a rule that draws lots, whose outcomes are averaged
    progress : called with the number of plays done, and how many there are

    Returns
    -------
    a finding, whose dataset has ``forecast_outcome`` (forecast, case), ``outcome`` and ``proposal`` (case),
    ``mean_error`` (forecast, bound: value, low, high), ``lead`` (forecast, bound: error of the nearest simple forecast
    less that of this one; above 0 this one is nearer) and ``settled`` (rule): the share of cases that came to rest

    Raises
    ------
    ScenarioError
        for a table that will not do, or where no outcome is known

    References
    ----------
    Thomson, Stokman, Achen & König (2006), The European Union Decides; Achen (2006), ibid., 264-298.
    """
    if rounds < 1:
        raise ScenarioError(f"`rounds`: {rounds} is too few; at least 1 is needed.")
    if runs < 1:
        raise ScenarioError(f"`runs`: {runs} is too few; at least 1 is needed.")
    if isinstance(cases, str | Path):
        read, source = read_cases(cases, scale=scale), str(cases)
    else:
        read, source = cases if isinstance(cases, Cases) else Cases(tuple(cases)), "cases"
    if not read.cases:
        raise ScenarioError("`cases`: there are none.")
    total = len(read.cases) * len(VARIANTS)
    advance = None if progress is None else (lambda done: progress(done, total))
    simple = simple_forecasts(read.cases)
    played = play_rules(read.cases, rounds, runs, seed, advance)
    forecasts = {name: (name, values) for name, values in simple.items()}
    same: dict[str, list[str]] = {name: [] for name in forecasts}
    for name, _, values in rule_forecasts(played, rounds):
        twin = next((other for other, (_, known) in forecasts.items() if _alike(values, known)), None)
        if twin is None:
            forecasts[name] = (name, values)
            same[name] = []
        else:
            same[twin].append(name)
    values = np.array([known for _, known in forecasts.values()])
    result = _scored(read.cases, list(forecasts), values, len(simple), seed)
    result = result.assign_coords(rule=np.array(list(played), dtype=object)).assign(
        settled=("rule", np.array([found.settled.mean() for found in played.values()]))
    )
    first = provenance(read.cases[0].scenario, runs, seed, False, ())
    return describe_negotiations(
        result.assign_attrs(
            first
            | {
                "title": f"Negotiations with a known outcome: {source}",
                "question": "How near do rules and simple forecasts come to what was agreed?",
                "finding": "negotiations",
                "rounds": rounds,
                "simple": len(simple),
                "same": "\n".join(f"{name}\t{other}" for name, others in same.items() for other in others),
                "notes": "\n".join(read.notes),
            }
        )
    )


def _alike(one: Array, other: Array) -> bool:
    return bool((np.abs(one - other) <= SAME).all())


def _scored(cases: Sequence[Case], names: list[str], values: Array, simple: int, seed: int) -> xr.Dataset:
    import xarray as xr

    outcome = np.array([case.outcome for case in cases])
    proposal = np.array([case.proposal for case in cases], dtype=object)
    error = np.abs(values - outcome)
    best = int(np.argmin(error[:simple].mean(axis=1)))
    points = {"units": "points of 0 … 100"}
    return xr.Dataset(
        {
            "forecast_outcome": (("forecast", "case"), values, {**points, "long_name": "outcome forecast"}),
            "outcome": ("case", outcome, {**points, "long_name": "outcome"}),
            "mean_error": (
                ("forecast", "bound"),
                mean_by_group(error, proposal, seed),
                {**points, "long_name": "mean absolute error, with its 95 % interval by proposal"},
            ),
            "lead": (
                ("forecast", "bound"),
                mean_by_group(error[best] - error, proposal, seed),
                {**points, "long_name": "error of the nearest simple forecast less this one's; above 0 this is nearer"},
            ),
        },
        coords={
            "forecast": np.array(names, dtype=object),
            "case": np.array([case.name for case in cases], dtype=object),
            "proposal": ("case", proposal),
            "issue": ("case", np.array([case.issue.title or case.name for case in cases], dtype=object)),
            "text": ("case", np.array([as_toml(case.scenario) for case in cases], dtype=object)),
            "bound": np.array(["value", "low", "high"], dtype=object),
        },
        attrs={"best": names[best]},
    )


def mean_by_group(values: Array, group: Array, seed: int = 1) -> Array:
    """The mean over cases and its 95 % interval, shape (..., 3), whole groups drawn again (cluster bootstrap).

    Parameters
    ----------
    values : (..., cases)
    group : (cases,) what each case belongs to; with one group alone the interval has no ends (nan)
    """
    from scipy.stats import bootstrap

    known, of = np.unique(group.astype(str), return_inverse=True)
    mean = values.mean(axis=-1)
    if len(known) < 2:
        return np.stack([mean, np.full_like(mean, np.nan), np.full_like(mean, np.nan)], axis=-1)
    member = (of[:, None] == np.arange(len(known))).astype(float)
    total = values @ member
    count = np.broadcast_to(member.sum(axis=0), total.shape)

    def ratio(total: Array, count: Array, axis: int = -1) -> Array:
        found: Array = total.sum(axis=axis) / count.sum(axis=axis)
        return found

    found = bootstrap(
        (total, count),
        ratio,
        paired=True,
        vectorized=True,
        axis=-1,
        n_resamples=4000,
        batch=200,
        method="percentile",
        rng=generator(seed, "bootstrap", "", 0),
    )
    return np.stack([mean, found.confidence_interval.low, found.confidence_interval.high], axis=-1)
