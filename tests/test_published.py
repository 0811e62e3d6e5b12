"""The table of published figures in the manual is what the code gives, and no figure is further off than it may be."""

import pytest

from benchmarks.published import PAGE, as_markdown, put, rows


@pytest.fixture(scope="module")
def found():
    return list(rows())


def test_the_manual_shows_the_table_that_the_code_gives(found):
    text = PAGE.read_text(encoding="utf-8")
    assert put(text, as_markdown(found)) == text, "run: python -m benchmarks.published --write"


def test_no_figure_is_further_off_than_its_source_allows(found):
    allowed = {
        "rounds to rest": 5,  # the theorem is up to a few rounds
        "integer part": 0.5,  # a rule of thumb, counted in eight random starts
        "median of round 2": 0.29,  # missed by the public program too
        "median of round": 0.1,  # printed to one decimal
        "mean of round": 0.062,
        "order, gains and positions": 1e-4,  # printed to six figures, positions to four decimals
        "medians of 8 rounds": 3,  # the printed formulas do not give the printed table
    }
    for row in found:
        bound = next((bound for words, bound in allowed.items() if words in row.case), 1e-9)
        assert row.difference <= bound, row
