"""``ceasefire validate``, ``calibrate`` and ``ablate``: the model and the answers on record."""

from __future__ import annotations

from typing import Annotated

import typer

from simulation.cli.ask import Asked, question
from simulation.cli.options import Draws, Rounds, Until
from simulation.questions.finding import Finding

EveryRule = Annotated[
    bool, typer.Option("--every-rule", help="score every stance rule, as it is and fitted; takes minutes")
]
Keys = Annotated[
    list[str] | None,
    typer.Option("--key", help="what is calibrated; every coefficient if left out; may be repeated", metavar="KEY"),
]
Recover = Annotated[int, typer.Option(help="histories to simulate from known coefficients and to calibrate on", min=0)]


@question(runs=1000)
def validate(
    asked: Asked, until: Until = None, draws: Draws = 4000, rounds: Rounds = 4, every_rule: EveryRule = False
) -> Finding:
    """Score forecasts of the answers on record.

    The record, its grades and the scenario's numbers were coded with hindsight: these are scores of a hindcast.
    """
    from simulation.questions.record.validation import every_rule as all_rules
    from simulation.questions.record.validation import validate

    return validate(
        asked.whole,
        until.date() if until else None,
        as_of=asked.as_of,
        runs=asked.runs,
        draws=draws,
        rounds=rounds,
        seed=asked.seed,
        rules=all_rules() if every_rule else (),
        progress=asked.bar.words(),
    )


@question()
def calibrate(
    asked: Asked,
    until: Until = None,
    key: Keys = None,
    draws: Draws = 4000,
    rounds: Rounds = 4,
    recover: Recover = 0,
) -> Finding:
    """Weigh coefficients by the answers on record.

    With --recover, histories are simulated from known coefficients, to see whether calibration finds them again.
    """
    from simulation.questions.record import calibration, recovery
    from simulation.questions.record.describe import describe_calibration

    scenario, keys, day = asked.whole, key or None, until.date() if until else None
    bar = asked.bar.of(draws * rounds, "draws")
    found = calibration.calibrate(
        scenario, day, keys, as_of=asked.as_of, draws=draws, rounds=rounds, seed=asked.seed, progress=bar
    )
    if not recover:
        return found
    bar = asked.bar.of(recover, "histories")
    few, more = max(draws // 2, 50), rounds + 1
    known = recovery.recover(scenario, recover, keys, draws=few, rounds=more, seed=asked.seed, progress=bar)
    return describe_calibration(found.result, (known,))


@question(runs=1000)
def ablate(asked: Asked, until: Until = None, draws: Draws = 2000, rounds: Rounds = 4) -> Finding:
    """Switch off each part of the model: which earns its place?"""
    from simulation.questions.record.ablation import ablate

    return ablate(
        asked.whole,
        until.date() if until else None,
        as_of=asked.as_of,
        runs=asked.runs,
        draws=draws,
        rounds=rounds,
        seed=asked.seed,
        progress=asked.bar.words("without "),
    )
