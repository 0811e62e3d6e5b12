"""Small conflicts with round numbers, for cases that can be worked out by hand.

They state every coefficient, so that a change of the package's defaults leaves their arithmetic alone.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

from simulation.cli import main
from simulation.dynamics.answers import Kind, OfferOnTable
from simulation.scenario import Scenario, load_scenario
from simulation.scenario.files import load_text

settings.register_profile("busy machine", deadline=None, database=None)
settings.load_profile("busy machine")

COEFFICIENTS = """
rule = { name = "friedkin-johnsen", openness = 0.2, speed = 0.1 }

[coefficients.battle]
decisiveness = 2
mobility = 0.02
noise = 0.01
residual = 0.1
hurt = 0.008
heal = 0.01
momentum_half_life = 21

[coefficients.appraisal]
weariness = 40
stalemate = 40
gain = 120
momentum_weight = 0.2
momentum_scale = 0.002
enough = 0.3

[coefficients.opinion]
noise = 1

[coefficients.answers]
threshold = 50
temperature = 10
guarantee = 15
reserve = 0
content = 0
bar_call = 0
bar_resolution = 0
bar_mediated = 0
bar_bilateral = 0
bar_unilateral = 0
bar_signed = 8
pull = 1
objection = 20
spurned = 0
mood_half_life = 0
mood_share = 1

[coefficients.truces]
declared_days = 7
signed_days = 117
goodwill = 1
watched = 1
imposed = 1
breach = 10
forgiving = 90
shape = 1
"""

TWO = f"""
schema = 1
title = "North and South, and who stands behind them"
start = 2020-01-01
steps = 12
{COEFFICIENTS}
[actors.North]
roles = ["party"]
stance = 20
salience = 100
influence = 60
strength = 30
exhaustion = 0.2
assumed = "made up"

[actors.South]
roles = ["party"]
stance = 60
salience = 100
influence = 40
strength = 10
exhaustion = 0.1
assumed = "made up"

[actors.Patron]
roles = ["backer"]
stance = 40
salience = 80
influence = 50
assumed = "made up"

[actors.Friend]
roles = ["backer"]
stance = 75
salience = 60
influence = 40
assumed = "made up"

[[ties]]
from = "Patron"
to = "North"
leverage = 0.5
support = 0.6 # 30 points, so that North has 60
assumed = "made up"

[[ties]]
from = "Friend"
to = "South"
leverage = 0.5
support = 0.25 # 10 points, so that South has 20
pledge = 0.5 # 20 more, so that it would have 40
follows = 0.3
assumed = "made up"
"""

THREE = f"""
schema = 1
title = "Red, Green and Blue"
start = 2020-01-01
steps = 12
{COEFFICIENTS}
[actors.Red]
roles = ["party"]
stance = 30
salience = 100
influence = 40
control = 0.5
assumed = "made up"

[actors.Green]
roles = ["party"]
stance = 50
salience = 100
influence = 20
control = 0.25
assumed = "made up"

[actors.Envoy]
roles = ["mediator"]
stance = 90
salience = 50
influence = 20
assumed = "made up"

[actors.Blue]
roles = ["party"]
stance = 70
salience = 100
influence = 20
control = 0.25
assumed = "made up"

[[ties]]
from = "Envoy"
to = "Red"
leverage = 0.4
assumed = "made up"
"""

TALKS = f"""
schema = 1
title = "A council without a war"
start = 2020-01-01
steps = 12
{COEFFICIENTS}
[actors.Left]
roles = ["mediator"]
stance = 10
salience = 100
influence = 50
assumed = "made up"

[actors.Centre]
roles = ["mediator"]
stance = 50
salience = 50
influence = 50
assumed = "made up"

[actors.Right]
roles = ["mediator"]
stance = 90
salience = 20
influence = 50
assumed = "made up"

[[ties]]
from = "Right"
to = "Left"
leverage = 0.5
assumed = "made up"
"""

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
reserve = 0
content = 0
bar_call = 0
bar_resolution = 0
bar_mediated = 0
bar_bilateral = 0
bar_unilateral = 0
bar_signed = 8
pull = 1
objection = 20
spurned = 0
mood_half_life = 0
mood_share = 1

[coefficients.truces]
declared_days = 7
signed_days = 117
goodwill = 1
watched = 1
imposed = 1
breach = 0
forgiving = 90
shape = 1

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

TEXTS = {"two": TWO, "three": THREE, "talks": TALKS}

QUIET = {"coefficients.opinion.noise": 0.0, "coefficients.battle.noise": 0.0}

Tell = Callable[..., Scenario]


@pytest.fixture(scope="session")
def tell() -> Tell:
    """``tell("two", more, changes)``: the named conflict with more TOML after its text, and some keys changed."""

    def told(name: str, more: str = "", changes: dict[str, Any] | None = None, step_days: float = 1) -> Scenario:
        text = TEXTS[name].replace("steps = 12", f"steps = 12\nstep_days = {step_days}")
        scenario = load_text(text + more, name)
        return scenario.replace(changes) if changes else scenario

    return told


@pytest.fixture(scope="session")
def texts() -> dict[str, str]:
    """The text of each small conflict, by name."""
    return TEXTS


@pytest.fixture(scope="session")
def quiet() -> dict[str, float]:
    """The changes that turn all noise off; what is left to chance are answers, truces and events."""
    return QUIET


@pytest.fixture(scope="session")
def two(tell: Tell) -> Scenario:
    """Two parties at 3 to 1 in strength, each with one backer; North, South, Patron, Friend."""
    return tell("two")


@pytest.fixture(scope="session")
def two_with_bases(two: Scenario) -> Scenario:
    """The conflict of two, in which all want by themselves what they stand for at the opening."""
    return two.replace({f"actors.{name}.base": actor.stance.best for name, actor in two.actors.items()})


@pytest.fixture(scope="session")
def three(tell: Tell) -> Scenario:
    """Three parties at 2 to 1 to 1, and an envoy in the middle of the list."""
    return tell("three")


@pytest.fixture(scope="session")
def talks(tell: Tell) -> Scenario:
    """Three who negotiate and nobody who fights."""
    return tell("talks")


@pytest.fixture(scope="session")
def libya() -> Scenario:
    """The bundled scenario of January 2020."""
    return load_scenario(Path(__file__).parents[1] / "scenarios" / "libya-2020-01.toml")


@pytest.fixture(scope="session")
def offer() -> Callable[..., OfferOnTable]:
    """``offer(sponsors=[2], ...)``: a declared, unmonitored call on two parties, sponsored by the third actor."""

    def made(
        sponsors: list[int] | None = None,
        opponents: list[int] | None = None,
        to: list[bool] | None = None,
        signed: bool = False,
        monitoring: Any = 0.0,
        kind: Kind = "call",
        points: list[float] | None = None,
        scope: Any = 1.0,
        days: float = np.inf,
        delay: float = 0.0,
    ) -> OfferOnTable:
        addressed = np.array(to or [True, True])
        return OfferOnTable(
            id="offer",
            sponsors=np.array([2] if sponsors is None else sponsors, dtype=np.intp),
            opponents=np.array(opponents or [], dtype=np.intp),
            addressed=addressed,
            kind=kind,
            signed=signed,
            monitoring=monitoring,
            points=np.array([] if points is None else points, dtype=float),
            scope=scope,
            days=days,
            delay=delay,
        )

    return made


@pytest.fixture(scope="session")
def still() -> Callable[..., Scenario]:
    """``still(more, changes)``: the conflict with more TOML after its text, and some keys changed."""

    def told(more: str = "", changes: dict[str, Any] | None = None) -> Scenario:
        scenario = load_text(STILL + more, "still")
        return scenario.replace(changes) if changes else scenario

    return told


@pytest.fixture
def ceasefire(monkeypatch, capsys, tmp_path):
    """Run the command in an empty folder: (exit code, standard output, standard error)."""
    monkeypatch.chdir(tmp_path)

    def command(*words):
        monkeypatch.setattr(sys, "argv", ["ceasefire", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return ended.value.code or 0, said.out, said.err

    return command
