"""The course of a war as simulated: how hard it was fought month by month, and how long truces of each form held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulation.dynamics.simulate import History
from simulation.dynamics.state import Array, Flags
from simulation.scenario.keys import occasions, offer_ids
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

FORMS = ("declared", "signed")


def fighting_by_month(result: xr.Dataset, residual: float) -> xr.Dataset:
    """Mean intensity of fighting and control of the ground in every month, over steps and runs.

    Parameters
    ----------
    result : of ``run_ensemble``
    residual : intensity under a truce, open war being 1
    """
    intensity = (1 - (1 - residual) * result.truce.mean("run")).astype(float)
    month = result.date.dt.strftime("%Y-%m")
    months = np.unique(month.values)
    within = [month.values == name for name in months]
    return (
        result[[]]
        .assign(
            intensity=("month", np.array([intensity.values[here].mean() for here in within])),
            control=(
                ("month", "party"),
                np.array([result.control.values[:, here].mean(axis=(0, 1)) for here in within]),
            ),
        )
        .drop_vars(("run", "step", "date", "actor", "side", "offer"), errors="ignore")
        .assign_coords(month=months)
    )


def truce_spells(scenario: Scenario, history: History) -> dict[str, tuple[Array, Flags]]:
    """How many days each truce held, and whether it was seen to collapse, by form.

    A truce has the form it was agreed in first; a renewal does not begin a new one. One that stands at the end is cut
    off there.

    Returns
    -------
    form to days (truces,) and collapsed (truces,)
    """
    truce = history.truce
    begins = truce & ~np.vstack([np.zeros_like(truce[:1]), truce[:-1]])
    signed = _signed(scenario, history)
    count = len(truce)
    found: dict[str, tuple[list[float], list[bool]]] = {form: ([], []) for form in FORMS}
    for step, run in zip(*np.nonzero(begins), strict=True):
        after = ~truce[step:, run]
        ended = after.any()
        held = int(after.argmax()) if ended else count - 1 - step
        days, collapsed = found[FORMS[int(signed[step - 1, run])]]
        days.append(held * scenario.step_days)
        collapsed.append(bool(ended))
    return {form: (np.array(days, dtype=float), np.array(over, dtype=bool)) for form, (days, over) in found.items()}


def _signed(scenario: Scenario, history: History) -> Flags:
    """Whether a signed text was accepted by everybody asked in a step, shape (steps, R)."""
    order = list(offer_ids(scenario))
    signed = np.zeros((scenario.steps, history.answer.shape[0]), dtype=bool)
    for event in scenario.events:
        for offer, step in occasions(scenario, event):
            if event.offer is not None and event.offer.form == "signed":
                answers = history.answer[:, order.index(offer)]
                asked = ~np.isnan(answers)
                signed[step] |= asked.any(axis=1) & (np.where(asked, answers, 1.0) == 1).all(axis=1)
    return signed
