"""``ceasefire import``: the field's own tables as negotiation scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def import_file(
    file: Annotated[
        Path,
        typer.Argument(
            help="KTAB CSV or XML, decide-exchange CSV, or a table of positions: CSV, Excel", metavar="FILE"
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="the scenario to write, or a folder where there is one an issue", metavar="SCENARIO.toml"),
    ] = None,
    issue: Annotated[str | None, typer.Option(help="one of several issues, by its name", metavar="NAME")] = None,
    scale: Annotated[
        str | None,
        typer.Option(help="the ends of the scale of positions, such as 4:10 or '4:10 years'", metavar="LOW:HIGH"),
    ] = None,
    apart: Annotated[bool, typer.Option("--apart", help="one scenario an issue")] = False,
    rule: Annotated[str, typer.Option(help="the stance rule", metavar="NAME")] = "spatial",
    rounds: Annotated[int, typer.Option(help="how many rounds are played", min=1)] = 10,
    force: Annotated[bool, typer.Option("--force", help="replace files that are there")] = False,
) -> None:
    """Turn a table of positions into a negotiation.

    What was recognised, put to scale or left out is said line by line.

    Exit code 0: fine. 2: the table will not do.
    """
    from simulation.rules import RULES
    from simulation.scenario import ScenarioError
    from simulation.scenario.imports import import_table
    from simulation.scenario.structures import playable
    from simulation.writing import write_text

    try:
        found = import_table(file, issue=issue, scale=scale, apart=apart, rule=rule, rounds=rounds)
    except ScenarioError as error:
        raise ScenarioError(
            str(error).replace("`scale`", "--scale").replace("`issue`", "--issue").replace("`rule`", "--rule")
        ) from None
    for line in found.notes:
        typer.echo(line)
    alone = len(found.scenarios) == 1
    target = out or Path(f"{file.stem}.toml" if alone else file.stem)
    if alone != (target.suffix == ".toml"):
        what = "one scenario: name a file that ends in .toml" if alone else "several scenarios: name a folder"
        raise ScenarioError(f"--out {target}: {what}.")
    files = {name: target if alone else target / f"{name}.toml" for name in found.scenarios}
    there = [str(path) for path in files.values() if path.exists()]
    if there and not force:
        raise ScenarioError(f"{there[0]}: exists already; give another name with --out, or --force to replace it.")
    if not alone and target.exists() and not target.is_dir():
        raise ScenarioError(f"{target}: a file; name a folder for {len(files)} scenarios with --out.")
    for name, path in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, found.as_toml(name))
    if alone:
        several = sum(playable(name, found.scenario) for name in RULES) > 1
        also = f", or under every rule: ceasefire rules {target}" if several else ""
        typer.echo(f"\nWritten to {target}. Next: ceasefire run {target}{also}")
    else:
        first = next(iter(files.values()))
        typer.echo(f"\n{len(files)} scenarios written to {target}/. Next, say: ceasefire rules {first}")
