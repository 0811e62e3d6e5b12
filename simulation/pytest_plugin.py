"""Scenarios as tests: pytest collects TOML files and tables below ``scenarios/``, each expectation a test of its own.

``pytest scenarios`` is the regression suite on outcomes. Every file is run once, with ``--scenario-runs`` runs (2,000)
and seed 1; an expectation is met where its whole 95 % Monte Carlo interval lies on the right side.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("ceasefire", "scenario files")
    group.addoption("--scenario-runs", type=int, default=2000, help="runs of each scenario file (default: 2000)")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix in (".toml", ".xlsx") and "scenarios" in file_path.parent.parts:
        return ScenarioFile.from_parent(parent, path=file_path)
    return None


class ScenarioFile(pytest.File):
    """A scenario file, run when the first of its expectations is tested."""

    _verdicts: list[dict[str, Any]] | None = None

    @property
    def scenario(self) -> Path:
        """The scenario that the file is, or, of ``war.toml``, belongs to."""
        from simulation.scenario.tables.grids import is_folder_of_tables

        tables = self.path.name == "war.toml" and is_folder_of_tables(self.path.parent)
        return self.path.parent if tables else self.path

    def collect(self) -> Iterator[pytest.Item]:
        yield WellFormed.from_parent(self, name="is well-formed")
        from simulation.scenario import ScenarioError, load_scenario

        try:
            expected = load_scenario(self.scenario).expect
        except ScenarioError:
            return  # the first test says what is wrong
        for number, expect in enumerate(expected):
            yield Expectation.from_parent(self, name=expect.that, number=number)

    def verdicts(self) -> list[dict[str, Any]]:
        """The verdict on each expectation."""
        if self._verdicts is None:
            from simulation.runs.ensemble import run_ensemble
            from simulation.runs.results import verdicts
            from simulation.scenario import load_scenario

            runs = self.config.getoption("--scenario-runs")
            self._verdicts = verdicts(run_ensemble(load_scenario(self.scenario), runs=runs, seed=1, keep="summary"))
        return self._verdicts


class ScenarioItem(pytest.Item):
    """A test from a scenario file; what fails is said in words."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, f"{self.path.name}: {self.name}"


class WellFormed(ScenarioItem):
    """That the file can be loaded."""

    def runtest(self) -> None:
        from simulation.scenario import load_scenario

        parent = self.parent
        assert isinstance(parent, ScenarioFile)
        load_scenario(parent.scenario)


class Expectation(ScenarioItem):
    """That one ``[[expect]]`` block is met."""

    def __init__(self, *, number: int, **rest: Any) -> None:
        super().__init__(**rest)
        self.number = number

    def runtest(self) -> None:
        parent = self.parent
        assert isinstance(parent, ScenarioFile)
        verdict = parent.verdicts()[self.number]
        if "unmet" in verdict:
            if not verdict["met"]:
                pytest.xfail(verdict["unmet"])
            raise AssertionError(f"{verdict['that']}: this is so, though it is said to be unmet: take out `unmet`.")
        if not verdict["met"]:
            word = "is not so" if verdict["decided"] else "is too close to call with these runs"
            raise AssertionError(
                f"{verdict['that']}: this {word}.\n"
                f"{verdict['measure']} = {verdict['value']} (95 % interval {verdict['low']} to {verdict['high']}); "
                f"expected: {verdict['bound']}"
            )
