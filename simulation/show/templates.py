"""Fills the HTML templates in this folder; every text is escaped, but for what a template itself calls safe."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from simulation.runs.results.wording import as_html

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def environment() -> Environment:
    """Where the templates are found, and how they are filled. A name that a template misses is an error, not a gap."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    made = Environment(
        loader=PackageLoader("simulation", "show"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["kept"] = lambda text: Markup(as_html(text))  # as_html escapes
    return made


def fill(template: str, **values: Any) -> str:
    """A whole template, such as ``report/page.html``, with its values in place."""
    return environment().get_template(template).render(values)


def fragment(template: str, macro: str, *values: Any) -> str:
    """One macro of a template, with its values in place."""
    return str(getattr(environment().get_template(template).module, macro)(*values))
