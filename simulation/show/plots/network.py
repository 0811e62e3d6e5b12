"""The network of actors in one run, moment by moment: what the animation and the page in the browser show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch
from matplotlib.text import Text
from numpy.typing import NDArray

from simulation.dynamics.answers import ACCEPTED, CONDITIONAL, REFUSED
from simulation.runs.agents.snapshots import Proposal, Snapshot, how_it_ended
from simulation.scenario.keys import occasions
from simulation.scenario.labels import moment, pair_label
from simulation.scenario.schema import Scenario
from simulation.show.plots.figure import Figure
from simulation.show.plots.labels import fitted
from simulation.show.plots.network_layout import BEND, layout
from simulation.show.plots.palette import FAINT, GREY, all_short, looks, luminance, short
from simulation.show.plots.ties import COLOURS, plot_ties
from simulation.show.plots.truces import COLOUR as TRUCE

OFFER = "#C2185B"
"""Of an offer on the table: neither a party's colour nor one of the scale of stances."""

SAID = {
    ACCEPTED: ("✓ accepts", "#1B6E3C"),
    CONDITIONAL: ("½ accepts with conditions", "#7A5C00"),
    REFUSED: ("✗ refuses", "#7A1F1F"),
}
"""How an answer is marked, and its colour."""
WIDE, HIGH = 8.0, 6.9
HEAD, FOOT, KEYS, MARGIN = 0.95, 0.72, 0.68, 0.25
"""Inches."""


def called(scenario: Scenario, now: Snapshot) -> str:
    """When a snapshot was taken: after which step, in words; the first is the opening."""
    if not now.step:
        return f"{moment(scenario, 0)}, the opening" if scenario.parties else "The opening"
    when = moment(scenario, now.step - 1)
    return when[:1].upper() + when[1:]


class Network:
    """The picture of ties with the snapshots of one run shown in it, one after the other.

    What stays is drawn once and kept: a moment costs no more than the discs and words that it changes. Where leverage
    or influence change, all is drawn anew.

    Parameters
    ----------
    scenario : of the run
    dpi : pixels an inch, of a page of 8 by 6.9 inches
    """

    def __init__(self, scenario: Scenario, dpi: float = 80) -> None:
        self.scenario = scenario
        self.figure = Figure(figsize=(WIDE, HIGH), dpi=dpi)
        self._canvas: Any = FigureCanvasAgg(self.figure)
        self._where, self._look = layout(scenario), looks(scenario)
        self._drawn: tuple[dict[str, float], dict[tuple[str, str], float]] | None = None
        self._page: Any = None  # the pixels of all that stays
        self._moving: list[Artist] = []  # drawn anew each time: the discs, and the names in them
        self._passing: list[Artist] = []  # what is there for one moment only
        self._ground = self._axes(0.36, 0.13)
        self._time = self._axes(0.1, 0.16)
        self._network = self.figure.add_axes(
            (MARGIN / WIDE, (FOOT + KEYS) / HIGH, 1 - 2 * MARGIN / WIDE, 1 - (FOOT + KEYS + HEAD) / HIGH)
        )
        self._time.set_xlim(0, scenario.steps)
        self._time.set_ylim(-1, 1)
        self._ground.set_xlim(0, 1)
        self._ground.set_ylim(-0.5, 0.5)
        self._offers = [step for event in scenario.events for _, step in occasions(scenario, event)]

    def show(self, past: Sequence[Snapshot], bright: bool = True) -> NDArray[np.uint8]:
        """Draw the last of some snapshots of the run; the ones before it are told by the line of time.

        Parameters
        ----------
        past : from the opening up to the one to show, which is the last
        bright : whether an offer of the moment is drawn bright, or dim

        Returns
        -------
        the pixels, shape (height, width, 4): red, green, blue, alpha
        """
        now = past[-1]
        if self._drawn != (now.influence, now.leverage):
            self._draw(now)
        self._passing = []
        self._colour(now)
        self._head(now)
        self._line(past)
        self._shares(now)
        for offer in now.offers:
            self._offer(offer, bright)
        self._canvas.restore_region(self._page)
        for artist in sorted([*self._moving, *self._passing], key=lambda artist: artist.get_zorder()):
            self.figure.draw_artist(artist)
        pixels = np.array(self._canvas.buffer_rgba())
        for artist in self._passing:
            artist.remove()
        return pixels

    def _axes(self, bottom: float, height: float) -> Axes:
        left = 1.62
        ax = self.figure.add_axes((left / WIDE, bottom / HIGH, (WIDE - left - 1.05) / WIDE, height / HIGH))
        ax.axis("off")
        return ax

    def _draw(self, now: Snapshot) -> None:
        """The ties and actors, with leverage and influence as they are now."""
        changes = {f"actors.{name}.influence": value for name, value in now.influence.items()}
        changes |= {
            f"ties.{tie.source}.{tie.target}.leverage": now.leverage.get((tie.source, tie.target), 0.0)
            for tie in self.scenario.ties
            if tie.leverage is not None
        }
        self._network.clear()
        plot_ties(self.scenario.replace(changes), self._network)
        for text in self._network.texts:
            text.set_text(text.get_text().replace("opening ", ""))
        names = {short(self.scenario, name) for name in self.scenario.actors}
        self._moving = [line for line in self._network.lines if line.get_label() in self.scenario.actors]
        self._moving += [
            text for text in self._network.texts if text.get_text() in names and text.get_bbox_patch() is None
        ]
        for artist in self._moving:
            artist.set_animated(True)
        self._canvas.draw()
        self._page = self._canvas.copy_from_bbox(self.figure.bbox)
        self._drawn = (now.influence, now.leverage)

    def _colour(self, now: Snapshot) -> None:
        """The discs in the colours of the stances, and the names in them so that they can be read."""
        fills = {name: to_hex(COLOURS(stance / 100)) for name, stance in now.stance.items()}
        inside = {short(self.scenario, name): name for name in fills}
        for artist in self._moving:
            if isinstance(artist, Line2D):
                artist.set_markerfacecolor(fills[str(artist.get_label())])
            elif isinstance(artist, Text):
                dark = luminance(*to_rgb(fills[inside[artist.get_text()]])) < 0.18
                artist.set_color("white" if dark else "#111111")

    def _write(self, x: float, y: float, words: str, size: float, colour: str, **how: str) -> None:
        """Words on the page for this moment, places in inches."""
        self._passing.append(
            self.figure.text(x / WIDE, y / HIGH, words, fontsize=size, color=colour, parse_math=False, **how)  # type: ignore[arg-type]
        )

    def _head(self, now: Snapshot) -> None:
        """The date, what happened, and whether there is a truce."""
        scenario = self.scenario
        room = (WIDE - 0.4) * 72
        self._write(0.2, HIGH - 0.22, fitted(scenario.heading, room, 8.5), 8.5, GREY)
        when = called(scenario, now)
        if now.step and scenario.parties and scenario.step_days > 1:
            when = f"From {when}"
        self._write(0.2, HIGH - 0.52, when, 15, "#111111", fontweight="bold")
        news = "   ·   ".join([*map(self._in_words, now.offers), *now.news])
        colour = OFFER if now.offers else "#333333"
        self._write(0.2, HIGH - 0.78, fitted(news, room, 10.5), 10.5, colour)
        if not scenario.parties:
            return
        if now.truce:
            word, colour = ("truce in force" if now.truce_before else "a truce begins"), TRUCE
        elif now.truces and not now.truce_before:
            named = (pair_label(pair, all_short(scenario)) for pair in now.truces)
            word, colour = fitted(f"truce of {', '.join(named)}", room / 2, 12), TRUCE
        else:
            word, colour = (f"the truce {how_it_ended(now)}" if now.truce_before else "fighting"), "#333333"
        heavy = "bold" if now.truce != now.truce_before else "normal"
        place = {"horizontalalignment": "right", "fontweight": heavy}
        self._write(WIDE - 0.2, HIGH - 0.52, word, 12, colour, **place)

    def _in_words(self, offer: Proposal) -> str:
        """An offer in words."""
        by = ", ".join(short(self.scenario, name) for name in offer.sponsors)
        against = ", ".join(short(self.scenario, name) for name in offer.opponents)
        return f"{offer.label} (offered by {by}" + (f"; dotted, against it: {against})" if against else ")")

    def _line(self, past: Sequence[Snapshot]) -> None:
        """How far the run is, when there was a truce, and where offers are made."""
        ax, now = self._time, past[-1]
        drawn = [ax.plot([0, self.scenario.steps], [0, 0], color=FAINT, linewidth=1.5, solid_capstyle="butt")[0]]
        drawn += ax.plot([0, now.step], [0, 0], color="#333333", linewidth=2.5, solid_capstyle="butt")
        if self.scenario.told is not None:
            known = self.scenario.step_of(self.scenario.told)
            drawn += ax.plot([known, known], [-1, 1], color=GREY, linewidth=1.2, linestyle=(0, (3, 1.5)), zorder=5)
        held = [(snapshot.step - 1, 1) for snapshot in past if snapshot.truce and snapshot.step]
        self._passing.append(ax.broken_barh(held, (-0.75, 1.5), color=TRUCE, alpha=0.75, linewidth=0, zorder=3))
        for step in self._offers:
            fill = OFFER if step < now.step else "white"
            drawn += ax.plot(
                [step + 0.5], [0], marker="D", markersize=5, markerfacecolor=fill, markeredgecolor=OFFER, clip_on=False,
                zorder=4,
            )  # fmt: skip
        self._passing += drawn
        first, last = self.scenario.start, self.scenario.date_of(self.scenario.steps)
        year = "" if first.year == last.year else f" {first.year}"
        before, after = f"offers, truces   {first.day} {first:%b}{year}", f"{last.day} {last:%b %Y}"
        if not self.scenario.parties:
            before, after = "the opening", f"round {self.scenario.steps}"
        self._write(1.55, 0.15, before, 7, GREY, horizontalalignment="right")
        self._write(WIDE - 0.98, 0.15, after, 7, GREY)

    def _shares(self, now: Snapshot) -> None:
        """Who holds how much of the contested ground."""
        left = 0.0
        for party, share in now.control.items():
            look = self._look[party]
            self._passing += list(self._ground.barh([0], [share], left=left, color=look.colour, height=1))
            if share > 0.09:
                words = fitted(f"{short(self.scenario, party)} {100 * share:.0f} %", share * 380, 7)
                at = self._ground.text(
                    left + share / 2, 0, words, fontsize=7, color="white", fontweight="bold", parse_math=False,
                    horizontalalignment="center", verticalalignment="center_baseline",
                )  # fmt: skip
                self._passing.append(at)
            left += share
        if now.control:
            self._write(1.55, 0.385, "holds the ground", 7, GREY, horizontalalignment="right")

    def _named_below(self, party: str) -> bool:
        """Whether the name of a party stands under its disc, where its answer would cover it."""
        ax, called = self._network, short(self.scenario, party)
        middle = ax.transLimits.transform(self._where[party])[1]
        beside = [text for text in ax.texts if text.get_text() == called and text.get_bbox_patch() is not None]
        return any(text.get_position()[1] < middle - 0.02 for text in beside)

    def _offer(self, offer: Proposal, bright: bool) -> None:
        """Who asks whom, and what is answered."""
        ax = self._network
        for kind, names in (("sponsor", offer.sponsors), ("opponent", offer.opponents)):
            for source in names:
                for party in offer.answers:
                    if source == party:
                        continue
                    arrow = FancyArrowPatch(
                        self._where[source],
                        self._where[party],
                        arrowstyle="-|>,head_length=0.5,head_width=0.28",
                        connectionstyle=f"arc3,rad={BEND}",
                        mutation_scale=15,
                        shrinkA=14,
                        shrinkB=18,
                        linewidth=4 if bright else 2,
                        linestyle="solid" if kind == "sponsor" else (0, (1.2, 0.8)),
                        color=OFFER if kind == "sponsor" else "#222222",
                        alpha=0.95 if bright else 0.45,
                        zorder=5,
                    )
                    self._passing.append(ax.add_patch(arrow))
        for party, answer in offer.answers.items():
            x, y = self._where[party]
            words, colour = SAID[answer]
            said = f"{words} (chance {'of yes ' if answer < ACCEPTED else ''}{100 * offer.chances[party]:.0f} %)"
            down = -40 if self._named_below(party) else -27
            badge = ax.annotate(
                said, (x, y), xytext=(0, down), textcoords="offset points", fontsize=9, fontweight="bold",
                color="white", horizontalalignment="center", verticalalignment="center", zorder=8,
                annotation_clip=False,
                bbox={"boxstyle": "round,pad=0.3", "facecolor": colour, "edgecolor": "white"},
            )  # fmt: skip
            self._passing.append(badge)
