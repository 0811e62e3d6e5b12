"""What ``ceasefire run --uncertain`` adds: luck told from ignorance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xarray as xr

    from simulation.scenario import Scenario

MOST_PAIRS = 10_000
"""Pairs of runs up to which the split is made with as many as there are runs."""


def split(scenario: Scenario, runs: int, seed: int, silent: bool) -> xr.Dataset | None:
    """The variance of the headline measures, split into luck and ignorance; None where nothing is uncertain."""
    from simulation.cli.terminal import progress
    from simulation.questions.variance import split_variance
    from simulation.scenario.inputs import inputs_of

    if runs < 2 or not any(item.spread for item in inputs_of(scenario).values()):
        return None
    pairs = min(runs, MOST_PAIRS)
    with progress(2 * pairs, silent=silent, what="luck or ignorance") as advance:
        return split_variance(scenario, None, pairs, seed, progress=advance)


def show(rows: list[dict[str, Any]]) -> None:
    """The split as a table; stances of the parties' allies are in the files."""
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from simulation.runs.results.wording import amount
    from simulation.show.plots.compare import label

    console = Console(highlight=False)
    title = "luck or ignorance: share of the variance that comes of not knowing the inputs"
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left")
    for name in ("measure", "mean", "luck", "ignorance (95 %)", "± by ignorance"):
        table.add_column(name, justify="left" if name == "measure" else "right", no_wrap=name != "measure")
    for row in rows:
        if row["ignorance"] is None:
            continue
        share, low, high = (100 * min(max(row[key], 0), 1) for key in ("ignorance", "ignorance_low", "ignorance_high"))
        digits = 0 if high - low > 1 else 1
        table.add_row(
            escape(label(row["measure"])),
            amount(row["mean"], row["unit"]),
            f"{100 - share:.{digits}f} %",
            f"{share:.{digits}f} % ({low:.{digits}f}–{high:.{digits}f})",
            amount(row["spread"], row["unit"]),
        )
    console.print(table)
    console.print("± by ignorance: standard deviation of the chance or mean itself over the inputs.")
    console.print("More runs do not mend it; better evidence would.\n")
