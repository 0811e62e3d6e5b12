"""The questions as somebody at a terminal asks them."""

import csv
import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec

import pytest

import simulation as sim
from simulation.cli.ask import folder_of
from simulation.scenario.catalogue import bundled

pytestmark = pytest.mark.usefixtures("still_file")

ASKED = {
    "run": ["--runs", "30"],
    "compare": ["--variant", "readier: actors.Red.stance=60", "--runs", "30"],
    "rules": ["--rule", "degroot", "--rule", "compromise", "--runs", "30"],
    "why": ["--actor", "Red", "--step", "2"],
    "levers": ["--measure", "answer.first.Red", "--step", "stance=-10,10", "--runs", "30"],
    "path": [
        *("--measure", "answer.first.Red", "--chance", "0.7", "--lever", "actors.Red.stance=40:80"),
        *("--points", "1", "--runs", "30"),
    ],
    "attribute": ["--measure", "truce.starts", "--by", "offers,backers", "--runs", "30"],
    "sensitivity": ["--measure", "stance.Red", "--method", "morris", "--points", "4", "--runs", "2"],
    "sweep": ["--vary", "actors.Red.stance=40:60:3", "--runs", "10", "--workers", "1"],
    "validate": ["--runs", "20", "--draws", "0"],
    "calibrate": ["--key", "coefficients.answers.temperature", "--draws", "60", "--rounds", "2"],
    "ablate": ["--runs", "20", "--draws", "0"],
}
"""Every question, asked as quickly as it can be."""

NAMES = {"run": ("result", "answers", "summary")}
"""What dataset, table and summary are called where they do not bear the question's name."""


NEEDS = {"sensitivity": "SALib", "sweep": "pyarrow"}
"""What a question cannot be asked without, of the extra ``experiments``."""


def needed(question):
    return pytest.mark.skipif(
        question in NEEDS and find_spec(NEEDS[question]) is None, reason=f"{question} needs an optional package"
    )


every_question = pytest.mark.parametrize(
    "question", [pytest.param(question, marks=needed(question)) for question in ASKED]
)


@every_question
def test_each_question_leaves_the_same_kinds_of_file(ceasefire, tmp_path, question):
    code, out, err = ceasefire(question, "still.toml", *ASKED[question], "--out", "there")
    assert code == 0, err
    folder = tmp_path / "there"
    dataset, table, summary = NAMES.get(question, (question,) * 3)
    left = {file.name for file in folder.iterdir()}
    assert left >= {f"{dataset}.nc", f"{table}.csv", f"{summary}.json", "about.json"}
    assert "Written to there/: " in out
    with (folder / f"{table}.csv").open() as opened:
        assert list(csv.DictReader(opened))
    assert json.loads((folder / f"{summary}.json").read_text())["seed"] == 1
    written = set(json.loads((folder / "about.json").read_text())["files"])
    store = {"manifest.json", "parts"} if question == "sweep" else set()
    assert left == written | {"about.json"} | store
    result = sim.load(folder / f"{dataset}.nc")
    assert result.attrs["command"].startswith(f"ceasefire {question} still.toml")
    pictures = {f"{name}.png" for name in sim.plot(result)}
    assert {name for name in left if name.endswith((".png", ".svg"))} == pictures  # from the file as from the memory


@every_question
def test_json_alone_writes_no_files(ceasefire, tmp_path, question):
    code, out, err = ceasefire(question, "still.toml", *ASKED[question], "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["seed"] == 1
    assert [file.name for file in tmp_path.iterdir()] == ["still.toml"]


@every_question
def test_quiet_says_nothing(ceasefire, question):
    assert ceasefire(question, "still.toml", *ASKED[question], "--quiet", "--out", "there") == (0, "", "")


@every_question
def test_every_question_can_be_asked_of_a_changed_scenario(ceasefire, question):
    code, _, err = ceasefire(question, "still.toml", *ASKED[question], "--set", "actors.Red.stanse=1", "--json")
    assert code == 2
    assert "Did you mean 'stance'" in err


@every_question
def test_a_folder_that_cannot_be_made_is_told_before_the_work(ceasefire, tmp_path, question):
    (tmp_path / "taken").write_text("a file")
    code, _, err = ceasefire(question, "still.toml", *ASKED[question], "--out", "taken/there")
    assert code == 2
    assert err.startswith("ceasefire: taken")
    assert "Traceback" not in err


def test_a_target_that_cannot_be_reached_ends_with_exit_code_1(ceasefire):
    lever = ["--lever", "actors.Red.stance=45:55", "--points", "0"]
    code, out, _ = ceasefire("path", "still.toml", "--measure", "answer.first.Red", "--chance", "0.9", *lever)
    assert code == 1
    assert "Not within these bounds. The best found is 62.2 %" in out  # the logistic of a half


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["compare", "still.toml"], "nothing to compare with"),
        (["compare", "still.toml", "nowhere.toml"], "no such file"),
        (["compare", "still.toml", "--rule", "degrot"], "Did you mean 'degroot'"),
        (["compare", "still.toml", "--variant", "x: actors.Red.stanse=3"], "Did you mean 'stance'"),
        (["levers", "still.toml", "--measure", "truce.begins"], "no such measure"),
        (["path", "still.toml", "--chance", "0.9"], "no lever"),
        (["attribute", "still.toml", "--group", "x: events.frist"], "Did you mean 'first'"),
        (["attribute", "still.toml", "--group", "nothing"], "written NAME: ELEMENT"),
        (["why", "still.toml", "--step", "²"], "neither the number of a step nor a date"),
        (["why", "still.toml", "--offer", "frist"], "no offer 'frist'. Did you mean 'first'"),
        (["why", "still.toml", "--party", "Red"], "--party goes with --offer"),
        (["why", "still.toml", "--step", "2525-01-01"], "--step 2525-01-01: this scenario has steps from"),
        (["sensitivity", "still.toml", "--method", "variance", "--runs", "99"], "--runs: the method variance"),
    ],
)
def test_what_cannot_be_asked_is_told_in_a_line(ceasefire, words, says):
    code, _, err = ceasefire(*words)
    assert code == 2
    assert says in err
    assert "Traceback" not in err


def test_an_uncertain_run_tells_chance_from_input_uncertainty(ceasefire, tmp_path):
    code, out, err = ceasefire("run", "still.toml", "--uncertain", "--runs", "300", "--out", "there")
    assert code == 0, err
    assert "random variation or input uncertainty" in out
    found = json.loads((tmp_path / "there" / "summary.json").read_text())["uncertain"]
    shares = {row["measure"]: row["ignorance"] for row in found}
    assert shares["stance.Red"] == pytest.approx(1)
    assert shares["stance.Blue"] is None  # it never varies


def test_help_is_a_line_a_command_that_fits_80_columns(ceasefire):
    code, out, _ = ceasefire("--help")
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    assert not [line for line in out.splitlines()[1:] if line.endswith("...")]  # none is cut off


def test_the_version_is_told(ceasefire):
    assert ceasefire("--version") == (0, f"ceasefire-simulation {sim.__version__}\n", "")


def test_the_librarys_parameters_are_options_at_the_command_line(ceasefire, still):
    words = ("sensitivity", "still.toml", "--input", "actors.Rad.*")
    assert "--input actors.Rad.*: fits no number" in ceasefire(*words)[2]
    with pytest.raises(sim.ScenarioError, match=r"`inputs` actors\.Rad"):
        sim.sensitivity(still(), inputs=["actors.Rad.*"])


def test_what_came_of_the_same_question_is_written_too(ceasefire, tmp_path):
    """Histories from known coefficients beside a calibration, chance and input uncertainty beside a run."""
    few = ("--key", "coefficients.answers.temperature", "--draws", "60", "--rounds", "2", "--recover", "2")
    code, _, err = ceasefire("calibrate", "still.toml", *few, "--out", "one")
    assert code == 0, err
    assert ceasefire("run", "still.toml", "--uncertain", "--runs", "30", "--out", "two")[0] == 0
    for folder, name in (("one", "recover"), ("two", "variance")):
        there = {file.name for file in (tmp_path / folder).iterdir()}
        assert {f"{name}.nc", f"{name}.csv", f"{name}.json"} <= there
        assert sim.load(tmp_path / folder / f"{name}.nc").attrs["command"].startswith("ceasefire ")


def test_names_and_numbers_of_a_table_are_never_cut(ceasefire, monkeypatch, tmp_path):
    """Seven columns under long heads do not fit into 80 columns, nor into 40."""
    monkeypatch.setenv("COLUMNS", "40")
    for words in (["why", "still.toml"], ["rules", "still.toml", "--runs", "20"]):
        code, out, _ = ceasefire(*words)
        assert code == 0
        assert "…" not in out
    _, out, _ = ceasefire("why", "still.toml")
    assert len([line for line in out.splitlines() if line.startswith(("  Red ", "  Blue "))]) == 2


def test_a_terminal_that_lacks_a_letter_shows_a_question_mark(tmp_path, still_file):
    still_file.write_text(re.sub("^title.*$", 'title = "Libyë"', still_file.read_text(), flags=re.MULTILINE))
    ended = subprocess.run(
        [sys.executable, "-m", "simulation", "run", "still.toml", "--runs", "20"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith(b"Liby?")


def test_the_life_table_of_truces_ends_where_none_is_watched_any_more(ceasefire, tmp_path):
    ceasefire("run", "still.toml", "--runs", "60", "--out", "there")
    with (tmp_path / "there" / "truces.csv").open() as opened:
        rows = list(csv.DictReader(opened))
    watched = [int(row["watched"]) for row in rows]
    assert watched == sorted(watched, reverse=True)
    assert watched[-1] > 0
    assert float(rows[0]["days"]) == 0
    assert all(0 <= float(row["low"]) <= float(row["hold"]) <= float(row["high"]) <= 1 for row in rows)


@pytest.mark.parametrize("words", ["explain libya-2020-01", "levers still.toml --measure answer.first.Red --json"])
def test_a_reader_that_goes_away_is_no_failure(tmp_path, words):
    """Exit code 1 means that an expectation fails; ``| head`` ends with what a closed pipe ends with."""
    command = f"{sys.executable} -m simulation {words} | head -1 >/dev/null; exit ${{PIPESTATUS[0]}}"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ended = subprocess.run(["bash", "-c", command], cwd=tmp_path, env=env, capture_output=True, check=False)
    assert ended.returncode in (0, 141)
    assert ended.stderr == b""


def test_the_bundled_wars_are_found_by_name_from_anywhere_and_a_folder_of_ones_own_comes_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert folder_of("wars") == str(bundled() / "wars")
    (tmp_path / "wars").mkdir()
    assert folder_of("wars") == "wars"
    assert folder_of("libya-2019-2020") == "libya-2019-2020"  # a scenario, which every command knows by name


def test_an_answer_to_sql_is_printed_in_short_and_written_whole(ceasefire, tmp_path):
    """Of the parts that are there: here two, a point in each, of which one is then taken away."""
    pytest.importorskip("duckdb")
    ceasefire("sweep", "still.toml", "--vary", "actors.Red.stance=40:60:2", "--runs", "2048", "--out", "swept")
    every = 'select point, run, "actors.Red.stance" as stance from sweep order by all'
    code, out, err = ceasefire("query", "swept", every)
    assert (code, err) == (0, "")
    assert "… and 3,896 rows more; --out FILE writes them all." in out
    assert ceasefire("query", "swept", every, "--out", "all.csv") == (0, "", "")
    lines = (tmp_path / "all.csv").read_text().splitlines()
    assert (lines[0], lines[1], lines[4096], len(lines)) == ("point,run,stance", "0,0,40.0", "1,2047,60.0", 4097)
    sorted((tmp_path / "swept" / "parts").iterdir())[0].unlink()
    code, out, err = ceasefire("query", "swept", "select min(point) as point, count(*) as runs from sweep", "--json")
    assert json.loads(out) == [{"point": 1, "runs": 2048}]
    assert err == "swept: 1 of 2 parts are there so far.\n"
