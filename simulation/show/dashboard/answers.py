"""What the page says of a view: the page itself, its fragments, and the texts of the files it gives."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from simulation.rules import RULES
from simulation.runs.agents.snapshots import Snapshot
from simulation.scenario.labels import moment as moment_of
from simulation.scenario.labels import stance_word
from simulation.show.dashboard import comparison, markup
from simulation.show.dashboard.choices import Choice
from simulation.show.dashboard.comparison import Difference, Outcome
from simulation.show.dashboard.settings import BOUNDS, Settings
from simulation.show.dashboard.sliders import grouped
from simulation.show.dashboard.views import Library, View
from simulation.show.dashboard.widgets import NO_MATTER
from simulation.show.dashboard.words import TITLES, WORDS
from simulation.show.report import offer_names, verdict
from simulation.show.templates import fill

MOST_DIFFERENCES = 8
"""Differences between a what-if and its base that are listed."""


def page(library: Library, view: View, wrong: list[str]) -> str:
    """The page with every control where the address has it.

    Parameters
    ----------
    wrong : what was wrong with the address, to be told on it
    """
    start, settings = view.start, view.settings
    offers = any(event.offer is not None for event in start.events)
    numbers = {
        section: {
            heading: [markup.slider(slider, view.changes.get(slider.key)) for slider in some]
            for heading, some in groups.items()
        }
        for section, groups in grouped(view.sliders).items()
    }
    return fill(
        "dashboard/page.html",
        view=view,
        wrong=wrong,
        menu=_menu(library),
        presets=[_preset(library, choice, view) for choice in _family(library, view.choice)],
        rules={name: _line(rule) for name, rule in RULES.items()},
        costly=comparison.RUNS,
        numbers=numbers,
        bounds=BOUNDS,
        war=bool(start.parties),
        offers=offers,
        kinds=("answers", "stances") if offers else ("stances",),
        titles_of_pictures={
            "answers": "How likely each party is to accept each offer",
            "stances": "How ready they are to stop fighting" if start.parties else "Where everybody stands",
        },
        stance=stance_word(start),
        base=None if view.choice.base is None else library.menu[view.choice.base],
        kept="=" in settings.against,
        last=start.steps,
        words={name: words for name, words in WORDS.items() if name != ("position" if start.parties else "stance")},
        titles=TITLES,
    )


def unreadable(library: Library, settings: Settings, error: str) -> str:
    """The page of a scenario that cannot be read: what is wrong with it, and the menu."""
    return fill("dashboard/unreadable.html", name=settings.scenario or library.first, error=error, menu=_menu(library))


def _menu(library: Library) -> dict[str, list[Choice]]:
    groups: dict[str, list[Choice]] = {}
    for choice in library.menu.values():
        groups.setdefault(choice.group, []).append(choice)
    return groups


def _family(library: Library, choice: Choice) -> list[Choice]:
    """The what-ifs of a scenario, or of that which it is a what-if of."""
    head = choice.base or choice.name
    return [other for other in library.menu.values() if other.base == head]


def _preset(library: Library, choice: Choice, view: View) -> dict[str, Any]:
    """A what-if, and what it has otherwise than its base."""
    differs = library.differences(choice.name)
    more = len(differs) - MOST_DIFFERENCES
    told = differs[:MOST_DIFFERENCES] + ([f"and {more} more"] if more > 0 else [])
    return {"choice": choice, "shown": choice == view.choice, "differs": told}


def _line(rule: type) -> str:
    return (inspect.getdoc(rule) or "").partition("\n")[0]


def outcome(view: View, now: Outcome, before: Outcome, took: float) -> dict[str, Any]:
    """What the runs come to: fragments of HTML by the place they go to, and texts."""
    compared = view.compared
    gaps = comparison.differences(now, before) if compared else {}
    did = (comparison.in_words(gaps, now.scenario) or [NO_MATTER]) if compared else []
    heads = headlines(now, gaps)
    unit = "percentage points" if now.scenario.parties else "points"
    note = f"{view.runs:,} runs, seed {view.settings.seed}, {took:.2f} s. In brackets: 95 % intervals of chance alone."
    if compared:
        note += f" Compared with {view.before_called}, on common random numbers."
    return {
        "strip": markup.strip(heads, view.before_called if compared else "", unit),
        "differs": markup.differing(did),
        "words": markup.findings(verdict(now.summary, now.scenario), note),
        "table": markup.table_answers(now, gaps, compared) if now.scenario.parties else "",
        "changes": markup.table_changes(view.sliders, view.changes, {"rule": view.start.rule.name}),
        "command": comparison.command(view.command, view.changes, view.runs, view.settings.seed, view.settings.as_of),
        "said": " ".join(
            f"{head.label}: {head.value}" + (f", {unit}: {head.change}." if head.change else ".") for head in heads
        ),
        "alt": {"answers": _answers_told(now), "stances": _stances_told(now, view.actors)},
        "runs": view.runs,
        "compared": compared,
    }


def headlines(now: Outcome, gaps: Mapping[str, Difference]) -> list[markup.Headline]:
    """The two or three numbers that matter most: who accepts the first offer to all, and whether a truce comes."""
    called, summary = now.scenario.labels, now.summary
    found = []
    if summary["offers"]:
        offer, asked = max(summary["offers"].items(), key=lambda offered: len(offered[1]))  # the first of most parties
        name = offer_names(now.scenario).get(offer, offer)
        for party, value in list(asked.items())[:3]:
            gap = gaps.get(f"answer.{offer}.{party}")
            found.append(markup.headline(f"{called[party]} accepts", value, gap, name))
    if now.scenario.parties:
        found.append(markup.headline("A truce starts", summary["truce"]["starts"], gaps.get("truce.starts"), ""))
        return found
    for centre in ("mean", "median"):
        value, gap = summary["outcome"][centre]["value"], gaps.get(f"outcome.{centre}")
        found.append(markup.headline_of_points(f"Ends at ({centre})", value, gap))
    return found


def _answers_told(now: Outcome) -> str:
    """What the picture of the answers shows, in numbers."""
    called, names = now.scenario.labels, offer_names(now.scenario)
    told = []
    for offer, asked in now.summary["offers"].items():
        chances = ", ".join(
            f"{called[party]} {100 * value['chance']:.0f} %"
            for party, value in asked.items()
            if value["chance"] is not None
        )
        told.append(f"{names.get(offer, offer)}: {chances or 'not made'}")
    return f"Chart of the chance that each party accepts each offer. {'; '.join(told)}."


def _stances_told(now: Outcome, actors: list[str]) -> str:
    """What the picture of the stances shows, in numbers."""
    called, found = now.scenario.labels, now.summary["stances"]
    told = "; ".join(
        f"{called[name]} from {found[name]['start']:.0f} to {found[name]['end_median']:.0f}" for name in actors
    )
    what = stance_word(now.scenario)
    return f"Chart of {what}s along time, median of the runs from the start to the end. {told}."


def moment(view: View, past: list[Snapshot]) -> dict[str, Any]:
    """One moment of a run, as fragments of HTML and texts."""
    now, scenario = past[-1], view.scenario
    happened = markup.what_happened(now, scenario)
    stances = "; ".join(f"{scenario.labels[name]} {value:.0f}" for name, value in now.stance.items())
    return {
        "html": markup.moment(past, scenario),
        "said": f"{markup.which(now, scenario)}. {happened}",
        "alt": f"The network of actors. {happened} {stance_word(scenario).capitalize()}s: {stances}.",
        "step": now.step,
        "day": moment_of(scenario, max(now.step - 1, 0)),
    }


def why(view: View, offer: str, party: str, actor: str) -> dict[str, Any]:
    """Why a party answered an offer as it did, or why an actor moved in the last step, as a fragment of HTML."""
    from simulation.questions.why import why as ask

    settings = view.settings
    if offer:
        found = ask(view.scenario, offer=offer, party=party or None, run=settings.run, seed=settings.seed)
    else:
        step = max(settings.step - 1, 0)
        found = ask(view.scenario, actor=actor or None, step=step, run=settings.run, seed=settings.seed)
    return {"html": markup.finding(found.words)}


def table(now: Outcome, kind: str) -> str:
    """A table as CSV, as ``ceasefire run`` writes it: ``answers``, or ``stances`` along time."""
    from simulation.questions.outcome import describe

    found = describe(now.digest)
    rows = found.rows if kind == "answers" else found.sheets["stances"]
    return str(rows.to_csv(index=False, float_format="%.6g"))


def export(view: View) -> str:
    """The scenario as it was changed, as the text of a file that ``ceasefire run`` takes."""
    return comparison.export(view.scenario, view.command, view.changes)
