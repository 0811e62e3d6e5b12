"""Offers made by hand in mid-run: checked like those of a file, answered like them, and with luck of their own."""

import copy
import pickle

import numpy as np
import pytest

import simulation as sim

ISSUE = """
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
"""

OFFER = """
[[events]]
on = 2020-01-04
label = "Text"
offer = { id = "text", sponsors = ["Envoy"], opponents = ["Bystander"], form = "signed", kind = "mediated", \
monitoring = { best = 0.5, assumed = "made up" }, terms = { guns = { best = 70, assumed = "made up" } } }
"""

REFUSED = {
    "coefficients.answers.mood_half_life": 0.0,
    "coefficients.answers.spurned": 0.0,
    "coefficients.answers.bar_signed": 100.0,
}
"""Nobody signs, and a refusal leaves nothing behind."""


def stepped(scenario, steps, **options):
    model = sim.ConflictModel(scenario, **options)
    for _ in range(steps):
        model.step()
    return model


def to_the_end(model):
    while model.running:
        model.step()
    return model


def test_an_offer_like_one_of_the_file_has_the_same_parts(still):
    """Nothing moves in this war, so that the state is the same whether the offer comes of the file or of a hand."""
    content = {"coefficients.answers.content": 24.0, "coefficients.answers.bar_mediated": 3.0}
    told = sim.why(still(ISSUE + OFFER, content), offer="text", run=2)
    made = stepped(still(ISSUE, content), 3, run=2).offer(
        "Envoy", opponents=["Bystander"], form="signed", kind="mediated", monitoring=0.5, terms={"guns": 70}
    )
    assert made.reasons == {party: row["parts"] for party, row in told.summary["parties"].items()}
    assert made.reasons["Red"]["terms.guns"] == pytest.approx(12.0)  # nearer to 100 by half the scale, worth 24
    for party, row in told.summary["parties"].items():
        assert made.chances[party] == pytest.approx(row["chance"], abs=1e-4)


def test_it_is_answered_by_the_runs_own_luck_the_same_each_time_it_is_tried(libya):
    first, again, other = (stepped(libya, 3, run=run).offer(["UN"]) for run in (5, 5, 6))
    assert (first.answers, first.chances) == (again.answers, again.chances)
    np.testing.assert_array_equal(first.result.coin, again.result.coin)
    assert (first.result.coin != other.result.coin).all()


def test_the_second_offer_has_a_coin_of_its_own(libya):
    model = stepped(libya, 3)
    one, two = model.offer("UN"), model.offer("UN")
    assert (one.id, two.id) == ("by hand 1", "by hand 2")
    assert (one.result.coin != two.result.coin).all()
    assert {*model.answers} >= {"moscow-ankara-call", "by hand 1", "by hand 2"}


def test_coins_are_even():
    """The mean of 120 uniform numbers lies within three and a half standard errors of one half."""
    scenario = sim.load_scenario("libya-2020-01")
    coins = np.array([sim.ConflictModel(scenario, run=run).offer("UN").result.coin.values for run in range(60)])
    assert abs(coins.mean() - 0.5) < 3.5 * np.sqrt(1 / 12 / 120)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_copy_goes_on_to_the_same_end(libya, copied):
    model = stepped(libya, 3, run=4)
    model.offer(["UN", "Germany"], monitoring=1.0, to="GNA")
    twin = copied(model)
    assert twin.offer("UN").answers == model.offer("UN").answers
    np.testing.assert_array_equal(to_the_end(twin).state.stance, to_the_end(model).state.stance)
    assert twin.answers == model.answers


def test_where_it_is_refused_all_goes_on_as_it_would_have(libya):
    scenario = libya.replace(REFUSED)
    plain, asked = stepped(scenario, 3, run=8), stepped(scenario, 3, run=8)
    made = asked.offer("Italy", opponents=["UAE", "Egypt"], form="signed")
    assert made.answers == {"LNA": 0.0, "GNA": 0.0}
    assert not made.accepted
    to_the_end(plain)
    to_the_end(asked)
    np.testing.assert_array_equal(plain.state.stance, asked.state.stance)
    assert {**plain.answers, "by hand 1": {"LNA": 0.0, "GNA": 0.0}} == asked.answers


def test_where_all_say_yes_a_truce_begins_and_the_next_step_goes_on_from_there(still):
    scenario = still("", {"actors.Red.stance": 100.0, "actors.Blue.stance": 100.0})
    model = sim.ConflictModel(scenario)
    assert not model.truce
    made = model.offer("Envoy", form="signed", monitoring=1.0)
    assert made.accepted
    assert model.truce
    model.step()
    assert model.truce  # a median life of 117 days, watched and wanted by both
    assert model.answers["by hand 1"] == {"Red": 1.0, "Blue": 1.0}


def test_a_truce_with_a_term_is_in_force_from_the_step_it_was_agreed_before(still):
    safe = {"coefficients.truces.signed_days": 36500.0, "actors.Red.stance": 100.0, "actors.Blue.stance": 100.0}
    model = sim.ConflictModel(still("", safe))
    model.offer("Envoy", form="signed", monitoring=1.0, days=1)
    assert model.truce
    model.step()  # the day of the truce
    assert not model.truce
    assert model.ended == {"Red+Blue": "lapsed"}


def test_only_those_who_are_asked_answer(still):
    made = sim.ConflictModel(still()).offer("Envoy", to=["Red"])
    assert [*made.answers] == [*made.chances] == [*made.reasons] == ["Red"]


def test_it_may_still_be_made_after_the_last_step(still):
    model = to_the_end(sim.ConflictModel(still()))
    assert set(model.offer("Envoy").answers) == {"Red", "Blue"}


def test_it_says_who_answered_what_and_why(still):
    made = sim.ConflictModel(still()).offer("Envoy", to="Red")
    word = {0.0: "refuses", 1.0: "accepts"}[made.answers["Red"]]  # at a chance of 1 / (1 + exp(-1.5))
    assert repr(made) == f"<AnsweredOffer by hand 1, 2020-01-01: Red {word} (chance of a yes 82 %)>"
    assert "pull of Envoy" in str(made)
    assert "+15.0" in str(made)
    assert "<td" in made._repr_html_()
    assert set(sim.plot(made)) == {"why-answer"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"sponsors": ["Envoi"]}, r"offer\.sponsors: no actor 'Envoi'\. Did you mean 'Envoy'"),
        ({"sponsors": []}, "at least one sponsor"),
        ({"sponsors": 3}, "3 is not a name"),
        ({"sponsors": "Envoy", "opponents": "Envoy"}, "cannot both sponsor and oppose"),
        ({"sponsors": "Envoy", "to": "Envoy"}, "'Envoy' is not a party"),
        ({"sponsors": "Envoy", "to": []}, "nobody is asked"),
        ({"sponsors": "Envoy", "form": "sign"}, "'declared' or 'signed' would"),
        ({"sponsors": "Envoy", "kind": "cal"}, "Did you mean 'call'"),
        ({"sponsors": "Envoy", "monitoring": 1.5}, r"1\.5 is outside 0 … 1"),
        ({"sponsors": "Envoy", "monitoring": "much"}, "'much' is not a number"),
        ({"sponsors": "Envoy", "scope": -0.1}, r"-0\.1 is outside 0 … 1"),
        ({"sponsors": "Envoy", "days": 0}, "more than 0 would do"),
        ({"sponsors": "Envoy", "terms": {"gun": 3}}, "no issue 'gun'. Did you mean 'guns'"),
        ({"sponsors": "Envoy", "terms": {"guns": 130}}, "130 is outside 0 … 100"),
        ({"sponsors": "Envoy", "terms": ["guns"]}, "points from 0 to 100"),
    ],
)
def test_what_will_not_do_is_refused_and_leaves_the_run_as_it_was(still, given, message):
    model = sim.ConflictModel(still(ISSUE))
    with pytest.raises(sim.ScenarioError, match=message):
        model.offer(**given)
    assert model.answers == {}
    assert len(model.world.offers) == 2


def test_terms_are_refused_where_there_is_no_issue(still, talks):
    with pytest.raises(sim.ScenarioError, match="This scenario has none"):
        sim.ConflictModel(still()).offer("Envoy", terms={"guns": 3})
    with pytest.raises(sim.ScenarioError, match="nobody can answer"):
        sim.ConflictModel(talks).offer("Left")
