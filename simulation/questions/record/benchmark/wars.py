"""The benchmark of wars: every answer forecast, every forecast scored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from simulation.dynamics.state import Array
from simulation.questions.finding import Finding
from simulation.questions.record.benchmark.cases import SETTLED, Case, category, load_cases, of_codings
from simulation.questions.record.benchmark.describe import describe_benchmark
from simulation.questions.record.benchmark.forecasts import (
    ABOUT,
    FLOOR,
    SIMPLE,
    entered_forecast,
    learnt_forecasts,
    model_forecasts,
    plain_forecasts,
)
from simulation.questions.record.benchmark.learning import learner
from simulation.questions.record.benchmark.scoring import (
    FEWEST_WARS,
    by_war,
    grade_expected,
    over_wars,
    points_of,
    slope,
    three_of,
    within_a_war,
)
from simulation.questions.record.benchmark.truces import score_truces
from simulation.questions.record.hindcast import MODEL
from simulation.runs.provenance import software
from simulation.runs.results.wording import counted
from simulation.scenario.arguments import of_kind
from simulation.scenario.errors import ScenarioError
from simulation.scenario.writing import fingerprint

if TYPE_CHECKING:
    import xarray as xr

PARTS = {
    "others' offers": "answers to offers that the party had not made itself",
    "own offers": "answers to an offer of the party's own",
    "all": "all answers",
}


@of_kind
def benchmark_wars(
    cases: str | Path,
    *,
    runs: int = 1000,
    seed: int = 1,
    forecasts: Sequence[str | Path] = (),
    codings: Sequence[str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> Finding:
    """Forecast every answer of many wars from what was known, and score the forecasts, war by war.

    Whatever is fitted is so on the other wars, and on answers to offers that the party had not made itself; scores are
    of such answers too. The model is told the answers to earlier offers, and which ground changed hands.

    Parameters
    ----------
    cases : a folder of wars with observed answers, or ``wars`` for the bundled corpus
    forecasts : CSV files of others, with columns war, offer, party, chance, for the settled coding
    codings : ``settled`` and the names of coders, each scored by itself; every one that there is if left out
    progress : called with a word on what is being done

    Returns
    -------
    a finding, whose dataset has dimensions answer, forecast, coding, war, part, score, bound: ``chance``; ``war_score``
    (the mean in each war), ``mean_score`` (the mean over wars) and ``lead`` (score of a baseline less that of the
    forecast; above 0 the forecast is better), with 95 % intervals by Student's t over wars, of one war by itself by a
    bootstrap of offers; ``within``, the mean Brier score of each war with such an interval; ``slope`` of calibration;
    and where truces were observed, ``truce_chance``, ``truce_score`` and ``truce_lead`` at 14, 30 and 90 days.

    Raises
    ------
    ScenarioError
        where there is no war with observed answers, or none in a coding, or an entered forecast does not fit
    """
    import xarray as xr

    tell = progress or (lambda words: None)
    found = load_cases(cases)
    if not found:
        raise ScenarioError(f"{cases}: no scenario in it has observed answers; write them under [[record]].")
    if codings:
        found = of_codings(found, codings)
    learner()  # what is missing is said before the work
    entered = _entered(forecasts, [case for case in found if case.coding == SETTLED])
    tables = []
    for coding in dict.fromkeys(case.coding for case in found):
        here = [case for case in found if case.coding == coding]
        tables.append(_forecast(here, runs, seed, entered if coding == SETTLED else {}, tell))
    answers = (
        xr.concat(tables, "answer", join="outer", data_vars="all", coords="minimal") if len(tables) > 1 else tables[0]
    )
    truces = score_truces(found, runs, seed, tell)
    order = list(dict.fromkeys(str(name) for table in tables for name in table.forecast.values))
    answers = answers.sel(forecast=sorted(order, key=lambda name: name == FLOOR))  # the floor is the last row
    result = (
        answers.merge(_scored(answers))
        .merge(truces or xr.Dataset())
        .assign_attrs(
            finding="benchmark",
            title=f"{counted(len(np.unique(answers.war_of.values)), 'war')} in {Path(cases).name}/",
            question="Who accepts which offer, as forecast from what was known?",
            scenario="",
            runs=runs,
            seed=seed,
            software=software(),
            scenario_sha256=" ".join(f"{case.war}/{case.coding}={fingerprint(case.scenario)[:12]}" for case in found),
        )
    )
    return describe_benchmark(result)


def _entered(files: Sequence[str | Path], cases: Sequence[Case]) -> dict[str, Array]:
    """What others forecast, by the name of the file."""
    entered: dict[str, Array] = {}
    for file in map(Path, files):
        if file.stem in ABOUT or file.stem in entered:
            raise ScenarioError(f"{file}: there is a forecast '{file.stem}' already; name the file otherwise.")
        entered[file.stem] = entered_forecast(file, cases)
    return entered


def _forecast(
    cases: Sequence[Case], runs: int, seed: int, entered: Mapping[str, Array], tell: Callable[[str], None]
) -> xr.Dataset:
    """Every forecast of every answer in one coding."""
    import xarray as xr

    items = [(case, item, record) for case in cases for item, record in zip(case.asked, case.records, strict=True)]
    war = np.array([case.war for case, _, _ in items])
    grade = np.array([item.grade for _, item, _ in items])
    own = np.array([item.own for _, item, _ in items])
    by_case = []
    for case in cases:
        tell(f"{case.war}, {case.coding}")
        by_case.append(model_forecasts(case, runs, seed))
    graded = {name: np.concatenate([one[name] for one in by_case]) for name in by_case[0]}
    said = np.array([category(record) for _, _, record in items])
    full = {name: chances for name, chances in graded.items() if not np.allclose(chances[:, 0], chances[:, 1])}
    made: dict[str, Array] = {
        name: grade_expected(three_of(*chances.T), said, grade, war, ~own) if name in full else chances.mean(axis=-1)
        for name, chances in graded.items()
    }
    if len(np.unique(war[~own])) >= FEWEST_WARS:
        tell("what is learnt from the other wars")
        made |= learnt_forecasts(cases, made[MODEL], grade, war, own)
    made |= plain_forecasts(cases)
    made |= entered
    made[FLOOR] = grade
    return xr.Dataset(
        {
            "chance": (
                ("forecast", "answer"),
                np.stack(list(made.values())),
                {"long_name": "grade expected of the answer"},
            ),
            **{
                which: (
                    ("forecast", "answer"),
                    np.stack([full[name][:, place] if name in full else np.full(len(items), np.nan) for name in made]),
                    {"long_name": f"chance of a yes {words}; nan where a forecast does not tell them apart"},
                )
                for place, (which, words) in enumerate(
                    (("yes", "with or without conditions"), ("full", "without conditions"))
                )
            },
            "grade": ("answer", grade, {"long_name": "what was answered: 0 refused … 1 accepted"}),
            "category": (
                "answer",
                said,
                {"long_name": "0 refused, 1 with conditions, 2 accepted"},
            ),
            "own": ("answer", own, {"long_name": "whether the party made the offer itself"}),
            "fortune": ("answer", np.array([item.fortune for _, item, _ in items])),
        },
        coords={
            "forecast": np.array(list(made), dtype=object),
            "answer": np.array([f"{case.coding}:{case.war}:{item.name}" for case, item, _ in items], dtype=object),
            "coding_of": ("answer", np.array([case.coding for case, _, _ in items], dtype=object)),
            "war_of": ("answer", war.astype(object)),
            "offer": ("answer", np.array([item.offer for _, item, _ in items], dtype=object)),
            "party": ("answer", np.array([item.party for _, item, _ in items], dtype=object)),
            "day": ("answer", np.array([item.day for _, item, _ in items], dtype="datetime64[ns]")),
        },
    )


def _scored(answers: xr.Dataset) -> xr.Dataset:
    """Mean scores, leads and slopes, by coding and part."""
    import xarray as xr

    chance, grade = answers.chance.values, answers.grade.values
    war, coding, own = (answers[name].values.astype(str) for name in ("war_of", "coding_of", "own"))
    names = np.unique(war)
    codings = list(dict.fromkeys(coding))
    three = three_of(answers["yes"].values, answers["full"].values) if "full" in answers else None
    points = points_of(chance, grade, answers["category"].values, three)
    labels = [str(name) for name in answers.forecast.values]
    simple = [name for name in SIMPLE if name in labels]
    shape = (len(codings), len(labels), len(PARTS), len(points))
    mean, lead = np.empty((*shape, 3)), np.empty((*shape[:2], len(simple), *shape[2:], 3))
    each = np.empty((*shape, len(names)))
    count = np.zeros((len(codings), len(PARTS), len(names)), dtype=int)
    offers = np.zeros((len(codings), len(PARTS)), dtype=int)
    slopes = np.full((len(codings), len(labels), 3), np.nan)
    within = np.full((len(codings), len(labels), len(names), 3), np.nan)
    offer, alone = answers.offer.values.astype(str), len(names) == 1
    baselines = [labels.index(name) for name in simple]
    for c, of_coding in enumerate(codings):
        chosen = (own == "False", own == "True", np.ones_like(own, dtype=bool))
        for p, part in enumerate(chosen):
            rows = (coding == of_coding) & part
            offers[c, p] = len({*zip(war[rows], answers.offer.values[rows], strict=True)})
            count[c, p] = [int((war[rows] == name).sum()) for name in names]
            for s, table in enumerate(points.values()):
                each[c, :, p, s] = by_war(table[:, rows], war[rows], names)
                if alone:  # nothing is known of other wars: intervals are over the offers of this one
                    ahead = table[baselines][None, :, rows] - table[:, None, rows]
                    mean[c, :, p, s] = within_a_war(table[:, rows], offer[rows])
                    lead[c, :, :, p, s] = within_a_war(ahead, offer[rows])
        for w, name in enumerate(names):
            rows = (coding == of_coding) & chosen[0] & (war == name)
            within[c, :, w] = within_a_war(points["brier"][:, rows], offer[rows])
        for f in range(len(labels)):
            rows = (coding == of_coding) & chosen[0]
            if not np.isnan(chance[f, rows]).any() and rows.any():
                slopes[c, f] = slope(chance[f, rows], grade[rows], war[rows])
    if not alone:
        mean[:] = over_wars(each)
        for b, place in enumerate(baselines):
            lead[:, :, b] = over_wars(each[:, [place]] - each)
    bounds = np.array(["value", "low", "high"], dtype=object)
    order = ("coding", "forecast", "part", "score")
    return xr.Dataset(
        {
            "war_score": ((*order, "war"), each, {"long_name": "mean score in a war; less is better"}),
            "within": (
                ("coding", "forecast", "war", "bound"),
                within,
                {"long_name": "mean Brier score in a war over others' offers, with an interval over its offers"},
            ),
            "mean_score": ((*order, "bound"), mean, {"long_name": "mean over wars of the mean score; less is better"}),
            "lead": (
                ("coding", "forecast", "baseline", "part", "score", "bound"),
                lead,
                {"long_name": "score of the baseline less that of the forecast; above 0 the forecast is better"},
            ),
            "slope": (
                ("coding", "forecast", "bound"),
                slopes,
                {"long_name": "calibration slope; 1 is calibrated, less is too sure"},
            ),
            "count": (("coding", "part", "war"), count, {"units": "answers"}),
            "offers": (("coding", "part"), offers, {"units": "offers"}),
        },
        coords={
            "coding": np.array(codings, dtype=object),
            "part": np.array(list(PARTS), dtype=object),
            "score": np.array(list(points), dtype=object),
            "baseline": np.array(simple, dtype=object),
            "war": names.astype(object),
            "bound": bounds,
        },
    )
