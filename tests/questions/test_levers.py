"""Levers moved one at a time, in a conflict whose answers are known."""

import json
import re

import numpy as np
import pytest

from simulation.questions.finding import Table
from simulation.questions.levers import describe, kind_of, kinds_of, moves_of, rows
from simulation.questions.levers import levers as ask
from simulation.scenario import ScenarioError
from simulation.show.plots.levers import figure_levers


def levers(*given, **options):
    """The dataset of the answer."""
    return ask(*given, **options).result


SPONSORED = {"events.first.offer.sponsors": ["Envoy"]}


def logistic(x):
    return 1 / (1 + np.exp(-x))


def effect(result, lever, step):
    here = result.isel(move=(result.lever.values == lever) & (result.step.values == step))
    assert here.sizes["move"] == 1, lever
    return float(here.effect[0]), float(here.low[0]), float(here.high[0])


@pytest.fixture(scope="module")
def moved(still):
    """The Envoy sponsors the first offer: it closes half of Red's gap of 30, so that Red's willingness is 65."""
    return levers(still(changes=SPONSORED), "answer.first.Red", runs=20)


def test_the_measure_as_it_stands_is_told(moved):
    assert float(moved.base) == pytest.approx(logistic(1.5))
    assert float(moved.base_low) == pytest.approx(float(moved.base_high))


@pytest.mark.parametrize(
    ("lever", "step", "willingness"),
    [
        ("ties.Envoy.Red.leverage", 0.1, 68),  # 50 + 0.6 × 30
        ("ties.Envoy.Red.leverage", -0.25, 57.5),
        ("actors.Envoy.stance", 10, 70),  # 50 + 0.5 × 40
        ("actors.Envoy.salience", -20, 62),  # 50 + 0.5 × 0.8 × 30
        ("actors.Red.stance", 20, 75),  # 70 + 0.5 × 10
        ("events.first.offer.monitoring", 0.25, 70),  # a quarter of 20 more
    ],
)
def test_an_effect_is_what_the_equations_say(moved, lever, step, willingness):
    expected = logistic((willingness - 50) / 10) - logistic(1.5)
    assert effect(moved, lever, step)[0] == pytest.approx(expected)


PRIZE = """
[issues.prize]
now = 40

[[wants]]
party = "Red"
issue = "prize"
want = 90
weight = 0.5
assumed = "made up"

[issues.rest]
title = "whatever else there is, of which nobody says what holds"

[[wants]]
party = "Red"
issue = "rest"
want = 0
weight = 0.5
assumed = "made up"
"""


def test_a_concession_counts_by_how_much_nearer_it_comes_and_a_demand_given_up_likewise(still):
    """Content 40: each point nearer is worth 0.5 × 0.4 of one. Nothing is offered at first, so Red stands at 65."""
    story = still(PRIZE, SPONSORED | {"coefficients.answers.content": 40})
    found = levers(story, "answer.first.Red", runs=20, steps={"terms": (25, 50, -25), "want": (-50,)})
    terms, base = "events.first.offer.terms.prize", logistic(1.5)
    assert found.old.values[found.lever.values == terms][0] == 40
    assert effect(found, terms, 25)[0] == pytest.approx(logistic(2.0) - base)  # 65 + 25 × 0.2
    assert effect(found, terms, 50)[0] == pytest.approx(logistic(2.5) - base)
    assert effect(found, terms, -25)[0] == pytest.approx(logistic(1.0) - base)
    assert effect(found, "wants.Red.prize.want", -50) == (0.0, 0.0, 0.0)  # an offer that is silent gives it nothing
    spoken = story.replace({terms: 90})
    found = levers(spoken, "answer.first.Red", runs=20, steps={"want": (-50,)})
    # Red now wants 40, which it has: 90 takes it 50 points away, where it had brought it 50 nearer
    assert float(found.base) == pytest.approx(logistic(2.5))
    assert effect(found, "wants.Red.prize.want", -50)[0] == pytest.approx(logistic(0.5) - logistic(2.5))


def test_terms_and_wants_are_levers_where_content_counts(still):
    story = still(PRIZE)
    content = "coefficients.answers.content"
    assert {"terms", "want"} & set(kinds_of(story.replace({content: 0}))) == set()
    assert {"terms", "want"} <= set(kinds_of(story.replace({content: 1})))
    assert not {"kind", "form"} & set(kinds_of(story))  # a text is tabled when it is nearly agreed: no lever


def test_who_has_no_say_changes_nothing(moved):
    assert effect(moved, "actors.Bystander.stance", 10) == (0.0, 0.0, 0.0)


def test_the_strongest_lever_comes_first(moved):
    strength = [max(abs(row["effect"]) for row in rows(moved) if row["lever"] == name) for name in moved.lever.values]
    assert strength == sorted(strength, reverse=True)
    # Twenty points less take Red's willingness from 65 to 55, by the Envoy's stance (50 + 0.5 × 10) as by its own
    # (30 + 0.5 × 50); a quarter less of leverage only to 57.5.
    assert list(dict.fromkeys(moved.lever.values))[:3] == [
        "actors.Envoy.stance",
        "actors.Red.stance",
        "ties.Envoy.Red.leverage",
    ]


def test_a_step_that_leads_nowhere_is_left_out_and_one_beyond_the_end_is_cut(moved):
    monitoring = moved.isel(move=moved.lever.values == "events.first.offer.monitoring")
    assert set(monitoring.step.values) == {0.1, 0.25}  # there is none to take away
    bystander = moved.isel(move=moved.lever.values == "actors.Bystander.stance")
    assert set(bystander.new.values) == {70, 80, 100}  # 90 + 10 and 90 + 20 both end at 100
    assert set(moved.isel(move=moved.lever.values == "actors.Envoy.salience").step.values) == {-20, -10}


def test_a_value_the_expert_did_not_think_possible_is_marked(still):
    unsure = still(changes={"actors.Red.stance": {"best": 50, "low": 45, "high": 65, "assumed": "made up"}})
    result = levers(unsure, "answer.first.Red", runs=5, steps={"stance": (-10, 10)})
    red = {row["step"]: row["expected"] for row in rows(result) if row["actor"] == "Red"}
    assert red == {-10: False, 10: True}


def test_a_sponsor_joins_leaves_or_changes_sides(still):
    # Opposed by the Envoy, Red's willingness is 50 - 20 × 0.5 = 40; sponsored, 50 + 0.5 × 30 = 65.
    opposed = still(changes={"events.first.offer.opponents": ["Envoy"]})
    result = levers(opposed, "answer.first.Red", runs=5, steps={"sponsor": (1, -1)})
    assert effect(result, "events.first.offer.sponsors.Envoy", 1)[0] == pytest.approx(logistic(1.5) - logistic(-1))
    # The Bystander has leverage on nobody, and Blue, the only sponsor, cannot leave.
    assert set(result.actor.values) == {"Envoy"}
    assert set(result.step.values) == {1}


def test_effects_on_what_is_counted_have_intervals(still):
    result = levers(still(), "truce.holds_to_end", runs=200, steps={"stance": (20,)})
    value, low, high = effect(result, "actors.Red.stance", 20)
    assert low < value < high
    assert low > 0  # readier parties start and keep more truces


def test_what_cannot_be_moved_is_said(still):
    with pytest.raises(ScenarioError, match=r"no kind of lever 'stanse'\. Did you mean 'stance'"):
        list(moves_of(still(), {"stanse": (1,)}))
    with pytest.raises(ScenarioError, match="no lever to move"):
        levers(still(), "truce.starts", runs=5, steps={"support": (0.1,)})
    with pytest.raises(ScenarioError, match="no such measure"):
        levers(still(), "truce.begins", runs=5)
    nobody = still(changes={"actors.Red.stance": 0, "coefficients.answers.temperature": 0.1})
    with pytest.raises(ScenarioError, match="does not arise in any of the 5 runs"):
        levers(nobody, "truce.days", runs=5)


def test_numbers_that_are_no_levers_are_left_alone(still):
    assert kind_of(still(), "coefficients.answers.pull") == ("", "")
    assert kind_of(still(), "actors.Red.influence") == ("", "")


def test_the_picture_groups_levers_by_who_would_have_to_move(moved):
    from simulation.show.plots.levers import figure_levers, ranked

    assert ranked(moved)["Envoy"][:2] == ["actors.Envoy.stance", "ties.Envoy.Red.leverage"]
    assert "Bystander" not in ranked(moved)
    [ax] = figure_levers(moved).get_axes()
    assert {"Envoy", "Red"} <= {text.get_text() for text in ax.texts}


def test_steps_on_the_command_line_are_read():
    from simulation.cli.levers import parse_steps

    assert parse_steps([]) is None
    assert parse_steps(["stance=-10,10", "sponsor=1"]) == {"stance": [-10.0, 10.0], "sponsor": [1.0]}
    for wrong in ("stance", "stance=", "stance=nan", "stance=a,b"):
        with pytest.raises(ScenarioError, match="written KIND=A,B"):
            parse_steps([wrong])


@pytest.mark.parametrize("measure", ["answer.first.Red", "truce.holds_to_end", "stance.Red"])
def test_a_run_or_two_give_no_interval_without_width(still, measure):
    for runs in (1, 2):
        found = ask(still(), measure, runs=runs, steps={"stance": (-10, 10)})
        assert not re.search(r"\(([+-]?[\d.]+) to \1( %)?\)", str(found)), str(found)
        text = json.dumps(found.summary)
        assert "NaN" not in text
        assert "Infinity" not in text


def test_where_no_lever_moves_anything_it_says_so_instead_of_ranking_nothings(moved):
    small = moved.assign(effect=moved.effect * 1e-4)  # the most is a thousandth of a point
    assert any(str(each).startswith("No lever moves it") for each in describe(small).words)
    assert not any(isinstance(each, Table) for each in describe(small).words)
    assert any(isinstance(each, Table) for each in describe(moved).words)
    (ax,) = figure_levers(small).axes
    assert ax.get_xlim()[1] >= 1  # a point of a hundred, so that no bar looks like an effect
