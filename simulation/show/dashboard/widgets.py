"""The sliders of the page in a notebook: move a number, and the fans are drawn anew."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from simulation.parameters import nearest
from simulation.runs.results import quantiles_of
from simulation.scenario.errors import ScenarioError
from simulation.scenario.schema import Scenario
from simulation.show.dashboard import markup
from simulation.show.dashboard.comparison import Outcome, changed, differences, in_words, outcome_of
from simulation.show.dashboard.sliders import Slider, changes_of, sliders_of
from simulation.show.plots.answers import plot_answers
from simulation.show.plots.dates import days_of
from simulation.show.plots.figure import Figure
from simulation.show.plots.palette import looks
from simulation.show.plots.stances import plot_stances

INSTALL = 'sliders in a notebook need ipywidgets: pip install "ceasefire-simulation[notebooks]"'

NOTHING = "Nothing is moved yet."
NO_MATTER = "These runs cannot tell what this changes from chance."


class WhatIf:
    """Sliders over some numbers of a scenario; below them, what its runs come to and what differs from before.

    Each slider is made of the number's own declaration: its bounds, unit, meaning and source. It is shown by being the
    last line of a cell. What is stored in the notebook is the picture, as it stands when the cell is run.

    Parameters
    ----------
    scenario : as it is at first
    keys : of its numbers, such as ``ties.Turkey.GNA.support``; all of them are in ``scenario.inputs``
    actors : whose stances are drawn; the parties, if left out
    runs, seed : of the ensemble, drawn anew under the same luck whenever a slider is let go

    Raises
    ------
    ScenarioError
        for a key that is no number of the scenario, or that cannot be moved by itself; without ipywidgets
    """

    def __init__(
        self, scenario: Scenario, keys: Sequence[str], *, actors: Sequence[str] = (), runs: int = 300, seed: int = 1
    ) -> None:
        known = sliders_of(scenario)
        for key in keys:
            if key not in known:
                raise ScenarioError(f"no number '{key}' that can be moved by itself.{nearest(key, known)}")
        self.start, self.runs, self.seed = scenario, runs, seed
        self.actors = list(actors) or list(scenario.parties or scenario.actors)
        self.known = {key: known[key] for key in keys}
        self.before = self.now = outcome_of(scenario, runs, seed)
        self.sliders, self._words, self._picture, self._box = _panel(self.known, self.reset)
        for slider in self.sliders.values():
            slider.observe(lambda change: self._draw(), "value")
        self._still = False
        self._draw()

    @property
    def scenario(self) -> Scenario:
        """The scenario as the sliders have it now."""
        return self.now.scenario

    @property
    def changes(self) -> dict[str, float]:
        """What was moved: key to where it stands now; ``scenario.replace`` takes it."""
        return changes_of(self.known, {key: slider.value for key, slider in self.sliders.items()})

    def reset(self) -> None:
        """Put everything back."""
        self._still = True
        for key, slider in self.sliders.items():
            slider.value = self.known[key].item.value
        self._still = False
        self._draw()

    def _draw(self) -> None:
        if self._still:
            return
        changes = self.changes
        try:
            self.now = outcome_of(changed(self.start, changes), self.runs, self.seed) if changes else self.before
        except ScenarioError as error:
            self._words.value = markup.paragraph(f"These numbers do not go together. {error}")
            return
        said = in_words(differences(self.now, self.before), self.scenario) or [NO_MATTER] if changes else [NOTHING]
        self._words.value = markup.bullets(said)
        self._picture.value = png(figure_live(self.now, self.before, self.actors))

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """The sliders where somebody can move them, and the picture where nobody can."""
        import base64

        bundle: dict[str, Any] = dict(self._box._repr_mimebundle_(**kwargs))
        picture = base64.b64encode(self._picture.value).decode()
        return bundle | {"text/plain": "Run this cell to get the sliders.", "image/png": picture}


def _panel(known: Mapping[str, Slider], back: Any) -> tuple[dict[str, Any], Any, Any, Any]:
    """The sliders by key, the place for words, the place for the picture, and the box with all of them."""
    try:
        from ipywidgets import HTML, Button, HBox, Image, Layout, SelectionSlider, VBox
    except ImportError:
        raise ScenarioError(INSTALL) from None
    sliders = {
        key: SelectionSlider(
            options=[(f"{place:g}", place) for place in slider.places],
            value=slider.item.value,
            description=slider.full,
            tooltip=hint(slider),
            continuous_update=False,
            style={"description_width": "13rem"},
            layout=Layout(width="34rem"),
        )
        for key, slider in known.items()
    }
    rows = [HBox([sliders[key], HTML(markup.hint(_short_hint(slider)))]) for key, slider in known.items()]
    button = Button(description="Reset", tooltip="Put everything back", layout=Layout(width="12rem"))
    button.on_click(lambda _: back())
    words, picture = HTML(), Image(format="png", layout=Layout(max_width="60rem"))
    return sliders, words, picture, VBox([*rows, button, words, picture])


def hint(slider: Slider) -> str:
    """All that is declared of a number: meaning, unit, bounds, what is in the file and what that rests on."""
    item = slider.item
    unit = f", {item.unit}" if item.unit else ""
    rests = f"rests on {', '.join(item.claims)}" if item.claims else item.assumed or "rests on nothing"
    return f"{item.key}: {item.meaning} ({item.low:g} … {item.high:g}{unit}). In the file: {item.value:g}; {rests}."


def _short_hint(slider: Slider) -> str:
    return f"{slider.item.low:g} … {slider.item.high:g}, was {slider.item.value:g}"


def figure_live(now: Outcome, before: Outcome, actors: Sequence[str]) -> Figure:
    """The answers, where there are offers, above the stances of some actors; dotted: the medians as they were."""
    asked = bool(now.digest.sizes["offer"])
    high = 7.2 if asked else 3.6
    figure = Figure(figsize=(8.6, high))
    if asked:
        ax = figure.add_axes((0.125, 1 - 3.25 / high, 0.735, 2.95 / high))
        plot_answers(now.digest, ax)
        ax.set_xlabel("")
        ax.set_title("How likely each party is to accept each offer", loc="left", fontsize=9.5, fontweight="bold")
    ax = figure.add_axes((0.125, 0.5 / high, 0.735, 2.75 / high))
    plot_stances(now.digest, ax, actors=actors)
    title = "How ready they are to stop fighting" if now.scenario.parties else "Where everybody stands"
    ax.set_title(title, loc="left", fontsize=9.5, fontweight="bold")
    if now is not before:
        look, days = looks(now.scenario), days_of(before.digest)
        for name in actors:
            median = quantiles_of(before.digest, "stance").sel(actor=name, quantile=0.5)
            ax.plot(days, median, color=look[name].colour, linestyle=":", linewidth=1.2, zorder=2.5)
    return figure


def png(figure: Figure) -> bytes:
    """A figure as the bytes of a PNG."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=90, metadata={"Software": None})
    return file.getvalue()
