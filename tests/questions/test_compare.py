"""Scenarios compared with common random numbers."""

import json
import re

import numpy as np
import pytest
from matplotlib.figure import Figure
from typer.testing import CliRunner

import simulation as sim
from simulation.cli import app
from simulation.questions.compare import common, rows
from simulation.questions.compare import compare as ask
from simulation.runs.results import load, save
from simulation.scenario import ScenarioError


def compare(*given, **options):
    """The dataset of the answer."""
    return ask(*given, **options).result


def test_a_scenario_does_not_differ_from_itself(still):
    result = compare({"one": still(), "two": still()}, runs=400)
    assert (result.difference == 0).all()
    assert (result.difference_low <= 0).all()
    assert (result.difference_high >= 0).all()


def test_shared_luck_leaves_only_the_difference_itself(still):
    result = compare({"as it was": still(), "readier": still(changes={"actors.Red.stance": 60})}, runs=50)
    here = result.sel(measure="stance.Red", other="readier")
    assert (float(here.difference), float(here.difference_low), float(here.difference_high)) == (10, 10, 10)
    # The chance goes from 1/2 to 1/(1 + 1/e) = 0.731, and Blue's is left alone.
    assert float(result.difference.sel(measure="answer.first.Blue", other="readier")) == 0
    more = compare({"as it was": still(), "readier": still(changes={"actors.Red.stance": 60})}, runs=4000)
    here = more.sel(measure="answer.first.Red", other="readier")
    assert float(here.difference_low) < 0.731 - 0.5 < float(here.difference_high)
    assert float(here.gain) > 1.3  # 1 in 4 coins falls otherwise; by themselves twice as much varies


def test_the_unpaired_interval_is_that_of_independent_samples(still):
    # A stance that is the same in every run has no spread, so the chances alone: Agresti and Caffo's, about the
    # shrunk shares (x + 1) / (n + 2). With 400 runs near one half: 1.96 sqrt(2 × 1/4 / 402) = 0.069 to either side.
    result = compare({"one": still(), "two": still()}, ["answer.first.Red"], runs=400)
    half = (result.unpaired_high - result.unpaired_low).item() / 2
    assert half == pytest.approx(0.069, abs=0.002)


def test_measures_that_not_all_have_are_left_out_and_named(still):
    more = '\n[[events]]\non = 2020-01-08\noffer = { id = "third", sponsors = ["Blue"], form = "declared" }\n'
    result = compare({"two offers": still(), "three offers": still(more)}, runs=20)
    assert "answer.third.Red" not in result.measure.values
    assert "answer.third.Red: not in two offers." in result.attrs["left_out"]


def test_scenarios_of_different_length_are_compared_where_both_have_got_to(still):
    shared, left_out = common({"long": still(), "short": still(changes={"steps": 6})})
    assert {"truce.starts.2020-01-07", "stance.Red.2020-01-07", "answer.first.Red"} <= set(shared)
    assert not {"truce.starts", "truce.holds_to_end", "truce.days"} & set(shared)
    assert any(line.startswith("truce.days: depends on the end") for line in left_out)


def test_talks_of_different_length_are_compared_by_their_outcome_too(talks):
    shared, _ = common({"long": talks, "short": talks.replace({"steps": 6})})
    assert {"outcome.mean.2020-01-07", "outcome.median.2020-01-07"} <= set(shared)


def test_where_actors_end_on_an_issue_is_shown_in_points(tmp_path):
    words = ["compare", "ktab-seven-actors", "--variant", "v: actors.A00.influence=1", "--runs", "5"]
    said = CliRunner().invoke(app, [*words, "--measure", "position.A00.first", "--out", str(tmp_path)])
    assert said.exit_code == 0, said.output
    assert re.search(r"SActor-00 on first +78\.6 +81\.2 ", said.output), said.output
    (row,) = json.loads((tmp_path / "compare.json").read_text())["measures"][:1]
    assert row["unit"] == "stance points"


def test_what_cannot_be_compared_is_said(still):
    with pytest.raises(ScenarioError, match="nothing to compare with"):
        compare({"one": still()})
    with pytest.raises(ScenarioError, match=r"two: answer\.frist\.Red: no offer 'frist'\. Did you mean 'first'"):
        compare({"two": still(), "one": still()}, ["answer.frist.Red"])
    later = still().model_copy(update={"start": still().start.replace(year=2021)})
    with pytest.raises(ScenarioError, match="no time in common"):
        common({"now": still(), "later": later})


def test_a_comparison_survives_being_written_and_read(still, tmp_path):
    result = compare({"one": still(), "two": still()}, runs=20)
    again = load(save(result, tmp_path / "compare.nc"))
    np.testing.assert_array_equal(result.difference.values, again.difference.values)
    assert json.loads(json.dumps(rows(again), allow_nan=False)) == rows(result)


def test_the_picture_shows_every_difference_at_its_place(still):
    from simulation.show.plots.compare import figure_compare, plot_compare

    result = compare({"as it was": still(), "readier": still(changes={"actors.Red.stance": 60})}, runs=50)
    ax = plot_compare(result, Figure().add_subplot(), "stance points")
    [dots] = [line for line in ax.lines if line.get_label() == "readier"]
    [red] = [k for k, tick in enumerate(ax.get_yticklabels()) if tick.get_text() == "stance of Red"]
    assert dots.get_xdata()[red] == 10
    assert figure_compare(result).get_axes()


def test_the_command_says_where_a_variant_is_set_anew_by_an_event(ceasefire):
    code, out, _ = ceasefire("compare", "libya-2020-01", "--variant", "none: ties.UAE.LNA.support=0", "--runs", "8")
    assert code == 0
    assert out.count("ties.UAE.LNA.support counts up to 15 January 2020: then “Emirati airlift” sets it to 0.65") == 1


def test_a_row_says_what_it_is_and_one_stance_is_one(still):
    all_but_one = dict.fromkeys(("actors.Red.stance", "actors.Blue.stance", "actors.Envoy.stance"), 60)
    found = str(ask({"as it was": still(), "readier": still(changes=all_but_one)}, runs=8))
    assert "stance of Red" in found
    assert "1 stance that differs by less than 0.5 points is left out here." in found
    assert found.startswith("What differs from “as it was”")


def test_a_variant_on_the_command_line_keeps_lists_whole():
    from simulation.cli.compare import parse_variant

    name, changes = parse_variant('all: events.x.offer.sponsors=["A", "B"], ties.A.B.support=0.3, rule=degroot')
    assert name == "all"
    assert changes == {"events.x.offer.sponsors": ["A", "B"], "ties.A.B.support": 0.3, "rule": "degroot"}
    with pytest.raises(ScenarioError, match="written NAME: KEY=VALUE"):
        parse_variant("no colon")


def test_what_not_all_have_is_named_as_far_as_it_can_be_read():
    """Two wars of other parties and offers have hardly a measure in common."""
    wars = {name: sim.load_scenario(name) for name in ("libya-2019-2020", "yemen-2018-2022")}
    finding = sim.compare(wars, runs=2)
    named = [words for words in finding.words if str(words).startswith("Not compared")]
    assert len(named) == 8
    assert f"… nor {len(finding.summary['left_out']) - 8} more" in str(finding)


LOST = """
[[events]]
on = 2020-01-02
set = { "actors.North.strength" = 0 }
assumed = "made up"
"""


@pytest.fixture(scope="module")
def lost(tell):
    """The luck of war turns against North, whose only backer sends 0.6; in the other version next to nothing."""
    scenario = tell("two", LOST, {"steps": 60})
    return {"as it is": scenario, "little": scenario.replace({"ties.Patron.North.support": 0.02})}


NAMES = ["stance.North", "control.North.2020-03-01", "stance.South"]


def test_with_reactions_each_difference_is_shown_without_and_with_backers_that_react(lost):
    both = compare(lost, NAMES, runs=40, with_reactions=True)
    react = {"coefficients.reactions.share": 0.5, "coefficients.reactions.most": 2}
    for way, scenarios in (
        ("do not react", lost),
        ("react", {name: scenario.replace(react) for name, scenario in lost.items()}),
    ):
        alone, here = compare(scenarios, NAMES, runs=40), both.sel(backers=way)
        for key in ("value", "low", "high", "difference", "difference_low", "difference_high", "gain"):
            np.testing.assert_array_equal(here[key], alone[key], err_msg=key)
    steady, reacting = both.difference.sel(backers="do not react"), both.difference.sel(backers="react")
    np.testing.assert_allclose(both["shift"], reacting - steady, atol=1e-12)
    assert (both.shift_low <= both["shift"]).all()
    assert (both.shift_high >= both["shift"]).all()
    assert (both["shift"] != 0).all()


def test_a_patron_that_may_send_more_widens_the_gap_to_one_that_hardly_can(lost):
    """Losing, North is sent up to 1.2 in place of 0.6, but 0.04 in place of 0.02: hardly anything."""
    both = compare(lost, ["control.North.2020-03-01"], runs=40, with_reactions=True)
    assert both.shift_high.item() < 0


def test_what_a_scenario_says_of_reactions_stands_in_place_of_the_default(lost):
    said = {name: scenario.replace({"ties.Friend.South.reacts": 0}) for name, scenario in lost.items()}
    by_default = compare(said, NAMES, runs=20, with_reactions=True)  # that somebody does not react is no reaction
    assert by_default.attrs["reactions"].startswith("as their party's prospects worsen, they close 50 %")
    own = {"ties.Patron.North.reacts": 1, "ties.Patron.North.most": 2}
    said = {name: scenario.replace(own) for name, scenario in lost.items()}
    both = compare(said, NAMES, runs=20, with_reactions=True)
    assert both.attrs["reactions"] == "as the scenarios say"
    np.testing.assert_array_equal(both.value.sel(backers="react"), compare(said, NAMES, runs=20).value)
    np.testing.assert_array_equal(both.value.sel(backers="do not react"), compare(lost, NAMES, runs=20).value)


def test_reactions_that_begin_with_an_event_are_reactions_too(tell):
    later = LOST.replace("= 0 }", '= 0, "ties.Patron.North.reacts" = 1 }')
    plain, begins = (tell("two", event, {"steps": 30}) for event in (LOST, later))
    both = compare({"plain": plain, "begins": begins}, ["stance.North"], runs=20, with_reactions=True)
    steady, react = (float(both.difference.sel(backers=way).item()) for way in ("do not react", "react"))
    assert steady == 0 != react


def test_the_words_rows_and_picture_of_both_ways_say_which_is_which(lost, tmp_path):
    from simulation.show.plots.compare import plot_compare

    finding = ask(lost, NAMES, runs=20, with_reactions=True)
    assert re.search("difference +where backers react +reactions add", str(finding))
    assert "coefficients.reactions or a tie's reacts and most say otherwise" in str(finding)
    assert finding.summary["reactions"] == finding.result.attrs["reactions"]
    table = finding.rows
    assert len(table) == 3 * 2 * 2  # measures, ways, scenarios
    assert table["shift"].notna().sum() == 3  # of the other scenario, where backers react
    again = load(save(finding.result, tmp_path / "both.nc"))
    assert rows(again) == rows(finding.result)
    ax = plot_compare(finding.result, Figure().add_subplot(), "stance points")
    marks = {line.get_label(): line for line in ax.lines if not line.get_label().startswith("_")}
    assert list(marks) == ["little, backers do not react", "little, backers react"]
    shown = finding.result.sel(other="little", measure="stance.North")
    for way in ("do not react", "react"):
        assert marks[f"little, backers {way}"].get_xdata()[0] == float(shown.difference.sel(backers=way))
    assert marks["little, backers react"].get_markerfacecolor() == "white"
    finding.figures["compare"].savefig(tmp_path / "both.png")


def test_both_ways_at_the_command_line(ceasefire, texts, tmp_path):
    (tmp_path / "two.toml").write_text(texts["two"] + LOST)
    words = ["compare", "two.toml", "--variant", "little: ties.Patron.North.support=0.1", "--runs", "20"]
    code, said, _ = ceasefire(*words, "--measure", "stance.North", "--with-reactions", "--json")
    assert code == 0
    assert [row["backers"] for row in json.loads(said)["measures"]] == ["do not react"] * 2 + ["react"] * 2
    strong = ("--set", "coefficients.reactions.share=1")
    _, said, _ = ceasefire(*words, "--measure", "stance.North", "--with-reactions", *strong, "--json")
    assert json.loads(said)["reactions"] == "as the scenarios say"
