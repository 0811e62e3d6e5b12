"""Versions of a conflict on one set of luck, and chances read without tossing the last coin."""

import numpy as np
import pytest

from simulation.questions.attribute.groups import without
from simulation.questions.paired import Version, apart, interval, pseudo, read_versions, reading
from simulation.runs.ensemble import read_runs
from simulation.scenario import ScenarioError


def test_a_version_is_the_ensemble_of_its_own_scenario_bit_for_bit(two):
    offered = two.replace({"steps": 10})
    versions = [Version(offered), Version(offered, {"actors.Patron.stance": 10.0})]
    found = read_versions(versions, "stance.North", 300, seed=3)
    np.testing.assert_array_equal(found[0], read_runs(offered, ["stance.North"], 300, 3)["stance.North"])
    own = offered.replace({"actors.Patron.stance": 50.0})
    np.testing.assert_array_equal(found[1], read_runs(own, ["stance.North"], 300, 3)["stance.North"])


def test_uncertain_inputs_are_moved_from_where_they_are_drawn(still):
    scenario = still(changes={"actors.Red.stance": {"best": 50, "low": 40, "high": 60, "assumed": "made up"}})
    versions = [Version(scenario), Version(scenario, {"actors.Red.stance": 5.0})]
    found = read_versions(versions, "stance.Red", 300, seed=3, uncertain=True)
    assert found[0].std() > 1
    np.testing.assert_allclose(found[1] - found[0], 5.0)


def test_a_version_without_some_events_has_the_luck_it_would_have_had_alone(libya):
    less = without(libya, ["events.airlift", "events.geneva-1"])
    found = read_versions([Version(libya), Version(less)], "truce.holds_to_end", 100, seed=2)
    alone = read_runs(less, ["truce.holds_to_end"], 100, 2)["truce.holds_to_end"]
    np.testing.assert_array_equal(found[1], alone)


def test_the_chance_of_a_truce_is_exact_where_every_coin_is_fair(still):
    # Both accept with one half each, so an offer succeeds with 1/4, and one of two with 1 - (3/4)^2 = 7/16.
    found = read_versions([Version(still())], "truce.starts", 20, seed=1)
    np.testing.assert_allclose(found, 7 / 16)
    # By the morning of the 3rd only the first has been made; an offer of the 5th is in force on the 6th.
    np.testing.assert_allclose(read_versions([Version(still())], "truce.starts.2020-01-03", 20, seed=1), 1 / 4)
    np.testing.assert_allclose(read_versions([Version(still())], "truce.starts.2020-01-05", 20, seed=1), 1 / 4)
    np.testing.assert_allclose(read_versions([Version(still())], "truce.starts.2020-01-06", 20, seed=1), 7 / 16)


@pytest.mark.parametrize("measure", ["truce.starts", "truce.starts.2020-01-20", "answer.berlin.LNA"])
def test_what_is_integrated_out_and_what_is_counted_agree(libya, measure):
    forgets = libya.replace({"coefficients.answers.mood_half_life": 0})
    smooth = read_versions([Version(forgets)], measure, 1024, seed=5)[0]
    counted = read_runs(forgets, [measure], 1024, 6)[measure]  # luck of its own
    error = np.hypot(smooth.std(), counted.std()) / 32
    assert abs(smooth.mean() - counted.mean()) < 4 * error
    assert smooth.std() < 0.5 * counted.std()


def test_where_answers_tell_of_the_next_a_start_is_counted(still):
    """Off runs in which all refuse, the chances of later answers are those of parties that have refused."""
    assert not reading("truce.starts", still()).counted
    assert reading("truce.starts", still(changes={"coefficients.answers.mood_half_life": 30})).counted
    assert reading("truce.starts", still(changes={"coefficients.answers.spurned": 5})).counted


def test_an_offer_that_may_not_be_made_counts_for_nothing_where_it_is_not(still):
    more = """
[[events]]
on = 2020-01-07
id = "maybe"
probability = 0.5
offer = { id = "third", sponsors = ["Blue"], form = "declared" }
"""
    found = read_versions([Version(still(more))], "truce.starts", 2000, seed=1)[0]
    assert set(np.round(found, 9)) == {round(7 / 16, 9), round(37 / 64, 9)}  # two offers, or three: 1 - (3/4)^3
    assert abs((found > 0.5).mean() - 0.5) < 4 * 0.5 / np.sqrt(2000)


def test_a_move_stops_at_the_end_of_the_scale(still):
    found = read_versions([Version(still(), {"actors.Red.stance": 80.0})], "stance.Red", 3, seed=1)
    np.testing.assert_allclose(found, 100.0)


def test_a_move_of_something_unknown_is_refused_with_the_nearest_name(still):
    with pytest.raises(ScenarioError, match=r"Did you mean 'actors\.Red\.stance'"):
        read_versions([Version(still(), {"actors.Rad.stance": 1.0})], "truce.starts", 3, seed=1)


def test_pseudo_values_average_over_the_runs_in_which_the_question_arises():
    # It arises in half of the runs, with 1 and 3: mean 2; each lies 1 from it, which counts double.
    np.testing.assert_allclose(pseudo(np.array([1.0, np.nan, 3.0, np.nan])), [0.0, 2.0, 4.0, 2.0])


def test_the_difference_of_means_over_different_runs_is_told_with_an_interval():
    one, other = np.tile([1.0, np.nan, 3.0, 5.0], 3), np.tile([2.0, 2.0, np.nan, 2.0], 3)
    mean, low, high = apart(one, other, counted=False)
    assert mean == pytest.approx(1.0)  # 3 less 2
    assert -1 < low < 1 < high < 3
    few = apart(one[:8], other[:8], counted=False)  # it arises in six of these eight
    assert few == (pytest.approx(1.0), -np.inf, np.inf)


def test_what_arises_in_one_run_of_many_is_not_known_for_certain():
    one, other = np.full(500, np.nan), np.full(500, 2.0)
    one[3] = 7.0
    assert apart(one, other, counted=False) == (pytest.approx(5.0), -np.inf, np.inf)


def test_what_is_the_same_in_every_run_has_an_interval_without_width():
    assert interval(np.full(10, 0.1)) == (0.1, 0.1, 0.1)
