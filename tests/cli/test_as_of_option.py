"""``--as-of`` on every command that takes a scenario."""

import inspect
import json
from pathlib import Path

import pytest

from simulation.cli import app
from simulation.cli.agreement import agreement
from simulation.cli.benchmark import benchmark
from simulation.cli.imports import import_file
from simulation.cli.regions import regions
from simulation.cli.scenarios import list_scenarios, new, schema
from simulation.cli.sweep import query
from simulation.cli.truces import truces

pytestmark = pytest.mark.usefixtures("still_file")

DAY = ("--as-of", "2020-01-03")

WITHOUT = {list_scenarios, new, schema, query, import_file, agreement, benchmark, truces, regions}
"""Commands that take no scenario."""


def test_every_command_that_takes_a_scenario_takes_a_day():
    without = {
        command.callback.__name__
        for command in app.registered_commands
        if "as_of" not in inspect.signature(command.callback).parameters
    }
    assert without == {function.__name__ for function in WITHOUT}


@pytest.mark.parametrize(
    "command",
    [
        ("run", "--runs", "8"),
        ("rules", "--runs", "4", "--rule", "degroot", "--rule", "friedkin-johnsen"),
        ("compare", "--runs", "8", "--variant", "x: actors.Red.influence=60"),
        ("levers", "--runs", "8", "--step", "stance=10"),
        ("path", "--runs", "8", "--points", "0", "--chance", "0.9", "--lever", "actors.Red.stance"),
        ("attribute", "--runs", "8", "--by", "offers"),
        ("sensitivity", "--runs", "2", "--method", "morris", "--points", "2", "--input", "actors.Red.*"),
        ("sweep", "--runs", "4", "--workers", "1", "--vary", "actors.Red.influence=40:60:2"),
        ("why",),
    ],
    ids=lambda command: command[0],
)
def test_a_command_says_what_was_not_known_then(ceasefire, command):
    """The first offer of the file is of the 2nd, the other of the 5th: so that is not known."""
    question, *rest = command
    if needed := {"sensitivity": "SALib", "sweep": "pyarrow"}.get(question):
        pytest.importorskip(needed)
    code, out, err = ceasefire(question, "still.toml", *rest, *DAY, "--out", "found")
    assert code in (0, 1), err  # a target may be out of reach
    assert "As of 3 January 2020: 1 later offer is not known; 1 earlier answer is told." in out
    summary = json.loads(next(Path("found").glob(f"{'summary' if question == 'run' else question}.json")).read_text())
    assert summary["as_of"] == "2020-01-03"


@pytest.mark.parametrize("question", ["validate", "ablate"])
def test_forecasts_from_a_day_are_scored_on_what_came_after(ceasefire, question):
    code, out, err = ceasefire(question, "still.toml", "--runs", "8", "--draws", "0", *DAY, "--out", "found")
    assert code == 0, err
    assert "Forecasts as of 2020-01-03" in out


def test_a_run_says_so_in_its_report_and_can_be_made_again_from_its_files(ceasefire):
    code, _, err = ceasefire("run", "still.toml", "--runs", "8", *DAY, "--out", "found")
    assert code == 0, err
    assert "as of 3 January 2020</h1>" in Path("found/report.html").read_text()
    code, _, err = ceasefire("run", "found/scenario.toml", "--runs", "8", "--out", "again")
    assert code == 0, err
    assert Path("again/answers.csv").read_bytes() == Path("found/answers.csv").read_bytes()


def test_a_day_outside_the_scenario_is_refused_in_the_words_of_the_command_line(ceasefire):
    for question in ("run", "animate", "check", "explain"):
        code, _, err = ceasefire(question, "still.toml", "--as-of", "2031-01-01")
        assert code == 2
        assert "--as-of 2031-01-01 is outside the scenario" in err


def test_the_page_wants_to_know_which_scenario_is_meant(ceasefire):
    code, _, err = ceasefire("app", *DAY)
    assert code == 2
    assert "name the scenario" in err


def test_checking_lists_the_numbers_that_rest_on_what_was_known_only_later(ceasefire):
    """The leverage of the Emirates is argued from what was said in July 2020, Italy's is not."""
    code, out, _ = ceasefire("check", "libya-2020-01", "--as-of", "2020-01-12")
    assert code == 0
    assert "ties.UAE.LNA.leverage = 0.85: L-UAE-LNA (2020-07-12)" in out
    assert "ties.Italy.GNA.leverage" not in out
    assert "known only later" not in ceasefire("check", "libya-2020-01")[1]


def test_a_number_is_explained_with_when_its_evidence_was_known(ceasefire):
    _, out, _ = ceasefire("explain", "libya-2020-01", "--as-of", "2020-01-12", "--key", "ties.UAE.LNA.leverage")
    assert "Known only later: 2020-07-12." in " ".join(out.split())
