"""What a seat came to, beside the same run without its moves, the observed answers and the ensemble."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from simulation.dynamics.answers import OfferOnTable
from simulation.dynamics.state import Array, State, World
from simulation.questions.seat.describe import describe
from simulation.questions.seat.reached import UNITS, measures, observed, of_answers, of_truces
from simulation.runs.ensemble import checked, pieces
from simulation.runs.memory import check_memory
from simulation.runs.provenance import provenance
from simulation.runs.setup import open_scenario
from simulation.scenario.arguments import whole
from simulation.scenario.keys import occasions
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    from simulation.questions.finding import Finding
    from simulation.questions.seat.seat import Seat


def score(seat: Seat, runs: int, progress: Callable[[int], None] | None = None) -> Finding:
    """The score of a seat; see ``Seat.score``.

    Raises
    ------
    ScenarioError
        for a number of runs that will not do, or more than there is memory for
    """
    import xarray as xr

    scenario, model, moves = seat.scenario, seat.model, seat.moves
    runs = whole("runs", runs)
    checked(scenario, runs, None)
    names = measures(scenario)
    check_memory(scenario, runs, numbers=len(names))
    world, _ = open_scenario(scenario)
    without = type(seat)(scenario, model.seed, model.run, party=seat.party, uncertain=model.uncertain)
    of_runs = _of_runs(scenario, world.offers, runs, model.seed, model.uncertain, progress)
    alone = {
        "with_moves": _of_course(scenario, *seat.course(), [move["step"] for move in moves if "offer" in move]),
        "without_moves": _of_course(scenario, *without.course(), []),
        "observed": observed(scenario, world.offers, _made(scenario, world.offers, [])),
    }
    variables = {kind: ("measure", [float(found[name]) for name in names]) for kind, found in alone.items()}
    result = xr.Dataset(
        {**variables, "ensemble": (("measure", "run"), np.stack([of_runs[name] for name in names]))},
        coords={
            "measure": list(names),
            "words": ("measure", list(names.values())),
            "unit": ("measure", [UNITS[name.partition(".")[0]] for name in names]),
        },
        attrs={
            **provenance(scenario, runs, model.seed, model.uncertain, ()),
            "finding": "seat",
            "run": model.run,
            "party": seat.party or "",
            "moves": json.dumps(moves),
        },
    )
    return describe(result)


def _made(scenario: Scenario, offers: tuple[OfferOnTable, ...], by_hand: list[int]) -> list[float]:
    """When each offer is made, in steps; those by hand come last, and are made before anything else in their steps."""
    steps = {name: float(step) for event in scenario.events for name, step in occasions(scenario, event)}
    return [steps[offer.id] for offer in offers if offer.id in steps] + [step - 0.5 for step in by_hand]


def _of_course(scenario: Scenario, world: World, states: list[State], by_hand: list[int]) -> dict[str, float]:
    """The numbers of a single run."""
    truces = np.array([state.truce for state in states], dtype=bool)[:, None]
    made = _made(scenario, world.offers, by_hand)
    found = of_truces(scenario, truces) | of_answers(scenario, world.offers, made, states[-1].answer[None])
    return {name: float(value[0]) for name, value in found.items()}


def _of_runs(
    scenario: Scenario,
    offers: tuple[OfferOnTable, ...],
    runs: int,
    seed: int,
    uncertain: bool,
    progress: Callable[[int], None] | None,
) -> dict[str, Array]:
    """The numbers of every run of the ensemble, (runs,) each."""
    made = _made(scenario, offers, [])
    found: list[dict[str, Array]] = []
    done = 0
    for history in pieces(scenario, runs, seed, uncertain=uncertain):
        found.append(
            of_truces(scenario, history.by_step["pair_truce"]) | of_answers(scenario, offers, made, history.answer)
        )
        done += history.runs
        if progress:
            progress(done)
    return {name: np.concatenate([some[name] for some in found]) for name in found[0]}
