"""No picture of a conflict that is hard to draw has words off the page, or words over words."""

import pytest
from awkward import ARABIC, conflict, faults

import simulation as sim

OFFER = "draft-agreement-number-5"
MEASURE = f"answer.{OFFER}.Party0"
WHAT_IF = "a what-if whose name is long enough to be folded or to be cut"


@pytest.fixture(scope="module")
def crowd():
    """Three parties among 22 actors."""
    return conflict(3, 22)


@pytest.fixture(scope="module")
def few():
    """Three parties and three backers, one of them with an Arabic name."""
    return conflict(3, 6)


def changed(scenario):
    return scenario.replace({"actors.Party1.stance": 95.0})


CROWDED = {
    "run": lambda s, _: sim.run(s, runs=30),
    "compare": lambda s, _: sim.compare({"as it is": s, WHAT_IF: changed(s)}, runs=30),
    "rules": lambda s, _: sim.compare_rules(s, runs=4),
    "why": lambda s, _: sim.why(s, step=6),
    "why-answer": lambda s, _: sim.why(s, offer=OFFER, runs=30),
}
FEW = {
    "levers": lambda s, _: sim.levers(s, MEASURE, runs=16),
    "path": lambda s, _: sim.path(
        s, MEASURE, 0.6, {"actors.Backer3.stance": (0, 100), "ties.Backer3.Party0.leverage": (0, 1)}, runs=16, points=1
    ),
    "bargain": lambda s, _: sim.bargain(s, OFFER, runs=20),
    "attribute": lambda s, _: sim.attribute(
        s, MEASURE, {WHAT_IF: ["events.draft-agreement-number-0"], "a tie": ["ties.Backer3.Party0"]}, runs=20
    ),
    "sensitivity": lambda s, _: sim.sensitivity(s, [MEASURE, "truce.starts"], method="morris", points=8, runs=2),
    "sweep": lambda s, folder: sim.sweep(
        s, {"ties.Backer3.Party0.leverage": [0.1, 0.9], "actors.Party0.stance": [10, 40]}, folder / "points", runs=8
    ),
    "map": lambda s, folder: sim.sweep(
        s, {"ties.Backer3.Party0.leverage": LEVELS, "actors.Party0.stance": STANCES}, folder / "map", runs=2
    ),
    "robust": lambda s, _: sim.robust(s, {WHAT_IF: changed(s)}, variants=4, codings=4, runs=8),
}
NEEDS = {"sensitivity": "SALib", "sweep": "pyarrow", "map": "pyarrow"}
"""What some cannot be asked without, of the extra ``experiments``."""

LEVELS, STANCES = [place / 8 for place in range(9)], [10 * place for place in range(9)]


@pytest.mark.parametrize("question", CROWDED)
def test_words_stay_on_the_page_and_apart_where_there_is_a_crowd(crowd, tmp_path, question):
    figures = sim.plot(CROWDED[question](crowd, tmp_path))
    assert {name: faults(figure) for name, figure in figures.items()} == {name: [] for name in figures}


@pytest.mark.parametrize("question", FEW)
def test_words_stay_on_the_page_and_apart_where_names_are_long(few, tmp_path, question):
    pytest.importorskip(NEEDS.get(question, "numpy"))
    figures = sim.plot(FEW[question](few, tmp_path))
    assert figures
    assert {name: faults(figure) for name, figure in figures.items()} == {name: [] for name in figures}


@pytest.mark.parametrize("question", ["sensitivity", "sweep", "path", "robust"])
def test_names_stand_in_pictures_and_keys_do_not(few, tmp_path, question):
    pytest.importorskip(NEEDS.get(question, "numpy"))
    for figure in sim.plot(FEW[question](few, tmp_path)).values():
        words = [text.get_text() for ax in figure.axes for text in [*ax.get_yticklabels(), ax.xaxis.label, ax.title]]
        assert not [text for text in words if "actors." in text or "Party0" in text or "truce.starts" in text]
    assert ARABIC in few.labels.values()
