"""The terms that all would accept, in conflicts small enough to be worked out by hand."""

import json

import numpy as np
import pytest

import simulation as sim
from simulation.questions.bargain import bargain as ask
from simulation.questions.bargain.ask import occasion_of
from simulation.questions.bargain.situation import situation
from simulation.runs.ensemble import run_ensemble
from simulation.scenario import ScenarioError


def bargain(*given, **options):
    """The dataset of the answer."""
    return ask(*given, **options).result


STAKES = """
[issues.land]
title = "the valley"
low = "all of it Blue's"
high = "all of it Red's"
now = 50

[issues.arms]
now = 50
"""


def want(party, issue, best, weight, more=""):
    return f"""
[[wants]]
party = "{party}"
issue = "{issue}"
want = {{ best = {best}{more}, assumed = "made up" }}
weight = {{ best = {weight}, assumed = "made up" }}
"""


TRADE = (
    STAKES
    + want("Red", "land", 100, 0.8)
    + want("Red", "arms", 100, 0.2)
    + want("Blue", "land", 0, 0.2)
    + want("Blue", "arms", 0, 0.8)
)
"""Each would have all of both, and cares four times as much for one as for the other."""

CONTENT = {
    f"coefficients.answers.{key}": value
    for key, value in {"content": 50.0, "reserve": 0, "mood_half_life": 0, "bar_call": 0, "spurned": 0}.items()
}
"""All that terms and a call that is not watched hang on, so that defaults may move."""


def logistic(x):
    return 1 / (1 + np.exp(-x))


def terms(result, package):
    return result.points.sel(package=package).to_series().to_dict()


def chances(result, package):
    return result.chance.sel(package=package).values


@pytest.fixture(scope="module")
def trade(still):
    """Red and Blue stand at the threshold; half of the way to all that one wants is worth 25 points."""
    return bargain(still(TRADE, CONTENT), "first", runs=20, points=1)


def test_each_gets_what_it_cares_for_and_gives_the_other_what_it_cares_for(trade):
    assert terms(trade, "best for all") == {"land": 100, "arms": 0}
    # 50 (0.8 × 50 - 0.2 × 50) / 100 = 15 points for each
    np.testing.assert_allclose(trade.gain.sel(package="best for all"), [15, 15])
    np.testing.assert_allclose(chances(trade, "best for all"), logistic(1.5))
    assert float(trade["all"].sel(package="best for all")) == pytest.approx(logistic(1.5) ** 2)
    assert float(trade.more.sel(package="best for all")) == pytest.approx(logistic(1.5) ** 2 - 0.25)


def test_the_favourite_of_a_party_is_all_that_it_wants(trade):
    assert terms(trade, "best for Red") == {"land": 100, "arms": 100}
    np.testing.assert_allclose(chances(trade, "best for Red"), [logistic(2.5), logistic(-2.5)])
    assert terms(trade, "best for Blue") == {"land": 0, "arms": 0}


def test_between_the_favourites_the_cheaper_concession_is_made_first(trade):
    # Half way between its ends Red stands at the threshold. Blue then keeps the arms, and Red gets of the land what
    # makes up for them: 0.8 × 12.5 = 0.2 × 50. Blue gains 50 (0.8 × 50 - 0.2 × 12.5) / 100 = 18.75 points.
    assert terms(trade, "frontier 1") == pytest.approx({"land": 62.5, "arms": 0}, abs=1e-3)
    np.testing.assert_allclose(chances(trade, "frontier 1"), [0.5, logistic(1.875)], atol=1e-5)


def test_one_issue_alone_moves_towards_whom_it_matters_to(trade):
    # y points of land more are worth 0.4 y to Red and cost Blue 0.1 y. Where logistic(0.04 y) logistic(-0.01 y) is
    # greatest, 0.04 (1 - logistic(0.04 y)) = 0.01 (1 - logistic(-0.01 y)), or 4 + 4 e^(-0.01 y) = 1 + e^(0.04 y):
    # 6.600 on either side at y = 43.07. Arms the other way round.
    assert terms(trade, "land alone")["land"] == pytest.approx(93.07, abs=0.01)
    assert np.isnan(terms(trade, "land alone")["arms"])
    assert terms(trade, "arms alone")["arms"] == pytest.approx(6.93, abs=0.01)


def test_the_models_settle_on_what_they_would_by_themselves(trade):
    # weights by influence and salience, both of the same influence: 0.8 × 100 + 0.2 × 0
    assert terms(trade, "weighted mean") == pytest.approx({"land": 80, "arms": 20})
    assert terms(trade, "weighted median") == {"land": 100, "arms": 0}
    # Red gives up arms, Blue land, till each outcome is where the one who cares would have it
    assert terms(trade, "exchange model") == pytest.approx({"land": 100, "arms": 0})


def test_as_now_nothing_is_put_forward(trade):
    for package in ("as tabled", "as now"):
        assert np.isnan(trade.points.sel(package=package)).all()
        np.testing.assert_allclose(chances(trade, package), 0.5)


def test_one_issue_is_shared_so_that_both_are_as_willing(still):
    # Blue stands ten points above the threshold, Red at it: logistic(u) logistic(1 - u) is greatest at u = 1/2, five
    # points for Red, which are a tenth of what the valley is worth.
    text = STAKES + want("Red", "land", 100, 1) + want("Blue", "land", 0, 1)
    result = bargain(still(text, CONTENT | {"actors.Blue.stance": 60}), "first", runs=10)
    assert terms(result, "best for all")["land"] == pytest.approx(60, abs=1e-3)
    np.testing.assert_allclose(chances(result, "best for all"), logistic(0.5), atol=1e-6)
    assert np.isnan(terms(result, "best for all")["arms"])  # nobody cares


def test_what_everybody_wants_is_best(still):
    text = STAKES + want("Red", "land", 90, 0.5) + want("Blue", "land", 90, 1) + want("Red", "arms", 70, 0.5)
    result = bargain(still(text, CONTENT), "first", runs=10)
    for package in ("best for all", "best for Red", "best for Blue"):
        assert terms(result, package) == {"land": 90, "arms": 70}
    assert float(result["all"].max()) == float(result["all"].sel(package="best for all"))
    assert "frontier" not in result.kind.values  # there is nothing to trade


@pytest.fixture(scope="module")
def noisy(tell):
    """North and South at war, with luck and wants that are not sure, over land as it is held, arms and oil."""
    more = """
[issues.land]
now = "control.North"

[issues.arms]
now = 20

[issues.oil]
now = 60

[[events]]
on = 2020-01-03
offer = { id = "call", sponsors = ["Patron", "Friend"], terms = { arms = 40 } }

[[events]]
on = 2020-01-06
offer = { id = "text", sponsors = ["Friend"], form = "signed", terms = { arms = 60, oil = 30 } }
"""
    spread = ", low = {}, high = {}".format
    more += want("North", "land", 95, 0.5, spread(80, 100)) + want("North", "arms", 10, 0.2, spread(0, 30))
    more += want("North", "oil", 80, 0.3) + want("South", "land", 10, 0.3, spread(0, 40))
    more += want("South", "arms", 90, 0.5, spread(60, 100)) + want("South", "oil", 0, 0.2)
    return tell("two", more, {"coefficients.answers.content": 40, "coefficients.answers.mood_half_life": 30})


@pytest.mark.parametrize("uncertain", [False, True])
def test_chances_are_those_of_runs_with_these_terms(noisy, uncertain):
    """Nothing is simulated anew for a package, and yet a run with its terms gives the same, moods and all."""
    result = bargain(noisy, "text", runs=40, seed=3, points=1, uncertain=uncertain)
    for package in ("as tabled", "best for all", "frontier 1"):
        put = {f"events.text.offer.terms.{issue}": value for issue, value in terms(result, package).items()}
        put = {key: value for key, value in put.items() if not np.isnan(value)}
        run = run_ensemble(noisy.replace(put), 40, 3, uncertain=uncertain).chance.sel(offer="text")
        np.testing.assert_allclose(chances(result, package), run.mean("run"), rtol=1e-12)
        together = float(run.prod("party").mean("run"))
        assert float(result["all"].sel(package=package)) == pytest.approx(together, rel=1e-12)


@pytest.mark.parametrize("uncertain", [False, True])
def test_no_package_drawn_blindly_does_better(noisy, uncertain):
    result = bargain(noisy, "text", runs=40, points=4, uncertain=uncertain)
    here = situation(noisy, *occasion_of(noisy, "text"), 40, 1, uncertain=uncertain)
    blind = np.random.Generator(np.random.SFC64(1)).uniform(0, 100, (3000, 3))
    short = 1e-3 if uncertain else 0  # wants differ by run: the nodes are only some of them
    assert (here.together(blind).mean(axis=-1) <= float(result["all"].sel(package="best for all")) + short).all()
    north, south = np.moveaxis(here.chances(here.willing(blind)).yes.mean(axis=1), -1, 0)
    edge = result.isel(package=result.kind.values == "frontier").chance.values
    for first, second in edge:
        assert not ((north > first + short) & (south > second + short)).any()


def test_along_the_frontier_the_one_gains_what_the_other_loses(noisy):
    result = bargain(noisy, "text", runs=40, points=4)
    first, second = result.isel(package=result.kind.values == "frontier").chance.values.T
    ends = [chances(result, f"best for {party}")[0] for party in ("South", "North")]
    np.testing.assert_allclose(first, np.linspace(*ends, 6)[1:-1], rtol=1e-5)
    assert (np.diff(second) < 0).all()


def test_the_same_seed_gives_the_same_answer(noisy):
    first, again, other = (bargain(noisy, "text", runs=10, seed=seed, points=1) for seed in (2, 2, 5))
    assert first.identical(again)
    assert not first.equals(other)


def test_issues_that_may_not_move_stay_as_tabled_or_where_they_are_put(noisy):
    free = bargain(noisy, "text", runs=10, points=1, issues=["land"])
    for package in ("best for all", "best for South", "frontier 1", "exchange model"):
        assert terms(free, package)["arms"] == 60
        assert terms(free, package)["oil"] == 30
    put = bargain(noisy, "text", runs=10, points=0, fixed={"arms": 45, "oil": "now"})
    assert terms(put, "best for all")["arms"] == 45
    assert np.isnan(terms(put, "best for all")["oil"])
    assert terms(put, "as tabled")["arms"] == 60


def test_one_party_alone_gets_what_it_wants(still):
    result = bargain(still(TRADE, CONTENT | {"events.first.offer.to": ["Red"]}), "first", runs=10)
    assert list(result.party.values) == ["Red"]
    assert terms(result, "best for all") == {"land": 100, "arms": 100}
    assert float(result["all"].sel(package="best for all")) == pytest.approx(logistic(2.5))


def test_three_parties_have_a_best_package_each_and_no_frontier(tell):
    text = """
[issues.land]
now = 50

[[events]]
on = 2020-01-02
offer = { id = "call", sponsors = ["Envoy"] }
"""
    text += want("Red", "land", 100, 1) + want("Green", "land", 40, 1) + want("Blue", "land", 0, 1)
    scenario = tell("three", text, CONTENT | {"coefficients.opinion.noise": 0, "coefficients.battle.noise": 0})
    result = bargain(scenario, "call", runs=10)
    assert [terms(result, f"best for {party}")["land"] for party in ("Red", "Green", "Blue")] == [100, 40, 0]
    grid = (
        situation(scenario, *occasion_of(scenario, "call"), 10, 1)
        .together(np.linspace(0, 100, 1001)[:, None])
        .mean(axis=-1)
    )
    assert float(result["all"].sel(package="best for all")) >= grid.max()
    assert "frontier" not in result.kind.values


def test_of_an_offer_that_stands_one_time_is_asked(still):
    scenario = still(TRADE, CONTENT | {"events.first.offer.every": 3, "actors.Red.stance": 40})
    assert bargain(scenario, "first", runs=5, points=0).attrs["offer"] == "first-1"
    assert bargain(scenario, "first-3", runs=5, points=0).attrs["offer"] == "first-3"


def test_an_offer_that_is_not_always_made_counts_the_runs_in_which_it_is(still):
    scenario = still(TRADE, CONTENT | {"events.first.probability": 0.5, "events.first.id": "perhaps"})
    finding = ask(scenario, "first", runs=100, points=0)
    assert 30 < finding.summary["made_in"] < 70
    assert chances(finding.result, "best for all") == pytest.approx(logistic(1.5))
    assert f"made in {finding.summary['made_in']} of 100 runs" in str(finding)


def test_where_terms_do_not_count_that_is_said(still):
    with pytest.raises(ScenarioError, match=r"coefficients\.answers\.content is 0, so terms do not count"):
        bargain(still(TRADE, CONTENT | {"coefficients.answers.content": 0}), "first", runs=5)


@pytest.mark.parametrize(
    ("more", "offer", "options", "words"),
    [
        (TRADE, "frist", {}, "Did you mean 'first'"),
        ("", "first", {}, r"no issues to bargain over.*\[issues.NAME\]"),
        (STAKES, "first", {}, r"no issue counts for Red and Blue.*\[\[wants\]\]"),
        (TRADE, "first", {"issues": ["lnad"]}, "Did you mean 'land'"),
        (TRADE, "first", {"issues": ["land"], "fixed": {"land": 3}}, "cannot both move and be fixed"),
        (TRADE, "first", {"fixed": {"land": 300}}, "land: 300; a number from 0 to 100"),
        (TRADE, "first", {"fixed": {"land": "here"}}, "or 'now'"),
        (TRADE, "first", {"fixed": {"land": 3, "arms": "now"}}, "leave one free"),
        (TRADE, "first", {"points": -1}, "0 or more"),
        (TRADE, "first", {"runs": 0}, "runs = 0"),
    ],
)
def test_what_cannot_be_asked_is_said(still, more, offer, options, words):
    with pytest.raises(ScenarioError, match=words):
        bargain(still(more, CONTENT), offer, **{"runs": 5, **options})


def test_it_is_said_in_words_numbers_and_files(still, ceasefire):
    finding = ask(still(TRADE, CONTENT), "first", runs=20, points=1)
    text = str(finding)
    assert "As tabled both accept with a chance of 25.0 %" in text
    assert "the valley as now → 100, arms as now → 0" in text
    assert "the valley (land): 0 all of it Blue's … 100 all of it Red's" in text
    best = next(row for row in finding.summary["packages"] if row["kind"] == "best")
    assert best["terms"] == {"land": 100, "arms": 0}
    assert best["parties"]["Red"]["chance"] == pytest.approx(logistic(1.5))
    assert list(finding.rows.columns[:4]) == ["package", "kind", "terms.land", "terms.arms"]
    json.dumps(finding.summary, allow_nan=False)


def test_a_yes_without_conditions_is_told_apart(still):
    # ten points of reserve: with conditions at 50 + 15 + 10, without at 50 + 15 - 10
    finding = ask(still(TRADE, CONTENT | {"coefficients.answers.reserve": 10}), "first", runs=10, points=0)
    np.testing.assert_allclose(chances(finding.result, "best for all"), logistic(2.5))
    assert float(finding.result.all_in_full.sel(package="best for all")) == pytest.approx(logistic(0.5) ** 2)
    assert "without conditions" in str(finding)


def test_where_the_answer_is_known_the_chances_are_what_the_model_gives(still):
    record = """
[[record]]
offer = "first"
party = "Red"
answer = 0.0
on = 2020-01-03
"""
    known = still(TRADE + record, CONTENT).as_of("2020-01-08")
    finding = ask(known, "first", runs=10, points=0)
    assert "How it was answered is known by then" in str(finding)
    np.testing.assert_allclose(chances(finding.result, "best for all"), logistic(1.5))


def test_the_command_takes_what_the_function_takes(still, ceasefire, tmp_path):
    (tmp_path / "mine.toml").write_text(still(TRADE).as_toml())
    words = ("bargain", "mine.toml", "--offer", "first", "--runs", "10", "--points", "0")
    code, said, wrong = ceasefire(*words, "--set", "coefficients.answers.content=50", "--fixed", "arms=40", "--json")
    assert code == 0, wrong
    assert {row["terms"]["arms"] for row in json.loads(said)["packages"] if row["kind"] == "best"} == {40}
    code, out, wrong = ceasefire(*words, "--set", "coefficients.answers.content=50", "--out", "there")
    assert code == 0, wrong
    assert "bargain.nc, .json, .csv, .png, bargain-issues.csv, bargain-frontier.png" in out
    assert set(sim.plot(sim.load(tmp_path / "there" / "bargain.nc"))) == {"bargain", "bargain-frontier"}
    code, _, wrong = ceasefire(*words, "--set", "coefficients.answers.content=50", "--issues", "land,amrs")
    assert code == 2
    assert "Did you mean 'arms'" in wrong
    code, _, wrong = ceasefire(*words, "--fixed", "arms=40", "--fixed", "arms=now")
    assert code == 2
    assert "named twice" in wrong
    code, _, wrong = ceasefire(*words, "--set", "coefficients.answers.content=50", "--fixed", "arms")
    assert code == 2
    assert "ISSUE=POINT" in wrong


def test_the_pictures_name_packages_issues_and_parties(trade):
    from simulation.show.plots.bargain import figures

    made = figures(trade)
    assert set(made) == {"bargain", "bargain-frontier"}
    written = {text.get_text() for ax in made["bargain"].axes for text in ax.texts}
    assert {"best for all", "exchange model", "the valley", "67 %"} <= written
    written = {text.get_text() for ax in made["bargain-frontier"].axes for text in ax.texts}
    assert "best for all: 67 %" in written
