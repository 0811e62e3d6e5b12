"""Values as typed: TOML where they are TOML, else the text itself."""

import datetime

import pytest

from simulation.parameters import number_hint
from simulation.scenario import ScenarioError
from simulation.scenario.values import read_choices, read_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.9", 0.9),
        (" 12 ", 12),
        ("true", True),
        ("2020-01-08", datetime.date(2020, 1, 8)),
        ('"2020-01-08"', "2020-01-08"),
        ('["LNA", "GNA"]', ["LNA", "GNA"]),
        ('{ best = 12, assumed = "why" }', {"best": 12, "assumed": "why"}),
        ("friedkin-johnsen", "friedkin-johnsen"),
        ("Two words, and more", "Two words, and more"),
        ("", ""),
    ],
)
def test_a_value_is_what_toml_makes_of_it_and_else_its_text(text, value):
    assert read_value(text) == value


@pytest.mark.parametrize(
    ("text", "high", "says"),
    [
        ("0,5", None, " Write 0.5, with a decimal point."),
        ("12,5 %", 1, " Write 0.125."),
        ("12.5%", 100, " Write 12.5."),
        ("12,5 %", None, " Write 12.5 where the scale runs to 100, 0.125 where it runs to 1."),
        ("half", 1, ""),
    ],
)
def test_what_is_nearly_a_number_is_told_as_it_should_be_written(text, high, says):
    assert number_hint(text, high) == says


def test_a_second_line_smuggles_in_no_second_key():
    assert read_value("1\nsteps = 4") == "1\nsteps = 4"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("9" * 5000, "a whole number of more than 19 digits."),
        ("9" * 4300, "a whole number of more than 19 digits."),  # which Python still reads
        ("-" + "9" * 20, "a whole number of more than 19 digits."),
        ("{ best = 0x" + "f" * 5000 + " }", "a whole number of more than 19 digits."),
        ("[" * 5000, "nested too deeply: more than 20 tables and lists in one another."),
        ("[" * 3000 + "]" * 3000, "nested too deeply: more than 20 tables and lists in one another."),
        ("[" * 100 + "]" * 100, "nested too deeply: more than 20 tables and lists in one another."),
        ("1\n" + "a." * 9000 + "a = 1", "nested too deeply: more than 20 tables and lists in one another."),
    ],
)
def test_what_the_toml_reader_would_choke_on_is_refused_with_its_place(text, says):
    with pytest.raises(ScenarioError) as caught:
        read_value(text, "--set steps")
    assert str(caught.value) == f"--set steps: {says}"


def test_brackets_dots_and_hashes_in_a_text_or_comment_are_no_nesting():
    text = '"""' + "[" * 50 + "a." * 50 + '"" """"" # ' + "{" * 50
    assert read_value(text) == "[" * 50 + "a." * 50 + '"" ""'
    assert read_value("'" + "#[[" * 30 + "'") == "#[[" * 30


def test_choices_are_parted_by_commas_outside_brackets():
    assert read_choices('["Russia"],["Russia", "Turkey"]') == (["Russia"], ["Russia", "Turkey"])
    assert read_choices("1,2.5") == (1, 2.5)
    assert read_choices("degroot, friedkin-johnsen,3") == ("degroot", "friedkin-johnsen", 3)
