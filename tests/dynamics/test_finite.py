"""A number that is not finite is found, and told by its variable, whose it is, its run and its step."""

from dataclasses import replace

import numpy as np
import pytest

from simulation.dynamics.finite import NotFiniteError, refuse_infinite
from simulation.dynamics.randomness import draw
from simulation.dynamics.simulate import before_offer, simulate, spread
from simulation.runs.setup import open_scenario

CALLS = """
[[events]]
on = 2020-01-03
offer = { id = "call", sponsors = ["Patron"] }

[[events]]
on = 2020-01-03
offer = { id = "appeal", sponsors = ["Friend"], to = ["South"] }
"""


@pytest.fixture(scope="module")
def opened(tell):
    return open_scenario(tell("two", CALLS))


def spoilt(state, name, place, value=np.nan):
    """The state with one number put to a value."""
    table = getattr(state, name).astype(float)
    table[place] = value
    return replace(state, **{name: table})


def found(world, state, by_step=None):
    with pytest.raises(NotFiniteError) as caught:
        refuse_infinite(world, state, by_step or {})
    return caught.value


@pytest.mark.parametrize(
    ("name", "place", "what"),
    [
        ("stance", (2,), "stance of Patron"),
        ("leverage", (2, 0), "leverage of Patron and North"),
        ("support", (1, 3), "support of South and Friend"),
        ("exhaustion", (1,), "exhaustion of South"),
        ("strain", (0,), "strain of North and South"),
    ],
)
def test_a_number_that_is_not_finite_is_told_with_whose_it_is(opened, name, place, what):
    world, state = opened
    error = found(world, spoilt(state, name, place))
    assert str(error) == f"{what} is nan in step {world.steps}"
    assert (error.what, error.row, error.step) == (what, 0, world.steps)
    assert np.isnan(error.value)
    assert found(world, spoilt(state, name, place, -np.inf)).value == -np.inf


def test_what_has_no_name_of_its_own_is_told_by_its_number(opened):
    world, state = opened
    error = found(world, replace(state, want=np.array([[[1.0, 2.0], [3.0, np.inf]]])))
    assert str(error) == f"want of South and stake 1 is inf in step {world.steps}"


def test_of_many_runs_the_first_that_fails_in_the_earliest_step_is_told(opened):
    world, state = opened
    runs = spread(state, 5)
    error = found(world, spoilt(runs, "stance", (3, 1), np.inf))
    assert (str(error), error.row) == (f"stance of South is inf in step {world.steps}", 3)
    stance = np.full((world.steps + 1, 5, 4), 50.0)
    stance[4:, 2, 3] = stance[6:, 1, 0] = np.nan
    error = found(world, spoilt(runs, "stance", (2, 3)), {"stance": stance})
    assert (str(error), error.row, error.step) == ("stance of Friend is nan in step 4", 2, 4)
    assert refuse_infinite(world, runs, {"stance": stance}) is None  # histories are searched where the end is at fault


def test_the_outcome_of_a_negotiation_is_searched_in_every_step(opened):
    world, state = opened
    outcome = np.full((13, 5, 2), 50.0)
    assert refuse_infinite(world, state, {"outcome": outcome}) is None
    outcome[7, 4, 1] = np.nan
    error = found(world, state, {"outcome": outcome})
    assert (str(error), error.row) == ("outcome is nan in step 7", 4)


def test_an_answer_that_nobody_was_asked_for_may_be_missing_but_only_with_its_chance(opened):
    world, state = opened
    assert np.isnan(state.chance).all()
    assert np.isinf(state.left).all()  # of an open term
    refuse_infinite(world, state, {})
    answered = replace(state, answer=np.zeros(state.answer.shape))
    assert found(world, answered).what == "chance of call and North"
    assert found(world, spoilt(state, "chance", (1, 0), np.inf)).what == "chance of appeal and North"
    assert found(world, spoilt(state, "left", (0,))).what == "left of North and South"


def test_the_state_right_before_an_offer_is_the_one_that_its_answers_come_from(tell):
    """Whoever is refused distrusts, from one offer of a day to the next."""
    world, state = open_scenario(tell("two", CALLS, {"coefficients.answers.spurned": 30.0}))
    runs = spread(state, 256)
    luck = draw(world, 0, 0)
    history = simulate(world, runs, luck)
    before, where = before_offer(world, runs, luck, 0, 2)
    assert where is None
    np.testing.assert_array_equal(before.distrust, history.distrust[2])
    assert np.isnan(before.answer).all()
    later, _ = before_offer(world, runs, luck, 1, 2)
    np.testing.assert_array_equal(later.answer[:, 0], history.answer[:, 0])
    refused = history.answer[:, 0, 0] == 0
    spurned = refused & (history.answer[:, 0, 1] == 1)
    assert 0 < spurned.sum() < 256
    np.testing.assert_allclose((later.distrust - before.distrust)[:, 1], np.where(spurned, 30.0, 0.0), atol=1e-9)
    with pytest.raises(ValueError, match=r"^offer 1 is not made in step 3$"):
        before_offer(world, runs, luck, 1, 3)
