"""The world's truces as a life table in `seeds/`: the share that still stands after so many days, and how others ended.

>>> from simulation.questions.truces import world_survival
>>> low, high = world_survival("signed", [7, 30])
>>> (high > low).all()
True
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from simulation.dynamics.state import Array
from simulation.parameters import nearest
from simulation.scenario.errors import ScenarioError
from simulation.scenario.evidence import find_seeds, load_evidence

Form = Literal["declared", "signed"]

CAUSES = ("broken", "lapsed", "replaced", "other")
"""How a truce ends: fighting goes on; its term runs out; another takes its place; anything else."""

FORMS = {"declared": "unwritten", "signed": "written"}
TERMS = {False: "open-ended", True: "fixed term"}
MECHANISMS = {False: "none", True: "agreed"}
"""What the model's words and yes or no are called in the life table."""

HALF = 0.5
"""Days that a truce which ends on the day it begins is taken to have lived."""


class Bracket(NamedTuple):
    """Between what a share of truces lies, for it is not known which endings were collapses."""

    low: Array  # every ending but that at the term counts: broken, replaced, other
    high: Array  # those that were broken alone


def world_survival(form: Form, days: ArrayLike, term: bool | None = None, mechanism: bool | None = None) -> Bracket:
    """The share of the world's truces that still stand after some days.

        S(d) = exp(- integral of the hazard from 0 to d)

    The hazard is constant within each interval of the life table (`seeds/truce_lives.toml`): endings in it over the
    days that truces lived in it; beyond its last day it stays what it was. A truce that lapsed at its term counts as
    far as it was watched, for nobody broke it.

    Parameters
    ----------
    form : ``declared`` (unwritten) or ``signed`` (written)
    days : (...,) 0 or more
    term : whether it has a term; any truce if left out
    mechanism : whether the parties agreed on a mechanism to watch it; any truce if left out

    Returns
    -------
    ``low`` and ``high``, each of the shape of ``days``

    Raises
    ------
    ScenarioError
        for an unknown form, or days below 0

    References
    ----------
    Clayton et al. (2022), Journal of Conflict Resolution, doi 10.1177/00220027221129195: the dataset that is counted.
    """
    edges, hazard = _hazards(form, term, mechanism)
    within = _within(edges, days)
    every = hazard[[CAUSES.index(cause) for cause in ("broken", "replaced", "other")]].sum(axis=0)
    return Bracket(np.exp(-within @ every), np.exp(-within @ hazard[CAUSES.index("broken")]))


def world_fates(
    form: Form, days: ArrayLike, term: bool | None = None, mechanism: bool | None = None
) -> dict[str, Array]:
    """What has become of the world's truces after some days: shares that stand, and that have ended by each cause.

    The causes compete: a truce that has lapsed can no longer be broken. With hazards h_j constant within an interval
    that a share S of truces enters, and h their sum, cause j ends S h_j / h (1 - exp(-h t)) in its first t days.

    Parameters
    ----------
    form, days, term, mechanism : as for ``world_survival``

    Returns
    -------
    ``stands``, ``broken``, ``lapsed``, ``replaced``, ``other``: each of the shape of ``days``; they sum to 1
    """
    edges, hazard = _hazards(form, term, mechanism)
    within = _within(edges, days)
    every = hazard.sum(axis=0)
    before = np.cumsum(within * every, axis=-1) - within * every
    ended = np.exp(-before) * -np.expm1(-within * every)
    share = np.divide(hazard, every, out=np.zeros_like(hazard), where=every > 0)
    fates = {cause: ended @ share[place] for place, cause in enumerate(CAUSES)}
    return {"stands": np.exp(-(within @ every)), **fates}


def _within(edges: Array, days: ArrayLike) -> Array:
    """How many days of each interval have passed, shape (..., intervals); the last one has no end."""
    passed = np.asarray(days, dtype=float)
    if not (passed >= 0).all():
        raise ScenarioError(f"`days` {passed.tolist()}: a truce has lived for 0 days or more.")
    width = np.append(np.diff(edges[:-1]), np.inf)
    return np.clip(passed[..., None] - edges[:-1], 0.0, width)


def _hazards(form: str, term: bool | None, mechanism: bool | None) -> tuple[Array, Array]:
    """Edges of the intervals, (k + 1,) days, and daily hazards by cause, (4, k), of all truces of a kind together."""
    if form not in FORMS:
        raise ScenarioError(f"no form of truce {form!r}.{nearest(str(form), FORMS)}")
    chosen = [
        row
        for row in _table()
        if row["form"] == FORMS[form]
        and (term is None or row["term"] == TERMS[term])
        and (mechanism is None or row["mechanism"] == MECHANISMS[mechanism])
    ]
    edges = np.array([*chosen[0]["from_day"], chosen[0]["to_day"][-1]], dtype=float)
    ended = np.array([np.sum([row[cause] for row in chosen], axis=0) for cause in CAUSES], dtype=float)
    lived = np.sum([row["truce_days"] for row in chosen], axis=0)
    return edges, ended / np.maximum(lived, np.maximum(HALF * ended.sum(axis=0), 1e-9))


@lru_cache(maxsize=1)
def _table() -> Sequence[Mapping[str, Any]]:
    """The rows of the life table that the package carries."""
    folder = find_seeds(Path(__file__).parent)
    rows = load_evidence(folder).values() if folder else ()
    return [row.data for row in rows if row.kind == "life table"]
