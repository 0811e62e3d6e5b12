"""What those who join rely on: one list of checks, one place for versions, files where they are said to be."""

import ast
import json
import os
import re
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from benchmarks.metadata import codemeta

ROOT = Path(__file__).parent.parent
CI = (ROOT / ".ci" / "run").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
YAML = [
    *sorted((ROOT / ".github").rglob("*.yml")),
    ROOT / ".pre-commit-config.yaml",
    ROOT / ".readthedocs.yaml",
]


def pinned():
    """Names in constraints.txt, in the order of the file."""
    return [line.split("==")[0] for line in (ROOT / "constraints.txt").read_text().splitlines()]


def declared():
    """Names of all that the package and its extras ask for."""
    every = [*PROJECT["dependencies"], *(item for extra in PROJECT["optional-dependencies"].values() for item in extra)]
    return {re.match(r"[\w.-]+", item).group().lower() for item in every}


@pytest.mark.parametrize("file", YAML, ids=lambda file: file.name)
def test_the_file_is_yaml(file):
    assert isinstance(yaml.safe_load(file.read_text()), dict)


def test_the_workflow_calls_what_is_run_here_and_nothing_else():
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())["jobs"]
    commands = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    assert commands == [".ci/run"]
    assert all(job["timeout-minutes"] == 20 for job in jobs.values())


def test_before_a_commit_ruff_and_mypy_are_run_as_in_continuous_integration():
    repos = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    hooks = [hook for repo in repos for hook in repo["hooks"]]
    assert [repo["repo"] for repo in repos] == ["local"]
    assert all(hook["language"] == "system" and hook["pass_filenames"] is False for hook in hooks)
    in_ci = [line for line in CI.splitlines() if line.startswith((".venv/bin/ruff", ".venv/bin/mypy"))]
    assert [hook["entry"] for hook in hooks] == in_ci
    assert len(in_ci) == 3  # the linter, the formatter, the type checker


@pytest.mark.parametrize("name", ["coverage", "lowest", "run", "versions"])
def test_scripts_can_be_run(name):
    assert os.access(ROOT / ".ci" / name, os.X_OK)


def test_whoever_contributes_sets_up_as_the_readme_says():
    command = next(line for line in (ROOT / "README.md").read_text().splitlines() if "bin/pytest" in line)
    assert command in CONTRIBUTING.splitlines()


def test_all_that_is_named_to_contributors_is_there():
    named = set(re.findall(r"`([\w.-]*(?:/[\w.-]*)+|[\w-]+\.(?:md|toml|cff))`", CONTRIBUTING))
    named |= set(re.findall(r"\]\(([\w./-]+)\)", CONTRIBUTING))
    named -= {"dist/"}  # made by the release itself
    assert {"simulation/scenario/measure_kinds.py", ".ci/lowest", "docs/extending.md", "CITATION.cff"} <= named
    inside = {"agents/": "simulation/runs/agents", "results/": "simulation/runs/results"}
    missing = {name for name in named if not (ROOT / inside.get(name, name)).exists()}
    assert not missing


def test_every_room_of_the_package_is_named_to_contributors():
    rooms = {f"simulation/{folder.parent.name}/" for folder in (ROOT / "simulation").glob("*/__init__.py")}
    assert rooms <= set(re.findall(r"`(simulation/\w+/)`", CONTRIBUTING))


def test_pins_stand_in_order_and_cover_all_that_is_asked_for():
    names = pinned()
    assert names == sorted(names)
    assert declared() <= set(names)


def test_every_library_that_the_package_imports_is_asked_for():
    """What another library brings along may be gone with its next version; some are parts of one that is asked for."""
    parts = {"pydantic_core", "markupsafe", "threadpoolctl", "PIL", "IPython"}
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in (ROOT / "simulation").rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    others = {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {"simulation"} - parts
    assert {"numpy", "starlette"} <= others
    called = {"sklearn": "scikit-learn", "markdown_it": "markdown-it-py", "tomli_w": "tomli-w"}
    assert {called.get(name, name).lower() for name in others} <= declared()


def test_the_citation_names_the_version_of_the_package():
    assert f"version: {PROJECT['version']}\n" in (ROOT / "CITATION.cff").read_text()


def test_the_metadata_for_archives_say_what_the_project_says():
    text = (ROOT / "codemeta.json").read_text()
    assert text == codemeta(), "run: python -m benchmarks.metadata"
    assert json.loads(text)["version"] == PROJECT["version"]
    assert "numpy>=2.2" in json.loads(text)["softwareRequirements"]


def test_the_citation_says_who_wrote_it_as_the_project_does():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert [author["name"] for author in citation["authors"]] == [author["name"] for author in PROJECT["authors"]]
    assert citation["license"] == PROJECT["license"]
