"""A conflict in which nothing moves by itself, so that every answer to a question can be worked out by hand."""

from collections.abc import Callable
from typing import Any

import pytest

from simulation.scenario import Scenario
from simulation.scenario.files import load_text

STILL = """
schema = 1
title = "Red and Blue, who stay where they are"
start = 2020-01-01
steps = 10
rule = { name = "friedkin-johnsen", openness = 0, speed = 0.1 }

[coefficients.appraisal]
weariness = 0
stalemate = 0
gain = 0

[coefficients.opinion]
noise = 0

[coefficients.battle]
noise = 0

[coefficients.answers]
threshold = 50
temperature = 10
guarantee = 20
bar_declared = 0
bar_signed = 8
pull = 1
objection = 20

[coefficients.truces]
declared_days = 7
signed_days = 117
goodwill = 1
watched = 1
imposed = 1
breach = 0
forgiving = 90

[actors.Red]
roles = ["party"]
stance = 50
salience = 100
influence = 50
assumed = "made up"

[actors.Blue]
roles = ["party"]
stance = 50
salience = 100
influence = 50
assumed = "made up"

[actors.Envoy]
roles = ["mediator"]
stance = 80
salience = 100
influence = 20
assumed = "made up"

[actors.Bystander]
roles = ["mediator"]
stance = 90
salience = 100
influence = 20
assumed = "made up"

[[ties]]
from = "Envoy"
to = "Red"
leverage = 0.5
assumed = "made up"

[[events]]
on = 2020-01-02
offer = { id = "first", sponsors = ["Blue"], form = "declared" }

[[events]]
on = 2020-01-05
offer = { id = "second", sponsors = ["Blue"], form = "declared" }
"""
"""Both parties stand at the threshold, so that each accepts each offer with a chance of one half."""


@pytest.fixture(scope="session")
def still() -> Callable[..., Scenario]:
    """``still(more, changes)``: the conflict with more TOML after its text, and some keys changed."""

    def told(more: str = "", changes: dict[str, Any] | None = None) -> Scenario:
        scenario = load_text(STILL + more, "still")
        return scenario.replace(changes) if changes else scenario

    return told
