"""How numbers are written for people, and that one that is not there is a dash everywhere."""

import math

import numpy as np
import pytest

from simulation.runs.results.wording import (
    amount,
    answer_in_brief,
    as_html,
    difference,
    endings,
    estimate,
    fixed,
    listed,
    number,
    percent,
    points,
    span,
    unbroken,
    with_interval,
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


@pytest.mark.parametrize(
    ("value", "low", "high", "unit", "text"),
    [
        (0.031, 0.012, 0.05, "chance", "+3.1 (1.2 to 5.0)"),
        (-0.031, -0.05, -0.012, "chance", "−3.1 (−5.0 to −1.2)"),
        (-3.0, -4.0, -2.0, "days", "−3.0 (−4.0 to −2.0)"),
        (0.02, -0.005, 0.045, "chance", "no clear change (−0.5 to 4.5)"),
        (0.0001, -0.0002, 0.0004, "chance", "no clear change (−0.02 to 0.04)"),  # not +0.0 (-0.0 to +0.0)
        (0.0004, 0.0002, 0.0006, "chance", "+0.04 (0.02 to 0.06)"),
        (0.01, 0.0003, 0.0197, "chance", "+1.00 (0.03 to 1.97)"),  # not 1 points (0.0 to 2)
        (0.0, -0.003, 0.003, "chance", "no change (−0.3 to 0.3)"),
        (0.0004, -0.0002, 0.001, "chance", "no clear change (−0.02 to 0.10)"),  # not 0.0 to 0.1: it spans 0
        (0.0, 0.0, 0.0, "chance", "no change"),
        (1e-17, -1e-17, 2e-17, "chance", "no change"),
    ],
)
def test_a_difference_is_written_in_one_way(value, low, high, unit, text):
    assert difference(value, low, high, unit) == text


def test_a_difference_in_a_sentence_says_what_it_is_counted_in():
    said = difference(0.031, 0.012, 0.05, "chance", points("chance"))
    assert said == "+3.1 percentage points (1.2 to 5.0)"
    assert difference(3.1, 1.2, 5.0, "stance points", points("stance points")) == "+3.1 points (1.2 to 5.0)"
    assert difference(3.1, 1.2, 5.0, "days", points("days")) == "+3.1 days (1.2 to 5.0)"


def test_a_number_with_a_sign_has_its_interval_to_as_many_digits():
    assert with_interval(-0.0123, -0.0311, 0.0066, 3) == "−0.012 (−0.031 to 0.007)"
    assert with_interval(1.24, 0.5, 2.0, 1, " points nearer") == "+1.2 points nearer (0.5 to 2.0)"


def test_no_interval_is_printed_that_claims_what_is_not_known():
    assert difference(1.0, -np.inf, np.inf, "days") == "+1.0 (too few runs)"  # so few bound nothing
    assert difference(0.4375, 0.4375, 0.4375, "chance") == "+43.8 (in every run)"  # no interval without width
    assert difference(np.nan, np.nan, np.nan, "chance") == "–"
    assert estimate(0.316, 0.29, 0.341, "chance") == "32 % (29–34)"
    assert estimate(11.04, 9.5, 12.5, "days") == "11.0 (9.5–12.5)"
    assert estimate(-1.0, -2.0, 0.5, "camps") == "−1.0 (−2.0 to 0.5)"
    assert estimate(0.5, -np.inf, np.inf, "chance") == "50.0 % (too few runs)"


def test_a_chance_is_written_with_its_interval_and_finer_near_the_ends():
    assert percent({"chance": 0.156, "low": 0.131, "high": 0.172}) == "16 % (13–17)"
    assert percent({"chance": 0.0, "low": 0.0, "high": 0.0038}) == "0.0 % (0.0–0.4)"
    assert percent({"chance": 0.99, "low": 0.98, "high": 0.996}) == "99 % (98–100)"
    assert percent({"chance": 0.994, "low": 0.98, "high": 0.997}) == "99.4 % (98.0–99.7)"
    assert percent({"chance": 0.01, "low": 0.004, "high": 0.02}) == "1 % (0–2)"


def test_an_interval_is_written_from_its_lower_to_its_upper_end():
    assert span({"value": 0.15, "low": 0.131, "high": 0.172}) == "0.131–0.172"


def test_names_are_listed_in_full_where_but_one_would_be_left_out():
    assert listed(["a", "b"], most=2) == "a, b"
    assert listed(["a", "b", "c"], most=2) == "a, b, c"
    assert listed(["a", "b", "c", "d"], most=2) == "a, b and 2 more"


def test_what_became_of_truces_is_written_in_order_and_without_what_never_was():
    shares = {"standing": 0.16, "broken": 0.74, "lapsed": 0.1, "replaced": 0.0}
    ends = {kind: {"chance": share, "low": 0.0, "high": 1.0} for kind, share in shares.items()}
    assert endings({"endings": ends}) == "broken in 74 %, lapsed in 10 %, standing in 16 %"


@pytest.mark.parametrize(
    "kept", ["16 % (14–18)", "+3.1 percentage points", "+3.1 (1.2 to 5.0)", "(−0.3 to 1.2)", "99.6 %", "−2.0 points"]
)
def test_no_line_breaks_within_a_number_and_its_interval(kept):
    said = unbroken(f"so it is {kept} of runs")
    assert said.replace("\u00a0", " ") == f"so it is {kept} of runs"
    assert said.split(" ") == ["so", "it", "is", kept.replace(" ", "\u00a0"), "of", "runs"]


def test_an_answer_is_written_with_what_of_it_is_without_conditions():
    full = {"chance": 0.09, "low": 0.07, "high": 0.11}
    assert answer_in_brief({"chance": 0.156, "low": 0.131, "high": 0.172, "full": full}) == "16 % (13–17), in full 9 %"
    nothing = {"chance": None, "low": None, "high": None}
    assert answer_in_brief({**nothing, "full": nothing}) == "–"


@pytest.mark.parametrize("nothing", [None, np.nan])
def test_a_number_that_is_not_there_is_a_dash(nothing):
    value = {"chance": nothing, "low": nothing, "high": nothing}
    assert percent(value) == number(nothing) == "–"
    assert percent(value, "not asked") == "not asked"
    assert span(value) == "too few runs"


@pytest.mark.parametrize("value", [None, math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_there_is_a_dash_in_any_format(value):
    assert fixed(value, "+.2f", " %") == "–"
    assert fixed(1.0, "+.2f", " %") == "+1.00 %"


def test_a_minus_is_a_true_one_and_nothing_has_no_sign():
    assert fixed(-1.25, ".2f") == number(-1.25) == "−1.25"
    assert fixed(-0.001, "+.1f") == fixed(0.001, "+.1f") == "0.0"
    assert amount(-0.25, "chance", signed=True) == "−25.0"


def test_in_html_a_number_and_its_interval_stand_in_one_piece_and_all_else_is_escaped():
    assert as_html("<b> in 16 % (14–18) of runs") == (
        '&lt;b&gt; in <span style="white-space: nowrap">16 % (14–18)</span> of runs'
    )
    assert as_html("8 January 2020 & more") == "8 January 2020 &amp; more"
