"""The manual says what the code says: its tables, its symbols, its equations; and its site asks nobody else."""

import importlib.util
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.tables import TABLES, filled
from simulation.rules import RULES
from simulation.scenario.coefficients import Coefficients

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
    text = re.sub(r"^```.*?^```|`[^`\n]*`", "", text, flags=re.M | re.S)
    return re.findall(r"\$\$(.+?)\$\$|\$(\S|\S[^$\n]*\S)\$", text)


@pytest.mark.parametrize("page", [page for page in PAGES if equations(page.read_text())], ids=lambda page: page.name)
def test_every_equation_becomes_mathml_with_nothing_of_latex_left_over(page):
    pytest.importorskip("latex2mathml")
    made = hook("equations").on_page_content
    for block, inline in equations(page.read_text()):
        html = rf'<span class="arithmatex">\({block or inline}\)</span>'
        tree = ElementTree.fromstring(made(html))
        assert tree.find("{*}math") is not None
        assert not re.search(r"[\\&$_^]", "".join(tree.itertext())), block or inline


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
