"""``ceasefire validate``, ``calibrate`` and ``ablate``: the model and the observed answers."""

from __future__ import annotations

from typing import Annotated, Any

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
Scenarios = Annotated[
    list[str],
    typer.Argument(
        help="a scenario with observed answers; several, or a folder such as scenarios/wars, share what is learnt",
        metavar="SCENARIO...",
    ),
]
FewDraws = Annotated[
    int | None,
    typer.Option("--draws", help="draws of coefficients in each round; 4,000 if left out, of wars 2,000", min=1),
]
FewRounds = Annotated[
    int | None, typer.Option("--rounds", help="rounds, each closer to the posterior; 4 if left out, of wars 5", min=1)
]
LeaveOneOut = Annotated[
    bool, typer.Option("--leave-one-out", help="of wars: forecast each by what the others taught, and score that")
]
Codings = Annotated[
    list[str] | None,
    typer.Option(help="of wars: settled, or a coder's name such as A; may be repeated", metavar="NAME"),
]
Spread = Annotated[
    bool, typer.Option("--spread", help="of wars: learn how far they differ for reasons that nobody coded")
]
Alike = Annotated[bool, typer.Option("--alike", help="of wars: let each count as much as any other")]
Lucks = Annotated[
    int | None,
    typer.Option(
        help="of wars: sets of random numbers that each draw of coefficients is averaged over; 4 if left out", min=1
    ),
]
Recover = Annotated[int, typer.Option(help="histories to simulate from known coefficients and to calibrate on", min=0)]


@question(runs=1000)
def validate(
    asked: Asked, until: Until = None, draws: Draws = 4000, rounds: Rounds = 4, every_rule: EveryRule = False
) -> Finding:
    """Validation: score forecasts of the observed answers.

    The answers, their grades and the scenario's numbers were coded with hindsight: these are scores of a hindcast.
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
    scenarios: Scenarios,
    until: Until = None,
    key: Keys = None,
    draws: FewDraws = None,
    rounds: FewRounds = None,
    recover: Recover = 0,
    leave_one_out: LeaveOneOut = False,
    coding: Codings = None,
    spread: Spread = False,
    alike: Alike = False,
    lucks: Lucks = None,
) -> Finding:
    """Calibration: weigh coefficients by the observed answers.

    The answers are those of one war, or of many.

    With --recover, histories of one war are simulated from known coefficients, to see whether calibration finds them
    again. Of many wars, as in scenarios/wars, --leave-one-out forecasts each by what the others taught.

    Example: ceasefire calibrate scenarios/wars --leave-one-out
    """
    from simulation.questions.calibrate import ALONE_DRAWS, ALONE_ROUNDS, calibrate
    from simulation.questions.record import recovery
    from simulation.questions.record.benchmark.cases import is_folder_of_wars
    from simulation.questions.record.describe import describe_calibration
    from simulation.questions.record.pooled import DRAWS, ROUNDS
    from simulation.scenario.errors import ScenarioError

    day, keys = until.date() if until else None, key or None
    ways: dict[str, Any] = {
        "codings": coding or None,
        "leave_one_out": leave_one_out,
        "spread": spread,
        "alike": alike,
        "lucks": lucks,
    }
    if len(scenarios) > 1 or is_folder_of_wars(scenarios[0]):
        if recover:
            raise ScenarioError("`recover`: is of one scenario; name one.")
        total = (DRAWS if draws is None else draws) * (ROUNDS if rounds is None else rounds) * max(len(coding or ()), 1)
        return calibrate(
            scenarios,
            day,
            keys,
            as_of=asked.as_of.date() if asked.as_of else None,
            draws=draws,
            rounds=rounds,
            seed=asked.seed,
            changes=asked.changes,
            progress=asked.bar.of(total, "draws"),
            **ways,
        )
    draws, rounds = ALONE_DRAWS if draws is None else draws, ALONE_ROUNDS if rounds is None else rounds
    scenario = asked.whole
    bar = asked.bar.of(draws * rounds, "draws")
    found = calibrate(
        scenario, day, keys, as_of=asked.as_of, draws=draws, rounds=rounds, seed=asked.seed, progress=bar, **ways
    )
    if not recover:
        return found
    bar = asked.bar.of(recover, "histories")
    few, more = max(draws // 2, 50), rounds + 1
    known = recovery.recover(scenario, recover, keys, draws=few, rounds=more, seed=asked.seed, progress=bar)
    return describe_calibration(found.result, (known,))


@question(runs=1000)
def ablate(asked: Asked, until: Until = None, draws: Draws = 2000, rounds: Rounds = 4) -> Finding:
    """Ablation: switch off each part of the model; which is needed?"""
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
