"""What programs write into the manual goes into its own place, and numbers are written as all others."""

import pytest

from benchmarks.blocks import filled, table, three

PAGE = "By hand.\n\n<!-- one -->\nold\n<!-- end -->\n\n<!-- two -->\nkept\n<!-- end -->\n"


def test_a_block_takes_the_place_of_the_old_one_and_of_nothing_else():
    assert filled(PAGE, "one", r"new \1") == PAGE.replace("old", r"new \1")


@pytest.mark.parametrize(("name", "text"), [("three", PAGE), ("one", PAGE + PAGE)], ids=["no place", "two places"])
def test_a_block_without_one_place_of_its_own_is_refused(name, text):
    with pytest.raises(ValueError, match=f"places for '{name}'; one is needed"):
        filled(text, name, "new")


def test_numbers_in_tables_have_true_minuses_and_signs_on_differences_alone():
    assert three([0.0521, -0.031, 0.118], "+") == "+0.052 (−0.03 to 0.12)"
    assert three([0.3618, 0.3051, 0.4187], of_ends=3) == "0.362 (0.305 to 0.419)"
    assert table(["a", "b"], [["c", "1"]]) == "| a | b |\n| --- | ---: |\n| c | 1 |"
