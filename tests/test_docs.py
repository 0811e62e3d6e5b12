"""The manual is run: its Python, its scenario files, and the commands it shows."""

import re
import shlex
import sys
from pathlib import Path

import pytest

from simulation.cli import app
from simulation.scenario import load_scenario

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(page, language):
    """The fenced blocks of a page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(), flags=re.MULTILINE | re.DOTALL)


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


@pages_with("toml")
def test_the_scenarios_on_the_page_are_fine_in_an_empty_folder(page, tmp_path):
    whole = [text for text in blocks(page, "toml") if "title =" in text]
    for number, text in enumerate(whole):
        file = tmp_path / f"docs-{number}.toml"
        file.write_text(text)
        load_scenario(file)


@pages_with("console")
def test_the_commands_on_the_page_exist_with_their_options(page):
    """Every ``ceasefire`` line names a command and options that there are."""
    commands = {command.name or command.callback.__name__: command for command in app.registered_commands}
    for block in blocks(page, "console"):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line.split("&&")[-1], comments=True)
            if not words or Path(words[0]).name != "ceasefire" or len(words) == 1:
                continue
            name = words[1].replace("-", "_") if words[1] != "list" else "list"
            assert name in commands or words[1] in commands, line
            known = option_names(words[1])
            for word in words[2:]:
                if word.startswith("--"):
                    assert word.split("=")[0] in known, f"{line}: {word}"


def option_names(command):
    """The options of a command."""
    import typer

    group = typer.main.get_command(app)
    return {name for parameter in group.commands[command].params for name in parameter.opts}


def test_the_tables_of_the_manual_are_made_from_the_code():
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        import tables
    finally:
        sys.path.pop(0)
    assert "| `coefficients.truces.declared_days` | 7 |" in tables.coefficients()
    assert "| party | `control` | 0 … 1 | share | share of the contested ground | yes |" in tables.variables()
    assert "`sponsors`" in tables.scenario_keys()
    assert "| `truce.starts`, `truce.starts.DATE` | chance | 1 where a truce starts" in tables.measures()
    assert tables.on_page_markdown("{{ keys }} end").endswith("end")
