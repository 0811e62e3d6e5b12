"""The forecasts of a benchmark: the model in several ways, simple means, and what others enter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from simulation.dynamics.state import Array, Flags
from simulation.parameters import nearest
from simulation.questions.record.ablation import without_changes
from simulation.questions.record.baselines import last_answer, loser_accepts, mean_stance
from simulation.questions.record.benchmark.cases import SETTLED, Case
from simulation.questions.record.benchmark.conditions import CONDITIONS, conditions
from simulation.questions.record.benchmark.learning import PENALTIES, by_the_other_wars, logistic, logit
from simulation.questions.record.hindcast import MODEL, hindcast
from simulation.scenario.errors import ScenarioError
from simulation.scenario.schema import Scenario
from simulation.scenario.tables.grids import csv_frame, filled_lines

FREE = "model, front line free"
UNTOLD = "model, told no answers"
UNCERTAIN = "model, codings drawn from their intervals"
RECALIBRATED = "model, recalibrated on the other wars"
COIN = "a coin"
RATE = "base rate of the other wars"
FORTUNE = "logistic on fortune and signature"
RIDGE = "ridge logistic on the coded conditions"
LOSER = "the loser accepts, the winner refuses"
SOFT = "the same, softened to .85 and .15"
LAST = "last answer again"
MEAN = "weighted mean of stances (null model)"
FLOOR = "the grade itself (least possible)"

SOFTENED = 0.35
"""How far from one half a softened forecast goes."""

SIMPLE = (RIDGE, FORTUNE, RATE, COIN, LOSER, SOFT, LAST, MEAN)
"""What the model has to beat, the hardest first."""

ABOUT = {
    MODEL: "told earlier answers, observed front line imposed, default coefficients",
    FREE: "the same without the events in which ground changes hands",
    UNTOLD: "it answers for itself from the first day on",
    UNCERTAIN: "numbers with an interval drawn anew in each run",
    RECALIBRATED: "slope and level of its log odds fitted on the other wars",
    COIN: "one half",
    RATE: "the mean answer of the other wars",
    FORTUNE: "fortune in battle and whether a text is signed, fitted on the other wars",
    RIDGE: f"{len(CONDITIONS)} coded conditions, fitted on the other wars",
    LOSER: "by the coded fortune in battle",
    SOFT: "by the coded fortune in battle",
    LAST: "what the party answered before; one half at first",
    MEAN: "everybody's coded stance, by influence and salience, answers for all",
    FLOOR: "no forecast: what is left when answers are neither yes nor no",
}
"""What each forecast is, in a few words."""


def model_forecasts(case: Case, runs: int, seed: int) -> dict[str, Array]:
    """The chances of a yes and of a full yes that the model gives each answer, in several ways, (answers, 2) each."""
    scenario = case.scenario

    def of(way: Scenario, *, told: bool = True, uncertain: bool = False) -> Array:
        return np.asarray(np.nanmean(hindcast(way, runs, seed, told=told, uncertain=uncertain, graded=True), axis=0))

    return {
        MODEL: of(scenario),
        FREE: of(without_changes(scenario, "control")),  # the front is the model's own
        UNTOLD: of(scenario, told=False),
        UNCERTAIN: of(scenario, uncertain=True),
    }


def plain_forecasts(cases: Sequence[Case]) -> dict[str, Array]:
    """Forecasts that learn nothing, of all answers of the cases in order."""
    every = [item for case in cases for item in case.asked]
    known = np.ones(len(every), dtype=bool)
    loser = loser_accepts(every, known)
    return {
        COIN: np.full(len(every), 0.5),
        LOSER: loser,
        SOFT: 0.5 + 2 * SOFTENED * (loser - 0.5),
        LAST: np.concatenate([last_answer(case.asked, np.ones(len(case.asked), dtype=bool)) for case in cases]),
        MEAN: np.concatenate([mean_stance(case.scenario, case.asked) for case in cases]),
    }


def learnt_forecasts(cases: Sequence[Case], model: Array, grade: Array, war: Array, own: Flags) -> dict[str, Array]:
    """Forecasts of each war that are fitted on the answers of the others to offers that were not their own.

    Parameters
    ----------
    model : (answers,) the chance that the model gives, to be recalibrated
    own : (answers,) whether a party made the offer itself
    """
    table = np.vstack([conditions(case) for case in cases])
    plain = table[:, [CONDITIONS.index("fortune in battle"), CONDITIONS.index("signed")]]

    def fit(columns: Array, penalties: Sequence[float] = (np.inf,)) -> Array:
        return logistic(columns, grade, war, penalties, learn=~own)

    return {
        RECALIBRATED: fit(logit(model)[:, None]),
        RATE: by_the_other_wars(grade, war, learn=~own),
        FORTUNE: fit(plain),
        RIDGE: fit(table, PENALTIES),
    }


ENTERED = ("war", "offer", "party", "chance")
"""The columns of a table of somebody else's forecasts."""

Entered = Mapping[tuple[str, str, str], float]
"""Chances by war, offer and party."""


def read_forecasts(file: Path) -> Entered:
    """Forecasts of somebody else: a CSV file with the columns war, offer, party, and chance (of a yes, 0 … 1).

    Of a table with a column coding, as the benchmark writes it, the rows of the settled coding are read.

    Raises
    ------
    ScenarioError
        for a column that is missing, a chance that is none, or an answer that is forecast twice
    """
    (_, head), *lines = filled_lines(csv_frame(file))
    columns = [str(name).lower() for name in head]
    for column in ENTERED:
        if column not in columns:
            raise ScenarioError(f"{file}: the column '{column}' is missing.{nearest(column, filter(None, columns))}")
    found: dict[tuple[str, str, str], float] = {}
    for number, cells in lines:
        row = dict(zip(columns, map(str, cells), strict=True))
        key, text = (row["war"], row["offer"], row["party"]), row["chance"]
        if row.get("coding", SETTLED) != SETTLED:
            continue
        try:
            chance = float(text.replace(",", "."))
            if not 0 <= chance <= 1:
                raise ValueError
        except ValueError:
            percent = text.rstrip("% ").replace(",", ".").replace(".", "", 1).isdigit()
            raise ScenarioError(
                f"{file}: row {number}, column chance: '{text}' is no chance from 0 to 1."
                f"{' In per cent? Divide by 100.' if percent else ''}"
            ) from None
        if key in found:
            raise ScenarioError(f"{file}: row {number}: a second forecast of {' '.join(key)}.")
        found[key] = chance
    return found


def entered_forecast(file: Path, cases: Sequence[Case]) -> Array:
    """What somebody else forecast for all answers of the cases, in order; every one has to be there.

    Raises
    ------
    ScenarioError
        for an answer that is not forecast, or a forecast of what is no answer
    """
    chances = read_forecasts(file)
    keys = [(case.war, item.offer, item.party) for case in cases for item in case.asked]
    hint = "The table of the benchmark has a row for each answer: put your chances into a copy of it."
    missing, strange = [key for key in keys if key not in chances], [key for key in chances if key not in set(keys)]
    if missing:
        rest = f", and {len(missing) - 1} more" if len(missing) > 1 else ""
        close = nearest(".".join(missing[0]), [".".join(key) for key in strange])
        raise ScenarioError(
            f"{file}: no forecast of {' '.join(missing[0])}{rest}.{close if 'mean' in close else ''} {hint}"
        )
    if strange:
        rest = f", and {len(strange) - 1} more" if len(strange) > 1 else ""
        raise ScenarioError(f"{file}: no answer {' '.join(strange[0])} is among the observed ones{rest}. {hint}")
    return np.array([chances[key] for key in keys])
