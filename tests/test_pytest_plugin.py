"""Scenario files are collected as tests, and say in words what is not as expected."""

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

NEW = Path(__file__).parent.parent / "simulation" / "cli" / "new.toml"


@pytest.fixture
def scenarios(pytester):
    folder = pytester.mkdir("scenarios")
    (folder / "mine.toml").write_text(
        NEW.read_text()
        + """
[[expect]]
that = "the second offer is likelier to be taken by North"
measure = "answer.second-offer.North"
exceeds = "answer.first-offer.North"

[[expect]]
that = "pigs fly"
measure = "answer.first-offer.North"
above = 0.999
"""
    )
    return pytester


def test_each_expectation_is_a_test(scenarios):
    result = scenarios.runpytest_subprocess("scenarios", "-v", "--scenario-runs", "400")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*mine.toml*the second offer is likelier to be taken by North*PASSED*"])
    result.stdout.fnmatch_lines(
        ["pigs fly: this is not so.", "answer.first-offer.North = * (95 % interval * to *); expected: above 0.999"]
    )


def test_a_broken_file_is_one_failure_that_says_what_is_wrong(scenarios):
    (scenarios.path / "scenarios" / "broken.toml").write_text('schema = 1\ntitel = "x"')
    result = scenarios.runpytest_subprocess("scenarios/broken.toml")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*titel: no such key. Did you mean 'title'?*"])


def test_other_toml_files_are_left_alone(pytester):
    (pytester.path / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    pytester.makepyfile("def test_nothing(): pass")
    pytester.runpytest_subprocess().assert_outcomes(passed=1)
