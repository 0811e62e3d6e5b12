"""The defaults are what the ten wars teach: the pooled posterior's medians, to two digits."""

import json
from pathlib import Path

import pytest

from simulation.scenario.coefficients import Coefficients

LEARNT = json.loads((Path(__file__).parents[2] / "docs" / "validation" / "learnt.json").read_text(encoding="utf-8"))

by_key = pytest.mark.parametrize("key", LEARNT["coefficients"])


def default(key):
    _, table, name = key.split(".")
    return getattr(getattr(Coefficients(), table), name)


def test_all_that_is_new_in_an_answer_is_learnt():
    assert LEARNT["coefficients"].keys() >= {
        f"coefficients.answers.{name}"
        for name in ("content", "reserve", "mood_half_life", "mood_share", "bar_signed", "bar_call", "bar_mediated")
    }


@by_key
def test_the_default_is_the_median_to_two_digits(key):
    assert default(key) == float(f"{LEARNT['coefficients'][key]['median']:.2g}")


@by_key
def test_what_is_written_beside_the_median_is_the_default(key):
    found = LEARNT["coefficients"][key]
    assert found["default"] == default(key)
    assert found["low"] < found["median"] < found["high"]
