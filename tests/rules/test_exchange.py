"""The exchange model: against figures computed by others, by hand, and what must hold of any exchange."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import simulation as sim
from simulation.rules import exchange
from simulation.rules.exchange import rounds
from simulation.scenario.files import load_text

PARIS = json.loads((Path(__file__).parent.parent / "reference/exchange/paris_2015.json").read_text(encoding="utf-8"))


def paris():
    return (np.array(PARIS[key], dtype=float) for key in ("positions", "saliences", "influence"))


def told(deal):
    """An exchange in the words of the reference, the actors in alphabetical order."""
    sides = [
        (PARIS["actors"][deal.actor[one]], PARIS["issues"][deal.issue[one]], deal.start[one], deal.vote[one])
        for one in (0, 1)
    ]
    return [*sorted(sides), deal.gain]


def printed(row):
    actor, issue, partner, theirs, gain, *numbers = row
    return [*sorted([(actor, issue, *numbers[:2]), (partner, theirs, *numbers[2:])]), gain]


def same(one, other):
    names = [side[:2] for side in one[:2]] == [side[:2] for side in other[:2]]
    numbers = [(*deal[0][2:], *deal[1][2:], deal[2]) for deal in (one, other)]
    return names and np.allclose(*numbers, rtol=1e-4, atol=1e-4)  # printed to six figures, made up of such


# Computed by others


def test_the_exchanges_of_paris_come_out_one_by_one():
    """Three of the 128 were drawn from exchanges with equal gains; a salience a ten-millionth lower decides them."""
    position, salience, influence = paris()
    for actor, issue in (("China", "financewho"), ("EU28", "progress"), ("India", "adaptinst")):
        salience[PARIS["actors"].index(actor), PARIS["issues"].index(issue)] -= 1e-7
    played = exchange.play(position, salience, influence)
    for place, (deal, row) in enumerate(zip(played.deals(), PARIS["exchanges"], strict=False)):
        assert same(told(deal), printed(row)), place
    assert len(PARIS["exchanges"]) == 128
    assert (played.gain[128:] < 1e-6).all()  # of the ten-millionths themselves


def test_without_a_lot_the_exchanges_of_paris_are_the_same_up_to_the_first_tie():
    deals = exchange.play(*paris()).deals()
    assert len(deals) == 128
    assert [same(told(deal), printed(row)) for deal, row in zip(deals, PARIS["exchanges"], strict=False)][:58] == [
        True
    ] * 58


def test_the_outcomes_of_paris_follow_from_the_positions_printed():
    position, salience, influence = paris()
    votes = position.copy()
    for actor, issue, partner, theirs, _, _, own_vote, _, their_vote in PARIS["exchanges"]:
        votes[PARIS["actors"].index(actor), PARIS["issues"].index(issue)] = own_vote
        votes[PARIS["actors"].index(partner), PARIS["issues"].index(theirs)] = their_vote
    weight = influence[:, None] * salience
    outcome = (weight * votes).sum(axis=0) / weight.sum(axis=0)
    near = [PARIS["issues"].index(issue) for issue in ("legal", "adaptlegal", "adaptinst", "financevol", "ld", "eaa")]
    np.testing.assert_allclose(exchange.play(*paris()).outcome[near], outcome[near], atol=1e-4)  # untouched by the lots


def test_the_first_exchanges_of_the_toll_for_a_city_centre_are_those_of_a_public_program():
    """A training case of ten actors on six issues (2017); its gains are 1.9736842105 and 1.7926363088, and in the first
    the shopkeepers move by 61.05117364 for a whole move of the alderman, who shifts the outcome by 13.1578947."""
    euros = np.array([3, 3, 5, 0.5, 2, 1, 3, 3, 1, 0.5])
    position = np.stack(
        [
            [100, 50, 100, 0, 75, 25, 25, 75, 25, 0],
            (euros - 0.5) / 6.5 * 100,
            [100, 75, 100, 0, 75, 25, 50, 75, 0, 0],
            [100, 100, 100, 0, 50, 50, 75, 100, 0, 0],
            [25, 25, 50, 50, 0, 25, 25, 50, 50, 100],
            [75, 25, 100, 0, 0, 50, 50, 75, 25, 100],
        ],
        axis=1,
    )
    salience = np.stack(
        [
            [0.95, 0.8, 0.95, 0.9, 0.7, 0.8, 0.5, 0.7, 0.8, 0.95],
            [0.7, 0.7, 0.9, 0.5, 0.5, 0.6, 0.3, 0.5, 0.6, 0.8],
            [0.9, 0.7, 0.95, 0.9, 0.6, 0.7, 0.5, 0.6, 0.7, 1],
            [0.8, 0.6, 0.8, 0.9, 0.4, 0.4, 0.6, 0.6, 0.9, 0.95],
            [0.6, 0.5, 0.4, 0.8, 0.3, 0.5, 0.5, 0.5, 0.5, 0.9],
            [0.95, 0.8, 0.9, 0.7, 0.7, 0.6, 0.7, 0.8, 0.8, 0.9],
        ],
        axis=1,
    )
    played = exchange.play(position, salience, [1, 1, 0.6, 0.5, 0.4, 0.5, 0.2, 0.2, 0.6, 0.9])
    first, second = played.deals()[:2]
    assert (first.actor, first.issue) == ((0, 9), (4, 0))
    assert first.gain == pytest.approx(1.973684210526315789, rel=1e-14)
    assert second.gain == pytest.approx(1.79263630876534102, rel=1e-14)
    assert first.start == (25, 0)
    assert first.vote == (100, pytest.approx(61.05117364047237206, rel=1e-14))
    weight = 0.6 * 1 / (salience[:, 4] * [1, 1, 0.6, 0.5, 0.4, 0.5, 0.2, 0.2, 0.6, 0.9]).sum()
    assert 75 * weight == pytest.approx(13.15789473684210526)


# By hand

APART = np.array([[0.0, 0.0], [100.0, 100.0]])


def test_two_who_care_for_opposite_issues_swap_them_whole():
    """Saliences 3/4 and 1/4, and the other way about: expected are 25 and 75, agreed 0 and 100. Each gains 25 points of
    outcome on the issue it cares for and loses 25 on the other, 3/4 25 - 1/4 25 = 12.5."""
    played = exchange.play(APART, [[0.75, 0.25], [0.25, 0.75]], [1, 1])
    assert played.expected.tolist() == [25, 75]
    assert played.outcome.tolist() == [0, 100]
    assert played.vote.tolist() == [[0, 100], [0, 100]]
    assert played.deals() == [exchange.Deal((0, 1), (1, 0), (0, 100), (100, 0), 12.5)]


def test_the_one_with_more_to_give_gives_a_part():
    """Weights are 2 and 1/2 on the first issue, 1 and 1/2 on the second: expected are 20 and 100/3. The second actor
    goes all the way on the first issue, 20 points of outcome. For equal gains the first moves the other outcome by
    (1 + 1/2)/(1/2 + 1/2) times as much, 30, for which it goes 45: 1 · 20 - 1/2 · 30 = 1/2 · 30 - 1/2 · 20 = 5."""
    played = exchange.play(APART, [[1, 0.5], [0.5, 0.5]], [2, 1])
    np.testing.assert_allclose(played.expected, [20, 100 / 3])
    np.testing.assert_allclose(played.outcome, [0, 100 / 3 + 30], atol=1e-12)
    (deal,) = played.deals()
    assert (deal.actor, deal.issue) == ((0, 1), (1, 0))
    np.testing.assert_allclose(deal.vote, [45, 0], atol=1e-12)
    assert deal.gain == pytest.approx(5)
    (small,) = exchange.play(1e-15 * APART, [[1, 0.5], [0.5, 0.5]], [2, 1]).deals()
    np.testing.assert_allclose(small.vote, [45e-15, 0], atol=1e-27)


def test_nobody_buys_an_outcome_beyond_what_it_wants():
    """All weights are 1. On the first issue 40, 100 and 20 are wanted, 160/3 expected: the second actor could go to
    40, but at 60 the outcome is the first actor's 40. That is 40/3 points; as many it gets on the second issue, where
    the first actor goes from 0 to 40. The third, at the expected 50 of the second issue, is on no side of it."""
    position, salience = np.array([[40, 0], [100, 100], [20, 50]]), np.array([[1, 0.5], [0.5, 1], [1, 1]])
    for issues in ([0, 1], [1, 0]):
        played = exchange.play(position[:, issues], salience[:, issues], 1 / salience[:, issues])
        (deal,) = played.deals()
        assert (deal.actor, deal.issue) == ((0, 1), (issues[1], issues[0]))
        np.testing.assert_allclose(deal.vote, [40, 60])
        np.testing.assert_allclose(played.outcome[issues], [40, 50 + 40 / 3])
        assert deal.gain == pytest.approx(40 / 3 * (1 - 0.5))


@pytest.mark.parametrize(
    ("position", "salience", "why"),
    [
        (APART, [[0.6, 0.3], [0.8, 0.4]], "both weigh the issues as 2 to 1"),
        ([[0, 100], [0, 0]], [[0.9, 0.1], [0.1, 0.9]], "they agree on the first"),
        ([[0, 0], [100, 100]], [[0.9, 0], [0.1, 0.9]], "the first has no salience on the second"),
        (
            [[0, 0], [100, 100], [-900, 50]],
            [[0.9, 0.1], [0.1, 0.9], [9, 0]],
            "both above what is expected on the first",
        ),
    ],
)
def test_who_has_nothing_to_exchange_stays(position, salience, why):
    played = exchange.play(position, salience, np.ones(len(position)))
    assert played.made == 0, why
    assert played.deals() == []
    np.testing.assert_array_equal(played.vote, position)
    np.testing.assert_allclose(played.outcome, played.expected)


def test_of_equal_exchanges_the_first_in_order_is_taken():
    """The second and the third actor are alike: the first exchanges with the second."""
    played = exchange.play([*APART, [100, 100]], [[0.75, 0.25], [0.25, 0.75], [0.25, 0.75]], [1, 1, 1])
    assert played.deals()[0].actor == (0, 1)


def test_once_exchanged_a_position_is_fixed():
    deals = exchange.play(*paris(), variant="once").deals()
    taken = [(actor, issue) for deal in deals for actor in deal.actor for issue in deal.issue]
    assert len(set(taken)) == len(taken) == 4 * len(deals)
    again = exchange.play(*paris()).deals()
    assert same(told(deals[0]), told(again[0]))
    assert len(deals) < len(again)


# Of any exchange


def drawn(seed, runs=(), n=5, issues=3):
    rng = np.random.default_rng(seed)
    shape = (*runs, n, issues)
    return rng.uniform(0, 100, shape), rng.uniform(0.05, 1, shape), rng.uniform(0.1, 1, (*runs, n))


def utility(wanted, salience, outcome):
    return -(salience * np.abs(wanted - outcome)).sum(axis=-1)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000))
def test_both_gain_and_gain_the_same(seed):
    """Told by the utilities themselves, for the first exchange of several actors."""
    position, salience, influence = drawn(seed)
    played = exchange.play(position, salience, influence)
    for deal in played.deals()[:1]:
        votes = position.copy()
        votes[deal.actor, deal.issue] = deal.vote
        weight = influence[:, None] * salience
        after = (weight * votes).sum(axis=0) / weight.sum(axis=0)
        gain = utility(position, salience, after) - utility(position, salience, played.expected)
        np.testing.assert_allclose(gain[list(deal.actor)], deal.gain, rtol=1e-9)
        assert deal.gain > 0


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.sampled_from(["in-parts", "once"]))
def test_gains_fall_votes_stay_among_the_positions_and_outcomes_are_their_means(seed, variant):
    position, salience, influence = drawn(seed)
    played = exchange.play(position, salience, influence, variant=variant)
    assert (np.diff(played.gain) <= 1e-9).all()
    assert ((played.vote >= position.min(axis=0)) & (played.vote <= position.max(axis=0))).all()
    weight = influence[:, None] * salience
    np.testing.assert_allclose(played.outcome, (weight * played.vote).sum(axis=0) / weight.sum(axis=0))


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000))
def test_scales_and_order_are_matters_of_writing(seed):
    position, salience, influence = drawn(seed)
    outcome = exchange.play(position, salience, influence).outcome
    np.testing.assert_allclose(exchange.play(position, 100 * salience, 7 * influence).outcome, outcome, rtol=1e-9)
    np.testing.assert_allclose(exchange.play(position / 100 - 3, salience, influence).outcome, outcome / 100 - 3)
    np.testing.assert_allclose(exchange.play(100 - position, salience, influence).outcome, 100 - outcome, atol=1e-8)
    order = [3, 0, 4, 2, 1]
    np.testing.assert_allclose(exchange.play(position[order], salience[order], influence[order]).outcome, outcome)
    np.testing.assert_allclose(
        exchange.play(position[:, ::-1], salience[:, ::-1], influence).outcome, outcome[::-1], rtol=1e-9
    )


@pytest.mark.parametrize("block", [1, 1 << 12, 1 << 30])
def test_a_run_among_many_is_that_run_alone(block, monkeypatch):
    monkeypatch.setattr(rounds, "BLOCK_BYTES", block)
    position, salience, influence = drawn(1, runs=(3, 4))
    together = exchange.play(position, salience, influence)
    assert together.outcome.shape == (3, 4, 3)
    assert together.made.shape == (3, 4)
    for run in np.ndindex(3, 4):
        alone = exchange.play(position[run], salience[run], influence[run])
        np.testing.assert_array_equal(together.vote[run], alone.vote)
        np.testing.assert_array_equal(together.outcome[run], alone.outcome)
        assert together.deals(*run) == alone.deals()
    assert (together.actor[together.made.max() - 1][together.made < together.made.max()] == -1).all()


def test_runs_of_other_scales_side_by_side_are_played_each_by_its_own():
    salience, influence = [[0.75, 0.25], [0.25, 0.75]], [1, 1]
    played = exchange.play([APART, 1e-13 * APART], salience, influence)
    np.testing.assert_allclose(played.vote[1], [[0, 1e-11], [0, 1e-11]])
    far = 1e308 * np.array([[[0.9, 0.9], [1, 1]], [[-1, -1], [-0.9, -0.9]]])  # the two runs further than can be told
    swapped = 1e308 * np.array([[[0.9, 1], [0.9, 1]], [[-1, -0.9], [-1, -0.9]]])
    np.testing.assert_allclose(exchange.play(far, salience, influence).vote, swapped)


def test_weights_may_be_on_any_scale():
    salience = np.array([[0.75, 0.25], [0.25, 0.75]])
    for scale in (1e-100, 1e100):
        played = exchange.play(APART, scale * salience, [scale**3, scale**3])
        assert played.expected.tolist() == [25, 75]
        assert played.vote.tolist() == [[0, 100], [0, 100]]


def test_what_is_the_same_in_all_runs_is_given_once():
    position, salience, influence = drawn(2)
    many = np.stack([influence, 2 * influence[::-1]])
    played = exchange.play(position, salience, many)
    np.testing.assert_array_equal(played.outcome[1], exchange.play(position, salience, many[1]).outcome)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"position": [0, 100]}, "one issue; exchanges need two or more"),
        ({"position": [[0], [100]]}, "1 issue; exchanges need two or more"),
        ({"position": [[0, np.nan], [1, 2]]}, "nan is not a finite number; who has no position"),
        ({"position": "here"}, "position: not a table of numbers"),
        ({"salience": "much"}, "salience: not a table of numbers"),
        ({"influence": "much"}, "influence: not a table of numbers"),
        ({"salience": [[1, 1]]}, r"salience: shape \(1, 2\) does not fit 2 actors on 2 issues"),
        ({"salience": [[1, -1], [1, 1]]}, "salience: -1 is negative"),
        ({"salience": [[1, 0], [1, 0]]}, "nobody has any weight on issue 1"),
        ({"influence": [1, 1, 1]}, r"influence: shape \(3,\) does not fit 2 actors"),
        ({"influence": [0, 0]}, "nobody has any weight on issue 0"),
        ({"variant": "twice"}, "choose 'in-parts' or 'once'"),
        ({"position": np.zeros((2, 2, 2)), "salience": np.ones((3, 2, 2))}, "the runs in shapes .* do not fit"),
    ],
)
def test_what_will_not_do_is_refused_with_what_would(change, message):
    case = {"position": APART, "salience": [[1, 0.5], [0.5, 1]], "influence": [1, 1]} | change
    with pytest.raises(ValueError, match=message):
        exchange.play(case.pop("position"), case.pop("salience"), case.pop("influence"), **case)


# As a scenario's rule

TWO = """
schema = 1
title = "two issues"
steps = 3
rule = { name = "exchange", whole_moves = true }
issues = ["land", "money"]
[actors.A]
positions = [0, 0]
saliences = [75, 25]
influence = 50
assumed = "made up"
[actors.B]
positions = [100, 100]
saliences = [25, 75]
influence = 50
assumed = "made up"
"""


def test_a_negotiation_goes_where_the_exchange_by_hand_goes():
    position = sim.run_ensemble(load_text(TWO, "t"), runs=2).position
    np.testing.assert_array_equal(position.sel(issue="land", actor="B", step=1), [0, 0])
    np.testing.assert_array_equal(position.sel(issue="money", actor="A", step=1), [100, 100])
    np.testing.assert_array_equal(
        position.isel(step=-1), position.sel(step=1)
    )  # they agree; nothing is left to exchange


@pytest.mark.parametrize("variant", ["in-parts", "once"])
def test_a_negotiation_is_played_in_the_reading_that_it_names(variant):
    """A case of four actors on three issues in which the two readings end apart."""
    position, salience, influence = (
        np.round(array * scale) for array, scale in zip(drawn(1, n=4), (1, 100, 100), strict=True)
    )
    text = TWO.replace('"exchange"', f'"exchange", variant = "{variant}"').partition("[actors.A]")[0]
    text = text.replace('["land", "money"]', '["land", "money", "posts"]')
    for place, (positions, saliences, weight) in enumerate(
        zip(position.tolist(), salience.tolist(), influence.tolist(), strict=True)
    ):
        text += f"[actors.A{place}]\npositions = {positions}\nsaliences = {saliences}\ninfluence = {weight}\n"
        text += 'assumed = "made up"\n'
    after = sim.run_ensemble(load_text(text, "t"), runs=1).position.isel(run=0, step=1)
    votes = {name: exchange.play(position, salience, influence, variant=name).vote for name in ("in-parts", "once")}
    assert not np.allclose(votes["in-parts"], votes["once"])
    np.testing.assert_allclose(after.transpose("actor", "issue"), votes[variant], atol=1e-9)


def test_saliences_need_not_be_shares_of_one_whole():
    loud = TWO.replace("saliences = [75, 25]", "saliences = [75, 60]")
    assert sim.run_ensemble(load_text(loud, "t"), runs=1).sizes["step"] == 4
    with pytest.raises(sim.ScenarioError, match=r"actors\.A\.saliences: 135 in all"):
        load_text(loud.replace('"exchange"', '"spatial"'), "t")


def test_over_one_issue_all_stay_where_they_are(talks):
    still = talks.replace({"rule": {"name": "exchange", "whole_moves": True}, "coefficients.opinion.noise": 0.0})
    result = sim.run_ensemble(still, runs=1)
    np.testing.assert_array_equal(result.stance.isel(step=-1), result.stance.isel(step=0))
