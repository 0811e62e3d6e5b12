"""What of a scenario is known by a day: no later event but what was announced, and no answer from that day on."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import simulation as sim
from simulation.scenario.files import load_text
from simulation.scenario.knowledge import left_out, set_anew, told_answers
from simulation.scenario.writing import as_tables, fingerprint

WAR = """
schema = 1
title = "North and South"
about = "In the end both tired of it."
doubts = "Whether the convoy came."
start = 2020-01-01
steps = 30

[actors.North]
roles = ["party"]
stance = 40
salience = 100
influence = 50
assumed = "made up"

[actors.South]
roles = ["party"]
stance = 60
salience = 100
influence = 50
assumed = "made up"

[actors.Envoy]
roles = ["mediator"]
stance = 90
salience = 50
influence = 20
assumed = "made up"

[[events]]
on = 2020-01-03
offer = { id = "call", sponsors = ["Envoy"], deadline = 2020-01-20 }

[[events]]
on = 2020-01-04
offer = { id = "monthly", sponsors = ["Envoy"], every = 7, until = 2020-01-27 }

[[events]]
on = 2020-01-10
id = "raid"
add = { "actors.North.control" = 0.05 }

[[events]]
on = 2020-01-10
offer = { id = "text", sponsors = ["Envoy"], form = "signed" }

[[events]]
on = 2020-01-15
id = "convoy"
add = { "actors.South.control" = 0.05 }

[[events]]
on = 2020-01-20
announced = 2020-01-08
id = "army"
add = { "actors.South.control" = 0.1 }

[[events]]
on = 2020-01-22
announced = 2020-01-09
offer = { id = "summit", sponsors = ["Envoy"] }

[[events]]
on = 2020-01-25
offer = { id = "last", sponsors = ["Envoy"] }

[[record]]
offer = "call"
party = "North"
answer = 0
kept14 = 1

[[record]]
offer = "call"
party = "South"
on = 2020-01-11
answer = 1

[[record]]
offer = "monthly-1"
party = "South"
answer = 0.5

[[record]]
offer = "text"
party = "North"
answer = 1

[[record]]
offer = "last"
party = "North"
answer = 1

[[fortune]]
offer = "text"
party = "South"
fortune = -1

[[fortune]]
offer = "last"
party = "South"
fortune = -3

[[truces]]
began = 2020-01-05
ended = 2020-01-12
how = "broken"
broken_by = ["North"]

[[truces]]
offer = "text"
began = 2020-01-10
ended = 2020-01-11
how = "broken"

[[expect]]
that = "North rather refuses the call"
measure = "answer.call.North"
below = 0.5

[[expect]]
that = "North is readier at last"
measure = "chance.last.North"
exceeds = "chance.call.North"
"""


@pytest.fixture(scope="module")
def war():
    return load_text(WAR, "war.toml")


@pytest.fixture(scope="module")
def known(war):
    return war.as_of("2020-01-10")


def named(scenario):
    return [event.name for event in scenario.events]


def test_what_happened_up_to_the_day_is_known_and_what_was_announced_by_then_is_to_come(known):
    """The convoy of the 15th and the offer of the 25th are not; the army of the 20th was announced on the 8th."""
    assert named(known) == ["call", "monthly", "raid", "text", "army", "summit"]
    assert known.events[4].on == date(2020, 1, 20)


@pytest.mark.parametrize(("day", "there"), [("2020-01-07", False), ("2020-01-08", True), ("2020-01-20", True)])
def test_an_event_is_known_from_the_day_it_is_announced(war, day, there):
    assert ("army" in named(war.as_of(day))) == there


def test_an_offer_that_stands_goes_on_to_its_end_and_one_that_is_open_keeps_its_deadline(known):
    """Made on the 4th, the 11th, the 18th and the 25th: the last time before the 27th."""
    from simulation.scenario.keys import offer_ids

    assert [name for name in offer_ids(known) if name.startswith("monthly")] == [f"monthly-{n}" for n in (1, 2, 3, 4)]
    assert known.events[0].offer.deadline == date(2020, 1, 20)


def test_an_answer_is_told_if_it_was_given_before_the_day(known):
    """South answered the call of the 3rd on the 11th only; the text of the 10th is on the table, unanswered."""
    assert told_answers(known) == {("call", "North"): 0.0, ("monthly-1", "South"): 0.5}
    assert [(entry.offer, entry.party) for entry in known.record] == list(told_answers(known))


def test_nobody_knows_yet_whether_a_word_will_be_kept_or_a_truce_will_hold(war, known):
    assert known.record[0].kept14 is None  # 14 days from the 3rd are over on the 17th
    assert war.as_of("2020-01-18").record[0].kept14 == 1
    [truce] = known.truces
    assert (truce.began, truce.ended, truce.how, truce.broken_by) == (date(2020, 1, 5), None, "held", None)


def test_what_each_coder_wrote_of_a_word_that_is_not_yet_kept_or_broken_goes_too():
    coded = WAR.replace(
        "kept14 = 1", "kept14 = 1\ncodings = { ann = { answer = 0, kept14 = 1 }, ben = { kept14 = 0 } }"
    )
    war = load_text('coders = ["ann", "ben"]\n' + coded.lstrip(), "war.toml")
    assert war.as_of("2020-01-10").record[0].codings == {"ann": {"answer": 0}, "ben": {}}
    assert war.as_of("2020-01-18").record[0].codings == {"ann": {"answer": 0, "kept14": 1}, "ben": {"kept14": 0}}


def test_what_was_coded_of_a_day_that_is_to_come_goes_and_so_does_the_story(known):
    assert [row.offer for row in known.fortune] == ["text"]
    assert (known.about, known.doubts) == (None, None)


def test_an_expectation_about_a_later_offer_goes_with_a_line_that_says_so(war, known):
    assert [wish.that for wish in known.expect] == ["North rather refuses the call"]
    said = left_out(war, known)
    assert said == (
        "As of 10 January 2020: 1 later event and 1 later offer are not known; 2 earlier answers are told. Announced "
        "by then, and so still to come: army (20 January 2020), summit (22 January 2020). Left out with them: an "
        "expectation about a later offer: North is readier at last."
    )


def test_the_day_may_be_a_date_and_is_part_of_the_title(war, known):
    assert war.as_of(date(2020, 1, 10)) == known
    assert known.heading == "North and South, as of 10 January 2020"
    assert war.heading == "North and South"
    assert "as of 10 January 2020" in repr(known)


def test_a_scenario_of_which_everything_is_known_says_nothing_of_it(war):
    assert "told" not in as_tables(war)


def test_what_is_known_by_a_day_is_known_by_an_earlier_one_too(war, known):
    again = known.as_of("2020-01-09")
    assert again == war.as_of("2020-01-09")
    with pytest.raises(sim.ScenarioError, match="2020-01-10, as of which this scenario was written"):
        known.as_of("2020-01-11")


def test_it_is_written_and_read_again(known):
    assert load_text(known.as_toml(), "known.toml") == known
    assert "told = 2020-01-10" in known.as_toml()


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2019-12-31", "`as_of` 2019-12-31 is outside the scenario, 2020-01-01 to 2020-01-31."),
        ("2020-02-01", "outside the scenario"),
        ("10 January", "'10 January' is not a date, such as 2020-01-10."),
        (20200110, "20200110 is not a date"),
    ],
)
def test_a_day_that_will_not_do_is_refused(war, day, said):
    with pytest.raises(sim.ScenarioError, match=said):
        war.as_of(day)


@pytest.mark.parametrize(
    "ask",
    [
        lambda known: sim.compare({"a": known, "b": known}, measures=["answer.last.North"], runs=4),
        lambda known: sim.levers(known, "chance.last.North", runs=4),
        lambda known: sim.run(known, runs=4, values={"events.last.offer.monitoring": [0.0] * 4}),
        lambda known: known.replace({"events.last.offer.monitoring": 0.5}),
        lambda known: sim.attribute(known, "truce.starts", {"last": ["events.last"]}, runs=4),
    ],
)
def test_what_is_not_known_cannot_be_asked_about(known, ask):
    with pytest.raises(sim.ScenarioError, match="'last' is of 25 January 2020, after `as_of` 2020-01-10"):
        ask(known)


def test_what_is_not_known_cannot_be_changed_on_loading(tmp_path):
    file = tmp_path / "war.toml"
    file.write_text(WAR)
    change = {"events.convoy.add.actors.South.control": 0.2}
    assert sim.load_scenario(file, change).events[4].add
    with pytest.raises(sim.ScenarioError, match="the event 'convoy' is of 15 January 2020"):
        sim.load_scenario(file, change, as_of="2020-01-10")


def test_a_file_that_is_told_up_to_a_day_holds_no_later_event_that_was_not_announced():
    with pytest.raises(sim.ScenarioError, match=r"events\[convoy\].on: 2020-01-15 is after told = 2020-01-10"):
        load_text(WAR.replace("steps = 30", "steps = 30\ntold = 2020-01-10"), "war.toml")


def test_nothing_is_announced_after_it_has_happened():
    with pytest.raises(sim.ScenarioError, match=r"announced = 2020-01-21 is after on = 2020-01-20"):
        load_text(WAR.replace("announced = 2020-01-08", "announced = 2020-01-21"), "war.toml")


def test_that_it_was_announced_changes_nothing_where_everything_is_known(war):
    silent = load_text(WAR.replace("announced = 2020-01-08\n", "").replace("announced = 2020-01-09\n", ""), "war.toml")
    one, other = (sim.run(scenario, runs=8) for scenario in (war, silent))
    assert one.equals(other)


@settings(max_examples=25)
@given(
    day=st.integers(11, 29),
    share=st.floats(-0.2, 0.2),
    monitoring=st.floats(0, 1),
    answers=st.tuples(*[st.floats(0, 1)] * 3),
    kept=st.booleans(),
)
def test_nothing_that_comes_later_leaks(war, known, day, share, monitoring, answers, kept):
    """Whatever happens from the 11th on, the scenario as of the 10th is the same to the last byte, as are its runs."""
    raw = as_tables(war)
    raw["events"][4].update(on=date(2020, 1, day), add={"actors.South.control": share})
    raw["events"][7]["offer"].update(monitoring=monitoring, sponsors=["North"])
    raw["events"] = [*raw["events"], {"on": date(2020, 1, day), "id": "new", "set": {"actors.North.stance": 90.0}}]
    for entry, answer in zip((1, 3, 4), answers, strict=True):
        raw["record"][entry]["answer"] = answer
    raw["record"][0]["kept14"] = float(kept)
    raw["truces"][0]["ended"] = date(2020, 1, day)
    raw["fortune"][1]["fortune"] = 3
    raw["about"] = "It went quite otherwise."
    other = sim.Scenario.model_validate(raw).as_of("2020-01-10")
    assert other.as_toml() == known.as_toml()
    assert fingerprint(other) == fingerprint(known)
    one, same = (sim.run(scenario, runs=4) for scenario in (known, other))
    assert one.identical(same)


def test_for_scoring_later_offers_stay_as_questions_and_nothing_else_does(war):
    asked = war.as_of("2020-01-10", ask_later=True)
    assert named(asked) == ["call", "monthly", "raid", "text", "army", "summit", "last"]
    assert len(asked.record) == len(war.record)
    assert told_answers(asked) == told_answers(war.as_of("2020-01-10"))


def test_a_number_that_an_event_sets_anew_is_told_with_the_day_and_what_to_change(libya):
    key = "ties.UAE.LNA.support"
    own = f"events.airlift.set.{key}"
    assert set_anew(libya, [key, "actors.UN.stance"]) == [
        f"{key} counts up to 15 January 2020: then “Emirati airlift” sets it to 0.65, whatever it was; for another "
        f"value from then on, change {own} too."
    ]
    assert set_anew(libya, [key, own]) == []
