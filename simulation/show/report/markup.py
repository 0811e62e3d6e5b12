"""Pieces of HTML; every text is escaped here and nowhere else, but for what says that it is HTML already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --page: #ffffff; --faint: #5c6570; --line: #d5dae0;
  --shade: #f3f5f7; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e7eb; --page: #15181c; --faint: #9aa4af; --line: #353c44; --shade: #1e2329; }
}
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); max-width: 60rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin-bottom: .2rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
.question { font-size: 1.1rem; color: var(--faint); margin-top: 0; }
.small, figcaption, caption { font-size: .85rem; color: var(--faint); }
table { border-collapse: collapse; margin: .8rem 0; font-size: .92rem; } caption { text-align: left; padding: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; } code, pre { font-size: .88em; overflow-wrap: anywhere; }
pre { background: var(--shade); padding: .8rem; overflow: auto; max-height: 30rem; white-space: pre-wrap; }
figure { margin: 1.5rem 0; } figure img { width: 100%; height: auto; background: #fff; border-radius: 4px; }
details { margin: .6rem 0; } summary { cursor: pointer; font-weight: 600; }
.bad { font-weight: 600; } li { margin: .25rem 0; }
@media print { body { max-width: none; margin: 0; font-size: 10.5pt; } figure, tr { break-inside: avoid; }
  :root { --ink: #000; --page: #fff; --faint: #444; --line: #bbb; --shade: #f3f3f3; } pre { max-height: none; }
  details:not(:has(pre))::details-content { content-visibility: visible; height: auto; } summary { list-style: none; } }
"""


def section(title: str, body: str) -> str:
    """A part of the page; the body is HTML."""
    return f"<section><h2>{escape(title)}</h2>\n{body}</section>"


def bullets(sentences: Iterable[str]) -> str:
    """Sentences, one below the other."""
    return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in sentences) + "</ul>"


def small(text: str) -> str:
    """A remark."""
    return f'<p class="small">{escape(text)}</p>'


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: int = 0, raw: Sequence[int] = ()) -> str:
    """A table; the last ``numbers`` columns stand to the right, and the columns in ``raw`` are HTML already."""
    first = len(head) - numbers

    def cell(tag: str, place: int, text: str) -> str:
        kind = ' class="number"' if place >= first else ""
        return f"<{tag}{kind}>{text if tag == 'td' and place in raw else escape(text)}</{tag}>"

    top = "".join(cell("th", place, text) for place, text in enumerate(head)) if any(head) else ""
    body = "".join(
        "<tr>" + "".join(cell("td", place, text) for place, text in enumerate(row)) + "</tr>\n" for row in rows
    )
    return f'<div class="wide"><table><thead><tr>{top}</tr></thead><tbody>\n{body}</tbody></table></div>'
