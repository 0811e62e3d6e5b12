"""Scenario discovery: made-up sweeps of which the region is known, and what cannot be found."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import simulation as sim
from simulation.questions.regions import regions as ask
from simulation.questions.regions.boxes import Box, columns_of, coverage_and_density, grown, worth
from simulation.questions.sweep.manifest import Manifest
from simulation.questions.sweep.store import create

RUNS = 4


@pytest.fixture
def store(tmp_path, still):
    """``store(columns, value)``: a sweep that somebody is said to have made, the same value in all runs of a point."""

    def made(columns, value, name="store"):
        points = len(value)
        said = {"title": "made up", "scenario": still().as_toml(), "seed": 1, "keys": list(columns), "design": {}}
        said |= {"points": points, "runs": RUNS, "points_per_part": points, "measures": ["truce.starts"]}
        said |= {"versions": {}, "probe": {}} | dict.fromkeys(("scenario_sha256", "design_sha256"), "")
        with create(tmp_path / name, Manifest(**said), resume=False) as there:
            there.write(0, part(columns, value))
        return there

    return made


def part(columns, value):
    """The bytes of the one part."""
    points = len(value)
    table = {"point": np.repeat(np.arange(points), RUNS), "run": np.tile(np.arange(RUNS), points)}
    table |= {key: np.repeat(values, RUNS) for key, values in columns.items()}
    table |= {"truce.starts": np.repeat(value, RUNS), "error": [None] * (points * RUNS)}
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(table), sink)
    return sink.getvalue().to_pybytes()


def scattered(count=400):
    rng = np.random.default_rng(1)
    return {key: rng.random(count) for key in ("x", "y", "z")}


def corner(columns):
    """A truce fails where x > 0.5 and y < 0.3, and starts everywhere else."""
    return np.where((columns["x"] > 0.5) & (columns["y"] < 0.3), 0.0, 1.0)


def test_a_region_that_is_known_is_found_with_its_limits(store):
    columns = scattered()
    finding = ask(store(columns, corner(columns)), "truce.starts", below=0.5)
    (found,) = finding.summary["regions"]
    assert set(found["limits"]) == {"x", "y"}
    # the limits lie between the last point inside and the first outside: 400 points leave gaps of a few hundredths
    assert found["limits"]["x"]["above"] == pytest.approx(0.5, abs=0.03)
    assert found["limits"]["y"]["at_most"] == pytest.approx(0.3, abs=0.03)
    assert set(found["limits"]["x"]) == {"above"}
    assert found["coverage"] > 0.9
    assert found["density"] > 0.9
    assert finding.words[0].startswith("a truce starts: below 50 % mostly where x is above 0.")
    assert sum(finding.summary["telling"].values()) == pytest.approx(1)
    assert finding.summary["telling"]["z"] < 0.05


def test_where_more_is_of_interest_than_not_the_region_is_the_other_side(store):
    columns = scattered()
    columns["y"] = columns["y"] * 0 + columns["x"]  # the same number twice tells no more than once
    finding = ask(store(columns, np.where(columns["x"] > 0.4, 1.0, 0.0)), "truce.starts", above=0.5)
    found = finding.summary["regions"][0]
    (limits,) = found["limits"].values()
    assert limits["above"] == pytest.approx(0.4, abs=0.02)
    assert finding.summary["of_interest"] == "above 50 %"


def test_texts_are_told_by_name(store):
    columns = scattered() | {"rule": np.array(["degroot", "deffuant", "spatial", "compromise"] * 100, dtype=object)}
    value = np.where(np.isin(columns["rule"], ["degroot", "spatial"]), 0.0, 1.0)
    found = ask(store(columns, value), "truce.starts", below=0.5).summary["regions"]
    texts = [region["limits"]["rule"]["one_of"] for region in found]
    assert sorted(text for some in texts for text in some) == ["degroot", "spatial"]
    assert sum(region["coverage"] for region in found) == pytest.approx(1)
    assert all(region["density"] == 1 for region in found)


def test_chance_alone_is_no_region_on_points_that_were_held_out(store):
    """Coins that nothing sways: what fits the points at hand says no more of the others than the coin itself."""
    columns = scattered(300)
    value = np.random.default_rng(2).integers(0, 2, 300).astype(float)
    found = ask(store(columns, value), "truce.starts", below=0.5, depth=6).summary["regions"][0]
    assert found["density_low"] < 0.5 < found["density_high"]
    assert found["fitted_density"] > 0.5


def test_intervals_are_wilsons_on_the_points_held_out(store):
    columns = scattered()
    result = ask(store(columns, corner(columns)), "truce.starts", below=0.5).result
    held, wanted, inside = (result[name].values for name in ("held_out", "wanted", "inside"))
    assert (held.sum(), (held & wanted).sum()) == (round(400 / 3), round(wanted.sum() / 3))
    # by hand: k of n, z = 1.96, (k + z²/2 ± z sqrt(k (n - k) / n + z²/4)) / (n + z²)
    n, k, z = int((held & inside).sum()), int((held & inside & wanted).sum()), 1.959964
    middle, half = k + z**2 / 2, z * np.sqrt(k * (n - k) / n + z**2 / 4)
    ends = [float(result.density_low[0]), float(result.density_high[0])]
    np.testing.assert_allclose(ends, [(middle - half) / (n + z**2), (middle + half) / (n + z**2)], atol=1e-6)
    assert int(result.cases[0]) == n


def test_coverage_density_and_their_mean_by_hand():
    inside, wanted = np.array([1, 1, 1, 0, 0], dtype=bool), np.array([1, 1, 0, 1, 1], dtype=bool)
    assert coverage_and_density(inside, wanted) == (2 / 4, 2 / 3)
    assert worth(inside, wanted) == pytest.approx(4 / 7)  # twice 1/2 times 2/3, over their sum
    assert worth(inside, ~inside) == 0


def test_a_box_holds_what_lies_above_the_one_end_and_up_to_the_other():
    box = Box({"x": (0.2, 0.5)}, {"rule": frozenset({"degroot"})})
    inputs = {"x": np.array([0.2, 0.3, 0.5, 0.6, 0.3]), "rule": np.array(["degroot"] * 4 + ["spatial"], dtype=object)}
    assert box.holds(inputs).tolist() == [False, True, True, False, False]


def test_the_boxes_of_a_tree_go_from_its_branches_to_its_leaves():
    x = np.arange(40.0)
    boxes, telling = grown(columns_of({"x": x}), x >= 20, np.ones(40), depth=3)
    assert [box.limits["x"] for box in boxes] == [(-np.inf, 19.5), (19.5, np.inf)]
    assert telling == {"x": 1.0}


def test_a_point_at_which_the_question_never_arises_is_left_out(store):
    columns = scattered(60)
    value = np.where(columns["x"] > 0.5, 1.0, 0.0)
    value[:5] = np.nan
    finding = ask(store(columns, value), "truce.starts", below=0.5)
    assert finding.summary["points"] == 55


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ({}, "`below` one or `above` one"),
        ({"below": 0.2, "above": 0.4}, "`below` one or `above` one"),
        ({"below": 0.0}, "is nowhere below 0: it goes from 0 to 1"),
        ({"above": -1}, "is everywhere above -1"),
        ({"below": 0.5, "depth": 9}, "between 1 and 6"),
    ],
)
def test_what_cannot_be_asked_is_said(store, bounds, words):
    columns = scattered(60)
    with pytest.raises(sim.ScenarioError, match=words):
        ask(store(columns, corner(columns)), "truce.starts", **bounds)


def test_a_sweep_that_varied_nothing_or_too_little_or_kept_another_measure_is_told_so(store, tmp_path):
    columns = scattered(60)
    whole = store(columns, corner(columns))
    with pytest.raises(sim.ScenarioError, match=r"truce\.start: not in this sweep\. Did you mean 'truce\.starts'"):
        ask(whole, "truce.start", below=0.5)
    with pytest.raises(sim.ScenarioError, match="no input differs"):
        ask(store({"x": np.ones(60)}, corner(columns), "same"), "truce.starts", below=0.5)
    few = {key: values[:12] for key, values in columns.items()}
    with pytest.raises(sim.ScenarioError, match="at 12 points; at least 20"):
        ask(store(few, np.arange(12) % 2.0, "few"), "truce.starts", below=0.5)
    one = np.ones(60)
    one[0] = 0
    with pytest.raises(sim.ScenarioError, match="1 of 60 points on one side"):
        ask(store(columns, one, "one"), "truce.starts", below=0.5)
    with pytest.raises(sim.ScenarioError, match="holds no sweep"):
        ask(tmp_path / "nowhere", "truce.starts", below=0.5)


def test_the_command_says_it_in_a_sentence_and_draws_it(store, ceasefire, tmp_path):
    columns = scattered() | {"rule": np.array(["degroot", "deffuant"] * 200, dtype=object)}
    store(columns, corner(columns))
    code, out, err = ceasefire("regions", "store", "--measure", "truce.starts", "--below", "0.5", "--out", "found")
    assert (code, err) == (0, "")
    assert "below 50 % mostly where x is above 0.4" in out or "below 50 % mostly where x is above 0.5" in out
    assert {"regions.nc", "regions.csv", "regions.json", "regions.png"} <= {
        file.name for file in (tmp_path / "found").iterdir()
    }
    assert json.loads((tmp_path / "found" / "regions.json").read_text())["points"] == 400
    code, _, err = ceasefire("regions", "store", "--measure", "truce.starts")
    assert code == 2
    assert "--below one or --above one" in err
    assert ceasefire("regions", "nowhere", "--below", "0.5")[0] == 2
    assert ceasefire("regions", "store", "--below", "0.5", "--set", "a=1")[0] == 2  # nothing to change
    assert (
        ceasefire("regions", "store", "--below", "0.5", "--as-of", "2020-01-03")[0] == 2
    )  # its runs are there already


@pytest.mark.parametrize("keys", [["x"], ["x", "y"], ["x", "rule"], ["rule"]])
def test_the_picture_shows_the_region_on_numbers_and_texts(store, keys):
    columns = scattered(80) | {"rule": np.array(["degroot", "deffuant"] * 40, dtype=object)}
    some = {key: columns[key] for key in keys}
    value = (
        np.where(columns["rule"] == "degroot", 0.0, 1.0) if keys == ["rule"] else np.where(columns["x"] > 0.5, 0.0, 1.0)
    )
    finding = ask(store(some, value), "truce.starts", below=0.5)
    (figure,) = sim.plot(finding).values()
    points = figure.axes[0]
    assert sum(len(part.get_offsets()) for part in points.collections if hasattr(part, "get_offsets")) >= 80
