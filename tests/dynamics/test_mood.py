"""Moods: the chance of any one answer stays what it was, and answers close in time hang together as normals do."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import multivariate_normal, norm

import simulation as sim
from simulation.dynamics import mood
from simulation.dynamics.answers import Chances
from simulation.runs.ensemble import blocks, run_ensemble
from simulation.runs.setup import open_scenario

HALF_LIFE = "coefficients.answers.mood_half_life"


def opened(two, half_life):
    return open_scenario(two.replace({HALF_LIFE: half_life}))


def at(state, mean, variance):
    """The state in which both parties' moods are expected to be so."""
    return replace(state, mood=np.full(2, mean), mood_variance=np.full(2, variance))


def both(chance):
    """The chances of an answer that leaves no room for conditions, of two parties."""
    return Chances(np.full(2, chance), np.full(2, chance))


def test_a_mood_fades_by_half_in_a_half_life_and_what_is_forgotten_is_uncertain_again(two):
    world, state = opened(two, 3)
    state = at(state, 1.2, 0.36)
    for _ in range(3):
        state = mood.fade(state, world)
    # half of the mean; of the variance that is missing, 0.64, a quarter stays missing
    np.testing.assert_allclose([state.mood, state.mood_variance], [[0.6, 0.6], [0.84, 0.84]])


@pytest.mark.parametrize(("half_life", "left"), [(0.5, 0.25), (1, 0.5), (0, 0)])
def test_a_mood_may_last_for_less_than_a_step(two, half_life, left):
    world, state = opened(two, half_life)
    world = replace(world, answers=world.answers.model_copy(update={"mood_half_life": np.array([[half_life], [1]])}))
    faded = mood.fade(at(state, 1.2, 0.0), world)  # in one run it lasts for so long, in the other for a day
    np.testing.assert_allclose(faded.mood, [[1.2 * left] * 2, [0.6, 0.6]])
    np.testing.assert_allclose(faded.mood_variance, [[1 - left**2] * 2, [0.75, 0.75]])
    kept = mood.keep(state, mood.Mood(np.array([2.0, 3.0]), np.zeros(2)), np.array([True, False]), world)
    np.testing.assert_array_equal(kept.mood, [[2.0 if half_life else 0.0, 0.0], [2.0, 0.0]])


@pytest.mark.parametrize(("coin", "willing"), [(0.0, 8.2095), (1.0, -8.2095)])
def test_no_draw_is_a_mood_without_end(two, coin, willing):
    # -Phi^-1(2^-53) = 8.2095362
    world, state = opened(two, 3)
    np.testing.assert_allclose(mood.drawn(state, np.full(2, coin), world).mean, willing, atol=1e-4)


@pytest.mark.parametrize(("chance", "mean"), [(1.0, -8.2095362), (0.0, 8.2095362)])
def test_no_answer_is_so_certain_that_no_mood_could_turn_it(two, chance, mean):
    # the bar of 1 - 2^-53, or of 2^-53, is as far off as the mood is
    world, state = opened(two, 3)
    given = mood.given_mood(both(chance), at(state, mean, 0.36), world)
    np.testing.assert_allclose(given, 0.5, atol=1e-6)


def test_an_answer_against_all_odds_teaches_to_the_last_digit(two):
    # the mean of a standard normal beyond b is phi(b) over the chance of being beyond it
    world, state = opened(two, 3)
    hardly = 1e-12
    bar = norm.isf(hardly)
    expected = np.exp(norm.logpdf(bar) - norm.logsf(bar))
    assert 7.17 < expected < 7.18
    np.testing.assert_allclose(mood.taught(state, both(hardly), np.full(2, 1.0), world).mean, expected, rtol=1e-9)
    # beyond what digits can tell it teaches nothing, of whatever was known before
    known = at(state, 0.4, 0.5)
    learnt = mood.taught(known, both(1e-40), np.full(2, 1.0), world)
    np.testing.assert_allclose([learnt.mean, learnt.variance], [[0.4] * 2, [0.5] * 2], rtol=1e-12)


def test_the_lower_the_number_drawn_the_more_willing_the_mood(two):
    world, state = opened(two, 3)
    # of nobody is anything known: Phi^-1(0.1) = -1.2815516, Phi^-1(0.9) the other way round
    np.testing.assert_allclose(mood.drawn(state, np.array([0.1, 0.9]), world).mean, [1.2815516, -1.2815516], atol=1e-6)


def test_a_mood_that_is_known_weighs_with_its_spread(two):
    world, state = opened(two, 3)
    # of an even chance: Phi(0.6 / 0.8) = Phi(0.75) = 0.7733726
    np.testing.assert_allclose(mood.given_mood(both(0.5), at(state, 0.6, 0.64), world).yes, 0.7733726, atol=1e-6)
    # of one in ten: Phi((0.6 - 1.2815516) / 0.8) = Phi(-0.8519395) = 0.1971236
    np.testing.assert_allclose(mood.given_mood(both(0.1), at(state, 0.6, 0.64), world).full, 0.1971236, atol=1e-6)


def test_of_whom_nothing_is_known_the_chance_is_exactly_the_logistic(two):
    world, state = opened(two, 3)
    for chance in (0.0, 1e-300, 0.28, 1 / 3, 1.0):
        assert np.array_equal(mood.given_mood(both(chance), state, world).yes, [chance] * 2)


def by_quadrature(mean, variance, low, high):
    """Mean and variance of a normal cut off at both ends."""
    spread = np.sqrt(variance)
    low, high = max(low, mean - 12 * spread), min(high, mean + 12 * spread)

    def moment(power):
        return quad(lambda z: z**power * norm.pdf(z, mean, spread), low, high, epsabs=1e-13, epsrel=1e-11)[0]

    first = moment(1) / moment(0)
    return first, moment(2) / moment(0) - first**2


@pytest.mark.parametrize(("mean", "variance"), [(0.0, 1.0), (0.5, 0.7), (-1.0, 0.3)])
@pytest.mark.parametrize(("yes", "full"), [(0.5, 0.5), (0.8, 0.3), (0.07, 0.01), (0.97, 0.6)])
def test_an_answer_that_is_told_teaches_as_the_integral_has_it(two, mean, variance, yes, full):
    world, state = opened(two, 3)
    chances = Chances(np.full(2, yes), np.full(2, full))
    bars = norm.isf(yes), norm.isf(full)
    for said, low, high in ((0, -np.inf, bars[0]), (0.5, *bars), (1, bars[1], np.inf)):
        if low == high:
            continue
        learnt = mood.taught(at(state, mean, variance), chances, np.full(2, said), world)
        expected = by_quadrature(mean, variance, low, high)
        np.testing.assert_allclose([learnt.mean[0], learnt.variance[0]], expected, atol=2e-6)


def test_where_but_a_share_of_an_answer_is_mood_it_tells_as_much_less(two):
    world, state = opened(two, 3)
    world = replace(world, answers=world.answers.model_copy(update={"mood_share": 0.25}))
    # y = z / 2 + sqrt(3/4) e: known of z are 0.6 and 0.64, so y has mean 0.3 and variance 0.16 + 0.75 = 0.91
    known = at(state, 0.6, 0.64)
    # Phi(0.3 / sqrt(0.91)) = Phi(0.3144855) = 0.6234244
    np.testing.assert_allclose(mood.given_mood(both(0.5), known, world).yes, 0.6234244, atol=1e-6)
    # y lies at its mean plus sqrt(0.91) 1.2815516 = 1.2225224; z goes along by cov / var = 0.32 / 0.91 of it
    drawn = mood.drawn(known, np.array([0.1, 0.1]), world)
    np.testing.assert_allclose(drawn.mean, 0.6 + 0.32 / 0.91 * 1.2225224, atol=1e-6)
    np.testing.assert_allclose(drawn.variance, 0.64 - 0.32**2 / 0.91)
    # told a yes to an even offer: z given y > 0, by the integral over z of Phi(z / 2 / sqrt(3/4)) phi(z; 0.6, 0.64)
    weight = lambda z: norm.cdf(z / 2 / np.sqrt(0.75)) * norm.pdf(z, 0.6, 0.8)  # noqa: E731
    total, first, second = (quad(lambda z, k=k: z**k * weight(z), -6, 7)[0] for k in range(3))
    learnt = mood.taught(known, both(0.5), np.full(2, 1.0), world)
    np.testing.assert_allclose(learnt.mean, first / total, atol=1e-5)
    np.testing.assert_allclose(learnt.variance, second / total - (first / total) ** 2, atol=1e-5)


def test_an_answer_that_could_not_be_teaches_nothing_and_breaks_nothing(two):
    world, state = opened(two, 3)
    for chance, said in ((0.0, 1), (1.0, 0), (0.5, 0.5)):
        learnt = mood.taught(state, both(chance), np.full(2, said), world)
        np.testing.assert_array_equal([learnt.mean, learnt.variance], [[0, 0], [1, 1]])


FIRST = '\n[[record]]\noffer = "first"\nparty = "{party}"\nanswer = {answer}\n'


@pytest.mark.parametrize(
    ("said", "likely"),
    [(1, 2 / 3), (0, 1 / 3)],  # of two normals that hang together by one half: 1/2 ± asin(1/2) / pi
)
def test_after_an_answer_that_is_told_the_next_is_likelier_to_be_the_same(still, said, likely):
    """Three days later, with a half-life of three days, at an even chance each time."""
    told = still(FIRST.format(party="Red", answer=said) + FIRST.format(party="Blue", answer=0))
    result = run_ensemble(told.as_of("2020-01-06").replace({HALF_LIFE: 3}), runs=4000)
    red = result.sel(offer="second", party="Red")
    assert (result.answer.sel(offer="first", party="Red") == said).all()
    assert (red.chance == red.chance[0]).all()
    # the mood is kept as a normal, which here misses the exact chance by less than two in a thousand
    assert float(red.chance[0]) == pytest.approx(likely, abs=0.002)
    assert float(red.answer.mean()) == pytest.approx(likely, abs=0.03)
    assert (result.chance.sel(offer="first", party="Red") == 0.5).all()  # as likely as ever it was


def test_told_yeses_and_refusals_teach_nothing_where_moods_do_not_last(still):
    told = still(FIRST.format(party="Red", answer=0)).as_of("2020-01-06")
    assert (run_ensemble(told, runs=100).chance.sel(offer="second", party="Red") == 0.5).all()


def test_what_was_told_with_conditions_leaves_the_mood_in_between(still):
    chances = {}
    for grade in (0, 0.5, 1):
        told = still(FIRST.format(party="Red", answer=grade) + FIRST.format(party="Blue", answer=0))
        story = told.as_of("2020-01-06").replace({HALF_LIFE: 3, "coefficients.answers.reserve": 5})
        chances[grade] = float(run_ensemble(story, runs=20).chance.sel(offer="second", party="Red").mean())
    # P(yes) = 1 / (1 + e^-0.5), before anything is told; a yes with conditions says that the mood is middling
    assert chances[0] < 0.6225 < chances[0.5] < chances[1]


def test_a_graded_answer_that_is_told_teaches_each_run_what_it_said(still):
    told = still(FIRST.format(party="Red", answer=0.75) + FIRST.format(party="Blue", answer=0))
    result = run_ensemble(told.as_of("2020-01-06").replace({HALF_LIFE: 3, "coefficients.answers.reserve": 5}), runs=200)
    said = result.answer.sel(offer="first", party="Red").values
    after = result.chance.sel(offer="second", party="Red").values
    assert set(said) == {0.5, 1}
    assert len({*after[said == 0.5]}) == 1
    assert after[said == 0.5].max() < after[said == 1].min()


def test_whose_answer_is_not_told_has_the_mood_that_it_drew(still):
    """Nearly as many moods as runs, where of a told answer all runs learn the same."""
    told = still(FIRST.format(party="Red", answer=0)).as_of("2020-01-06").replace({HALF_LIFE: 3})
    after = run_ensemble(told, runs=200).chance.sel(offer="second")
    assert len({*after.sel(party="Red").values}) == 1
    assert len({*after.sel(party="Blue").values}) > 190


ASK = """
[[events]]
on = 2020-01-03
offer = {{ id = "standing", sponsors = ["Bystander"], to = ["Red"], every = {every}, until = 2020-02-01 }}
"""

SELDOM = {"actors.Red.stance": 50 - 9.444616, "actors.Red.base": 50 - 9.444616, "steps": 32}
"""Red says yes with 28 % each time it is asked: ln(0.28 / 0.72) = -0.9444616, 9.4 points below the threshold."""


def asked(result):
    """Red's answers to the offer that stands."""
    return result.answer.sel(party="Red", offer=[name for name in result.offer.values if name.startswith("standing")])


@pytest.mark.parametrize(("half_life", "twice", "daily"), [(0, 0.4816, 0.9999), (3650, 0.30, 0.33)])
def test_asking_daily_rather_than_twice_moves_a_yes_little_where_moods_last(still, half_life, twice, daily):
    for every, expected in ((15, twice), (1, daily)):
        answers = asked(run_ensemble(still(ASK.format(every=every), SELDOM | {HALF_LIFE: half_life}), runs=4000))
        assert (abs(answers.mean("run") - 0.28) < 0.03).all()  # each answer by itself: four standard errors
        assert abs(float((answers == 1).any("offer").mean()) - expected) < 0.03


@pytest.mark.parametrize("half_life", [2.0, 7.0, 30.0])
def test_two_answers_hang_together_as_normals_do(still, half_life):
    answers = asked(run_ensemble(still(ASK.format(every=7), SELDOM | {HALF_LIFE: half_life}), runs=6000)).values
    for later, days in ((1, 7), (2, 14)):
        kept, bar = 2 ** (-days / half_life), norm.ppf(0.28)
        both_yes = multivariate_normal.cdf([bar, bar], cov=[[1, kept], [kept, 1]])
        assert (answers[:, 0] * answers[:, later]).mean() == pytest.approx(both_yes, abs=0.02)


def test_given_what_each_run_has_answered_its_chances_still_average_what_they_were(still):
    result = run_ensemble(still(ASK.format(every=7), SELDOM | {HALF_LIFE: 5}), runs=4000)
    for offer in asked(result).offer.values:
        assert float(result.chance.sel(party="Red", offer=offer).mean()) == pytest.approx(0.28, abs=0.01)


def test_two_offers_of_one_day_meet_one_mood(still):
    second = ASK.format(every=7) + ASK.format(every=7).replace("standing", "again")
    result = run_ensemble(still(second, SELDOM | {HALF_LIFE: 5}), runs=500)
    for number in range(1, 6):
        one, other = (result.answer.sel(party="Red", offer=f"{name}-{number}") for name in ("standing", "again"))
        assert (one == other).all()


def test_each_party_has_a_mood_of_its_own(still):
    answers = run_ensemble(still(changes={HALF_LIFE: 1000}), runs=4000).answer
    red, blue = (answers.sel(party=party) for party in ("Red", "Blue"))
    assert (red.sel(offer="first") == red.sel(offer="second")).mean() > 0.9
    assert float((red.sel(offer="first") == blue.sel(offer="first")).mean()) == pytest.approx(0.5, abs=0.03)


def test_a_half_life_of_nothing_is_a_new_coin_each_time_and_may_differ_from_run_to_run(still):
    story = still(ASK.format(every=1), SELDOM)
    half_lives = np.repeat([0.0, 6.0], 10)
    mixed = next(blocks(story, 20, 0, values={HALF_LIFE: half_lives}))
    for number, half_life in ((3, 0.0), (13, 6.0)):
        alone = next(blocks(story, 20, 0, values={HALF_LIFE: np.full(20, half_life)}))
        for name in ("chance", "answer"):
            np.testing.assert_array_equal(getattr(mixed, name)[number], getattr(alone, name)[number])
    plain = run_ensemble(story, runs=20, seed=0)
    np.testing.assert_array_equal(mixed.chance[:10], plain.chance.values[:10])
    np.testing.assert_array_equal(mixed.answer[:10], plain.answer.values[:10])


def test_told_answers_fall_as_they_fell_whatever_the_mood():
    """The party refuses what all refuse in history, though its mood lasts from one offer to the next."""
    scenario = sim.load_scenario("libya-2020-01", {HALF_LIFE: 60.0})
    result = sim.run(scenario.as_of("2020-01-14"), runs=300)
    told = result.answer.sel(offer="moscow-text").mean("run")
    assert abs(float(told.sel(party="GNA")) - 1.0) < 1e-12
    assert abs(float(told.sel(party="LNA")) - 0.1) < 0.05  # graded: of that grade, the mean over runs
