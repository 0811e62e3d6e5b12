"""``ceasefire robust``: how far a number or a what-if can be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simulation.cli.ask import Asked, question
from simulation.cli.compare import parse_variant
from simulation.cli.options import Measures
from simulation.questions.finding import Finding

if TYPE_CHECKING:
    from simulation.scenario import Scenario

WhatIfs = Annotated[
    list[str] | None,
    typer.Option(
        "--what-if",
        help='a scenario to compare with the first, or a changed copy of it, "NAME: KEY=VALUE, ..."; may be repeated',
        metavar="SCENARIO",
    ),
]
Variants = Annotated[int, typer.Option(help="how many structures of the model, its own among them", min=1)]
Codings = Annotated[int, typer.Option(help="how many draws of the numbers that have low and high; 0 for none", min=0)]


@question(runs=256)
def robust(
    asked: Asked, what_if: WhatIfs = None, measure: Measures = None, variants: Variants = 128, codings: Codings = 32
) -> Finding:
    """Robustness: how far results depend on structure and coding.

    --runs is how many runs there are of each structure and coding.
    Example: ceasefire robust libya-2020-01 --what-if libya-2020-01-no-wagner --measure truce.holds_to_end
    """
    from simulation.questions.robust import robust
    from simulation.questions.robust.ask import points_of

    others = gathered(asked, what_if or [])
    points = points_of(asked.scenario, variants, codings)
    return robust(
        asked.scenario,
        others,
        measure or None,
        variants=variants,
        codings=codings,
        runs=asked.runs,
        seed=asked.seed,
        progress=asked.bar.of(points * (1 + len(others)) * asked.runs),
    )


def gathered(asked: Asked, texts: list[str]) -> dict[str, Scenario]:
    """The what-ifs by name: files and bundled scenarios, with the changes of the command line, and changed copies."""
    from simulation.scenario import ScenarioError

    found: dict[str, Scenario] = {}
    for text in texts:
        if "=" in text:
            name, changes = parse_variant(text, "--what-if")
            other = asked.scenario.replace(changes)
            asked.moved(other, changes)
        else:
            name, other = Path(text).stem, asked.load(text)
        if name in found:
            raise ScenarioError(f"--what-if {text}: a second one called '{name}'; give each a name of its own.")
        found[name] = other
    return found
