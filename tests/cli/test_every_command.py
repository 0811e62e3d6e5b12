"""Every command on a scenario that is hard to print and to draw, and on streams that are hard to write to."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from simulation.cli import NAMES, app
from simulation.scenario.catalogue import bundled

AWKWARD = r"""
schema = 1
title = 'Title $\frac$ الجيش الوطني 利比亚 🕊️ 50 %'
question = 'Who $\frac$ what _^{?'
start = 2020-01-01
step_days = 1
steps = 8

[issues.share]
low = 'nothing $\frac$'
high = 'all of it $x_{'
now = 50

[actors.A]
name = '$\frac$ of the nation'
roles = ["party"]
side = '$\frac$'
stance = { best = 40, low = 30, high = 50, assumed = "made up" }
salience = 80
influence = 50
assumed = "made up"

[actors.B]
name = 'الجيش الوطني 利比亚国民军 🕊️ of a name that is much longer than any picture has room for, and longer still'
roles = ["party"]
side = '利比亚'
stance = 60
salience = 80
influence = 50
assumed = "made up"

[actors.C]
name = '$\frac$ $$ $'
roles = ["mediator"]
stance = 90
salience = 80
influence = 50
assumed = "made up"

[[ties]]
from = "C"
to = "A"
leverage = 0.5
assumed = "made up"

[[wants]]
party = "A"
issue = "share"
want = 90
weight = 1
assumed = "made up"

[[events]]
on = 2020-01-03
label = '停火 $\frac$ 🕊️'
assumed = "made up"
offer = { id = "talks", sponsors = ["C"], form = "declared", terms = { share = 50 } }

[[record]]
offer = "talks"
party = "A"
answer = 1
"""

CASES = """proposal,issue,actor,position,salience,capability,outcome
P1,a,A,0,100,10,70
P1,a,B,100,100,30,70
"""

DAYS = ["2010,3,1,2010,3,1,2010,3,5", "2011,3,1,2011,3,1,2011,4,5"]

LIVES = "\n".join(
    [
        "uniq_id,ucdp_acd_id,actor_name,written,fixed,fixed_time,implement,ended,"
        + ",".join(f"{stem}_{part}" for stem in ("cf_dec", "cf_effect", "end") for part in ("yr", "month", "day")),
        *(f"{number},{number},Front,{number},0,0,0,2,{days}" for number, days in enumerate(DAYS)),
    ]
)
"""Two ceasefires of a dataset of many."""

FEW = ["--runs", "1"]
OUTCOME = ["--measure", "stance.A"]

COMMANDS = {
    "run": [["awkward.toml", *FEW], ["awkward.toml", *FEW, "--uncertain"]],
    "rules": [["awkward.toml", *FEW, "--rule", "degroot", "--rule", "spatial"]],
    "animate": [["awkward.toml", "--dpi", "20"]],
    "app": [],  # serves a page until it is stopped
    "why": [["awkward.toml", "--actor", "A", "--step", "2"], ["awkward.toml", "--offer", "talks", "--party", "A"]],
    "check": [["awkward.toml"]],
    "explain": [["awkward.toml"]],
    "schema": [[]],
    "list": [[]],
    "new": [["new.toml"]],
    "convert": [["awkward.toml", "copy.toml"]],
    "import": [["talk.csv", "--out", "talk.toml"]],
    "compare": [["awkward.toml", "--variant", "x $\\frac$: actors.A.stance=45", *FEW]],
    "levers": [["awkward.toml", *OUTCOME, *FEW, "--step", "stance=-5,5"]],
    "path": [["awkward.toml", "--measure", "truce.starts", "--chance", "0.5", "--lever", "actors.A.stance=0:80", *FEW]],
    "bargain": [["awkward.toml", "--offer", "talks", *FEW]],
    "attribute": [["awkward.toml", *OUTCOME, *FEW]],
    "sensitivity": [["awkward.toml", *OUTCOME, *FEW, "--method", "morris", "--input", "actors.A.*", "--points", "2"]],
    "robust": [["awkward.toml", "--runs", "2", "--variants", "2", "--codings", "0"]],
    "sweep": [["awkward.toml", "--vary", "actors.A.stance=0:80:3", *FEW, "--workers", "1"]],
    "query": [["results/sweep-awkward", "select * from sweep"]],
    "regions": [["results/sweep-awkward", *OUTCOME, "--below", "40"]],
    "validate": [["awkward.toml", *FEW, "--draws", "0"]],
    "benchmark": [["cases.csv", *FEW]],
    "calibrate": [["awkward.toml", "--draws", "60", "--rounds", "1", "--key", "coefficients.answers.temperature"]],
    "ablate": [["awkward.toml", *FEW, "--draws", "0"]],
    "agreement": [[str(bundled() / "wars")]],
    "truces": [["lives.csv", "--resamples", "20"]],
}
"""How each command is asked here, as quickly as it can be."""

NEEDS = {
    "sensitivity": "SALib",
    "sweep": "pyarrow",
    "query": "duckdb",
    "regions": "pyarrow",
    "agreement": "krippendorff",
}
"""What a command cannot be asked without, of the extra ``experiments``."""


def test_every_command_is_asked():
    assert {NAMES.get(command.callback) or command.callback.__name__ for command in app.registered_commands} == {
        *COMMANDS
    }


@pytest.fixture
def awkward(ceasefire, tmp_path):
    """The folder with the scenario, where the command is run."""
    (tmp_path / "awkward.toml").write_text(AWKWARD, encoding="utf-8")
    (tmp_path / "talk.csv").write_text("actor,position,salience,capability\nA,10,50,40\nB,90,60,50\n")
    (tmp_path / "cases.csv").write_text(CASES)
    (tmp_path / "lives.csv").write_text(LIVES)
    return tmp_path


@pytest.mark.parametrize(
    ("command", "words"), [(command, words) for command, several in COMMANDS.items() for words in several]
)
def test_no_command_dies_of_what_it_prints_and_draws(ceasefire, awkward, command, words):
    if command in NEEDS and find_spec(NEEDS[command]) is None:
        pytest.skip(f"{command} needs an optional package")
    if command in ("query", "regions"):
        ceasefire("sweep", "awkward.toml", "--vary", "actors.A.stance=0:80:24", *FEW, "--workers", "1")
        (folder,) = (awkward / "results").iterdir()
        words = [str(folder), *words[1:]]
    code, out, err = ceasefire(command, *words)
    assert code in (0, 1), err
    assert not {"nan", "inf", "None"} & set(out.split())


HARSH = {
    "a narrow terminal of few letters, and a backend that is not there": (
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "COLUMNS": "20", "MPLBACKEND": "nonsense"},
        "",
        0,
    ),
    "a reader that goes away": ({}, "| true", 141),
    "no output": ({}, ">&-", 0),
    "no streams at all": ({}, "<&- >&- 2>&-", 0),
    "a full disk for what is printed": ({}, ">/dev/full", 2),
    "a full disk for what is told": ({}, "2>/dev/full", 0),
}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the shell and devices of Linux")
@pytest.mark.parametrize("how", HARSH)
def test_files_are_there_whatever_becomes_of_what_is_printed(awkward, how):
    """As of a full disk, where only printing fails."""
    changes, redirected, code = HARSH[how]
    here = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **changes}
    line = (
        f"set -o pipefail; {sys.executable} -m simulation why awkward.toml --actor A --step 2 --out there {redirected}"
    )
    ended = subprocess.run(["bash", "-c", line], cwd=awkward, env=here, capture_output=True, timeout=120)
    assert b"Traceback" not in ended.stderr
    assert b"Exception ignored" not in ended.stderr
    assert ended.returncode == code, ended.stderr
    assert {"why.nc", "why.json", "why.png"} <= {file.name for file in (awkward / "there").iterdir()}
