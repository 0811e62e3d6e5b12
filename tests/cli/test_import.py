"""``ceasefire import``: what it prints, where it writes, and what it spares."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

import simulation as sim
from simulation.cli import app

TABLES = Path(__file__).parent.parent / "scenario" / "imports" / "tables"


@pytest.fixture
def say(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, ["import", *map(str, words)])


def test_a_table_becomes_a_scenario_that_is_fine_and_the_lines_say_how(say):
    done = say(TABLES / "emission-standards.csv", "--scale", "4:10 years", "--out", "mine/cars.toml")
    assert done.exit_code == 0, done.output
    assert "Positions are read between 4 years (0) and 10 years (100)." in done.output
    assert "Written to mine/cars.toml. Next: ceasefire run mine/cars.toml" in done.output
    assert sim.load_scenario("mine/cars.toml").actors["Belgium"].stance.best == 50


def test_a_table_of_several_proposals_becomes_a_folder_and_nothing_is_overwritten(say):
    done = say(TABLES / "council-decisions.csv")
    assert done.exit_code == 0, done.output
    assert sorted(file.name for file in Path("council-decisions").iterdir()) == ["P1-1.toml", "P1-2.toml", "P2-1.toml"]
    again = say(TABLES / "council-decisions.csv")
    assert isinstance(again.exception, sim.ScenarioError)
    assert "exists already" in str(again.exception)
    assert say(TABLES / "council-decisions.csv", "--force").exit_code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("council-decisions.csv", "--out", "all.toml"), "several scenarios: name a folder"),
        (("council-decisions.csv", "--issue", "quota", "--out", "folder"), "one scenario: name a file that ends in"),
        (("emission-standards.csv",), "--scale 4:10"),
        (("emission-standards.csv", "--scale", "4"), "--scale: '4' is not written LOW:HIGH"),
        (("council-decisions.csv", "--issue", "quotas"), "--issue: no issue 'quotas'. Did you mean 'quota'"),
        (("council-decisions.csv", "--rule", "spatail"), "--rule: no rule called 'spatail'. Did you mean 'spatial'"),
        (("council.csv",), "Did you mean 'council-decisions.csv'"),
    ],
)
def test_what_will_not_do_is_said_in_the_words_of_the_command(say, words, message):
    done = say(TABLES / words[0], *words[1:])
    assert isinstance(done.exception, sim.ScenarioError)
    assert message in str(done.exception)
    assert not list(Path().glob("*.toml"))
