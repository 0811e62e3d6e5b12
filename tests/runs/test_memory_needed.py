"""What memory work takes is told before it begins, and where it gives out after all, that is no traceback."""

import subprocess
import sys

import pytest

import simulation as sim
from simulation.cli.vary import read_axis
from simulation.questions.sweep import plan
from simulation.runs import memory
from simulation.runs.memory import bytes_needed, in_words
from simulation.scenario import ScenarioError


def machine(monkeypatch, size):
    monkeypatch.setattr(memory, "memory", lambda: size)


def test_histories_that_are_kept_take_what_numpy_says_they_do(libya):
    """The bound is a lower one, and no idle one: at least half of it lies in the arrays of the result."""
    result = sim.run_ensemble(libya, runs=2000, seed=1)
    histories = sum(array.nbytes for name, array in result.data_vars.items() if "run" in array.dims)
    needed = bytes_needed(libya, 2000, kept=True) - bytes_needed(libya, 2000)
    assert 0.5 * histories < needed <= 1.5 * histories


def test_what_is_kept_grows_with_runs_and_steps_and_actors(libya):
    one = bytes_needed(libya, 10_000, kept=True)
    assert bytes_needed(libya, 20_000, kept=True) > 1.8 * one
    assert bytes_needed(libya, 20_000) == bytes_needed(libya, 10_000)  # a digest is as large as it is
    assert bytes_needed(libya.replace({"steps": 110}), 10_000, kept=True) > 1.8 * one


def test_runs_that_do_not_fit_are_refused_before_they_begin(libya, monkeypatch):
    machine(monkeypatch, 1_000_000_000)
    with pytest.raises(
        ScenarioError, match=r"1,000,000 runs of 55 steps of 22 actors: needs 14\.3 GB .* 1\.0 GB can be used here"
    ):
        sim.run_ensemble(libya, runs=1_000_000, progress=lambda done: pytest.fail("it was begun"))
    assert sim.run_ensemble(libya, runs=300, keep="summary").attrs["runs"] == 300


@pytest.mark.parametrize(
    ("needed", "work"),
    [
        ("numpy", lambda libya: sim.run_ensemble(libya, runs=10, keep="summary")),
        ("numpy", lambda libya: sim.ConflictModel(libya)),
        ("numpy", lambda libya: sim.compare({"a": libya, "b": libya}, runs=10)),
        ("numpy", lambda libya: sim.levers(libya, "stance.LNA", runs=10)),
        ("SALib", lambda libya: sim.sensitivity(libya, ["stance.LNA"], method="morris", points=8, runs=4)),
        ("pyarrow", lambda libya: sim.sweep(libya, {"actors.LNA.stance": [10, 20]}, "there", runs=10, workers=1)),
    ],
)
def test_every_question_is_refused_where_not_even_its_runs_together_fit(libya, monkeypatch, tmp_path, needed, work):
    pytest.importorskip(needed)
    monkeypatch.chdir(tmp_path)
    machine(monkeypatch, 1_000_000)
    with pytest.raises(ScenarioError, match=r"of memory or more, and 1\.0 MB can be used here"):
        work(libya)
    assert not (tmp_path / "there").exists()


def test_where_the_machine_does_not_say_nothing_is_refused(libya, monkeypatch):
    monkeypatch.setattr(memory, "_limits", lambda: iter(()))
    assert memory.memory() is None
    assert sim.run_ensemble(libya, runs=3).sizes["run"] == 3


def test_a_grid_of_more_values_than_there_is_room_for_is_counted_before_it_is_made():
    with pytest.raises(ScenarioError, match=r"99,999,999,999 points: between 1 and 10,000,000 would do"):
        plan([read_axis("actors.LNA.stance=0:1:99999999999")])


def test_bytes_are_told_in_the_largest_unit_of_which_there_is_one():
    assert [in_words(size) for size in (12, 2_500_000, 1_400_000_000_000)] == ["12 bytes", "2.5 MB", "1.4 TB"]


@pytest.mark.skipif(sys.platform != "linux", reason="of Linux: a process held to less memory")
def test_memory_that_gives_out_in_the_middle_is_told_in_a_line(tmp_path):
    """The limit is set once all is imported, and where the estimate does not see it."""
    code = (
        "import resource, sys, simulation as sim\n"
        "from simulation.runs import memory\n"
        "from simulation.cli import main\n"
        "sim.run(sim.load_scenario('libya-2020-01'), runs=2)\n"
        "memory.memory = lambda: None\n"
        "size = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (size + 100_000_000,) * 2)\n"
        "sys.argv = ['ceasefire', 'run', 'libya-2020-01', '--runs', '20000', '--json']\n"
        "main()\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 2
    assert ended.stderr.startswith("ceasefire: not enough memory")
    assert "Traceback" not in ended.stderr
