"""Reading scenario files: extending, dropping, setting, replacing, writing back, and every number by its key."""

import copy
import datetime
import json
import pickle
import tomllib
from xml.etree import ElementTree

import numpy as np
import pytest
from pydantic import BaseModel, Field

from simulation.parameters import entries
from simulation.runs.setup import open_scenario
from simulation.scenario import Scenario, ScenarioError, as_toml, bundled, fingerprint, json_schema, load_scenario
from simulation.scenario.catalogue import names
from simulation.scenario.claims import citations
from simulation.scenario.files import evidence_of, load_text
from simulation.scenario.keys import occasions, offer_ids, target_of
from simulation.scenario.reading import LARGEST
from simulation.scenario.writing import as_tables

CALL = """
[[events]]
on = 2020-01-03
offer = { id = "call", sponsors = ["Patron"] }

[[events]]
on = 2020-01-05
id = "airlift"
set = { "ties.Patron.North.support" = 0.8 }
"""


LINE = """
[issues.line]
low = "all to South"
high = "all to North"
now = "control.North"

[issues.prisoners]
now = 10

[[wants]]
party = "North"
issue = "line"
want = 90
weight = 1
assumed = "made up"
"""


@pytest.fixture
def folder(tmp_path, texts):
    (tmp_path / "base.toml").write_text(texts["two"] + CALL)
    return tmp_path


def child(folder, text, name="child.toml"):
    (folder / name).write_text(text)
    return load_scenario(folder / name)


def test_a_file_says_what_it_says(two):
    assert two.title == "North and South, and who stands behind them"
    assert two.start == datetime.date(2020, 1, 1)
    assert (two.steps, two.step_days) == (12, 1.0)
    assert list(two.actors) == ["North", "South", "Patron", "Friend"]
    assert two.parties == ("North", "South")
    assert two.actors["North"].stance.best == 20
    assert (two.ties[0].source, two.ties[0].target, two.ties[0].support.best) == ("Patron", "North", 0.6)
    assert two.rule.openness == 0.2


def test_what_is_left_out_has_its_stated_default():
    bare = load_text(
        """
title = "Bare"
start = 2020-01-01
steps = 3
[actors.One]
roles = ["party"]
stance = 30
salience = 40
influence = 50
assumed = "made up"
""",
        "bare",
    )
    world, state = open_scenario(bare)
    assert (bare.step_days, bare.rule.name, bare.question) == (1.0, "friedkin-johnsen", "")
    # its own forces are its influence, its wish its stance, and all the ground is its own
    assert (state.strength, state.base, state.control) == ([50], [30], [1])
    assert (state.exhaustion, state.distrust, state.squeeze) == ([0], [0], [0])
    assert world.offers == ()


def test_parties_without_shares_of_the_ground_begin_even(two):
    np.testing.assert_array_equal(open_scenario(two)[1].control, [0.5, 0.5])


def test_shares_of_the_ground_that_are_given_run_by_run_are_brought_to_one(three):
    values = {"actors.Red.control": np.array([1.0, 0.5, 0.0])}  # beside a quarter for Green and one for Blue
    control = open_scenario(three, values)[1].control
    np.testing.assert_allclose(control, [[2 / 3, 1 / 6, 1 / 6], [0.5, 0.25, 0.25], [0, 0.5, 0.5]])


def test_ties_stand_in_their_row_and_column(two):
    _, state = open_scenario(two)
    assert state.leverage[2, 0] == 0.5  # Patron on North
    assert state.leverage[3, 1] == 0.5  # Friend on South
    assert np.count_nonzero(state.leverage) == 2
    np.testing.assert_array_equal(state.support, [[0, 0, 0.6, 0], [0, 0, 0, 0.25]])
    np.testing.assert_array_equal(state.pledge, [[0, 0, 0, 0], [0, 0, 0, 0.5]])
    np.testing.assert_array_equal(state.follows, [[0, 0, 0, 0], [0, 0, 0, 0.3]])


def test_dates_and_steps_fit_each_other(two):
    weekly = load_text(as_toml(two).replace("step_days = 1.0", "step_days = 7.0"), "weekly")
    assert [weekly.step_of(datetime.date(2020, 1, day)) for day in (1, 7, 8, 14, 15)] == [0, 0, 1, 1, 2]
    assert [str(weekly.date_of(step)) for step in (0, 1, 12)] == ["2020-01-01", "2020-01-08", "2020-03-25"]


def test_bundled_scenarios_are_found_by_name_and_by_path():
    by_name, by_path = load_scenario("libya-2020-01"), load_scenario(bundled() / "libya-2020-01.toml")
    assert by_name == by_path
    assert by_name.title.startswith("Libya, January 2020")


def test_a_bundled_scenario_in_a_folder_has_a_long_name_and_a_short_one():
    assert load_scenario("reference/deffuant") == load_scenario("deffuant")
    with pytest.raises(ScenarioError, match=r"bundled scenario of that name\. Did you mean 'reference/deffuant'\?"):
        load_scenario("reference/defuant")


def test_a_folder_of_results_does_not_hide_the_scenario_of_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "libya-2020-01").mkdir()
    assert load_scenario("libya-2020-01").title.startswith("Libya, January 2020")
    (tmp_path / "mine").mkdir()
    with pytest.raises(
        ScenarioError, match=r"mine: a folder without war\.toml and actors\.csv; a scenario is a \.toml file"
    ):
        load_scenario("mine")


def test_a_file_with_a_byte_order_mark_or_windows_line_ends_reads_the_same(folder):
    plain = load_scenario(folder / "base.toml")
    text = (folder / "base.toml").read_bytes()
    (folder / "marked.toml").write_bytes(b"\xef\xbb\xbf" + text)
    (folder / "windows.toml").write_bytes(text.replace(b"\n", b"\r\n"))
    assert load_scenario(folder / "marked.toml") == plain
    assert load_scenario(folder / "windows.toml") == plain


def test_an_extending_file_changes_what_it_names_and_keeps_the_rest(folder):
    base = load_scenario(folder / "base.toml")
    scenario = child(folder, 'extends = "base.toml"\ntitle = "Otherwise"\n[actors.Patron]\nstance = 70\n')
    assert scenario.title == "Otherwise"
    assert scenario.actors["Patron"].stance.best == 70
    assert scenario.actors["Patron"].salience == base.actors["Patron"].salience
    assert scenario.replace({"title": base.title, "actors.Patron.stance": 40}) == base.replace(
        {"actors.Patron.stance": 40}
    )


def test_ties_are_merged_by_their_ends_events_by_name_and_new_ones_added(folder):
    scenario = child(
        folder,
        """
extends = "base.toml"
[[ties]]
from = "Patron"
to = "North"
support = 0.1
[[ties]]
from = "Friend"
to = "Patron"
leverage = 0.3
assumed = "new"
[[events]]
id = "airlift"
on = 2020-01-09
[[events]]
on = 2020-01-03
offer = { id = "call", sponsors = ["Friend"] }
[[events]]
on = 2020-01-08
offer = { id = "text", sponsors = ["Patron"], form = "signed" }
""",
    )
    assert [(tie.source, tie.target) for tie in scenario.ties] == [
        ("Patron", "North"),
        ("Friend", "South"),
        ("Friend", "Patron"),
    ]
    assert (scenario.ties[0].leverage.best, scenario.ties[0].support.best) == (0.5, 0.1)
    assert [event.name for event in scenario.events] == ["call", "airlift", "text"]
    assert scenario.events[0].offer.sponsors == ("Friend",)
    assert scenario.events[1].on == datetime.date(2020, 1, 9)
    assert scenario.events[1].set["ties.Patron.North.support"].best == 0.8


def test_an_interval_is_replaced_as_a_whole(folder):
    (folder / "wide.toml").write_text(
        'extends = "base.toml"\n[actors.Patron]\nstance = { best = 40, low = 20, high = 60, assumed = "wide" }\n'
    )
    scenario = child(folder, 'extends = "wide.toml"\n[actors.Patron]\nstance = { best = 80, assumed = "sure" }\n')
    assert (scenario.actors["Patron"].stance.low, scenario.actors["Patron"].stance.high) == (None, None)


def test_a_rule_is_replaced_as_a_whole(folder):
    scenario = child(folder, 'extends = "base.toml"\nrule = { name = "friedkin-johnsen", speed = 0.4 }\n')
    assert scenario.rule.speed == 0.4
    assert (
        scenario.rule.openness == type(scenario.rule)().openness
    )  # not the 0.2 of the base, had the default been another


def test_files_may_extend_one_another_in_a_row_and_lie_in_folders_below(folder):
    (folder / "below").mkdir()
    (folder / "below" / "middle.toml").write_text('extends = "../base.toml"\nquestion = "why?"\n')
    scenario = child(folder, 'extends = "below/middle.toml"\nsteps = 6\n')
    assert (scenario.question, scenario.steps, scenario.actors["North"].stance.best) == ("why?", 6, 20)


def test_what_was_expected_of_the_other_story_is_not_expected_of_this_one(folder):
    (folder / "base.toml").write_text(
        (folder / "base.toml").read_text() + '[[expect]]\nthat = "so"\nmeasure = "truce.starts"\nabove = 0.5\n'
    )
    assert len(load_scenario(folder / "base.toml").expect) == 1
    assert child(folder, 'extends = "base.toml"\n').expect == ()
    own = child(folder, 'extends = "base.toml"\n[[expect]]\nthat = "not so"\nmeasure = "truce.starts"\nbelow = 0.5\n')
    assert [wish.that for wish in own.expect] == ["not so"]


def test_actors_ties_and_events_can_be_dropped(folder):
    scenario = child(
        folder,
        'extends = "base.toml"\ndrop = ["events.call", "events.airlift", "ties.Friend.South", "actors.Friend"]\n',
    )
    assert scenario.events == ()
    assert [(tie.source, tie.target) for tie in scenario.ties] == [("Patron", "North")]
    assert list(scenario.actors) == ["North", "South", "Patron"]


ANSWERS = """
[[events]]
on = 2020-01-02
offer = { id = "visit", sponsors = ["Friend"], every = 4 }
[[record]]
offer = "call"
party = "North"
answer = 0
[[record]]
offer = "call"
party = "South"
answer = 1
[[record]]
offer = "visit-1"
party = "North"
answer = 0
[[record]]
offer = "visit-2"
party = "South"
answer = 1
"""


@pytest.mark.parametrize(
    ("dropped", "left"),
    [
        (["record.call.North"], ["call South", "visit-1 North", "visit-2 South"]),
        (["record.call"], ["visit-1 North", "visit-2 South"]),
        (["record.call.North", "record.visit-2"], ["call South", "visit-1 North"]),
        (["events.call"], ["visit-1 North", "visit-2 South"]),
        (["events.visit"], ["call North", "call South"]),
        (["events.call", "record.call.South"], ["visit-1 North", "visit-2 South"]),
        (["events.airlift"], ["call North", "call South", "visit-1 North", "visit-2 South"]),
    ],
)
def test_an_answer_on_record_can_be_dropped_and_goes_with_its_offer(folder, texts, dropped, left):
    (folder / "base.toml").write_text(texts["two"] + CALL + ANSWERS)
    scenario = child(folder, f'extends = "base.toml"\ndrop = {json.dumps(dropped)}\n')
    assert [f"{entry.offer} {entry.party}" for entry in scenario.record] == left


def test_with_an_offer_go_the_fortunes_and_truces_on_record_of_it(folder, texts):
    kept = """
[[fortune]]
offer = "call"
party = "North"
fortune = 1
[[fortune]]
offer = "visit-2"
party = "North"
fortune = 2
[[truces]]
offer = "call"
began = 2020-01-04
how = "held"
[[truces]]
began = 2020-01-07
how = "held"
"""
    (folder / "base.toml").write_text(texts["two"] + CALL + ANSWERS + kept)
    scenario = child(folder, 'extends = "base.toml"\ndrop = ["events.call"]\n')
    assert [row.offer for row in scenario.fortune] == ["visit-2"]
    assert [truce.offer for truce in scenario.truces] == [None]
    assert child(folder, 'extends = "base.toml"\ndrop = ["events.visit"]\n').fortune[0].offer == "call"


def test_an_answer_that_is_not_on_record_is_told_with_the_nearest(folder, texts):
    (folder / "base.toml").write_text(texts["two"] + CALL + ANSWERS)
    with pytest.raises(ScenarioError, match=r"'record\.call\.Nort'.* Did you mean 'record\.call\.North'\?"):
        child(folder, 'extends = "base.toml"\ndrop = ["record.call.Nort"]\n')


def test_an_offer_called_nearly_like_one_that_stands_keeps_its_answers(folder, texts):
    visits = ANSWERS.replace("visit-2", "visit-ankara")
    more = '[[events]]\non = 2020-01-05\noffer = { id = "visit-ankara", sponsors = ["Friend"] }\n'
    (folder / "base.toml").write_text(texts["two"] + CALL + more + visits)
    scenario = child(folder, 'extends = "base.toml"\ndrop = ["events.visit"]\n')
    assert [entry.offer for entry in scenario.record] == ["call", "call", "visit-ankara"]


def test_a_bundled_scenario_is_extended_by_name_from_any_folder(tmp_path):
    scenario = child(tmp_path, 'extends = "libya-2020-01"\ntitle = "Mine"\ndrop = ["events.airlift"]\n')
    assert scenario.title == "Mine"
    assert scenario.record == load_scenario("libya-2020-01").record
    assert "airlift" not in [event.name for event in scenario.events]
    # a bundled what-if extends another bundled file in its turn, and a file here extends this one
    child(tmp_path, 'extends = "libya-2019-2020-given-front"\n', "front.toml")
    assert child(tmp_path, 'extends = "front.toml"\ntitle = "The front"\n').title == "The front"
    assert child(tmp_path, 'extends = "reference/deffuant-wide"\n') == child(tmp_path, 'extends = "deffuant-wide"\n')


def test_an_offer_that_was_answered_can_be_taken_away(tmp_path):
    libya = load_scenario("libya-2020-01")
    offer = libya.record[0].offer
    scenario = child(tmp_path, f'extends = "libya-2020-01"\ndrop = ["events.{offer}"]\n')
    assert offer not in offer_ids(scenario)
    assert scenario.record == tuple(entry for entry in libya.record if entry.offer != offer)


def test_claims_are_looked_up_beside_the_file_and_beside_what_it_extends(tmp_path):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "claims.toml").write_text('[[claims]]\nid = "MINE"\nclaim = "So I saw."\n')
    text = 'extends = "libya-2020-01"\n[actors.Turkey]\nstance = { best = 95, claims = ["MINE"] }\n'
    assert child(tmp_path, text).actors["Turkey"].stance.claims == ("MINE",)
    found = evidence_of(tmp_path / "child.toml")
    assert found["MINE"].text == "So I saw."
    assert "C01" in found
    with pytest.raises(ScenarioError, match=r"Turkey\.stance: no claim 'MIEN' in seeds/\. Did you mean 'MINE'\?"):
        child(tmp_path, text.replace("MINE", "MIEN"))


def test_a_dropped_event_can_be_told_anew(folder):
    scenario = child(
        folder,
        'extends = "base.toml"\ndrop = ["events.airlift"]\n'
        '[[events]]\nid = "airlift"\non = 2020-01-06\nadd = { "actors.North.distrust" = 1 }\n',
    )
    assert scenario.events[1].set == {}


def test_keys_of_the_extended_file_can_be_set(folder):
    scenario = child(
        folder,
        """
extends = "base.toml"
[set]
"ties.Patron.North.support" = 0.1
"actors.North.stance" = { best = 30, low = 20, high = 40, assumed = "seen otherwise" }
"events.airlift.set.ties.Patron.North.support" = 0.2
"events.call.offer.monitoring" = 0.5
"coefficients.answers.pull" = 2
"rule.openness" = 0.4
steps = 9
""",
    )
    assert scenario.ties[0].support.best == 0.1
    assert scenario.ties[0].support.assumed == "set to 0.1 by child.toml"
    assert (scenario.actors["North"].stance.low, scenario.actors["North"].stance.best) == (20, 30)
    assert scenario.events[1].set["ties.Patron.North.support"].best == 0.2
    assert scenario.events[0].offer.monitoring.best == 0.5
    assert scenario.coefficients.answers.pull == 2
    assert (scenario.rule.openness, scenario.rule.speed) == (0.4, 0.1)
    assert scenario.steps == 9


def test_a_key_set_on_loading_wins_over_the_file(folder):
    scenario = load_scenario(folder / "base.toml", {"actors.North.stance": 33, "steps": 8})
    assert (scenario.actors["North"].stance.best, scenario.steps) == (33, 8)
    assert scenario.actors["North"].stance.assumed == "set to 33 on loading"


@pytest.mark.parametrize(
    ("key", "value", "read"),
    [
        ("actors.North.stance", 33, lambda story: story.actors["North"].stance.best),
        ("actors.North.roles", ["party", "ally"], lambda story: list(story.actors["North"].roles)),
        ("ties.Friend.South.pledge", 1.5, lambda story: story.ties[1].pledge.best),
        ("events.airlift.on", datetime.date(2020, 1, 4), lambda story: story.events[1].on),
        ("events.airlift.probability", 0.25, lambda story: story.events[1].probability),
        ("events.call.offer.form", "signed", lambda story: story.events[0].offer.form),
        ("events.call.offer.terms.line", 35, lambda story: story.events[0].offer.terms["line"].best),
        (
            "events.airlift.add.actors.South.distrust",
            3,
            lambda story: story.events[1].add["actors.South.distrust"].best,
        ),
        ("coefficients.battle.hurt", 0.05, lambda story: story.coefficients.battle.hurt),
        ("rule.speed", 0.5, lambda story: story.rule.speed),
        ("step_days", 0.5, lambda story: story.step_days),
        ("title", "Other", lambda story: story.title),
    ],
)
def test_one_key_replaced_is_all_that_changes(tell, key, value, read):
    story = tell("two", CALL + LINE, {"events.call.offer.terms.line": 1, "events.airlift.add.actors.South.distrust": 1})
    changed = story.replace({key: value})
    assert read(changed) == value
    assert read(story) != value
    # numbers of actors and ties say where they come from: the rest of the file is the same, line by line
    before, after = as_toml(story).splitlines(), as_toml(changed).splitlines()
    assert len(set(after) - set(before)) <= 3


def test_replacing_leaves_the_first_story_alone(two):
    text = as_toml(two)
    two.replace({"actors.North.stance": 99, "rule": "friedkin-johnsen"})
    assert as_toml(two) == text


def test_numbers_of_numpy_are_numbers(two):
    for value in (np.float64(30), np.int64(30), np.float32(30), 30):
        assert two.replace({"actors.North.stance": value}).actors["North"].stance.best == 30


def test_a_story_is_frozen(two):
    with pytest.raises(Exception, match="frozen"):
        two.steps = 5


def test_a_story_written_out_reads_back_the_same(tell, libya):
    for story in (tell("two", CALL), tell("three"), tell("talks"), libya):
        again = load_text(as_toml(story), "again")
        assert again == story
        assert fingerprint(again) == fingerprint(story)
        assert list(again.actors) == list(story.actors)


def test_a_fingerprint_tells_stories_apart_and_the_same_story_from_none(two, folder):
    prints = {
        fingerprint(two.replace(changes))
        for changes in ({}, {"actors.North.stance": 21}, {"steps": 13}, {"coefficients.battle.hurt": 0.009})
    }
    assert len(prints) == 4
    assert fingerprint(load_scenario(folder / "base.toml")) == fingerprint(load_scenario(folder / "base.toml"))


def test_every_number_has_a_key_a_value_and_bounds_and_can_be_replaced(libya):
    numbers = libya.inputs
    assert len(numbers) > 150
    for key, item in numbers.items():
        assert item.key == key
        assert item.low <= item.value <= item.high, key
        if item.spread is not None:
            assert item.low <= item.spread[0] <= item.value <= item.spread[1] <= item.high, key
        assert item.claims or item.assumed, key
    assert numbers["actors.LNA.stance"].spread == (5, 25)
    assert "C01" in numbers["actors.LNA.stance"].claims
    assert numbers["ties.Turkey.GNA.support"].value == 0.2
    assert numbers["events.oil-shutdown.set.actors.GNA.squeeze"].value == 0.001
    assert numbers["coefficients.truces.signed_days"].value == 1500


def test_what_holds_on_an_issue_is_a_number_where_it_is_stated_and_not_where_somebody_holds_it(tell):
    numbers = tell("two", LINE).inputs
    assert "issues.line.now" not in numbers  # North's share of the ground
    item = numbers["issues.prisoners.now"]
    assert (item.value, item.low, item.high) == (10, 0, 100)
    assert item.meaning == "prisoners: what holds if nothing is agreed"


def test_the_numbers_of_an_offer_say_what_they_are(tell):
    numbers = tell("two", CALL.replace('["Patron"]', '["Patron"], monitoring = 0.3, scope = 0.4')).inputs
    for key, value, meaning in (
        ("monitoring", 0.3, "how closely the truce is watched"),
        ("scope", 0.4, "the share of the fighting that it would still"),
    ):
        item = numbers[f"events.call.offer.{key}"]
        assert (item.value, item.low, item.high, item.meaning) == (value, 0, 1, meaning)


def test_a_bound_that_is_not_reached_itself_is_a_bound():
    class Rule(BaseModel):
        share: float = Field(0.5, gt=0, lt=2)
        days: float = Field(1, ge=1, le=9)

    assert [(entry.name, entry.low, entry.high) for entry in entries(Rule)] == [("share", 0, 2), ("days", 1, 9)]


def test_every_key_replaces_its_own_number_and_no_other(tell):
    story = tell(
        "two",
        CALL
        + 'probability = 0.5\n[[events]]\non = 2020-01-06\nid = "gift"\nadd = { "actors.South.base" = 5 }\n'
        + LINE,
    )
    story = story.replace({"events.call.offer.monitoring": 0.2})
    before = story.inputs
    for key, item in before.items():
        if key == "wants.North.line.weight":
            continue  # North has no other issue, and its weights add up to 1
        middle = item.low + 0.37 * (item.high - item.low)
        after = story.replace({key: middle}).inputs
        changed = {other for other in before if after[other].value != before[other].value}
        assert {other for other in changed if other == key or not before[other].silent} == {key}
        # what holds is what an offer that is silent on it leaves as it is
        assert {other.rpartition(".")[2] for other in changed - {key}} <= {key.split(".")[1]}
        assert after[key].value == pytest.approx(middle)


def test_a_day_may_be_a_text_that_is_one(two):
    assert two.replace({"start": "2020-01-05"}).start == datetime.date(2020, 1, 5)


def test_the_numbers_are_worked_out_once_and_anew_for_every_changed_copy(two):
    assert two.inputs is two.inputs
    for same in (pickle.loads(pickle.dumps(two)), copy.copy(two), copy.deepcopy(two), two.model_copy(deep=True)):
        assert same == two
        assert dict(same.inputs) == dict(two.inputs)
    fewer = two.model_copy(update={"ties": two.ties[:1]})
    gone = {"leverage", "support", "pledge", "follows"}
    assert set(two.inputs) - set(fewer.inputs) == {f"ties.Friend.South.{key}" for key in gone}
    assert two.replace({"actors.North.stance": 33}).inputs["actors.North.stance"].value == 33
    assert two.inputs["actors.North.stance"].value == 20


def test_having_been_asked_for_its_numbers_makes_no_difference_to_a_story(two):
    fresh = copy.copy(two)
    assert len(two.inputs) > 20
    assert fresh == two
    assert fresh.model_dump() == two.model_dump()
    assert len(pickle.dumps(fresh)) == len(pickle.dumps(two))


def test_a_story_shows_itself_in_a_line(libya, tell):
    assert repr(libya) == str(libya)
    assert repr(libya) == (
        "<Scenario 'Libya, January 2020: the Russian-Turkish call': 2020-01-06 to 2020-03-01; "
        "22 actors, 2 parties, 42 ties, 12 events, 6 offers>"
    )
    assert len(repr(tell("two", "", {"title": "long " * 1000}))) < 200


def test_a_story_shows_itself_in_a_small_table_in_notebooks(libya, two):
    shown = libya._repr_html_()
    offer = "moscow-text (2020-01-13, signed, by Russia, Turkey)"
    for words in (libya.title, libya.question, "2020-01-06 to 2020-03-01", "LNA, GNA", offer, "22 actors"):
        assert words in shown, words
    assert len(shown) < 4000
    ElementTree.fromstring(shown.replace("<br>", "<br/>"))
    nasty = two.replace({"title": "<script>alert('me')</script>", "question": "a < b & c?"})._repr_html_()
    assert "<script" not in nasty
    assert "a &lt; b &amp; c?" in nasty


def test_a_crowd_is_listed_in_part():
    assert ", … and 88 more" in load_scenario("deffuant")._repr_html_()


def test_a_story_can_be_pickled_and_is_the_same_on_the_other_side(libya, tell):
    for story in (libya, tell("talks"), load_scenario("emission-standards-spatial")):
        back = pickle.loads(pickle.dumps(story))
        assert back == story
        assert fingerprint(back) == fingerprint(story)


def test_offers_are_known_by_every_occasion_and_whom_they_ask(tell):
    story = tell(
        "two",
        CALL
        + '[[events]]\non = 2020-01-02\noffer = { id = "visit", sponsors = ["Friend"], to = ["South"], every = 5 }\n',
    )
    assert offer_ids(story) == {
        "visit-1": ("South",),
        "visit-2": ("South",),
        "visit-3": ("South",),
        "call": ("North", "South"),
    }
    assert occasions(story, story.events[2]) == [("visit-1", 1), ("visit-2", 6), ("visit-3", 11)]
    assert occasions(story, story.events[1]) == []


def test_where_an_offer_is_silent_its_terms_are_what_holds_on_its_day(tell):
    moved = """
[[events]]
on = 2020-01-02
id = "freed"
set = { "issues.prisoners.now" = 80 }
[[events]]
on = 2020-01-04
id = "held"
add = { "issues.prisoners.now" = -30 }
[[events]]
on = 2020-01-06
offer = { id = "pact", sponsors = ["Patron"], terms = { prisoners = 100 } }
[[events]]
on = 2020-01-07
offer = { id = "plea", sponsors = ["Patron"] }
"""
    story = tell("two", CALL + LINE + moved, {"actors.North.control": 0.7, "actors.South.control": 0.3})
    terms = {key: item for key, item in story.inputs.items() if ".terms." in key}
    assert {key.removeprefix("events."): item.value for key, item in terms.items()} == {
        "call.offer.terms.line": 70,  # the ground that North holds at the start
        "call.offer.terms.prisoners": 80,
        "pact.offer.terms.line": 70,
        "pact.offer.terms.prisoners": 100,
        "plea.offer.terms.line": 70,
        "plea.offer.terms.prisoners": 50,
    }
    assert [key for key, item in terms.items() if not item.silent] == ["events.pact.offer.terms.prisoners"]


def test_a_key_stands_for_one_place_of_the_state(three):
    assert target_of(three, "actors.Envoy.salience") == ("salience", (2,))
    assert target_of(three, "actors.Blue.control") == ("control", (2,))  # the third party, though the fourth actor
    assert target_of(three, "ties.Envoy.Blue.leverage") == ("leverage", (2, 3))
    assert target_of(three, "ties.Envoy.Blue.support") == ("support", (2, 2))


def test_every_claim_that_is_cited_is_found_with_its_place(tell):
    story = tell(
        "two",
        """
[[events]]
on = 2020-01-03
claims = ["E1"]
[events.offer]
id = "call"
sponsors = ["Patron"]
monitoring = { best = 0.5, claims = ["E2"] }
terms = { line = { best = 5, claims = ["E3"] } }
[[events]]
on = 2020-01-04
id = "gift"
set = { "actors.South.base" = { best = 5, claims = ["E4"] } }
add = { "actors.South.base" = { best = 5, claims = ["E5"] } }
[[record]]
offer = "call"
party = "North"
answer = 0.5
claims = ["E6"]
[issues.line]
low = "all yours"
high = "all ours"
now = 50
[[wants]]
party = "North"
issue = "line"
want = { best = 90, claims = ["E9"] }
weight = 1
claims = ["E10"]
""",
        {
            "actors.Patron.stance": {"best": 40, "claims": ["E7"]},
            "ties.Patron.North.support": {"best": 1, "claims": ["E8"]},
        },
    )
    assert {claim: place for place, claim in citations(story)} == {
        "E1": "events[call]",
        "E2": "events[call].offer.monitoring",
        "E3": "events[call].offer.terms.line",
        "E4": 'events[gift].set."actors.South.base"',
        "E5": 'events[gift].add."actors.South.base"',
        "E6": "record[0]",
        "E7": "actors.Patron.stance",
        "E8": "ties.Patron.North.support",
        "E9": "wants.North.line.want",
        "E10": "wants.North.line",
    }


def test_the_schema_knows_every_key_of_the_files_we_ship():
    schema = json_schema()
    json.dumps(schema, allow_nan=False)
    known = set(schema["properties"])
    for file in (path for path in names().values() if path.is_file()):
        assert set(tomllib.loads(file.read_text())) <= known, file


def test_the_largest_bundled_file_is_far_from_the_limit():
    assert max(file.stat().st_size for file in bundled().rglob("*.toml")) * 5 < LARGEST


def test_a_story_takes_no_nonsense_by_hand_either(two):
    with pytest.raises(ScenarioError, match=r"North and South.*actors\.North\.stance: 120 is outside 0 … 100"):
        two.replace({"actors.North.stance": 120})
    assert isinstance(two, Scenario)


def test_a_switch_that_is_off_is_not_written_out_and_one_that_is_on_is_with_all_that_counts(libya):
    plain = libya.as_toml()
    for name in ("one_sided", "shift", "spurned", "reactions"):
        assert name not in plain
    # as before there were switches: whoever has quoted a scenario by its fingerprint has still quoted it
    assert fingerprint(libya) == fingerprint(
        libya.replace({"coefficients.truces.shift": 0, "coefficients.reactions.share": 0})
    )
    on = libya.replace({"coefficients.reactions.share": 0.5, "coefficients.truces.shift": 0.5})
    tables = as_tables(on)["coefficients"]
    assert tables["reactions"] == {"share": 0.5, "most": 2}
    assert tables["truces"]["shift"] == 0.5
    assert load_text(on.as_toml(), "again").coefficients == on.coefficients
    kept = libya.replace({"coefficients.reactions.most": 3})  # counts for nothing, but somebody wrote it
    assert load_text(kept.as_toml(), "again").coefficients.reactions.most == 3
