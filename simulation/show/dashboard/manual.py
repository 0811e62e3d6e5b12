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


@cache
def pages() -> dict[str, Path]:
    """The files of the manual by name, such as ``model.md``; none where the manual is not there."""
    folder = bundled().parent / "docs"
    return {file.relative_to(folder).as_posix(): file for file in sorted(folder.rglob("*")) if file.suffix in KINDS}


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
    tokens, parser = _parsed(REMARK.sub("", file.read_text(encoding="utf-8")))
    heads = [tokens[place + 1].content for place, token in enumerate(tokens) if token.type == "heading_open"]
    names = [page for page in pages() if page.endswith(".md") and "/" not in page]
    text = parser.renderer.render(tokens, parser.options, {})
    page = fill("dashboard/manual.html", title=heads[0] if heads else name, name=name, names=names, text=text)
    return page.encode(), KINDS[".md"]


def _parsed(text: str) -> tuple[list[Any], Any]:
    """The parts of a text in Markdown, its headings with a place to link to, and what makes HTML of them."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(text)
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            words = re.sub(r"[^\w\s-]", "", tokens[place + 1].content.lower())
            token.attrSet("id", re.sub(r"[\s-]+", "-", words).strip("-"))
    return tokens, parser
