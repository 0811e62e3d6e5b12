"""Worker processes: what they give back, and that none outlives its work."""

import math
import os
import signal
import subprocess
import sys

import psutil
import pytest

from simulation.runs.workers import Workers, cores
from simulation.scenario import ScenarioError


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
