"""A short run of the fuzzer with a fixed seed; the long one is ``python -m tests.fuzz``."""

import os
import shutil
import tomllib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulation.cli.vary import read_axis
from simulation.parameters import HIDDEN
from simulation.scenario import ScenarioError, load_scenario
from simulation.scenario.schema import build

from .running import Bench, Outcome, watched
from .strategies import altered, values
from .targets import BASE, TARGETS, Target

EACH = 150
"""Inputs of each kind: some two thousand in all."""

LIBYA = tomllib.loads((BASE.parents[2] / "scenarios" / "libya-2020-01.toml").read_text(encoding="utf-8"))
RICH = tomllib.loads(BASE.read_text(encoding="utf-8") + (BASE.parents[2] / "tests/fuzz/rich.toml").read_text())


@pytest.fixture
def bench(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Bench(tmp_path)


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_input_is_refused_in_words_or_read_in_no_time(bench, name):
    if name == "xlsx":
        pytest.importorskip("openpyxl")
    if name == "store":
        pytest.importorskip("pyarrow")
    failed = {}
    with watched() as said:
        for number in range(EACH):
            target, content = bench.input(number, 7, name)
            said()
            outcome = bench.tried(target, content, said)
            if outcome.failure:
                failed[number] = outcome
    assert not failed


def test_the_fuzzer_sees_what_it_is_to_see(bench):
    """An input that raises, one that is refused without its place, one that writes, and one that says something."""

    def raises(content, folder):
        raise KeyError("points")

    def says_nothing(content, folder):
        raise ScenarioError("will not do.")

    def writes(content, folder):
        (folder / "left").write_text("x")

    def speaks(content, folder):
        os.write(2, b"HDF5-DIAG")

    expected = {
        raises: "KeyError: 'points'",
        says_nothing: "a message that names no file: will not do.",
        speaks: "said on standard error: HDF5-DIAG",
        writes: "wrote left",
    }
    with watched() as said:
        found = {take: bench.tried(Target("tables", 1, lambda _: [], take), b"", said).failure for take in expected}
    assert found == expected


def test_every_whole_input_is_accepted(bench):
    shutil.copy(BASE, "scenario.toml")
    for target in TARGETS.values():
        if target.name in ("scenario", "extends", "design", "tables", "xlsx", "result", "store", "date", "series"):
            for content in target.whole(bench.folder):
                assert bench.tried(target, content) == Outcome(False, pytest.approx(0, abs=20))


def refused_or_read(read):
    try:
        read()
    except ScenarioError as error:
        text = str(error)
    else:
        return
    assert text
    assert not HIDDEN.search(text)
    assert len(text) < 26_000


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(altered(RICH) | altered(LIBYA))
def test_no_table_of_any_value_gives_a_traceback(raw):
    refused_or_read(lambda: build(raw, "t"))


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(sorted(load_scenario(BASE).inputs)) | st.text(max_size=30), values, max_size=3))
def test_no_change_to_any_value_gives_a_traceback(two, changes):
    refused_or_read(lambda: two.replace(changes))
    refused_or_read(lambda: load_scenario(BASE, changes))


@settings(max_examples=150)
@given(st.text(max_size=40) | st.from_regex(r"[a-z.]{1,9}=[-0-9.e:,]{0,12}", fullmatch=True))
def test_no_text_behind_vary_gives_a_traceback(text):
    refused_or_read(lambda: read_axis(text))


def test_a_million_digits_are_read_once():
    """A pattern that may split them in any place took half a minute, found by the fuzzer; so did 50,000 choices."""
    refused_or_read(lambda: read_axis(f"a={'9' * 1_000_000}x"))
    refused_or_read(lambda: read_axis(f"a={','.join(map(str, range(50_000)))}"))
