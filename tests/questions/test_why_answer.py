"""Why an offer was answered as it was: parts worked out by hand that add up, and the chance of that very run."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

import simulation as sim
from simulation.cli import app
from simulation.runs.results import load, save
from simulation.show.plots.why_answer import bars_of

WAR = """
[[ties]]
from = "Bystander"
to = "Red"
leverage = 0.25
assumed = "made up"

[issues.guns]
title = "who gives up guns"
now = 20

[[wants]]
party = "Red"
issue = "guns"
want = 100
weight = 1
assumed = "made up"

[[wants]]
party = "Blue"
issue = "guns"
want = 0
weight = 1
assumed = "made up"

[[events]]
on = 2020-01-08
label = "The text"
set = { "actors.Red.distrust" = { best = 6, assumed = "made up" } }

[events.offer]
id = "text"
sponsors = ["Envoy"]
opponents = ["Bystander"]
form = "signed"
kind = "mediated"
monitoring = { best = 0.5, assumed = "made up" }
terms = { guns = { best = 70, assumed = "made up" } }
"""

WORTH = {"coefficients.answers.content": 24.0, "coefficients.answers.bar_mediated": 3.0}

STANDING = """
[[events]]
on = 2020-01-03
offer = { id = "call", sponsors = ["Envoy"], every = 2, until = 2020-01-07 }
"""

PERHAPS = """
[[events]]
on = 2020-01-06
id = "visit"
probability = 0.4
offer = { id = "plea", sponsors = ["Envoy"], to = ["Red"] }
"""


def why(scenario, offer, party=None, **rest):
    """The dataset of the answer."""
    return sim.why(scenario, offer=offer, party=party, **rest).result


def test_every_part_by_hand(still):
    """Red, at 50: the envoy at 80 has half of the leverage and closes half of the gap; the bystander, a quarter, takes
    away a quarter of 20, half of the monitoring that is worth 20; terms at 70 instead of 20 are nearer to 100 by half
    the scale, which is worth 24; distrust 6, the bars 3 and 8. On Blue, at 50, nobody has leverage; the terms are half
    the scale further away from 0."""
    finding = sim.why(still(WAR, WORTH), offer="text", run=3)
    assert sim.why(still(WAR, WORTH), offer="text").result.party.values.tolist() == ["Red", "Blue"]
    parts = finding.summary["parties"]["Red"]["parts"]
    assert parts == {
        "stance": 50.0,
        "sponsor.Envoy": 15.0,
        "opponent.Bystander": -5.0,
        "monitoring": 10.0,
        "terms.guns": 12.0,
        "distrust": -6.0,
        "kind": -3.0,
        "signing": -8.0,
    }
    blue = finding.summary["parties"]["Blue"]["parts"]
    assert blue == {**dict.fromkeys(parts, 0.0), "stance": 50.0, "monitoring": 10.0, "terms.guns": -12.0} | {
        "kind": -3.0,
        "signing": -8.0,
    }
    red = finding.result.sel(party="Red")
    assert float(red.willingness) == pytest.approx(65)
    assert float(red.chance) == pytest.approx(0.8175744762)  # 1 / (1 + exp(-1.5))
    assert float(finding.result.sel(party="Blue").chance) == pytest.approx(0.2141650170)  # 1 / (1 + exp(1.3))


def test_what_the_coin_means_is_said_where_one_is_shown(still):
    words = str(sim.why(still(WAR, WORTH), offer="text", run=3))
    assert "The coin is drawn between 0 and 1: below the chance it is a yes" in words
    assert "The coin" not in str(sim.why(still(WAR, WORTH), offer="text", runs=8))


@pytest.mark.parametrize(
    "switch",
    [
        {},
        {"coefficients.answers.mood_half_life": 20.0, "coefficients.answers.reserve": 8.0},
        {
            "coefficients.answers.content": 40.0,
            "coefficients.answers.spurned": 10.0,
            "coefficients.answers.bar_call": 5.0,
        },
    ],
    ids=str,
)
def test_parts_add_up_and_the_chance_is_that_of_the_run_bit_for_bit(libya, switch):
    scenario = libya.replace(switch)
    result = sim.run_ensemble(scenario, runs=300, seed=4)
    for offer in ("call-renewed", "moscow-text", "berlin"):
        for run in (2, 299):
            found = why(scenario, offer, run=run, seed=4)
            np.testing.assert_allclose(found.points.sum("part"), found.willingness, rtol=0, atol=1e-11)
            for name in ("chance", "full", "answer"):
                there = result[name].sel(run=run, offer=offer)
                np.testing.assert_array_equal(found[name], there.sel(party=found.party.values), err_msg=name)
            yes = 0.5 * (found.coin < found.chance) + 0.5 * (found.coin < found.full)
            np.testing.assert_array_equal(yes, found.answer)


def test_the_mood_counts_as_the_points_that_would_make_the_chance_what_it_was(still):
    """With reserve 4 and temperature 10, P(yes) = 1 / (1 + exp(-(willingness + mood - 50 + 4) / 10))."""
    changes = {"coefficients.answers.mood_half_life": 5.0, "coefficients.answers.reserve": 4.0}
    found = why(still("", changes), "second", run=7)
    assert (np.abs(found.mood) > 0.1).all()
    np.testing.assert_allclose(1 / (1 + np.exp(-(found.willingness + found.mood - 46) / 10)), found.chance, rtol=1e-9)
    assert (why(still("", changes), "first", run=7).mood == 0).all()  # nothing was answered before


def test_many_runs_are_the_runs_one_by_one(libya):
    many = sim.why(libya, offer="moscow-text", party="LNA", runs=5, seed=2)
    ones = [why(libya, "moscow-text", "LNA", run=run, seed=2) for run in range(5)]
    np.testing.assert_array_equal(many.result.points, [one.points for one in ones])
    np.testing.assert_array_equal(many.result.chance, [one.chance for one in ones])
    assert many.summary["parties"]["LNA"]["chance"] == pytest.approx(np.mean([one.chance for one in ones]), abs=1e-4)
    shown = sum(many.summary["parties"]["LNA"]["parts"].values())
    assert shown == pytest.approx(many.summary["parties"]["LNA"]["willingness"], abs=1e-3)
    assert "coin" not in many.summary["parties"]["LNA"]


def test_uncertain_inputs_are_those_of_the_run(libya):
    result = sim.run_ensemble(libya, runs=3, seed=2, uncertain=True).sel(offer="berlin", party="LNA")
    assert float(why(libya, "berlin", "LNA", run=2, seed=2, uncertain=True).chance[0]) == float(result.chance[2])
    np.testing.assert_array_equal(
        why(libya, "berlin", "LNA", runs=3, seed=2, uncertain=True).chance[:, 0], result.chance
    )


def test_a_standing_offer_is_asked_about_by_its_occasion(still):
    scenario = still(STANDING)
    found = why(scenario, "call-3", "Red")
    assert (found.attrs["step"], found.attrs["date"]) == (6, "2020-01-07")
    with pytest.raises(sim.ScenarioError, match=r"'call' stands, and is made 3 times: name one of call-1 to call-3\."):
        why(scenario, "call")


def test_an_offer_of_the_middle_of_a_step_has_its_own_date():
    scenario = sim.load_scenario("yemen-2018-2022")
    (made,) = [event for event in scenario.events if event.offer and event.offer.id == "truce-april"]
    found = why(scenario, "truce-april")
    assert found.attrs["date"] == str(made.on)
    assert scenario.date_of(found.attrs["step"]) < made.on < scenario.date_of(found.attrs["step"] + 1)


def test_of_an_offer_that_chance_left_out_a_run_that_makes_it_is_named(still):
    scenario = still(PERHAPS)
    made = ~np.isnan(sim.run_ensemble(scenario, runs=40).answer.sel(offer="plea", party="Red").values)
    out = int(np.flatnonzero(~made)[0])
    with pytest.raises(
        sim.ScenarioError, match=rf"'plea' is not made in run {out}: .* a chance of 0\.4\. Run \d+ ma"
    ) as said:
        why(scenario, "plea", run=out)
    assert made[int(str(said.value).split("Run ")[1].split()[0])]
    many = sim.why(scenario, offer="plea", runs=40)
    assert many.result.run.values.tolist() == np.flatnonzero(made).tolist()
    assert f"the {made.sum()} of 40 runs that make it" in str(many)
    with pytest.raises(sim.ScenarioError, match="'Blue' does not answer 'plea'"):
        why(scenario, "plea", "Blue")


def test_an_answer_that_history_gave_is_said_to_be_told():
    scenario = sim.load_scenario("libya-2020-01", as_of="2020-01-12")
    finding = sim.why(scenario, offer="moscow-ankara-call", party="LNA")
    assert bool(finding.result.told[0])
    assert ("coin", "told") in {tuple(row) for part in finding.words if not isinstance(part, str) for row in part.cells}


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"offer": "moscow-txt"}, "no offer 'moscow-txt'. Did you mean 'moscow-text'"),
        ({"offer": "berlin", "party": "LNAA"}, "'LNAA' does not answer 'berlin'. Did you mean 'LNA'"),
        ({"offer": "berlin", "party": "Turkey"}, "'Turkey' does not answer 'berlin'. 'berlin' asks LNA, GNA"),
        ({"offer": "berlin", "actor": "LNA"}, "one or the other"),
        ({"offer": "berlin", "step": 3}, "one or the other"),
        ({"offer": "berlin", "run": 1, "runs": 5}, "one or the other"),
        ({"offer": "berlin", "run": -1}, "counted from 0"),
        ({"offer": "berlin", "runs": 0}, "less than 1"),
        ({"party": "LNA"}, "name the offer"),
        ({"runs": 5}, "taken apart in one run"),
    ],
)
def test_what_is_not_there_is_refused(libya, asked, message):
    with pytest.raises(sim.ScenarioError, match=message):
        sim.why(libya, **asked)


def test_an_offer_that_was_not_yet_known_is_said_to_be_later():
    scenario = sim.load_scenario("libya-2020-01", as_of="2020-01-12")
    with pytest.raises(sim.ScenarioError, match="'berlin' is of 19 January 2020, after"):
        sim.why(scenario, offer="berlin")


def test_a_negotiation_has_no_offers():
    with pytest.raises(sim.ScenarioError, match="no offer 'berlin': this scenario has none"):
        sim.why(sim.load_scenario("emission-standards"), offer="berlin")


def test_the_picture_starts_at_the_stance_and_ends_at_the_willingness(still):
    finding = sim.why(still(WAR, WORTH | {"coefficients.answers.reserve": 12.0}), offer="text")
    first, *parts, total = bars_of(finding.result.sel(party="Red"))
    assert (first.label, first.start, first.end) == ("its stance", 0.0, pytest.approx(50.0))
    assert [part.label for part in parts] == [
        "pull of Envoy",
        "objection of Bystander",
        "monitoring",
        "terms on who gives up guns",
        "distrust",
        "bar of a mediated offer",
        "bar of signing a text",
    ]
    assert [part.start for part in parts] == pytest.approx([50, 65, 60, 70, 82, 76, 73])
    assert (total.start, total.end) == (0.0, pytest.approx(65.0))
    (figure,) = finding.figures.values()
    red, blue = figure.axes
    assert {word.get_text() for word in red.texts} >= {
        "50.0",
        "+15.0",
        "−5.0",
        "+12.0",
        "65.0",
        "no",
        "with conditions",
        "yes",
    }
    assert blue.get_xlabel() == "stance points"


def test_a_finding_is_kept_and_drawn_again(libya, tmp_path):
    finding = sim.why(libya, offer="berlin", runs=10)
    save(finding.result, tmp_path / "why.nc")
    assert set(sim.plot(load(tmp_path / "why.nc"))) == {"why-answer"}


def test_the_command_tells_it_in_words_tables_and_files(tmp_path):
    words = [
        "why",
        "libya-2020-01",
        "--offer",
        "moscow-text",
        "--party",
        "LNA",
        "--run",
        "3",
        "--out",
        str(tmp_path / "a"),
    ]
    said = CliRunner().invoke(app, words)
    assert said.exit_code == 0, said.output
    assert "LNA on Moscow text (moscow-text), 13 January 2020 (step 7), run 3, seed 1" in said.output
    for word in (
        "its stance",
        "pull of Russia",
        "objection of UAE",
        "willingness",
        "chance of a yes",
        "coin",
        "answer",
    ):
        assert word in said.output
    names = {file.name for file in (tmp_path / "a").iterdir()}
    assert {"why-answer.nc", "why-answer.csv", "why-answer.json", "why-answer.png", "why-answer-parties.csv"} <= names
    told = json.loads((tmp_path / "a" / "why-answer.json").read_text())
    result = sim.run(sim.load_scenario("libya-2020-01"), runs=4).sel(run=3, offer="moscow-text", party="LNA")
    assert told["parties"]["LNA"]["chance"] == pytest.approx(float(result.chance), abs=1e-4)


def test_steps_are_counted_and_dated_alike_everywhere(libya):
    """Step T begins on one date in the state that results have at T, whoever says so."""
    from simulation.runs.agents.snapshots import snapshot_of
    from simulation.show.dashboard import markup

    result, model = sim.run(libya, runs=1), sim.ConflictModel(libya)
    assert "Before step 0 (6 January 2020) of 0 … 54" in markup.which(snapshot_of(model), libya)
    for step in range(8):
        move = sim.why(libya, "LNA", step=step)
        day = str(result.date[step].values)[:10]
        assert (move.summary["date"], str(model.date)) == (day, day)
        assert float(move.result.stance_before) == float(result.stance[0, step].sel(actor="LNA")) == model["LNA"].stance
        model.step()
        shown = markup.which(snapshot_of(model), libya)
        assert f"After step {step} ({int(day[-2:])} January 2020)" in shown
        assert f"step {step} ({int(day[-2:])} January 2020)" in str(move)
    assert why(libya, "moscow-text").attrs["step"] == 7  # of 13 January
    assert "Moscow text" in markup.what_happened(snapshot_of(model), libya)
