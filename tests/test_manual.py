"""The manual says what the code says: its tables, its symbols, its equations; and its site asks nobody else."""

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

import simulation as sim
from benchmarks.pictures import BEFORE, COMMANDS, MODULES
from benchmarks.tables import TABLES, filled
from simulation.cli import app
from simulation.rules import RULES
from simulation.scenario.coefficients import Coefficients
from simulation.scenario.writing import fingerprint

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))


def hook(name):
    """A hook of the manual; they lie beside the pages and are no package."""
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_tables_on_the_page_are_those_of_the_code(page):
    text = page.read_text()
    assert "{{" not in text
    assert filled(text) == text, "run: python -m benchmarks.tables"


def test_every_table_is_on_some_page_and_holds_what_the_code_says():
    text = "".join(page.read_text() for page in PAGES)
    assert [text.count(f"<!-- {name} -->") for name in TABLES] == [1] * len(TABLES)
    assert "| `coefficients.truces.declared_days` | 75 |" in text
    assert "| party | `control` | 0 … 1 | share | share of the contested ground | yes |" in text
    assert "| `coefficients.answers.bar_call` | 32 | −100 … 100 |" in text
    assert "| `truce.starts`, `truce.starts.DATE` | chance | 1 where a truce starts" in text
    assert "| sharpness | half as sharply | `coefficients.answers.temperature` × 2 |" in text


def symbols(page, head):
    """The rows of the tables of symbols with that third column: key and default, as written."""
    text = (DOCS / page).read_text()
    for table in re.findall(rf"^\| symbol \| what it is \| {head} \| default \|\n.*?\n\n", text, re.M | re.S):
        for row in table.splitlines()[2:]:
            if row:
                yield row.strip("| ").split(" | ")[-2:]


def test_the_defaults_beside_the_equations_of_the_model_are_those_of_the_code():
    rows = dict(symbols("model.md", "key"))
    assert len(rows) == 40
    tables = {"coefficients": Coefficients(), "rule": RULES["friedkin-johnsen"]()}
    for key, default in rows.items():
        value = tables
        for name in key.strip("`").split("."):
            value = value[name] if isinstance(value, dict) else getattr(value, name)
        assert float(default.replace("−", "-")) == value, key


def test_every_coefficient_of_the_model_stands_beside_an_equation_or_among_what_is_told_in_words():
    in_words = {
        "coefficients.appraisal.one_sided",
        "coefficients.answers.spurned",
        "coefficients.truces.shift",
        "coefficients.truces.partial_scope",
        "coefficients.truces.patience",
        "coefficients.reactions.share",
        "coefficients.reactions.most",
    }
    every = {
        f"coefficients.{group}.{name}"
        for group, field in Coefficients.model_fields.items()
        for name in field.annotation.model_fields
    }
    shown = {key.strip("`") for key, _ in symbols("model.md", "key")}
    assert every == in_words | {key for key in shown if not key.startswith("rule")}
    text = (DOCS / "model.md").read_text()
    assert all(f"`{key.split('.', 1)[1]}`" in text or f"`{key.rsplit('.')[-1]}`" in text for key in in_words)


def test_the_defaults_beside_the_equations_of_the_rules_are_those_of_the_code():
    rows = list(symbols("rules.md", "option"))
    assert len(rows) == 4
    for words, default in rows:
        option, *rules = re.findall(r"`([\w-]+)`", words)
        assert {getattr(RULES[name](), option) for name in rules} == {float(default)}


def equations(text):
    """On lines of their own, and in the line."""
    own = re.findall(r"^```math\n(.*?)^```", text, flags=re.M | re.S)
    return own, re.findall(r"\$([^$\n]+)\$", re.sub(r"^```.*?^```|`[^`\n]*`", "", text, flags=re.M | re.S))


@pytest.mark.parametrize(
    "page", [page for page in PAGES if any(equations(page.read_text()))], ids=lambda page: page.name
)
def test_every_equation_becomes_mathml_with_nothing_of_latex_left_over(page):
    pytest.importorskip("latex2mathml")
    made = hook("equations").on_page_content
    own, in_line = equations(page.read_text())
    assert not re.findall(r"\\[,;!{}]", "".join(in_line)), "GitHub takes these for Markdown in a line"
    for latex in (*own, *in_line):
        html = rf'<span class="arithmatex">\({latex}\)</span>'
        tree = ElementTree.fromstring(made(html))
        assert tree.find("{*}math") is not None
        assert not re.search(r"[\\&$_^]", "".join(tree.itertext())), latex


def test_equations_are_set_on_lines_of_their_own_or_in_the_line():
    pytest.importorskip("latex2mathml")
    made = hook("equations").on_page_content
    own = made('<div class="arithmatex">\\[a &lt; b\\]</div>')
    assert own.startswith('<div class="equation"><math')
    assert 'display="block"' in own
    assert "<mo>&#x0003C;</mo>" in own
    assert 'display="inline"' in made('of <span class="arithmatex">\\(x_p\\)</span>.')
    assert made("<p>5 $ and 6 $</p>") == "<p>5 $ and 6 $</p>"


@pytest.mark.parametrize(
    "loads",
    [
        '<script src="https://cdn.example/x.js"></script>',
        "<img alt='' src=//img.example/x.png>",
        '<link rel="preconnect" href="https://fonts.example">',
        '<p style="background: url(https://x.example/y.png)">',
        '@import "https://fonts.example/css";',
        '<pre class="mermaid">',
    ],
)
def test_what_a_page_would_load_from_elsewhere_fails_the_build(loads, tmp_path):
    outside = pytest.importorskip("mkdocs.exceptions") and hook("outside")
    name = "style.css" if loads.startswith("@") else "index.html"
    (tmp_path / name).write_text(f"one\n{loads}\n")
    with pytest.raises(Exception, match=f"{name}: asks another host"):
        outside.on_post_build({"site_dir": str(tmp_path)})


def test_links_to_elsewhere_may_stand(tmp_path):
    outside = pytest.importorskip("mkdocs.exceptions") and hook("outside")
    (tmp_path / "index.html").write_text(
        '<a href="https://mesa.readthedocs.io">Mesa</a> <img src="pictures/a.png"> <code>src="https</code>'
        '<math xmlns="http://www.w3.org/1998/Math/MathML"></math>'
    )
    outside.on_post_build({"site_dir": str(tmp_path)})


EXAMPLES = DOCS / "examples"
ON_THE_PAGE = re.findall(r'^```\w+ title="(\S+)"\n(.*?)^```', (DOCS / "spreadsheet.md").read_text(), re.M | re.S)


def test_the_sheets_on_the_page_are_the_files_beside_it():
    files = {file.name: file.read_text() for file in EXAMPLES.rglob("*") if file.is_file()}
    assert files == dict(ON_THE_PAGE)


def test_what_the_page_says_of_the_war_in_sheets_comes_out():
    war, other = (sim.load_scenario(EXAMPLES / name) for name in ("coast-and-hills", "neighbour-goes-on.toml"))
    said = {("call", "Coast"): 0.35, ("call", "Hills"): 0.67, ("text", "Coast"): 0.95}
    result = sim.run(war, runs=1000, seed=1)
    for (offer, party), chance in said.items():
        assert float((result.answer.sel(offer=offer, party=party) >= 0.5).mean()) == pytest.approx(chance, abs=0.005)
    rows = sim.compare({"war": war, "other": other}, runs=1000, seed=1).rows.set_index(["measure", "scenario"])
    signs = rows.loc["answer.text.Coast", "other"]
    assert round(signs["value"], 2) == 0.92
    differences = [signs[name] for name in ("difference", "difference_low", "difference_high")]
    assert [round(100 * value, 1) for value in differences] == [-3.2, -4.3, -2.1]
    stands = rows.loc["truce.holds_to_end", "value"]
    assert [round(stands[name], 2) for name in ("war", "other")] == [0.75, 0.70]
    stances = rows.loc["stance.Coast", "value"]
    assert stances["other"] < stances["war"]


@pytest.fixture(scope="module")
def january(tmp_path_factory):
    """The folder in which the command that the page on R begins with was run, with fewer runs."""
    folder = tmp_path_factory.mktemp("r")
    (command,) = re.findall(r"^ceasefire (run .*)$", (DOCS / "from-r.md").read_text(), re.M)
    words = command.replace("--runs 1000", "--runs 20").replace("results/", f"{folder}/results/").split()
    assert CliRunner().invoke(app, words).exit_code == 0
    return folder


def test_what_the_page_on_r_says_of_the_file_is_so_for_any_reader_of_netcdf(january):
    h5py = pytest.importorskip("h5py")
    with h5py.File(january / "results" / "january" / "result.nc") as file:
        of = {name: [scale[0].name.strip("/") for scale in file[name].dims] for name in ("stance", "answer", "truce")}
        assert of == {"stance": ["run", "step", "actor"], "answer": ["run", "offer", "party"], "truce": ["run", "step"]}
        assert file["date"].attrs["units"].startswith("days since 2020-01-06")
        assert list(file["date"][:3]) == [0, 1, 2]
        assert list(file["party"].asstr()[:]) == ["LNA", "GNA"]
        assert file["truce"].dtype == "int8"  # which every reader takes; netCDF has no true and false
        assert file.attrs["scenario_sha256"] == fingerprint(sim.load_scenario("libya-2020-01"))


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_the_r_on_the_page_runs(january):
    code = "\n".join(re.findall(r"^```r\n(.*?)^```", (DOCS / "from-r.md").read_text(), re.M | re.S))
    script = january / "page.R"
    script.write_text(
        "for (name in c('ncdf4', 'RNetCDF')) if (!requireNamespace(name, quietly = TRUE)) quit(status = 77)\n"
        f"options(warn = 2)\n{code}\nstopifnot(all(dim(stance) == c(22, 56, 20)), dates[1] == as.Date('2020-01-06'))\n"
    )
    done = subprocess.run(["Rscript", script.name], cwd=january, capture_output=True, text=True, check=False)
    if done.returncode == 77:
        pytest.skip("R has no ncdf4 or no RNetCDF")
    assert done.returncode == 0, done.stderr


def test_a_notebook_is_a_page_of_the_site_and_links_lead_to_it():
    pytest.importorskip("mkdocs")
    lessons = hook("lessons")
    table = {"text/html": "<table>\n\n<tr></tr></table>", "text/plain": "a table"}
    picture = {"image/png": "aGk=\n", "text/plain": '<Figure "of what">'}
    cells = [
        {"cell_type": "markdown", "source": ["# 1 · First\n", "<details>\n\n**yes**"]},
        {
            "cell_type": "code",
            "metadata": {},
            "source": ["1 + 1"],
            "outputs": [{"data": {"text/plain": "2"}}, {"text": ["said\n"]}, {"data": table}, {"data": picture}],
        },
        {"cell_type": "code", "metadata": {"jupyter": {"source_hidden": True}}, "source": ["hidden()"], "outputs": []},
    ]
    assert lessons.as_page({"cells": cells}) == "\n\n".join(
        [
            '# 1 · First\n<details markdown="1">\n\n**yes**',
            "```python\n1 + 1\n```",
            "```text\n2\n```",
            "```text\nsaid\n\n```",
            "<div><table>\n<tr></tr></table></div>",
            '<img alt="&lt;Figure &quot;of what&quot;&gt;" src="data:image/png;base64,aGk=">',
        ]
    )
    assert lessons.on_page_markdown("[1](../notebooks/1_first.ipynb)") == "[1](notebooks/1_first.md)"
    assert lessons.on_page_markdown("[2](2_what_if.ipynb)") == "[2](2_what_if.md)"


def test_every_picture_of_the_manual_is_shown_and_stands_beside_what_draws_it():
    pages = "".join(page.read_text(encoding="utf-8") for page in DOCS.glob("*.md"))
    shown = set(re.findall(r"\]\((?:pictures|validation)/([\w-]+)\.png\)", pages))
    there = {file.stem for folder in ("pictures", "validation") for file in (DOCS / folder).glob("*.png")}
    drawn = {"seat", *(name for made in (*COMMANDS.values(), *MODULES.values()) for name in made)}
    assert shown == there == drawn


@pytest.mark.parametrize("command", [*COMMANDS, *BEFORE.values()])
def test_the_command_that_draws_a_picture_stands_on_a_page(command):
    pages = "".join(page.read_text(encoding="utf-8") for page in DOCS.glob("*.md"))
    assert f"ceasefire {command}" in re.sub(r"\s*\\\n\s*", " ", pages)
