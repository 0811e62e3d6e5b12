"""Values as typed: TOML where they are TOML, else the text itself."""

import datetime

import pytest

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


def test_a_second_line_smuggles_in_no_second_key():
    assert read_value("1\nsteps = 4") == "1\nsteps = 4"


@pytest.mark.parametrize("text", ["9" * 5000, "[" * 5000])
def test_what_the_toml_reader_chokes_on_is_text(text):
    assert read_value(text) == text


def test_choices_are_parted_by_commas_outside_brackets():
    assert read_choices('["Russia"],["Russia", "Turkey"]') == (["Russia"], ["Russia", "Turkey"])
    assert read_choices("1,2.5") == (1, 2.5)
    assert read_choices("degroot, friedkin-johnsen,3") == ("degroot", "friedkin-johnsen", 3)
