"""The JSON Schema takes what the loader takes, and tells an editor of the commonest slips."""

import datetime
import json
import tomllib

import jsonschema
import pytest

from simulation.scenario import as_toml, json_schema, load_scenario
from simulation.scenario.catalogue import names

WHOLE = """
title = "Whole"
start = 2020-01-01
steps = 12
rule = "degroot"
[actors.North]
roles = ["party"]
stance = 20
salience = { best = 50, low = 40, high = 60, assumed = "so" }
influence = 50
assumed = "made up"
[[ties]]
from = "Patron"
to = "North"
support = 0.1
[[events]]
on = 2020-01-03
offer = { id = "call", sponsors = ["North"], monitoring = 0.5 }
[[record]]
offer = "call"
party = "North"
answer = 1
"""

PART = """
extends = "base.toml"
drop = ["events.airlift", "record.call"]
[set]
"ties.Patron.North.support" = 0.1
[actors.North]
stance = { low = 10 }
[[ties]]
from = "Patron"
to = "North"
support = 0.1
[[events]]
id = "call"
label = "later"
offer = { monitoring = 1 }
[[record]]
offer = "call"
party = "North"
label = "as it was told"
"""


@pytest.fixture(scope="module")
def faults():
    """What the schema has against a text, a list of (place, words)."""
    schema = json.loads(json.dumps(json_schema()))
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())

    def of(text):
        return [(fault.json_path, fault.message) for fault in checker.iter_errors(plain(tomllib.loads(text)))]

    return of


def plain(item):
    """Tables as JSON has them: dates are texts."""
    if isinstance(item, dict):
        return {key: plain(value) for key, value in item.items()}
    if isinstance(item, list):
        return [plain(value) for value in item]
    return item.isoformat() if isinstance(item, datetime.date) else item


@pytest.mark.parametrize("name", sorted(names()))
def test_every_bundled_file_is_as_the_schema_says_and_so_is_what_it_comes_to(faults, name):
    if names()[name].suffix == ".toml":  # others are tables
        assert faults(names()[name].read_text()) == []
    assert faults(as_toml(load_scenario(name))) == []


def test_a_file_that_extends_may_say_things_in_part_and_one_that_does_not_may_not(faults, texts, tmp_path):
    assert faults(WHOLE) == []
    assert faults(PART) == []
    alone = {place for place, _ in faults(PART.replace('extends = "base.toml"', ""))}
    assert alone == {"$", "$.actors.North", "$.actors.North.stance", "$.events[0]", "$.events[0].offer", "$.record[0]"}
    # and the loader agrees
    call = '[[events]]\non = 2020-01-03\noffer = { id = "call", sponsors = ["Patron"] }\n'
    airlift = '[[events]]\non = 2020-01-04\nid = "airlift"\nset = { "ties.Patron.North.support" = 1 }\n'
    answer = '[[record]]\noffer = "call"\nparty = "North"\nanswer = 0\n'
    base = texts["two"].replace("stance = 20", 'stance = { best = 20, low = 15, high = 25, assumed = "so" }', 1)
    (tmp_path / "base.toml").write_text(base + call + airlift + answer)
    (tmp_path / "part.toml").write_text(PART.replace(', "record.call"', ""))
    told = load_scenario(tmp_path / "part.toml")
    assert (told.actors["North"].stance.low, told.events[0].label, told.record[0].label) == (
        10,
        "later",
        "as it was told",
    )


@pytest.mark.parametrize("text", [WHOLE, PART], ids=["whole", "extending"])
@pytest.mark.parametrize(
    ("this", "to", "place"),
    [
        ("\n", "\nstpes = 4\n", "$"),
        ("[actors.North]", "[actors.North]\nstnace = 4", "$.actors.North"),
        ("[actors.North]", "[actors.North]\nstrength = { besst = 4 }", "$.actors.North.strength"),
        ("[actors.North]", "[actors.North]\ncontrol = 1.5", "$.actors.North.control"),
        ("[actors.North]", "[coefficients.batle]\n[actors.North]", "$.coefficients"),
        ("[actors.North]", "[coefficients.battle]\nhrt = 1\n[actors.North]", "$.coefficients.battle"),
        ("support = 0.1", "suport = 0.1", "$.ties[0]"),
        ("[[events]]", "[[events]]\nprobabilty = 0.5", "$.events[0]"),
        ("offer = { ", "offer = { sponsor = 1, ", "$.events[0].offer"),
        ("[[record]]", "[[record]]\nanswr = 0.5", "$.record[0]"),
        ("[[record]]", "[[expect]]\nthat = 'so'\nmeasure = 'truce.starts'\nabov = 1\n[[record]]", "$.expect[0]"),
    ],
)
def test_a_key_that_is_misspelt_or_out_of_bounds_is_refused_in_its_place(faults, text, this, to, place):
    wrong = faults(text.replace(this, to, 1))
    assert wrong
    assert {where for where, _ in wrong} == {place}


@pytest.mark.parametrize(
    "rule", ['"voodoo"', '{ name = "voodoo" }', '{ name = "degroot", confidence = 4 }', "{ speed = 1 }"]
)
def test_a_rule_is_a_known_name_alone_or_with_its_own_options(faults, rule):
    assert {place for place, _ in faults(WHOLE.replace('"degroot"', rule))} == {"$.rule"}
    assert faults(WHOLE.replace('"degroot"', '{ name = "deffuant", confidence = 30 }')) == []


def test_what_cannot_be_dropped_is_refused(faults):
    assert [place for place, _ in faults(PART.replace("events.airlift", "title"))] == ["$.drop[0]"]
