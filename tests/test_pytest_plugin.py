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


def test_what_is_known_to_be_unmet_is_no_failure_until_it_is_met(scenarios):
    mine = scenarios.path / "scenarios" / "mine.toml"
    story = mine.read_text()
    mine.write_text(story.replace('that = "pigs fly"', 'that = "pigs fly"\nunmet = "they have no wings"'))
    result = scenarios.runpytest_subprocess("scenarios", "-rx", "--scenario-runs", "400")
    result.assert_outcomes(passed=2, xfailed=1)
    result.stdout.fnmatch_lines(["*they have no wings*"])
    mine.write_text(mine.read_text().replace("above = 0.999", "above = 0.0"))
    result = scenarios.runpytest_subprocess("scenarios", "--scenario-runs", "400")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["pigs fly: this is so, though it is said to be unmet: take out `unmet`."])


def test_a_broken_file_is_one_failure_that_says_what_is_wrong(scenarios):
    (scenarios.path / "scenarios" / "broken.toml").write_text('schema = 1\ntitel = "x"')
    result = scenarios.runpytest_subprocess("scenarios/broken.toml")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*titel: no such key. Did you mean 'title'?*"])


def test_other_toml_files_are_left_alone(pytester):
    (pytester.path / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    pytester.makepyfile("def test_nothing(): pass")
    pytester.runpytest_subprocess().assert_outcomes(passed=1)
