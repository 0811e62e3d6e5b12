"""Notebooks are kept as a reader should find them: run, whole, small, and nobody's in particular."""

import ast
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat")

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
FOLDED = {"jupyter": {"source_hidden": True}, "tags": ["expect"]}
LARGEST = 400_000
MACHINES = re.compile(r"(?<![\w.])(/(home|root|Users|work|tmp|usr|opt|var|mnt)/|[A-Z]:\\)")

each = pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)


def code_of(notebook):
    """The code cells, without the lines that speak to Jupyter rather than to Python."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            lines = [line for line in cell.source.splitlines() if not line.startswith(("%", "!"))]
            yield cell, "\n".join(lines)


def answers_of(cells):
    """The code in answers that are folded away."""
    for cell in cells:
        if cell.cell_type == "markdown":
            yield from re.findall(r"```python\n(.*?)```", cell.source, re.DOTALL)


def holds_the_text(cell):
    """Whether a cell holds the text above it against the numbers."""
    return cell.cell_type == "code" and "sim.expect(" in cell.source


def plain(text):
    """Text without its marks and its line breaks."""
    return " ".join(re.sub(r"[*`]", "", text).split())


@pytest.fixture
def notebook(file):
    return nbformat.read(file, as_version=4)


def test_there_are_seven_in_a_row():
    assert [file.name[:2] for file in NOTEBOOKS] == ["1_", "2_", "3_", "4_", "5_", "6_", "7_"]


@each
def test_it_was_run_from_top_to_bottom_without_an_error(notebook):
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    assert [output for output in outputs if "image/png" in output.get("data", {})], "no picture is shown"


@each
def test_nothing_in_it_belongs_to_one_machine_or_one_moment(notebook):
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert set(notebook.metadata.kernelspec) == {"display_name", "language", "name"}
    assert notebook.metadata.kernelspec.name == "python3"
    assert all(cell.metadata == (FOLDED if holds_the_text(cell) else {}) for cell in notebook.cells)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            assert not [kind for kind in data if "widget" in kind], "dead without its kernel: notebooks/refresh.py"
            data.pop("image/png", None)  # base64, which may spell anything
        assert not MACHINES.search(json.dumps(cell))


@each
def test_it_is_small(file):
    assert file.stat().st_size < LARGEST


@each
def test_what_is_longer_than_three_lines_lives_in_the_package(notebook):
    for _, code in code_of(notebook):
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                assert node.end_lineno - node.lineno + 1 <= 3, f"{node.name} belongs in the package"


@each
def test_it_asks_shows_how_to_read_and_leaves_an_exercise_with_its_answer_folded(notebook):
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert "?**" in notebook.cells[0].source, "it opens with a question"
    assert prose.count("**How to read it.**") >= 2
    assert prose.count("<details><summary>Answer</summary>") == prose.count("</details>") >= 2


@each
def test_what_is_held_against_the_numbers_is_what_the_text_says(notebook):
    """Word by word, and above the cell: a sentence that is changed changes its test."""
    text = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            text += plain(cell.source) + " "
        elif holds_the_text(cell):
            for node in ast.walk(ast.parse(cell.source.removeprefix("%%capture\n"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "sim.expect":
                    assert plain(ast.literal_eval(node.args[0])) in text


@each
def test_the_code_of_an_answer_is_run(notebook):
    """It stands in a folded cell below, line by line, and what the answer says of it is held against the numbers."""
    for place, cell in enumerate(notebook.cells):
        for answer in answers_of([cell]):
            below = [later.source for later in notebook.cells[place:] if holds_the_text(later)]
            assert any(answer.strip() in source for source in below), answer


@each
def test_its_links_lead_somewhere(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for target in re.findall(r"\]\(([^)#:]+)\)", cell.source):
                assert (FOLDER / target).is_file(), target


def test_the_sixth_leaves_a_students_own_files_alone(tmp_path):
    """Run All once deleted whatever lay in the folder whose name it uses."""
    nbclient = pytest.importorskip("nbclient")
    own = tmp_path / "my-conflict" / "valley.toml"
    own.parent.mkdir()
    own.write_text("a night's work")
    notebook = nbformat.read(FOLDER / "6_your_own_conflict.ipynb", as_version=4)
    notebook.cells = [cell for cell in notebook.cells if "folder" in cell.source or "import" in cell.source]
    nbclient.NotebookClient(notebook, timeout=60, allow_errors=True).execute(cwd=str(tmp_path))
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [own]
    assert own.read_text() == "a night's work"


class Asks(HTMLParser):
    """What a page loads by itself, and its pictures."""

    def __init__(self, page):
        super().__init__()
        self.loads, self.pictures, self.folded, self.within = [], 0, 0, ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        said, self.within = dict(attrs), tag
        where = said.get("href" if tag == "link" else "src") or ""
        self.pictures += where.startswith("data:image/png")
        self.folded += "celltag_expect" in (said.get("class") or "")
        if tag != "a" and where and not where.startswith("data:"):
            self.loads.append(where)

    def handle_data(self, data):
        if self.within == "style":
            self.loads += [
                where for where in re.findall(r"url\(['\"]?([^)'\"]+)", data) if not where.startswith("data:")
            ]
        if self.within in ("style", "script"):
            self.loads += re.findall(r"(?:@import|import\(|from|fetch\()\s*['\"]([^'\"]+)", data)


def test_as_pages_they_ask_nobody_for_anything_and_have_their_pictures(tmp_path):
    pytest.importorskip("nbconvert")
    convert = [
        sys.executable,
        "-m",
        "nbconvert",
        "--config",
        FOLDER / "offline.py",
        "--to",
        "html",
        "--log-level=ERROR",
    ]
    subprocess.run([*convert, "--output-dir", tmp_path, *NOTEBOOKS], check=True, cwd=tmp_path)
    for file in NOTEBOOKS:
        page = Asks((tmp_path / f"{file.stem}.html").read_text())
        assert page.loads == []
        assert page.folded == 0, "a reader of the page has no use for the checks"
        cells = nbformat.read(file, as_version=4).cells
        shown = [output for cell in cells if not holds_the_text(cell) for output in cell.get("outputs", [])]
        assert page.pictures == len([output for output in shown if "image/png" in output.get("data", {})]) > 0
