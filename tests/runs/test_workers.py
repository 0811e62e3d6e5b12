"""Worker processes: what they give back, and that none outlives its work."""

import math
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from simulation.runs import shares
from simulation.runs.ensemble import read_points, read_runs, run_ensemble
from simulation.runs.workers import Workers, cores, workers_for
from simulation.scenario import ScenarioError

psutil = pytest.importorskip("psutil", reason="of the extra 'experiments'")


def test_answers_come_from_other_processes_in_order_where_that_is_asked():
    with Workers(math.comb, 2) as pool:
        assert list(pool.results(((6, k) for k in range(7)), in_order=True)) == [1, 6, 15, 20, 15, 6, 1]
        assert sorted(pool.results((4, k) for k in range(3))) == [1, 4, 6]
    with Workers(os.getpid, 2) as pool:
        assert os.getpid() not in set(pool.results([()] * 8))


def test_one_worker_is_this_process():
    with Workers(os.getpid, 1) as pool:
        assert list(pool.results([(), ()])) == [os.getpid()] * 2


def test_what_fails_in_a_worker_fails_here_and_says_where():
    with Workers(math.factorial, 2) as pool, pytest.raises(ValueError, match="negative") as failed:
        list(pool.results([(3,), (-1,)]))
    assert "in a worker process" in failed.value.__notes__[0]


def test_a_worker_that_is_killed_is_said():
    with Workers(os.kill, 2) as pool:
        victim = pool._processes[0].pid
        with pytest.raises(ScenarioError, match=r"ended by signal 9, perhaps for want of memory; try fewer `workers`"):
            list(pool.results([(victim, signal.SIGKILL)] * 4))


def test_a_worker_imports_nothing_from_the_folder_where_one_happens_to_be(tmp_path, monkeypatch):
    (tmp_path / "json.py").write_text("raise SystemExit(3)")
    monkeypatch.chdir(tmp_path)
    with Workers(math.comb, 2) as pool:
        assert list(pool.results([(6, 2)])) == [15]


def test_what_a_script_defines_is_said_to_need_one_worker(monkeypatch):
    main = sys.modules["__main__"]
    mine = type("Median", (), {"__module__": "__main__"})
    monkeypatch.setattr(main, "Median", mine, raising=False)
    with (
        Workers(type, 2) as pool,
        pytest.raises(ScenarioError, match=r"Median.*cannot import it; what a script .* defines needs `workers` of 1"),
    ):
        list(pool.results([(mine(),), (mine(),)]))


@pytest.mark.parametrize("end", ["closed", "killed"])
def test_workers_at_work_end_with_who_started_them(end):
    """In a script without ``if __name__ == "__main__"``: it must not be run again by its workers."""
    script = (
        "import time\nfrom simulation.runs.workers import Workers\n"
        "with Workers(time.sleep, 2) as pool:\n"
        "    next(pool.results([(0,), (600,), (600,)]))\n"
        "    print(*(process.pid for process in pool._processes), flush=True)\n"
        "    input()\n"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", script], text=True, **pipes) as started:
        workers = [psutil.Process(int(word)) for word in started.stdout.readline().split()]
        assert len(workers) == 2
        if end == "killed":
            started.kill()
        else:
            started.stdin.write("\n")
            started.stdin.flush()
        assert started.wait(10) == (0 if end == "closed" else -signal.SIGKILL)
    _, alive = psutil.wait_procs(workers, timeout=10)
    assert not [worker for worker in alive if worker.status() != psutil.STATUS_ZOMBIE]


def test_cores_are_at_least_one_and_no_more_than_the_machine_has():
    assert 1 <= cores() <= os.cpu_count()


def test_a_summary_by_workers_is_that_of_one_process_to_the_bit(libya, monkeypatch):
    """In spans of 512 runs, the last of them not full; sums of real numbers depend on the order of adding."""
    monkeypatch.setattr(shares, "SPAN", 512)
    supports = {"ties.UAE.LNA.support": np.linspace(0, 1, 1100)}
    for options in ({}, {"uncertain": True}, {"values": supports}):
        one, two = (run_ensemble(libya, 1100, keep="summary", workers=count, **options) for count in (1, 2))
        assert one.identical(two)


def test_measures_read_by_workers_are_those_of_one_process_to_the_bit(libya, monkeypatch):
    monkeypatch.setattr(shares, "SPAN", 512)
    names = ["truce.starts", "stance.LNA"]
    one, two = (read_runs(libya, names, 1100, 1, uncertain=True, workers=count) for count in (1, 2))
    design = {"ties.UAE.LNA.support": np.linspace(0, 1, 9)}
    luck = np.arange(9) * 100
    here, there = (read_points(libya, names, design, 100, 1, first=luck, workers=count) for count in (1, 2))
    for name in names:
        np.testing.assert_array_equal(one[name], two[name])
        np.testing.assert_array_equal(here[name], there[name])


def test_a_rule_that_workers_do_not_know_keeps_the_work_in_this_process(libya):
    class Stubborn(type(libya.rule)):
        pass

    assert workers_for(libya, 1) == 1
    assert workers_for(libya, 10**9) == cores()
    assert workers_for(libya.model_copy(update={"rule": Stubborn()}), 10**9) == 1
