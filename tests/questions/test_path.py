"""The least change that reaches a target, where it can be worked out."""

import numpy as np
import pytest

import simulation as sim
from simulation.questions.path import Lever, rows
from simulation.questions.path import path as ask
from simulation.questions.path.frontier import describe
from simulation.scenario import ScenarioError


def path(*given, **options):
    """The dataset of the answer."""
    return ask(*given, **options).result


E_TO_1 = 0.7310585786300049  # the logistic of 1: ten points above the threshold

STANCE = Lever("actors.Red.stance", 40, 90)
MONITORING = Lever("events.first.offer.monitoring", 0, 1)


def asked(result):
    return result.isel(point=int(np.flatnonzero(result.asked.values)[0]))


def test_one_lever_goes_exactly_as_far_as_it_has_to(still):
    here = asked(path(still(), "answer.first.Red", E_TO_1, [STANCE], runs=5, points=0))
    assert bool(here.reached)
    assert float(here.value.sel(lever=STANCE.key)) == pytest.approx(60, abs=0.1)  # ten points are a tenth of the scale
    assert float(here.cost) == pytest.approx(0.1, abs=0.001)
    assert float(here.fresh) == pytest.approx(E_TO_1, abs=0.001)


def test_what_it_would_take_may_be_a_concession(still):
    # Red wants all of the prize and has nothing of it; ten points of content 40 are a quarter of what it wants.
    prize = """
[issues.prize]
now = 0
[[wants]]
party = "Red"
issue = "prize"
want = 100
weight = 1
assumed = "made up"
"""
    concession = Lever("events.first.offer.terms.prize", 0, 100)
    story = still(prize, {"coefficients.answers.content": 40})
    here = asked(path(story, "answer.first.Red", E_TO_1, [concession], runs=5, points=0))
    assert float(here.value.sel(lever=concession.key)) == pytest.approx(25, abs=0.1)


def test_the_cheaper_of_two_levers_is_taken(still):
    # Ten points by stance cost 0.1; by monitoring, worth 20 points in full, 0.5.
    here = asked(path(still(), "answer.first.Red", E_TO_1, [MONITORING, STANCE], runs=5, points=0))
    assert float(here.value.sel(lever=MONITORING.key)) == pytest.approx(0, abs=0.01)
    assert float(here.cost) == pytest.approx(0.1, abs=0.002)
    # At ten times the price for stance it is the other way round.
    dear = Lever(STANCE.key, 40, 90, weight=10)
    here = asked(path(still(), "answer.first.Red", E_TO_1, [MONITORING, dear], runs=5, points=0))
    assert float(here.value.sel(lever=STANCE.key)) == pytest.approx(50, abs=0.1)
    assert float(here.value.sel(lever=MONITORING.key)) == pytest.approx(0.5, abs=0.01)


def test_where_both_have_to_agree_the_burden_is_shared(still):
    # A truce from the first offer: the product of two chances, at the same price a point. With x and y points above
    # the threshold the cheapest x + y for a given product is x = y; at 0.731^2 each goes ten points.
    levers = [STANCE, Lever("actors.Blue.stance", 40, 90)]
    here = asked(path(still(), "truce.starts.2020-01-03", E_TO_1**2, levers, runs=5, points=0))
    assert float(here.cost) == pytest.approx(0.2, abs=0.004)
    np.testing.assert_allclose(here.value.values, [60, 60], atol=2.5)


def test_a_target_beyond_the_bounds_is_said_to_be(still):
    result = path(still(), "answer.first.Red", 0.9, [Lever(STANCE.key, 50, 60)], runs=5, points=2)
    here = asked(result)
    assert not bool(here.reached)
    assert float(here.fresh) == pytest.approx(E_TO_1)
    assert float(here.value.sel(lever=STANCE.key)) == 60


def test_what_stands_already_costs_nothing(still):
    here = asked(path(still(), "answer.first.Red", 0.4, [STANCE], runs=5, points=0))
    assert float(here.cost) == 0
    assert float(here.value.sel(lever=STANCE.key)) == 50


def test_a_lever_that_does_not_help_is_left_alone(still):
    levers = [Lever("actors.Bystander.stance", 0, 100), STANCE]
    here = asked(path(still(), "answer.first.Red", E_TO_1, levers, runs=5, points=0))
    assert float(here.value.sel(lever="actors.Bystander.stance")) == 90


def test_more_chance_never_costs_less(still):
    result = path(still(), "answer.first.Red", 0.8, [MONITORING, STANCE], runs=5, points=4)
    assert (np.diff(result.target.values) > 0).all()
    assert (np.diff(result.cost.values) >= 0).all()
    assert (result.fresh.values >= result.target.values - 0.002).all()
    assert sum(row["asked"] for row in rows(result)) == 1


def test_a_chance_that_can_only_be_counted_is_checked_on_fresh_luck(still):
    result = path(still(), "truce.holds_to_end", 0.4, [STANCE, Lever("actors.Blue.stance", 40, 90)], runs=200, points=0)
    here = asked(result)
    assert bool(here.reached)
    assert float(here.fresh_high) >= 0.4
    assert float(here.fresh_low) < float(here.fresh) < float(here.fresh_high)


@pytest.mark.parametrize(
    ("measure", "chance", "levers", "words"),
    [
        ("answer.first.Red", 1.2, [STANCE], "between 0 and 1"),
        ("stance.Red", 0.5, [STANCE], "not a chance"),
        ("answer.first.Red", 0.5, [], "no lever"),
        ("answer.first.Red", 0.5, [STANCE, STANCE], "named twice"),
        ("answer.first.Red", 0.5, [Lever("actors.Rod.stance")], "Did you mean 'actors.Red.stance'"),
        ("answer.first.Red", 0.5, [Lever(STANCE.key, 60, 60)], "from 60 to 60 will not do"),
        ("answer.first.Red", 0.5, [Lever(STANCE.key, 50, 160)], "within 0 … 100"),
        ("answer.first.Red", 0.5, [Lever(STANCE.key, 60, 80)], "stands at 50, outside the bounds"),
        ("answer.first.Red", 0.5, [Lever(STANCE.key, 40, 80, weight=0)], "a cost above 0"),
    ],
)
def test_what_cannot_be_searched_is_said(still, measure, chance, levers, words):
    with pytest.raises(ScenarioError, match=words):
        path(still(), measure, chance, levers, runs=5)


def test_the_picture_tells_the_cost_or_that_there_is_none(still):
    from simulation.show.plots.path import figure_path

    found = figure_path(path(still(), "answer.first.Red", E_TO_1, [STANCE], runs=5, points=1))
    assert any("cost 0.10 for 73 %" in text.get_text() for ax in found.axes for text in ax.texts)
    lost = figure_path(path(still(), "answer.first.Red", 0.9, [Lever(STANCE.key, 50, 60)], runs=5, points=1))
    assert any("not within these bounds: 73 % at best" in text.get_text() for ax in lost.axes for text in ax.texts)


def test_levers_on_the_command_line_are_read():
    from simulation.cli.path import parse_lever

    assert parse_lever("actors.Red.stance") == ("actors.Red.stance", ())
    assert parse_lever("actors.Red.stance=10:20:3") == ("actors.Red.stance", (10, 20, 3))
    for wrong in ("a.b=", "a.b=1", "a.b=1:x", "a.b=1:2:3:4"):
        with pytest.raises(ScenarioError, match="written KEY=LOW:HIGH:COST"):
            parse_lever(wrong)


def test_levers_are_keys_with_their_bounds_and_costs(still):
    """``{"key": (low, high, cost)}`` is what a list of levers says."""
    one = path(still(), "answer.first.Red", 0.6, {STANCE.key: (40, 90)}, runs=5, points=0)
    np.testing.assert_array_equal(one.cost, path(still(), "answer.first.Red", 0.6, [STANCE], runs=5, points=0).cost)
    dear = path(still(), "answer.first.Red", 0.6, {STANCE.key: (40, 90, 2)}, runs=5, points=0)
    np.testing.assert_allclose(dear.cost, 2 * one.cost, atol=1e-3)
    with pytest.raises(ScenarioError, match="bounds, low and high"):
        path(still(), "answer.first.Red", 0.6, {STANCE.key: (40,)}, runs=5)


def test_a_point_at_which_the_question_does_not_arise_on_fresh_luck_is_a_dash(libya):
    """Truces come in few runs, and collapse in fewer: where none comes on fresh luck, nothing is known."""
    found = sim.path(libya, "truce.starts", 0.5, {"actors.LNA.stance": (10, 60)}, runs=8, points=1)
    bare = found.result.copy(deep=True)
    for name in ("fresh", "fresh_low", "fresh_high"):
        bare[name][0] = np.nan
    assert "0.00 –" in " ".join(str(describe(bare)).split())
    assert "nan" not in str(describe(bare))
    assert set(sim.plot(bare)) == {"path"}
