"""The questions as somebody at a terminal asks them."""

import csv
import json
import sys

import pytest

from simulation.cli import main
from simulation.scenario import as_toml

UNSURE = {"actors.Red.stance": {"best": 50, "low": 40, "high": 60, "assumed": "made up"}}


@pytest.fixture
def ceasefire(monkeypatch, capsys, tmp_path, still):
    """Run the command beside ``still.toml``: (exit code, standard output, standard error)."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "still.toml").write_text(as_toml(still(changes=UNSURE)))

    def command(*words):
        monkeypatch.setattr(sys, "argv", ["ceasefire", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return ended.value.code or 0, said.out, said.err

    return command


ASKED = {
    "compare": ["--variant", "readier: actors.Red.stance=60"],
    "levers": ["--measure", "answer.first.Red", "--step", "stance=-10,10"],
    "path": ["--measure", "answer.first.Red", "--chance", "0.7", "--lever", "actors.Red.stance=40:80", "--points", "1"],
    "attribute": ["--measure", "truce.starts", "--by", "offers,backers"],
}


@pytest.mark.parametrize("question", ASKED)
def test_each_question_leaves_the_same_kinds_of_file(ceasefire, tmp_path, question):
    code, out, err = ceasefire(question, "still.toml", *ASKED[question], "--runs", "30")
    assert (code, err) == (0, "")
    folder = tmp_path / "results" / f"{question}-still"
    assert {file.name for file in folder.iterdir()} == {
        f"{question}.{kind}" for kind in ("nc", "csv", "json", "png", "svg")
    }
    assert f"results/{question}-still" in out
    with (folder / f"{question}.csv").open() as table:
        assert list(csv.DictReader(table))
    assert json.loads((folder / f"{question}.json").read_text())["seed"] == 1


@pytest.mark.parametrize("question", ASKED)
def test_json_alone_writes_no_files(ceasefire, tmp_path, question):
    code, out, _ = ceasefire(question, "still.toml", *ASKED[question], "--runs", "30", "--json")
    assert code == 0
    assert json.loads(out)["runs"] == 30
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize("question", ASKED)
def test_a_folder_that_cannot_be_made_is_told_before_the_work(ceasefire, tmp_path, question):
    (tmp_path / "taken").write_text("a file")
    code, _, err = ceasefire(question, "still.toml", *ASKED[question], "--runs", "30", "--out", "taken/there")
    assert code == 2
    assert err.startswith("ceasefire: taken")
    assert "Traceback" not in err


def test_a_target_that_cannot_be_reached_ends_with_exit_code_1(ceasefire):
    lever = ["--lever", "actors.Red.stance=45:55", "--points", "0"]
    code, out, _ = ceasefire("path", "still.toml", "--measure", "answer.first.Red", "--chance", "0.9", *lever)
    assert code == 1
    assert "Not within these bounds. The best found is 62.2 %" in out  # the logistic of a half


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["compare", "still.toml"], "nothing to compare with"),
        (["compare", "still.toml", "nowhere.toml"], "no such file"),
        (["compare", "still.toml", "--rules", "degrot"], "Did you mean 'degroot'"),
        (["compare", "still.toml", "--variant", "x: actors.Red.stanse=3"], "Did you mean 'stance'"),
        (["levers", "still.toml", "--measure", "truce.begins"], "no such measure"),
        (["path", "still.toml", "--chance", "0.9"], "no lever"),
        (["attribute", "still.toml", "--group", "x: events.frist"], "Did you mean 'first'"),
        (["attribute", "still.toml", "--group", "nothing"], "written NAME: ELEMENT"),
    ],
)
def test_what_cannot_be_asked_is_told_in_a_line(ceasefire, words, told):
    code, _, err = ceasefire(*words)
    assert code == 2
    assert told in err
    assert "Traceback" not in err


def test_an_uncertain_run_tells_luck_from_ignorance(ceasefire, tmp_path):
    code, out, err = ceasefire("run", "still.toml", "--uncertain", "--runs", "300")
    assert code == 0, err
    assert "luck or ignorance" in out
    found = json.loads((tmp_path / "results" / "still" / "summary.json").read_text())["uncertain"]
    shares = {row["measure"]: row["ignorance"] for row in found}
    assert shares["stance.Red"] == pytest.approx(1)
    assert shares["stance.Blue"] is None  # it never varies
