"""``ceasefire bargain``: which terms all would accept."""

from __future__ import annotations

from typing import Annotated

import typer

from simulation.cli.ask import Asked, question
from simulation.questions.finding import Finding

Of = Annotated[
    str,
    typer.Option(
        "--offer", help="the offer whose terms are searched; of one that stands, its first time", metavar="ID"
    ),
]
Issues = Annotated[
    str | None,
    typer.Option(
        "--issues", help="which may move; the others stay as tabled", metavar="A,B,...", show_default="all that count"
    ),
]
Fixed = Annotated[
    list[str] | None,
    typer.Option(
        "--fixed",
        help="an issue that may not move, and the point put forward on it, 0 … 100, or now; may be repeated",
        metavar="ISSUE=POINT",
    ),
]
Points = Annotated[int, typer.Option(help="packages of the frontier between its ends", min=0, max=50)]


@question(runs=1000, uncertain=True)
def bargain(asked: Asked, offer: Of, issues: Issues = None, fixed: Fixed = None, points: Points = 5) -> Finding:
    """Bargaining: search the terms that all would accept.

    Example: ceasefire bargain wars/bosnia-1992-1995 --offer carter-1219 --set coefficients.answers.content=30
    --fixed term=45
    """
    from simulation.questions.bargain import bargain
    from simulation.scenario import ScenarioError

    held = dict(parse_fixed(text) for text in fixed or ())
    if len(held) < len(fixed or ()):
        raise ScenarioError("--fixed: an issue is named twice.")
    return bargain(
        asked.scenario,
        offer,
        asked.runs,
        asked.seed,
        issues=None if issues is None else [name.strip() for name in issues.split(",") if name.strip()],
        fixed=held,
        points=points,
        uncertain=asked.uncertain,
        progress=asked.bar.of(points + 3, "packages"),
    )


def parse_fixed(text: str) -> tuple[str, float | str]:
    """``ISSUE=POINT`` or ``ISSUE=now``."""
    from simulation.questions.bargain.ask import NOW
    from simulation.scenario import ScenarioError

    name, sign, value = (part.strip() for part in text.partition("="))
    try:
        if sign and name:
            return name, NOW if value == NOW else float(value)
    except ValueError:
        pass
    raise ScenarioError(f"--fixed {text}: it is written ISSUE=POINT, such as militias=40, or ISSUE={NOW}.")
