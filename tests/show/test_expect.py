"""A notebook's sentence holds of its value, or the cell below it fails and says so."""

import numpy as np
import pytest

import simulation as sim


def test_a_true_sentence_says_nothing():
    assert sim.expect("two lies between one and three", 2, above=1, below=3) is None
    assert sim.expect("all are gains", np.array([0.1, 0.2]), above=0) is None
    assert sim.expect("Russia is first", ["Russia", "UAE"], equals=["Russia", "UAE"]) is None
    assert sim.expect("Russia is first", np.array(["Russia", "UAE"]), equals=["Russia", "UAE"]) is None


def test_a_false_sentence_is_told_with_its_value_and_what_was_said():
    with pytest.raises(
        AssertionError, match=r"^“the peak lies near 0\.4” is not so: the value is 0\.7, and was said"
    ) as told:
        sim.expect("the peak lies near 0.4", 0.7, above=0.3, below=0.5)
    assert str(told.value).endswith("was said to be above 0.3 and below 0.5.")
    for value in (["UAE"], np.array(["UAE"])):
        with pytest.raises(AssertionError, match=r"the value is \['UAE'\], and was said to be \['Russia'\]"):
            sim.expect("Russia is first", value, equals=["Russia"])
    with pytest.raises(AssertionError, match="is not so"):
        sim.expect("there are two", np.array([1, 2, 3]), equals=[1, 2])


@pytest.mark.parametrize(
    "value", [1.0, float("nan"), [], [2.0, 1.0]], ids=["at the bound", "NaN", "none", "one of two"]
)
def test_a_bound_is_passed_by_every_number_and_there_is_one(value):
    with pytest.raises(AssertionError, match="is not so"):
        sim.expect("it is more than one", value, above=1)


@pytest.mark.parametrize("said", [{}, {"above": 1, "equals": 2}])
def test_a_sentence_says_one_thing_of_its_value(said):
    with pytest.raises(TypeError, match="say either what the value equals, or what it is above or below"):
        sim.expect("it is two", 2, **said)
