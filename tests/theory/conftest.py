"""A conflict that is even in everything, for cases that can be followed by hand."""

import pytest
from conflicts import Conflict

from simulation.scenario import Scenario


@pytest.fixture(scope="session")
def plain() -> Conflict:
    """Two parties, a backer each, who proposes a truce together with the other; both want the line nearer to 35."""
    actor = {"stance": 45, "base": 45, "salience": 80, "influence": 40, "assumed": "made up"}
    fighter = {
        "roles": ["party"],
        "strength": 40,
        "control": 0.5,
        "exhaustion": 0.1,
        "distrust": 5,
        "squeeze": 0.001,
    } | actor
    backer = {"roles": ["backer"]} | actor
    tie = {"leverage": 0.5, "support": 0.2, "pledge": 0.1, "follows": 0.1, "assumed": "made up"}
    shock = {f"actors.{name}.{field}": 0.0 for name in ("North", "South") for field in ("control", "exhaustion")}
    offer = {"id": "offer", "sponsors": ["East", "West"], "terms": {"line": 50}}
    want = {"issue": "line", "want": 35, "weight": 1, "assumed": "made up"}
    scenario = Scenario.model_validate(
        {
            "title": "North and South",
            "start": "2020-01-01",
            "steps": 14,
            "actors": {"North": fighter, "South": fighter, "East": backer, "West": backer},
            "ties": [{"from": "East", "to": "North"} | tie, {"from": "West", "to": "South"} | tie],
            "issues": {"line": {"now": 30}},
            "wants": [{"party": name} | want for name in ("North", "South")],
            "coefficients": {"answers": {"content": 30}},
            "events": [{"on": "2020-01-06", "id": "shock", "add": shock}, {"on": "2020-01-07", "offer": offer}],
        }
    )
    return Conflict(scenario, "North", "East", "South", "West", seed=1)
