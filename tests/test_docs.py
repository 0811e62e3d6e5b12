"""The manual is run: its Python, its scenario files, and the commands it shows. It speaks of the face alone."""

import ast
import json
import re
import shlex
from pathlib import Path

import pytest
import typer

import simulation as sim
from simulation.cli import app
from simulation.scenario import load_scenario

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

BESIDE_THE_FACE = {
    "extending.md": {"simulation.rules"},  # a rule is written
    "rules.md": {"simulation.rules"},  # rules as plain functions
    "results.md": {"simulation.show.plots"},  # pictures composed on axes of one's own
    "1_first_run.ipynb": {"simulation.show.plots"},  # two runs of the Mesa model on one axis
    "2_what_if.ipynb": {"simulation.show.dashboard.widgets"},  # sliders
    "3_rules_side_by_side.ipynb": {"simulation.rules", "simulation.show.plots"},  # what there is; a negotiation's axis
    "4_what_matters.ipynb": {"simulation.show.plots"},  # luck and ignorance side by side
}
"""Where a page or notebook may import something else than ``import simulation as sim``, and why."""


def blocks(page, language):
    """The fenced blocks of a page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(), flags=re.MULTILINE | re.DOTALL)


def python_of(file):
    """All Python that a page or a notebook shows, answers that are folded away with it."""
    if file.suffix == ".md":
        return "\n".join(blocks(file, "python"))
    parts = []
    for cell in json.loads(file.read_text())["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            parts.append("\n".join(line for line in source.splitlines() if not line.startswith(("%", "!"))))
        else:
            parts += re.findall(r"^```python\n(.*?)^```", source, flags=re.MULTILINE | re.DOTALL)
    return "\n".join(parts)


def imports(code):
    """What is imported of the package: pairs of a module and a name in it, or None for the module itself."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from ((item.name, None) for item in node.names if item.name.split(".")[0] == "simulation")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "simulation":
            yield from ((node.module, item.name) for item in node.names)


def pages_with(language):
    return pytest.mark.parametrize(
        "page", [page for page in PAGES if blocks(page, language)], ids=lambda page: page.name
    )


@pages_with("python")
def test_the_python_on_the_page_runs(page, tmp_path, monkeypatch):
    """One page is one session, from top to bottom."""
    monkeypatch.chdir(tmp_path)
    names = {"__name__": f"docs_{page.stem}"}
    for block in blocks(page, "python"):
        exec(compile(block, page.name, "exec"), names)


@pytest.mark.parametrize("file", [*PAGES, *NOTEBOOKS], ids=lambda file: file.name)
def test_only_the_face_is_imported_but_where_it_is_said_above(file):
    allowed = BESIDE_THE_FACE.get(file.name, set())
    beside = [(module, name) for module, name in imports(python_of(file)) if (module, name) != ("simulation", None)]
    used = set()
    for module, name in beside:
        homes = {home for home in allowed if module == home or module.startswith(f"{home}.")}
        assert homes, f"from {module} import {name}"
        if "simulation.show.plots" in homes:
            assert str(name).startswith("plot_"), f"from {module} import {name}: sim.plot draws whole figures"
        used |= homes
    assert used == allowed, f"no longer needed: {allowed - used}"


@pytest.mark.parametrize("file", [*PAGES, *NOTEBOOKS], ids=lambda file: file.name)
def test_what_is_called_sim_something_is_in_the_face(file):
    said = file.read_text() if file.suffix == ".md" else json.dumps(json.loads(file.read_text())["cells"])
    named = set(re.findall(r"\bsim\.(\w+)", said))
    face = {*sim.__all__, "run_ensemble"}  # another word for run
    assert named <= face, f"not in the face: {named - face}"


def test_the_python_interface_in_the_manual_is_the_face():
    page = (ROOT / "docs" / "api.md").read_text()
    shown = set(re.findall(r"^::: simulation\.(\w+)$", page, flags=re.MULTILINE))
    assert shown | {"__version__"} == set(sim.__all__)
    beside = set(re.findall(r"^::: (simulation\.\w+\..+)$", page, flags=re.MULTILINE))
    drawing = {name for name in beside if re.fullmatch(r"simulation\.show\.plots\.\w+\.plot_\w+", name)}
    playing = {name for name in beside if re.fullmatch(r"simulation\.rules\.\w+\.(play\.)?play(ed)?", name)}
    answering = {
        "simulation.questions.finding.Finding",
        "simulation.questions.seat.asked.Asked",
        "simulation.runs.reasons.answered.AnsweredOffer",
    }
    assert beside - drawing - playing == answering
    there = {
        f"simulation.show.plots.{file.stem}.{name}"
        for file in (ROOT / "simulation" / "show" / "plots").glob("*.py")
        for name in re.findall(r"^def (plot_\w+)\(", file.read_text(), flags=re.MULTILINE)
    }
    assert drawing == there - {"simulation.show.plots.fans.plot_parties"}  # what plot_control and plot_exhaustion share


@pages_with("toml")
def test_the_scenarios_on_the_page_are_fine_in_an_empty_folder(page, tmp_path):
    whole = [text for text in blocks(page, "toml") if re.search("^(schema|extends) =", text, flags=re.MULTILINE)]
    for number, text in enumerate(whole):
        file = tmp_path / f"docs-{number}.toml"
        file.write_text(text)
        load_scenario(file)


def uncommented(text):
    """TOML with what is commented out in it: lines with a # and no space behind it."""
    return re.sub(r"^#(?=\S)", "", text, flags=re.MULTILINE)


def test_every_part_of_a_scenario_that_the_manual_shows_is_fine_added_to_the_first(tmp_path):
    page = ROOT / "docs" / "scenarios.md"
    first, *others = blocks(page, "toml")
    parts = [text for text in others if not text.startswith("extends")]
    (tmp_path / "events.csv").write_text("date,value\n2025-01-01,3\n")
    assert len(parts) == 7
    for number, part in enumerate(["", *parts]):
        file = tmp_path / f"part-{number}.toml"
        head, body = ("", part) if part.startswith("[") else (part, "")
        file.write_text(f"{head}\n{first}\n{body}")
        load_scenario(file)


def test_the_tables_on_the_page_are_a_scenario(tmp_path):
    page = ROOT / "docs" / "scenarios-tables.md"
    names = ["actors", "ties", "offers", "issues", "wants", "events", "answers", "truces", "expect"]
    (tmp_path / "war.toml").write_text(blocks(page, "toml")[0])
    for name, text in zip(names, blocks(page, "csv"), strict=True):
        (tmp_path / f"{name}.csv").write_text(text)
    war = load_scenario(tmp_path)
    assert (len(war.actors), len(war.events), len(war.record), len(war.truces), len(war.expect)) == (3, 3, 2, 1, 1)


def test_a_new_scenario_shows_every_kind_of_table_and_is_fine_with_and_without_what_is_commented_out(tmp_path):
    text = (ROOT / "simulation" / "cli" / "new.toml").read_text()
    for name, each in (("as-it-is", text), ("with-all", uncommented(text))):
        (tmp_path / f"{name}.toml").write_text(each)
    whole = load_scenario(tmp_path / "with-all.toml")
    assert load_scenario(tmp_path / "as-it-is.toml").record == ()
    left_out = {name for name in type(whole).model_fields if not getattr(whole, name)}
    assert left_out == {"told", "about", "doubts", "ucdp", "coders", "sources", "series"}


def test_every_key_of_a_scenario_file_has_a_meaning():
    text = (ROOT / "docs" / "scenarios.md").read_text()
    assert not re.findall(r"^\| `.*\|  \|$", text, flags=re.MULTILINE)


def commands_in(block):
    """The lines of a block that call ``ceasefire``, as words."""
    for line in block.replace("\\\n", " ").splitlines():
        words = shlex.split(line.split("&&")[-1], comments=True)
        if words and Path(words[0]).name == "ceasefire" and len(words) > 1:
            yield words[1:]


def parse(words):
    """Parse a command as it would be, without running it."""
    group = typer.main.get_command(app)
    assert words[0] in group.commands, words
    group.commands[words[0]].make_context(words[0], list(words[1:]))


@pages_with("console")
def test_the_commands_on_the_page_exist_with_their_options(page):
    """Every ``ceasefire`` line is one that the program takes."""
    for block in blocks(page, "console"):
        for words in commands_in(block):
            parse(words)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_block_with_a_command_says_so(page):
    """So that the test above sees it; a plain block is for what is printed."""
    for block in re.findall(r"^```\n(.*?)^```", page.read_text(), flags=re.MULTILINE | re.DOTALL):
        assert not re.search(r"^ceasefire \w", block, flags=re.MULTILINE), block


@pytest.mark.parametrize("file", [*PAGES, *NOTEBOOKS], ids=lambda file: file.name)
def test_commands_in_sentences_name_options_that_there_are(file):
    """Their arguments may stand for others, as in ``ceasefire run SCENARIO``."""
    text = re.sub(r"^```.*?^```", "", file.read_text(), flags=re.MULTILINE | re.DOTALL)
    commands = typer.main.get_command(app).commands
    for words in re.findall(r"`ceasefire ([^`\n]+)`", text):
        name, *rest = words.split()
        if name.startswith("--"):
            continue  # of the program itself
        assert name in commands, words
        known = {flag for parameter in commands[name].params for flag in (*parameter.opts, "--help")}
        assert {word.split("=")[0] for word in rest if word.startswith("--")} <= known, words


@pytest.mark.parametrize("page", PAGES[1:], ids=lambda page: page.name)
def test_commands_are_written_as_they_are_typed_once_the_environment_is_on(page):
    """Which the first page says how to do; only there the environment is made."""
    assert "venv/bin/" not in page.read_text().replace("source .venv/bin/activate ", "")
    if page.name == "index.md":
        first = blocks(page, "console")[0].splitlines()
        assert [line.split("#")[0].strip() for line in first[:2]] == [
            "python3 -m venv .venv",
            "source .venv/bin/activate",
        ]
        assert r".venv\Scripts\activate" in first[1]


def test_no_what_if_of_the_readme_is_undone_by_an_event():
    """Support of 0 at the start alone said nothing of the airlift of 15 January, which sets it anew."""
    from simulation.scenario.knowledge import set_anew

    [code] = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    places: dict = {}
    exec("import simulation as sim\nscenario = sim.load_scenario('libya-2020-01')\n", places)
    exec("\n".join(line for line in code.splitlines() if line.startswith(("sent =", "alone ="))), places)
    assert places["alone"] != places["scenario"]
    assert not set_anew(places["alone"], places["sent"])
