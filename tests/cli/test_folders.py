"""A folder belongs to one question of one scenario with one set of changes: nothing is mixed, and nothing lost."""

import json
import os
import shutil
import subprocess

import pytest

from simulation.locking import locked
from simulation.runs.results import about_of, load
from simulation.scenario import ScenarioError, load_scenario

pytestmark = pytest.mark.usefixtures("still_file")


@pytest.fixture
def names(tmp_path):
    """The folders below ``results``, and the files in one of them."""

    def listed(folder=None):
        place = tmp_path / "results" / folder if folder else tmp_path / "results"
        return {entry.name for entry in place.iterdir()}

    return listed


def test_runs_with_other_settings_go_to_folders_of_their_own(ceasefire, names):
    for more in ([], ["--seed", "5"], ["--set", "actors.Red.stance=60"], ["--rule", "compromise"]):
        assert ceasefire("run", "still.toml", "--runs", "20", *more)[0] == 0
    assert len(names()) == 4
    assert all(name.startswith("still-") for name in names())  # 20 runs are not the default either


def test_the_default_settings_have_the_plain_name(ceasefire, names):
    ceasefire("run", "still.toml")
    ceasefire("levers", "still.toml", "--measure", "answer.first.Red")
    assert "still" in names()
    assert len([name for name in names() if name.startswith("levers-still-")]) == 1


def test_a_sweep_is_resumed_in_the_folder_it_was_begun_in(ceasefire, names):
    """How it is worked off changes nothing in what is found, and so nothing in the folder's name."""
    pytest.importorskip("pyarrow")
    words = ("sweep", "still.toml", "--vary", "actors.Red.stance=20:60:3", "--runs", "5")
    ceasefire(*words, "--workers", "1")
    (folder,) = names()
    assert ceasefire(*words, "--workers", "1", "--resume")[0] == 0
    assert names() == {folder}


def test_the_same_command_replaces_what_it_left_whole(ceasefire, names, tmp_path):
    words = ("compare", "still.toml", "--variant", "x: actors.Red.stance=60", "--runs", "20")
    ceasefire(*words)
    (folder,) = names()
    before = names(folder)
    about = tmp_path / "results" / folder / "about.json"
    left = json.loads(about.read_text())
    (about.parent / "stale.png").write_text("of an earlier version of the program")
    about.write_text(json.dumps({**left, "files": [*left["files"], "stale.png"]}))
    (about.parent / "notes.txt").write_text("mine")
    assert ceasefire(*words)[0] == 0
    assert names(folder) == before | {"notes.txt"}  # what the folder is not known to hold of ours is left alone
    assert json.loads(about.read_text()) == left


def test_a_folder_that_holds_something_else_is_refused_unless_forced(ceasefire, tmp_path):
    ceasefire("run", "still.toml", "--runs", "20", "--out", "there")
    before = (tmp_path / "there" / "summary.json").read_bytes()
    code, _, err = ceasefire("run", "still.toml", "--runs", "20", "--seed", "2", "--out", "there")
    assert code == 2
    assert "there: holds the answer to another command (run of still, runs 20)" in err
    assert "--force" in err
    assert (tmp_path / "there" / "summary.json").read_bytes() == before
    code, _, _ = ceasefire("levers", "still.toml", "--measure", "answer.first.Red", "--out", "there", "--force")
    assert code == 0
    files = {entry.name for entry in (tmp_path / "there").iterdir()}
    assert files == {"about.json", *(f"levers.{kind}" for kind in ("nc", "csv", "json", "png"))}


def test_results_of_which_nobody_knows_whose_they_are_are_not_written_over(ceasefire, tmp_path):
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "summary.json").write_text("{}")
    code, _, err = ceasefire("run", "still.toml", "--runs", "20", "--out", "old")
    assert code == 2
    assert "old: holds summary.json already" in err
    assert (tmp_path / "old" / "summary.json").read_text() == "{}"


def test_two_files_of_one_name_do_not_share_a_folder(ceasefire, names, tmp_path):
    text = (tmp_path / "still.toml").read_text()
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "scenario.toml").write_text(text)
        assert ceasefire("run", f"{folder}/scenario.toml", "--runs", "20")[0] == 0
    assert len(names()) == 2
    ceasefire("run", "b/scenario.toml", "--runs", "20")
    assert len(names()) == 2


def test_an_answer_that_cannot_be_written_leaves_what_was_there(ceasefire, monkeypatch, tmp_path):
    words = ("run", "still.toml", "--runs", "20", "--out", "there")
    ceasefire(*words)
    before = {entry.name: entry.read_bytes() for entry in (tmp_path / "there").iterdir()}

    def fails(*_):
        raise OSError(28, "No space left on device", "summary.json")

    monkeypatch.setattr("simulation.cli.output.write", fails)
    assert ceasefire(*words)[0] == 2
    assert {entry.name: entry.read_bytes() for entry in (tmp_path / "there").iterdir()} == before
    assert ceasefire(*words[:-1], "elsewhere/new")[0] == 2
    assert not (tmp_path / "elsewhere").exists()


def test_a_run_that_is_cut_short_is_seen_to_be_so(ceasefire, monkeypatch, tmp_path):
    """Files that have changed places already are known as ours, so that the next run takes them away."""
    replace = os.replace

    def killed(source, target):
        if (target.parent.name, target.name) == ("there", "summary.json"):
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr("simulation.cli.folders.os.replace", killed)
    assert ceasefire("run", "still.toml", "--runs", "20", "--out", "there")[0] == 130
    about = json.loads((tmp_path / "there" / "about.json").read_text())
    assert about["whole"] is False
    assert "summary.json" in about["files"]
    with pytest.raises(ScenarioError, match=r"result.nc: a command was stopped while it replaced the files"):
        load(tmp_path / "there" / "result.nc")
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    assert ceasefire("run", "still.toml", "--runs", "20", "--out", "there")[0] == 0
    assert load(tmp_path / "there" / "result.nc").sizes["run"] == 20


def test_a_file_in_which_two_runs_would_mix_is_found_before_any_changes_its_place(ceasefire, tmp_path):
    words = ("run", "still.toml", "--runs", "20", "--out", "there")
    ceasefire(*words)
    (tmp_path / "there" / "truces.png").unlink()
    (tmp_path / "there" / "truces.png").mkdir()
    before = {entry: entry.read_bytes() for entry in (tmp_path / "there").iterdir() if entry.is_file()}
    code, _, err = ceasefire(*words, "--seed", "2", "--force")
    assert (code, "there: truces.png is a folder there" in err) == (2, True)
    assert {entry: entry.read_bytes() for entry in (tmp_path / "there").iterdir() if entry.is_file()} == before


def test_what_a_killed_command_left_is_taken_away_by_the_next(ceasefire, tmp_path):
    """It holds no lock any more; a folder of that kind that is the user's own bears another name."""
    words = ("run", "still.toml", "--runs", "20", "--out", "there")
    ceasefire(*words)
    before = {entry.name for entry in (tmp_path / "there").iterdir()}
    (tmp_path / "there" / ".ceasefire-x1y2.partial").mkdir()
    (tmp_path / "there" / ".ceasefire-x1y2.partial" / "result.nc").write_text("half")
    (tmp_path / "there" / "about.json.77.partial").write_text("half")
    (tmp_path / "there" / ".about.json.lock").write_text("process 77 on a machine")
    (tmp_path / "there" / ".mine.partial").mkdir()
    assert ceasefire(*words)[0] == 0
    assert {entry.name for entry in (tmp_path / "there").iterdir()} == before | {".mine.partial"}


def test_a_second_command_into_a_folder_is_told_before_its_work(ceasefire, monkeypatch, tmp_path):
    def works(*_, **__):
        raise AssertionError("it was run")

    monkeypatch.setattr("simulation.questions.outcome.outcome", works)
    (tmp_path / "there").mkdir()
    with locked(tmp_path / "there" / "about.json"):
        code, _, err = ceasefire("run", "still.toml", "--out", "there", "--force")
    assert (code, "there: process" in err, "is writing here; wait for it" in err) == (2, True, True)
    assert list((tmp_path / "there").iterdir()) == []


@pytest.fixture
def shut(tmp_path):
    """A folder in which not even root can write; where the system does not know how, the test is left out."""
    folder = tmp_path / "shut"
    folder.mkdir()
    folder.chmod(0o500)
    held = os.access(folder, os.W_OK) and shutil.which("chattr")
    if held:
        subprocess.run(["chattr", "+i", folder], check=False, capture_output=True)
    try:
        if os.access(folder, os.W_OK):
            pytest.skip("nothing keeps root out here")
        yield folder
    finally:
        if held:
            subprocess.run(["chattr", "-i", folder], check=False, capture_output=True)
        folder.chmod(0o700)


def test_a_folder_that_cannot_be_written_to_is_found_before_the_work(ceasefire, monkeypatch, tmp_path, shut):
    def works(*_, **__):
        raise AssertionError("it was run")

    monkeypatch.setattr("simulation.questions.outcome.outcome", works)
    monkeypatch.setattr("simulation.questions.sweep.sweep", works)
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "nowhere").symlink_to("not there")
    sweep = ("sweep", "still.toml", "--vary", "actors.Red.stance=20:60:3")
    for words in (("run", "still.toml"), sweep):
        for place in ("shut", "shut/below", "file", "file/below", "nowhere", "nowhere/below"):
            code, _, err = ceasefire(*words, "--out", place)
            assert (code, err.startswith(f"ceasefire: {place}: ")) == (2, True), err
    assert not list(shut.iterdir())
    assert not (tmp_path / "not there").exists()


def test_a_full_disk_is_found_before_the_work(ceasefire, monkeypatch, tmp_path):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("simulation.locking.os.write", full)
    code, _, err = ceasefire("run", "still.toml", "--out", "there")
    assert (code, err) == (
        2,
        "ceasefire: there: cannot be written to: No space left on device; name another folder.\n",
    )
    assert not (tmp_path / "there").exists()


def test_a_file_of_ones_own_is_not_written_over(ceasefire, tmp_path):
    """The folder of one's own scenario is named to write to; a table of one's own bears the name of one of ours."""
    (tmp_path / "war").mkdir()
    (tmp_path / "war" / "scenario.toml").write_text((tmp_path / "still.toml").read_text() + "# mine\n")
    words = ("run", "war/scenario.toml", "--runs", "20", "--out", "war")
    for more in ([], ["--force"]):
        code, _, err = ceasefire(*words, *more)
        assert (code, "war: holds the scenario itself" in err) == (2, True)
    for question, name in (("run", "stances.csv"), ("levers", "levers.csv"), ("levers", "levers.png")):
        mine = tmp_path / question / name
        mine.parent.mkdir(exist_ok=True)
        mine.write_text("mine")
        words = (question, "still.toml", "--runs", "20", "--out", question)
        code, _, err = ceasefire(*words)
        assert (code, f"{question}: holds {name} already" in err) == (2, True)
        assert [entry.name for entry in mine.parent.iterdir()] == [name]
        assert mine.read_text() == "mine"
        mine.unlink()


def test_a_sweep_that_was_stopped_is_resumed_in_the_folder_it_was_given(ceasefire, tmp_path):
    pytest.importorskip("pyarrow")
    words = ("sweep", "still.toml", "--vary", "actors.Red.stance=20:60:3", "--runs", "5", "--out", "there")
    ceasefire(*words)
    for name in ("about.json", "sweep.nc", "sweep.csv", "sweep.json", "sweep.png"):
        (tmp_path / "there" / name).unlink()  # what a sweep that is stopped has not written yet
    code, _, err = ceasefire(*words, "--resume")
    assert code == 0, err


def test_tables_can_be_an_excel_file(ceasefire, tmp_path):
    pd = pytest.importorskip("pandas")
    pytest.importorskip("openpyxl")
    ceasefire("run", "still.toml", "--runs", "20", "--format", "xlsx", "--out", "there")
    sheets = pd.read_excel(tmp_path / "there" / "run.xlsx", sheet_name=None)
    assert list(sheets) == ["answers", "stances", "truces"]
    assert list(sheets["answers"].columns[:3]) == ["offer", "party", "asked_runs"]
    assert not list((tmp_path / "there").glob("*.csv"))


def test_a_note_that_was_tampered_with_takes_nothing_outside_its_folder(ceasefire, tmp_path):
    words = ("levers", "still.toml", "--measure", "answer.first.Red", "--runs", "10", "--out", "there")
    ceasefire(*words)
    about = tmp_path / "there" / "about.json"
    left = json.loads(about.read_text())
    about.write_text(json.dumps({**left, "files": [*left["files"], "../precious.txt", "still.toml/../x"]}))
    (tmp_path / "precious.txt").write_text("mine")
    assert ceasefire(*words)[0] == 0
    assert (tmp_path / "precious.txt").read_text() == "mine"


@pytest.mark.parametrize("name", ["..", "", ".", "a\0b", "x" * 300, "\ud800", "below"])
def test_a_note_that_names_no_file_keeps_no_command_from_ending(ceasefire, tmp_path, name):
    words = ("levers", "still.toml", "--measure", "answer.first.Red", "--runs", "10", "--out", "there")
    ceasefire(*words)
    (tmp_path / "there" / "below").mkdir()
    about = tmp_path / "there" / "about.json"
    left = json.loads(about.read_text())
    about.write_text(json.dumps({**left, "files": [*left["files"], name]}))
    assert ceasefire(*words)[0] == 0
    assert json.loads(about.read_text()) == left
    assert (tmp_path / "there" / "below").is_dir()


@pytest.mark.parametrize("settings", [None, "abc", [1], 7])
def test_a_note_of_which_the_settings_are_no_table_is_no_note(ceasefire, tmp_path, settings):
    words = ("levers", "still.toml", "--measure", "answer.first.Red", "--runs", "10", "--out", "there")
    ceasefire(*words)
    about = tmp_path / "there" / "about.json"
    about.write_text(json.dumps({**json.loads(about.read_text()), "settings": settings}))
    code, _, err = ceasefire(*words)
    assert (code, "there: holds levers.nc already" in err) == (2, True)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_in_the_place_of_a_note_is_not_waited_for(ceasefire, tmp_path):
    (tmp_path / "there").mkdir()
    os.mkfifo(tmp_path / "there" / "about.json")
    assert about_of(tmp_path / "there") is None


def test_a_text_that_begins_like_a_formula_is_none_in_excel(ceasefire, tmp_path):
    """A program that opens the file would reckon it, or go to the network for it."""
    openpyxl = pytest.importorskip("openpyxl")
    text = '=HYPERLINK("http://127.0.0.1/", "look")'
    ceasefire("convert", "still.toml", "still.xlsx", "--set", f"title={text}")
    cells = [cell for row in openpyxl.load_workbook(tmp_path / "still.xlsx")["war"] for cell in row]
    assert [cell.data_type for cell in cells if cell.value == text] == ["s"]
    assert load_scenario(tmp_path / "still.xlsx").title == text


def test_the_runs_of_a_sweep_are_taken_away_by_another_sweep_alone(ceasefire, tmp_path):
    pytest.importorskip("pyarrow")
    sweep = ("sweep", "still.toml", "--vary", "actors.Red.stance=40:60:2", "--runs", "5", "--workers", "1")
    assert ceasefire(*sweep, "--out", "there")[0] == 0
    code, _, err = ceasefire("run", "still.toml", "--runs", "10", "--out", "there", "--force")
    assert (code, "holds the runs of a sweep" in err) == (2, True)
    assert ceasefire(*sweep, "--out", "there")[0] == 2  # the same again is not done again in silence
    assert ceasefire(*sweep, "--seed", "2", "--out", "there", "--force")[0] == 0
    assert json.loads((tmp_path / "there" / "sweep.json").read_text())["seed"] == 2


def test_a_file_where_a_folder_is_wanted_is_said_so(ceasefire, tmp_path):
    (tmp_path / "notes").write_text("mine")
    code, _, err = ceasefire("run", "still.toml", "--runs", "10", "--out", "notes")
    assert (code, err) == (2, "ceasefire: notes: a file; what is found goes into a folder, so name another.\n")
    assert (tmp_path / "notes").read_text() == "mine"


def test_animations_of_other_runs_go_to_folders_of_their_own(ceasefire, names):
    for more in ([], ["--seed", "2"], []):
        assert ceasefire("animate", "still.toml", "--dpi", "20", *more)[0] == 0
    assert len(names()) == 2
