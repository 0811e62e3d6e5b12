"""What the model makes of every bundled scenario is what it made of it before, on whatever machine."""

import json

import numpy as np
import pytest

from benchmarks.golden import FILE, row, scenarios

KNOWN = json.loads(FILE.read_text(encoding="utf-8"))
SCENARIOS = scenarios()


def test_every_scenario_and_rule_has_a_row():
    assert set(KNOWN) == set(SCENARIOS)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_gives_what_it_gave(name):
    found = row(SCENARIOS[name])
    assert {key for key, value in found.items() if value is None} == {
        key for key, value in KNOWN[name].items() if value is None
    }
    for key, value in KNOWN[name].items():
        if value is not None:
            np.testing.assert_allclose(found[key], value, rtol=1e-6, atol=1e-6, err_msg=key)
