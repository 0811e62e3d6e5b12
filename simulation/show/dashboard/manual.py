"""The manual, as the page in the browser shows it: the files that the site is made of, without a network."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from simulation.scenario.catalogue import bundled
from simulation.show.templates import fill

KINDS = {".md": "text/html", ".png": "image/png", ".svg": "image/svg+xml"}
"""What of the manual is shown, by the end of a file's name, and as what."""

REMARK = re.compile(r"<!--.*?-->\n?", re.DOTALL)

OUTSIDE = re.compile(r"\[([^\]]+)\]\(\.\./[^)]*\)")
"""A link to what lies beside the manual, as the notebooks do, and is not shown here."""

EQUATION = re.compile(r"\$(?=\S)([^$`\n]+)(?<=\S)\$")
"""One in a line; on lines of its own it is a block of the language ``math``."""


@cache
def pages() -> dict[str, Path]:
    """The files of the manual by name, such as ``model.md``; none where the manual is not there."""
    folder = bundled().parent / "docs"
    return {file.relative_to(folder).as_posix(): file for file in sorted(folder.rglob("*")) if file.suffix in KINDS}


@cache
def titles() -> dict[str, str]:
    """The pages of the manual by their first headings, the front page first."""
    texts = {name: file for name, file in pages().items() if name.endswith(".md") and "/" not in name}
    found = {
        name: re.search(r"^# (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE) for name, file in texts.items()
    }
    called = {name: head[1] if head else name for name, head in found.items()}
    return dict(sorted(called.items(), key=lambda page: (page[0] != "index.md", page[1])))


def shown(name: str) -> tuple[bytes, str]:
    """A file of the manual and its kind; of a text, the page that it makes.

    Raises
    ------
    KeyError
        for what is no file of the manual
    """
    file = pages()[name]
    if file.suffix != ".md":
        return file.read_bytes(), KINDS[file.suffix]
    tokens, parser = _parsed(OUTSIDE.sub(r"\1", REMARK.sub("", file.read_text(encoding="utf-8"))))
    heads = [tokens[place + 1].content for place, token in enumerate(tokens) if token.type == "heading_open"]
    text = parser.renderer.render(tokens, parser.options, {})
    page = fill("dashboard/manual.html", title=heads[0] if heads else name, name=name, titles=titles(), text=text)
    return page.encode(), KINDS[".md"]


def _parsed(text: str) -> tuple[list[Any], Any]:
    """The parts of a text in Markdown, its headings with a place to link to, and what makes HTML of them."""
    from latex2mathml.converter import convert
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.inline.ruler.before("escape", "equation", _in_line)
    for kind in ("inline", "block"):
        parser.add_render_rule(
            f"equation_{kind}",
            lambda _, tokens, place, *more: convert(tokens[place].content.strip(), display=tokens[place].info),
        )
    tokens = parser.parse(text)
    for place, token in enumerate(tokens):
        if token.type == "fence" and token.info == "math":
            token.type, token.info = "equation_block", "block"
        elif style := token.attrs.pop("style", None):  # of a cell; the page may have no styles but those of its file
            token.attrSet("class", str(style).partition(":")[2])
        elif token.type == "table_open":
            token.attrSet("tabindex", "0")  # a wide one is moved by the arrow keys
        elif token.type == "heading_open":
            words = re.sub(r"[^\w\s-]", "", tokens[place + 1].content.lower())
            token.attrSet("id", re.sub(r"[\s-]+", "-", words).strip("-"))
    return tokens, parser


def _in_line(state: Any, silent: bool) -> bool:
    """What the Markdown parser calls to learn whether an equation begins here."""
    found = EQUATION.match(state.src, state.pos)
    if found and not silent:
        token = state.push("equation_inline", "math", 0)
        token.content, token.info = found.group(1), "inline"
    state.pos = found.end() if found else state.pos
    return found is not None
