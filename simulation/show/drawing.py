"""The pictures of any result: whatever question it answers, they are drawn by one word."""

from __future__ import annotations

import importlib
import io
from typing import TYPE_CHECKING, Any

from simulation.questions.finding import Finding
from simulation.runs.reasons import AnsweredOffer
from simulation.scenario.errors import ScenarioError
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

PICTURES = {
    "run": "simulation.show.plots.saving:figures",
    "compare": "simulation.show.plots.compare:figures",
    "rules": "simulation.show.plots.rules:figures",
    "why": "simulation.show.plots.why:figures",
    "why-answer": "simulation.show.plots.why_answer:figures",
    "levers": "simulation.show.plots.levers:figures",
    "path": "simulation.show.plots.path:figures",
    "bargain": "simulation.show.plots.bargain:figures",
    "attribute": "simulation.show.plots.attribute:figures",
    "variance": "simulation.show.plots.variance:figures",
    "sensitivity": "simulation.show.plots.sensitivity:figures",
    "sweep": "simulation.show.plots.sweep:figures",
    "regions": "simulation.show.plots.regions:figures",
    "robust": "simulation.show.plots.robust:figures",
    "validate": "simulation.show.plots.validation:figures",
    "calibrate": "simulation.show.plots.calibration:figures",
    "calibrate-wars": "simulation.show.plots.pooled:figures",
    "recover": "simulation.show.plots.calibration:recovery_figures",
    "negotiations": "simulation.show.plots.negotiations:figures",
    "truces": "simulation.show.plots.truce_lives:figures",
    "ablate": "simulation.show.plots.ablation:figures",
    "benchmark": "simulation.show.plots.benchmark:figures",
    "agreement": "simulation.show.plots.agreement:figures",
    "seat": "simulation.show.plots.seat:figures",
}
"""What draws each question, a function from its dataset to figures by name; imported when first asked for."""


class Figures(dict[str, "Figure"]):
    """Figures by name. A notebook shows them one below the other."""

    def _ipython_display_(self) -> None:
        from IPython.display import Image, display

        for figure in self.values():
            file = io.BytesIO()
            figure.savefig(file, format="png", dpi=100)
            display(Image(data=file.getvalue()))  # type: ignore[no-untyped-call]


def plot(result: xr.Dataset | Finding | AnsweredOffer | Scenario) -> Figures:
    """Draw a result, or the answer to a question, by name of the picture; nothing where there is nothing to draw.

    Parameters
    ----------
    result : of ``run``; a finding; an offer answered by hand; the dataset of any of these, also one that ``load`` has
        read; or a scenario, which is drawn as the network of its actors

    Raises
    ------
    ScenarioError
        for a dataset that is none of these

    See Also
    --------
    simulation.show.plots : ``plot_x(result, ax)`` draw on an axis of yours, for pictures composed by hand.
    """
    if isinstance(result, Scenario):
        from simulation.show.plots.ties import figure_ties

        return Figures(ties=figure_ties(result))
    data = result.result if isinstance(result, Finding | AnsweredOffer) else result
    if not hasattr(data, "attrs"):
        raise ScenarioError(f"plot: a {type(data).__name__} is neither a result, nor a finding, nor a scenario.")
    question = data.attrs.get("finding", "run" if "stance" in data or "stance_quantile" in data else "")
    if question not in PICTURES:
        raise ScenarioError("plot: neither a result of run() nor the answer to a question.")
    module, _, name = PICTURES[question].partition(":")
    drawn: dict[str, Any] = getattr(importlib.import_module(module), name)(data)
    return Figures(drawn)
