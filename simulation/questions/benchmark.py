"""Many cases forecast and scored together: wars with observed answers, or negotiations with a known outcome."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from simulation.questions.finding import Finding
from simulation.questions.negotiations import benchmark_negotiations, is_cases
from simulation.questions.record.benchmark.wars import benchmark_wars
from simulation.scenario.errors import ScenarioError

RUNS, PLAYS = 1000, 50
"""Runs of each war, and plays of a rule that draws lots, where none are asked for."""

ROUNDS = 30
"""Rounds that a negotiation is played at most, where none are asked for."""


def benchmark(
    cases: str | Path,
    *,
    runs: int | None = None,
    seed: int = 1,
    forecasts: Sequence[str | Path] = (),
    codings: Sequence[str] | None = None,
    scale: str | None = None,
    rounds: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> Finding:
    """Forecast every case by the model or by all rules, and by simpler means, and score all forecasts together.

    Parameters
    ----------
    cases : a folder of wars with observed answers, ``wars`` for the bundled corpus; or a table of positions with a
        column of outcomes, or a folder of such negotiations
    runs : of each war, by default 1,000; of a rule that draws lots, by default 50
    forecasts : of wars: CSV files of others with columns war, offer, party, chance
    codings : of wars: ``settled`` and the names of coders; every one that there is if left out
    scale, rounds : of negotiations: as for ``import_table``, and how many rounds are played at most, by default 30
    progress : called with a word on what is being done

    Returns
    -------
    a finding: of wars as ``benchmark_wars`` describes it, of negotiations as ``benchmark_negotiations`` does

    Raises
    ------
    ScenarioError
        where there are no such cases, or an option belongs to the other kind
    """
    tell = progress or (lambda words: None)
    if not is_cases(Path(cases)):
        for name, value in (("scale", scale), ("rounds", rounds)):
            if value is not None:
                raise ScenarioError(f"`{name}`: is for negotiations with a known outcome; {cases} holds none.")
        return benchmark_wars(
            cases,
            runs=RUNS if runs is None else runs,
            seed=seed,
            forecasts=forecasts,
            codings=codings,
            progress=tell,
        )
    for name, several in (("forecasts", forecasts), ("codings", codings)):
        if several:
            raise ScenarioError(f"`{name}`: are of answers in wars; {cases} holds negotiations.")
    return benchmark_negotiations(
        cases,
        scale=scale,
        rounds=ROUNDS if rounds is None else rounds,
        runs=PLAYS if runs is None else runs,
        seed=seed,
        progress=lambda done, total: tell(f"{done} of {total} plays"),
    )
