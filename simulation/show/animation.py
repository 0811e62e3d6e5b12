"""One run as a moving picture: the network of actors, a frame a step."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from simulation.runs.agents.model import SEED, ConflictModel
from simulation.runs.agents.snapshots import Snapshot, snapshots
from simulation.scenario.arguments import of_kind
from simulation.scenario.errors import ScenarioError
from simulation.scenario.schema import Scenario
from simulation.writing import check_writable, write_bytes

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_FRAMES = 110
"""Steps that get a frame of their own; of longer runs some steps are passed over, but none that brings an offer."""

FLASHES = ((True, 1.0), (False, 0.5), (True, 3.5))
"""How an offer is drawn, bright or dim, one after the other, and for how many steps' time each."""

PAUSE = 3.0
"""Steps' time that the opening, the end and any other news stand still."""

SAMPLES = 12
"""Frames from which the colours of the file are taken; one set of 256 for all keeps it small and steady."""


@of_kind
def animate(
    scenario: Scenario,
    file: str | Path,
    *,
    seed: int = SEED,
    run: int = 0,
    uncertain: bool = False,
    fps: float = 4.0,
    dpi: int = 80,
    progress: Callable[[int], None] | None = None,
) -> Path:
    """Write one run as an animated GIF: stances as colour, leverage as width, offers as flashes, with their dates.

    Parameters
    ----------
    file : to write; it ends in .gif
    seed, run, uncertain : which run of which ensemble, as for ``ConflictModel``
    fps : steps a second; one that brings an offer or other news lasts longer
    dpi : pixels an inch, of a page 8 inches wide
    progress : called with the number of steps drawn so far

    Returns
    -------
    the file

    Raises
    ------
    ScenarioError
        for a file that does not end in .gif, fps outside 0.5 … 50, or dpi outside 20 … 300
    """
    from PIL.Image import fromarray

    from simulation.show.plots.network import Network

    file = Path(file)
    if file.suffix.lower() != ".gif":
        raise ScenarioError(f"{file}: an animation is a .gif file.")
    if not 0.5 <= fps <= 50:
        raise ScenarioError(f"fps = {fps:g}: between 0.5 and 50 steps a second would do.")
    if not 20 <= dpi <= 300:
        raise ScenarioError(f"dpi = {dpi}: between 20 and 300 pixels an inch would do.")
    file.parent.mkdir(parents=True, exist_ok=True)
    check_writable(file)
    network = Network(scenario, dpi)
    past: list[Snapshot] = []
    pictures: list[Image] = []
    lengths: list[int] = []
    for snapshot in snapshots(ConflictModel(scenario, seed=seed, run=run, uncertain=uncertain)):
        past.append(snapshot)
        for bright, steps in frames(snapshot, scenario.steps):
            pictures.append(fromarray(network.show(past, bright)).convert("RGB"))
            lengths.append(round(1000 * steps / fps))
        if progress:
            progress(snapshot.step)
    _write(pictures, lengths, file)
    return file


def frames(snapshot: Snapshot, steps: int) -> tuple[tuple[bool, float], ...]:
    """The frames of a snapshot in a run of so many steps: whether offers are bright, and how many steps each lasts."""
    if snapshot.offers:
        return FLASHES
    over = {"broken", "lapsed"} & set(snapshot.ended.values())
    if over or snapshot.step in (0, steps) or snapshot.news or snapshot.truce != snapshot.truce_before:
        return ((True, PAUSE),)
    return ((True, 1.0),) if snapshot.step % -(-steps // MOST_FRAMES) == 0 else ()


def _write(pictures: list[Image], lengths: list[int], file: Path) -> None:
    """Write the pictures as a GIF; lengths in milliseconds."""
    from PIL.Image import Dither, new

    wide, high = pictures[0].size
    some = pictures[:: -(-len(pictures) // SAMPLES)]
    together = new("RGB", (wide, high * len(some)))
    for place, picture in enumerate(some):
        together.paste(picture, (0, place * high))
    colours = together.quantize(256)
    reduced = [picture.quantize(palette=colours, dither=Dither.NONE) for picture in pictures]
    made = io.BytesIO()
    reduced[0].save(made, format="GIF", save_all=True, append_images=reduced[1:], duration=lengths, loop=0)
    write_bytes(file, made.getbuffer())
