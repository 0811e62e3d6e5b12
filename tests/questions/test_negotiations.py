"""Negotiations with a known outcome: errors worked by hand, intervals by proposal, and no verdict from too little."""

from pathlib import Path

import numpy as np
import pytest

import simulation as sim
from simulation.questions.negotiations import is_cases, read_cases
from simulation.questions.negotiations.benchmark import mean_by_group
from simulation.questions.negotiations.forecasts import ELSEWHERE, MIDDLE

TABLES = Path(__file__).parent.parent / "scenario" / "imports" / "tables"

TWO = """proposal,issue,actor,position,salience,capability,outcome
P1,a,A,0,100,10,70
P1,a,B,100,100,30,70
P2,b,A,20,50,20,30
P2,b,B,60,100,30,30
"""
"""Weighted means (0 * 1000 + 100 * 3000) / 4000 = 75 and (20 * 1000 + 60 * 3000) / 4000 = 50; means 50 and 40."""


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    file = tmp_path_factory.mktemp("cases") / "two.csv"
    file.write_text(TWO)
    return sim.benchmark(file, rounds=2, runs=2)


def error(found, name):
    return found.summary["forecasts"][name]["error"]


@pytest.mark.parametrize(
    ("name", "errors"),
    [
        ("weighted mean", (5, 20)),  # 75 for 70, 50 for 30
        ("mean", (20, 10)),  # 50, 40
        ("weighted median", (30, 30)),  # B alone has more than half of the weight: 100, 60
        (MIDDLE, (20, 20)),
        (ELSEWHERE, (40, 40)),  # the other proposal's outcome: 30 for 70, and 70 for 30
    ],
)
def test_the_error_is_the_mean_of_the_distances_to_what_was_agreed(two, name, errors):
    assert error(two, name) == pytest.approx(sum(errors) / 2)
    forecast = two.result.forecast_outcome.sel(forecast=name).values
    np.testing.assert_allclose(np.abs(forecast - [70, 30]), errors)


def test_the_nearest_simple_forecast_is_the_one_compared_with(two):
    assert two.summary["best_simple"] == "weighted mean"  # 12.5, before the mean's 15
    assert two.summary["forecasts"]["mean"]["lead"] == pytest.approx(-2.5)
    assert two.summary["forecasts"]["weighted mean"]["lead"] == 0


def test_rules_that_leave_everybody_where_he_stands_are_one_row_with_the_mean(two):
    said = " ".join(two.summary["same"])
    assert "'weighted mean' on every issue: friedkin-johnsen" in said
    assert "compromise" in said
    assert not [name for name in two.summary["forecasts"] if name.startswith("compromise")]


def test_the_exchange_model_plays_the_issues_of_a_proposal_together(tmp_path):
    """A and B swap the issues of P1 whole, as by hand in test_exchange: 25 and 75 are expected, 0 and 100 agreed, for
    which all are there. C takes no part in the second issue. P2 has one issue, so nothing to exchange."""
    (tmp_path / "t.csv").write_text(
        "proposal,issue,actor,position,salience,influence,outcome\n"
        "P1,a,A,0,75,10,10\nP1,a,C,25,50,0,10\nP1,a,B,100,25,10,10\nP1,b,A,0,25,10,90\nP1,b,B,100,75,10,90\n"
        "P2,a,A,0,75,10,10\nP2,a,B,100,25,10,10\n"
    )
    found = sim.benchmark(tmp_path / "t.csv", rounds=3, runs=1)
    for centre in ("1 round, mean", "3 rounds, mean"):
        label = f"exchange, {centre}"
        known = label if label in found.result.forecast.values else "exchange, 1 round, mean"
        assert found.result.forecast_outcome.sel(forecast=known).values.tolist() == [0, 100, 25]
    assert found.result.forecast_outcome.sel(forecast="weighted mean").values.tolist() == [25, 75, 25]
    assert float(found.result.settled.sel(rule="exchange")) == 1


def test_where_each_proposal_has_one_issue_the_exchange_model_is_the_weighted_mean(two):
    assert not [name for name in two.summary["forecasts"] if name.startswith("exchange")]
    (said,) = [line for line in two.summary["same"] if "'weighted mean'" in line]
    assert "exchange (1 round, mean and 2 rounds, mean)" in said


def test_from_two_proposals_nothing_is_concluded(two):
    assert "2 proposals: too few to tell" in str(two)
    assert "surely" not in str(two)


def test_other_proposals_are_those_that_the_issue_is_not_of(tmp_path):
    text = "proposal,issue,actor,position,outcome\n"
    text += "".join(f"{p},{i},A,{at},{out}\n{p},{i},B,100,{out}\n" for p, i, at, out in (
        ("P1", 1, 0, 10), ("P1", 2, 0, 30), ("P2", 1, 0, 80)
    ))  # fmt: skip
    (tmp_path / "t.csv").write_text(text)
    found = sim.benchmark(tmp_path / "t.csv", rounds=1, runs=1).result
    assert found.forecast_outcome.sel(forecast=ELSEWHERE).values.tolist() == [80, 80, 20]
    assert found.proposal.values.tolist() == ["P1", "P1", "P2"]


def test_the_interval_draws_whole_proposals_again():
    values = np.array([0.0, 0.0, 0.0, 4.0])  # three issues of one proposal, one of another
    group = np.array(["a", "a", "a", "b"])
    # both proposals: 1; the first twice: 0; the second twice: 4, which no draw of single issues gives so often
    np.testing.assert_allclose(mean_by_group(values, group), [1, 0, 4])
    alone = mean_by_group(values, np.array(["a"] * 4))
    assert alone[0] == 1
    assert np.isnan(alone[1:]).all()


def test_a_rule_is_played_as_it_was_published(tmp_path):
    text = (
        (TABLES / "emission-standards.csv").read_text().replace("\n", ",8\n").replace("Salience,8", "Salience,Outcome")
    )
    (tmp_path / "t.csv").write_text(text)
    found = sim.benchmark(tmp_path / "t.csv", scale="4:10 years", rounds=13, runs=2).result
    by_name = {str(name): float(found.forecast_outcome.sel(forecast=name)[0]) for name in found.forecast.values}
    # Scholz, Calbert & Smith (2011), Table 2: after the first round the median is 8.4 years and the mean 7.4
    assert by_name["expected-utility, 1 round, median"] == pytest.approx((8.4 - 4) / 6 * 100, abs=0.5)
    assert by_name["expected-utility, 1 round, mean"] == pytest.approx((7.4 - 4) / 6 * 100, abs=1.2)
    # 7.389955686853767 years, the weighted mean of the table
    assert by_name["weighted mean"] == pytest.approx((7.389955686853767 - 4) / 6 * 100)
    assert float(found.outcome[0]) == pytest.approx(100 * 4 / 6)


def test_where_all_agree_or_one_is_alone_every_rule_says_so(tmp_path):
    (tmp_path / "t.csv").write_text(
        "issue,actor,position,outcome\nx,A,60,50\nx,B,60,50\ny,A,30,50\ny,B,,50\nz,A,0,0\nz,B,100,0\n"
    )
    found = sim.benchmark(tmp_path / "t.csv", rounds=3, runs=2)
    for name in found.result.forecast.values:
        if name not in (MIDDLE, ELSEWHERE):
            assert found.result.forecast_outcome.sel(forecast=name)[:2].values.tolist() == [60, 30], name
    assert "Left out of 'y': B (no position)" in str(found)


def test_from_eight_proposals_on_it_is_said_what_is_nearer(tmp_path):
    rows = ["proposal,issue,actor,position,influence,outcome"]
    for number in range(9):  # what is agreed is always the weighted mean, (10 * 3 * number + 4 * 90) / 14
        for actor, position, influence in (("A", 3 * number, 10), ("B", 90, 3), ("C", 90, 1)):
            rows.append(f"P{number},i,{actor},{position},{influence},{(30 * number + 360) / 14:.9f}")
    (tmp_path / "t.csv").write_text("\n".join(rows))
    found = sim.benchmark(tmp_path / "t.csv", rounds=2, runs=2)
    assert found.summary["best_simple"] == "weighted mean"
    assert found.summary["forecasts"]["weighted median"]["lead_high"] < 0
    assert "The nearest rule is" in str(found)
    assert "none is surely nearer" in str(found)


def test_files_that_were_imported_give_what_the_table_gives(tmp_path, two):
    (tmp_path / "two.csv").write_text(TWO)
    imported = sim.import_table(tmp_path / "two.csv")
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in imported.scenarios:
        (folder / f"{name}.toml").write_text(imported.as_toml(name), encoding="utf-8")
    again = sim.benchmark(folder, rounds=2, runs=2)
    np.testing.assert_array_equal(again.result.mean_error, two.result.mean_error)


def test_a_scenario_over_several_issues_is_a_case_an_issue(tmp_path):
    (tmp_path / "t.csv").write_text("actor,x position,x salience,y position,y salience\nA,0,40,100,60\nB,100,40,0,20\n")
    text = sim.import_table(tmp_path / "t.csv").as_toml()
    text = text.replace("[issues.x]", "[issues.x]\noutcome = 50").replace("[issues.y]", "[issues.y]\noutcome = 70")
    (tmp_path / "t.toml").write_text(text)
    cases = read_cases(tmp_path / "t.toml").cases
    assert [case.name for case in cases] == ["t: x", "t: y"]
    assert [case.scenario.actors["A"].stance.best for case in cases] == [0, 100]
    assert [case.scenario.actors["A"].salience.best for case in cases] == [40, 60]
    found = sim.benchmark(tmp_path / "t.toml", rounds=1, runs=1).result
    assert found.forecast_outcome.sel(forecast="weighted mean").values.tolist() == [50, 75]


def test_cases_are_told_from_wars_and_from_scenarios_without_outcomes(tmp_path):
    assert is_cases(TABLES / "council-decisions.csv")
    assert is_cases(TABLES)
    assert not is_cases(tmp_path)
    assert not is_cases(tmp_path / "nothing.csv")
    (tmp_path / "plain.toml").write_text(sim.import_table(TABLES / "harbour-toll.csv").as_toml(), encoding="utf-8")
    assert not is_cases(tmp_path / "plain.toml")
    assert not is_cases(tmp_path)
    war = tmp_path / "wars" / "red-blue"
    war.mkdir(parents=True)
    (war / "war.toml").write_text('title = "t"\n')
    (war / "actors.csv").write_text("actor,roles\nA,party\n")
    assert not is_cases(war)
    assert not is_cases(war.parent)


def test_what_cannot_be_scored_is_said(tmp_path):
    (tmp_path / "t.csv").write_text("actor,position\nA,30\nB,60\n")
    with pytest.raises(sim.ScenarioError, match="no issue whose outcome is known; a table has a column 'outcome'"):
        sim.benchmark(tmp_path / "t.csv")
    (tmp_path / "t.csv").write_text("issue,actor,position,outcome\nx,A,30,40\nx,B,60,40\ny,A,1,\ny,B,60,\n")
    assert "1 issue is left out: no outcome is known" in str(sim.benchmark(tmp_path / "t.csv", rounds=1, runs=1))
    with pytest.raises(sim.ScenarioError, match="`rounds`: 0 is too few"):
        sim.benchmark(tmp_path / "t.csv", rounds=0)


def test_the_picture_and_the_tables_hold_every_forecast(two):
    [figure] = two.figures.values()
    names = set(map(str, two.result.forecast.values))
    assert {label.get_text() for label in figure.axes[0].get_yticklabels()} == names
    assert set(two.rows.forecast) == names
    assert two.rows.mean_error.is_monotonic_increasing
    [cases] = two.sheets.values()
    assert names <= set(cases.columns)
    assert cases.outcome.tolist() == [70, 30]
