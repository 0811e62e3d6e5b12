"""Packages of terms and their chances, in rows, plain numbers and words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.questions.finding import Finding, Table, plain
from simulation.runs.results import scenario_of
from simulation.runs.results.wording import MISSING, amount, difference, estimate, listed
from simulation.scenario.knowledge import in_words, told_answers
from simulation.scenario.labels import issue_labels

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from simulation.scenario.schema import Scenario

NOTHING = "as now"
"""What stands in a table where nothing is put forward on an issue."""

LESS = 5e-4
"""A difference in chance that is not worth the name."""


def describe(result: xr.Dataset) -> Finding:
    """Which terms all would accept, in rows, plain numbers and words."""
    import pandas as pd

    table, runs = rows(result), int(result.attrs["runs"])
    summary: dict[str, Any] = {"scenario": result.attrs["title"], "offer": result.attrs["offer"], "runs": runs}
    summary |= {key: int(result.attrs[key]) for key in ("seed", "made_in")}
    summary |= {"content": float(result.attrs["content"]), "moves": names(result, result.moves.values)}
    summary |= {"issues": _wants(result).to_dict("records"), "packages": table}
    flat = [_flat(row) for row in table]
    return Finding(
        result=result,
        rows=pd.DataFrame(flat),
        summary=summary,
        words=tuple(_words(result)),
        sheets={"bargain-issues": _wants(result)},
    )


def names(result: xr.Dataset, chosen: Any) -> list[str]:
    """Some of the issues, by key."""
    return [str(issue) for issue in result.issue.values[chosen]]


def rows(result: xr.Dataset) -> list[dict[str, Any]]:
    """The packages, a row each: terms, which are None where nothing is put forward, and chances."""
    table = []
    for place in range(result.sizes["package"]):
        here = result.isel(package=place)
        row: dict[str, Any] = {"package": str(here.package.item()), "kind": str(here.kind.item())}
        row["terms"] = {str(issue): plain(here.points.sel(issue=issue)) for issue in result.issue.values}
        row["parties"] = {
            str(party): {
                key: plain(here[name].sel(party=party))
                for key, name in (
                    ("chance", "chance"),
                    ("low", "chance_low"),
                    ("high", "chance_high"),
                    ("gain", "gain"),
                )
            }
            for party in result.party.values
        }
        row |= {key: plain(here[key]) for key in ("all", "all_low", "all_high", "all_in_full")}
        row |= {key: plain(here[key]) for key in ("more", "more_low", "more_high")}
        table.append(row)
    return table


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """A row whose columns are ``terms.ISSUE`` and ``PARTY.chance`` and so on."""
    flat = {key: row[key] for key in ("package", "kind")}
    flat |= {f"terms.{issue}": point for issue, point in row["terms"].items()}
    flat |= {f"{party}.{key}": value for party, some in row["parties"].items() for key, value in some.items()}
    return flat | {key: value for key, value in row.items() if key not in (*flat, "terms", "parties")}


def _wants(result: xr.Dataset) -> pd.DataFrame:
    """What holds on each issue, where each party would have it, and how much it counts for it."""
    import pandas as pd

    found = []
    for place, issue in enumerate(result.issue.values):
        here = result.isel(issue=place)
        row: dict[str, Any] = {"issue": str(issue), "now": plain(here.now), "moves": bool(here.moves)}
        for party in result.party.values:
            weight = float(here.weight.sel(party=party))
            row[f"{party}.want"] = plain(here.want.sel(party=party)) if weight else None
            row[f"{party}.weight"] = weight
        found.append(row)
    return pd.DataFrame(found)


def offer_words(scenario: Scenario, occasion: str) -> str:
    """An offer by its name and its date."""
    from simulation.scenario.keys import occasions

    for event in scenario.events:
        for name, step in occasions(scenario, event):
            if name == occasion:
                return f"{event.label or name} ({in_words(scenario.date_of(step))})"
    return occasion


def package_words(result: xr.Dataset, name: str) -> str:
    """What a package is called, with the label of a party for its key."""
    scenario = scenario_of(result)
    labels, titles = scenario.labels, issue_labels(scenario)
    named = {f"best for {party}": f"best for {labels[str(party)]}" for party in result.party.values}
    named |= {f"{issue} alone": titles[str(issue)] for issue in result.issue.values}
    return named.get(name, name)


def point_words(point: float) -> str:
    """What is put forward on an issue, in a cell."""
    return NOTHING if np.isnan(point) else f"{point:.3g}"


def _words(result: xr.Dataset) -> list[str | Table]:
    scenario = scenario_of(result)
    titles = issue_labels(scenario)
    packages = [result.isel(package=place) for place in range(result.sizes["package"])]
    words: list[str | Table] = [
        f"Terms that all would accept: {offer_words(scenario, str(result.attrs['offer']))}",
        *_headline(result),
    ]
    kinds = [str(here.kind.item()) for here in packages]
    main = [here for here, kind in zip(packages, kinds, strict=True) if kind != "alone"]
    single = [here for here, kind in zip(packages, kinds, strict=True) if kind == "alone"]
    words.append(_chances(result, main, "chances of a yes, with or without conditions (95 %)"))
    words.append(_chances(result, single, "the best point on one issue alone, all others as tabled", alone=True))
    shown = [here for here, kind in zip(packages, kinds, strict=True) if kind not in ("now", "frontier", "alone")]
    words.append(_terms(result, shown, "what is put forward", with_wants=True))
    edge = [here for here, kind in zip(packages, kinds, strict=True) if kind == "frontier"]
    if edge:
        words.append(_terms(result, edge, "what is put forward on the frontier"))
    scales = [
        f"{titles[str(issue)]}{_key(titles, str(issue))}: {_scale(scenario, str(issue))}"
        for issue in result.issue.values
    ]
    words.append("The issues, from 0 to 100.\n" + "\n".join(f"  {scale}" for scale in scales))
    words.append(
        "Terms count for what the scenario says each party wants; getting all it wants is worth "
        f"{float(result.attrs['content']):g} points of stance to it. as now: nothing is put forward, all stays as it "
        "is. The models settle on points for the same wants, weights and influence, and know nothing of this war."
    )
    return words


def _key(titles: dict[str, str], issue: str) -> str:
    return "" if titles[issue] == issue else f" ({issue})"


def _scale(scenario: Scenario, issue: str) -> str:
    found = scenario.issues[issue] if isinstance(scenario.issues, dict) else None
    low, high = (found.low, found.high) if found else (None, None)
    return f"0 {low or 'not said'} … 100 {high or 'not said'}"


def _headline(result: xr.Dataset) -> list[str]:
    """What the best package would change, in sentences."""
    scenario = scenario_of(result)
    titles = issue_labels(scenario)
    tabled, best = (
        result.isel(package=int(np.flatnonzero(result.kind.values == kind)[0])) for kind in ("tabled", "best")
    )
    who = {1: "it accepts", 2: "both accept"}.get(result.sizes["party"], "all accept")
    said = [f"As tabled {who} with a chance of {_chance(tabled, 'all')}."]
    if float(best.more) < LESS:
        said.append("No package within what may move does better.")
    else:
        moves = []
        for issue in result.issue.values:
            old, new = (float(here.points.sel(issue=issue)) for here in (tabled, best))
            if not (np.isnan(old) and np.isnan(new)) and not abs(old - new) < 0.5:
                moves.append(f"{titles[str(issue)]} {point_words(old)} → {point_words(new)}")
        said.append(f"The best package gives {_chance(best, 'all')}: {listed(moves)}.")
    held = names(result, ~result.moves.values)
    if held:
        said.append(f"May not move: {listed([titles[issue] for issue in held])}.")
    if any((result.attrs["offer"], str(party)) in told_answers(scenario) for party in result.party.values):
        said.append("How it was answered is known by then; the chances are what the model gives, were it not.")
    if int(result.attrs["made_in"]) < int(result.attrs["runs"]):
        said.append(
            f"The offer is made in {result.attrs['made_in']} of {result.attrs['runs']} runs, which are counted."
        )
    return ["\n".join(said) + "\n"]


def _chance(here: xr.Dataset, name: str, party: str | None = None) -> str:
    some = here if party is None else here.sel(party=party)
    value, low, high = (float(some[f"{name}{end}"]) for end in ("", "_low", "_high"))
    return estimate(value, low, high, "chance")


def _chances(result: xr.Dataset, packages: list[xr.Dataset], title: str, alone: bool = False) -> Table:
    """Who would accept each package."""
    scenario, parties = scenario_of(result), [str(party) for party in result.party.values]
    labels, conditions = scenario.labels, scenario.coefficients.answers.reserve > 0
    cells = []
    for here in packages:
        name = str(here.package.item())
        row = [package_words(result, name)]
        if alone:
            row.append(point_words(float(here.points.sel(issue=name.removesuffix(" alone")))))
        row += [_chance(here, "chance", party) for party in parties]
        if len(parties) > 1:
            row.append(_chance(here, "all"))
        if conditions:
            row.append(amount(float(here.all_in_full), "chance"))
        more = difference(float(here.more), float(here.more_low), float(here.more_high), "chance")
        cells.append((*row, "" if str(here.kind.item()) == "tabled" else more))
    together = [*(["all accept"] if len(parties) > 1 else []), *(["without conditions"] if conditions else [])]
    first = ("issue", "point") if alone else ("package",)
    heads = (*first, *(labels[party] for party in parties), *together, "beside as tabled")
    return Table(heads, cells, title)


def _terms(result: xr.Dataset, packages: list[xr.Dataset], title: str, with_wants: bool = False) -> Table:
    """Packages as columns, issues as rows."""
    scenario = scenario_of(result)
    titles, labels = issue_labels(scenario), scenario.labels
    parties = [str(party) for party in result.party.values] if with_wants else []
    cells = []
    for place, issue in enumerate(result.issue.values):
        here = result.isel(issue=place)
        if bool(np.isnan(here.points).all()) and not bool((here.weight > 0).any()):
            continue  # it counts for nobody here, and nobody speaks of it
        wants = [_want(here, party) for party in parties]
        terms = [point_words(float(package.points.isel(issue=place))) for package in packages]
        now = [f"{float(here.now):.3g}"] if with_wants else []
        cells.append((titles[str(issue)], *now, *wants, *terms))
    heads = (
        "issue",
        *(("now",) if with_wants else ()),
        *(f"{labels[party]} wants (weight)" for party in parties),
        *(package_words(result, str(package.package.item())) for package in packages),
    )
    return Table(heads, cells, title)


def _want(here: xr.Dataset, party: str) -> str:
    weight = float(here.weight.sel(party=party))
    return f"{float(here.want.sel(party=party)):.3g} ({weight:.2g})" if weight else MISSING
