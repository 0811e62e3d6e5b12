"""Forecasts beside the answers that were given: each answer, scores against baselines, reliability."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from simulation.questions.record.describe import PARTS
from simulation.questions.record.hindcast import MODEL
from simulation.questions.record.scores import reliability, too_few
from simulation.questions.record.validation import FITTED
from simulation.runs.results import scenario_of
from simulation.runs.results.wording import counted
from simulation.show.plots.fans import tidy
from simulation.show.plots.figure import Figure
from simulation.show.plots.labels import extent, fitted
from simulation.show.plots.page import head, small_print
from simulation.show.plots.palette import FAINT, GREY, in_full, looks
from simulation.show.plots.whiskers import whisker

TITLES = {"brier": "Brier", "log": "logarithmic"}
CROWD = 26
"""Offers beyond which only the name of each is written, and marks are small."""

NAME, LEAN = 66.0, 8.7
"""Points that a name has along its slope where there are many, and from one to the next at the least."""

OURS = "#4A3B7C"
"""The model's colour: no party's."""


def plot_forecasts(result: xr.Dataset, ax: Axes, party: str, forecast: str = MODEL) -> Axes:
    """A party's answers in their order: the chance forecast (mark), 5 to 95 % of runs (bar), what it did (star)."""
    scenario = scenario_of(result)
    look = looks(scenario)[party]
    order = list(dict.fromkeys(str(offer) for offer in result.offer.values))
    here = result.sel(forecast=forecast).isel(answer=result.party.values == party)
    x = np.array([order.index(str(offer)) for offer in here.offer.values], dtype=float)
    value, low, high = (100 * here[name].values for name in ("chance", "low", "high"))
    split = sum(bool(before) for before in result.before.values[np.unique(result.offer.values, return_index=True)[1]])
    ax.axvline(split - 0.5, color=FAINT, linewidth=1, zorder=1)
    ax.vlines(x, value, 100 * here.grade.values, color=FAINT, linewidth=0.9, zorder=2)
    ax.errorbar(
        x,
        value,
        np.clip([value - low, high - value], 0, None),
        fmt=look.marker,
        color=look.colour,
        markersize=5.5 if len(order) <= CROWD else 4,
        elinewidth=1.4,
        capsize=0,
        zorder=3,
        clip_on=False,
    )
    ax.plot(
        x,
        100 * here.grade.values,
        linestyle="none",
        marker="*",
        markersize=11 if len(order) <= CROWD else 7,
        markerfacecolor="white",
        markeredgecolor=look.ink,
        clip_on=False,
        zorder=4,
    )
    ax.set_xlim(-0.6, len(order) - 0.4)
    ax.set_ylim(-4, 104)
    ax.set_yticks([0, 25, 50, 75, 100], ["0 refuses", "25", "50", "75", "100 accepts"], fontsize=7.5)
    ax.set_xticks(range(len(order)), [""] * len(order))
    ax.set_title(in_full(scenario, party), loc="left", fontsize=9.5, fontweight="bold")
    ax.grid(axis="y", color="#EEEEEE", linewidth=0.6)
    tidy(ax)
    return ax


def plot_scores(result: xr.Dataset, ax: Axes, score: str = "brier", part: str = "after") -> Axes:
    """Mean score of every forecast with its 95 % interval over offers, best on top; the line is the least possible."""
    scores = result.mean_score.sel(score=score, part=part)
    names = [str(name) for name in result.forecast.values]
    floor = float(scores.sel(forecast=names[-1], bound="value"))
    shown = sorted(names[:-1], key=lambda name: -float(scores.sel(forecast=name, bound="value")))
    for place, name in enumerate(shown):
        value, low, high = (float(number) for number in scores.sel(forecast=name))
        low, high = map(float, whisker(value, low, high))
        colour = OURS if name.startswith("model") else GREY
        ax.plot([low, high], [place, place], color=colour, linewidth=1.5)
        ax.plot([value], [place], marker="o" if name.startswith("model") else "s", color=colour, markersize=5)
    ax.axvline(floor, color=FAINT, linewidth=1, linestyle="--")
    ax.set_yticks(range(len(shown)), shown, fontsize=7.5)
    count, offers = (int(result[name].sel(part=part)) for name in ("count", "offers"))
    doubt = "\ntoo few answers to tell" if too_few(offers) else ""
    words = f"mean {TITLES[score]} score, {PARTS[part]} (n = {count}, {counted(offers, 'offer')}){doubt}"
    ax.set_xlabel(words, fontsize=8)
    ax.tick_params(axis="x", labelsize=7.5)
    ax.grid(axis="x", color="#EEEEEE", linewidth=0.6)
    ax.set_axisbelow(True)
    tidy(ax)
    return ax


def plot_reliability(result: xr.Dataset, ax: Axes, part: str = "all") -> Axes:
    """Mean answer against mean chance in five slices of the chance; on the line where forecasts mean what they say."""
    before = result.before.values.astype(bool)
    chosen = {"before": before, "after": ~before}.get(part, np.ones_like(before))
    grade = result.grade.values[chosen]
    ax.plot([0, 1], [0, 1], color=FAINT, linewidth=1)
    for name, marker, colour in ((MODEL, "o", OURS), (FITTED, "D", "#999933")):
        if name not in result.forecast.values:
            continue
        points = reliability(result.chance.sel(forecast=name).values[chosen], grade)
        x, y, count = (np.array(column) for column in zip(*points, strict=True))
        ax.plot(x, y, color=colour, linewidth=1, alpha=0.6)
        ax.scatter(x, y, s=12 + 6 * count, marker=marker, color=colour, label=name, zorder=3)
        for across, up, number in points:
            ax.annotate(
                str(number), (across, up), xytext=(6, -9), textcoords="offset points", fontsize=6.5, color=colour
            )
    ax.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    ax.set_xlabel("mean chance forecast", fontsize=8)
    ax.set_ylabel("mean answer given", fontsize=8)
    ax.tick_params(labelsize=7.5)
    key = ax.legend(fontsize=7, frameon=False, loc="lower left", bbox_to_anchor=(-0.06, 1.0), handletextpad=0.3)
    for handle in key.legend_handles:
        handle.set_sizes([18.0])  # type: ignore[union-attr]
    tidy(ax)
    return ax


def name_offers(ax: Axes, result: xr.Dataset) -> None:
    """Write under the axis which offer each place is: with its date where there is room, else as many as have room."""
    days = {str(offer): str(day)[:10] for offer, day in zip(result.offer.values, result.day.values, strict=True)}
    places, words = range(len(days)), [f"{offer}\n{day}" for offer, day in days.items()]
    crowded = len(days) > CROWD
    if crowded:
        places = range(0, len(days), -int(-LEAN * len(days) // extent(ax)[0]))
        words = [fitted(list(days)[place], NAME, 6.5) for place in places]
    ax.set_xticks(
        places,
        words,
        rotation=60 if crowded else 40,
        ha="right",
        rotation_mode="anchor",
        fontsize=6.5,
        linespacing=1.0,
    )


def figure_validation(result: xr.Dataset) -> Figure:
    """Every answer with its forecast, the scores out of sample (or all, where nothing is), and reliability."""
    scenario = scenario_of(result)
    parties = [party for party in scenario.parties if party in result.party.values]
    part = "after" if int(result["count"].sel(part="after")) else "all"
    rows = result.sizes["forecast"] - 1
    lower = max(2.7, 0.19 * rows + 0.6)
    wide, high = 9.0, 0.75 + 1.9 * len(parties) + 0.95 + lower + 1.0
    figure = Figure(figsize=(wide, high))
    top = high - 0.95
    for place, party in enumerate(parties):
        ax = figure.add_axes((0.95 / wide, (top - 1.55) / high, (wide - 1.15) / wide, 1.55 / high))
        plot_forecasts(result, ax, party)
        top -= 1.9
        if place == len(parties) - 1:
            name_offers(ax, result)
    bottom = 1.0
    left = figure.add_axes((2.75 / wide, bottom / high, 3.1 / wide, lower / high))
    plot_scores(result, left, "brier", part)
    right = figure.add_axes((6.75 / wide, bottom / high, 2.05 / wide, 2.05 / high))
    plot_reliability(result, right)
    head(figure, scenario, "What the model forecast, and what was answered")
    small_print(
        figure,
        result,
        "marks: mean chance, told the earlier answers; bars: 5–95 % of runs; stars: observed answers, graded; upright "
        f"line: the split, {result.attrs['split']}; scores: 95 % bootstrap intervals over offers, broken line: least "
        "possible for graded answers; numbers: answers in a slice",
    )
    return figure


def figures(result: xr.Dataset) -> dict[str, Figure]:
    """The pictures of this question, by name."""
    return {"validate": figure_validation(result)}
