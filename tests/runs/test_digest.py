"""What a digest says of its numbers, and what is said of a file or a dataset that is no result, word for word."""

import json

import numpy as np
import pytest
import xarray as xr

import simulation as sim
from simulation.runs.ensemble import run_ensemble
from simulation.runs.results import condense, load, save, summarise
from simulation.runs.results.saving import about_of
from simulation.scenario import ScenarioError

CALL = '[[events]]\non = 2020-01-03\noffer = { id = "call", sponsors = ["Patron"] }\n'


@pytest.fixture(scope="module")
def result(tell):
    return run_ensemble(tell("two", CALL), runs=10)


@pytest.fixture(scope="module")
def talked(talks):
    return run_ensemble(talks, runs=10)


COUNTS = {
    "asked": (("offer", "party"), "runs in which the party was asked"),
    "accepted": (("offer", "party"), "runs in which it accepted, with or without conditions"),
    "accepted_in_full": (("offer", "party"), "runs in which it accepted without conditions"),
    "in_force": (("step",), "runs with a truce in force"),
    "first_truce": (("step",), "runs whose first truce is in force from here on"),
    "held": (("age",), "first truces by the steps they held, to the end at most"),
    "over": (("age",), "those of them that were over by then"),
    "ended": (("fate", "age"), "first truces by the steps to their end, or to the end, and how they ended"),
    "pair_in_force": (("step", "pair"), "runs with a truce of the pair in force"),
    "pair_starts": (("pair",), "runs in which the pair has a truce"),
    "held_to_end": ((), "runs with a truce in force at the end"),
}


@pytest.mark.parametrize("name", COUNTS)
def test_every_count_of_a_digest_says_what_it_counts(result, name):
    found = condense(result)[name]
    dims, meaning = COUNTS[name]
    assert (found.dims, found.attrs) == (dims, {"units": "runs", "long_name": meaning})
    assert found.dtype == np.int64


def test_means_and_quantiles_carry_the_unit_and_meaning_of_what_they_are_of(result):
    digest = condense(result)
    for name, axis in (("stance", "actor"), ("control", "party"), ("exhaustion", "party")):
        for kind, dims in (("mean", ("step", axis)), ("quantile", ("quantile", "step", axis))):
            found = digest[f"{name}_{kind}"]
            assert (found.dims, found.attrs) == (dims, result[name].attrs)
    assert digest.chance_mean.attrs == result.chance.attrs
    assert digest.full_mean.attrs == result.full.attrs
    assert (digest.stilled_mean.dims, digest.stilled_mean.attrs) == (("step", "pair"), result.stilled.attrs)
    assert digest.stance_mean.attrs["units"] == "stance points"
    assert digest["quantile"].values.tolist() == [0.05, 0.25, 0.5, 0.75, 0.95]
    assert (digest.age.dims, digest.age.attrs) == (("age",), {"units": "days"})
    for key in ("value", "low", "high"):
        assert digest[f"expect_{key}"].dims == ("expect",)


def test_the_digest_of_a_negotiation_says_how_sure_its_outcome_is_and_when_it_rests(talked):
    digest = condense(talked)
    assert (digest.outcome_error.dims, digest.outcome_error.attrs) == (
        ("centre",),
        {"units": "stance points", "long_name": "95 % interval of the mean outcome at the end: half width"},
    )
    assert (digest.settled.dims, digest.settled.attrs) == (
        ("step",),
        {
            "units": "runs",
            "long_name": "runs in which from here on nobody moves by more than 0.1 points a step",
        },
    )
    # a quarter above 1 … 10: mean 5.75, their squares about it 82.5, standard error sqrt(82.5 / 9 / 10) = 0.957427
    numbered = talked.copy(deep=True)
    numbered["outcome"][:, -1] = np.arange(1.25, 11.0)[:, None]
    np.testing.assert_allclose(condense(numbered).outcome_error, 1.959964 * 0.957427, atol=1e-5)
    found = summarise(numbered)["outcome"]["mean"]
    # of ten runs the first and the tenth, to a slice of a quarter
    assert found == {"value": 5.75, "low": 3.8735, "high": 7.6265, "runs_low": 1.25, "runs_high": 10.25}


def test_chances_are_means_over_all_blocks_of_runs(tell):
    many = run_ensemble(tell("two", CALL), runs=300)
    digest = condense(many)
    for name in ("chance", "full"):
        np.testing.assert_allclose(digest[f"{name}_mean"], many[name].mean("run"), rtol=1e-12)
    np.testing.assert_allclose(digest.stilled_mean, many.stilled.mean("run"), rtol=1e-12, atol=1e-12)


def test_ages_of_truces_are_in_days_whatever_a_step(tell):
    digest = condense(run_ensemble(tell("two", CALL, {"step_days": 2.0}), runs=3))
    assert digest.age.values[:4].tolist() == [0, 2, 4, 6]


def test_where_all_runs_agree_their_quantiles_are_the_number_itself_and_not_the_middle_of_a_slice(result):
    agreed = result.copy(deep=True)
    agreed["stance"][:] = 40.1  # in the slice from 39.875 to 40.125
    digest = condense(agreed)
    assert summarise(digest)["stances"]["North"] == {
        "start": 40.1,
        "end_median": 40.1,
        "end_low": 40.1,
        "end_high": 40.1,
    }
    agreed["stance"][0] = 60.1  # one of ten is elsewhere: the 95th percentile is in its slice
    ends = summarise(agreed)["stances"]["North"]
    assert (ends["end_low"], ends["end_median"], ends["end_high"]) == (40, 40, 60)


def refused(ask):
    with pytest.raises(ScenarioError) as caught:
        ask()
    return str(caught.value)


WHOLE = "a result of run() is needed here"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda result: 5, f"{WHOLE}, not a int."),
        (lambda result: result.assign_attrs(finding="why"), f"{WHOLE}; this answers another question, why."),
        (
            lambda result: result.drop_attrs(),
            f"{WHOLE}; this dataset has no attributes that say what scenario it is of.",
        ),
        (
            lambda result: result.isel(step=slice(3)),
            f"{WHOLE}, and all of it: 'step' has changed. Only of its runs may some be chosen.",
        ),
        (
            lambda result: result.assign_coords(actor=["A", "B", "C", "D"]),
            f"{WHOLE}, and all of it: 'actor' has changed. Only of its runs may some be chosen.",
        ),
        (
            lambda result: result.drop_vars("exhaustion"),
            f"{WHOLE}, and all of it: 'exhaustion' has changed. Only of its runs may some be chosen.",
        ),
        (
            lambda result: result.drop_vars("stilled"),
            f"{WHOLE}, and all of it: 'stilled' has changed. Only of its runs may some be chosen.",
        ),
        (
            lambda result: result.assign(truce=result.truce.mean("run")),
            f"{WHOLE}, and all of it: 'truce' has changed. Only of its runs may some be chosen.",
        ),
    ],
)
def test_what_is_no_whole_result_is_told_by_what_changed(result, change, words):
    assert refused(lambda: condense(change(result))) == words


def test_a_file_that_is_no_result_is_told_by_what_it_is(tmp_path, result):
    none, folder, empty, other = (tmp_path / name for name in ("none.nc", "folder", "empty.nc", "other.nc"))
    assert refused(lambda: load(none)) == f"{none}: no such file."
    folder.mkdir()
    assert refused(lambda: load(folder)) == f"{folder}: a folder, not a result of this package."
    empty.write_bytes(b"\x89HDF\r\n\x1a\n")
    assert refused(lambda: load(empty)).startswith(f"{empty}: not a result of this package, or damaged: ")
    assert not refused(lambda: load(empty)).endswith("..")
    xr.Dataset({"a": 1}).to_netcdf(other, engine="h5netcdf")
    assert refused(lambda: load(other)) == f"{other}: not a result of this package."
    assert refused(lambda: save(5, none)) == "save: a int is neither a result nor a finding."
    assert save(result, tmp_path / "a" / "b.nc") == tmp_path / "a" / "b.nc"
    again = sim.load(str(tmp_path / "a" / "b.nc"))
    assert (again.truce.dtype, again.pair_truce.dtype) == (bool, bool)
    for name in ("stance", "answer"):
        assert again[name].encoding["zlib"]
        assert again[name].encoding["complevel"] == 1


def test_a_result_in_a_folder_that_was_being_replaced_is_refused_and_others_in_it_are_not(tmp_path, result):
    for name in ("ours.nc", "mine.nc"):
        save(result, tmp_path / name)
    (tmp_path / "about.json").write_text(json.dumps({"settings": {}, "whole": False, "files": ["ours.nc"]}))
    assert refused(lambda: load(tmp_path / "ours.nc")) == (
        f"{tmp_path / 'ours.nc'}: a command was stopped while it replaced the files of this folder, so that they may "
        "be of two runs; run it again."
    )
    assert load(tmp_path / "mine.nc").sizes["run"] == 10
    (tmp_path / "about.json").write_text(json.dumps({"settings": {}, "whole": True, "files": ["ours.nc"]}))
    assert load(tmp_path / "ours.nc").sizes["run"] == 10


@pytest.mark.parametrize(
    "text", ["", "[1]", "5", "{}", '{"settings": {}, "files": "a.nc"}', '{"files": []}', "[" * 100_000]
)
def test_what_says_nothing_of_a_folder_counts_as_nothing(tmp_path, text):
    assert about_of(tmp_path) is None
    (tmp_path / "about.json").write_text(text)
    assert about_of(tmp_path) is None


def test_files_of_a_folder_are_names_of_what_is_in_it(tmp_path):
    (tmp_path / "a.nc").write_bytes(b"")
    said = '{"settings": {"run": "ü"}, "files": ["a.nc", "gone.nc", 5, "../b.nc", "c/d.nc"]}'
    (tmp_path / "about.json").write_text(said, encoding="utf-8")
    assert about_of(tmp_path) == {"settings": {"run": "ü"}, "files": ["a.nc"]}
