"""Sweeps: the same store however the work is done, and nothing lost."""

import errno
import json
import os
import shutil
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from distributed import LocalCluster

from simulation.cli.vary import read_axis
from simulation.questions.sweep import cluster, open_store, plan, summarise, sweep
from simulation.questions.sweep import run as run_module
from simulation.questions.sweep.describe import describe
from simulation.questions.sweep.probe import alike
from simulation.runs import batches
from simulation.runs.ensemble import read_runs
from simulation.runs.results import wilson
from simulation.runs.workers import Workers
from simulation.scenario import ScenarioError

MEASURES = ["truce.starts", "answer.moscow-text.LNA", "truce.days", "stance.LNA"]
SUPPORT, RULE = "ties.UAE.LNA.support", "rule"
VARY = [f"{SUPPORT}=0:1:4", f"{RULE}=friedkin-johnsen,compromise"]


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    """Two points in a part, so that a sweep of a few points has several."""
    monkeypatch.setattr(run_module, "ROWS", 60)


@pytest.fixture
def swept(libya, tmp_path):
    """``swept("name", runs=..., ...)``: eight points of thirty runs, in a folder of that name."""

    def made(name="there", vary=tuple(VARY), **options):
        options = {"runs": 30, "measures": MEASURES, "workers": 1} | options
        design = plan([read_axis(text) for text in vary])
        sweep(options.pop("scenario", libya), design, tmp_path / name, **options)
        return open_store(tmp_path / name)

    return made


def content(store):
    """Every file of a store and its bytes."""
    files = [file for file in store.folder.rglob("*") if file.is_file()]
    return {str(file.relative_to(store.folder)): file.read_bytes() for file in files}


def test_a_store_holds_every_run_of_every_point(swept, libya):
    """And what it holds is what an ensemble with the point's values has, on the same luck."""
    store = swept()
    table = store.query("select * from sweep order by point, run")
    assert len(table) == 8 * 30
    assert store.blocks == 4
    for point, (support, rule) in enumerate((s, r) for s in (0, 1 / 3, 2 / 3, 1) for r in VARY[1][5:].split(",")):
        here = table[table["point"] == point]
        assert set(here[SUPPORT]) == {support}
        assert set(here[RULE]) == {rule}
        assert here["run"].tolist() == list(range(30))
        alone = read_runs(libya.replace({RULE: rule}), MEASURES, 30, 1, values={SUPPORT: np.full(30, support)})
        for name in MEASURES:
            np.testing.assert_allclose(here[name].to_numpy(dtype=float, na_value=np.nan), alone[name], rtol=1e-7)


def test_another_number_of_workers_makes_the_same_bytes(swept):
    assert content(swept("one")) == content(swept("two", workers=2))


def test_a_dask_cluster_makes_the_same_bytes(swept):
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        assert content(swept("one")) == content(swept("cluster", dask=cluster.scheduler_address))


def test_local_opens_no_port(swept, monkeypatch):
    """Any user of the machine could reach it, and dask unpickles what it is sent."""
    expected = content(swept("one"))

    def listen(*_):
        raise AssertionError("it listens")

    monkeypatch.setattr(socket.socket, "listen", listen)
    assert content(swept("here", dask="local")) == expected


def test_the_order_in_which_parts_come_makes_no_difference(swept, monkeypatch):
    """As if the last were done first."""
    expected = content(swept("one"))

    def backwards(pool, calls):
        yield from [pool.work(*call) for call in reversed(list(calls))]

    monkeypatch.setattr(Workers, "results", backwards)
    assert content(swept("backwards")) == expected


def test_a_sweep_that_stopped_goes_on_to_the_same_bytes(swept, tmp_path):
    """What was done is not done again; half-written files are taken away; a spoilt part is made again."""
    whole = swept("one")
    store = swept("stopped")
    store.part(0).write_bytes(b"PAR1 cut short")
    store.part(2).unlink()
    (store.folder / "parts" / "part-00002.parquet.77.partial").write_bytes(b"half")
    kept = store.part(1).stat().st_mtime_ns
    seen = []
    resumed = swept("stopped", resume=True, progress=seen.append)
    assert content(resumed) == content(whole)
    assert store.part(1).stat().st_mtime_ns == kept
    assert seen == [120, 180, 240]  # two parts of 60 runs were there, then one more, then all


def test_a_whole_sweep_may_be_resumed_for_nothing(swept):
    before = content(swept())
    assert content(swept(resume=True)) == before


def test_force_takes_a_sweep_away_but_not_one_that_goes_on(swept):
    """``force`` begins anew, with another seed if need be; with ``resume`` nothing that is done is done again."""
    swept()
    again = swept(seed=2, force=True)
    assert again.manifest.seed == 2
    written = again.part(0).stat().st_mtime_ns
    assert swept(seed=2, force=True, resume=True).part(0).stat().st_mtime_ns == written


def test_killing_the_program_and_its_workers_loses_nothing():
    """The benchmark's own check, small: two workers, a cluster of which one dies, and a kill -9 with resume."""
    script = Path(__file__).parents[2] / "benchmarks" / "sweep_survival.py"
    words = [sys.executable, str(script), "--points", "81", "--runs", "100", "--kills", "1"]
    ended = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "3 of 3 are the same, byte for byte" in ended.stdout


def test_a_sweep_is_not_begun_over_another(swept):
    store = swept()
    before = content(store)
    with pytest.raises(ScenarioError, match=r"holds a sweep already \(whole\). `resume` goes on"):
        swept()
    store.part(1).unlink()
    with pytest.raises(ScenarioError, match="3 of 4 parts done"):
        swept()
    del before["parts/part-00001.parquet"]
    assert content(store) == before


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"runs": 40}, "runs a point: 30 there, 40 asked for"),
        ({"seed": 2}, "seed: 1 there, 2 asked for"),
        ({"measures": [*MEASURES, "stance.GNA"]}, "measures: stance.GNA only asked for"),
        ({"measures": MEASURES[::-1]}, "measures: in another order"),
        ({"vary": (f"{SUPPORT}=0:1:5", VARY[1])}, "points: 8 there, 10 asked for"),
        ({"vary": (f"{SUPPORT}=0:0.9:4", VARY[1])}, r'design: .*"high": 1.0.* there, .*"high": 0.9.* asked for'),
        ({"vary": ("ties.UAE.LNA.leverage=0:1:4", VARY[1])}, "ties.UAE.LNA.support only there; ties.UAE.LNA.leverage"),
    ],
)
def test_another_sweep_is_not_taken_for_the_one_that_is_there(swept, options, words):
    store = swept()
    before = content(store)
    with pytest.raises(ScenarioError, match=f"(?s)left as it is.*{words}"):
        swept(**options, resume=True)
    assert content(store) == before


def test_a_changed_scenario_is_told_by_its_keys(swept, libya):
    swept()
    with pytest.raises(ScenarioError, match=r"scenario: actors.LNA.stance.best: 12(\.0)? there, 30(\.0)? asked for"):
        swept(scenario=libya.replace({"actors.LNA.stance": 30}), resume=True)


def test_a_changed_program_is_noticed(swept, monkeypatch):
    """By its version, and where that was not raised, by what it makes of the scenario."""
    swept()
    monkeypatch.setattr(run_module, "VERSION", "99.0")
    with pytest.raises(ScenarioError, match=r"ceasefire-simulation: .* there, 99.0 now"):
        swept(resume=True)
    monkeypatch.undo()
    monkeypatch.setattr(run_module, "ROWS", 60)
    simulate = batches.simulate
    monkeypatch.setattr(batches, "simulate", lambda *given: moved(simulate(*given), 1e-3))
    with pytest.raises(ScenarioError, match="gives other results for the same scenario"):
        swept(resume=True)


def test_last_digits_of_another_processor_do_not_keep_a_sweep_from_going_on(swept, monkeypatch):
    """AVX-512 and AVX2 gave stances that differ by 3e-14; the checksum of raw bytes then refused."""
    store = swept()
    whole = content(store)
    store.part(2).unlink()
    simulate = batches.simulate
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(batches, "simulate", lambda *given: moved(simulate(*given), 1e-11))
        swept(resume=True)
    assert content(store).keys() == whole.keys()


@pytest.mark.parametrize("other", [{"a": 2.0}, {"a": None}, {"b": 1.0}, {}, {"a": 1.0, "b": 1.0}])
def test_probes_of_two_models_are_not_alike(other):
    assert not alike({"a": 1.0}, other)
    assert alike({"a": None, "b": 1.0}, {"a": None, "b": 1.0 + 1e-12})


def moved(history, by):
    """A history in which everybody is a little nearer to peace."""
    return replace(history, by_step={**history.by_step, "stance": history.stance + by})


def test_what_failed_is_told_with_how_many_points_and_the_values_of_the_first(swept):
    store = swept(vary=["events.moscow-text.offer.form=declared,sined", "actors.LNA.stance=10,20"])
    found = describe(store)
    assert not found.met
    (told,) = found.summary["errors"]
    assert told["points"] == 2
    assert told["first"] == {"events.moscow-text.offer.form": "sined", "actors.LNA.stance": 10.0}
    at = "2 points, the first with events.moscow-text.offer.form = sined, actors.LNA.stance = 10: "
    assert at in str(found)
    assert "Did you mean 'signed'" in str(found)
    json.dumps(found.summary)


def test_shares_of_ground_that_a_sweep_varies_are_said_to_be_divided_by_their_sum(swept):
    found = describe(swept(vary=["actors.LNA.control=0:1:2"]))
    assert "actors.LNA.control differs from run to run" in found.result.attrs["rescaled"]
    assert not np.isnan(found.result["value"].sel(measure="stance.LNA")).any()
    assert "rescaled" not in describe(swept("other", vary=["actors.LNA.stance=10,20"])).result.attrs


def test_resuming_where_there_is_nothing_begins(swept, tmp_path):
    """So that a job script can always say --resume."""
    assert len(swept("new", resume=True).done()) == 4
    (tmp_path / "there" / "parts").mkdir(parents=True)
    (tmp_path / "there" / "parts" / "part-00000.parquet").write_bytes(b"?")
    with pytest.raises(ScenarioError, match="without its manifest"):
        swept()


def test_a_failing_point_is_recorded_and_the_others_go_on(swept):
    """Two of four forms are none; the sweep has the others, and says why."""
    store = swept(vary=["events.moscow-text.offer.form=declared,sined,signed,spoken"])
    failed = store.query(
        'select point, run, error, "stance.LNA" as stance from sweep where error is not null order by 1'
    )
    assert failed["point"].tolist() == [1, 3]
    assert failed["run"].isna().all()
    assert failed["stance"].isna().all()
    assert "Did you mean 'signed'" in failed["error"][0]
    result = summarise(store)
    assert result.attrs["failed"] == 2
    assert np.isnan(result["value"].sel(measure="stance.LNA").values).tolist() == [False, True, False, True]
    assert result["bearing"].sel(measure="stance.LNA").values.tolist() == [30, 0, 30, 0]


def test_a_point_on_which_the_model_breaks_does_not_take_its_neighbours_along(swept, monkeypatch):
    """Points go through the model together; one that raises is found, and the rest of its part is done."""
    from simulation.questions.sweep import block

    real = block.read_points

    def brittle(scenario, names, values, runs, seed, **how):
        if (values[SUPPORT] > 0.9).any():
            raise ZeroDivisionError("the front collapsed")
        return real(scenario, names, values, runs, seed, **how)

    expected = swept("one", vary=VARY[:1])
    monkeypatch.setattr(block, "read_points", brittle)
    store = swept("two", vary=VARY[:1])
    assert summarise(store).error.values.tolist() == ["", "", "", "ZeroDivisionError: the front collapsed"]
    assert store.part(0).read_bytes() == expected.part(0).read_bytes()
    neighbour = "select * from sweep where point = 2 order by run"
    assert store.query(neighbour).drop(columns="error").equals(expected.query(neighbour).drop(columns="error"))


def test_a_full_disk_loses_nothing(swept, monkeypatch):
    """The part in hand is given up, those before it stay, and the sweep can be resumed."""
    expected = content(swept("one"))
    real = os.replace

    def full(source, target):
        if target.name == "part-00002.parquet":
            raise OSError(errno.ENOSPC, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(ScenarioError, match=r"(?s)part-00002.*No space left.*Nothing is lost: 2 of 4 parts.*`resume`"):
        swept("two")
    monkeypatch.setattr(os, "replace", real)
    assert content(swept("two", resume=True)) == expected


def test_a_folder_that_cannot_be_made_costs_nothing(swept, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ScenarioError, match=r"file/below.*: Not a directory"):
        swept("file/below")


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "127.0.0.1:9", "nonsense://127.0.0.1"])
def test_a_dask_address_that_does_not_answer_is_said_so(swept, monkeypatch, address):
    monkeypatch.setattr(cluster, "ANSWERS_WITHIN", 0.5)
    with pytest.raises(ScenarioError, match=r"(?s)`dask` .*Nothing is lost: 0 of 4"):
        swept(dask=address)
    assert len(swept(resume=True).done()) == 4


def test_a_point_with_more_runs_than_a_part_holds_has_a_part_of_its_own(swept):
    store = swept(vary=VARY[:1], runs=100)
    assert store.blocks == 4
    assert pq.read_metadata(store.part(3)).num_rows == 100


def test_means_and_intervals_are_those_of_the_runs(swept):
    """A chance has Wilson's interval; a mean of days counts the runs with a truce only."""
    store = swept()
    result = summarise(store)
    table = store.query("select * from sweep")
    for point in (0, 7):
        here = table[table["point"] == point]
        found = result.sel(point=point, measure="truce.starts")
        assert (float(found.value), float(found.low), float(found.high)) == pytest.approx(
            wilson(here["truce.starts"].sum(), 30)
        )
        days = result.sel(point=point, measure="truce.days")
        assert float(days.value) == pytest.approx(here["truce.days"].mean(), rel=1e-6)
        assert int(days.bearing) == here["truce.days"].notna().sum()
    assert result[SUPPORT].values[[0, 7]].tolist() == [0, 1]
    assert result[RULE].values[0] == "friedkin-johnsen"


def test_an_unfinished_sweep_may_be_looked_at(swept):
    store = swept()
    store.part(3).unlink()
    result = summarise(store)
    assert np.isnan(result["value"].values[6:]).all()
    assert not np.isnan(result["value"].sel(measure="stance.LNA").values[:6]).any()
    assert len(store.query("select distinct point from sweep")) == 6


def test_what_cannot_be_asked_is_told(swept, tmp_path):
    store = swept()
    for sql, words in (
        ("selct 1", "syntax error"),
        ('select "truce.stars" from sweep', "truce.starts"),
        ("", "begin it with select"),
    ):
        with pytest.raises(ScenarioError, match=words):
            store.query(sql)
    with pytest.raises(ScenarioError, match=r"Did you mean 'truce.starts'"):
        summarise(store, ["truce.stars"])
    with pytest.raises(ScenarioError, match="holds no sweep"):
        open_store(tmp_path)
    (store.folder / "manifest.json").write_text("{")
    with pytest.raises(ScenarioError, match="cannot be read as JSON"):
        open_store(store.folder)
    (store.folder / "manifest.json").write_text("[]")
    with pytest.raises(ScenarioError, match="not the manifest"):
        open_store(store.folder)


def test_the_commands_sweep_and_query(ceasefire, tmp_path):
    """From the command line to the answer; a failing point makes exit code 1, a bad request 2."""
    some = ["--runs", "20", "--workers", "1", "--measure", "truce.starts"]
    code, out, err = ceasefire("sweep", "libya-2020-01", "--vary", f"{SUPPORT}=0:1:3", *some)
    assert (code, err) == (0, "")
    (folder,) = (tmp_path / "results").iterdir()
    assert f"ceasefire query results/{folder.name} " in out
    assert {file.name for file in folder.iterdir()} == {
        "about.json", "manifest.json", "parts", "sweep.nc", "sweep.csv", "sweep.json", "sweep.png",
    }  # fmt: skip
    code, out, _ = ceasefire("query", str(folder), "select count(*) as n from sweep", "--json")
    assert (code, json.loads(out)) == (0, [{"n": 60}])
    code, out, _ = ceasefire("query", str(folder), "select point, 1.5 as x from sweep limit 1", "--out", "answer.csv")
    assert (tmp_path / "answer.csv").read_text() == "point,x\n0,1.5\n"
    code, out, _ = ceasefire("sweep", "libya-2020-01", "--vary", "rule=friedkin-johnsen,none", *some, "--json")
    assert (code, json.loads(out)["failed"]) == (1, 1)
    assert len(list((tmp_path / "results").iterdir())) == 1  # --json leaves nothing behind
    code, _, err = ceasefire("sweep", "libya-2020-01", "--vary", f"{SUPPORT}=1:0", *some, "--out", "other")
    assert code == 2
    assert "empty range" in err
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    "vary", [VARY[:1], VARY, [f"{SUPPORT}=0:1:8", "actors.LNA.stance=0:50:9"], [*VARY, "actors.LNA.stance=0:50:3"]]
)
def test_a_sweep_over_any_number_of_keys_has_a_picture(swept, vary):
    """A line, lines, a map, and panels; the axis that is given is given back."""
    from matplotlib.figure import Figure

    from simulation.show.plots.sweep import figure_sweep, plot_sweep

    result = summarise(swept(vary=vary, runs=2))
    assert len(figure_sweep(result).axes) == {1: 1, 2: 1 if vary is VARY else 2, 3: 3}[len(vary)]
    ax = Figure().subplots()
    assert plot_sweep(result, ax, "stance.LNA") is ax
    with pytest.raises(ScenarioError, match=r"Did you mean 'stance.LNA'"):
        figure_sweep(result, "stance.LAN")


def test_the_python_two_liner_of_the_manual_works(swept):
    """The parts are plain Parquet files."""
    import duckdb

    folder = swept().folder
    table = duckdb.sql(
        f"select {RULE}, avg(\"truce.starts\") as starts from '{folder}/parts/*.parquet' group by all"
    ).df()
    assert sorted(table[RULE]) == ["compromise", "friedkin-johnsen"]
    shutil.rmtree(folder)


def test_what_a_sweep_says_is_what_its_store_says(libya, tmp_path):
    """Its sums come from the workers, of the parts that it makes; those of a store are read from its parts."""
    vary = {SUPPORT: np.linspace(0, 1, 4), RULE: ["friedkin-johnsen", "compromise"]}
    options = {"runs": 30, "measures": MEASURES}
    for workers in (1, 2):
        finding = sweep(libya, vary, tmp_path / str(workers), **options, workers=workers)
        assert finding.result.identical(summarise(open_store(tmp_path / str(workers))))
    open_store(tmp_path / "1").part(1).unlink()
    assert sweep(libya, vary, tmp_path / "1", **options, resume=True).result.identical(finding.result)
