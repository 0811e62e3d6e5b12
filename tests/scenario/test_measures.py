"""The headline measures, read off histories small enough to count by eye."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from simulation.dynamics.simulate import History
from simulation.dynamics.truce import BROKEN
from simulation.scenario import ScenarioError
from simulation.scenario.measure_kinds import KINDS, NEAR, Unit
from simulation.scenario.measures import headlines, matched, parse, unit_of, words_of
from simulation.scenario.readings import first_breach, first_end, first_truce

OFFERS = """
[[events]]
on = 2020-01-03
offer = { id = "call", sponsors = ["Patron"] }

[[events]]
on = 2020-01-05
offer = { id = "appeal", sponsors = ["Friend"], to = ["South"] }
"""
NAN = np.nan


def runs(*rows: str) -> np.ndarray:
    """Rows of ``.`` and ``#``, a run each, ``#`` where a truce is in force; shape (steps + 1, R)."""
    return np.array([[mark == "#" for mark in row] for row in rows]).T


@pytest.fixture(scope="module")
def story(tell):
    return tell("two", OFFERS)


@pytest.fixture
def history():
    # 12 steps of a day; five runs
    truce = runs(
        ".............",
        "...##........",
        "...##..#####.",
        "........#####",
        "............#",
    )
    step, run, place = np.ogrid[:13, :5, :4]
    by_step = {
        "stance": step + 20.0 * place + 0.1 * run,
        "control": (step + run + place[..., :2]) / 100,
        "exhaustion": (step + 2 * run + 3 * place[..., :2]) / 100,
        "truce": truce,
        "pair_truce": truce[..., None],
        "ending": BROKEN * (np.diff(truce.astype(np.int8), axis=0, prepend=0) < 0).astype(np.int8)[..., None],
        "further": np.empty((13, 5, 4, 0)),
    }
    at_end = {
        "chance": np.arange(5)[:, None, None] / 10 + np.array([[[0.1, 0.2], [NAN, 0.3]]]),
        "answer": np.array(
            [[[0, 1], [NAN, 1]], [[1, 1], [NAN, 0]], [[1, 0], [NAN, 1]], [[0, 0], [NAN, 0]], [[NAN, NAN], [NAN, 1]]]
        ),
    }
    return History(by_step, at_end)


def ended(history, marks):
    """The history with other endings at some steps and runs: 2 lapsed, 3 replaced."""
    ending = history.ending.copy()
    for (step, run), how in marks.items():
        ending[step, run, 0] = how
    return History({**history.by_step, "ending": ending}, history.at_end)


def read(name, story, history):
    return parse(name, story).read(history)


def test_a_yes_with_conditions_is_a_yes_and_none_in_full(story, history):
    answer = np.array([[[0, 0.5], [NAN, 1]], [[1, 0.5], [NAN, 0]]])
    some = History(history.by_step, {"answer": answer, "chance": answer, "full": answer / 2})
    np.testing.assert_array_equal(read("answer.call.South", story, some), [1, 1])
    np.testing.assert_array_equal(read("full.call.South", story, some), [0, 0])
    np.testing.assert_array_equal(read("answer.call.North", story, some), [0, 1])
    np.testing.assert_array_equal(read("full.call.North", story, some), [0, 1])
    np.testing.assert_array_equal(read("full_chance.call.South", story, some), [0.25, 0.25])
    assert parse("full.call.South", story).untossed == "full_chance.call.South"


def test_first_truces_begin_and_end_where_they_do(history):
    begun, held = first_truce(history.truce)
    np.testing.assert_array_equal(begun, [13, 3, 3, 8, 12])
    # a truce that lasts to the end counts the steps to it; a second truce does not count
    np.testing.assert_array_equal(held, [0, 2, 2, 5, 1])


def test_a_truce_from_the_very_start_is_found():
    begun, held = first_truce(runs("##.", "###"))
    np.testing.assert_array_equal(begun, [0, 0])
    np.testing.assert_array_equal(held, [2, 3])


def test_answers_are_those_of_the_offer_and_the_party(story, history):
    np.testing.assert_array_equal(read("answer.call.North", story, history), [0, 1, 1, 0, NAN])
    np.testing.assert_array_equal(read("answer.call.South", story, history), [1, 1, 0, 0, NAN])
    np.testing.assert_array_equal(read("answer.appeal.South", story, history), [1, 0, 1, 0, 1])


def test_a_chance_is_that_of_the_answer_without_the_last_toss(story, history):
    np.testing.assert_allclose(read("chance.call.North", story, history), np.arange(5) / 10 + 0.1)
    np.testing.assert_allclose(read("chance.appeal.South", story, history), np.arange(5) / 10 + 0.3)


def test_whether_a_truce_starts_by_the_end_or_by_a_date(story, history):
    np.testing.assert_array_equal(read("truce.starts", story, history), [0, 1, 1, 1, 1])
    # in force from step 3, which starts on the 4th
    np.testing.assert_array_equal(read("truce.starts.2020-01-03", story, history), [0, 0, 0, 0, 0])
    np.testing.assert_array_equal(read("truce.starts.2020-01-04", story, history), [0, 1, 1, 0, 0])
    np.testing.assert_array_equal(read("truce.starts.2020-01-13", story, history), [0, 1, 1, 1, 1])


def test_whether_a_truce_is_in_force_at_the_end(story, history):
    np.testing.assert_array_equal(read("truce.holds_to_end", story, history), [0, 0, 0, 1, 1])


def test_how_long_the_first_truce_held(story, history):
    np.testing.assert_array_equal(read("truce.days", story, history), [NAN, 2, 2, 5, 1])


def test_how_many_collapse_within_so_many_days_among_those_that_could_be_watched_for_so_long(story, history):
    np.testing.assert_array_equal(read("truce.collapses.1", story, history), [NAN, 0, 0, 0, NAN])
    np.testing.assert_array_equal(read("truce.collapses.2", story, history), [NAN, 1, 1, 0, NAN])
    np.testing.assert_array_equal(read("truce.collapses.4", story, history), [NAN, 1, 1, 0, NAN])
    np.testing.assert_array_equal(read("truce.collapses.5", story, history), [NAN, 1, 1, NAN, NAN])


def test_a_truce_that_lapses_does_not_collapse(story, history):
    lapsed = ended(history, {(5, 1): 2})
    np.testing.assert_array_equal(read("truce.collapses.4", story, lapsed), [NAN, 0, 1, 0, NAN])
    np.testing.assert_array_equal(read("truce.days", story, lapsed), read("truce.days", story, history))


def test_first_truces_end_in_three_ways_or_stand(story, history):
    # the second run's lapses, the third's is replaced a day before it would have ended, the others stand
    history = ended(history, {(5, 1): 2, (4, 2): 3})
    np.testing.assert_array_equal(read("truce.broken", story, history), [NAN, 0, 0, 0, 0])
    np.testing.assert_array_equal(read("truce.lapsed", story, history), [NAN, 1, 0, 0, 0])
    np.testing.assert_array_equal(read("truce.replaced", story, history), [NAN, 0, 1, 0, 0])
    days, how = first_end(history.truce, history.ending)
    np.testing.assert_array_equal(days, [0, 2, 1, 5, 1])
    np.testing.assert_array_equal(how, [0, 2, 3, 0, 0])
    # the one that was replaced is broken in the end
    assert list(first_breach(history.truce, history.ending)) == [False, False, True, False, False]


def test_a_breach_by_one_pair_counts_before_what_becomes_of_the_others():
    truce = runs("#.", "#.", "##")
    ending = np.zeros((2, 3, 2), dtype=np.int8)
    ending[1] = [[2, 1], [3, 2], [3, 0]]
    assert list(first_end(truce, ending)[1]) == [1, 2, 3]


def test_truces_of_pairs_go_by_both_names_in_either_order(tell, history):
    three = tell("three", OFFERS.replace("Patron", "Envoy").replace("Friend", "Envoy").replace("South", "Green"))
    no = np.zeros_like(history.truce)
    pairs = History({**history.by_step, "pair_truce": np.stack([no, history.truce, no], axis=-1)}, history.at_end)
    np.testing.assert_array_equal(read("pair.Red+Blue.starts", three, pairs), [0, 1, 1, 1, 1])
    np.testing.assert_array_equal(read("pair.Blue+Red.starts.2020-01-04", three, pairs), [0, 1, 1, 0, 0])
    np.testing.assert_array_equal(read("pair.Blue+Red.holds_to_end", three, pairs), [0, 0, 0, 1, 1])
    np.testing.assert_array_equal(read("pair.Red+Blue.days", three, pairs), [NAN, 2, 2, 5, 1])
    assert not read("pair.Red+Green.starts", three, pairs).any()


def test_days_are_days_in_weekly_steps_too(tell, history):
    weekly = tell("two", OFFERS, step_days=7)
    np.testing.assert_array_equal(read("truce.days", weekly, history), [NAN, 14, 14, 35, 7])
    np.testing.assert_array_equal(read("truce.collapses.14", weekly, history), [NAN, 1, 1, 0, NAN])
    # the 22nd is in the fourth week; the 21st in the third
    np.testing.assert_array_equal(read("truce.starts.2020-01-21", weekly, history), [0, 0, 0, 0, 0])
    np.testing.assert_array_equal(read("truce.starts.2020-01-22", weekly, history), [0, 1, 1, 0, 0])


def test_stances_and_shares_are_those_of_the_name_and_the_date(story, history):
    np.testing.assert_allclose(read("stance.Patron", story, history), 12 + 40 + np.arange(5) / 10)
    np.testing.assert_allclose(read("stance.Friend.2020-01-03", story, history), 2 + 60 + np.arange(5) / 10)
    np.testing.assert_allclose(read("control.South", story, history), (12 + np.arange(5) + 1) / 100)
    np.testing.assert_allclose(read("exhaustion.South.2020-01-01", story, history), (2 * np.arange(5) + 3) / 100)


def test_measures_know_which_of_them_are_chances(story):
    chances = [
        "answer.call.North",
        "truce.starts",
        "truce.starts.2020-01-04",
        "truce.holds_to_end",
        "truce.collapses.3",
    ]
    assert all(parse(name, story).chance for name in chances)
    assert not any(parse(name, story).chance for name in ("truce.days", "stance.North", "control.North"))


def filled(pattern):
    """A name of the pattern."""
    stands_for = {"OFFER": "call", "PARTY": "North", "PAIR": "North+South", "ACTOR": "Patron", "ISSUE": "money"}
    others = {"DATE": "2020-01-04", "DAYS": "3", "N": "2"}
    return ".".join({**stands_for, **others}.get(word, word) for word in pattern.split("."))


@pytest.mark.parametrize("pattern", [pattern for kind in KINDS for pattern in kind.patterns])
def test_every_measure_says_its_unit_and_what_it_is_without_a_scenario(pattern):
    name = filled(pattern)
    kind, _ = matched(name)
    assert pattern in kind.patterns  # no other kind comes in between
    assert unit_of(name) == kind.unit
    assert "{" not in words_of(name)
    assert ("2020-01-04" in words_of(name)) == pattern.endswith(".DATE")


def test_units_are_those_of_the_number_that_is_read():
    units = {
        "answer.call.North": "chance",
        "chance.call.North": "chance",
        "truce.starts.2020-01-04": "chance",
        "truce.days": "days",
        "truce.collapses.3": "chance",
        "stance.Patron": "stance points",
        "position.Left.money": "stance points",
        "outcome.median": "stance points",
        "control.North": "share",
        "exhaustion.North.2020-01-04": "share",
        "outcome.settled": "steps",
        "outcome.camps.2": "camps",
    }
    assert {name: unit_of(name) for name in units} == units
    with pytest.raises(ScenarioError, match="no such measure"):
        unit_of("truce.ends")


def test_measures_have_names_that_people_read():
    assert words_of("answer.call.North") == "North accepts call"
    assert words_of("truce.starts") == "a truce starts"
    assert words_of("truce.starts.2020-01-04") == "a truce starts by 2020-01-04"
    assert words_of("stance.Patron.2020-01-04") == "stance of Patron on 2020-01-04"
    assert words_of("no measure at all") == "no measure at all"


def test_what_is_taken_at_the_end_can_be_taken_at_a_date_once(story):
    dated = {name for name in headlines(story) if parse(name, story).dated}
    assert dated == {"truce.starts", "stance.North", "stance.South", "stance.Patron", "stance.Friend"}
    assert not parse("stance.North.2020-01-04", story).dated


def test_what_has_a_chance_behind_it_says_where(story, history):
    assert parse("answer.call.North", story).untossed == "chance.call.North"
    chance = history.chance.copy()
    chance[:, 0] = 0.5  # both of the call's parties, made on the 3rd: agreed with 1/4
    chance[:, 1, 1] = 0.2  # the appeal to one, made on the 5th
    chances = replace(history, at_end={**history.at_end, "chance": chance})
    np.testing.assert_allclose(parse("truce.starts", story).untold(chances), 1 - 0.75 * 0.8)
    np.testing.assert_allclose(parse("truce.starts.2020-01-04", story).untold(chances), 0.25)
    assert parse("truce.days", story).untold is None


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("answer.cal.North", "answer.cal.North: no offer 'cal'. Did you mean 'call'?"),
        ("answer.call.Nroth", "answer.call.Nroth: 'call' does not ask 'Nroth'. Did you mean 'North'?"),
        ("answer.appeal.North", "answer.appeal.North: 'appeal' does not ask 'North'."),
        ("answer.call.Patron", "answer.call.Patron: 'call' does not ask 'Patron'."),
        ("stance.Patrn", "stance.Patrn: no actor 'Patrn'. Did you mean 'Patron'?"),
        ("control.Patron", "control.Patron: no party 'Patron'. Known: North, South."),
        ("stance.North.soon", "stance.North.soon: 'soon' is not a date, such as 2020-01-31."),
        ("stance.North.2020-02-30", "stance.North.2020-02-30: '2020-02-30' is not a date"),
        ("stance.North.2019-12-31", "2019-12-31 is outside the scenario, 2020-01-01 to 2020-01-13."),
        ("truce.starts.2020-01-14", "2020-01-14 is outside the scenario"),
        ("truce.collapses.13", "truce.collapses.13: 13 days are longer than the scenario."),
        ("truce.collapses.0", "no such measure"),
        ("truce.collapses.-3", "no such measure"),
        ("truce.collapses.2.5", "no such measure"),
        ("truce.collapses.some", "no such measure"),
        ("truce", "no such measure"),
        ("pair.North+Sout.days", "no pair 'North+Sout'. Did you mean 'North+South'?"),
        ("truce.ends", "no such measure. Measures are answer.OFFER.PARTY, "),
        ("", "no such measure"),
        ("stance", "no such measure"),
        ("stance.North.2020-01-03.noon", "no such measure"),
    ],
)
def test_a_measure_that_is_none_says_what_there_is(story, name, message):
    with pytest.raises(ScenarioError) as caught:
        parse(name, story)
    assert message in str(caught.value)
    assert str(caught.value).startswith(f"{name}: ")


@pytest.mark.parametrize("days", ["²", pytest.param("9" * 5000, id="thousands of digits")])
def test_days_are_written_in_a_few_ordinary_digits(story, days):
    with pytest.raises(ScenarioError, match=r"no such measure|longer than"):
        parse(f"truce.collapses.{days}", story)


def test_the_headlines_are_measures_and_leave_nobody_out(story, talks):
    names = headlines(story)
    for name in names:
        parse(name, story)
    assert names == [
        "answer.call.North",
        "answer.call.South",
        "answer.appeal.South",
        "truce.starts",
        "truce.holds_to_end",
        "truce.days",
        "stance.North",
        "stance.South",
        "stance.Patron",
        "stance.Friend",
    ]
    assert headlines(talks) == ["outcome.mean", "outcome.median", "stance.Left", "stance.Centre", "stance.Right"]


def test_every_unit_but_chances_says_how_far_apart_is_near():
    assert set(NEAR) == set(get_args(Unit)) - {"chance"}
    assert {kind.unit for kind in KINDS} <= set(get_args(Unit))
