"""Fan charts: what the middle half and nine tenths of the runs do, and the median."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from simulation.dynamics.state import Array
from simulation.runs.results import condense, quantiles_of, scenario_of
from simulation.show.plots.dates import date_axis, days_of
from simulation.show.plots.labels import End, label_ends
from simulation.show.plots.palette import Look, looks, short

BANDS = "bands 5–95 % and 25–75 % of runs, line: median"
TWO_SHADES = (
    "outer band: 5–95 % of runs, random variation and input uncertainty; inner band: random variation alone, every "
    "input at its best value; line: median"
)


def bands_of(digest: xr.Dataset) -> str:
    """What the bands of a fan stand for, in words."""
    return TWO_SHADES if "stance_luck" in digest else BANDS


def luck_of(digest: xr.Dataset, variable: str, **who: str) -> Array | None:
    """The quantiles by random variation alone, (5, steps + 1), where ``questions.variance.beside_luck`` has put them.

    None elsewhere.
    """
    name = f"{variable}_luck"
    return np.asarray(digest[name].sel(who).values, dtype=np.float64) if name in digest else None


def draw_fan(
    ax: Axes, days: Array, quantiles: Array, look: Look, name: str, bands: bool = True, luck: Array | None = None
) -> None:
    """Draw one fan: two bands and the median.

    Parameters
    ----------
    quantiles : (5, steps + 1)   5, 25, 50, 75, 95 %
    bands : False draws the median only, thin
    luck : (5, steps + 1)   the same with every input at its best; then the inner band is its 5–95 %
    """
    if bands:
        inner = (quantiles[1], quantiles[3], 0.22, "25–75 %")
        if luck is not None:
            inner = (luck[0], luck[4], 0.27, "5–95 % by random variation alone")
        for low, high, shade, what in ((quantiles[0], quantiles[4], 0.13, "5–95 %"), inner):
            band = ax.fill_between(days, low, high, color=look.colour, alpha=shade, linewidth=0, zorder=2)
            band.set_label(f"_{name} {what}")  # matplotlib leaves names with a leading _ out of legends
    ax.plot(
        days,
        quantiles[2],
        color=look.colour,
        linestyle=look.linestyle,
        linewidth=look.width if bands else 0.7,
        alpha=1.0 if bands else 0.6,
        zorder=3,
        label=name,
    )


def plot_parties(result: xr.Dataset, ax: Axes, variable: str, scale: float, form: str) -> Axes:
    """Fans of something every party has, named at the line ends.

    Parameters
    ----------
    variable : ``control`` or ``exhaustion``
    scale : what a value is multiplied by to be shown
    form : how the median at the end is written, such as ``{:.0f} %``
    """
    digest = condense(result)
    scenario, days, look = scenario_of(digest), days_of(digest), looks(scenario_of(digest))
    date_axis(ax, days, scenario)
    ends, table = [], quantiles_of(digest, variable)
    for name in scenario.parties:
        quantiles = table.sel(party=name).values * scale
        luck = luck_of(digest, variable, party=name)
        draw_fan(ax, days, quantiles, look[name], name, luck=None if luck is None else luck * scale)
        last = float(quantiles[2, -1])
        ends.append(End(f"{short(scenario, name)} {form.format(last)}", last, look[name], 1.0, True))
    tidy(ax)
    label_ends(ax, ends)
    return ax


def tidy(ax: Axes, keep: Sequence[str] = ("left", "bottom")) -> None:
    """Leave out the lines of the frame that carry nothing."""
    for side, spine in ax.spines.items():
        spine.set_visible(side in keep)
    ax.tick_params(labelsize=8)
