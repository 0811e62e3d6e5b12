"""Equations as MathML, made when the site is built: browsers draw it without a script or a font from elsewhere."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from latex2mathml.converter import convert

EQUATION = re.compile(r'<(span|div) class="arithmatex">\\([(\[])(.*?)\\[)\]]</\1>', re.DOTALL)
"""What arithmatex makes of ``$…$`` and of a block of the language ``math``."""


def on_page_content(html: str, **_: Any) -> str:
    """What mkdocs calls for every page."""
    return EQUATION.sub(_as_mathml, html)


def _as_mathml(found: re.Match[str]) -> str:
    element, opening, latex = found.groups()
    display = "block" if opening == "[" else "inline"
    return f'<{element} class="equation">{convert(unescape(latex).strip(), display=display)}</{element}>'
