"""Scores and baselines by hand, what a hindcast is told, and what validation and ablation say."""

import json
from datetime import date

import numpy as np
import pytest
from typer.testing import CliRunner

import simulation as sim
from simulation.cli import app
from simulation.dynamics.simulate import History
from simulation.questions.record.ablation import PARTS as ABLATED
from simulation.questions.record.ablation import WHOLE
from simulation.questions.record.ablation import ablate as ask_ablate
from simulation.questions.record.baselines import base_rate, last_answer, loser_accepts, loser_accepts_more, mean_stance
from simulation.questions.record.describe import verdict
from simulation.questions.record.fighting import truce_spells
from simulation.questions.record.hindcast import MODEL, answers_on_record, hindcast
from simulation.questions.record.scores import bootstrap_mean, brier, log_score, reliability
from simulation.questions.record.validation import FITTED, FLOOR, UNTOLD
from simulation.questions.record.validation import validate as ask_validate
from simulation.runs.ensemble import run_ensemble
from simulation.runs.results import history_of
from simulation.runs.results.survival import of_spells


def ablate(*given, **options):
    """The dataset of the answer."""
    return ask_ablate(*given, **options).result


def validate(*given, **options):
    """The dataset of the answer."""
    return ask_validate(*given, **options).result


TWO_OFFERS = """
schema = 1
title = "Two offers"
start = 2021-01-01
step_days = 1
steps = 40

[coefficients.answers]
threshold = 50
temperature = 10
reserve = 0
bar_call = 0
pull = 1
mood_half_life = 0

[coefficients.truces]
breach = 10
forgiving = 90
shape = 1

[actors.North]
roles = ["party"]
stance = {{ best = {stance}, assumed = "test" }}
salience = {{ best = 100, assumed = "test" }}
influence = {{ best = 50, assumed = "test" }}

[actors.South]
roles = ["party"]
stance = {{ best = {stance}, assumed = "test" }}
salience = {{ best = 100, assumed = "test" }}
influence = {{ best = 50, assumed = "test" }}

[actors.Envoy]
roles = ["mediator"]
stance = {{ best = 90, assumed = "test" }}
salience = {{ best = 50, assumed = "test" }}
influence = {{ best = 20, assumed = "test" }}

[[events]]
on = 2021-01-05
offer = {{ id = "first", sponsors = ["Envoy"] }}

[[events]]
on = 2021-01-20
offer = {{ id = "second", sponsors = ["North"] }}

[[record]]
offer = "first"
party = "North"
answer = {first}
fortune = 1

[[record]]
offer = "first"
party = "South"
answer = {first}
fortune = -1

[[record]]
offer = "second"
party = "North"
answer = 1.0

[[record]]
offer = "second"
party = "South"
answer = 0.0
fortune = -2
"""


def two_offers(tmp_path, stance=50, first=1.0):
    file = tmp_path / "two-offers.toml"
    file.write_text(TWO_OFFERS.format(stance=stance, first=first))
    return sim.load_scenario(file)


def test_a_perfect_forecast_scores_0_and_a_coin_a_quarter_whatever_comes():
    np.testing.assert_allclose(brier(np.array([1.0, 0.0]), np.array([1.0, 0.0])), 0.0)
    np.testing.assert_allclose(brier(np.full(3, 0.5), np.array([0.0, 0.3, 1.0])), 0.25)


def test_a_graded_answer_is_scored_as_a_yes_by_its_grade_and_a_no_by_the_rest():
    # 0.7 of (1 - 0.9)^2 and 0.3 of 0.9^2: 0.007 + 0.243
    np.testing.assert_allclose(brier(np.array([0.9]), np.array([0.7])), [0.25])
    # no forecast of it does better than the grade itself, which costs 0.7 * 0.3
    np.testing.assert_allclose(brier(np.array([0.7]), np.array([0.7])), [0.21])


def test_the_log_of_a_coin_is_ln_2_and_a_false_certainty_costs_no_more_than_two_in_a_hundred():
    np.testing.assert_allclose(log_score(np.full(2, 0.5), np.array([0.0, 1.0])), np.log(2))
    np.testing.assert_allclose(log_score(np.array([0.0]), np.array([1.0])), [-np.log(0.02)])


TEN = np.repeat([f"offer {number}" for number in range(10)], 2)
"""The offers of twenty answers, two to each."""


def test_the_bootstrap_holds_a_constant_still_and_brackets_a_mean():
    np.testing.assert_allclose(bootstrap_mean(np.full(20, 0.2), TEN), [0.2, 0.2, 0.2])
    mean, low, high = bootstrap_mean(np.tile([0.0, 1.0, 1.0, 0.0], 5), TEN)
    assert mean == 0.5
    np.testing.assert_allclose([low, high], 0.5)  # both answers of an offer always make one half
    assert np.isnan(bootstrap_mean(np.empty((2, 0)), [])).all()


def test_answers_to_one_offer_are_drawn_together():
    """Twins tell no more than one of them: as ten answers, not as twenty."""
    scores = np.arange(10) / 10.0
    twins = bootstrap_mean(scores.repeat(2), TEN)
    np.testing.assert_allclose(twins, bootstrap_mean(scores, np.arange(10)))
    # the mean of ten draws has standard error sqrt(0.0825 / 10) = 0.0908, or with n - 1 0.0957; t with 9 df is 2.262
    mean, low, high = twins
    assert mean == pytest.approx(0.45)
    np.testing.assert_allclose([mean - low, high - mean], 2.262 * 0.0957, rtol=0.06)
    _, low, high = bootstrap_mean(scores.repeat(2), np.arange(20))
    np.testing.assert_allclose([mean - low, high - mean], 2.093 * 0.0957 / np.sqrt(2) * np.sqrt(18 / 19), rtol=0.06)


def test_an_offer_with_more_answers_counts_for_more():
    scores, offers = np.array([1.0, 1.0, 1.0, *np.zeros(9)]), ["a", "a", "a", *"bcdefghij"]
    mean, low, high = bootstrap_mean(scores, offers)
    assert mean == 0.25
    assert low == 0  # the offer with three answers is not drawn
    assert high > 0.6  # it is drawn four times: 12 of 18 answers


def test_fewer_than_eight_offers_give_no_interval_however_many_answers():
    mean, low, high = bootstrap_mean(np.tile([0.1, 0.3], 14), np.repeat(np.arange(7), 4))
    assert (mean, low, high) == (pytest.approx(0.2), -np.inf, np.inf)


def test_two_answers_to_one_offer_are_too_few_for_a_verdict(tmp_path):
    scenario = two_offers(tmp_path)
    scenario = scenario.model_copy(update={"record": scenario.record[:2]})
    found = ask_validate(scenario, runs=40, draws=0)
    [sentence] = verdict(found.result)
    assert sentence.startswith("Too few answers to tell: 2 answers to 1 offer (all answers)")
    assert found.summary["verdict"] == [sentence]
    assert not [word for word in ("beats", "loses", "ahead", "behind") if word in str(found)]
    assert found.summary["scores"]["model"]["all"]["brier"]["low"] is None
    assert (found.result.offers.sel(part="all"), found.result["count"].sel(part="all")) == (1, 2)


def test_january_is_too_short_a_record_for_a_verdict():
    found = ask_validate(sim.load_scenario("libya-2020-01"), runs=40, draws=0)
    assert "Too few answers to tell: 4 answers to 2 offers (answers after the split)" in str(found)
    parts = ask_ablate(sim.load_scenario("libya-2020-01"), runs=20, draws=0)
    assert "Too few answers to tell which parts earn their place before 2020-02-01: they are to 4 offers" in str(parts)
    assert {row["cost_low"] for row in parts.summary["parts"]} == {None}


def test_reliability_sorts_answers_by_what_was_forecast():
    chance, grade = np.array([0.1, 0.15, 0.95, 1.0]), np.array([0.0, 1.0, 1.0, 1.0])
    assert reliability(chance, grade) == [
        (pytest.approx(0.125), pytest.approx(0.5), 2),
        (pytest.approx(0.975), pytest.approx(1.0), 2),
    ]


def test_baselines_by_hand(tmp_path):
    asked = answers_on_record(two_offers(tmp_path, first=0.4))
    # North 0.4 (winning), South 0.4 (losing), North 1 (nothing coded), South 0 (losing)
    everything = np.ones(4, dtype=bool)
    np.testing.assert_allclose(base_rate(asked, everything), [1.4 / 3, 1.4 / 3, 0.8 / 3, 1.8 / 3])
    np.testing.assert_allclose(last_answer(asked, everything), [0.5, 0.5, 0.4, 0.4])
    np.testing.assert_allclose(loser_accepts(asked, everything), [0.0, 1.0, 0.5, 1.0])
    # groups: winning {North 0.4}, losing {South 0.4, South 0}, neither {North 1}; own answer out, one yes and one no in
    np.testing.assert_allclose(loser_accepts_more(asked, everything), [1 / 2, (0 + 1) / 3, 1 / 2, (0.4 + 1) / 3])


def test_what_is_learnt_before_the_split_is_all_that_baselines_know(tmp_path):
    asked = answers_on_record(two_offers(tmp_path, first=0.4))
    before = np.array([True, True, False, False])
    np.testing.assert_allclose(base_rate(asked, before), [0.4, 0.4, 0.4, 0.4])
    np.testing.assert_allclose(loser_accepts_more(asked, before)[3], (0.4 + 1) / 3)


def test_the_null_model_answers_for_all_by_the_weighted_mean_stance(tmp_path):
    scenario = two_offers(tmp_path)
    # (50 * 5000 + 50 * 5000 + 90 * 1000) / 11000 = 590 / 11; 3.636 above the threshold of 50, at a temperature of 10
    expected = 1 / (1 + np.exp(-(590 / 11 - 50) / 10))
    np.testing.assert_allclose(mean_stance(scenario, answers_on_record(scenario)), expected)


def test_who_makes_the_offer_is_known_to_have_made_it(tmp_path):
    asked = answers_on_record(two_offers(tmp_path))
    assert [item.own for item in asked] == [False, False, True, False]


def test_a_run_that_is_told_of_a_truce_has_one(tmp_path):
    """Both accept the first offer in the record, so fighting slackens, whatever the parties would have said themselves.

    A truce that surely breaks sows distrust; by the second offer a told run is warier than one told of a refusal.
    """
    accepted, refused = two_offers(tmp_path, first=1.0), two_offers(tmp_path, first=0.0)
    short = {"coefficients.truces.declared_days": 0.5, "coefficients.opinion.noise": 0.0}
    runs = [hindcast(scenario.replace(short), 64) for scenario in (accepted, refused)]
    np.testing.assert_allclose(runs[0][:, :2], runs[1][:, :2])  # the chance comes before what was answered
    assert runs[0][:, 2:].mean() < runs[1][:, 2:].mean() - 0.05


def test_a_graded_answer_is_told_as_a_yes_with_conditions_in_twice_its_share_of_runs(tmp_path):
    scenario = two_offers(tmp_path, first=1.0)
    alike = {"coefficients.truces.conditional": 0.0, "coefficients.truces.partial_scope": 1.0}
    short = scenario.replace({"coefficients.truces.declared_days": 0.5} | alike)
    key = {("first", "North"): 1.0, ("first", "South"): 0.5}
    yes, conditional, either, no = (
        hindcast(short, 512, grades=key | {("first", "South"): grade})[:, 3].mean() for grade in (1.0, 0.5, 0.25, 0.0)
    )
    assert conditional == yes  # a yes with conditions is one that starts a truce
    assert min(yes, no) < either < max(yes, no)


@pytest.mark.parametrize("reserve", [0, 20])
def test_a_hindcast_that_is_told_nothing_is_the_ensemble(tmp_path, reserve):
    scenario = two_offers(tmp_path).replace({"coefficients.answers.reserve": reserve})
    free = hindcast(scenario, 40, seed=3, told=False)
    result = run_ensemble(scenario, runs=40, seed=3)
    grade = (result.chance.values + result.full.values) / 2  # a yes with conditions counts one half
    np.testing.assert_array_equal(free, grade.reshape(40, 4))


def test_a_scenario_without_answers_says_what_is_missing(tmp_path):
    scenario = two_offers(tmp_path).model_copy(update={"record": ()})
    with pytest.raises(sim.ScenarioError, match="no observed answers"):
        validate(scenario)


def test_truces_are_timed_by_the_form_they_were_agreed_in(tmp_path):
    scenario = two_offers(tmp_path)
    truce = np.zeros((41, 2), dtype=bool)
    truce[5:12, 0] = True  # agreed in the step of 5 January, seven days
    truce[20:, 1] = True  # agreed on 20 January, and standing at the end
    ending = np.zeros((41, 2, 1), dtype=np.int8)
    ending[12, 0] = 1
    history = History({"pair_truce": truce[..., None], "ending": ending}, {"answer": np.ones((2, 2, 2))})
    spells = truce_spells(scenario, history)
    days, collapsed = spells["declared"]
    assert sorted(zip(days, collapsed, strict=True)) == [(7.0, True), (20.0, False)]
    assert spells["signed"][0].size == 0
    lapsed = History({**history.by_step, "ending": 2 * ending}, history.at_end)
    assert not truce_spells(scenario, lapsed)["declared"][1].any()  # over at their term, and never broken
    by_twos, _ = truce_spells(scenario.model_copy(update={"step_days": 2.0}), history)["declared"]
    assert sorted(by_twos) == [14.0, 40.0]  # the same steps, of two days each
    assert of_spells(days, collapsed).within(0.5) == 7.0  # of two, one over on day 7
    assert np.isnan(of_spells(days[1:], collapsed[1:]).within(0.5))


def test_switching_a_part_off_changes_that_part_and_nothing_else():
    scenario = sim.load_scenario("libya-2020-01")
    without = ABLATED["promised support"].off(scenario)
    assert any(tie.pledge for tie in scenario.ties)
    assert not any(tie.pledge for tie in without.ties)
    assert not any(key.endswith(".pledge") for event in without.events for key in event.set)
    assert [tie.support for tie in without.ties] == [tie.support for tie in scenario.ties]
    assert ABLATED["influence between actors"].off(scenario).rule.openness == 0


def test_a_rule_without_openness_has_no_such_part_to_switch_off():
    scenario = sim.load_scenario("libya-2020-01", {"rule": "compromise"})
    assert ABLATED["influence between actors"].off(scenario) is None


def test_ablation_costs_nothing_where_nothing_is_switched_off(tmp_path):
    found = ablate(two_offers(tmp_path), runs=20, draws=0)
    np.testing.assert_array_equal(found.cost.sel(without=WHOLE, period="before", bound="value"), 0.0)
    assert set(found.fit.values) == {"as given"}


def test_validation_of_the_war_for_tripoli():
    """Forecasts lie in their intervals, the fit is better where it was fitted, nothing beats the grade itself."""
    scenario = sim.load_scenario("libya-2019-2020")
    found = validate(scenario, runs=60, draws=150, rounds=2)
    assert found.attrs["split"] == "2020-03-01"
    assert dict(zip(found.part.values, found["count"].values, strict=True))["before"] == 19
    model = found.sel(forecast=MODEL)
    assert ((model.low <= model.chance) & (model.chance <= model.high)).all()
    scores = found.mean_score.sel(score="brier", bound="value")
    assert scores.sel(forecast=FITTED, part="before") < scores.sel(forecast=MODEL, part="before")
    assert (scores >= scores.sel(forecast=FLOOR) - 1e-12).all()
    assert UNTOLD in found.forecast.values
    base = found.lead.sel(forecast=MODEL, baseline="base rate", part="after", score="brier", bound="value")
    worse = scores.sel(forecast="base rate", part="after") - scores.sel(forecast=MODEL, part="after")
    assert float(base) == pytest.approx(float(worse))
    assert len(verdict(found)) == found.sizes["baseline"]
    assert ((found.intensity > 0) & (found.intensity <= 1)).all()


@pytest.mark.parametrize("name", ["libya-2019-2020", "libya-2019-2020-daily", "libya-2019-2020-given-front"])
def test_no_event_of_the_war_encodes_an_answer_or_moves_a_party(name):
    scenario = sim.load_scenario(name)
    moved = {key for event in scenario.events for key in (*event.set, *event.add)}
    parties = scenario.parties
    assert not {f"actors.{party}.{field}" for party in parties for field in ("stance", "base", "distrust")} & moved
    assert len({event.offer.id for event in scenario.events if event.offer}) == 18
    assert len(scenario.record) == 34
    fronts = {key for key in moved if key.endswith(".control")}
    assert bool(fronts) == ("given-front" in name)


def test_days_and_weeks_tell_the_same_story():
    """The twin by the day gives every answer nearly the chance that the weeks give it."""
    weeks, days = (sim.load_scenario(f"libya-2019-2020{twin}") for twin in ("", "-daily"))
    apart = np.abs(hindcast(weeks, 256).mean(axis=0) - hindcast(days, 256).mean(axis=0))
    assert apart.mean() < 0.05
    assert apart.max() < 0.2


def test_course_by_month_covers_the_war():
    scenario = sim.load_scenario("libya-2020-01")
    history = history_of(run_ensemble(scenario, runs=30))
    days, collapsed = truce_spells(scenario, history)["declared"]
    assert days.size >= collapsed.sum() > 0


@pytest.mark.parametrize(
    ("command", "files"),
    [
        (["validate", "--runs", "20", "--draws", "0"], {"validate.nc", "validate.csv", "validate.png"}),
        (["ablate", "--runs", "20", "--draws", "0"], {"ablate.nc", "ablate.csv", "ablate.png"}),
        (
            ["calibrate", "--draws", "60", "--rounds", "1", "--recover", "2", "--key", "coefficients.answers.pull"],
            {"calibrate.nc", "calibrate.csv", "calibrate.png", "calibrate-pairs.png", "recover.png", "recover.nc"},
        ),
    ],
    ids=["validate", "ablate", "calibrate"],
)
def test_a_command_leaves_its_dataset_table_pictures_and_summary(tmp_path, command, files):
    done = CliRunner().invoke(app, [command[0], "libya-2020-01", *command[1:], "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert files <= {file.name for file in tmp_path.iterdir()}
    assert "Libya, January 2020" in done.output


def test_with_json_nothing_but_json_is_said(tmp_path):
    command = ["calibrate", "libya-2020-01", "--draws", "60", "--rounds", "1", "--json", "--out", str(tmp_path)]
    done = CliRunner().invoke(app, command)
    assert json.loads(done.stdout) == json.loads((tmp_path / "calibrate.json").read_text())


def test_a_scenario_all_of_whose_answers_lie_before_the_split_is_scored_in_sample_only():
    found = validate(sim.load_scenario("libya-2020-01"), date(2021, 1, 1), runs=20, draws=50)
    assert not found.attrs["fitted"]
    assert np.isnan(found.mean_score.sel(part="after")).all()
    assert all("all answers" in sentence for sentence in verdict(found))


def test_an_answer_that_is_told_bears_on_the_next_where_moods_last_and_on_nothing_before():
    story = sim.load_scenario("libya-2020-01").replace({"coefficients.answers.mood_half_life": 0})
    moody = story.replace({"coefficients.answers.mood_half_life": 60})
    history = {(asked.offer, asked.party): float(asked.grade >= 0.5) for asked in answers_on_record(story)}
    told = [hindcast(scenario, 200, grades=history) for scenario in (story, moody)]
    np.testing.assert_array_equal(told[0][:, :2], told[1][:, :2])  # of those asked first nothing is known
    asked = answers_on_record(story)
    plain, taught = (found.mean(axis=0) for found in told)
    seen = {asked[0].party: asked[0], asked[1].party: asked[1]}
    for place in (2, 3):  # days later, of the same parties: likelier to say again what they said
        said = history[seen[asked[place].party].offer, asked[place].party]
        assert (taught[place] - plain[place]) * (said - 0.5) > 0
    first = [hindcast(scenario, 200, told=False)[:, :2] for scenario in (story, moody)]
    np.testing.assert_array_equal(first[0], first[1])


def test_what_is_told_while_one_scenario_is_worked_on_names_no_empty_war():
    said = []
    sim.validate(sim.load_scenario("wars/lebanon-2006"), runs=8, draws=0, progress=said.append)
    assert "truces" in said
    assert not [words for words in said if words.rstrip().endswith(",")]
