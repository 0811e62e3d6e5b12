"""The Spatial Model of Politics, against runs of the program that published it and cases small enough to do by hand."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.rules import spatial
from simulation.rules.spatial import bargain as bargaining
from simulation.rules.spatial import challenge
from simulation.rules.spatial import turn as turns
from simulation.rules.spatial.bargain import bargains, interpolate
from simulation.rules.spatial.challenge import best_target, every_contest
from simulation.rules.spatial.options import Choices, Commitment, Options, Voting
from simulation.rules.spatial.utility import distance, risk_attitude, risk_in_view
from simulation.rules.spatial.voting import condorcet, vote

REFERENCE = Path(__file__).parents[1] / "reference" / "spatial"
CASES = ["dummyData_3Dim", "emission", "SOE-Pol-Comp"]
STORED = 6e-10  # unrounded positions are stored to nine decimals


def read(name):
    return json.loads((REFERENCE / name).read_text(encoding="utf-8"))


def actors(case):
    """Positions 0 … 100 and saliences 0 … 1, (n, K), and influences, (n,), of a published case."""
    with (REFERENCE / f"{case}_actors.csv").open(encoding="utf-8", newline="") as lines:
        rows = np.array([[float(cell) for cell in row[1:]] for row in list(csv.reader(lines))[1:]])
    return rows[:, 1::2], rows[:, 2::2] / 100, rows[:, 0]


def some(runs, n, depth=None, seed=1):
    rng = np.random.default_rng(seed)
    shape = (runs, n) if depth is None else (runs, n, depth)
    return (
        rng.uniform(0, 100, shape).round(2),
        rng.uniform(0.05, 1.0, shape) / (depth or 1),
        rng.uniform(1, 100, (runs, n)),
    )


SWEEP = read("parameter_sweep_expected.json")["runs"]["dummyData_3Dim"]
FIELDS = {
    "VictoryProbModel": "victory",
    "PCEModel": "pce",
    "VotingRule": "voting",
    "BigRAdjust": "risk_adjust",
    "BigRRange": "risk_range",
    "ThirdPartyCommit": "commitment",
    "InterVecBrgn": "interpolation",
    "BargnModel": "receipt",
}
NAMES = {
    "MarkovIncentive": "markov-incentive",
    "MarkovUniform": "markov-uniform",
    "PropBin": "prop-bin",
    "PropCbc": "prop-cbc",
    "ASymProsp": "asym-prosp",
    "TwoThirds": "two-thirds",
    "NoCommit": "no",
    "FullCommit": "full",
    "InitRcvrInterp": "init-rcvr",
    "PWCompInterp": "pw-comp",
}


def asked(setting):
    """The keywords of one run of the sweep, such as ``BigRAdjust=Half``."""
    if setting == "default":
        return {}
    field, choice = setting.split("=")
    if field == "IdealAdjust":
        return {"adjustment": float(choice.removesuffix("*I")) * np.eye(7)}
    return {FIELDS[field]: NAMES.get(choice, choice.lower())}


GOOD = {"position": [0.0, 50.0, 100.0], "salience": [0.5, 0.6, 0.7], "influence": [1.0, 2.0, 3.0]}


# What the program printed


@pytest.mark.parametrize("case", CASES)
def test_the_program_s_own_cases_come_out_turn_for_turn(case):
    expected = read(f"{case}_default_expected.json")
    played = spatial.played(*actors(case))
    assert played.turns == expected["turns"]
    assert played.positions.shape == np.shape(expected["positions"])
    np.testing.assert_allclose(played.positions, expected["positions"], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(played.change, expected["fractional_change"], rtol=0, atol=5.1e-5)  # printed .4f


def test_the_emission_case_rescaled_ends_where_the_program_left_it():
    positions, saliences, influences = actors("emission")
    years = np.array([4, 7, 4, 4, 10, 10, 10, 7, 4, 7])  # Scholz, Calbert & Smith's delays
    np.testing.assert_allclose((years - 4) / 6 * 100, positions[:, 0])
    final = spatial.play((years - 4) / 6 * 100, saliences[:, 0], influences)[-1]
    assert final.shape == (10,)
    np.testing.assert_allclose(final, [34.19, 33.17, 33.12, 0, 33.00, 33.00, 96.40, 33.07, 36.08, 33.12], rtol=1e-12)


@pytest.mark.parametrize("case", CASES)
def test_the_chance_of_the_position_each_actor_holds_is_the_one_printed_each_turn(case):
    expected = read(f"{case}_default_expected.json")
    _, saliences, influences = actors(case)
    printed = np.array(list(expected["prob"].values())).T
    for moment, held in enumerate(np.array(expected["positions"])):
        turn = spatial.explain(held, saliences, influences)
        np.testing.assert_allclose(turn["probability"], printed[moment], rtol=0, atol=5.1e-5)


@pytest.mark.parametrize("case", CASES[:2])
def test_the_first_turn_runs_over_the_program_s_own_intermediate_numbers(case):
    expected = read(f"{case}_turn0_intermediates.json")
    turn = spatial.explain(*actors(case))
    np.testing.assert_allclose(turn["utility_seen"], expected["PosUtil_h_i_j"], rtol=0, atol=1e-14)
    np.testing.assert_allclose(turn["probability_seen"], expected["PosProb_h_i"], rtol=1e-12)
    for pair, worth in expected["UtilChlg_own_i_j"].items():
        i, j = (int(actor) for actor in pair.split(","))
        assert turn["status_quo"][i, j] == pytest.approx(worth["SQ"], rel=1e-13)
        assert turn["victory"][i, j] == pytest.approx(worth["Vict"], rel=1e-13)
        assert turn["challenge"][i, j] == pytest.approx(worth["Chlg"], rel=1e-13)
        fought = turn["success"][i, j] * turn["victory"][i, j] + (1 - turn["success"][i, j]) * turn["defeat"][i, j]
        assert fought == pytest.approx(worth["Cntst"], rel=1e-13)


@pytest.mark.parametrize("case", CASES[:2])
def test_every_viewer_gives_every_challenge_the_program_s_chance(case):
    expected = read(f"{case}_turn0_intermediates.json")["ProbVict_h_i_j"]
    positions, saliences, influences = actors(case)
    turn = spatial.explain(positions, saliences, influences)
    care = saliences.sum(axis=-1)
    for viewer, seen in enumerate(np.ascontiguousarray(np.swapaxes(turn["utility_seen"], -1, -2))):
        as_all = np.repeat(seen[None], len(seen), axis=0)  # as if everybody saw the world as this viewer does
        chance = every_contest(as_all, influences * care, care, "prop", "semi").probability
        mine = {key: value for key, value in expected.items() if key.startswith(f"{viewer},")}
        assert mine
        for key, value in mine.items():
            _, i, j = (int(actor) for actor in key.split(","))
            assert chance[i, j] == pytest.approx(value, rel=1e-12)
            if viewer == j:
                assert turn["target_success"][i, j] == pytest.approx(value, rel=1e-12)
            if viewer == i:
                assert turn["success"][i, j] == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("case", CASES[:2])
def test_the_bargains_their_worth_and_who_takes_them_are_the_program_s(case):
    expected = read(f"{case}_turn0_intermediates.json")["bargains"]
    turn = spatial.explain(*actors(case))
    who = np.arange(len(turn["target"]))
    challenging = {bargain["init"]: bargain for bargain in expected if bargain["init"] != bargain["rcvr"]}
    assert {int(i): int(turn["target"][i]) for i in who if turn["target"][i] >= 0} == {
        i: bargain["rcvr"] for i, bargain in challenging.items()
    }

    def chance(actor, proposer, kind):
        at = (turn["queue_from"][actor] == proposer) & (turn["queue_kind"][actor] == kind)
        assert at.sum() == 1
        return turn["queue_probability"][actor][at][0], int(np.argmax(at)) == turn["taken"][actor]

    for bargain in expected:
        i, j = bargain["init"], bargain["rcvr"]
        kind = "status quo" if i == j else "own bargain"
        probability, taken = chance(i, i, kind)
        assert probability == pytest.approx(bargain["init_prob"], rel=1e-10)
        assert taken == bool(bargain["init_selected"])
        if i != j:
            assert turn["gain"][i, j] == pytest.approx(bargain["value"], rel=1e-11)
            met = np.array(bargain["coords"])[:, 1:]
            np.testing.assert_allclose(turn["offer_own"][i, 0], met[:, 0], rtol=1e-12)
            np.testing.assert_allclose(turn["offer_other"][i, 0], met[:, 1], rtol=1e-12)
            probability, taken = chance(j, i, "bargain")
            assert probability == pytest.approx(bargain["rcvr_prob"], rel=1e-10)
            assert taken == bool(bargain["rcvr_selected"])


@pytest.mark.parametrize("setting", list(SWEEP))
def test_each_choice_of_the_program_leads_where_it_led_the_program(setting):
    expected = SWEEP[setting]
    played = spatial.played(*actors("dummyData_3Dim"), variant="as-programmed", **asked(setting))
    assert played.turns == expected["turns"]
    np.testing.assert_allclose(played.positions, expected["positions"], rtol=1e-9, atol=STORED)


@pytest.mark.parametrize("setting", [setting for setting in SWEEP if not setting.startswith("BargnModel")])
def test_mending_changes_nothing_but_bargains_in_the_receiver_s_view(setting):
    kept, mended = (
        spatial.play(*actors("dummyData_3Dim"), variant=variant, **asked(setting))
        for variant in ("as-programmed", "mended")
    )
    assert np.array_equal(kept, mended)


@pytest.mark.parametrize("case", ["dummyData_3Dim", "SOE-Pol-Comp"])
def test_the_reference_runs_kept_in_the_program_s_repository_since_2017_are_reached(case):
    """The third, smpExample, cannot be: its inputs are not among the figures, and it is stochastic, so that its
    14 turns (last change 0.0106) hang on one generator's draws in an order that threads decided."""
    expected = read("repo_reference_runs_2017.json")["runs"][case]
    _, saliences, influences = actors(case)
    played = spatial.played(*actors(case))
    np.testing.assert_allclose(played.change, expected["fractional_change"], rtol=0, atol=5.1e-5)
    printed = np.array([list(actor.values()) for actor in expected["positions_1dp"].values()])  # actor, dimension, turn
    np.testing.assert_allclose(np.moveaxis(played.positions, 0, -1), printed, rtol=0, atol=0.0501)
    for moment, held in enumerate(played.positions):
        chances = [actor[moment] for actor in expected["prob"].values()]
        turn = spatial.explain(held, saliences, influences)
        np.testing.assert_allclose(turn["probability"], chances, rtol=0, atol=5.1e-5)


def test_the_margin_for_ties_is_wide_enough_for_rounding_and_too_narrow_for_a_difference():
    """In the emission standards case under the cubic vote, equal gains come out up to 1.8e-15 apart in one turn, and
    others differ truly by 2.1e-14 in another. Without a margin, as in the program, it takes 32 turns; a margin of 1e-12
    takes the wrong target and stops after 28."""
    assert best_target(np.array([[0.0, 3e-3, 3e-3 + 1.8e-15]] * 3))[0][0] == 1
    assert best_target(np.array([[0.0, 3e-3, 3e-3 + 2.1e-14]] * 3))[0][0] == 2
    assert spatial.played(*actors("emission"), voting="cubic").turns == 32


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("voting", get_args(Voting))
def test_the_margin_for_ties_decides_nothing_that_the_program_decides_without_one(case, voting, monkeypatch):
    with_margin = spatial.play(*actors(case), voting=voting)
    for module in (bargaining, challenge):
        monkeypatch.setattr(module, "TIE", 0.0)
    assert np.array_equal(spatial.play(*actors(case), voting=voting), with_margin)


def test_taking_others_risk_attitudes_as_they_are_runs_though_the_program_crashes_there():
    """BigRAdjust=Full: no number is published; every viewer must see the same attitudes."""
    turn = spatial.explain(*actors("dummyData_3Dim"), risk_adjust="full")
    assert (turn["risk_seen"] == turn["risk"]).all()
    assert np.isfinite(spatial.play(*actors("dummyData_3Dim"), risk_adjust="full")).all()


# By hand


def test_two_actors_by_hand():
    """0 at 0 with influence 2, 1 at 100 with influence 1, both caring fully.

    Positions win by 2/3 and 1/3, so R = 1 and -1/2. 0 would prevail with 2/3 and gains 2·2/3 - 1 = 1/3; 1 would lose
    by a challenge. They would meet at (1/9)/(4/9 + 1/9) = 20. There 0 has 0.8·1.2 = 0.96 and 1 has 0.2·0.6 = 0.12,
    against 0.5 each as things stand: 2·0.46 votes for and 0.38 against, so both go to 20 with chance 0.92/1.3.
    """
    turn = spatial.explain([0.0, 100.0], [1.0, 1.0], [2.0, 1.0])
    np.testing.assert_allclose(turn["neutral"], [2 / 3, 1 / 3], rtol=1e-7)
    np.testing.assert_allclose(turn["risk"], [1, -0.5], rtol=1e-7)
    assert turn["gain"][0, 1] == pytest.approx(1 / 3)
    assert turn["gain"][1, 0] == pytest.approx(-1 / 3)
    assert turn["target"].tolist() == [1, -1]
    assert turn["offer_own"][0, 0, 0] == turn["offer_other"][0, 0, 0] == 20
    assert np.isnan(turn["offer_own"][1]).all()
    assert turn["queue_kind"].tolist() == [["status quo", "own bargain"], ["bargain", "status quo"]]
    np.testing.assert_allclose(
        turn["queue_probability"], [[0.38 / 1.3, 0.92 / 1.3], [0.92 / 1.3, 0.38 / 1.3]], rtol=1e-6
    )
    assert turn["move"][:, 0].tolist() == [20, -80]
    played = spatial.played([0.0, 100.0], [1.0, 1.0], [2.0, 1.0])
    assert played.turns == 2  # they agree after one, and the second moves nobody
    assert played.positions.tolist() == [[0, 100], [20, 20], [20, 20]]


def test_a_drawn_choice_follows_the_summed_chances():
    """The same two: 0 stays below 0.38/1.3 = 0.292, and 1, whose queue opens with the bargain, above 0.708."""
    case = ([0.0, 100.0], [1.0, 1.0], [2.0, 1.0])
    for draw, end in ((0.0, [0, 20]), (0.29, [0, 20]), (0.3, [20, 20]), (0.70, [20, 20]), (0.71, [20, 100])):
        turn = spatial.play(*case, turns=1, transition="stochastic", draws=[[draw, draw]])
        assert turn[-1].tolist() == end
    edge = spatial.explain(*case)["queue_probability"][0, 0]  # a choice without any chance must not be drawn by 0.0
    assert spatial.play(*case, turns=1, transition="stochastic", draws=[[edge, 0.0]])[-1].tolist() == [20, 20]


def test_distance_weighs_dimensions_by_the_square_of_what_one_cares():
    ideal, position = np.array([[0.0, 0.0]]), np.array([[0.5, 0.2]])
    away = distance(ideal, np.array([[0.6, 0.3]]), position)
    # (0.6·0.5)² + (0.3·0.2)² = 0.0936, over 0.36 + 0.09
    np.testing.assert_allclose(away, [[np.sqrt(0.208)]])


@pytest.mark.parametrize(("span", "risk"), [("min", [0, 0.5, 1]), ("mid", [-0.5, 0.25, 1]), ("max", [-1, 0, 1])])
def test_risk_attitudes_span_their_range(span, risk):
    np.testing.assert_allclose(risk_attitude(np.array([0.1, 0.3, 0.5]), span), risk, atol=1e-15)


def test_where_all_positions_are_as_likely_nobody_is_at_risk():
    assert risk_attitude(np.array([1 / 3, 1 / 3 + 1e-16, 1 / 3]), "mid").tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("adjust", "seen"), [("none", 1.0), ("one-third", 0.8), ("half", 0.7), ("two-thirds", 0.6), ("full", 0.4)]
)
def test_others_risk_attitudes_are_taken_for_one_s_own_by_degrees(adjust, seen):
    view = risk_in_view(np.array([1.0, 0.4]), adjust)
    np.testing.assert_allclose(view[0], [1.0, seen])
    assert view[1, 1] == 0.4  # one's own is always known


@pytest.mark.parametrize(
    ("voting", "gain", "loss"),
    [
        ("binary", 3, -3),
        ("prop-bin", 0.8 * 1.5 + 0.2 * 3, -1.8),
        ("prop", 1.5, -1.5),
        ("prop-cbc", 3 * (0.25 + 0.0625), -0.9375),
        ("cubic", 0.375, -0.375),
        ("asym-prosp", 1.0, -1.5),
    ],
)
def test_votes_of_weight_3_on_a_gain_and_a_loss_of_one_half(voting, gain, loss):
    np.testing.assert_allclose(vote(np.array([0.5, -0.5]), np.array(3.0), voting), [gain, loss])


def test_an_election_of_three_by_hand():
    """Strengths 2:1, 1:1, 1:3 in the pairs 01, 02, 12: chances 2/3, 1/2, 1/4 and their complements."""
    strength = np.array([[1e-8, 2, 1], [1, 1e-8, 1], [1, 3, 1e-8]])
    everybody = np.ones(3, dtype=bool)
    # 2/3·1/2, 1/3·1/4, 1/2·3/4, each times 1/2 for itself: 8 : 2 : 9
    np.testing.assert_allclose(condorcet(strength, everybody, "linear", "conditional"), np.array([8, 2, 9]) / 19)
    # squared: 4/5·1/2, 1/5·1/10, 1/2·9/10 = 0.4, 0.02, 0.45
    np.testing.assert_allclose(condorcet(strength, everybody, "square", "conditional"), np.array([40, 2, 45]) / 87)
    # a side twice or three times as strong wins for sure; the equal pair: (2.1/2 - 1)/0.1 = 1/2
    np.testing.assert_allclose(condorcet(strength, everybody, "binary", "conditional"), [0.5, 0, 0.5], atol=2e-6)
    # the absent change nothing: 0 and 1 alone, 2/3 to 1/3
    pair = np.array([True, True, False])
    np.testing.assert_allclose(condorcet(strength, pair, "linear", "conditional"), [2 / 3, 1 / 3, 0])
    for pce in ("markov-uniform", "markov-incentive"):
        np.testing.assert_allclose(condorcet(strength, pair, "linear", pce)[2], 0)
        assert condorcet(strength, everybody, "linear", pce).sum() == pytest.approx(1, abs=1e-6)


def test_a_markov_election_of_two_by_hand():
    """p = (2/3·(p + q) + p/2·2)/2 with q = 1 - p rests at p = 2/3."""
    strength = np.array([[1e-8, 2.0], [1.0, 1e-8]])
    np.testing.assert_allclose(
        condorcet(strength, np.ones(2, bool), "linear", "markov-uniform"), [2 / 3, 1 / 3], atol=2e-6
    )


def test_s2pmax_moves_only_the_weaker_by_hand():
    """phi = 1/4: d_i = 1/2, d_j = 0; the step of i is 0.5·1/(0.5·1 + 1e-6 + 0.5·0.25) = 0.799998720002, of 0.4."""
    place = [np.array([[value]]) for value in (0.2, 0.6, 0.5, 1.0)]
    for_i, for_j = interpolate(*place, np.array([0.25]), "s2pmax")
    assert for_i[0, 0] == pytest.approx(0.2 + 0.4 * 0.799998720002, rel=1e-12)
    assert for_j[0, 0] == 0.6
    for_i, for_j = interpolate(place[1], place[0], place[3], place[2], np.array([0.75]), "s2pmax")
    assert for_i[0, 0] == 0.6
    assert for_j[0, 0] == pytest.approx(0.2 + 0.4 * 0.799998720002, rel=1e-12)


@pytest.mark.parametrize(("model", "end"), [("s1p1", 0.6), ("s2p2", 0.75)])
def test_the_meeting_point_by_hand(model, end):
    """Saliences 0.4 and 0.8: pulls 0.4·4 : 0.8·3 = 2 : 3 at chance 4/7; 1 : √3, squared 1 : 3, at 2/(2 + √3)."""
    chance = {"s1p1": 4 / 7, "s2p2": 2 / (2 + np.sqrt(3))}[model]
    place = [np.array([[value]]) for value in (0.0, 1.0, 0.4, 0.8)]
    for_i, for_j = interpolate(*place, np.array([chance]), model)
    assert for_i[0, 0] == for_j[0, 0] == end


@pytest.mark.parametrize(("variant", "receiver", "end"), [("mended", 0.75, 0.4), ("as-programmed", 0.25, 0.7)])
def test_the_power_weighted_compromise_by_hand(variant, receiver, end):
    """i at 0 with influence 3, j at 1 with influence 1, both caring fully.

    i sees even chances and would meet half way, at 0.5. Mended: j sees chances of 3/4, so pulls 9 : 1 and 0.1; weighed
    3 : 1 that is 0.4. As programmed: j sees i gain 0.25, which is taken for a chance: pulls 1 : 9 and 0.9, and i's
    influence weighs both, so 0.7.
    """
    met = bargains(
        np.array([[[0.0], [1.0]]]),
        np.ones((1, 2, 1)),
        np.array([[3.0, 1.0]]),
        np.array([[1, 0]]),
        np.array([[0.5, 0.5]]),
        np.array([[receiver, 0.5]]),
        Options(receipt="pw-comp", variant=variant),
    )
    assert met.for_initiator[0, 0, 0, 0] == pytest.approx(end, rel=1e-12)
    assert met.for_target[0, 0, 0, 0] == pytest.approx(end, rel=1e-12)


def test_both_views_are_put_to_both_parties_the_initiator_s_first():
    turn = spatial.explain(*actors("dummyData_3Dim"), receipt="init-rcvr")
    assert turn["offer_own"].shape == (7, 2, 3)
    once = spatial.explain(*actors("dummyData_3Dim"))
    assert np.array_equal(turn["offer_own"][:, 0], once["offer_own"][:, 0])
    assert turn["queue_kind"][2].tolist()[:3] == ["status quo", "own bargain", "own bargain"]


def test_of_targets_that_gain_as_much_the_first_is_challenged_and_small_gains_tempt_nobody():
    gain = np.array([[0.0, 0.3, 0.3 + 1e-15], [0.2, 9.0, 0.3], [1e-5, -1.0, 9.0]])  # own entries do not count
    target, challenges = best_target(gain)
    assert target.tolist() == [1, 2, 0]
    assert challenges.tolist() == [True, True, False]


@pytest.mark.parametrize("commitment", get_args(Commitment))
def test_a_target_sees_a_challenge_as_its_challenger_would_with_the_target_s_eyes(commitment):
    """Also where actors want another place than they hold, so that their own is worth less to them than the best."""
    rng = np.random.default_rng(3)
    seen, weight, care = rng.random((2, 4, 4, 4)), rng.uniform(1, 9, (2, 4)), rng.uniform(0.2, 1, (2, 4))
    target = np.array([[1, 2, 3, 0], [3, 0, 0, 2]])
    found = challenge.target_view(seen, target, weight, care, "prop", commitment)
    for run, initiator in np.ndindex(2, 4):
        viewer = target[run, initiator]
        as_all = np.repeat(seen[run, viewer][None], 4, axis=0)
        with_its_eyes = every_contest(as_all, weight[run], care[run], "prop", commitment)
        for got, expected in zip(found, with_its_eyes, strict=True):
            assert got[run, initiator] == pytest.approx(expected[initiator, viewer], rel=1e-12)


def test_third_parties_stay_out_where_their_lot_is_the_same_on_either_side():
    assert np.array_equal(
        spatial.play(*actors("SOE-Pol-Comp"), commitment="full"), spatial.play(*actors("SOE-Pol-Comp"), commitment="no")
    )


def test_ideals_that_follow_others_by_hand():
    """With A taking all from actor 1, actor 0 wants what 1 says after the first turn."""
    follow = np.array([[0.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    case = ([0.0, 40.0, 100.0], [0.9, 0.5, 0.7], [1.0, 5.0, 1.0])
    first = spatial.play(*case, turns=1)[1]
    assert first[0] != first[1]
    played = spatial.play(*case, turns=2, adjustment=follow)
    turn = spatial.explain(first, *case[1:], ideal=[first[1], first[1], first[2]])
    np.testing.assert_allclose(turn["utility_seen"][:, 0, 1], 1)
    np.testing.assert_allclose(played[2], turn["position"][:, 0], rtol=1e-12)


# What every rule must do

SETTINGS = [
    {},
    {"pce": "markov-uniform", "voting": "cubic"},
    {"pce": "markov-incentive", "receipt": "init-rcvr", "victory": "octic"},
    {"receipt": "pw-comp", "variant": "as-programmed", "interpolation": "s1p1", "voting": "asym-prosp"},
    {"receipt": "pw-comp", "interpolation": "s2pmax", "risk_adjust": "full", "risk_range": "max", "victory": "binary"},
    {"transition": "stochastic", "receipt": "init-rcvr", "voting": "binary"},
]


def with_draws(options, runs, n, turns=6, seed=5):
    if options.get("transition") != "stochastic":
        return {}
    return {"draws": np.random.default_rng(seed).random((turns, runs, n))}


@pytest.mark.parametrize("options", SETTINGS)
@pytest.mark.parametrize("depth", [None, 2])
def test_a_run_alone_is_that_run_in_a_batch_bit_for_bit(options, depth):
    runs, n = 13, 9
    case = some(runs, n, depth)
    drawn = with_draws(options, runs, n)
    many = spatial.played(*case, turns=6, **drawn, **options)
    for run in range(runs):
        mine = {key: value[:, run] for key, value in drawn.items()}
        alone = spatial.played(*(array[run] for array in case), turns=6, **mine, **options)
        taken = alone.turns
        assert taken == many.turns[run]
        assert np.array_equal(alone.positions, many.positions[: taken + 1, run])
        assert np.array_equal(alone.change, many.change[:taken, run])
        assert (many.positions[taken:, run] == many.positions[taken, run]).all()  # a stopped run keeps its positions


@pytest.mark.parametrize("budget", [1, 20_000, 10**9])
def test_the_blocks_of_runs_change_no_digit(budget, monkeypatch):
    case = some(7, 8)
    whole = [spatial.play(*case, turns=4, **with_draws(options, 7, 8), **options) for options in SETTINGS]
    monkeypatch.setattr(turns, "BUDGET", budget)
    for options, expected in zip(SETTINGS, whole, strict=True):
        assert np.array_equal(spatial.play(*case, turns=4, **with_draws(options, 7, 8), **options), expected)


@pytest.mark.parametrize("options", [setting for setting in SETTINGS if "asym-prosp" not in setting.values()][:4])
def test_relabelled_actors_fare_alike(options):
    if options.get("transition") == "stochastic":
        pytest.skip("the order of a queue decides which bargain a draw falls on")
    positions, saliences, influences = some(20, 7, 2, seed=3)
    order = np.random.default_rng(0).permutation(7)
    plain = spatial.play(positions, saliences, influences, turns=1, **options)
    shuffled = spatial.play(positions[:, order], saliences[:, order], influences[:, order], turns=1, **options)
    np.testing.assert_allclose(shuffled, plain[:, :, order], rtol=1e-9)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.integers(1, 6), st.sampled_from(SETTINGS), st.booleans())
def test_positions_stay_on_the_scale_and_inputs_as_they_were(seed, n, options, coarse):
    positions, saliences, influences = some(3, n, seed=seed)
    if coarse:  # many ties, ends of the scale, actors without weight or care
        positions = np.round(positions / 50) * 50
        saliences, influences = np.round(saliences), np.round(influences / 50)
        influences[..., 0] += 1
    kept = [array.copy() for array in (positions, saliences, influences)]
    played = spatial.play(positions, saliences, influences, turns=6, **with_draws(options, 3, n), **options)
    assert (played >= 0).all()
    assert (played <= 100).all()
    assert np.array_equal(played[0], positions)
    for before, after in zip(kept, (positions, saliences, influences), strict=True):
        assert np.array_equal(before, after)


@pytest.mark.parametrize("options", SETTINGS)
def test_agreement_stays_agreement(options):
    _, saliences, influences = some(4, 6)
    agreed = np.full((4, 6), 100 / 3)
    played = spatial.played(agreed, saliences, influences, turns=6, **with_draws(options, 4, 6), **options)
    assert (played.positions == 100 / 3).all()
    assert (played.turns == 2).all()
    assert (played.change == 0).all()


def test_an_actor_alone_stays():
    assert spatial.play([33.333], [0.5], [2.0]).tolist() == [[33.333]] * 3


def test_who_takes_no_bargain_keeps_its_place_to_the_last_digit():
    positions, saliences, influences = some(50, 6, seed=8)
    odd = positions + 1 / 3 * (positions < 99)
    after = spatial.play(odd, saliences, influences, turns=1)[1]
    stayed = [spatial.explain(odd[run], saliences[run], influences[run])["queue_kind"] for run in range(50)]
    taken = [spatial.explain(odd[run], saliences[run], influences[run])["taken"] for run in range(50)]
    quiet = np.array([kinds[np.arange(6), slot] == "status quo" for kinds, slot in zip(stayed, taken, strict=True)])
    assert quiet.any()
    assert np.array_equal(after[quiet], odd[quiet])


def test_an_actor_without_influence_moves_but_moves_nobody():
    positions, saliences, influences = [10.0, 90.0, 50.0], [0.9, 0.9, 0.9], np.array([5.0, 3.0, 0.0])
    weightless = spatial.play(positions, saliences, influences)
    assert np.isfinite(weightless).all()
    feather = spatial.play(positions, saliences, [*influences[:2], 1e-11])
    np.testing.assert_allclose(weightless, feather, atol=0.02)


def test_an_actor_that_does_not_care_challenges_nobody():
    turn = spatial.explain([10.0, 60.0, 90.0], [0.8, 0.0, 0.8], [5.0, 5.0, 5.0])
    assert turn["target"][1] == -1
    assert (turn["distance"][1] == 0).all()


def test_the_same_draws_give_the_same_play_and_other_draws_another():
    case = some(5, 8)
    rng = np.random.default_rng(2)
    draws, others = rng.random((2, 10, 5, 8))
    one, again, other = (
        spatial.play(*case, turns=10, transition="stochastic", draws=uniform) for uniform in (draws, draws, others)
    )
    assert np.array_equal(one, again)
    assert one.shape != other.shape or not np.array_equal(one, other)
    turn = spatial.explain(*(array[0] for array in case), transition="stochastic", draws=draws[0, 0])
    assert np.array_equal(turn["position"][:, 0], one[1, 0])


def test_the_explanation_is_the_turn_that_is_played():
    positions, saliences, influences = actors("SOE-Pol-Comp")
    played = spatial.play(positions, saliences, influences)
    for moment in range(5):
        turn = spatial.explain(played[moment], saliences, influences)
        np.testing.assert_allclose(turn["position"], played[moment + 1], rtol=1e-13)
        np.testing.assert_allclose(turn["move"], played[moment + 1] - played[moment], atol=1e-11)
        own = turn["queue_position"][np.arange(13), turn["taken"]]
        np.testing.assert_allclose(own, turn["position"], rtol=1e-13)


@pytest.mark.parametrize(
    "several", [{"position": [[GOOD["position"]] * 2] * 2}, {"influence": [GOOD["influence"]] * 2}]
)
def test_one_run_is_explained_at_a_time(several):
    with pytest.raises(ValueError, match="one run is explained at a time, with positions"):
        spatial.explain(**{**GOOD, **several})


def test_another_scale_is_the_same_case():
    positions, saliences, influences = some(3, 6)
    wide = spatial.play(positions, saliences, influences, turns=3)
    unit = spatial.play(positions / 100, saliences, influences, turns=3, scale=1.0)
    np.testing.assert_allclose(100 * unit, wide, rtol=1e-12)


def test_shapes_that_leave_the_dimensions_open_are_asked_about():
    positions, saliences, influences = some(3, 3)
    assert spatial.play(positions, saliences, influences, turns=2).shape[1:] == (3, 3)  # influences by run: runs
    with pytest.raises(ValueError, match="dimensions=1 or dimensions=3"):
        spatial.play(positions, saliences / 3, influences[0])
    flat = spatial.play(positions, saliences / 3, influences[0], turns=2, dimensions=1)
    deep = spatial.play(positions, saliences / 3, influences[0], turns=2, dimensions=3)
    assert not np.array_equal(flat, deep)
    assert np.array_equal(
        deep[:, None], spatial.play(positions[None], saliences[None] / 3, influences[:1], 2, dimensions=3)
    )


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"influence": [1.0, -2.0, 3.0]}, "influence: -2"),
        ({"influence": [0.0, 0.0, 0.0]}, "influence: nobody has any"),
        ({"influence": [1.0, 1e13, 0.0]}, "influence: .* rescale"),
        ({"influence": 4.0}, "influence: shape"),
        ({"salience": [0.5, 60.0, 0.7]}, "salience: actor 1 has 60 in all, more than 1; divide"),
        ({"position": [[0.0, 1.0]] * 3, "salience": [[0.5, 0.5], [0.6, 0.5], [0, 0]]}, "salience: actor 1 has 1.1"),
        ({"salience": [0.5, -0.1, 0.7]}, "salience: -0.1 is negative"),
        ({"salience": [0.5, 0.1]}, "salience: shape"),
        ({"position": [0.0, 50.0, 101.0]}, "position: 0 … 101 leaves 0 … 100"),
        ({"position": [0.0, np.nan, 1.0]}, "position: nan is not a finite number"),
        ({"position": [0.0, np.inf, 1.0]}, "position: inf is not a finite number"),
        ({"position": [0.0, 50.0]}, "position: shape"),
        ({"position": ["a", "b", "c"]}, "position: not a table of numbers"),
        ({"position": np.zeros((2, 3)), "salience": np.zeros((4, 3))}, "do not fit each other"),
        ({"scale": 0.0}, "scale: 0.0"),
        ({"turns": -1}, "turns: -1"),
        ({"turns": 1.5}, "turns: 1.5"),
        ({"voting": "loud"}, "voting"),
        ({"vote": "prop"}, "no such key. Did you mean 'voting'"),
        ({"transition": "stochastic"}, r"draws: stochastic play needs uniform numbers of shape \(100, 3\)"),
        ({"transition": "stochastic", "draws": np.zeros((4, 3))}, "draws: shape"),
        ({"transition": "stochastic", "draws": np.full((100, 3), 2.0)}, "draws: uniform"),
        ({"adjustment": np.eye(2)}, "adjustment: shape"),
        ({"adjustment": 2 * np.eye(3)}, "adjustment: weights"),
        ({"dimensions": 2}, "dimensions"),
    ],
)
def test_what_cannot_be_played_is_refused_with_the_value_and_what_would_do(wrong, says):
    with pytest.raises(ValueError, match=says):
        spatial.play(**{**GOOD, **wrong})


def test_no_turns_is_the_start():
    played = spatial.played(**GOOD, turns=0)
    assert played.positions.tolist() == [GOOD["position"]]
    assert played.turns == 0
    assert played.change.shape == (0,)


def test_saliences_that_miss_one_by_rounding_are_welcome():
    spatial.play([[0.0] * 3, [50.0] * 3], [[0.1 + 0.2, 0.3, 0.4], [0.7, 0.1, 0.2]], [1.0, 1.0], turns=1)


# In a scenario


def scenario(salience, influence, **luck):
    state = SimpleNamespace(salience=np.asarray(salience), influence=np.asarray(influence))
    return state, SimpleNamespace(), SimpleNamespace(rule=luck)


def test_a_scenario_s_rule_plays_one_turn_on_saliences_of_0_to_100():
    positions, saliences, influences = some(6, 7)
    rule = spatial.Spatial()
    moved = rule.target(positions, positions, *scenario(100 * saliences, influences))
    np.testing.assert_allclose(moved, spatial.play(positions, saliences, influences, turns=1)[1], rtol=1e-12)
    alone = rule.target(positions[2], positions[2], *scenario(100 * saliences[2], influences[2]))
    assert np.array_equal(alone, moved[2])


def test_a_scenario_may_share_saliences_and_influences_among_runs_and_have_actors_without_weight():
    positions, saliences, influences = some(4, 6)
    influences[0, 3], saliences[0, 4] = 0, 0
    moved = spatial.Spatial().target(positions, positions, *scenario(100 * saliences[0], influences[0]))
    assert moved.shape == (4, 6)
    assert np.isfinite(moved).all()
    nobody = spatial.Spatial().target(positions, positions, *scenario(100 * saliences[0], np.zeros(6)))
    assert np.isfinite(nobody).all()


def test_a_stochastic_rule_is_handed_its_luck():
    positions, saliences, influences = some(4, 6)
    choice = np.random.default_rng(4).random((4, 6))
    rule = spatial.Spatial(transition="stochastic")
    assert "choice" in rule.draws
    moved = rule.target(positions, positions, *scenario(100 * saliences, influences, choice=choice))
    played = spatial.play(positions, saliences, influences, turns=1, transition="stochastic", draws=choice[None])[1]
    np.testing.assert_allclose(moved, played, rtol=1e-12)


def test_in_a_scenario_actors_may_judge_by_what_they_want_rather_than_by_what_they_say():
    stances, ideals, saliences, influences = [0.0, 100.0], [60.0, 100.0], [100.0, 100.0], [2.0, 1.0]
    cynic, idealist = (
        spatial.Spatial(following=share).target(np.array(stances), np.array(ideals), *scenario(saliences, influences))
        for share in (1.0, 0.0)
    )
    assert cynic.tolist() == [20.0, 20.0]  # the two of the case by hand
    turn = spatial.explain(stances, [1.0, 1.0], influences, ideal=ideals)
    assert np.array_equal(idealist, turn["position"][:, 0])
    assert (idealist > cynic).all()
    between = spatial.Spatial(following=0.25).target(
        np.array(stances), np.array(ideals), *scenario(saliences, influences)
    )
    turn = spatial.explain(stances, [1.0, 1.0], influences, ideal=[45.0, 100.0])  # a quarter of 0, three quarters of 60
    assert np.array_equal(between, turn["position"][:, 0])
    assert not np.array_equal(between, idealist)
    told = spatial.Spatial(following=0.25).explain(
        np.array(stances), np.array(ideals), *scenario(saliences, influences, choice=None)
    )
    np.testing.assert_array_equal(told["gain"].values, turn["gain"])
    assert {name for name, table in told.items() if table.places} == {"challenged", "queue_from"}


def test_keywords_and_fields_are_the_same_names():
    assert set(Choices.__annotations__) == set(Options.model_fields)
    for name, field in Options.model_fields.items():
        assert field.default in get_args(field.annotation), name
        assert field.description
