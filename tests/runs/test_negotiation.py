"""Negotiations without parties: what they come to, when they settle, and over several issues at once."""

import numpy as np
import pytest

import simulation as sim
from simulation.dynamics.simulate import History
from simulation.runs.results import condense
from simulation.scenario.files import load_text
from simulation.scenario.measures import parse
from simulation.scenario.readings import camps, settled
from simulation.scenario.writing import as_toml


@pytest.fixture(scope="module")
def seven():
    return sim.load_scenario("ktab-seven-actors")


@pytest.fixture(scope="module")
def still(tell):
    """Left at 10 with weight 100 * 50, Centre at 50 with 50 * 50, Right at 90 with 20 * 50; all go to the mean."""
    return tell(
        "talks",
        changes={"rule": {"name": "compromise", "whole_moves": True}, "coefficients.opinion.noise": 0.0},
    )


def test_the_outcome_is_the_mean_and_median_by_salience_and_influence(still):
    # (10 * 10 + 5 * 50 + 2 * 90) / 17 = 530 / 17; Left alone has more than half of the weight
    outcome = sim.run_ensemble(still, runs=2).outcome
    np.testing.assert_allclose(outcome.sel(step=0, centre="mean"), 530 / 17)
    np.testing.assert_allclose(outcome.sel(step=0, centre="median"), 10.0)
    np.testing.assert_allclose(outcome.isel(step=-1), 530 / 17)  # everybody has gone there


def test_a_change_of_salience_on_the_way_counts_in_the_outcome(tell, quiet):
    more = '\n[[events]]\non = 2020-01-03\nset = { "actors.Left.salience" = 0 }\nassumed = "made up"\n'
    changes = {"rule.openness": 0.0, "coefficients.opinion.noise": 0.0}
    outcome = sim.run_ensemble(tell("talks", more, changes), runs=1).outcome.sel(run=0, centre="mean")
    np.testing.assert_allclose(outcome[:3], 530 / 17)
    np.testing.assert_allclose(outcome[3:], (5 * 50 + 2 * 90) / 7)


def test_where_nobody_has_weight_all_count_alike(still):
    idle = still.replace({f"actors.{name}.influence": 0 for name in still.actors})
    np.testing.assert_allclose(sim.run_ensemble(idle, runs=1).outcome.isel(step=-1).sel(centre="mean"), 50.0)


def test_a_negotiation_has_settled_from_the_step_on_in_which_nobody_moves_any_more():
    def rested(stance, further):
        return settled(History({"stance": stance, "further": further}, {}))

    stance = np.array([[[0.0, 0.0]], [[5.0, 0.0]], [[5.05, 0.0]], [[6.0, 0.0]], [[6.0, 0.1]], [[6.0, 0.1]]])
    blank = np.empty((6, 1, 2, 0))
    assert rested(stance, blank).tolist() == [3.0]  # a pause before is not the end
    assert np.isnan(rested(stance[:4], blank[:4]))[0]  # it moved to the last
    drifting = np.arange(6.0)[:, None, None, None] * np.ones((6, 1, 2, 1))
    assert np.isnan(rested(stance, drifting))[0]  # on another issue they still move


def test_the_compromise_settles_after_its_first_round(still):
    summary = sim.summarise(sim.run_ensemble(still, runs=8))["outcome"]
    assert summary["settled"]["median_step"] == 1
    assert summary["settled"]["chance"] == 1.0
    assert summary["mean"]["value"] == summary["mean"]["low"] == pytest.approx(530 / 17, abs=1e-4)


def test_the_median_of_the_rounds_to_rest_is_the_lower_one_at_a_tie(still):
    digest = condense(sim.run_ensemble(still, runs=5))
    digest["settled"][:] = 0
    digest["settled"][[2, 4]] = 2  # one of the five never rests
    settled = sim.summarise(digest)["outcome"]["settled"]
    assert (settled["chance"], settled["median_step"]) == (0.8, 2)
    digest["settled"][[2, 4]] = [1, 3]
    assert sim.summarise(digest)["outcome"]["settled"]["median_step"] == 4


def test_what_never_rests_is_not_called_settled(talks):
    summary = sim.summarise(sim.run_ensemble(talks, runs=20))["outcome"]  # a point of noise a day
    assert (summary["settled"]["chance"], summary["settled"]["median_step"]) == (0.0, None)
    assert summary["mean"]["low"] < summary["mean"]["value"] < summary["mean"]["high"]


def test_camps_stand_more_than_a_point_apart():
    stance = np.array([[0.0, 1.0, 2.0, 3.5, 90.0], [50.0, 50.0, 50.0, 50.0, 50.0], [0.0, 10.0, 20.0, 30.0, 40.0]])
    assert camps(stance).tolist() == [3, 1, 5]  # 0, 1 and 2 hang together, a point apart each
    assert camps(stance, 3).tolist() == [1, 1, 0]


def test_an_outcome_is_refused_where_parties_fight(libya, talks):
    with pytest.raises(sim.ScenarioError, match="LNA, GNA fight"):
        parse("outcome.mean", libya)
    with pytest.raises(sim.ScenarioError, match=r"outcome\.camps\.N"):
        parse("outcome.camps.0", talks)
    with pytest.raises(sim.ScenarioError, match="no issue"):
        parse("position.Left.money", talks)


def test_kept_runs_and_counted_ones_tell_the_same(seven, talks):
    for scenario in (talks, seven):
        kept = condense(sim.run_ensemble(scenario, runs=30, seed=2))
        counted = sim.run_ensemble(scenario, runs=30, seed=2, keep="summary")
        assert sim.summarise(kept) == sim.summarise(counted)


def test_a_result_with_issues_is_saved_and_read_whole(seven, tmp_path):
    result = sim.run_ensemble(seven, runs=2)
    again = sim.load(sim.save(result, tmp_path / "result.nc"))
    np.testing.assert_array_equal(again.position, result.position)
    assert sim.summarise(again) == sim.summarise(result)


def test_over_several_issues_the_first_is_the_stance(seven):
    result = sim.run_ensemble(seven, runs=1)
    assert list(result.issue.values) == ["first", "second", "third"]
    np.testing.assert_array_equal(result.position.sel(issue="first"), result.stance)
    assert seven.actors["A00"].stance.best == 75.79
    assert load_text(as_toml(seven), "again") == seven


def test_a_summary_tells_where_everybody_ends_on_each_issue(seven):
    marked = sim.run_ensemble(seven, runs=3).copy(deep=True)
    marked["position"][:], marked["stance"][:] = 0.0, 0.0
    actor, issues = marked.actor.values[1], list(marked.issue.values)
    marked.position.loc[{"actor": actor, "issue": issues[2], "run": 1}] = 100.0
    positions = sim.summarise(marked)["positions"]
    assert positions[actor] == {**dict.fromkeys(issues, 0.0), issues[2]: 33.3333}
    assert all(ends == dict.fromkeys(issues, 0.0) for name, ends in positions.items() if name != actor)


def test_every_turn_over_three_issues_is_the_one_that_the_published_game_plays(seven):
    from simulation.rules import spatial

    actors = seven.actors.values()
    positions = np.array([actor.positions for actor in actors])
    saliences = np.array([actor.saliences for actor in actors]) / 100
    played = spatial.play(positions, saliences, [actor.influence.best for actor in actors], 10)
    np.testing.assert_allclose(sim.run_ensemble(seven, runs=1).position[0], played, atol=1e-10)


def test_a_mesa_run_over_several_issues_is_that_run_of_the_ensemble(seven):
    drawn = seven.replace({"rule": {"name": "spatial", "whole_moves": True, "transition": "stochastic"}})
    result = sim.run_ensemble(drawn, runs=4, seed=5)
    model = sim.ConflictModel(drawn, seed=5, run=3)
    while model.running:
        model.step()
    np.testing.assert_array_equal(model.state.stance, result.stance[3, -1])
    np.testing.assert_array_equal(model.state.further, result.position[3, -1, :, 1:])
    assert len(np.unique(result.position[:, -1, :, 1].values, axis=0)) > 1  # the runs differ


SEVERAL = """
schema = 1
title = "two issues"
start = 2020-01-01
steps = 3
rule = { name = "spatial", whole_moves = true }
coefficients.opinion.noise = 0
issues = ["land", "money"]
[actors.A]
roles = ["mediator"]
positions = [10, 20]
saliences = [50, 50]
influence = 10
assumed = "made up"
[actors.B]
roles = ["mediator"]
positions = [80, 90]
saliences = [30, 20]
influence = 20
assumed = "made up"
"""


def test_the_small_case_runs():
    assert sim.run_ensemble(load_text(SEVERAL, "t"), runs=1).position.shape == (1, 4, 2, 2)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'roles = ["mediator"]\npositions = [10',
            'roles = ["party"]\npositions = [10',
            "fight, so say what each issue means",
        ),
        ('"spatial", whole_moves = true', '"expected-utility"', "'expected-utility' plays one"),
        (", whole_moves = true", "", "set rule.whole_moves = true"),
        ("whole_moves = true", "whole_moves = true, following = 0.5", "leave out rule.following"),
        ("coefficients.opinion.noise = 0", "coefficients.opinion.noise = 1", r"set coefficients\.opinion\.noise = 0"),
        ("saliences = [50, 50]", "saliences = [50, 51]", r"actors\.A\.saliences: 101 in all"),
        ("saliences = [50, 50]", "saliences = [50]", r"actors\.A\.saliences: 2 numbers are needed.* there are 1"),
        ("saliences = [50, 50]", "salience = 50", r"actors\.A\.saliences: 2 numbers are needed.* there are none"),
        ("positions = [10, 20]", "positions = [10, 20]\nstance = 30", r"30 is not the first of positions, 10"),
        ("positions = [10, 20]", "positions = [10, 120]", "out of range: at most 100"),
        ("positions = [10, 20]", "positions = []", r"actors\.A\.stance: missing"),
        ('issues = ["land", "money"]', "", "name these"),
        ('issues = ["land", "money"]', 'issues = ["land", "land"]', "named twice"),
        ('issues = ["land", "money"]', 'issues = ["land"]', "a list needs two names or more"),
        (
            "[actors.A]",
            '[[events]]\non = 2020-01-02\nset = { "actors.A.salience" = 3 }\nassumed = "x"\n[actors.A]',
            "without events",
        ),
    ],
)
def test_several_issues_that_will_not_do_are_refused_with_what_would(old, new, message):
    assert old in SEVERAL
    with pytest.raises(sim.ScenarioError, match=message):
        load_text(SEVERAL.replace(old, new, 1), "t")


def test_a_second_dimension_in_a_conflict_is_refused(libya):
    with pytest.raises(sim.ScenarioError, match=r"actors\.LNA: positions and saliences belong to a negotiation"):
        libya.replace({"actors.LNA.positions": [12, 30]})


def test_why_says_that_it_tells_of_one_issue(seven):
    from simulation import why

    with pytest.raises(sim.ScenarioError, match="it tells of one issue"):
        why(seven, "A00")
