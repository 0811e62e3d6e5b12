"""A seat at the table: moves that change one run and can be taken back, and a score worked out by hand."""

import json

import numpy as np
import pytest

import simulation as sim
from simulation.scenario.files import load_text

ISSUES = """
[issues.guns]
title = "who gives up guns"
now = 20

[issues.roads]
now = 0

[[wants]]
party = "Red"
issue = "guns"
want = 100
weight = 0.75
assumed = "made up"

[[wants]]
party = "Red"
issue = "roads"
want = 50
weight = 0.25
assumed = "made up"

[[wants]]
party = "Blue"
issue = "guns"
want = 0
weight = 1
assumed = "made up"
"""

HISTORY = """
[[record]]
offer = "first"
party = "Red"
answer = 1

[[record]]
offer = "first"
party = "Blue"
answer = 0.5

[[record]]
offer = "second"
party = "Red"
answer = 0.4

[[truces]]
offer = "first"
began = 2020-01-03
ended = 2020-01-06
how = "broken"
"""

WILLING = {"actors.Red.stance": 100.0, "actors.Blue.stance": 100.0, "coefficients.answers.temperature": 0.1}
"""Both accept whatever is offered, as sure as can be, where nothing is signed."""

LASTING = {"coefficients.truces.declared_days": 3650.0}


def same(one, other):
    """Whether two seats are in the same state, to the bit."""
    for name in ("stance", "control", "exhaustion", "distrust", "mood", "truce", "answer", "chance"):
        np.testing.assert_array_equal(getattr(one.model.state, name), getattr(other.model.state, name), name)
    return (one.moves, one.date, one.answers) == (other.moves, other.date, other.answers)


@pytest.mark.parametrize("uncertain", [False, True])
@pytest.mark.parametrize("party", [None, "LNA"])
def test_without_a_move_it_is_that_run_of_the_ensemble_bit_for_bit(libya, party, uncertain):
    result = sim.run(libya, runs=14, seed=7, uncertain=uncertain).isel(run=13)
    seat = sim.Seat(libya, seed=7, run=13, party=party, uncertain=uncertain)
    while seat.running:
        seat.to()
        if seat.asked:
            seat.answer()  # as the model
    for field in ("stance", "control", "exhaustion", "distrust"):
        np.testing.assert_array_equal(getattr(seat.model.state, field), result[field].values[-1])
    np.testing.assert_array_equal(seat.model.state.answer, result.answer.values)


def test_another_offer_in_place_of_the_first_meets_the_same_world_and_the_same_coins(libya):
    seat = sim.Seat(libya, run=13).to("2020-01-12")
    first = seat.offer("UN")
    again = seat.back().offer("UN")
    watched = seat.back().offer(["UN", "Turkey"], monitoring=1.0)
    assert first.reasons == again.reasons
    assert first.answers == again.answers
    assert len({first.id, again.id, watched.id}) == 1
    np.testing.assert_array_equal(first.result.coin, watched.result.coin)
    assert first.reasons["LNA"]["stance"] == watched.reasons["LNA"]["stance"]
    assert watched.reasons["LNA"]["monitoring"] == 13.0  # the guarantee, in full


def test_moves_taken_back_leave_nothing_behind(libya):
    plain, seat = sim.Seat(libya, run=3).to("2020-01-15"), sim.Seat(libya, run=3)
    seat.to("2020-01-10").offer("UN", monitoring=1.0)
    seat.to("2020-01-15").offer("Germany", terms={"militias": 70})
    seat.back()
    assert seat.date.isoformat() == "2020-01-15"
    assert len(seat.moves) == 1
    seat.back()
    assert seat.date.isoformat() == "2020-01-10"  # where the move was made that was taken back
    assert same(seat.to("2020-01-15"), plain)
    with pytest.raises(sim.ScenarioError, match="no move to take back"):
        seat.back()


def test_going_to_an_earlier_day_takes_back_what_was_done_from_that_day_on(libya):
    seat, plain = sim.Seat(libya, run=3), sim.Seat(libya, run=3)
    for day in ("2020-01-10", "2020-01-12", "2020-01-14"):
        seat.to(day).offer("UN")
    plain.to("2020-01-10").offer("UN")
    assert same(seat.to("2020-01-12"), plain.to("2020-01-12"))
    seat.offer("UN")
    seat.to("2020-01-12")  # where it is already: nothing is taken back
    assert len(seat.moves) == 2


def test_a_chair_stops_before_each_step_in_which_it_is_asked(still):
    seat = sim.Seat(still(), party="Red").to()
    assert (seat.date.isoformat(), seat.asked.offer, seat.asked.party) == ("2020-01-02", "first", "Red")
    assert "waits for an answer" in repr(seat)
    for onward in (seat.step, seat.to):
        with pytest.raises(sim.ScenarioError, match=r"'first' asks Red on 2 January 2020: answer \"accept\""):
            onward()
    seat.answer("refuse")
    assert seat.asked is None
    assert seat.to().asked.offer == "second"
    seat.answer("with conditions")
    assert not seat.to().running
    assert {offer: said["Red"] for offer, said in seat.answers.items()} == {"first": 0.0, "second": 0.5}


@pytest.mark.parametrize(("word", "grade", "truce"), [("accept", 1.0, True), ("refuse", 0.0, False)])
def test_the_war_takes_the_course_that_the_chair_chose(still, word, grade, truce):
    seat = sim.Seat(still("", WILLING | LASTING), party="Red").to()
    said = seat.answer(word)
    assert said.answers == {"Red": grade, "Blue": 1.0}
    assert said.chances["Red"] == pytest.approx(1.0)  # what the model would have said is still shown
    assert seat.step().model.truce == truce
    assert seat.answers["first"] == said.answers


def test_a_chair_answers_for_nobody_else(still):
    seat = sim.Seat(still("", {"actors.Blue.stance": 0.0, "coefficients.answers.temperature": 0.1}), party="Red").to()
    assert seat.answer("accept").answers == {"Red": 1.0, "Blue": 0.0}


def test_what_answering_shows_of_the_others_is_what_the_run_has_of_them(libya):
    seat = sim.Seat(libya, run=13, party="LNA")
    shown = {}
    while seat.running:
        seat.to()
        if seat.asked:
            said = seat.answer("accept")
            shown[said.id] = said.answers
    assert shown == seat.answers
    assert len(shown) == 6


def test_who_is_asked_sees_its_own_reasons_and_nothing_of_what_others_will_say(still):
    asked = sim.Seat(still(), party="Red", run=2).to().asked
    assert asked.chance == pytest.approx(0.5)  # it stands at the threshold
    assert asked.reasons == {"stance": 50.0, "sponsor.Blue": 0.0, "monitoring": 0.0, "distrust": 0.0, "kind": 0.0} | {
        "signing": 0.0
    }
    assert [*asked.result.party.values] == ["Red"]
    assert "By itself it" in str(asked)
    assert "chance of a yes of 50 %" in repr(asked)
    assert "Blue  " not in str(asked)


def test_what_history_tells_a_chair_is_not_asked():
    scenario = sim.load_scenario("libya-2020-01", as_of="2020-01-12")
    asked = sim.Seat(scenario, party="LNA").to()
    assert asked.asked is None or asked.date.isoformat() >= "2020-01-12"


def test_a_party_accepts_what_it_proposes_and_speaks_for_itself_alone(still):
    seat = sim.Seat(still("", {"actors.Red.stance": 0.0, "coefficients.answers.temperature": 0.1}), party="Red")
    made = seat.offer()
    assert made.answers["Red"] == 1.0
    assert made.chances["Red"] < 0.01
    assert seat.moves == [{"step": 0, "offer": {"sponsors": ["Red"]}}]
    with pytest.raises(sim.ScenarioError, match="in the chair of Red you speak for it"):
        seat.offer("Envoy")
    assert sim.Seat(still(), party="Red").offer(["Envoy", "Red"], to="Blue").answers.keys() == {"Blue"}


def test_an_offer_that_will_not_do_leaves_the_run_as_it_was(still):
    seat = sim.Seat(still(), party="Red")
    with pytest.raises(sim.ScenarioError, match="0 … 1"):
        seat.offer(monitoring=3)
    assert seat.moves == []
    assert seat.model.world.told == {}


def test_an_offer_of_ones_own_comes_before_what_the_day_brings(still):
    seat = sim.Seat(still(), party="Red").to()
    seat.answer("refuse")
    with pytest.raises(sim.ScenarioError, match="first thing in the day"):
        seat.offer()
    seat.back().offer()
    seat.answer("refuse")
    assert [*seat.step().answers] == ["first", "by hand 1"]


@pytest.mark.parametrize("party", [None, "LNA"])
def test_moves_go_through_json_and_make_the_same_seat_bit_for_bit(libya, party):
    seat = sim.Seat(libya, seed=3, run=5, party=party)
    seat.to("2020-01-07").offer(
        None if party else ["UN", "Germany"],
        "GNA",
        form="signed",
        kind="mediated",
        monitoring=np.float64(0.5),
        terms={"line": 30},
        days=20,
        scope=0.75,
        opponents=["UAE"],
    )
    seat.to()
    if party:
        seat.answer("with conditions")
        seat.to()
    seat.to("2020-01-11")
    if seat.asked:
        seat.answer()
    moves = json.loads(json.dumps(seat.moves))
    again = sim.Seat.replay(libya, moves, seed=3, run=5, party=party)
    for one in (seat, again):
        while one.running:
            if one.asked:
                one.answer("accept")
            one.step()
    assert same(seat, again)
    assert moves[0]["offer"] == {
        "sponsors": ["LNA"] if party else ["UN", "Germany"],
        "opponents": ["UAE"],
        "to": ["GNA"],
        "form": "signed",
        "kind": "mediated",
        "monitoring": 0.5,
        "terms": {"line": 30.0},
        "days": 20.0,
        "scope": 0.75,
    }


def test_moves_are_given_away_as_copies(still):
    seat = sim.Seat(still())
    seat.offer("Envoy")
    seat.moves[0]["offer"]["sponsors"].append("Nobody")
    assert seat.moves == [{"step": 0, "offer": {"sponsors": ["Envoy"]}}]


@pytest.mark.parametrize(
    ("moves", "message"),
    [
        ("offer", "`moves`: a list"),
        ({"step": 1}, "`moves`: a list"),
        ([3], "move 1: .* would do, not 3"),
        ([{"step": 1, "offr": {}}], "move 1: .* would do"),
        ([{"step": 1.5, "offer": {"sponsors": ["Envoy"]}}], r"move 1: step 1\.5; a whole number from 0 to 9"),
        ([{"step": 10, "offer": {"sponsors": ["Envoy"]}}], "move 1: step 10; a whole number from 0 to 9"),
        ([{"step": 0, "offer": ["Envoy"]}], "move 1: offer: "),
        ([{"step": 0, "offer": {"sponsor": ["Envoy"]}}], "move 1: offer: no key 'sponsor'. Did you mean 'sponsors'"),
        ([{"step": 0, "offer": {"sponsors": ["Envoi"]}}], "move 1: .*Did you mean 'Envoy'"),
        ([{"step": 0, "offer": {}}], "move 1: .*at least one sponsor"),
        ([{"step": 1, "to": "first", "answer": "accept"}], "move 1: a mediator makes offers and answers none"),
        (
            [{"step": 4, "offer": {"sponsors": ["Envoy"]}}, {"step": 3, "offer": {"sponsors": ["Envoy"]}}],
            "move 2: step 3; a whole number from 4 to 9",
        ),
    ],
)
def test_moves_that_cannot_be_made_are_refused_by_number(still, moves, message):
    with pytest.raises(sim.ScenarioError, match=message):
        sim.Seat.replay(still(), moves)


@pytest.mark.parametrize(
    ("moves", "message"),
    [
        ([{"step": 4, "to": "second", "answer": "accept"}], "move 1: 'first' asks Red on 2 January 2020"),
        ([{"step": 1, "to": "second", "answer": "accept"}], "move 1: Red is asked about 'first' first"),
        ([{"step": 0, "to": "first", "answer": "accept"}], "move 1: Red is asked nothing on 1 January 2020"),
        ([{"step": 1, "to": "first", "answer": "acept"}], "move 1: .*'acept' will not do. Did you mean 'accept'"),
        ([{"step": 1, "to": "first", "answer": ["accept"]}], "move 1: .* will not do"),
    ],
)
def test_answers_that_cannot_be_given_are_refused_by_number(still, moves, message):
    with pytest.raises(sim.ScenarioError, match=message):
        sim.Seat.replay(still(), moves, party="Red")


def test_after_the_end_nobody_is_at_the_table(still):
    with pytest.raises(sim.ScenarioError, match="the scenario ended on 11 January 2020"):
        sim.Seat(still()).to().offer("Envoy")


def test_seats_that_are_not_there_are_refused(still, talks):
    with pytest.raises(sim.ScenarioError, match=r"`party`: 'Redd' is no party\. Did you mean 'Red'"):
        sim.Seat(still(), party="Redd")
    with pytest.raises(sim.ScenarioError, match="nobody fights"):
        sim.Seat(talks)
    with pytest.raises(sim.ScenarioError, match="outside the scenario, 2020-01-01 to 2020-01-11"):
        sim.Seat(still()).to("2021-01-01")
    with pytest.raises(sim.ScenarioError, match="is not a date"):
        sim.Seat(still()).to("soon")


def test_why_tells_of_any_answer_of_the_run(libya):
    seat = sim.Seat(libya, run=2)
    with pytest.raises(sim.ScenarioError, match="'berlin' was not answered so far"):
        seat.why("berlin")
    told = sim.why(libya, offer="berlin", run=2).summary["parties"]
    reasons = seat.to().why("berlin").reasons
    for party, row in told.items():
        assert reasons[party] == pytest.approx(row["parts"], abs=1e-4)
    seat.to("2020-01-18").offer("UN", monitoring=1.0)
    seat.to()
    after = seat.why("berlin")
    assert after.answers == seat.answers["berlin"]
    assert bool((after.result.mood != sim.why(libya, offer="berlin", run=2).result.mood).any())  # the UN's has taught
    assert seat.why("by hand 1").answers == seat.answers["by hand 1"]


def test_a_score_is_worked_out_by_hand(still):
    """Agreed on 3 January with all who are asked saying yes; nothing breaks it, so that days 3 to 10 end in a truce."""
    no_calls = {"coefficients.answers.threshold": 100.0, "coefficients.answers.bar_call": 100.0}
    seat = sim.Seat(still(ISSUES + HISTORY, WILLING | LASTING | no_calls)).to("2020-01-03")
    made = seat.offer("Envoy", kind="mediated", monitoring=1.0, terms={"guns": 70, "roads": 10})
    assert made.accepted
    score = seat.score(runs=20)
    assert str(score).startswith("With 1 move 8 of 10 days end with a truce in force, 8 more than in the same run")
    rows = score.rows.set_index("measure")
    mine, alone, observed = rows.with_moves, rows.without_moves, rows.observed
    assert (mine["truce_days"], alone["truce_days"], observed["truce_days"]) == (8, 0, 3)  # 3, 4 and 5 January
    assert (mine["truce_at_end"], alone["truce_at_end"], observed["truce_at_end"]) == (1, 0, 0)
    assert (mine["yes"], alone["yes"], observed["yes"]) == (2, 0, 2)  # an answer graded 0.4 is no yes
    assert (mine["agreed"], alone["agreed"], observed["agreed"]) == (1, 0, 1)
    assert mine["conceded.Red"] == pytest.approx(0.75 * 30 + 0.25 * 40)
    assert mine["conceded.Blue"] == pytest.approx(70)
    assert np.isnan(alone["conceded.Red"])
    assert np.isnan(observed["conceded.Red"])
    assert (rows.runs_middle["truce_days"], rows.below_share["truce_days"]) == (0, 1)


def test_the_terms_that_were_agreed_last_count(still):
    scenario = still(ISSUES, WILLING | {"coefficients.answers.content": 0.0})
    seat = sim.Seat(scenario)
    seat.offer("Envoy", terms={"guns": 90})
    seat.to("2020-01-03").offer("Envoy", terms={"guns": 40})
    seat.to("2020-01-04").offer("Envoy")  # without terms: those agreed before still count
    rows = seat.score(runs=20).rows.set_index("measure")
    assert (rows.with_moves["conceded.Red"], rows.with_moves["conceded.Blue"]) == (60, 40)


def test_an_offer_of_ones_own_comes_before_those_of_the_file_on_the_same_day_and_after_it(still):
    text = """
[[events]]
on = 2020-01-04
offer = { id = "text", sponsors = ["Envoy"], terms = { guns = { best = 70, assumed = "made up" } } }
"""
    seat = sim.Seat(still(ISSUES + text, WILLING | {"coefficients.answers.content": 0.0}))
    seat.to("2020-01-04").offer("Envoy", terms={"guns": 90})
    assert seat.score(runs=10).rows.set_index("measure").with_moves["conceded.Red"] == 30
    seat.back().to("2020-01-05").offer("Envoy", terms={"guns": 90})
    assert seat.score(runs=10).rows.set_index("measure").with_moves["conceded.Red"] == 10


def test_runs_that_have_as_much_have_not_less(still):
    rows = sim.Seat(still("", {"actors.Red.stance": 0.0, "coefficients.answers.temperature": 0.1})).score(runs=10).rows
    assert rows.set_index("measure").with_moves["agreed"] == 0
    assert rows.set_index("measure").below_share["agreed"] == 0


def test_without_moves_a_score_is_that_of_its_run_in_the_ensemble(libya):
    found = sim.Seat(libya, run=9, seed=4).score(runs=20).result
    np.testing.assert_array_equal(found.with_moves, found.ensemble.sel(run=9))
    np.testing.assert_array_equal(found.with_moves, found.without_moves)
    result = sim.run(libya, runs=20, seed=4)
    days = result.truce.isel(step=slice(1, None)).sum("step")
    np.testing.assert_array_equal(found.ensemble.sel(measure="truce_days"), days)
    np.testing.assert_array_equal(found.ensemble.sel(measure="yes"), (result.answer > 0).sum(["offer", "party"]))
    assert float(found.observed.sel(measure="yes")) == 7  # of the twelve in the file, those graded one half or more
    assert np.isnan(found.observed.sel(measure="truce_days"))  # the file has no truces


def test_days_of_each_two_are_told_where_more_than_two_fight(three):
    seat = sim.Seat(three, run=1)
    seat.offer("Envoy", to=["Red", "Blue"], monitoring=1.0)
    names = [*seat.score(runs=10).rows.measure]
    assert names[:4] == ["truce_days", "truce_days.Red+Green", "truce_days.Red+Blue", "truce_days.Green+Blue"]


def test_a_score_says_in_words_what_it_is_and_what_is_not_there(still, libya, tmp_path):
    words = str(sim.Seat(still()).score(runs=10))
    assert words.startswith("Without any move ")
    for said in ("no observed answers", "no observed truces", "no issue on which terms count"):
        assert said in words
    seat = sim.Seat(libya, run=13).to("2020-01-12")
    seat.offer("Italy", opponents=["UAE", "Egypt", "Russia"], form="declared")
    finding = seat.score(runs=50)
    assert str(finding).startswith("With 1 move ")
    assert "in the same run without" in str(finding)
    assert set(sim.plot(finding)) == {"seat"}
    sim.save(finding.result, tmp_path / "seat.nc")
    again = sim.load(tmp_path / "seat.nc")
    assert set(sim.plot(again)) == {"seat"}
    assert json.loads(again.attrs["moves"]) == seat.moves
    with pytest.raises(sim.ScenarioError, match="runs = 0"):
        seat.score(runs=0)


def test_standing_offers_and_events_by_chance_are_met_as_the_run_has_them(still):
    more = """
[[events]]
on = 2020-01-06
id = "maybe"
probability = 0.5
offer = { id = "text", sponsors = ["Blue"] }

[[events]]
on = 2020-01-07
offer = { id = "call", sponsors = ["Blue"], every = 2 }
"""
    scenario = load_text(still(more).as_toml(), "more")
    asked = []
    for run in range(8):
        seat, seen = sim.Seat(scenario, run=run, party="Red"), []
        while seat.running:
            if seat.asked:
                seen.append(seat.asked.offer)
                seat.answer("refuse")
            seat.step()
        assert seen == [*seat.answers]
        assert seat.why("call-2").answers == seat.answers["call-2"]
        asked.append("text" in seen)
    assert any(asked)
    assert not all(asked)
