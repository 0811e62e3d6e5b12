"""Commands that are ended in the midst of their work."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from simulation.questions.sweep import sweep
from simulation.scenario import load_scenario

psutil = pytest.importorskip("psutil", reason="of the extra 'experiments'")

ROOT = Path(__file__).parents[2]
KEY, MEASURE, POINTS, RUNS = "ties.UAE.LNA.support", "truce.starts", 24, 2048


def parts(folder):
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in (folder / "parts").glob("*.parquet")}


def begun(folder, more):
    """A sweep with two workers in a session of its own, once it has written so many parts more."""
    there = len(parts(folder))
    words = ["sweep", "libya-2020-01", "--vary", f"{KEY}=0:1:{POINTS}", "--runs", str(RUNS), "--measure", MEASURE]
    words += ["--workers", "2", "--resume", "--out", str(folder)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    started = subprocess.Popen([sys.executable, "-m", "simulation", *words], cwd=ROOT, start_new_session=True, **pipes)
    until = time.monotonic() + 60
    while len(parts(folder)) < there + more and started.poll() is None:
        assert time.monotonic() < until
        time.sleep(0.005)
    return started


def ended(started):
    """Exit code and what it said; its pipes end when the last of its processes does."""
    _, said = started.communicate(timeout=30)
    _, alive = psutil.wait_procs([one for one in psutil.process_iter() if group_of(one) == started.pid], timeout=5)
    assert not [one for one in alive if one.status() != psutil.STATUS_ZOMBIE]
    return started.returncode, said


def group_of(process):
    try:
        return os.getpgid(process.pid)
    except ProcessLookupError:
        return None


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_however_a_sweep_is_ended_nothing_runs_on_and_it_resumes_to_the_same_bytes(tmp_path):
    scenario, vary = load_scenario("libya-2020-01"), {KEY: np.linspace(0, 1, POINTS)}
    options = {"runs": RUNS, "measures": [MEASURE], "workers": 1}
    sweep(scenario, vary, tmp_path / "undisturbed", **options)
    expected, folder = parts(tmp_path / "undisturbed"), tmp_path / "ended"
    assert len(expected) == POINTS

    started = begun(folder, 2)
    started.terminate()
    code, said = ended(started)
    assert code == 143
    assert f"Stopped. What is done is safe in {folder}; --resume goes on from there." in said

    started = begun(folder, 2)
    started.kill()
    assert ended(started)[0] == -signal.SIGKILL

    started = begun(folder, 2)
    psutil.Process(started.pid).children()[0].kill()
    code, said = ended(started)
    assert code == 2
    assert "a worker process ended by signal 9" in said
    assert "Nothing is lost" in said

    assert 6 <= len(parts(folder)) < POINTS
    sweep(scenario, vary, folder, **options, resume=True)
    assert parts(folder) == expected
