"""What observed answers say about the coefficients: those of one scenario, or of many wars that share them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date as Date
from pathlib import Path
from typing import Any

from simulation.questions.finding import Finding
from simulation.questions.record import calibration
from simulation.questions.record.benchmark.cases import SETTLED, Case, is_folder_of_wars, load_cases, of_codings
from simulation.questions.record.hindcast import answers_on_record
from simulation.questions.record.pooled import DRAWS, LUCKS, ROUNDS, calibrate_wars
from simulation.scenario import arguments
from simulation.scenario.errors import ScenarioError
from simulation.scenario.schema import Scenario

ALONE_DRAWS, ALONE_ROUNDS = 4000, 4
"""Draws in each round, and rounds, of one scenario, where none are asked for."""


def calibrate(
    scenario: Scenario | str | Path | Sequence[Scenario | str | Path],
    until: Date | None = None,
    keys: Sequence[str] | None = None,
    *,
    as_of: Date | str | None = None,
    draws: int | None = None,
    rounds: int | None = None,
    seed: int = 1,
    codings: Sequence[str] | None = None,
    leave_one_out: bool = False,
    spread: bool = False,
    alike: bool = False,
    lucks: int | None = None,
    priors: Mapping[str, tuple[float, float, float]] | None = None,
    changes: Mapping[str, Any] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Finding:
    """The posterior of coefficients given the observed answers: of one war before a date, or of many wars.

    One scenario is fitted by itself, from a third of the default to three times it. Several, or a folder of wars, share
    their coefficients; the priors are those of ``seeds/priors.toml``, and answers to a party's own offers are left out.

    Parameters
    ----------
    scenario : a scenario; or several, or a folder of wars such as ``wars``, the bundled corpus
    until, as_of : of one scenario: the day before which answers are learnt from; see ``validate``
    keys : what is learnt; all that have a prior if left out
    codings : of wars: ``settled`` and the names of coders, each fitted by itself; the draws of all together are the
        posterior, each coding counting alike; ``settled`` alone if left out
    leave_one_out : of wars: forecast each by what the others taught, and score the forecasts
    spread : of wars: let each have an intercept of its own on willingness, of which the spread is learnt
    alike : of wars: let each count as much as any other, however many answers it has
    lucks : of wars: sets of random numbers over which the chances of each draw are averaged
    priors : of wars: low, best and high by key, in place of those of the table
    changes : of wars: keys and values that are changed in every one
    progress : called with the number of draws done so far

    Returns
    -------
    a finding: of one scenario as ``simulation.questions.record.calibration.calibrate`` describes it, of wars as
    ``simulation.questions.record.pooled.calibrate_wars`` does

    Raises
    ------
    ScenarioError
        where there are no answers to learn from, a key is unknown, or an option belongs to the other kind
    """
    if isinstance(scenario, str | Path) and not is_folder_of_wars(scenario):
        arguments.scenario("scenario", str(scenario))  # says how to load it
    if isinstance(scenario, Scenario) or not isinstance(scenario, str | Path | Sequence):
        wanted = {"leave_one_out": leave_one_out, "codings": codings, "spread": spread, "alike": alike}
        for name, value in {**wanted, "lucks": lucks, "priors": priors, "changes": changes}.items():
            if value:
                raise ScenarioError(f"`{name}`: is for several wars, of which coefficients are learnt together.")
        return calibration.calibrate(
            arguments.scenario("scenario", scenario),
            until,
            keys,
            as_of=as_of,
            draws=ALONE_DRAWS if draws is None else draws,
            rounds=ALONE_ROUNDS if rounds is None else rounds,
            seed=seed,
            progress=progress,
        )
    for name, day in (("until", until), ("as_of", as_of)):
        if day is not None:
            raise ScenarioError(
                f"`{name}`: splits the observed answers of one scenario; of several, all answers are used."
            )
    several = [scenario] if isinstance(scenario, str | Path) else list(scenario)
    cases = _chosen([case for one in several for case in _cases(one)], codings)
    if changes:
        cases = [replace(case, scenario=case.scenario.replace(dict(changes))) for case in cases]
    return calibrate_wars(
        cases,
        keys,
        priors=priors,
        spread=spread,
        alike=alike,
        leave_one_out=leave_one_out,
        draws=DRAWS if draws is None else draws,
        rounds=ROUNDS if rounds is None else rounds,
        lucks=LUCKS if lucks is None else lucks,
        seed=seed,
        progress=progress,
    )


def _cases(one: Scenario | str | Path) -> list[Case]:
    if isinstance(one, Scenario):
        return [Case(one.title, SETTLED, one, tuple(answers_on_record(one)))]
    found = load_cases(one)
    if not found:
        raise ScenarioError(f"{one}: no observed answers; write each under [[record]], or in the table answers.")
    return found


def _chosen(cases: Sequence[Case], codings: Sequence[str] | None) -> list[Case]:
    """The cases of some codings; no war may come twice in one."""
    found = of_codings(cases, [SETTLED] if codings is None else codings)
    keys = [(case.war, case.coding) for case in found]
    twice = next((war for war, coding in keys if keys.count((war, coding)) > 1), None)
    if twice is not None:
        raise ScenarioError(f"`scenarios`: '{twice}' is there twice; each war is learnt from once.")
    return found
