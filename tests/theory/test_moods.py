"""That moods make answers hang together and leave the chance of each as it is, over many runs of one still conflict.

Red's willingness is 10 points short of the threshold at 10 points of temperature: it says yes with a chance of
1 / (1 + e) = 0.269, whatever happens, and nothing but its mood joins one answer to the next.
"""

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

import simulation as sim

RUNS = 8192
CHANCE = 1 / (1 + np.e)
ERROR = np.sqrt(CHANCE * (1 - CHANCE) / RUNS)
"""Of a share of yeses over the runs."""


@pytest.fixture(scope="module")
def asked(still):
    """``asked(every, half_life)``: Red's answers in March to one offer that stands, shape (RUNS, occasions)."""

    def answers(every: int, half_life: float):
        stands = f"""
[[events]]
on = 2020-01-10
offer = {{ id = "stands", sponsors = ["Blue"], to = ["Red"], every = {every}, until = 2020-02-08 }}
"""
        scenario = still(
            stands,
            {
                "steps": 45,
                "actors.Red.stance": 40,
                "coefficients.answers.reserve": 0,
                "coefficients.answers.bar_call": 0,
                "coefficients.answers.mood_half_life": half_life,
            },
        )
        given = sim.run(scenario, runs=RUNS, seed=3).answer.sel(party="Red")
        return given.isel(offer=[str(name).startswith("stands") for name in given.offer.values]).values

    return answers


@pytest.mark.parametrize("half_life", [0, 3, 60, 3000])
def test_m30_the_chance_of_each_single_answer_is_untouched_by_how_long_moods_last(asked, half_life):
    shares = asked(5, half_life).mean(axis=0)
    assert len(shares) == 6
    assert np.abs(shares - CHANCE).max() < 4 * ERROR


@pytest.mark.parametrize("half_life", [3, 60])
def test_m30_answers_hang_together_as_far_as_they_are_close_in_time(asked, half_life):
    """Two yeses, so many days apart, are as likely as two normal numbers of that correlation are both high."""
    given = asked(5, half_life)
    for apart in (1, 3):
        r = 2 ** (-5 * apart / half_life)
        both = multivariate_normal([0, 0], [[1, r], [r, 1]]).cdf([norm.ppf(CHANCE)] * 2)
        assert (given[:, 0] * given[:, apart]).mean() == pytest.approx(both, abs=4 * ERROR)


def test_m30_asking_daily_instead_of_twice_moves_at_least_one_yes_by_little_where_moods_last(asked):
    """By a coin it is 1 - 0.731^2 = 0.465 and 1 - 0.731^30 = 1; by moods that last it is nearly the chance of one."""

    def at_least_one(every: int, half_life: float) -> float:
        return float((asked(every, half_life) > 0).any(axis=-1).mean())

    assert at_least_one(15, 0) == pytest.approx(1 - (1 - CHANCE) ** 2, abs=4 * ERROR)
    assert at_least_one(1, 0) > 0.999
    for half_life, most in ((365, 0.08), (3650, 0.03)):
        twice, daily = at_least_one(15, half_life), at_least_one(1, half_life)
        assert 0 <= daily - twice < most
        assert twice < 0.4
