"""``ceasefire why``: what moved one actor in one step of one run."""

from __future__ import annotations

from datetime import date as Date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simulation.cli.options import Changes, RuleName, ScenarioFile, Seed, Uncertain, scenario_from

if TYPE_CHECKING:
    import xarray as xr

    from simulation.scenario import Scenario

Who = Annotated[str, typer.Option("--actor", help="whose move", metavar="NAME")]
When = Annotated[str, typer.Option("--step", help="which step, counted from 0, or its date", metavar="STEP|DATE")]
Which = Annotated[int, typer.Option("--run", help="which run of the ensemble, counted from 0", min=0)]
Most = Annotated[int, typer.Option("--rows", help="how many other actors to show", min=1)]


def why(
    scenario: ScenarioFile,
    actor: Who,
    step: When = "0",
    run: Which = 0,
    seed: Seed = 1,
    rule: RuleName = None,
    changes: Changes = [],  # noqa: B006
    uncertain: Uncertain = False,
    rows: Most = 12,
) -> None:
    """Say why an actor moved in one step of one run: events, the war, who leaned on it, chance."""
    from simulation.questions import why as trail

    asked = scenario_from(scenario, changes, rule)
    told = trail.why(asked, actor, step_of(asked, step), run, seed, uncertain=uncertain)
    show(told, rows)


def step_of(scenario: Scenario, text: str) -> int:
    """The step that is meant by its number or its date."""
    from simulation.scenario import ScenarioError

    if text.isdigit():
        return int(text)
    try:
        day = Date.fromisoformat(text)
    except ValueError:
        raise ScenarioError(f"--step {text}: neither the number of a step nor a date such as 2020-01-31.") from None
    return scenario.step_of(day)


def show(told: xr.Dataset, rows: int) -> None:
    """The move in its parts, the wish in its parts, and what the rule tells."""
    about = told.attrs
    typer.echo(f"{told.actor.item()}, step {about['step']} ({about['date']}), run {about['run']}, seed {about['seed']}")
    typer.echo(f"{about['title']}, rule {about['rule']}\n")
    before, after = float(told.stance_before), float(told.stance_after)
    typer.echo(f"stance {before:.2f} to {after:.2f}, a move of {after - before:+.2f}:")
    parts = {
        "by_event": "events",
        "by_war": "what the war did to its wish",
        "by_rule": f"the rule, {100 * float(told.pace):.0f} % of the way to {float(told.target):.2f}",
        "by_chance": "day-to-day wavering",
    }
    for name, words in parts.items():
        typer.echo(f"  {float(told[name]):+8.2f}  {words}")
    _wish(told)
    for name in TELLERS:
        if name in told:
            TELLERS[name](told, rows)
            break


def _wish(told: xr.Dataset) -> None:
    typer.echo(f"\nwhat it wants by itself: {float(told.ideal_before):.2f} to {float(told.ideal):.2f}")
    if "base" not in told:
        return
    words = {
        "base": "if the war stood even and nobody were tired",
        "weariness": "weariness",
        "stalemate": "a hurting stalemate",
        "prospect": "the prospect of gain",
        "following": "following the fortunes of a client",
    }
    for name, meaning in words.items():
        was, now = float(told[f"{name}_before"]), float(told[name])
        if name == "base" or was or now:
            typer.echo(f"  {now:+8.2f}  {meaning}" + (f" (before: {was:+.2f})" if abs(now - was) >= 0.005 else ""))
    total = sum(float(told[name]) for name in words)
    if not 0 <= total <= 100:
        typer.echo(f"  in all {total:.2f}, cut to the scale")


def _averaging(told: xr.Dataset, rows: int) -> None:
    """Who pulled how far, the strongest first."""
    pace, pull = float(told.pace), told["pull"].values
    if "met" in told:
        typer.echo(f"\nit met {told.met.item() or 'nobody'}")
    if "wish" in told:
        typer.echo(f"\n{pace * float(told.wish):+.2f} towards what it wants by itself")
    order = [place for place in abs(pull).argsort(kind="stable")[::-1] if pull[place] != 0][:rows]
    if not order:
        typer.echo("\nnobody else drew it anywhere")
        return
    body = []
    for place in order:
        other = told.isel(other=place)
        share = f"{100 * float(other.share):.1f} %" if "share" in told else ""
        body.append([str(other.other.item()), f"{float(other.stance_of):.1f}", share, f"{pace * pull[place]:+.3f}"])
    _table("who drew it, and how far", ["actor", "stance", "weight", "points"], body)


def _challenges(told: xr.Dataset, rows: int) -> None:
    """The expected-utility model: hopes, offers, and whose was taken."""
    typer.echo(f"\nits attitude to risk: {float(told.risk_exponent):.3f} (1/2 most endangered … 2 safest)")
    taken = told.taken.item()
    typer.echo(f"it takes {f'the offer of {taken}' if taken else 'no offer'}")
    body = []
    for place in _by_offer(told)[:rows]:
        other = told.isel(other=place)
        name, kind = str(other.other.item()), str(other.kind.item())
        body.append(
            [
                name + (" ← taken" if name == taken else ""),
                f"{float(other.stance_of):.1f}",
                f"{float(other.success):.4f}",
                f"{float(other.own):+.3f}",
                f"{float(other.theirs):+.3f}",
                kind,
                "" if kind == "none" else f"{float(other.offer):.1f}",
            ]
        )
    _table(
        "challenges: what each expects of challenging the other, as the actor sees it, and what is asked of the actor",
        ["other", "stance", "success", "own", "theirs", "asked", "to"],
        body,
    )


def _by_offer(told: xr.Dataset) -> list[int]:
    """Places of the others: those with an offer first, by how much they expect."""
    kinds, theirs = told.kind.values, told.theirs.values
    own = str(told.actor.item())
    places = [place for place, name in enumerate(told.other.values) if str(name) != own]
    return sorted(places, key=lambda place: (kinds[place] == "none", -theirs[place]))


def _bargains(told: xr.Dataset, rows: int) -> None:
    """The Spatial Model of Politics: the challenge, and the bargains to choose from."""
    whom = told.challenged.item()
    typer.echo(f"\nits attitude to risk: {float(told.risk):+.3f}")
    if whom:
        against = told.sel(other=whom)
        typer.echo(
            f"it challenges {whom}: chance of success {float(against.success):.3f}, expected gain "
            f"{float(against.gain):.4f} (victory {float(against.victory):.3f}, defeat {float(against.defeat):.3f}, "
            f"status quo {float(against.status_quo):.3f})"
        )
    else:
        typer.echo("it challenges nobody")
    body = []
    for place in range(min(told.sizes["bargain"], rows)):
        here = told.isel(bargain=place)
        if here.queue_kind.item():
            mark = " ← taken" if place == int(told.taken) else ""
            body.append(
                [
                    f"{here.queue_kind.item()}{mark}",
                    str(here.queue_from.item()),
                    f"{float(here.queue_probability):.3f}",
                    f"{float(here.queue_position):.2f}",
                ]
            )
    _table("bargains it could take", ["bargain", "proposed by", "probability", "would stand at"], body)


TELLERS: dict[str, Any] = {"queue_from": _bargains, "kind": _challenges, "pull": _averaging}
"""How what a rule tells is shown, by a table that such a rule has."""


def _table(title: str, heads: list[str], body: list[list[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    drawn = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left")
    for place, name in enumerate(heads):
        drawn.add_column(name, justify="left" if place == 0 else "right")
    for row in body:
        drawn.add_row(*row)
    Console(highlight=False, width=max(Console().width, 80)).print(drawn)
