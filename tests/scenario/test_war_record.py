"""What a scenario may say of a war besides its model: issues, wants, fortunes, truces, sources, coders."""

import pytest

from simulation.scenario import ScenarioError
from simulation.scenario.files import load_text

WAR = """
schema = 1
title = "t"
start = 2020-01-01
steps = 30
coders = ["A", "B"]

[sources]
un-1 = "Security Council, resolution 1, 2 January 2020"

[issues.line]
title = "the line"
low = "where it is"
high = "where it was"
now = 0

[actors.N]
roles = ["party"]
stance = 40
salience = 100
influence = 50
assumed = "made up"

[actors.S]
roles = ["party"]
stance = 60
salience = 100
influence = 50
sources = ["un-1"]
assumed = "made up"

[[wants]]
party = "N"
issue = "line"
want = 10
weight = 1
assumed = "made up"

[[events]]
on = 2020-01-05
sources = ["un-1"]
offer = { id = "o", sponsors = ["S"], to = ["N"], terms = { line = 60 }, scope = { best = 0.5, assumed = "one front" } }

[[record]]
offer = "o"
party = "N"
answer = 0.4
low = 0.3
high = 0.5
given = "conditional"
codings = { A = { grade = 0.3 }, B = { grade = 0.5 } }

[[fortune]]
offer = "o"
party = "N"
fortune = -1
strength_share = 0.4

[[truces]]
offer = "o"
began = 2020-01-06
ended = 2020-01-09
how = "broken"
broken_by = ["N"]
"""


def test_a_war_keeps_what_was_fought_over_answered_and_broken():
    war = load_text(WAR, "war")
    assert war.issues["line"].high == "where it was"
    assert war.wants[0].want.best == 10
    assert war.events[0].offer.terms["line"].best == 60
    assert war.record[0].codings["B"]["grade"] == 0.5
    assert war.fortune[0].strength_share == 0.4
    assert war.truces[0].how == "broken"


def test_points_on_an_issue_of_which_nobody_says_what_holds_are_a_record():
    war = load_text(WAR.replace("now = 0", "outcome = 0"), "war")
    assert not [key for key in war.inputs if key.startswith(("issues.", "wants.")) or ".terms." in key]
    assert load_text(WAR, "war").inputs["events.o.offer.terms.line"].value == 60


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("terms = { line = 60 }", "terms = { lin = 60 }", "no issue 'lin'. Did you mean 'line'?"),
        ("terms = { line = 60 }", "terms = { line = 160 }", "160 is outside 0 … 100"),
        ('issue = "line"', 'issue = "lines"', "no issue 'lines'. Did you mean 'line'?"),
        ("weight = 1", "weight = 0.5", "the weights of N add up to 0.5"),
        ('sources = ["un-1"]\nassumed', 'sources = ["un-2"]\nassumed', "no source 'un-2' under [sources]"),
        ("high = 0.5", "high = 0.35", "answer = 0.4 is not between low = 0.3 and high = 0.35"),
        ('offer = "o"\nparty = "N"\nfortune', 'offer = "p"\nparty = "N"\nfortune', "fortune[0].offer: no offer 'p'"),
        ("ended = 2020-01-09", "ended = 2020-01-01", "ended = 2020-01-01 is before began = 2020-01-06"),
        ("ended = 2020-01-09\n", "", "a truce that was broken has a day on which it ended"),
        ('broken_by = ["N"]', 'broken_by = ["M"]', "truces[0].broken_by: no actor 'M'"),
        ('given = "conditional"', 'given = "perhaps"', "'perhaps' will not do"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(old, new, message):
    assert old in WAR
    with pytest.raises(ScenarioError) as refused:
        load_text(WAR.replace(old, new), "war")
    assert message in str(refused.value)


def test_a_fortune_is_given_in_one_place():
    twice = WAR.replace('given = "conditional"', "fortune = -1")
    with pytest.raises(ScenarioError, match="given under \\[\\[record\\]\\] too"):
        load_text(twice, "war")
