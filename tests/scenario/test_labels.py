"""What actors, scales and moments are called wherever somebody reads them; keys stay what is typed."""

import pickle

import pytest

import simulation as sim
from simulation.scenario.files import load_text
from simulation.scenario.labels import labels_of, marks_of_ends, moment, scale_of, span, standing
from simulation.scenario.measures import parse, words_of

HEAD = """
schema = 1
title = "talks"
start = 2020-01-01
steps = 4
coefficients.opinion.noise = 0
"""
ACTOR = """
[actors.{key}]
name = '''{name}'''
roles = ["mediator"]
stance = 40
salience = 100
influence = 50
assumed = "made up"
"""


def named(**names):
    """A negotiation of actors by key, each with its name."""
    return load_text(HEAD + "".join(ACTOR.format(key=key, name=name) for key, name in names.items()), "t")


@pytest.mark.parametrize(
    ("key", "name", "label"),
    [
        ("NL", "Netherlands", "Netherlands"),
        ("UK", "United Kingdom", "United Kingdom"),  # 14 letters, the most that are written out
        ("LNA", "Libyan National Army (Haftar)", "LNA"),  # long, and its key abbreviates it
        ("a1", "Libyan National Army", "Libyan National Army"),  # the key says nothing of it: no 1 is in the name
        ("a2", "Confederation of British Industry", "Confederation of Britis…"),
        (
            "a3",
            "中华人民共和国外交部发言人办公室",
            "中华人民共和国外交部发…",
        ),  # twice as wide: 11 letters and the ellipsis
        ("Nobody", "", "Nobody"),
        ("Two", "two\n lines", "two lines"),
    ],
)
def test_an_actor_goes_by_its_name_and_by_a_short_form_where_that_is_long(key, name, label):
    assert named(**{key: name}).labels == {key: label}


def test_no_two_actors_go_by_the_same_name():
    assert named(a="Alike", b="Alike", c="Other").labels == {"a": "a", "b": "b", "c": "Other"}
    # a falls back to its key, b; then so has the actor whose name that is
    assert named(b="Alike", c="Alike", d="b").labels == {"b": "b", "c": "c", "d": "d"}


def test_a_copy_of_a_scenario_works_its_labels_out_anew():
    one = named(NL="Netherlands")
    assert one.labels["NL"] == "Netherlands"
    other = one.replace({"actors.NL.name": "Holland"})
    assert other.labels == {"NL": "Holland"}
    assert one.model_copy(update={"actors": other.actors}).labels == {"NL": "Holland"}
    assert "labels" not in pickle.loads(pickle.dumps(one)).__dict__


def test_the_names_of_the_bundled_wars_stay_short():
    labels = sim.load_scenario("libya-2020-01").labels
    assert (labels["LNA"], labels["HoR"], labels["SaudiArabia"], labels["US"]) == (
        "LNA",
        "HoR",
        "Saudi Arabia",
        "United States",
    )
    yemen = sim.load_scenario("yemen-2018-2022")
    assert max(map(len, yemen.labels.values())) <= 14
    assert labels_of(yemen) == yemen.labels


def test_a_scale_goes_by_the_words_of_the_issue(libya, talks):
    assert marks_of_ends(libya) == ("0 fight on", "100 stop now")
    assert scale_of(talks) == "0 … 100"  # an issue without words
    standards = sim.load_scenario("emission-standards")
    assert scale_of(standards) == "0 = 4 years … 100 = 10 years"
    assert standing(standards) == "position on delay of the standard"
    assert standards.negotiated == ()  # one issue is played as it was


def test_a_war_has_dates_and_a_negotiation_has_rounds(libya, talks):
    assert moment(libya, 3) == "9 January 2020"
    assert moment(talks, 0) == "round 1"
    assert span(talks) == f"{talks.steps} rounds"
    assert repr(talks).endswith(f"{talks.steps} rounds; 3 actors, 1 tie>")


def test_a_measure_of_a_negotiation_is_taken_after_so_many_rounds(talks):
    result = sim.run_ensemble(talks, runs=3)
    dated = parse(f"stance.Left.{talks.date_of(2)}", talks)
    by_round = parse("stance.Left.2", talks)
    from simulation.runs.results import history_of

    assert by_round.read(history_of(result)).tolist() == dated.read(history_of(result)).tolist()
    assert words_of("outcome.mean.2", talks) == "outcome, weighted mean after 2 rounds"
    with pytest.raises(sim.ScenarioError, match=f"round 999 is beyond the end; there are {talks.steps} rounds"):
        parse("stance.Left.999", talks)
    with pytest.raises(sim.ScenarioError, match="'soon' is not a round, such as 3"):
        parse("stance.Left.soon", talks)


def test_a_war_knows_no_rounds(libya):
    with pytest.raises(sim.ScenarioError, match="'2' is not a date"):
        parse("stance.LNA.2", libya)


def test_a_measure_in_words_names_the_actors(libya):
    assert words_of("stance.SaudiArabia", libya) == "stance of Saudi Arabia"
    assert words_of("stance.SaudiArabia") == "stance of SaudiArabia"
    assert words_of("stance.SaudiArabia", libya, {"SaudiArabia": "KSA"}) == "stance of KSA"
    assert words_of("stance.Nobody", libya) == "stance of Nobody"  # of another scenario that is compared with this one
