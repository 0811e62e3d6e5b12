"""The face: what a user of ``import simulation as sim`` finds, and that nothing else is needed for the common jobs."""

import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import simulation as sim

NAMES = [
    *("load_scenario", "Scenario", "ScenarioError", "run", "ConflictModel", "compare", "compare_rules", "why"),
    *("levers", "path", "attribute", "sensitivity", "sweep", "validate", "calibrate", "ablate", "animate"),
    *("import_table", "bargain", "benchmark", "agreement", "truce_lives", "robust", "regions", "Seat", "expect"),
    *("summarise", "condense", "plot", "save_figures", "save", "load", "__version__"),
]


def test_the_face_shows_these_names_and_nothing_else():
    assert sorted(sim.__all__) == sorted(NAMES)
    assert dir(sim) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_there_and_says_what_it_is(name):
    found = getattr(sim, name)
    assert isinstance(found, str) if name == "__version__" else found.__doc__


def test_run_ensemble_is_another_word_for_run():
    assert sim.run_ensemble is sim.run


def test_a_name_that_is_not_there_is_said_so():
    with pytest.raises(AttributeError, match="no attribute 'runz'"):
        sim.runz  # noqa: B018


def test_no_room_bears_the_name_of_a_function():
    """A module ``simulation.compare`` would stand in the way of the function, once somebody imports it."""
    rooms = {file.stem for file in Path(sim.__file__).parent.iterdir()}
    assert not rooms & set(NAMES)


JOBS = """
import numpy as np
import simulation as sim

scenario = sim.load_scenario("libya-2020-01")
result = sim.run(scenario, runs=100, seed=1)
accepted: float = float(result.answer.mean("run").sel(offer="berlin", party="LNA"))
truce = sim.summarise(result)["truce"]
figures = sim.plot(result)
sim.save(result, "result.nc")
again = sim.load("result.nc")
changed: sim.Scenario = scenario.replace({"ties.UAE.LNA.support": 0.0})
difference = sim.compare({"as it is": scenario, "no support": changed}, runs=100)
print(difference, difference.rows.head(), difference.summary["runs"])
levers = sim.levers(scenario, "truce.starts.2020-01-31", runs=20)
swept = sim.sweep(
    scenario,
    {"ties.UAE.LNA.support": np.linspace(0, 1, 3), "rule": ["degroot", "spatial"]},
    "sweep",
    runs=10,
    workers=1,
)
why = sim.why(scenario, "LNA", step=3, run=7)
model = sim.ConflictModel(scenario, seed=1, run=13)
model.step()
model["Turkey"].stance = 20
"""
"""The commonest jobs, as they are typed."""


def test_the_common_jobs_need_the_face_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(compile(JOBS, "jobs.py", "exec"), names)
    assert set(names["figures"]) == {"stances", "answers", "battle", "ties", "truces"}
    assert names["swept"].result.sizes == {"point": 6, "measure": len(names["swept"].summary["measures"])}


def test_a_users_script_sees_real_types(tmp_path):
    pytest.importorskip("mypy")
    (tmp_path / "jobs.py").write_text(JOBS + "\nreveal_type(difference)\nreveal_type(result)\nreveal_type(scenario)\n")
    words = [sys.executable, "-m", "mypy", "--strict", "jobs.py", "--cache-dir", str(tmp_path / "cache")]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Success" in done.stdout, done.stdout + done.stderr
    for kind in ("simulation.questions.finding.Finding", "Dataset", "simulation.scenario.schema.Scenario"):
        assert f'Revealed type is "{kind}"' in done.stdout or f".{kind}" in done.stdout


def test_a_scenario_is_drawn_as_its_network_and_written_out_as_a_file(tmp_path):
    changed = sim.load_scenario("libya-2020-01").replace({"ties.Turkey.GNA.support": 0.9})
    assert set(sim.plot(changed)) == {"ties"}
    file = tmp_path / "changed.toml"
    file.write_text(changed.as_toml(), encoding="utf-8")
    again = sim.load_scenario(file)
    assert again.inputs["ties.Turkey.GNA.support"].value == 0.9
    assert again.as_toml() == changed.as_toml()


def test_arrays_are_values_and_texts_stay_at_the_command_line(tmp_path):
    scenario = sim.load_scenario("libya-2020-01")
    finding = sim.sweep(scenario, {"actors.LNA.base": np.array([10.0, 30.0])}, tmp_path, runs=5, workers=1)
    assert finding.result["actors.LNA.base"].values.tolist() == [10.0, 30.0]
    with pytest.raises(sim.ScenarioError, match=r"actors\.LNA\.base"):
        sim.sweep(scenario, {"actors.LNA.base": ["0:1:3"]}, tmp_path / "other", runs=5, workers=1)


def test_a_misspelt_name_is_seen_by_a_type_checker(tmp_path):
    pytest.importorskip("mypy")
    (tmp_path / "wrong.py").write_text(
        "import simulation as sim\n\nsim.lever\nfor actor in sim.ConflictModel():\n    reveal_type(actor)\n"
    )
    words = [sys.executable, "-m", "mypy", "--strict", "wrong.py", "--cache-dir", str(tmp_path / "cache")]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert 'Module has no attribute "lever"' in done.stdout, done.stdout + done.stderr
    assert 'Revealed type is "simulation.runs.agents.actors.Actor"' in done.stdout


def test_findings_can_be_compared_kept_in_sets_and_pickled():
    finding = sim.why(sim.load_scenario("libya-2020-01"), "LNA")
    assert finding == finding
    again = pickle.loads(pickle.dumps(finding))
    assert finding != again
    assert len({finding, again}) == 2
    assert str(again) == str(finding)
    assert set(again.figures) == set(finding.figures)
    assert hasattr(again.figures, "_ipython_display_")  # shown by a notebook


@pytest.mark.parametrize("thing", [None, "libya-2020-01", {}, 3])
def test_what_is_no_result_is_not_drawn(thing):
    with pytest.raises(sim.ScenarioError, match="neither a result"):
        sim.plot(thing)
