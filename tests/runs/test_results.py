"""What came of many runs: intervals against published values, digests against the runs they digest, files."""

import gc
import json
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
import xarray as xr
from scipy.stats import norm

import simulation as sim
from simulation.dynamics.variables import DERIVED, VARIABLES
from simulation.runs.ensemble import run_ensemble
from simulation.runs.results import (
    QUANTILES,
    condense,
    load,
    makes_conditions,
    mean_interval,
    paired_difference,
    save,
    scenario_of,
    summarise,
    verdicts,
    wilson,
)
from simulation.scenario import ScenarioError

CALL = '[[events]]\non = 2020-01-03\noffer = { id = "call", sponsors = ["Patron"] }\n'
APPEAL = '[[events]]\non = 2020-01-05\noffer = { id = "appeal", sponsors = ["Friend"], to = ["South"] }\n'


@pytest.fixture(scope="module")
def story(tell):
    return tell("two", CALL + APPEAL)


@pytest.fixture(scope="module")
def result(story):
    return run_ensemble(story, runs=200, seed=3)


def answered(result, *, north, south):
    """The result as if the call had been answered so, run by run."""
    copy = result.isel(run=slice(len(north))).copy(deep=True)
    copy.answer.loc[{"offer": "call", "party": "North"}] = north
    copy.answer.loc[{"offer": "call", "party": "South"}] = south
    return copy


@pytest.mark.parametrize(
    ("successes", "runs", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, score method without continuity correction
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        # textbook: 1.96^2 / (10 + 1.96^2), and 1/2 -+ 1.96 / (2 sqrt(10 + 1.96^2))
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
    ],
)
def test_a_share_has_its_published_wilson_interval(successes, runs, low, high):
    assert wilson(successes, runs) == pytest.approx((successes / runs, low, high), abs=6e-5)


def test_no_runs_say_nothing():
    for interval in (wilson(0, 0), paired_difference(0, 0, 0)):
        assert np.isnan(interval).all()
    assert mean_interval(7.0, 49.0, 1) == (7.0, -np.inf, np.inf)


def test_a_mean_has_its_normal_interval():
    # 1 to 4, each twice: squares about 2.5 sum to 10, standard error sqrt(10 / 7 / 8) = 0.4225771, times 1.959964
    assert mean_interval(20.0, 60.0, 8) == pytest.approx((2.5, 1.671764, 3.328236), abs=1e-6)
    assert mean_interval(24.0, 72.0, 8) == (3.0, 3.0, 3.0)


def test_fewer_than_eight_runs_say_nothing_of_how_a_mean_varies():
    assert mean_interval(21.0, 63.0, 7) == (3.0, -np.inf, np.inf)  # seven that agree
    assert mean_interval(3.0, 5.0, 2) == (1.5, -np.inf, np.inf)


def test_a_difference_in_the_same_runs_counts_the_runs_that_differ():
    # Agresti & Min (2005): with 30 runs one way, 10 the other and 60 alike, half a run is added to each of the four
    # cells: d = 20/102, error sqrt(41 - 20^2/102) / 102 = 0.059698
    value, low, high = paired_difference(20, 40, 100)
    assert value == 0.2
    assert (low, high) == pytest.approx((0.07907, 0.31308), abs=1e-3)


def test_where_no_run_differs_the_difference_is_still_not_known_for_certain():
    value, low, high = paired_difference(0, 0, 50)
    assert value == 0
    assert (low, high) == pytest.approx((-0.03769, 0.03769), abs=1e-3)
    assert paired_difference(3, 3, 3)[2] == 1.0  # a difference of chances ends at 1


def expecting(tell, text):
    return tell("two", CALL + APPEAL + "".join(f'[[expect]]\nthat = "so"\n{line}\n' for line in text))


HALF = 'measure = "answer.call.North"\n'


@pytest.mark.parametrize(
    ("bounds", "met", "decided"),
    [
        # five of ten: 0.2366 ... 0.7634
        ("above = 0.2", True, True),
        ("above = 0.25", False, False),
        ("above = 0.77", False, True),
        ("below = 0.8", True, True),
        ("below = 0.7", False, False),
        ("below = 0.2", False, True),
        ("above = 0.2\nbelow = 0.8", True, True),
        ("above = 0.2\nbelow = 0.7", False, False),
        ("above = 0.77\nbelow = 0.9", False, True),
        ("above = 0.1\nbelow = 0.2", False, True),
    ],
)
def test_an_expectation_is_met_missed_or_undecided_by_its_whole_interval(tell, result, bounds, met, decided):
    expecting_it = expecting(tell, [HALF + bounds])
    runs = answered(run_ensemble(expecting_it, runs=10), north=[1] * 5 + [0] * 5, south=[0] * 10)
    [verdict] = verdicts(condense(runs))
    assert (verdict["met"], verdict["decided"]) == (met, decided)
    assert (verdict["value"], verdict["low"], verdict["high"]) == (0.5, 0.2366, 0.7634)
    assert verdict["measure"] == "answer.call.North"


@pytest.mark.parametrize(
    ("bounds", "low", "high", "decided"),
    [
        ("above = 0.5", 0.5, 0.6, False),
        ("above = 0.5", 0.4, 0.5, True),
        ("below = 0.5", 0.4, 0.5, False),
        ("below = 0.5", 0.5, 0.6, True),
        ('exceeds = "answer.call.South"\nby = 0.5', 0.5, 0.6, False),
        ('exceeds = "answer.call.South"\nby = 0.5', 0.4, 0.5, True),
    ],
)
def test_an_interval_that_ends_on_the_bound_is_not_beyond_it(tell, bounds, low, high, decided):
    digest = condense(run_ensemble(expecting(tell, [HALF + bounds]), runs=2))
    [verdict] = verdicts(digest.assign(expect_low=("expect", [low]), expect_high=("expect", [high])))
    assert (verdict["met"], verdict["decided"]) == (False, decided)


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ("above = 0.2", "above 0.2"),
        ("above = 0.2\nbelow = 0.8", "above 0.2 and below 0.8"),
        ('exceeds = "answer.call.South"', "above answer.call.South"),
        ('exceeds = "answer.call.South"\nby = 0.1', "above answer.call.South by more than 0.1"),
    ],
)
def test_a_verdict_says_what_was_expected(tell, bounds, words):
    [verdict] = verdicts(condense(run_ensemble(expecting(tell, [HALF + bounds]), runs=10)))
    assert verdict["bound"] == words


@pytest.mark.parametrize(
    ("by", "met", "decided"), [(0.0, True, True), (0.05, True, True), (0.1, False, False), (0.35, False, True)]
)
def test_one_measure_exceeds_another_by_the_interval_of_the_difference_run_by_run(tell, by, met, decided):
    wish = f'measure = "answer.call.North"\nexceeds = "answer.call.South"\nby = {by}'
    runs = run_ensemble(expecting(tell, [wish]), runs=100)
    # 30 runs one way, 10 the other: 0.079 ... 0.313 (see above); as unpaired shares, 0.07 ... 0.33
    runs = answered(runs, north=[1] * 30 + [0] * 10 + [1] * 60, south=[0] * 30 + [1] * 10 + [1] * 60)
    [verdict] = verdicts(condense(runs))
    assert (verdict["met"], verdict["decided"]) == (met, decided)
    assert verdict["value"] == 0.2
    assert verdict["measure"] == "answer.call.North - answer.call.South"


def test_what_never_came_to_pass_is_neither_met_nor_missed(tell):
    # nobody could be watched for so long: no truce is older than ten days by the end
    wish = 'measure = "truce.collapses.11"\nabove = 0.5'
    [verdict] = verdicts(condense(run_ensemble(expecting(tell, [wish]), runs=20)))
    assert (verdict["met"], verdict["decided"]) == (False, False)
    assert (verdict["value"], verdict["low"], verdict["high"]) == (None, None, None)


def test_stances_are_judged_by_the_interval_of_their_mean(tell):
    story = expecting(tell, [])
    runs = run_ensemble(story, runs=400)
    ends = runs.stance.sel(actor="North").isel(step=-1).values
    mean, error = ends.mean(), norm.ppf(0.975) * ends.std(ddof=1) / 20
    for shift, met, decided in ((-1.1, True, True), (0.0, False, False), (1.1, False, True)):
        wish = f'measure = "stance.North"\nabove = {mean + shift * error}'
        [verdict] = verdicts(condense(run_ensemble(expecting(tell, [wish]), runs=400)))
        assert (verdict["met"], verdict["decided"]) == (met, decided)
        assert verdict["value"] == pytest.approx(mean, abs=1e-4)


@pytest.mark.parametrize(
    ("wish", "value", "low", "high"),
    [
        # four runs at 40 and four at 60: 50, with a standard error of 10 / sqrt(7) = 3.7796
        ('measure = "stance.North"\nabove = 0', 50.0, 42.5920, 57.4080),
        # against a South at 30, then 15: 10 and 45 apart, four runs each; 17.5 / sqrt(7) = 6.6144
        ('measure = "stance.North"\nexceeds = "stance.South"', 27.5, 14.5361, 40.4639),
        # a chance that is read rather than counted, 0.3 in every run, is as certain as it can be
        ('measure = "chance.call.North"\nabove = 0', 0.3, 0.3, 0.3),
    ],
)
def test_what_is_no_count_of_runs_has_the_interval_of_a_mean(tell, wish, value, low, high):
    runs = run_ensemble(expecting(tell, [wish]), runs=8).copy(deep=True)
    runs.stance.loc[{"actor": "North"}] = np.repeat([40.0, 60.0], 4)[:, None]
    runs.stance.loc[{"actor": "South"}] = np.repeat([30.0, 15.0], 4)[:, None]
    runs.chance.loc[{"offer": "call", "party": "North"}] = 0.3
    [verdict] = verdicts(condense(runs))
    assert (verdict["value"], verdict["low"], verdict["high"]) == pytest.approx((value, low, high), abs=2e-4)


def test_at_a_tie_a_quantile_over_runs_is_the_lower_one(result):
    runs = result.isel(run=slice(4)).copy(deep=True)
    runs.stance.loc[{"actor": "Patron"}] = np.array([20.0, 10.0, 20.0, 10.0])[:, None]
    ends = summarise(runs)["stances"]["Patron"]
    assert (ends["end_low"], ends["end_median"], ends["end_high"]) == (10, 10, 20)
    quantiles = condense(runs).stance_quantile.sel(actor="Patron", step=0)
    assert quantiles.sel(quantile=[0.25, 0.5, 0.75]).values.tolist() == [10, 10, 20]


def test_the_quantiles_of_a_digest_are_those_of_the_runs_to_half_a_slice(result):
    digest = condense(result)
    for name, top in (("stance", 100), ("control", 1), ("exhaustion", 1)):
        exact = np.quantile(result[name].values, QUANTILES, axis=0, method="inverted_cdf")
        off = np.abs(digest[f"{name}_quantile"].values - exact)
        assert off.max() <= top / 800 + 1e-12  # slices are a 400th of the scale
        # by the usual interpolated quantiles, within a slice of the runs on either side
        smooth = np.quantile(result[name].values, [0.5], axis=0)
        assert np.abs(digest[f"{name}_quantile"].sel(quantile=0.5).values - smooth).max() < top / 100


def test_the_counts_of_a_digest_are_those_of_the_runs(result):
    digest = condense(result)
    answers = result.answer.values
    np.testing.assert_array_equal(digest.asked, (~np.isnan(answers)).sum(axis=0))
    np.testing.assert_array_equal(digest.accepted, (answers == 1).sum(axis=0))
    np.testing.assert_array_equal(digest.in_force, result.truce.values.sum(axis=0))
    assert digest.held_to_end == result.truce.values[:, -1].sum()
    some = result.truce.values.any(axis=1)
    assert digest.first_truce.sum() == digest.held.sum() == some.sum()
    first = [int(row.argmax()) for row in result.truce.values[some]]
    np.testing.assert_array_equal(digest.first_truce, np.bincount(first, minlength=13))
    np.testing.assert_allclose(digest.stance_mean, result.stance.mean("run"), rtol=1e-13)
    np.testing.assert_allclose(digest.chance_mean, result.chance.mean("run"), rtol=1e-13)
    assert digest.attrs["runs"] == 200


def test_first_truces_are_counted_by_their_life_and_whether_they_broke(result):
    marked = result.isel(run=slice(4)).copy(deep=True)
    marked["truce"][:] = False
    marked["truce"][1, 3:5] = True  # two days
    marked["truce"][2, 3:8] = True  # five, and another one that does not count
    marked["truce"][2, 9:] = True
    marked["truce"][3, 10:] = True  # three, up to the end
    marked["ending"][:] = 0
    marked["ending"][1, 5, 0], marked["ending"][2, 8, 0], marked["ending"][3, 11, 0] = 1, 2, 3
    digest = condense(marked)
    np.testing.assert_array_equal(digest.held, np.bincount([2, 5, 3], minlength=14))
    np.testing.assert_array_equal(digest.over, np.bincount([2, 5], minlength=14))
    assert list(digest.fate.values) == ["standing", "broken", "lapsed", "replaced"]
    # one that is replaced is over after a day, though a truce is in force for three
    for fate, days in {"standing": [], "broken": [2], "lapsed": [5], "replaced": [1]}.items():
        expected = np.bincount(np.array(days, dtype=int), minlength=14)
        np.testing.assert_array_equal(digest.ended.sel(fate=fate), expected)
    np.testing.assert_array_equal(digest.age, np.arange(14))
    truce = summarise(marked)["truce"]
    assert truce["starts"]["chance"] == 0.75
    assert truce["holds_to_end"]["chance"] == 0.5
    assert {fate: value["chance"] for fate, value in truce["endings"].items()} == {
        "standing": 0,
        "broken": 0.3333,
        "lapsed": 0.3333,
        "replaced": 0.3333,
    }
    # two of three hold beyond day 2; on day 5 the one that is watched lapses
    assert (truce["low_days"], truce["median_days"], truce["high_days"]) == (2, 5, 5)
    assert (truce["watched_days"], truce["held_when_watching_stopped"]) == (5, 0.3333)


def test_of_more_than_two_parties_each_pair_has_its_truces_counted(tell):
    marked = run_ensemble(tell("three"), runs=10).copy(deep=True)
    marked["pair_truce"][:] = False
    marked.pair_truce.loc[{"pair": "Red+Blue", "run": range(5), "step": 3}] = True
    marked.pair_truce.loc[{"pair": "Green+Blue", "step": 12}] = True
    half, never = {"chance": 0.5, "low": 0.2366, "high": 0.7634}, {"chance": 0.0, "low": 0.0, "high": 0.2775}
    always = {"chance": 1.0, "low": 0.7225, "high": 1.0}
    assert summarise(marked)["truce"]["pairs"] == {
        "Red+Green": {"starts": never, "holds_to_end": never},
        "Red+Blue": {"starts": half, "holds_to_end": never},
        "Green+Blue": {"starts": always, "holds_to_end": always},
    }


def test_a_digest_is_its_own_digest(result):
    digest = condense(result)
    assert condense(digest) is digest


def test_a_digest_keeps_the_quantiles_by_luck_alone_that_stand_beside_a_result(result):
    luck = xr.DataArray(np.zeros((5, 13, 4)), dims=("quantile", "step", "actor"))
    np.testing.assert_array_equal(condense(result.assign(stance_luck=luck)).stance_luck, luck)


def test_counting_runs_comes_to_the_same_as_keeping_them(tell):
    story = expecting(tell, ['measure = "stance.North"\nabove = 5', HALF + "above = 0.1"])
    kept = condense(run_ensemble(story, runs=1000, seed=9))
    counted = run_ensemble(story, runs=1000, seed=9, keep="summary")
    xr.testing.assert_identical(kept, counted)
    assert summarise(kept) == summarise(counted)


def test_counting_very_many_runs_comes_to_the_same_as_keeping_them(tell):
    story = expecting(tell, ['measure = "stance.North"\nabove = 5', HALF + "above = 0.1"])
    kept = condense(run_ensemble(story, runs=2500, seed=9))
    xr.testing.assert_identical(kept, run_ensemble(story, runs=2500, seed=9, keep="summary"))


def test_a_result_carries_names_dates_units_and_where_it_comes_from(result, story):
    assert dict(result.sizes) == {"run": 200, "step": 13, "actor": 4, "party": 2, "pair": 1, "offer": 2}
    assert result.stance.dims == ("run", "step", "actor")
    assert result.control.dims == ("run", "step", "party")
    assert result.truce.dims == ("run", "step")
    assert result.answer.dims == result.chance.dims == ("run", "offer", "party")
    assert list(result.actor.values) == ["North", "South", "Patron", "Friend"]
    assert list(result.party.values) == ["North", "South"]
    assert list(result.offer.values) == ["call", "appeal"]
    assert (result.side.dims, list(result.side.values)) == (("actor",), [""] * 4)
    assert str(result.date.values[0])[:10] == "2020-01-01"
    assert str(result.date.values[-1])[:10] == "2020-01-13"
    for name, array in result.data_vars.items():
        variable = DERIVED.get(name) or VARIABLES[{"pair_truce": "truce"}.get(name, name)]
        assert (array.attrs.get("units", ""), array.attrs["long_name"]) == (variable.unit, variable.meaning)
    assert result.attrs["title"] == story.title
    assert (result.attrs["runs"], result.attrs["seed"]) == (200, 3)
    assert result.attrs["rule"] == "friedkin-johnsen"
    assert "numpy" in result.attrs["software"]
    assert len(result.attrs["scenario_sha256"]) == 64


def test_the_story_can_be_read_back_from_its_result(result, story):
    assert scenario_of(result) == story
    again = run_ensemble(scenario_of(result), runs=200, seed=result.attrs["seed"])
    xr.testing.assert_identical(again, result)


def test_a_result_keeps_its_scenario_and_parses_nothing(result, story, monkeypatch):
    monkeypatch.setattr("simulation.runs.provenance.load_text", None)
    for kept in (
        result,
        condense(result),
        result.copy(deep=True),
        result.isel(run=slice(0, 3)).assign(more=1).sel(actor=["North"]),
        xr.concat([result.isel(run=[0]), result.isel(run=[1])], "run"),
        pickle.loads(pickle.dumps(result)),
    ):
        assert scenario_of(kept) == story


def test_a_result_keeps_a_scenario_that_nobody_else_keeps(tell, monkeypatch):
    monkeypatch.setattr("simulation.runs.provenance.load_text", None)
    result = run_ensemble(tell("two", "", {"title": "Nobody's"}), runs=2)
    gc.collect()
    assert scenario_of(result).title == "Nobody's"


def test_the_scenario_of_a_result_from_elsewhere_is_read_from_its_text(tmp_path):
    made = (
        "import simulation as sim\n"
        "from simulation.runs.results import save\n"
        "scenario = sim.load_scenario('libya-2020-01', {'title': 'Elsewhere'})\n"
        f"save(sim.run_ensemble(scenario, runs=2), {str(tmp_path / 'result.nc')!r})"
    )
    subprocess.run([sys.executable, "-c", made], check=True)
    again = scenario_of(load(tmp_path / "result.nc"))
    assert again == sim.load_scenario("libya-2020-01", {"title": "Elsewhere"})


def test_a_summary_is_plain_numbers_with_their_intervals(result):
    marked = answered(result, north=[1] * 5 + [0] * 5, south=[0] * 10)
    summary = summarise(marked)
    assert json.loads(json.dumps(summary, allow_nan=False)) == summary
    assert (summary["runs"], summary["seed"]) == (10, 3)
    assert list(summary) == ["scenario", "runs", "seed", "rule", "offers", "truce", "stances", "expect"]
    half = {"chance": 0.5, "low": 0.2366, "high": 0.7634}
    assert summary["offers"]["call"]["North"] == {**half, "full": half}
    nobody = {"chance": 0.0, "low": 0.0, "high": 0.2775}
    assert summary["offers"]["call"]["South"] == {**nobody, "full": nobody}
    assert list(summary["offers"]["appeal"]) == ["South"]
    assert summary["stances"]["Patron"]["start"] == 40
    ends = np.sort(marked.stance.sel(actor="Patron").isel(step=-1).values)
    stance = summary["stances"]["Patron"]
    # of ten runs: the fifth, the first and the tenth
    assert [stance[key] for key in ("end_median", "end_low", "end_high")] == pytest.approx(ends[[4, 0, 9]], abs=0.125)


def test_a_yes_with_conditions_is_a_yes_but_not_one_in_full(result):
    marked = answered(result, north=[1] * 3 + [0.5] * 2 + [0] * 5, south=[0.5] * 10)
    summary = summarise(marked)
    north, south = (summary["offers"]["call"][party] for party in ("North", "South"))
    assert (north["chance"], north["full"]["chance"]) == (0.5, 0.3)
    assert (south["chance"], south["full"]) == (1.0, {"chance": 0.0, "low": 0.0, "high": 0.2775})
    assert makes_conditions(summary)
    assert not makes_conditions(summarise(answered(result, north=[1] * 5 + [0] * 5, south=[0] * 10)))
    digest = condense(marked)
    assert int(digest.accepted.sel(offer="call", party="North")) == 5
    assert int(digest.accepted_in_full.sel(offer="call", party="North")) == 3


def test_a_number_that_does_not_arise_is_none(result):
    marked = answered(result, north=[np.nan] * 10, south=[np.nan] * 10)
    marked["truce"][:] = False
    summary = summarise(marked)
    nothing = {"chance": None, "low": None, "high": None}
    assert summary["offers"]["call"]["North"] == {**nothing, "full": nothing}
    assert summary["truce"]["median_days"] is None
    assert summary["truce"]["starts"] == {"chance": 0.0, "low": 0.0, "high": 0.2775}


def test_talks_without_parties_sum_up_too(talks):
    summary = summarise(run_ensemble(talks, runs=50))
    assert summary["offers"] == {}
    assert summary["stances"]["Right"]["start"] == 90
    json.dumps(summary, allow_nan=False)


@pytest.mark.parametrize("keep", ["trajectories", "summary"])
@pytest.mark.parametrize("name", ["two", "three", "talks"])
def test_a_result_comes_back_from_its_file_as_it_was(tell, tmp_path, name, keep):
    text = CALL.replace("Patron", "Envoy") if name == "three" else CALL if name == "two" else ""
    text += '[[expect]]\nthat = "so"\nmeasure = "{}"\nabove = 5\n'.format(
        "stance.Left" if name == "talks" else "truce.days"
    )
    result = run_ensemble(tell(name, text), runs=20, keep=keep)
    file = save(result, tmp_path / "result.nc")
    again = load(file)
    xr.testing.assert_identical(again, result)
    assert again.attrs == result.attrs
    for variable in result.data_vars:
        assert again[variable].dtype == result[variable].dtype, variable
    assert summarise(again) == summarise(result)
    assert sorted(os.listdir(tmp_path)) == ["result.nc"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError, MemoryError])
@pytest.mark.parametrize("where", ["fsync", "replace"])
def test_a_save_that_is_interrupted_leaves_what_was_there(result, tmp_path, monkeypatch, error, where):
    def interrupted(*_):
        raise error

    digest = condense(result)
    monkeypatch.setattr(os, where, interrupted)
    with pytest.raises(error):
        save(digest, tmp_path / "result.nc")
    assert os.listdir(tmp_path) == []
    (tmp_path / "result.nc").write_bytes(b"an earlier result")
    with pytest.raises(error):
        save(digest, tmp_path / "result.nc")
    assert (tmp_path / "result.nc").read_bytes() == b"an earlier result"
    assert os.listdir(tmp_path) == ["result.nc"]


def test_what_is_no_result_is_refused_with_its_name(result, tmp_path):
    whole = save(condense(result), tmp_path / "whole.nc").read_bytes()
    xr.Dataset({"a": 1}).to_netcdf(tmp_path / "stranger.nc", engine="h5netcdf")
    (tmp_path / "empty.nc").write_bytes(b"")
    (tmp_path / "text.nc").write_text("schema = 1\n")
    (tmp_path / "cut.nc").write_bytes(whole[: len(whole) // 2])
    for name in ("stranger.nc", "empty.nc", "text.nc", "cut.nc", "."):
        with pytest.raises(ScenarioError, match="not a result of this package"):
            load(tmp_path / name)
    with pytest.raises(ScenarioError, match=r"none\.nc: no such file\."):
        load(tmp_path / "none.nc")


def test_the_public_names_are_these_functions(result, tmp_path):
    assert sim.summarise(sim.load(sim.save(sim.condense(result), tmp_path / "r.nc"))) == summarise(result)


CHANGED = {
    "one run": lambda result: result.isel(run=0),
    "a mean": lambda result: result.mean("run", keep_attrs=True),
    "some steps": lambda result: result.isel(step=slice(0, 10)),
    "some actors": lambda result: result.sel(actor=["LNA", "GNA"]),
    "actors in another order": lambda result: result.isel(actor=slice(None, None, -1)),
    "runs last": lambda result: result.transpose("step", ..., "run"),
    "steps first": lambda result: result.isel(run=slice(0, 56)).transpose("step", ...),
    "one variable": lambda result: result[["stance"]],
    "stacked": lambda result: xr.concat([result, result], "variant"),
    "without attributes": lambda result: result.drop_attrs(),
    "a variable": lambda result: result.stance,
    "nothing": lambda result: None,
}


@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED)
@pytest.mark.parametrize("use", [sim.summarise, sim.condense, sim.plot])
def test_a_result_that_is_no_longer_whole_is_refused(use, change):
    """Actors in another order used to get each other's numbers, without a word."""
    result = sim.run(sim.load_scenario("libya-2020-01"), runs=60, seed=1)
    with pytest.raises(sim.ScenarioError):
        use(change(result))


def test_some_of_the_runs_are_a_result_and_so_are_two_results_joined():
    result = sim.run(sim.load_scenario("libya-2020-01"), runs=6, seed=1)
    halves = [result.isel(run=slice(0, 3)), result.isel(run=slice(3, 6))]
    assert sim.summarise(xr.concat(halves, "run")) == sim.summarise(result)
    assert sim.summarise(halves[0])["runs"] == 3


def test_the_answer_to_a_question_is_no_result_of_runs(tmp_path):
    finding = sim.why(sim.load_scenario("libya-2020-01"), "LNA")
    for use in (sim.summarise, sim.condense, lambda of: sim.save_figures(of, tmp_path)):
        with pytest.raises(sim.ScenarioError, match="not a Finding"):
            use(finding)
        with pytest.raises(sim.ScenarioError, match="another question, why"):
            use(finding.result)


def test_saving_makes_the_folder_and_refuses_what_is_no_result(tmp_path):
    file = sim.save(sim.why(sim.load_scenario("libya-2020-01"), "LNA"), tmp_path / "new" / "why.nc")
    assert set(sim.plot(sim.load(file)))
    with pytest.raises(sim.ScenarioError, match="a str is neither"):
        sim.save("why", file)


@pytest.mark.parametrize("place", [0, 3000, -200, -100, -60, -1])
def test_a_result_of_which_one_bit_is_turned_is_refused_before_it_is_read(result, tmp_path, place):
    """HDF5 read some such files as others, and one, found by the fuzzer, for ever."""
    file = sim.save(result, tmp_path / "result.nc")
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)
    with pytest.raises(ScenarioError, match=r"result\.nc: (damaged: its checksum does not match|not a result)"):
        sim.load(file)


def test_a_result_that_another_program_wrote_anew_is_read(result, tmp_path):
    sim.load(sim.save(result, tmp_path / "result.nc")).to_netcdf(tmp_path / "other.nc", engine="h5netcdf")
    xr.testing.assert_identical(sim.load(tmp_path / "other.nc"), sim.load(tmp_path / "result.nc"))
