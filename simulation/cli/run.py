"""``ceasefire run``: a scenario, many times, with its table, pictures and report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from simulation.cli.ask import Asked, question
from simulation.cli.options import Workers
from simulation.questions.finding import Finding


def report(finding: Finding, folder: Path, files: Sequence[str]) -> list[str]:
    """Write the scenario as it was run, and the report with its pictures."""
    from simulation.show.report import write_report
    from simulation.writing import write_text

    write_text(folder / "scenario.toml", finding.result.attrs["scenario"])
    pictures = {Path(file).stem: {"png": folder / file} for file in files if file.endswith(".png")}
    return ["scenario.toml", write_report(finding.result, folder, pictures).name]


@question(runs=1000, uncertain=True, extra=report)
def run(asked: Asked, workers: Workers = None) -> Finding:
    """Run a scenario many times: who accepts, does a truce hold?

    Pictures, tables and a report go into a folder.

    Exit code 0: fine, or too few runs to tell. 1: an expectation of the scenario fails. 2: the input will not do.
    """
    from simulation.questions.outcome import outcome

    return outcome(
        asked.scenario,
        asked.runs,
        asked.seed,
        uncertain=asked.uncertain,
        luck_alone=asked.folder is not None,  # without one no picture is drawn
        workers=workers,
        progress=asked.bar.of,
    )
