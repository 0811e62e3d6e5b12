"""Many wars forecast: scores worked by hand, and nothing learnt from the war that is forecast."""

import shutil

import numpy as np
import pandas as pd
import pytest

import simulation as sim
from simulation.questions.record.ablation import without_changes
from simulation.questions.record.benchmark.cases import category, load_cases
from simulation.questions.record.benchmark.conditions import CONDITIONS, conditions
from simulation.questions.record.benchmark.forecasts import MODEL, RATE, RIDGE
from simulation.questions.record.benchmark.learning import by_the_other_wars, learner, logistic, regression, weights
from simulation.questions.record.benchmark.scoring import (
    grade_expected,
    over_wars,
    points_of,
    ranked_probability_score,
    slope,
    spread_over_categories,
)
from simulation.scenario import ScenarioError

WARS = ("first", "second", "third")
WAR = 'title = "{name}"\nstart = 2020-01-01\nend = 2020-03-31\n'
ACTORS = """actor,roles,stance,salience,influence,strength,control,why
N,party,30,100,60,60,0.6,made up
S,party,60,100,50,40,0.4,made up
M,mediator,90,50,40,,,made up
"""
TIES = "from,to,leverage,why\nM,N,0.4,made up\nM,S,0.2,made up\n"
EVENTS = """date,name,key,how,value,why
2020-02-01,a town,actors.N.control,add,0.1,x
2020-02-05,keener,actors.M.salience,set,100,x
"""
OFFERS = """offer,date,made_by,opponents,addressed,form,kind,terms,scope
one,2020-01-10,M,,N;S,declared,call,line=40,1
two,2020-02-10,M,,N;S,signed,mediated,,0.5
three,2020-03-10,N,M,S;N,declared,unilateral,,
"""
ISSUES = "issue,title,low_means,high_means,now\nline,the line,here,there,0\n"
WANTS = "party,issue,want,weight,why\nN,line,50,1,x\nS,line,0,1,x\n"
ANSWERS = """offer,party,answer,grade
one,N,refuse,{a}
one,S,conditional,{b}
two,N,accept,0.9
two,S,accept,1
three,S,refuse,0
three,N,accept,1
"""
FORTUNE = "offer,party,fortune,strength_share\none,N,2,0.7\none,S,-2,0.3\ntwo,N,0,0.5\n"


@pytest.fixture
def wars(tmp_path):
    """Three wars that differ in two answers."""
    for number, name in enumerate(WARS):
        here = tmp_path / "wars" / name
        here.mkdir(parents=True)
        (here / "war.toml").write_text(WAR.format(name=name))
        grades = ANSWERS.format(a=0.1 * number, b=0.5 + 0.1 * number)
        tables = {"actors": ACTORS, "ties": TIES, "events": EVENTS, "offers": OFFERS, "issues": ISSUES}
        tables |= {"wants": WANTS, "answers": grades, "fortune": FORTUNE}
        for sheet, text in tables.items():
            (here / f"{sheet}.csv").write_text(text)
    return tmp_path / "wars"


def test_a_forecast_that_tells_conditions_apart_is_scored_by_its_own_three_chances():
    # P(yes) = 0.8, P(full) = 0.2: refused 0.2, with conditions 0.6, accepted 0.2; the grade expected is 0.5
    chance, grade, category = np.array([[0.5], [0.5]]), np.array([0.5]), np.array([1])
    scores = points_of(chance, grade, category, np.array([[[0.2, 0.6, 0.2]], [[np.nan] * 3]]))["rps"]
    # 1/2 (0.2^2 + (0.8 - 1)^2) = 0.04; one chance alone says 0.25, 0.5, 0.25: 1/2 (0.25^2 + 0.25^2) = 0.0625
    np.testing.assert_allclose(scores, [[0.04], [0.0625]])


def test_a_word_is_worth_what_coders_of_the_other_wars_graded_it():
    war, category = np.array(["a", "a", "b", "b", "b"]), np.array([0, 2, 0, 2, 2])
    grade, learn = np.array([0.1, 0.8, 0.3, 0.6, 1.0]), np.array([True, True, True, True, False])
    three = np.array([[0.5, 0.2, 0.3]] * 5)
    # of war b a refusal is worth 0.3 and a yes 0.6 (the other was to its own offer); no conditions there: one half
    expected_a = 0.5 * 0.3 + 0.2 * 0.5 + 0.3 * 0.6
    expected_b = 0.5 * 0.1 + 0.2 * 0.5 + 0.3 * 0.8
    found = grade_expected(three, category, grade, war, learn)
    np.testing.assert_allclose(found, [expected_a] * 2 + [expected_b] * 3)


def test_a_ranked_probability_score_counts_how_far_off_a_forecast_is():
    sure = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    accepted = np.array([2, 2, 2])
    np.testing.assert_allclose(ranked_probability_score(sure, accepted), [1.0, 0.5, 0.0])
    # a third each, and the middle came: (1/3 - 0)^2 and (2/3 - 1)^2, halved
    np.testing.assert_allclose(ranked_probability_score(np.full((1, 3), 1 / 3), np.array([1])), [1 / 9])


def test_a_chance_as_three_keeps_its_mean():
    chances = spread_over_categories(np.array([0.0, 0.3, 1.0]))
    np.testing.assert_allclose(chances, [[1, 0, 0], [0.49, 0.42, 0.09], [0, 0, 1]])
    np.testing.assert_allclose(chances @ [0, 0.5, 1], [0.0, 0.3, 1.0])


def test_the_interval_over_wars_is_students():
    """Means 1, 2, 3: standard error 1/sqrt(3), and t of 2 degrees of freedom is 4.3027."""
    np.testing.assert_allclose(over_wars(np.array([1.0, 2.0, 3.0])), [2.0, 2 - 2.4842, 2 + 2.4842], atol=1e-4)
    mean, low, high = over_wars(np.array([1.0, 2.0, np.nan]))
    assert mean == 1.5
    assert np.isnan([low, high]).all()  # two wars tell nothing of others


def test_wars_count_alike_however_many_answers_they_have():
    np.testing.assert_allclose(weights(np.array(["a", "a", "a", "b"])), [2 / 3, 2 / 3, 2 / 3, 2.0])


def test_a_base_rate_is_that_of_the_other_wars():
    grade, war = np.array([1.0, 0.0, 0.0, 1.0, 1.0, 0.4]), np.array(["a", "a", "b", "c", "c", "c"])
    learn = np.array([True, True, True, True, True, False])
    np.testing.assert_allclose(by_the_other_wars(grade, war, learn)[[0, 2, 3]], [0.5, 0.75, 0.25])


def test_nothing_is_learnt_from_the_war_that_is_forecast():
    rng = np.random.Generator(np.random.PCG64(1))
    table, war = rng.normal(size=(60, 3)), np.repeat(["a", "b", "c", "d"], 15)
    grade = (table[:, 0] > 0).astype(float)
    learn = np.ones(60, dtype=bool)
    before = logistic(table, grade, war, (0.1, 1.0), learn)
    other = np.where(war == "a", 1 - grade, grade)
    after = logistic(table, other, war, (0.1, 1.0), learn)
    np.testing.assert_array_equal(before[war == "a"], after[war == "a"])
    assert (before[war == "b"] != after[war == "b"]).all()
    assert ((before > 0.5) == (table[:, 0] > 0)).mean() >= 0.9  # and what there is to learn is learnt


def test_a_forecast_that_means_what_it_says_has_slope_one_and_a_bolder_one_less():
    chance = np.tile([0.2, 0.5, 0.8], 30)
    grade, war = chance.copy(), np.repeat(["a", "b", "c"], 30)
    assert slope(chance, grade, war)[0] == pytest.approx(1.0, abs=1e-3)
    odds = 2 * np.log(chance / (1 - chance))
    assert slope(1 / (1 + np.exp(-odds)), grade, war)[0] == pytest.approx(0.5, abs=1e-3)
    assert np.isnan(slope(np.full(90, 0.4), grade, war)).all()


def test_conditions_are_those_coded_before_the_answer(wars):
    (case, *_) = load_cases(wars)
    rows = dict(zip((item.name for item in case.asked), conditions(case), strict=True))

    def of(answer, name):
        return rows[answer][CONDITIONS.index(name)]

    assert of("one.N", "fortune in battle") == 2
    assert of("one.N", "share of strength") == pytest.approx(0.2)  # 0.7 of two parties
    assert np.isnan(of("two.S", "share of strength"))
    assert of("one.N", "sponsors' leverage") == pytest.approx(0.2)  # 0.4, with half of its attention
    assert of("two.N", "sponsors' leverage") == pytest.approx(0.4)  # the mediator turned keener on 5 February
    assert of("three.S", "opponents' leverage") == pytest.approx(0.2)
    assert of("one.N", "content of the terms") == pytest.approx(0.4)  # from 50 off to 10 off
    assert of("one.S", "content of the terms") == pytest.approx(-0.4)
    assert of("one.N", "earlier answers") == 0.5
    assert of("three.S", "earlier answers") == pytest.approx(0.75)  # 0.5 and 1
    assert of("three.S", "last answer") == 1
    assert (of("two.N", "signed"), of("two.N", "mediated"), of("three.S", "unilateral")) == (1, 1, 1)


def test_an_answer_is_what_its_word_says_and_else_what_its_grade_says():
    record = load_cases("libya-2019-2020")[0].records[0]
    assert category(record.model_copy(update={"given": "silent", "answer": 0.6})) == 0
    assert [category(record.model_copy(update={"given": None, "answer": x})) for x in (0.2, 0.25, 0.74, 0.75)] == [
        0,
        1,
        1,
        2,
    ]


def test_a_front_that_is_not_given_leaves_offers_and_arms_as_they_were(wars):
    scenario = load_cases(wars)[0].scenario
    free = without_changes(scenario, "control")
    assert [event.name for event in free.events] == ["one", "keener", "two", "three"]


def test_three_wars_are_forecast_and_scored(wars, tmp_path):
    theirs = pd.DataFrame(
        [(war, offer, party, 0.5) for war in WARS for offer in ("one", "two", "three") for party in ("N", "S")],
        columns=["war", "offer", "party", "chance"],
    )
    theirs.to_csv(tmp_path / "theirs.csv", index=False)
    found = sim.benchmark(wars, runs=40, forecasts=[tmp_path / "theirs.csv"])
    score = found.result.mean_score.sel(coding="settled", part="others' offers", score="brier", bound="value")
    assert (
        float(score.sel(forecast="theirs")) == pytest.approx(float(score.sel(forecast="a coin"))) == pytest.approx(0.25)
    )
    # by hand: answers of others' offers are graded .1n .5+.1n .9 1 0, so that the least possible is g (1 - g)
    least = np.mean([np.mean([a * (1 - a), b * (1 - b), 0.09, 0, 0]) for a, b in ((0, 0.5), (0.1, 0.6), (0.2, 0.7))])
    assert float(score.sel(forecast="the grade itself (least possible)")) == pytest.approx(least)
    assert found.summary["answers"]["settled"] == {"others' offers": 15, "own offers": 3, "all": 18}
    assert {MODEL, RATE, RIDGE} <= set(found.result.forecast.values)
    assert len(found.rows) == 18
    assert "model" in str(found)
    assert set(sim.plot(found)) == {"benchmark"}


def test_an_answer_given_after_the_offer_was_made_is_no_condition(wars):
    file = wars / "first" / "answers.csv"
    lines = file.read_text().splitlines()
    dates = ["date", "2020-02-10", "2020-02-09", "2020-02-11", "2020-02-12", "2020-03-10", "2020-03-10"]
    file.write_text("\n".join(f"{line},{date}" for line, date in zip(lines, dates, strict=True)))
    case = load_cases(wars / "first")[0]
    rows = dict(zip((item.name for item in case.asked), conditions(case), strict=True))
    last = CONDITIONS.index("last answer")
    assert rows["two.N"][last] == 0.5  # its 0 was given on the day of the second offer
    assert rows["two.S"][last] == 0.5 == rows["two.S"][last - 1]  # the day before: it was half a yes
    assert rows["three.N"][last] == 0.9


def test_a_copy_of_the_whole_table_may_be_entered(wars, tmp_path):
    with_coder(wars)
    rows = sim.benchmark(wars, runs=5).rows
    assert set(rows["coding"]) == {"settled", "A"}
    rows["chance"] = np.where(rows["coding"] == "settled", 0.5, 0.9)
    rows.to_csv(tmp_path / "ours.csv", index=False, sep=";", decimal=",", encoding="utf-8-sig")
    found = sim.benchmark(wars, runs=5, forecasts=[tmp_path / "ours.csv"])
    ours = found.rows.query("coding == 'settled'")["ours"]
    assert set(ours) == {0.5}
    assert list(found.result.forecast.values)[-1] == "the grade itself (least possible)"


def with_coder(wars):
    """Give each war the tables of one coder."""
    for war in wars.iterdir():
        shutil.copytree(war, war / "A")
        (war / "war.toml").write_text((war / "war.toml").read_text() + 'coders = ["A"]\n')


def test_a_forecast_takes_the_name_of_no_other(wars, tmp_path):
    rows = sim.benchmark(wars, runs=5).rows.assign(chance=0.5)
    rows.to_csv(tmp_path / "model.csv", index=False)
    with pytest.raises(ScenarioError, match="there is a forecast 'model' already; name the file otherwise"):
        sim.benchmark(wars, runs=5, forecasts=[tmp_path / "model.csv"])


def test_a_coder_whose_tables_are_missing_is_not_passed_over(wars):
    with_coder(wars)
    file = wars / "second" / "war.toml"
    file.write_text(file.read_text().replace('["A"]', '["A", "B"]'))
    with pytest.raises(ScenarioError, match="second: the tables of the coder 'B' are missing"):
        load_cases(wars)


@pytest.mark.parametrize(
    "answers",
    [
        "one,N,accept,1\none,S,accept,1\ntwo,N,accept,1\n",  # nobody ever refuses
        "three,N,accept,1\n",  # its own offer
        "one,N,refuse,0.2\n",
    ],
)
def test_few_answers_get_scores_and_no_verdict(wars, answers):
    for name in WARS[1:]:
        (wars / name / "answers.csv").write_text("offer,party,answer,grade\n" + answers)
    found = sim.benchmark(wars, runs=5)
    assert "to tell how it forecasts" in " ".join(found.summary["verdict"])
    assert not any("beats" in line or "loses" in line for line in found.summary["verdict"])


def test_where_nobody_ever_refused_a_yes_is_learnt():
    war = np.repeat(["a", "b", "c", "d"], 2)
    grade = np.array([1.0, 1, 1, 1, 1, 1, 0, 1])
    table = np.arange(8.0)[:, None]
    learnt = logistic(table, grade, war, (0.1, 1.0), np.ones(8, dtype=bool))
    np.testing.assert_array_equal(learnt[6:], [1, 1])
    assert np.isnan(slope(np.linspace(0.2, 0.8, 8), np.ones(8), war)[0])


def test_two_wars_say_nothing_of_calibration(wars):
    words = " ".join(sim.benchmark(wars, runs=5).summary["verdict"])
    assert "calibration slope" in words
    shutil.rmtree(wars / "third")
    assert "not surely off" not in " ".join(sim.benchmark(wars, runs=5).summary["verdict"])


def test_one_war_of_few_offers_gets_no_verdict(wars):
    found = sim.benchmark(wars / "first", runs=20)
    assert "5 answers to 3 offers in 1 war" in found.summary["verdict"][0]
    assert "Too few answers to tell" in found.summary["verdict"][0]
    assert RIDGE not in found.result.forecast.values


def test_one_war_of_many_offers_is_judged_over_its_offers(tmp_path):
    found = sim.benchmark("wars/karabakh-2020", runs=20)
    again = sim.load(sim.save(found, tmp_path / "benchmark.nc"))
    assert list(again.truce.values) == list(found.result.truce.values)  # names, not yes and no
    assert set(sim.plot(again)) == {"benchmark"}
    mean = found.result.mean_score.sel(coding="settled", part="others' offers", score="brier", forecast=MODEL).values
    assert mean[1] < mean[0] < mean[2]
    np.testing.assert_allclose(mean, found.result.within.sel(coding="settled", forecast=MODEL).values[0])
    assert "over the offers of this war; of others it tells nothing" in found.summary["verdict"][1]


def test_codings_that_are_asked_for_are_scored_and_no_others():
    found = sim.benchmark("wars/karabakh-2020", runs=5, codings=["B"])
    assert set(found.result.coding_of.values) == {"B"}
    with pytest.raises(ScenarioError, match="`codings` C: none of the wars has such a coding"):
        sim.benchmark("wars/karabakh-2020", runs=5, codings=["C"])


def test_a_regression_on_a_small_table_holds_to_one_thread(monkeypatch):
    """Threads that wait for each other made ten wars' regressions take fifteen times as long on a busy machine."""
    from threadpoolctl import threadpool_info

    during = []
    fit = learner().fit
    monkeypatch.setattr(
        learner(), "fit", lambda *args, **kwargs: [during.extend(threadpool_info()), fit(*args, **kwargs)][1]
    )
    regression(np.eye(4), np.array([0.0, 1.0, 0.0, 1.0]), np.ones(4), 1.0)
    assert {library["num_threads"] for library in during} == {1}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("war,offer,party,chanse\n", "the column 'chance' is missing. Did you mean 'chanse'?"),
        (
            "war,offer,party,chance\nfirst,one,N,40\n",
            "row 2, column chance: '40' is no chance from 0 to 1. In per cent?",
        ),
        ("war,offer,party,chance\nfirst,one,N,0.4\nfirst,one,N,0.4\n", "row 3: a second forecast of first one N."),
        ("war,offer,party,chance\nfirst,one,N,0.4\n", "no forecast of first one S, and 16 more."),
        ("", "empty; its first line names the columns."),
        (
            "war,offer,party,chance\n"
            + "".join(f"{war},{o},{p},0.5\n" for war in WARS for o in ("one", "two", "three") for p in "NS")
            + "first,four,N,1\n",
            "no answer first four N is among the observed ones.",
        ),
    ],
)
def test_an_entered_forecast_that_does_not_fit_is_refused(wars, tmp_path, text, message):
    (tmp_path / "theirs.csv").write_text(text)
    with pytest.raises(ScenarioError) as refused:
        sim.benchmark(wars, runs=5, forecasts=[tmp_path / "theirs.csv"])
    assert message in str(refused.value)


def test_what_is_no_folder_of_wars_is_refused(wars, tmp_path):
    with pytest.raises(ScenarioError, match="warz: no such file, and no bundled scenario of that name"):
        sim.benchmark(tmp_path / "warz")
    for name in WARS:
        (wars / name / "answers.csv").unlink()
    with pytest.raises(ScenarioError, match="has observed answers"):
        sim.benchmark(wars)
    shutil.rmtree(wars)
    wars.mkdir()
    with pytest.raises(ScenarioError, match="no scenarios in it"):
        sim.benchmark(wars)
