"""What the rules that average say of a move, by hand and word for word; and that runs side by side stay apart."""

from types import SimpleNamespace

import numpy as np
import pytest

from simulation.rules.base import Rule
from simulation.rules.bounded_confidence import BoundedConfidence, hegselmann_krause
from simulation.rules.compromise import Compromise, centres
from simulation.rules.deffuant import Deffuant

PULL = "points by which the other draws the actor's target away from its stance"
SHARE = "weight of the other's stance in where the actor is heading"


def told(rule, stance, **state):
    """What a rule says of a move from these stances."""
    tables = {name: np.array(value, dtype=float) for name, value in state.items()}
    luck = SimpleNamespace(rule={"pairing": tables.pop("draw", None)})
    return rule.explain(np.array(stance, dtype=float), None, SimpleNamespace(**tables), None, luck)


def check(found, expected):
    assert {name: (table.axes, table.meaning, table.places) for name, table in found.items()} == {
        name: said for name, (said, _) in expected.items()
    }
    for name, (_, values) in expected.items():
        np.testing.assert_allclose(found[name].values, values, atol=1e-12)


@pytest.mark.parametrize(("by_influence", "near", "far"), [(False, 0.5, 0.5), (True, 0.25, 0.75)])
def test_bounded_confidence_tells_who_is_heeded(by_influence, near, far):
    # the first two hear each other, alike or one part to three; the third hears nobody
    check(
        told(BoundedConfidence(confidence=10, by_influence=by_influence), [0, 10, 50], influence=[1, 3, 7]),
        {
            "share": ((("actor", "other"), SHARE, False), [[near, far, 0], [near, far, 0], [0, 0, 1]]),
            "pull": ((("actor", "other"), PULL, False), [[0, 10 * far, 0], [-10 * near, 0, 0], [0, 0, 0]]),
        },
    )


def test_the_compromise_tells_how_much_of_the_mean_is_whose():
    # weights 1/2 * 2/3 to 1: a quarter and three quarters, of which half the way is gone
    check(
        told(Compromise(share=0.5), [0, 100], salience=[50, 100], influence=[10, 15]),
        {
            "share": ((("actor", "other"), SHARE, False), [[0.625, 0.375], [0.125, 0.875]]),
            "pull": ((("actor", "other"), PULL, False), [[0, 37.5], [-12.5, 0]]),
        },
    )
    nobody = told(Compromise(), [0, 100], salience=[0, 0], influence=[10, 15])
    np.testing.assert_array_equal(nobody["share"].values, np.eye(2))
    np.testing.assert_array_equal(nobody["pull"].values, np.zeros((2, 2)))


def test_deffuant_tells_who_met_whom_and_who_met_nobody():
    # by their numbers the first meets the third, and both go a quarter of twenty points
    met = ((("actor",), "whom the actor met", True), [2, -1, 0])
    check(
        told(Deffuant(confidence=20, give=0.25), [40, 90, 60], draw=[0.1, 0.9, 0.2]),
        {"met": met, "pull": ((("actor", "other"), PULL, False), [[0, 0, 5], [0, 0, 0], [-5, 0, 0]])},
    )
    check(
        told(Deffuant(confidence=19, give=0.25), [40, 90, 60], draw=[0.1, 0.9, 0.2]),
        {"met": met, "pull": ((("actor", "other"), PULL, False), np.zeros((3, 3)))},
    )


def test_where_nobody_has_weight_in_one_run_it_is_kept_in_the_others():
    position, salience = [[10.0, 20.0], [30.0, 50.0]], [[0.0, 0.0], [1.0, 3.0]]
    expected = [[15.0, 10.0], [45.0, 50.0]]  # mean and lower median, of equals and of one to three
    np.testing.assert_array_equal(centres(position, salience, [1.0, 1.0]), expected)
    np.testing.assert_array_equal(centres([position] * 3, salience, [1.0, 1.0]), [expected] * 3)


def test_runs_side_by_side_do_not_hear_each_other():
    moved = hegselmann_krause(np.array([[0.0, 10.0], [50.0, 80.0]]), 20.0)
    np.testing.assert_array_equal(moved, [[5.0, 5.0], [50.0, 80.0]])


class Eager(Rule):
    """A rule without an account of its own."""

    name: str = "eager"

    def target(self, stance, ideal, state, world, luck):
        return stance + ideal


def test_a_rule_that_says_no_more_tells_where_it_would_take_everybody():
    check(
        Eager().explain(np.array([10.0, 20.0]), np.array([1.0, 3.0]), None, None, None),
        {"target": ((("actor",), "where a round played to its end would take the actor", False), [11.0, 23.0])},
    )
