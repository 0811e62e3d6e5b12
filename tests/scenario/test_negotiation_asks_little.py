"""A negotiation is asked for no role, no start and no noise; a war is asked for all it needs."""

import pytest

from simulation.scenario import ScenarioError, fingerprint
from simulation.scenario.files import load_text

TALKS = """
schema = 1
title = "two at a table"
steps = 3
rule = { name = "compromise", whole_moves = true }
[issues.delay]
low = "4 years"
high = "10 years"
now = 0
outcome = 50
proposal = "clean air"
[actors.A]
stance = 0
salience = 50
influence = 40
assumed = "made up"
[actors.B]
stance = 100
salience = 50
influence = 40
assumed = "made up"
"""

EVENT = '\n[[events]]\non = 2020-01-02\nset = { "actors.A.salience" = 3 }\nassumed = "made up"\n'


def test_a_negotiation_needs_neither_roles_nor_a_start_nor_noise():
    talks = load_text(TALKS, "t")
    assert talks.parties == ()
    assert talks.actors["A"].roles == ("negotiator",)
    assert talks.coefficients.opinion.noise == 0.0
    assert (talks.issues["delay"].outcome, talks.issues["delay"].proposal) == (50, "clean air")
    assert load_text(talks.as_toml(), "again") == talks


def test_noise_that_is_said_stays():
    assert load_text(TALKS.replace("steps = 3", "steps = 3\ncoefficients.opinion.noise = 2"), "t") != load_text(
        TALKS, "t"
    )
    assert load_text(TALKS + "\n[coefficients.opinion]\nnoise = 2\n", "t").coefficients.opinion.noise == 2.0


def test_where_something_happens_the_day_it_starts_is_asked_for_and_actors_waver():
    with pytest.raises(ScenarioError, match="t: start: missing"):
        load_text(TALKS + EVENT, "t")
    dated = load_text(TALKS.replace("steps = 3", "steps = 3\nstart = 2020-01-01") + EVENT, "t")
    assert dated.coefficients.opinion.noise == 1.0


def test_where_somebody_fights_everybody_has_a_role():
    war = TALKS.replace("[actors.A]", '[actors.A]\nroles = ["party"]').replace(
        "steps = 3", "steps = 3\nstart = 2020-01-01"
    )
    with pytest.raises(ScenarioError, match=r"actors\.B\.roles: missing: A fight, so say what B is"):
        load_text(war, "t")
    with pytest.raises(ScenarioError, match="t: start: missing"):
        load_text(war.replace("start = 2020-01-01", ""), "t")


def test_a_role_written_out_is_the_one_left_out():
    said = TALKS.replace("[actors.A]", '[actors.A]\nroles = ["negotiator"]')
    assert fingerprint(load_text(said, "t")) == fingerprint(load_text(TALKS, "t"))


def test_a_check_asks_about_stances_that_look_like_shares(tmp_path):
    from typer.testing import CliRunner

    from simulation.cli import app

    (tmp_path / "t.toml").write_text(TALKS.replace("stance = 100", "stance = 0.9"), encoding="utf-8")
    assert "are they shares?" in CliRunner().invoke(app, ["check", str(tmp_path / "t.toml")]).output
    (tmp_path / "t.toml").write_text(TALKS, encoding="utf-8")
    assert "shares" not in CliRunner().invoke(app, ["check", str(tmp_path / "t.toml")]).output
