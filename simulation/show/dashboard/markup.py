"""The words and tables of the page as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from simulation.runs.agents.snapshots import Snapshot
from simulation.runs.results.wording import percent
from simulation.show.dashboard.live import Difference, Live, points, rows
from simulation.show.dashboard.sliders import Slider


def heading(title: str, question: str) -> str:
    """The title, and what is asked."""
    asked = f'<p class="question">{escape(question)}</p>' if question else ""
    return f'<div class="top"><h1>{escape(title)}</h1>{asked}</div>'


def bullets(sentences: Sequence[str], kind: str = "") -> str:
    """Sentences, one below the other."""
    return f'<ul class="{kind}">' + "".join(f"<li>{escape(text)}</li>" for text in sentences) + "</ul>"


def table_answers(live: Live, gaps: Mapping[str, Difference], changed: bool) -> str:
    """Who accepts what in how many runs, with what that gained over the unchanged scenario."""
    parties = list(live.scenario.parties)
    body = []
    for offer, asked in rows(live, gaps):
        cells = "".join(_chance(*asked[party], changed) if party in asked else "<td>–</td>" for party in parties)
        body.append(f"<tr><th>{escape(offer)}</th>{cells}</tr>")
    truce = live.summary["truce"]
    for words, key in (("A truce starts", "starts"), ("A truce is in force at the end", "holds_to_end")):
        cell = _chance(truce[key], gaps.get(f"truce.{key}"), changed, len(parties))
        body.append(f'<tr class="truce"><th>{words}</th>{cell}</tr>')
    head = "".join(f"<th>{escape(party)} accepts</th>" for party in parties)
    return f'<table class="answers"><thead><tr><th></th>{head}</tr></thead><tbody>{"".join(body)}</tbody></table>'


def _chance(value: Mapping[str, Any], gap: Difference | None, changed: bool, columns: int = 1) -> str:
    share, _, interval = percent(value).partition(" (")
    told = f'<b>{share}</b> <span class="faint">({interval}</span>' if interval else share
    if changed and gap is not None:
        kind = "same" if not gap.clear else "up" if gap.value > 0 else "down"
        told += f'<br><span class="{kind}">{_points(gap)}</span>'
    bar = f' style="--share:{100 * (value["chance"] or 0):.0f}%"'
    return f'<td colspan="{columns}" class="chance"{bar}>{told}</td>'


def _points(gap: Difference) -> str:
    if gap.value == 0:
        return "no change"
    value, low, high = (points(100 * part, "+") for part in (gap.value, gap.low, gap.high))
    if not gap.clear:
        return f"no clear change ({low} to {high})"
    return f"{'▲' if gap.value > 0 else '▼'} {value} points ({low} to {high})"


def table_changes(sliders: Mapping[str, Slider], changes: Mapping[str, Any], was: Mapping[str, str]) -> str:
    """What was moved, from where to where.

    Parameters
    ----------
    was : what stood there before, of changes that are no slider's
    """
    body = []
    for key, value in changes.items():
        if key in sliders:
            slider = sliders[key]
            before, unit, what = f"{slider.item.value:g}", slider.item.unit, slider.item.meaning
            value = f"{value:g}"
        else:
            before, unit, what = was.get(key, ""), "", ""
        body.append(
            f"<tr><td><code>{escape(key)}</code></td><td>{escape(before)}</td><td><b>{escape(str(value))}</b></td>"
            f"<td>{escape(unit)}</td><td>{escape(what)}</td></tr>"
        )
    head = "".join(f"<th>{words}</th>" for words in ("what", "was", "is", "unit", "meaning"))
    return f'<table class="changes"><thead><tr>{head}</tr></thead><tbody>{"".join(body)}</tbody></table>'


def table_moment(past: Sequence[Snapshot], parties: Sequence[str]) -> str:
    """How the parties stand in a snapshot, and how far that is from the step before."""
    now, before = past[-1], past[-2] if len(past) > 1 else past[-1]
    columns = (("stance", 1, ""), ("control", 100, " %"), ("exhaustion", 100, " %"))
    body = []
    for party in parties:
        cells = []
        for field, scale, unit in columns:
            value = scale * getattr(now, field)[party]
            step = round(value - scale * getattr(before, field)[party], 1)
            moved = f' <span class="faint">{step:+.1f}</span>' if step else ""
            cells.append(f"<td>{value:.1f}{unit}{moved}</td>")
        body.append(f"<tr><th>{escape(party)}</th>{''.join(cells)}</tr>")
    head = "".join(f"<th>{words}</th>" for words in ("", "stance", "holds of the ground", "exhausted"))
    return f'<table class="moment"><thead><tr>{head}</tr></thead><tbody>{"".join(body)}</tbody></table>'


def when(snapshot: Snapshot, steps: int) -> str:
    """Which step of how many, when, and what it brought."""
    day = f"{snapshot.day.day} {snapshot.day:%B %Y}"
    return f'<p id="moment"><b>Step {snapshot.step} of {steps}, {day}.</b> {escape(told(snapshot))}</p>'


def told(snapshot: Snapshot) -> str:
    """What a step brought, in sentences."""
    said = [f"{offer.label}: " + "; ".join(
        f"{party} {'accepts' if yes else 'refuses'} (its chance of yes was {100 * offer.chances[party]:.0f} %)"
        for party, yes in offer.answers.items()
    ) + "." for offer in snapshot.offers]  # fmt: skip
    said += [f"{text}." for text in snapshot.news]
    if snapshot.truce != snapshot.truce_before:
        said.append("A truce begins." if snapshot.truce else "The truce collapses.")
    return " ".join(said) or ("The opening." if snapshot.step == 0 else "Nothing in particular.")


def row(slider: Slider, element: str, alone: bool = False) -> str:
    """A slider with its name; its meaning shows when it is pointed at.

    Parameters
    ----------
    alone : it stands below no heading, so that its name has to say it all
    """
    item = slider.item
    unit = f" ({item.unit})" if item.unit else ""
    rests = f"; rests on {', '.join(item.claims)}" if item.claims else f"; {item.assumed}" if item.assumed else ""
    hint = f"{item.key}: {item.meaning}{unit}. In the file: {item.value:g}{rests}"
    name = f"<span>{escape(slider.full if alone else slider.label)}</span>"
    return f'<div class="row" data-key="{escape(item.key)}" title="{escape(hint)}">{name}{element}</div>'
