"""The built site asks no host but its own: links may go out, but nothing a page loads may come from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError

ELSEWHERE = r"""["']?\s*(?:https?:)?//[^\s"'>)]+"""
ASKS = re.compile(
    rf"""<(?!a\b)\w[^>]*?\s(?:src|srcset|poster|data|href)={ELSEWHERE}"""  # all but links
    rf"""|url\(\s*{ELSEWHERE}|@import\s+{ELSEWHERE}"""
    r"""|class="?[^">]*\bmermaid\b"""  # for these the theme's script fetches a library,
    r"""|data-md-component="?source\b[^>]*""",  # and asks how many stars the repository has
    re.IGNORECASE,
)


def asks(text: str) -> list[str]:
    """What a browser that shows this page or style sheet would ask of another host."""
    return [found.group() for found in ASKS.finditer(text)]


def on_post_build(config: Any, **_: Any) -> None:
    """What mkdocs calls when the site is there."""
    for file in sorted(Path(config["site_dir"]).rglob("*")):
        if file.suffix in (".html", ".css", ".svg") and (found := asks(file.read_text(encoding="utf-8"))):
            raise PluginError(f"{file}: asks another host: {found[0]}")
