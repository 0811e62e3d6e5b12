"""Nothing in the package knows of any one conflict: not its actors, nor its sides, nor how many parties it has."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from simulation.runs.ensemble import blocks
from simulation.scenario import Scenario, load_scenario
from simulation.scenario.catalogue import names as scenario_files
from simulation.scenario.files import load_text
from simulation.scenario.writing import as_tables, as_toml

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "simulation").rglob("*.py"))

FOR_READERS = {"help", "description", "metavar"}
"""Keyword arguments whose text is only ever shown."""


@cache
def told() -> frozenset[str]:
    """The id of every actor and every side in a bundled scenario; "neutral" is a word and no name."""
    names = set()
    for bundled, file in scenario_files().items():
        if not bundled.startswith("wars/"):  # of so many actors some go by ordinary words, such as IO
            for name, actor in load_scenario(file).actors.items():
                names |= {name, actor.side or name}
    return frozenset(names - {"neutral"})


def said(tree: ast.AST) -> Iterator[str]:
    """Every identifier of a module, and every text in it that the program may act upon.

    Left out are texts for readers: docstrings, what is handed to ``help`` and the like, and an example in a message,
    which is whatever follows "such as".
    """
    shown = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):  # docstrings, of fields too: a text that stands by itself is never used
            shown |= {id(line.value) for line in body if isinstance(line, ast.Expr)}
        if isinstance(node, ast.keyword) and node.arg in FOR_READERS:
            shown |= {id(part) for part in ast.walk(node.value)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in shown:
            yield node.value.split("such as ")[0]
        for field in ("id", "attr", "arg", "name"):
            if isinstance(found := getattr(node, field, None), str):
                yield found


def words(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z0-9]+", text.replace("_", " "))) | set(re.findall(r"[A-Za-z0-9_-]+", text))


def test_the_names_that_are_looked_for_are_there_to_be_found():
    assert {"LNA", "GNA", "Turkey", "Houthis", "STC", "SaudiArabia"} <= told()


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('if actor == "LNA": pass', True),
        ('keys = ["ties.Turkey.GNA.support"]', True),
        ("def stance_of_LNA(state): pass", True),
        ("colours = dict(GNA=1)", True),
        ('def put(): "Such as ties.Turkey.GNA.support."', False),
        ('Field(1, description="such as answer.moscow-text.LNA")', False),
        ('raise ValueError(f"{key}: written so, such as ties.Turkey.GNA.support.")', False),
    ],
)
def test_a_name_is_found_where_it_would_count_and_not_where_it_is_an_example(code, found):
    assert bool({word for text in said(ast.parse(code)) for word in words(text)} & told()) is found


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_module_names_an_actor_or_a_side(file):
    spoken = {word for text in said(ast.parse(file.read_text())) for word in words(text)}
    named = spoken & told()
    assert not named, f"{file.name} speaks of {named}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_module_counts_on_a_number_of_parties(file):
    """To ask whether there are any, or more than one, is to ask something else; and so is how a picture places two."""
    if "plots" in file.parts:
        return
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Compare):
            numbers = [part.value for part in [node.left, *node.comparators] if isinstance(part, ast.Constant)]
            if re.search(r"\bparties\b|\bparty\b", ast.unparse(node)):
                counted = [number for number in numbers if isinstance(number, int) and number > 1]
                assert not counted, f"{file.name}: {ast.unparse(node)}"


def chances(scenario: Scenario) -> np.ndarray:
    return next(blocks(scenario, 32, seed=1)).chance


@pytest.mark.parametrize("name", ["libya-2020-01", "yemen-2018-2022"])
def test_the_order_in_which_a_file_names_its_actors_changes_nothing(name):
    scenario = load_scenario(name)
    tables = as_tables(scenario)
    tables["actors"] = dict(reversed(tables["actors"].items()))
    tables["ties"] = tables["ties"][::-1]
    turned = Scenario.model_validate(tables)
    assert turned.parties == scenario.parties[::-1]
    np.testing.assert_allclose(chances(turned)[..., ::-1], chances(scenario), rtol=0, atol=1e-9)


def test_other_names_for_the_actors_change_nothing_but_their_luck():
    """So with the noise off, the first offer, before which nothing is left to luck, is answered as it was."""
    scenario = load_scenario("yemen-2018-2022").replace(
        {"coefficients.opinion.noise": 0.0, "coefficients.battle.noise": 0.0}
    )
    text = as_toml(scenario)
    for number, name in enumerate(scenario.actors):
        text = re.sub(rf"\b{name}\b", f"Actor{number}", text)
    renamed = load_text(text, "renamed")
    assert not set(renamed.actors) & set(scenario.actors)
    np.testing.assert_allclose(chances(renamed)[:, 0], chances(scenario)[:, 0], rtol=0, atol=1e-12)
