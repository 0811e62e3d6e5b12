"""Which points a sweep visits."""

import numpy as np
import pytest

from simulation.cli.vary import read_axis
from simulation.questions.sweep.design import fit, numeric, plan
from simulation.questions.sweep.design_file import read_design
from simulation.scenario import ScenarioError


def build(vary=(), file=None, **options):
    """The design that a command line means."""
    return read_design(file) if file else plan([read_axis(text) for text in vary], **options)


def columns(design):
    return {key: column.tolist() for key, column in design.columns.items()}


def test_a_grid_takes_every_combination_and_the_last_key_runs_fastest():
    design = build(["a=0:1:3", "b=x,y"])
    assert columns(design) == {"a": [0, 0, 0.5, 0.5, 1, 1], "b": ["x", "y"] * 3}
    assert design.points == 6


def test_a_range_without_a_number_takes_five_values():
    assert columns(build(["a=-1:1"])) == {"a": [-1, -0.5, 0, 0.5, 1]}


def test_choices_are_read_as_toml_and_else_as_words():
    """So that a list of sponsors, a truth and a number are what they are, and a rule needs no quotes."""
    design = build(['a=["Russia"],["Russia", "Turkey"]', "b=true,false", "c=1,2.5", "d=friedkin-johnsen"])
    assert set(columns(design)["a"]) == {("Russia",), ("Russia", "Turkey")}
    assert set(columns(design)["b"]) == {True, False}
    assert design.columns["c"].dtype == float
    assert columns(design)["d"] == ["friedkin-johnsen"] * 8


def test_lists_of_one_length_stay_lists():
    """numpy would make a table of them."""
    assert columns(build(['a=["Russia"],["Turkey"]']))["a"] == [("Russia",), ("Turkey",)]


@pytest.mark.parametrize("sampling", ["latin", "sobol"])
def test_a_sample_spreads_over_every_slice(sampling):
    """Of 16 points each sixteenth of a range has one, and each of two choices has eight."""
    design = build(["a=10:26", "b=x,y"], sampling=sampling, points=16, seed=2)
    assert sorted(np.floor(design.columns["a"]).tolist()) == list(range(10, 26))
    assert columns(design)["b"].count("x") == 8


def test_values_in_python_are_what_a_grid_takes_and_the_ends_of_what_a_sample_does():
    values = {"a": np.array([0.0, 0.1, 1.0]), "b": ["x", "y"], "c": [3]}
    assert columns(plan(values)) == {"a": [0, 0, 0.1, 0.1, 1, 1], "b": ["x", "y"] * 3, "c": [3] * 6}
    drawn = columns(plan({"a": (10, 26)}, sampling="sobol", points=16))["a"]
    assert sorted(np.floor(drawn).tolist()) == list(range(10, 26))
    with pytest.raises(ScenarioError, match="`vary` a: 1 is there twice"):
        plan({"a": [1, 1]})


def test_a_table_is_a_design_a_point_a_row():
    pd = pytest.importorskip("pandas")
    table = pd.DataFrame({"a": [1, 2], "rule": ["degroot", "spatial"]})
    assert columns(plan(table)) == {"a": [1, 2], "rule": ["degroot", "spatial"]}
    with pytest.raises(ScenarioError, match="points already"):
        plan(table, sampling="latin", points=3)


def test_a_sample_is_keyed_by_the_seed():
    def drawn(seed):
        return build(["a=0:1"], sampling="latin", points=8, seed=seed).sha256

    assert drawn(1) == drawn(1) != drawn(2)


def test_a_number_of_sobol_points_that_is_no_power_of_two_will_do():
    assert build(["a=0:1"], sampling="sobol", points=5).points == 5


def test_a_file_has_a_key_at_the_head_of_each_column(tmp_path):
    file = tmp_path / "design.csv"
    file.write_text("ties.UAE.LNA.support,rule\n0.5,friedkin-johnsen\n1,compromise\n\n", encoding="utf-8-sig")
    assert columns(build(file=file)) == {
        "ties.UAE.LNA.support": [0.5, 1.0],
        "rule": ["friedkin-johnsen", "compromise"],
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: every column needs a key"),
        ("a,\n1,2\n", "line 1: every column needs a key"),
        ("a,a\n1,2\n", "two columns"),
        ("a,b\n", "no points"),
        ("a,b\n1,2\n3\n", "line 3: 1 values for 2 keys"),
        ("a,b\n1, \n", "line 2: b: empty"),
        ('a\n"1\n', "not a CSV file"),
    ],
)
def test_a_file_that_will_not_do_is_told_by_line(tmp_path, text, words):
    file = tmp_path / "design.csv"
    file.write_text(text)
    with pytest.raises(ScenarioError, match=words):
        build(file=file)


def test_a_file_that_cannot_be_read_is_said_so(tmp_path):
    with pytest.raises(ScenarioError, match="No such file"):
        build(file=tmp_path / "none.csv")
    (tmp_path / "utf16.csv").write_bytes("a\n1\n".encode("utf-16"))
    with pytest.raises(ScenarioError, match="save it as 'CSV UTF-8'"):
        build(file=tmp_path / "utf16.csv")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "nothing is varied"),
        ({"vary": ["a"]}, "KEY=LOW:HIGH"),
        ({"vary": ["a="]}, "KEY=LOW:HIGH"),
        ({"vary": ["a=1:1"]}, "empty range; 1 is not below 1"),
        ({"vary": ["a=2:1:4"]}, "empty range"),
        ({"vary": ["a=0:1:1"]}, "at least 2 values"),
        ({"vary": ["a=x,x"]}, "there twice"),
        ({"vary": ["a=0:1", "a=0:2"]}, "given twice"),
        ({"vary": ["a=0:1"], "sampling": "sobel"}, "Did you mean 'sobol'"),
        ({"vary": ["a=0:1"], "sampling": "latin"}, "`points` is missing"),
        ({"vary": ["a=0:1"], "points": 9}, "a grid has as many points"),
        ({"vary": ["a=0:1:10000", "b=0:1:10000"]}, "100,000,000 points"),
    ],
)
def test_a_request_that_will_not_do_is_refused(options, words):
    with pytest.raises(ScenarioError, match=words):
        build(**options)


def test_keys_that_are_numbers_of_the_scenario_go_through_the_model_together(libya):
    """The others make scenarios of their own: a rule, a length, and numbers of another rule."""
    design = build(["ties.UAE.LNA.support=0:1:2", "rule=friedkin-johnsen", "steps=10,20", "rule.openness=0.1,0.2"])
    assert numeric(design, libya) == ["ties.UAE.LNA.support", "rule.openness"]


@pytest.mark.parametrize(
    ("vary", "words"),
    [
        ("ties.UAE.LNA.suport=0:1", "Did you mean 'support'"),
        ("actors.Turkye.stance=0:1", "Did you mean 'Turkey'"),
        ("ties.UAE.LNA.support=0:3", "3 is outside 0 … 2"),
        ("coefficients.answers.temperature=0:10", "0 is outside"),
        ("coefficients.answers.pul=0:1", "Did you mean 'pull'"),
        ("rule=friedkin,johnsen", "no rule called 'friedkin'"),
        ("events.moscow-text.offer.form=declard", "Did you mean 'declared'"),
    ],
)
def test_a_design_that_does_not_fit_the_scenario_is_refused_beforehand(libya, vary, words):
    with pytest.raises(ScenarioError, match=words):
        fit(build([vary]), libya)


def test_a_design_of_which_some_points_can_be_run_is_let_through(libya):
    """The others are recorded with their error."""
    fit(build(["events.moscow-text.offer.form=declard,signed"]), libya)
