"""How numbers are written for people, and that one that is not there is a dash everywhere."""

import math

import numpy as np
import pytest

from simulation.runs.results.wording import (
    amount,
    answer_in_brief,
    difference,
    endings,
    estimate,
    fixed,
    listed,
    number,
    percent,
    percent_in_brief,
    span,
)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.1234, "chance", "12.3 %"),
        (0.5, "share", "50.0 %"),
        (78.56, "stance points", "78.6"),
        (3, "camps", "3.0"),
        (np.nan, "chance", "–"),
        (None, "days", "–"),
        (np.inf, "days", "–"),
    ],
)
def test_an_amount_is_written_in_its_unit(value, unit, text):
    assert amount(value, unit) == text


def test_a_difference_carries_its_sign_and_its_interval():
    assert difference(0.02, -0.005, 0.045, "chance") == "+2.0 (-0.5 to +4.5)"
    assert difference(-3.0, -4.0, -2.0, "days") == "-3.0 (-4.0 to -2.0)"


def test_no_interval_is_printed_that_claims_what_is_not_known():
    assert difference(1.0, -np.inf, np.inf, "days") == "+1.0 (too few runs)"  # so few bound nothing
    assert difference(0.4375, 0.4375, 0.4375, "chance") == "+43.8 (in every run)"  # no interval without width
    assert difference(np.nan, np.nan, np.nan, "chance") == "–"
    assert estimate(0.316, 0.29, 0.341, "chance") == "31.6 % (29.0 to 34.1 %)"
    assert estimate(0.5, -np.inf, np.inf, "chance") == "50.0 % (too few runs)"


def test_a_chance_is_written_with_its_interval_and_finer_near_the_ends():
    assert percent({"chance": 0.156, "low": 0.131, "high": 0.172}) == "16 % (13–17 %)"
    assert percent_in_brief({"chance": 0.156, "low": 0.131, "high": 0.172}) == "16 % (13–17)"
    assert percent({"chance": 0.0, "low": 0.0, "high": 0.0038}) == "0.0 % (0.0–0.4 %)"
    assert percent({"chance": 0.99, "low": 0.98, "high": 0.996}) == "99 % (98–100 %)"
    assert percent({"chance": 0.994, "low": 0.98, "high": 0.997}) == "99.4 % (98.0–99.7 %)"
    assert percent({"chance": 0.01, "low": 0.004, "high": 0.02}) == "1 % (0–2 %)"


def test_an_interval_is_written_from_its_lower_to_its_upper_end():
    assert span({"value": 0.15, "low": 0.131, "high": 0.172}) == "0.131 to 0.172"


def test_names_are_listed_in_full_where_but_one_would_be_left_out():
    assert listed(["a", "b"], most=2) == "a, b"
    assert listed(["a", "b", "c"], most=2) == "a, b, c"
    assert listed(["a", "b", "c", "d"], most=2) == "a, b and 2 more"


def test_what_became_of_truces_is_written_in_order_and_without_what_never_was():
    shares = {"standing": 0.16, "broken": 0.74, "lapsed": 0.1, "replaced": 0.0}
    ends = {kind: {"chance": share, "low": 0.0, "high": 1.0} for kind, share in shares.items()}
    assert endings({"endings": ends}) == "broken in 74 %, lapsed in 10 %, standing in 16 %"


def test_an_answer_is_written_with_what_of_it_is_without_conditions():
    full = {"chance": 0.09, "low": 0.07, "high": 0.11}
    assert answer_in_brief({"chance": 0.156, "low": 0.131, "high": 0.172, "full": full}) == "16 % (13–17), in full 9 %"
    nothing = {"chance": None, "low": None, "high": None}
    assert answer_in_brief({**nothing, "full": nothing}) == "–"


@pytest.mark.parametrize("nothing", [None, np.nan])
def test_a_number_that_is_not_there_is_a_dash(nothing):
    value = {"chance": nothing, "low": nothing, "high": nothing}
    assert percent(value) == percent_in_brief(value) == number(nothing) == "–"
    assert percent(value, "not asked") == "not asked"
    assert span(value) == "too few runs"


@pytest.mark.parametrize("value", [None, math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_there_is_a_dash_in_any_format(value):
    assert fixed(value, "+.2f", " %") == "–"
    assert fixed(1.0, "+.2f", " %") == "+1.00 %"
