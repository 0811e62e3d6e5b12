"""What came of the runs of a scenario: who accepts what, whether a truce holds, where everybody ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from simulation.questions.finding import Finding, Table
from simulation.questions.variance import beside_luck, split_variance
from simulation.runs.ensemble import run_ensemble
from simulation.runs.results import condense, makes_conditions, quantiles_of, scenario_of, summarise
from simulation.runs.results.survival import incidence_of_first_truces, of_first_truces
from simulation.runs.results.wording import (
    answer_in_brief,
    endings,
    ends,
    judged,
    life,
    percent,
    span,
)
from simulation.runs.workers import workers_for
from simulation.scenario.labels import issue_labels, pair_label, scale_of, standing

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from simulation.scenario.schema import Expect, Scenario


LARGEST_KEPT = 30_000_000
"""Stances (runs × steps × actors) up to which every run is kept; beyond, counts and histograms only."""

MOST_PAIRS = 10_000
"""Pairs of runs up to which chance is told from input uncertainty with as many as there are runs."""

Progress = Callable[[int], None]


def outcome(
    scenario: Scenario,
    runs: int = 1000,
    seed: int = 1,
    *,
    uncertain: bool = False,
    luck_alone: bool = True,
    workers: int | None = None,
    progress: Callable[[int, str], Progress | None] = lambda total, what: None,
) -> Finding:
    """Run a scenario many times and say what came of it.

    Parameters
    ----------
    runs, seed, uncertain : as for ``run``. With ``uncertain`` it is also told how much of the spread is chance and how
        much is input uncertainty.
    luck_alone : whether, with ``uncertain``, the scenario is also run with every input at its best, which pictures show
        beside it
    workers : processes, for runs that are counted only, being too many to keep; all cores if left out
    progress : given how many runs there are to do, and what for, gives back what is to be called with those done
    """
    small = runs * scenario.steps * len(scenario.actors) <= LARGEST_KEPT
    many = workers or workers_for(scenario, runs)
    result = run_ensemble(
        scenario,
        runs,
        seed,
        "trajectories" if small else "summary",
        uncertain=uncertain,
        workers=many,
        progress=progress(runs, "runs"),
    )
    if not uncertain:
        return describe(result)
    if luck_alone:
        told = progress(runs, "runs at the best inputs")
        luck = run_ensemble(scenario, runs, seed, "summary", workers=many, progress=told)
        result = beside_luck(result, luck)
    if runs < 2 or not any(item.spread for item in scenario.inputs.values()):
        return describe(result)
    pairs = min(runs, MOST_PAIRS)
    split = split_variance(
        scenario, None, pairs, seed, progress=progress(2 * pairs, "random variation or input uncertainty")
    )
    return describe(result, (split,))


def describe(result: xr.Dataset, also: tuple[Finding, ...] = ()) -> Finding:
    """The outcome of runs, in rows, plain numbers and words; met unless an expectation of the scenario surely fails.

    Parameters
    ----------
    result : of ``run``
    also : what else was asked of the same runs, such as how much is chance and how much input uncertainty
    """
    digest = condense(result)
    summary = summarise(digest)
    words = _words(summary, scenario_of(digest))
    if result.attrs.get("uncertain"):
        summary["uncertain"] = [row for other in also for row in other.summary["measures"]]
        words += [part for other in also for part in other.words]
    expected = zip(summary["expect"], scenario_of(digest).expect, strict=True)
    words += [_expectation(verdict, expect) for verdict, expect in expected]
    return Finding(
        result=result.assign_attrs(finding="run"),
        rows=_answers(digest, summary),
        summary=summary,
        words=tuple(words),
        met=all(v["met"] or not v["decided"] or "unmet" in v for v in summary["expect"]),
        sheets={"stances": _stances(digest)} | ({"truces": _truces(digest)} if digest.sizes["party"] else {}),
        also=also,
    )


def _answers(digest: xr.Dataset, summary: dict[str, Any]) -> pd.DataFrame:
    """A row for each offer and party that is asked: the share of runs in which it accepts, and how likely it was to.

    ``in_full`` are the runs in which it accepts without conditions; ``accepts`` are all in which it does.
    """
    import pandas as pd

    rows = []
    for offer, asked in summary["offers"].items():
        for party, value in asked.items():
            here = digest.sel(offer=offer, party=party)
            share = {"accepts": value["chance"], "low": value["low"], "high": value["high"]}
            rows.append({"offer": offer, "party": party, "asked_runs": int(here.asked), **share})
            rows[-1]["mean_chance"] = float(here.chance_mean)
            full = value["full"]
            rows[-1] |= {"in_full": full["chance"], "in_full_low": full["low"], "in_full_high": full["high"]}
            rows[-1]["mean_full"] = float(here.full_mean)
    columns = ["offer", "party", "asked_runs", "accepts", "low", "high", "mean_chance"]
    return pd.DataFrame(rows, columns=[*columns, "in_full", "in_full_low", "in_full_high", "mean_full"])


def _stances(digest: xr.Dataset) -> pd.DataFrame:
    """A row for each actor and date, or round: mean and quantiles over runs, in stance points."""
    import pandas as pd

    table = quantiles_of(digest, "stance").transpose("step", "actor", "quantile").values
    steps, actors = table.shape[:2]
    columns: dict[str, Any] = {}
    if digest.sizes["party"]:
        form = "%Y-%m-%d %H:%M" if _within_days(digest) else "%Y-%m-%d"
        columns["date"] = pd.DatetimeIndex(digest.date.values).strftime(form).repeat(actors)
    else:
        columns["round"] = digest.step.values.repeat(actors)
    columns |= {"actor": list(map(str, digest.actor.values)) * steps, "mean": digest.stance_mean.values.ravel()}
    for place, share in enumerate(digest["quantile"].values):
        columns[f"quantile_{share:g}"] = table[..., place].ravel()
    return pd.DataFrame(columns)


def _within_days(digest: xr.Dataset) -> bool:
    """Whether steps are shorter than a day."""
    return bool((digest.date.values != digest.date.values.astype("datetime64[D]")).any())


def _truces(digest: xr.Dataset) -> pd.DataFrame:
    """The life table of first truces: how many are watched at each age, the share that still holds, and what ended."""
    import pandas as pd

    table = of_first_truces(digest)
    seen = table.at_risk > 0
    columns = {"days": table.days, "watched": table.at_risk.astype(int), "hold": table.alive}
    columns |= {"low": table.low, "high": table.high}
    ended = incidence_of_first_truces(digest)
    columns |= dict(zip(ended.causes, ended.share, strict=True))
    return pd.DataFrame({name: column[seen] for name, column in columns.items()})


def _words(summary: dict[str, Any], scenario: Scenario) -> list[str | Table]:
    """The headline measures."""
    words: list[str | Table] = [
        str(summary["scenario"]),
        *_opening(summary, scenario),
        f"{summary['runs']:,} runs, seed {summary['seed']}, rule {summary['rule']}\n",
    ]
    if summary["offers"]:
        parties = list(dict.fromkeys(party for asked in summary["offers"].values() for party in asked))
        conditions = makes_conditions(summary)
        cell = answer_in_brief if conditions else percent
        cells = [
            (offer, *(cell(asked[party]) if party in asked else "" for party in parties))
            for offer, asked in summary["offers"].items()
        ]
        heads = ("offer", *(scenario.labels[party] for party in parties))
        title = "chance of acceptance (95 % interval)"
        title += ", with or without conditions; in full: without" if conditions else ""
        words += [Table(heads, cells, title), *_truces_words(summary, scenario)]
    if "outcome" in summary:
        words += _outcome(summary["outcome"])
    if "positions" in summary:
        issues = issue_labels(scenario)
        cells = [
            (scenario.labels[actor], *(f"{by_issue[issue]:.2f}" for issue in issues))
            for actor, by_issue in summary["positions"].items()
        ]
        words.append(Table(("actor", *issues.values()), cells, "positions at the end, by issue"))
    cells = [
        (
            scenario.labels[actor],
            f"{stance['start']:.0f}",
            f"{stance['end_median']:.0f}",
            ends(stance["end_low"], stance["end_high"], ".0f"),
        )
        for actor, stance in summary["stances"].items()
    ]
    heads = ("actor", "start", "end, median", "5–95 %")
    what = "stances" if scenario.parties else standing(scenario).replace("position", "positions", 1)
    return [*words, Table(heads, cells, f"{what} ({scale_of(scenario)})")]


def _opening(summary: dict[str, Any], scenario: Scenario) -> list[str]:
    """Who accepts, and whether a truce holds: a sentence each; nothing where nobody is asked."""
    by_party: dict[str, dict[str, dict[str, Any]]] = {}
    for offer, asked in summary["offers"].items():
        for party, value in asked.items():
            if value["chance"] is not None:
                by_party.setdefault(party, {})[offer] = value
    if not by_party:
        return []
    names = {event.offer.id: event.label for event in scenario.events if event.offer is not None}
    accepts = "; ".join(_range(scenario.labels[party], values, names) for party, values in by_party.items())
    truce = summary["truce"]
    whose = "a truce of all parties" if "pairs" in truce else "a truce"
    holds = f"{whose} starts in {percent(truce['starts'])}, and one is in force at the end in "
    return [f"{accepts}.", f"Of all runs, {holds}{percent(truce['holds_to_end'])}."]


def _range(party: str, values: dict[str, dict[str, Any]], names: dict[str, str | None]) -> str:
    """How often a party accepts the offer that it is least likely to, and the one that it is most likely to."""
    least, most = (find(values, key=lambda offer: values[offer]["chance"]) for find in (min, max))
    offer, often = (
        [f"“{names.get(name) or name}”" for name in (least, most)],
        [percent(values[least]), percent(values[most])],
    )
    if least == most:
        return f"{party} accepts {offer[0]} in {often[0]} of runs"
    return f"{party} accepts least often {offer[0]}, in {often[0]} of runs, most often {offer[1]}, in {often[1]}"


def _truces_words(summary: dict[str, Any], scenario: Scenario) -> list[str]:
    """How long the first truce holds and how it ends, and the truces of each pair where there are several."""
    truce, said = summary["truce"], []
    if truce["watched_days"] is not None:
        said.append(f"In the median the first truce holds {life(truce, '5–95 %: {}')}. It is {endings(truce)}.")
    for pair, value in truce.get("pairs", {}).items():
        both = pair_label(pair, scenario.labels)
        starts, holds = percent(value["starts"]), percent(value["holds_to_end"])
        said.append(f"{both}: a truce starts in {starts} of runs, and is in force at the end in {holds}.")
    return ["\n".join(said) + "\n"] if said else []


def _outcome(outcome: dict[str, Any]) -> list[str]:
    """What a negotiation came to, and when it came to rest."""
    words = []
    for centre in ("mean", "median"):
        found = outcome[centre]
        spread = ends(found["runs_low"], found["runs_high"], ".4g")
        words.append(f"Outcome, weighted {centre}: {found['value']:.2f} ({span(found)}; 5–95 % of runs: {spread})")
    rest = outcome["settled"]
    bound = f"nobody moves by more than {rest['points_a_step']:g} points a round"
    if rest["median_step"] is None:
        return [*words, f"It did not settle: in no run is there a round from which on {bound}.\n"]
    return [
        *words,
        f"Settled in {percent(rest)} of runs, by round {rest['median_step']} (median): {bound} after.\n",
    ]


def _expectation(verdict: dict[str, Any], expect: Expect) -> str:
    word = "as expected" if verdict["met"] else "NOT as expected" if verdict["decided"] else "too close to call"
    if "unmet" in verdict and not verdict["met"]:
        word += ", as is known"
    value, wanted = judged(verdict, expect)
    bound = "" if verdict["met"] else f"; expected: {wanted}"
    reason = f" ({verdict['unmet']})" if "unmet" in verdict and not verdict["met"] else ""
    return f"{word}: {verdict['that']}: {value}{bound}{reason}"
