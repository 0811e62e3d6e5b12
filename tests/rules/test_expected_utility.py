"""Bueno de Mesquita's expected-utility model against its published case, by hand, and in what every rule must do."""

import csv
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulation.rules.compromise import weighted_mean, weighted_median
from simulation.rules.expected_utility import KINDS, ExpectedUtility, explain, play, rounds
from simulation.rules.expected_utility.offers import choose, offers
from simulation.rules.expected_utility.utility import Terms, expected_utility, risk_exponents

REFERENCE = Path(__file__).parent.parent / "reference" / "expected_utility"
VARIANTS = ("table-2", "as-printed")
both = pytest.mark.parametrize("variant", VARIANTS)


def read(name):
    return json.loads((REFERENCE / name).read_text())


PROGRAM = read("jmckib_10rounds.json")
ROUND_1 = read("jmckib_round1_eu.json")
PUBLISHED = read("published_scholz2011_table2.json")
FIGURES = read("published_scholz2011_fig7_9_digitised.json")
ACTORS = PROGRAM["actors"]


@pytest.fixture(scope="module")
def emission():
    with (REFERENCE / "emission_actors.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["actor"] for row in rows] == ACTORS
    return [np.array([float(row[key]) for row in rows]) for key in ("position", "salience", "capability")]


# The published case


def test_seven_of_eight_published_medians_are_met_within_a_tenth(emission):
    # Scholz et al. (2011), Table 2, to one decimal; 9.96 for a printed 9.9 looks cut rather than rounded
    history = play(*emission, 8)
    off = np.abs(weighted_median(history, *emission[1:])[1:] - PUBLISHED["median"])
    assert (np.delete(off, 1) < 0.1).all()
    # Round 2 misses: 9.61 for a printed 9.9. The public re-implementation of the paper's program gives 9.61 too, and
    # 9.96 for the next three rounds, where table and text repeat 9.9; the cause lies in the unpublished original.
    assert off[1] == pytest.approx(0.289, abs=0.001)


def test_all_eight_published_means_are_met(emission):
    history = play(*emission, 8)
    np.testing.assert_allclose(weighted_mean(history, *emission[1:])[1:], PUBLISHED["mean"], rtol=0, atol=0.0615)


def test_the_programs_positions_medians_and_means_of_ten_rounds_are_met(emission):
    history = play(*emission, 10)
    assert history.shape == (11, 10)
    for played, program in zip(history, PROGRAM["rounds"], strict=True):
        np.testing.assert_allclose(played, [program["positions"][name] for name in ACTORS], rtol=0, atol=1e-9)
        assert weighted_median(played, *emission[1:]) == pytest.approx(program["median"], abs=1e-9)
        assert weighted_mean(played, *emission[1:]) == pytest.approx(program["mean"], abs=1e-9)


@pytest.mark.parametrize(("ours", "program"), [("own", "EUij"), ("theirs", "EUji"), ("success", "P")])
def test_the_programs_expected_utilities_and_chances_of_round_1_are_met(emission, ours, program):
    explanation = explain(*emission)
    for i, name in enumerate(ACTORS):
        for j, other in enumerate(ACTORS):
            if i != j:
                assert explanation[ours][i, j] == pytest.approx(ROUND_1[program][name][other], abs=1e-9)


def test_the_programs_risk_exponents_are_met_in_every_round(emission):
    _, salience, influence = emission
    history = play(*emission, 10)
    for before, program in zip(history[:-1], PROGRAM["rounds"][1:], strict=True):
        exponents = explain(before, salience, influence, scale=6.0)["risk_exponent"]
        np.testing.assert_allclose(exponents, [program["risk_exponent"][name] for name in ACTORS], rtol=0, atol=1e-9)


def test_the_explanation_gives_every_move_of_the_program(emission):
    _, salience, influence = emission
    history = play(*emission, 10)
    for before, program in zip(history[:-1], PROGRAM["rounds"][1:], strict=True):
        explanation = explain(before, salience, influence, scale=PROGRAM["position_range"])
        movers = [i for i in range(10) if explanation["taken"][i] >= 0]
        assert [ACTORS[i] for i in movers] == [move["actor"] for move in program["moves"]]
        for i, move in zip(movers, program["moves"], strict=True):
            j = explanation["taken"][i]
            assert (ACTORS[j], explanation["kind"][i, j]) == (move["other"], move["type"])
            assert explanation["own"][i, j] == pytest.approx(move["eu"], abs=1e-9)
            assert explanation["theirs"][i, j] == pytest.approx(move["other_eu"], abs=1e-9)
            assert (
                explanation["offer"][i, j]
                == explanation["position"][i]
                == pytest.approx(move["new_position"], abs=1e-9)
            )
            assert explanation["move"][i] == explanation["position"][i] - before[i]


@pytest.mark.parametrize("viewer", ["Belgium", "France", "Netherlands"])
def test_the_paper_s_figures_7_to_9_are_met_as_far_as_the_eye_reads_them(emission, viewer):
    # Two printed points are left out: Greece as the Netherlands see it stands where Luxembourg's Greece does (a slip of
    # plotting, says the reference), and the United Kingdom is cut off at the edge of that panel, at -2.
    explanation = explain(*emission)
    i = ACTORS.index(viewer)
    for other, point in FIGURES[viewer].items():
        if (viewer, other) not in {("Netherlands", "Greece"), ("Netherlands", "UK")}:
            j = ACTORS.index(other)
            np.testing.assert_allclose(
                [explanation["own"][i, j], explanation["theirs"][i, j]], point, rtol=0, atol=0.05
            )


def test_as_printed_does_not_reproduce_the_published_table(emission):
    # the reason why "table-2" is the default; the first round's median is 8.4 in print
    history = play(*emission, 1, variant="as-printed")
    assert abs(weighted_median(history[1], *emission[1:]) - PUBLISHED["median"][0]) > 0.5


# By hand: two actors at the ends of the scale, weights 3 * 1/2 = 1.5 and 1 * 1/2 = 0.5. At d = 1 success is worth 2 and
# failure -2 whatever the exponent; the status quo is worth 2 - 4 (1/2)^r: 0, 1 and 2 - 4 sqrt(1/2) at r = 1, 2 and 1/2.

PAIR = ([0.0, 1.0], [0.5, 0.5], [3.0, 1.0])
KEEN = 4 * np.sqrt(0.5) - 2  # what leaving the status quo of an r of 1/2 is worth


def test_two_actors_as_printed_by_hand():
    # P_12 = 1.5 / 2 and P_21 = 0.5 / 2. With r = 1, E_12 = 0.5 (1.5 - 0.5) + 0.5 * 2 = 1.5 and
    # E_21 = 0.5 (0.5 - 1.5) + 0.5 * 2 = 0.5: actor 2 is in the greater danger, so it has r = 1/2, actor 1 r = 2.
    # E_12 becomes 1.5 - 1 and E_21 = 0.5 + KEEN = 1.33: strong but now timid, actor 1 loses the confrontation.
    explanation = explain(*PAIR, variant="as-printed")
    np.testing.assert_allclose(explanation["success"], [[0, 0.75], [0.25, 0]])
    np.testing.assert_allclose(explanation["risk_exponent"], [2, 0.5])
    np.testing.assert_allclose([explanation["own"][0, 1], explanation["own"][1, 0]], [0.5, 0.5 + KEEN])
    np.testing.assert_array_equal(explanation["theirs"], explanation["own"].T)
    assert explanation["kind"].tolist() == [["none", "confrontation"], ["none", "none"]]
    np.testing.assert_array_equal(play(*PAIR, 2, variant="as-printed"), [[0, 1], [1, 1], [1, 1]])


def test_two_actors_as_in_table_2_by_hand():
    # All votes over ordered pairs are 2 (1.5 + 0.5) = 4, so P_12 = 1.5 / 4 and P_21 = 0.5 / 4. With r = 1,
    # E_12 = 0.5 (0.75 - 1.25) + 1 = 0.75 and E_21 = 0.5 (0.25 - 1.75) + 1 = 0.25; again r = 2 and 1/2.
    # Actor 1 takes 1 off both: a stalemate in its eyes. Actor 2 adds KEEN to both: a confrontation it loses.
    explanation = explain(*PAIR)
    np.testing.assert_allclose(explanation["success"], [[0, 0.375], [0.125, 0]])
    np.testing.assert_allclose(explanation["risk_exponent"], [2, 0.5])
    np.testing.assert_allclose([explanation["own"][0, 1], explanation["theirs"][0, 1]], [-0.25, -0.75])
    np.testing.assert_allclose([explanation["own"][1, 0], explanation["theirs"][1, 0]], [0.25 + KEEN, 0.75 + KEEN])
    np.testing.assert_array_equal(play(*PAIR, 1)[1], [0, 0])


def test_a_target_left_alone_drifts_to_the_median_by_hand():
    # The median is actor 1's own place. Actor 2 drifting there is good for actor 1 (T = 1): at r = 2,
    # U_b = 2 - 4 (1/4)^2 = 1.75. For actor 2, median and target are equally far: T = 1/2, and U_b = 2 and U_w = -2
    # cancel. Half of each status quo stays.
    explanation = explain(*PAIR, variant="as-printed", q=0.5)
    np.testing.assert_allclose(explanation["risk_exponent"], [2, 0.5])
    np.testing.assert_allclose(explanation["own"][0, 1], 1.5 - 0.5 * 1 - 0.5 * 1.75)
    np.testing.assert_allclose(explanation["own"][1, 0], 0.5 + 0.5 * KEEN)


def test_a_drift_for_the_worse_makes_a_challenge_worth_more_by_hand():
    # T = 0: U_w = 2 - 4 (3/4)^2 = -1/4 for actor 1, -2 for actor 2
    explanation = explain(*PAIR, variant="as-printed", q=0.5, t=0)
    np.testing.assert_allclose(explanation["own"][0, 1], 1.5 - 0.5 * 1 + 0.5 * 0.25)
    np.testing.assert_allclose(explanation["own"][1, 0], 0.5 + 0.5 * KEEN + 0.5 * 2)


def test_a_median_further_away_than_the_target_is_a_drift_for_the_worse_by_hand():
    # d = 1/4 and the median at m = 1: the target would drift off, T = 0 and U_w = 2 - 4 (1/2 + (1 + 1/4) / 4) = -1.25.
    # A challenge bound to fail brings U_f = 2 - 4 (1/2 + 1/8) = -0.5, yet is better than waiting by 0.75 if Q = 0.
    one, distance, to_median = np.ones((1, 1)), np.array([[0.25]]), np.array([[1.0]])
    for t, expected in ((None, 0.75), (0.0, 0.75), (1.0, -1.75)):
        terms = Terms(one, one, one, "as-printed", q=0.0, t=t)
        assert expected_utility(distance, to_median, 0 * one, one, None, terms) == pytest.approx(expected)


def test_a_drift_is_judged_from_the_challenger_s_place_in_table_2_too_by_hand():
    # With Q = 1/2 and r = 1, E_12 = 0.75 - 0.5 * 1 and E_21 = 0.25 - 0: equal danger, so r stays 1
    explanation = explain(*PAIR, q=0.5)
    np.testing.assert_allclose(explanation["risk_exponent"], [1, 1])
    for view in ("own", "theirs"):
        np.testing.assert_allclose([explanation[view][0, 1], explanation[view][1, 0]], [0.25, 0.25])


def test_danger_is_what_all_others_expect_of_a_challenge_by_hand():
    # rows: what the others expect of challenging 1, 2 and 3; 2, 4 and 0 in all. The diagonal is no challenge.
    exponents = risk_exponents(np.array([[9.0, 1, 1], [2, 9, 2], [0, 0, 9]]))
    np.testing.assert_allclose(exponents, [1, 0.5, 2])


def test_a_difference_in_danger_that_is_only_rounding_makes_nobody_bold():
    theirs = np.array([[0, 0.1, 0.2, 0.3], [0.3, 0, 0.2, 0.1], [0.1, 0.2, 0, 0.3], [0.3, 0.2, 0.1, 0]])
    assert theirs.sum(axis=-1).min() < theirs.sum(axis=-1).max()
    np.testing.assert_array_equal(risk_exponents(theirs), np.ones(4))


@both
def test_equals_leave_each_other_alone(variant):
    # mirror images: nobody is more endangered (r = 1), nobody expects more than the other
    explanation = explain([0, 0, 0, 1, 1, 1], [1] * 6, [0.1, 0.2, 0.3, 0.3, 0.2, 0.1], variant=variant)
    np.testing.assert_array_equal(explanation["risk_exponent"], np.ones(6))
    np.testing.assert_array_equal(explanation["move"], np.zeros(6))


# By hand: the octants of Figure 6, actor 1 at 2 and actor 2 at 10, a and b what 1 and 2 expect of challenging the other


def settled(own, theirs, position, variant):
    """Kinds, choices and new positions from given expected utilities."""
    own, theirs, position = np.array(own), np.array(theirs), np.array(position, dtype=float)
    kind, asked = offers(position, own, theirs, variant)
    taken = choose(position, own, theirs, kind, asked, np.ptp(position, keepdims=True), variant)
    rows = np.arange(len(position))
    return kind, taken, np.where(taken >= 0, asked[rows, taken], position)


OCTANTS = [
    (0.6, 0.2, "none", "confrontation", [2, 2]),
    (0.2, 0.6, "confrontation", "none", [10, 10]),
    (-0.2, 0.8, "compromise", "none", [4, 10]),  # a quarter of the way
    (-0.8, 0.2, "capitulation", "none", [10, 10]),
    (-0.6, -0.2, "none", "none", [2, 10]),
    (-0.2, -0.6, "none", "none", [2, 10]),
    (0.2, -0.8, "none", "capitulation", [2, 2]),
    (0.8, -0.2, "none", "compromise", [2, 8]),
]
LINES = [
    (0.5, 0.5, "none", "none", [2, 10]),
    (0.0, 0.5, "none", "none", [2, 10]),
    (0.5, 0.0, "none", "none", [2, 10]),
    (-0.5, 0.5, "capitulation", "none", [10, 10]),  # the compromise would be the whole way too
    (1e-16, 3e-16, "none", "none", [2, 10]),  # nothing but rounding
]


@pytest.mark.parametrize(("a", "b", "first", "second", "after"), OCTANTS + LINES)
def test_each_octant_as_printed(a, b, first, second, after):
    kind, _, moved = settled([[0, a], [b, 0]], [[0, b], [a, 0]], [2, 10], "as-printed")
    assert (KINDS[kind[0, 1]], KINDS[kind[1, 0]]) == (first, second)
    np.testing.assert_allclose(moved, after)


@pytest.mark.parametrize(("a", "b", "first", "second", "after"), OCTANTS + LINES)
def test_in_table_2_the_octants_are_the_same_but_nobody_capitulates(a, b, first, second, after):
    kind, _, moved = settled([[0, a], [b, 0]], [[0, b], [a, 0]], [2, 10], "table-2")
    if "capitulation" in (first, second):
        first, second, after = "none", "none", [2, 10]
    assert (KINDS[kind[0, 1]], KINDS[kind[1, 0]]) == (first, second)
    np.testing.assert_allclose(moved, after)


@both
def test_actors_at_one_position_have_nothing_to_offer_each_other(variant):
    kind, taken, moved = settled([[0, 0.2], [0.6, 0]], [[0, 0.6], [0.2, 0]], [5, 5], variant)
    assert (kind == 0).all()
    assert taken.tolist() == [-1, -1]
    assert moved.tolist() == [5, 5]


# By hand: which offer is taken. Only the first actor receives any.


def offered(position, pairs, variant):
    """Index taken by actor 0 and where it goes, given its (a, b) with each of the others."""
    own, theirs = np.zeros((2, len(position), len(position)))
    own[0, 1:], theirs[0, 1:] = zip(*pairs, strict=True)
    _, taken, moved = settled(own, theirs, position, variant)
    return taken[0], moved[0]


LOST, HALFWAY = (0.1, 0.5), (-0.2, 0.4)


@both
@pytest.mark.parametrize("others", [[0, 10], [10, 0]])
def test_equal_moves_are_a_tie_that_the_first_actor_wins(variant, others):
    assert offered([5, *others], [LOST, LOST], variant) == (1, others[0])


@both
def test_moves_that_differ_by_rounding_alone_are_a_tie(variant):
    assert 0.5 - 0.3 > 0.3 - 0.1
    assert offered([0.3, 0.5, 0.1], [LOST, LOST], variant) == (1, 0.5)


@both
def test_of_two_lost_confrontations_the_nearer_is_obeyed(variant):
    assert offered([5, 0, 8], [LOST, LOST], variant) == (2, 8)


def test_in_table_2_a_confrontation_comes_before_any_compromise():
    assert offered([5, 6, 10], [HALFWAY, LOST], "table-2") == (2, 10)


def test_as_printed_the_least_move_counts_whatever_its_kind():
    assert offered([5, 6, 10], [HALFWAY, LOST], "as-printed") == (1, 5.5)
    assert offered([5, 9, 6], [HALFWAY, (-0.4, 0.2)], "as-printed") == (2, 6)  # capitulating costs 1, halfway 2


def test_in_table_2_the_numerically_lowest_middle_is_taken_not_the_least_move():
    # towards 0 the middle is (0.2 * 5 + 0.8 * 0) / 1 = 1, a quarter of the way, to 3.75
    # towards 6 it is (0.2 * 5 + 0.4 * 6) / 0.6 = 5.67, half of the way, to 5.5
    pairs = [(-0.2, 0.8), HALFWAY]
    assert offered([5, 0, 6], pairs, "table-2") == (1, 3.75)
    assert offered([5, 0, 6], pairs, "as-printed") == (2, 5.5)


# What every rule must do

finite = st.floats(0, 100, allow_subnormal=False)
positions = arrays(np.float64, (3, 6), elements=finite | st.sampled_from([0.0, 50.0, 100.0]))
SALIENCE = np.array([0.9, 0.2, 0.0, 1.0, 0.55, 0.31])
INFLUENCE = np.array([10.0, 40.0, 75.0, 0.0, 3.0, 22.0])
few = settings(deadline=None, max_examples=40)


@both
@few
@given(position=positions, q=st.sampled_from([1.0, 0.3]))
def test_moves_stay_among_the_positions_held_and_leave_the_input_alone(variant, position, q):
    before = position.copy()
    history = play(position, SALIENCE, INFLUENCE, 4, variant=variant, q=q)
    assert history.shape == (5, 3, 6)
    assert np.isfinite(history).all()
    assert (np.diff(history.min(axis=-1), axis=0) >= 0).all()
    assert (np.diff(history.max(axis=-1), axis=0) <= 0).all()
    assert np.array_equal(history[0], before)
    assert np.array_equal(position, before)


@both
@few
@given(position=positions)
def test_one_run_alone_is_that_run_of_many_to_the_last_bit(variant, position):
    together = play(position, SALIENCE, INFLUENCE, 3, variant=variant, q=0.7)
    for run in range(3):
        alone = play(position[run], SALIENCE, INFLUENCE, 3, variant=variant, q=0.7)
        assert np.array_equal(alone, together[:, run])


@both
def test_the_block_of_runs_and_further_axes_change_nothing(variant, monkeypatch):
    luck = np.random.default_rng(5)
    position, salience = luck.uniform(0, 100, (4, 75, 7)), luck.uniform(0, 1, (75, 7))
    influence = luck.uniform(0, 9, 7)
    as_set = play(position, salience, influence, 3, variant=variant)
    for size in (1, 8 * 49 * 32, 1 << 30):
        monkeypatch.setattr(rounds, "BLOCK_BYTES", size)
        assert np.array_equal(play(position, salience, influence, 3, variant=variant), as_set)
    assert np.array_equal(play(position[2, 7], salience[7], influence, 3, variant=variant), as_set[:, 2, 7])


@both
def test_a_transposed_input_gives_the_same_bits(variant):
    luck = np.random.default_rng(6)
    position, salience, influence = luck.uniform(0, 1, (3, 20, 9))
    slanted = [np.asfortranarray(array) for array in (position, salience, influence)]
    together = play(position, salience, influence, 2, variant=variant)
    assert np.array_equal(play(*slanted, 2, variant=variant), together)


@both
def test_renaming_the_actors_changes_nothing_but_names(variant):
    luck = np.random.default_rng(7)
    position, salience, influence = luck.uniform(0.05, 1, (3, 200, 9))
    order = luck.permutation(9)
    plain = play(position, salience, influence, 1, variant=variant)
    renamed = play(position[:, order], salience[:, order], influence[:, order], 1, variant=variant)
    np.testing.assert_allclose(renamed, plain[..., order], rtol=0, atol=1e-9)
    assert (plain[1] != plain[0]).any()


@both
def test_only_shares_of_influence_matter_and_no_unit_of_position_does(variant):
    luck = np.random.default_rng(8)
    position, salience, influence = luck.uniform(0.05, 1, (3, 50, 8))
    plain = play(position, salience, influence, 2, variant=variant, q=0.6)
    np.testing.assert_allclose(
        play(position, salience, 1.7e308 * influence, 2, variant=variant, q=0.6), plain, atol=1e-9
    )
    stretched = play(4 + 60 * position, salience, influence, 2, variant=variant, q=0.6)
    np.testing.assert_allclose(stretched, 4 + 60 * plain, atol=1e-7)


@both
@pytest.mark.parametrize("q", [1.0, 0.5, 0.0])
def test_where_all_agree_nobody_moves(variant, q):
    history = play(np.full((2, 5), 37.3), [0.5] * 5, [1, 2, 3, 4, 5], 3, variant=variant, q=q)
    assert np.array_equal(history, np.full((4, 2, 5), 37.3))


@both
def test_an_actor_alone_stays_where_it_is(variant):
    assert play([3.0], [0.4], [2.0], 2, variant=variant).tolist() == [[3.0], [3.0], [3.0]]


def test_an_actor_without_influence_changes_nobody_else_s_chances():
    case = np.array([0.0, 3.0, 10.0]), np.array([0.5, 0.6, 0.7]), np.array([1.0, 2.0, 3.0])
    joined = [np.append(array, value) for array, value in zip(case, (6.0, 0.5, 0.0), strict=True)]
    with_it, without = explain(*joined, variant="as-printed"), explain(*case, variant="as-printed")
    np.testing.assert_allclose(with_it["success"][:3, :3], without["success"], atol=1e-15)
    # but it may challenge and be challenged: whoever would vote for it votes
    assert with_it["success"][3, 0] == pytest.approx((2 * 0.6 * 0 + 3 * 0.7 * 6) / (1 * 0.5 * 6 + 3 * 0.7 * 6))


# In a scenario


def scenario(salience, influence, opening):
    state = SimpleNamespace(salience=np.array(salience), influence=np.array(influence))
    return state, SimpleNamespace(opening=np.array(opening))


@both
def test_the_rule_plays_the_published_rounds_on_the_scenario_s_scales(variant, emission):
    position, salience, influence = emission
    stance = (position - 4) / 6 * 100
    state, world = scenario(100 * salience, 100 * influence, stance)
    history = play(position, salience, influence, 2, variant=variant)
    rule = ExpectedUtility(variant=variant)
    for after in history[1:]:
        # the second round knows the opening range although the extremes may have moved
        stance = rule.target(stance, stance, state, world, None)
        np.testing.assert_allclose(4 + stance / 100 * 6, after, atol=1e-9)


@both
def test_the_rule_takes_runs_and_what_is_common_to_them(variant):
    luck = np.random.default_rng(9)
    stance = luck.uniform(0, 100, (30, 6))
    state, world = scenario([50.0, 20.0, 90.0, 100.0, 5.0, 0.0], luck.uniform(0, 100, (30, 6)), stance[0])
    rule = ExpectedUtility(variant=variant, q=0.5)
    together = rule.target(stance, stance, state, world, None)
    assert together.shape == (30, 6)
    assert ((together >= 0) & (together <= 100)).all()
    for run in (0, 13, 29):
        own, _ = scenario(state.salience, state.influence[run], world.opening)
        assert np.array_equal(rule.target(stance[run], stance[run], own, world, None), together[run])


@both
@pytest.mark.parametrize(
    ("opening", "scale"),
    [
        ([0.0] + [50.0] * 8 + [100.0], 100.0),
        ([50.0] * 10, 35.0),  # they agreed at first: the range is today's
    ],
)
def test_distances_are_measured_by_the_opening_range(variant, opening, scale, emission):
    position, salience, influence = emission
    stance = 30 + (position - 4) / 6 * 35
    state, world = scenario(100 * salience, influence, opening)
    moved = ExpectedUtility(variant=variant).target(stance, stance, state, world, None)
    by_range = {width: explain(stance, salience, influence, variant=variant, scale=width) for width in (35.0, 100.0)}
    np.testing.assert_allclose(moved, by_range[scale]["position"], atol=1e-9)
    assert not np.allclose(by_range[35.0]["position"], by_range[100.0]["position"])  # so that the case can tell


@both
def test_each_run_is_measured_by_its_own_opening_range(variant):
    luck = np.random.default_rng(10)
    stance, opening = luck.uniform(0, 100, (3, 5)), np.array([[40.0] * 4 + [end] for end in (40.0, 60.0, 100.0)])
    state, world = scenario([50.0] * 5, luck.uniform(1, 100, 5), opening)
    rule = ExpectedUtility(variant=variant)
    together = rule.target(stance, stance, state, world, None)
    for run in range(3):
        alone = rule.target(stance[run], stance[run], state, SimpleNamespace(opening=opening[run]), None)
        np.testing.assert_array_equal(together[run], alone)


def test_runs_further_from_each_other_than_can_be_measured_are_played_each_by_itself():
    moved = play(1e308 * np.array([[0.9, 1.0], [-1.0, -0.9]]), [0.5, 0.5], [3.0, 1.0], 1)[1]
    np.testing.assert_array_equal(moved, 1e308 * np.array([[0.9, 0.9], [-1.0, -1.0]]))  # as the pair above, by hand


@both
@pytest.mark.parametrize(
    ("stance", "influence", "opening"),
    [
        ([0.0, 100.0, 50.0], [1.0, 2.0, 3.0], [40.0, 60.0, 50.0]),  # drifted beyond the opening range
        ([0.0, 100.0, 50.0], [1.0, 2.0, 3.0], [50.0, 50.0, 50.0]),  # they agreed at first
        ([0.0, 100.0, 50.0], [0.0, 0.0, 0.0], [0.0, 100.0, 50.0]),  # nobody has any influence
        ([50.0, 50.0, 50.0], [1.0, 2.0, 3.0], [50.0, 50.0, 50.0]),
    ],
)
def test_odd_scenarios_stay_finite_and_on_the_scale(variant, stance, influence, opening):
    state, world = scenario([10.0, 0.0, 100.0], influence, opening)
    for q in (1.0, 0.2):
        stances = np.array(stance)
        moved = ExpectedUtility(variant=variant, q=q).target(stances, stances, state, world, None)
        assert ((moved >= min(stance)) & (moved <= max(stance))).all()


# At the door


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"position": [1, np.nan]}, "position: nan is not a finite number"),
        ({"position": [-1e308, 1.7e308]}, "too wide a range"),
        ({"salience": [0.5, 80]}, r"salience: 80\.0 is outside 0 … 1; divide"),
        ({"salience": [0.5, -0.1]}, r"salience: -0\.1 is negative"),
        ({"influence": [1, -2]}, r"influence: -2\.0 is negative"),
        ({"influence": [0, 0]}, "nobody has any weight"),
        ({"influence": [1, 2, 3]}, "the number of actors differs"),
        ({"variant": "table2"}, "variant: 'table2' is unknown; choose 'table-2' or 'as-printed'"),
        ({"q": 1.2}, r"q: 1\.2 is outside 0 … 1"),
        ({"t": float("nan")}, "t: nan is outside 0 … 1"),
    ],
)
def test_bad_input_is_refused_with_its_name(changes, message):
    given = {"position": [0, 1], "salience": [0.5, 0.5], "influence": [1, 1]} | changes
    with pytest.raises(ValueError, match=message):
        play(**given, rounds=1)
    with pytest.raises(ValueError, match=message):
        explain(**given)


@pytest.mark.parametrize("number", [-1, 1.5, True, "3"])
def test_rounds_are_counted_in_whole_numbers(number):
    with pytest.raises(ValueError, match=r"rounds: .* is not a whole number"):
        play(*PAIR, number)
    assert play(*PAIR, 0).tolist() == [[0.0, 1.0]]


def test_only_one_run_can_be_explained_and_only_with_a_range_above_0():
    with pytest.raises(ValueError, match="explain one"):
        explain([[0, 1], [0, 1]], [1, 1], [1, 1])
    with pytest.raises(ValueError, match="scale: 0 is not a range above 0"):
        explain(*PAIR, scale=0)


def test_a_misspelt_reading_is_refused_in_a_scenario_too():
    with pytest.raises(ValueError, match="table-2"):
        ExpectedUtility(variant="table2")
