"""The command, as somebody at a terminal meets it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import simulation as sim
from simulation.scenario.catalogue import names
from simulation.scenario.writing import as_toml

FILES = {"report.html", "result.nc", "scenario.toml", "summary.json"}


def test_run_prints_the_table_and_writes_everything(ceasefire, tmp_path):
    code, out, err = ceasefire(
        "run", "libya-2020-01-egypt-uae-join", "--runs", "600", "--seed", "2", "--svg", "--out", "there"
    )
    assert code == 0, err
    assert "moscow-ankara-call" in out
    assert "as expected: with all of its backers behind it, the LNA most likely signs the Moscow text" in out
    written = {file.name for file in (tmp_path / "there").iterdir()}
    assert written >= FILES
    assert {"stances.png", "stances.svg", "answers.png", "battle.png", "ties.png", "truces.png"} <= written
    assert not [name for name in written if name.endswith(".partial")]


def test_what_run_writes_can_be_read_and_run_again(ceasefire, tmp_path):
    ceasefire("run", "libya-2020-01", "--runs", "300", "--seed", "2", "--set", "ties.UAE.LNA.support=0.1", "--out", "a")
    first = json.loads((tmp_path / "a" / "summary.json").read_text())
    result = sim.load(tmp_path / "a" / "result.nc")
    assert result.sizes["run"] == 300
    assert result.attrs["command"].startswith("ceasefire run libya-2020-01 --runs 300")
    assert sim.summarise(result) == first
    _, out, _ = ceasefire("run", "a/scenario.toml", "--runs", "300", "--seed", "2", "--json")
    assert json.loads(out) == first  # the resolved scenario is the whole story


def test_json_alone_writes_no_files(ceasefire, tmp_path):
    code, out, _ = ceasefire("run", "libya-2020-01", "--runs", "300", "--json")
    assert set(json.loads(out)) >= {"scenario", "runs", "seed", "offers", "truce", "stances", "expect"}
    assert code in (0, 1)
    assert list(tmp_path.iterdir()) == []


def test_an_expectation_that_fails_ends_with_exit_code_1(ceasefire):
    code, out, _ = ceasefire("run", "libya-2020-01", "--runs", "300", "--set", "actors.LNA.stance=90", "--json")
    verdict = json.loads(out)["expect"][0]
    assert (code, verdict["met"], verdict["decided"]) == (1, False, True)


def test_an_expectation_that_fails_says_what_was_expected(ceasefire):
    _, out, _ = ceasefire("run", "libya-2020-01", "--runs", "300", "--set", "actors.LNA.stance=90")
    said = " ".join(out.split())
    assert "NOT as expected: the LNA most likely refuses the call of 8 January" in said
    assert "expected: below 35 %" in said


def test_quiet_says_nothing(ceasefire):
    code, out, err = ceasefire("run", "libya-2020-01-egypt-uae-join", "--runs", "600", "--quiet", "--out", "there")
    assert (code, out, err) == (0, "", "")


def test_a_run_under_another_rule_says_so(ceasefire):
    _, out, _ = ceasefire("run", "libya-2020-01", "--runs", "100", "--rule", "compromise", "--json")
    assert json.loads(out)["rule"] == "compromise"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "libya-2020-1"], "Did you mean 'libya-2020-01'?"),
        (["run", "nowhere.toml"], "nowhere.toml: no such file."),
        (["run", "libya-2020-01", "--rule", "degrot"], "no rule called 'degrot'. Did you mean 'degroot'?"),
        (["run", "libya-2020-01", "--set", "ties.Turkey.GNA.suport=1"], "Did you mean 'support'?"),
        (["run", "libya-2020-01", "--set", "actors.Turky.stance=1"], "Did you mean 'Turkey'?"),
        (["run", "libya-2020-01", "--set", "ties.Turkey.GNA.support=7"], "7 is outside 0 … 2"),
        (["run", "libya-2020-01", "--set", "steps"], "it is written KEY=VALUE"),
        (["run", "libya-2020-01", "--set", "steps=0"], "out of range"),
        (["explain", "libya-2020-01", "--key", "Turky"], "no key contains it"),
        (["explain", "--as-of", "2020-01-10"], "name the scenario that is to be known as of that day"),
        (["sweep", "libya-2020-01"], "a sweep needs --vary KEY=LOW:HIGH"),
        (["sweep", "libya-2020-01", "--vary", "steps=1:9", "--design", "a.csv"], "not both."),
        (["sweep", "libya-2020-01", "--design", "a.csv", "--points", "9"], "the file has the points already"),
        (["new", "war.yaml"], "war.yaml: a scenario file ends in .toml; for a folder of tables add --tables."),
        (["new", "war.csv", "--tables"], "tables are a folder of CSV files, or a file that ends in .xlsx."),
        (["new", "war.toml", "--tables"], "with --tables, give the name of a folder"),
        (["convert", "libya-2020-01", "war.csv"], "war.csv: a scenario is a .toml file, an .xlsx file, or a folder"),
    ],
)
def test_bad_input_is_said_in_words_with_exit_code_2_and_nothing_written(ceasefire, tmp_path, words, said):
    code, out, err = ceasefire(*words)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_runs_must_be_a_number_above_zero(ceasefire):
    code, _, err = ceasefire("run", "libya-2020-01", "--runs", "0")
    assert code == 2
    assert "--runs" in err


def test_a_folder_that_cannot_be_made_is_said_before_the_work(ceasefire, tmp_path):
    (tmp_path / "taken").write_text("a file")
    code, _, err = ceasefire("run", "libya-2020-01", "--runs", "100000000", "--out", "taken")
    assert code == 2
    assert "taken" in err


def test_check_speaks_of_every_file(ceasefire, tmp_path):
    (tmp_path / "bad.toml").write_text('schema = 1\ntitel = "x"\n')
    code, out, err = ceasefire("check", "libya-2020-01", "bad.toml")
    assert code == 2
    assert "libya-2020-01: fine." in out
    assert "bad.toml: titel: no such key. Did you mean 'title'?" in err


def test_explain_gives_claims_ranges_and_assumptions(ceasefire):
    code, out, _ = ceasefire("explain", "libya-2020-01", "--key", "ties.UAE.LNA")
    assert code == 0
    assert "ties.UAE.LNA.leverage = 0.85" in out
    assert "C10: " in out
    assert "between 0.3 and 0.7" in out
    assert "assumed: about half of what the Emirates can do" in " ".join(out.split())


def test_explain_alone_gives_every_coefficient_with_its_meaning(ceasefire):
    code, out, _ = ceasefire("explain")
    assert code == 0
    assert "coefficients.truces.declared_days = 75 days" in out
    assert "rule.openness" in out


def test_list_names_every_bundled_scenario_with_its_question(ceasefire):
    code, out, _ = ceasefire("list")
    assert code == 0
    assert "libya-2020-01-no-wagner" in out
    assert "Who accepts the call of 8 January, and does a truce hold?" in out


def test_every_name_that_list_prints_is_one_that_commands_take(ceasefire):
    _, out, _ = ceasefire("list")
    names = [line for line in out.splitlines() if not line.startswith(" ")]
    assert "reference/deffuant" in names
    code, out, err = ceasefire("check", *names)
    assert (code, err) == (0, "")
    assert out.count(": fine. ") == len(names) == 29
    assert ceasefire("check", "deffuant")[0] == 0


def test_what_is_one_is_counted_as_one(ceasefire, tmp_path):
    ceasefire("new", "mine.toml")
    text = (tmp_path / "mine.toml").read_text(encoding="utf-8")
    expected = '\n[[expect]]\nthat = "so"\nmeasure = "truce.starts"\nabove = 0.1\n'
    (tmp_path / "mine.toml").write_text(text + expected, encoding="utf-8")
    _, out, _ = ceasefire("check", "mine.toml")
    assert "3 events, 1 expectation; 2025-01-01 up to, but not including, 2025-03-02." in out


def test_new_writes_a_scenario_that_is_fine_and_keeps_what_is_there(ceasefire, tmp_path):
    code, out, _ = ceasefire("new", "mine.toml")
    assert code == 0
    assert "ceasefire run mine.toml" in out
    assert ceasefire("check", "mine.toml")[0] == 0
    (tmp_path / "mine.toml").write_text("# my work")
    code, _, err = ceasefire("new", "mine.toml")
    assert code == 2
    assert "exists already" in err
    assert (tmp_path / "mine.toml").read_text() == "# my work"


@pytest.mark.parametrize("name", sorted(names()))
def test_new_copies_a_bundled_scenario_that_says_the_same_in_any_folder(ceasefire, tmp_path, name):
    code, out, err = ceasefire("new", "mine.toml", "--from", name)
    assert code == 0, err
    copied, original = as_toml(sim.load_scenario("mine.toml")), as_toml(sim.load_scenario(name))
    assert copied.replace("by mine.toml", f"by {names()[name].name}") == original
    text = (tmp_path / "mine.toml").read_text()
    assert text.startswith("# ") == (names()[name].suffix == ".toml")  # tables have no comments to copy
    assert "$schema" not in text
    assert ("which it extends by name" in out) == ("\nextends = " in text)


def test_what_new_cannot_copy_is_told_with_the_nearest_name(ceasefire, tmp_path):
    code, _, err = ceasefire("new", "mine.toml", "--from", "libya-2020-1")
    assert (code, list(tmp_path.iterdir())) == (2, [])
    assert "libya-2020-1: no bundled scenario of that name. Did you mean 'libya-2020-01'?" in err


def test_a_new_scenario_runs_and_reports(ceasefire, tmp_path):
    ceasefire("new", "mine.toml")
    code, out, err = ceasefire("run", "mine.toml")
    assert code == 0, err
    assert "first-offer" in out
    assert {file.name for file in (tmp_path / "results" / "mine").iterdir()} >= FILES


def test_the_command_is_installed_and_a_broken_pipe_is_no_traceback():
    command = Path(sys.executable).parent / "ceasefire"
    done = subprocess.run(
        f"{command} explain libya-2020-01 | head -1", shell=True, capture_output=True, text=True, check=True
    )
    assert "every number" in done.stdout
    assert done.stderr == ""


def test_a_script_that_has_imported_xarray_may_call_the_command():
    """Which has then looked for dask already, and is not to miss it."""
    code = (
        "import sys, xarray\n"
        "from simulation.cli import main\n"
        "sys.argv = ['ceasefire', 'run', 'libya-2020-01', '--runs', '2', '--json']\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["runs"] == 2
