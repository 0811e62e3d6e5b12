"""Many points of a design in one call, and the luck they share."""

import numpy as np
import pytest

from simulation.runs.ensemble import read_points, read_runs
from simulation.scenario import ScenarioError, load_scenario
from simulation.scenario.measures import headlines

LIBYA = load_scenario("libya-2020-01")
KEY = "ties.UAE.LNA.support"


@pytest.mark.parametrize("runs", [1, 7, 300])
def test_a_point_of_a_design_is_the_ensemble_with_its_values(runs: int) -> None:
    """Bit for bit, whether its runs fill a fraction of a block of luck or spill over into the next."""
    support = np.array([0.0, 0.4, 1.3])
    names = headlines(LIBYA)
    found = read_points(LIBYA, names, {KEY: support}, runs, seed=3)
    for point, value in enumerate(support):
        alone = read_runs(LIBYA, names, runs, seed=3, values={KEY: np.full(runs, value)})
        for name in names:
            np.testing.assert_array_equal(found[name][point], alone[name])


def test_points_with_the_same_values_have_the_same_runs() -> None:
    """Nothing but its values tells one point from another."""
    found = read_points(LIBYA, ["stance.LNA"], {KEY: np.full(3, 0.7)}, runs=5, seed=1)["stance.LNA"]
    assert len(np.unique(found[0])) == 5
    np.testing.assert_array_equal(found, np.tile(found[0], (3, 1)))


def test_a_point_may_start_with_a_later_run() -> None:
    """Points that start four runs apart have luck of their own; together they are the first twelve runs."""
    twelve = read_runs(LIBYA, ["stance.GNA"], 12, seed=1, values={KEY: np.full(12, 0.7)})["stance.GNA"]
    found = read_points(
        LIBYA, ["stance.GNA"], {KEY: np.full(3, 0.7)}, runs=4, seed=1, first=np.array([8, 0, 4], dtype=np.intp)
    )["stance.GNA"]
    np.testing.assert_array_equal(found, twelve.reshape(3, 4)[[2, 0, 1]])


def test_luck_beyond_the_first_block_is_that_of_the_later_runs() -> None:
    """Run 256 is the first of the second block of luck."""
    many = read_runs(LIBYA, ["stance.GNA"], 258, seed=1, values={KEY: np.full(258, 0.7)})["stance.GNA"]
    found = read_points(
        LIBYA, ["stance.GNA"], {KEY: np.array([0.7])}, runs=4, seed=1, first=np.array([254], dtype=np.intp)
    )["stance.GNA"]
    np.testing.assert_array_equal(found[0], many[254:])


def test_progress_counts_every_run_once() -> None:
    """1500 runs go in two calls."""
    seen: list[int] = []
    read_points(LIBYA, ["truce.starts"], {KEY: np.linspace(0, 1, 300)}, runs=5, seed=1, progress=seen.append)
    assert seen == [1024, 1500]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "at least one key"),
        ({KEY: np.zeros(2), "ties.Turkey.GNA.support": np.zeros(3)}, "as many values"),
        ({KEY: np.zeros(0)}, "0 points"),
        ({KEY: np.array([3.0])}, "outside 0 … 2"),
        ({"ties.UAE.LNA.suport": np.zeros(1)}, "Did you mean 'ties.UAE.LNA.support'"),
    ],
)
def test_a_design_that_does_not_fit_is_refused(values: dict[str, np.ndarray], words: str) -> None:
    """Before anything is run, and saying what would do."""
    with pytest.raises(ScenarioError, match=words):
        read_points(LIBYA, ["truce.starts"], values, runs=1, seed=1)
