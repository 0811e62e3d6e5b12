"""Outcomes shared out: the axioms of the Shapley value, and stories in which everybody's part is known."""

import re

import numpy as np
import pytest

from simulation.questions.attribute import attribute as ask
from simulation.questions.attribute.describe import rows
from simulation.questions.attribute.groups import groups_of, without
from simulation.questions.attribute.shapley import orders_of, sampled, shapley
from simulation.scenario import ScenarioError


def attribute(*given, **options):
    """The dataset of the answer."""
    return ask(*given, **options).result


def shift(name, key, amount, day=3):
    return f'\n[[events]]\non = 2020-01-0{day}\nid = "{name}"\nadd = {{ "{key}" = {amount} }}\n'


def test_the_glove_game_is_shared_as_published():
    # One left glove, two right ones (players 1 and 2); a pair is worth 1. Osborne & Rubinstein (1994), A course in game
    # theory, section 14.4: 2/3 to the left glove, 1/6 to each of the right ones.
    worth = np.array([float(bool(c & 1) and bool(c & 6)) for c in range(8)])
    np.testing.assert_allclose(shapley(worth), [2 / 3, 1 / 6, 1 / 6])


def test_the_runway_is_paid_for_as_published():
    # Littlechild & Owen (1973), Management Science 20, 370-372: each stretch is shared by those who need it.
    # Costs 1, 3, 6: the first stretch by three, the second by two, the third by one: 1/3, 1/3 + 1, 1/3 + 1 + 3.
    costs = [1.0, 3.0, 6.0]
    worth = np.array([max([costs[k] for k in range(3) if c >> k & 1], default=0.0) for c in range(8)])
    np.testing.assert_allclose(shapley(worth), [1 / 3, 4 / 3, 13 / 3])


def test_shares_sum_to_the_whole_and_treat_equals_alike_whatever_the_game():
    draws = np.random.default_rng(3)
    worth = draws.normal(size=(16, 5))  # four players, five runs
    np.testing.assert_allclose(shapley(worth).sum(axis=0), worth[15] - worth[0])
    for c in range(16):  # make players 0 and 1 interchangeable
        swapped = (c & ~3) | (c & 1) << 1 | (c & 2) >> 1
        worth[c] = worth[swapped] if swapped < c else worth[c]
    found = shapley(worth)
    np.testing.assert_allclose(found[0], found[1])
    doing_nothing = np.concatenate([worth, worth])  # a fifth player who adds nothing to any coalition
    np.testing.assert_allclose(shapley(doing_nothing)[4], 0.0)


def test_events_that_only_add_up_get_what_they_add(still):
    more = shift("up", "actors.Red.stance", 10) + shift("down", "actors.Red.stance", -4)
    more += shift("elsewhere", "actors.Bystander.salience", -50)
    result = attribute(still(more), "stance.Red", runs=3)
    found = {row["group"]: row["share"] for row in rows(result)}
    assert found["up"] == pytest.approx(10)
    assert found["down"] == pytest.approx(-4)
    assert found["elsewhere"] == 0  # exactly: it touches nothing
    assert float(result.difference) == pytest.approx(6)
    assert sum(found.values()) == pytest.approx(float(result.difference), abs=1e-12)


def test_events_that_overlap_share_what_they_do_together(still):
    # Each by itself lifts Red from 50 to 90; both together only to 100, the end of the scale. Half of 50 each.
    more = shift("one", "actors.Red.stance", 40) + shift("other", "actors.Red.stance", 40, day=4)
    result = attribute(still(more), "stance.Red", {"one": ["events.one"], "other": ["events.other"]}, runs=8)
    np.testing.assert_allclose(result.share, [25, 25])
    np.testing.assert_allclose(result.low, [25, 25])
    np.testing.assert_allclose(result.alone, [40, 40])
    np.testing.assert_allclose(result["last"], [10, 10])


def test_shares_of_a_chance_sum_to_the_difference_run_by_run(libya):
    result = attribute(libya, "truce.holds_to_end", groups_of(libya, ["events"]), runs=64)
    assert float(result.share.sum()) == pytest.approx(float(result.full - result.without), abs=1e-12)
    assert (result.low <= result.share).all()
    assert result.attrs["exact"] == 1


def test_shares_of_what_is_counted_are_not_certain_where_no_run_differs(still):
    # Nobody accepts, 50 points short of the threshold at a temperature of 1: no run has a truce with the offers or
    # without them.
    never = still("", {"coefficients.answers.threshold": 100.0, "coefficients.answers.temperature": 1.0})
    found = ask(never, "truce.holds_to_end", runs=50)
    np.testing.assert_array_equal(found.result.share, [0, 0])
    # as of any difference in 50 runs none of which differs (Agresti & Min 2005): 1.96 / 52 to either side
    np.testing.assert_allclose(found.result.low, -0.03769, atol=1e-3)
    np.testing.assert_allclose(found.result.high, 0.03769, atol=1e-3)
    assert "(+0.0 to +0.0)" not in str(found)


@pytest.mark.parametrize("measure", ["truce.starts", "truce.holds_to_end", "stance.Red"])
@pytest.mark.parametrize("runs", [1, 2, 7, 30])
def test_no_interval_without_width_is_printed(still, measure, runs):
    words = str(ask(still(shift("up", "actors.Red.stance", 10)), measure, runs=runs))
    assert not re.search(r"\(([+-][\d.]+) to \1\)", words), words


def test_beyond_ten_groups_orders_are_followed_and_still_sum_to_the_difference(still):
    more = "".join(shift(f"e{number}", "actors.Red.stance", 1) for number in range(11))
    more += shift("twice", "actors.Red.stance", 30) + shift("over", "actors.Red.stance", 30)
    groups = {f"e{number}": [f"events.e{number}"] for number in range(11)} | {
        "twice": ["events.twice"],
        "over": ["events.over"],
    }
    result = attribute(still(more), "stance.Red", groups, runs=3, permutations=6)
    assert result.attrs["exact"] == 0
    assert float(result.share.sum()) == pytest.approx(50, abs=1e-9)  # from 50 to the end of the scale
    again = attribute(still(more), "stance.Red", groups, runs=3, permutations=6)
    np.testing.assert_array_equal(result.share, again.share)


def test_intervals_from_orders_hold_the_exact_share_as_often_as_they_say():
    # Thirteen players lift something towards an end of the scale: eleven by 1, two by 30, 50 at most.
    lifts = np.array([1.0] * 11 + [30.0] * 2)
    worth = {c: np.full(2, min(lifts[[k for k in range(13) if c >> k & 1]].sum(), 50.0)) for c in range(2**13)}
    exact = shapley(np.array([worth[c][0] for c in range(2**13)]))
    assert exact.sum() == pytest.approx(50)
    held = []
    for seed in range(100):
        _, low, high = sampled(orders_of(13, 20, seed), worth).T
        held.append((low[11:] <= exact[11:]) & (exact[11:] <= high[11:]))
    assert 0.88 <= np.mean(held) <= 1.0  # 95 % of 200, which come in pairs


def test_a_tie_that_is_left_out_stays_out_whatever_events_say(still):
    more = shift("given", "ties.Envoy.Red.leverage", 0.2)
    less = without(still(more), ["ties.Envoy.Red"])
    [tie] = less.ties
    assert tie.leverage.best == 0
    assert [event.name for event in less.events] == ["first", "second"]  # the event had nothing else to do
    kept = without(still(more), ["events.given"])
    assert kept.ties[0].leverage.best == 0.5


def test_a_number_can_be_put_to_what_it_would_have_been(still):
    result = attribute(still(), "stance.Red", {"readiness": ["actors.Red.stance=20"]}, runs=3)
    assert float(result.without) == 20
    assert float(result.share[0]) == pytest.approx(30)


def test_groups_are_made_by_kind(still):
    scenario = still(shift("up", "actors.Red.stance", 10))
    assert groups_of(scenario, ["events"]) == {"up": ["events.up"]}
    assert groups_of(scenario, ["offers"]) == {"first": ["events.first"], "second": ["events.second"]}
    assert groups_of(scenario, ["backers"]) == {"Envoy": ["ties.Envoy.Red"]}
    # The offer that the measure asks about cannot be left out.
    assert set(groups_of(scenario, ["offers"], "answer.first.Red")) == {"second"}


@pytest.mark.parametrize(
    ("measure", "groups", "words"),
    [
        ("truce.starts", {}, "no groups"),
        ("truce.starts", {"x": []}, "group 'x' is empty"),
        ("truce.starts", {"x": ["events.frist"]}, "no such event. Did you mean 'first'"),
        ("truce.starts", {"x": ["ties.Envoy.Rod"]}, "no such tie. Did you mean 'Envoy.Red'"),
        ("truce.starts", {"x": ["ties.Envoy.Red.leverge"]}, "Did you mean 'leverage'"),
        ("truce.starts", {"x": ["Envoy"]}, "written events.NAME"),
        ("truce.starts", {"x": ["events.first"], "y": ["events.first"]}, "in two groups, 'x' and 'y'"),
        ("answer.first.Red", {"x": ["events.first"]}, "cannot be asked without 'x'"),
        ("truce.days", {"x": ["events.first"], "y": ["events.second"]}, "in 1 of 4 combinations"),
    ],
)
def test_what_cannot_be_attributed_is_said(still, measure, groups, words):
    with pytest.raises(ScenarioError, match=words):
        attribute(still(), measure, groups, runs=50)


def test_the_picture_leads_from_without_to_with(still):
    from simulation.show.plots.attribute import figure_attribute

    more = shift("up", "actors.Red.stance", 10)
    [ax] = figure_attribute(attribute(still(more), "stance.Red", {"up": ["events.up"]}, runs=3)).get_axes()
    words = {text.get_text() for text in ax.texts}
    assert {"50.0", "+10.0", "60.0"} <= words
    low, high = ax.get_xlim()  # from 50 to 60: the axis covers the step, and does not begin at 0
    assert 45 < low < 50
    assert 60 < high < 65
