"""Where people read, the standard terms stand: the words that were once coined in their place do not come back."""

import ast
import json
import re
from pathlib import Path

import pytest
import typer

from simulation.cli import app
from simulation.dynamics.variables import DERIVED, VARIABLES
from simulation.scenario import json_schema
from simulation.scenario.inputs import coefficients
from simulation.scenario.measure_kinds import KINDS
from simulation.scenario.tables.meanings import meanings

ROOT = Path(__file__).parent.parent

COINED = {
    r"lucks?": "chance, random variation, common random numbers",
    r"ignorance": "input uncertainty",
    r"fans": "fan charts",
    r"held against": "compared with",
    r"(the|this|its) record|on record": "observed answers",
    r"given front|(front|front line) given": "observed front line imposed",
    r"squeez\w+": "economic pressure",
    r"pledg\w+": "promised support",
    r"waver\w*": "random noise",
    r"(its|their) (own )?wish(es)?": "ideal point",
    r"own(s|ed) up( to)?": "an assumption that is stated",
    r"points of (a hundred|chance)": "percentage points",
    r"5\+5(?! talks)": "5+5 talks",
}
"""What is not to be read any more, and what stands in its place."""

KEYS = re.compile(
    r"```.*?```|`[^`]*`|\]\([^)]*\)|\b[\w-]+(\.[\w-]+)+|pledge \(promised support\)|<!--.*?-->", re.DOTALL
)
"""Code, links and keys: their names stay as they are."""


def coined_in(text: str) -> list[str]:
    """The coined words in a text, each with its standard term."""
    prose = KEYS.sub(" ", text)
    return [
        f"'{found[0]}': {instead}"
        for coined, instead in COINED.items()
        for found in re.finditer(rf"\b(?:{coined})(?!\w)", prose, re.IGNORECASE)
    ]


def test_a_coined_word_is_noticed_in_prose_and_not_in_code():
    assert coined_in("By luck alone") == ["'luck': chance, random variation, common random numbers"]
    assert coined_in("the column `luck`, ties.Turkey.GNA.pledge, the 5+5 talks") == []


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda page: page.stem
)
def test_pages_use_the_standard_terms(page):
    assert coined_in(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("lesson", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda lesson: lesson.stem)
def test_lessons_use_the_standard_terms(lesson):
    cells = json.loads(lesson.read_text(encoding="utf-8"))["cells"]
    told = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    assert coined_in("\n".join(told)) == []


@pytest.mark.parametrize("name", sorted(typer.main.get_command(app).commands))
def test_help_uses_the_standard_terms(name):
    command = typer.main.get_command(app).commands[name]
    texts = [command.help or "", *(getattr(parameter, "help", None) or "" for parameter in command.params)]
    assert coined_in("\n".join(texts)) == []


def test_meanings_use_the_standard_terms():
    texts = [
        *(item.meaning for item in coefficients()),
        *(variable.meaning for variable in (*VARIABLES.values(), *DERIVED.values())),
        *(kind.meaning for kind in KINDS),
        *(words for _, _, words in meanings()),
        *re.findall(r'"description": "(.*?)"', json.dumps(json_schema(), ensure_ascii=False)),
    ]
    assert coined_in("\n".join(texts)) == []


def texts_of(file: Path) -> str:
    """The texts that a module may show: every string of two words or more but docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return "\n".join(node.value for node in texts if " " in node.value.strip() and id(node) not in silent)


def test_messages_labels_and_tables_use_the_standard_terms():
    found = {str(file.relative_to(ROOT)): coined_in(texts_of(file)) for file in (ROOT / "simulation").rglob("*.py")}
    assert {file: words for file, words in found.items() if words} == {}
