"""What is handed to a question is checked before it begins, the same for all."""

import inspect

import numpy as np
import pytest

import simulation as sim
from simulation.scenario.arguments import out_of_memory

SCENARIO = sim.load_scenario("libya-2020-01")
OTHER = SCENARIO.replace({"ties.UAE.LNA.support": 0.0})
QUESTIONS = (
    "run",
    "compare_rules",
    "why",
    "levers",
    "path",
    "bargain",
    "attribute",
    "sensitivity",
    "sweep",
    "validate",
)
QUESTIONS += ("calibrate", "ablate", "animate")


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_name_of_a_scenario_is_not_one_and_the_error_says_how_to_load_it(name):
    question = getattr(sim, name)
    needed = [one for one in inspect.signature(question).parameters.values() if one.default is one.empty]
    with pytest.raises(sim.ScenarioError, match=r"'libya-2020-01' is not a scenario\. load_scenario"):
        question("libya-2020-01", *["truce.starts"] * (len(needed) - 1))


@pytest.mark.parametrize(
    "scenarios", [SCENARIO, [SCENARIO, OTHER], {"a": SCENARIO, "b": "libya-2020-01"}, {"a": SCENARIO, "b": None}]
)
def test_a_comparison_needs_scenarios_by_name(scenarios):
    with pytest.raises(sim.ScenarioError, match="scenarios"):
        sim.compare(scenarios, runs=2)


def test_scenarios_may_be_called_by_numbers():
    assert sim.compare({0.5: SCENARIO, 0: OTHER}, ["truce.starts"], runs=2).summary["scenarios"] == ["0.5", "0"]


@pytest.mark.parametrize("value", [1.5, "1", None, True, 5.0])
@pytest.mark.parametrize("name", ["runs", "seed"])
def test_what_is_no_whole_number_is_refused_and_not_rounded(name, value):
    """A seed of 1.5 used to give the runs of seed 1, and say 1.5 in the result."""
    with pytest.raises(sim.ScenarioError, match=f"`{name}`.* not a whole number"):
        sim.run(SCENARIO, **{"runs": 2, name: value})


def test_numpys_whole_numbers_are_whole_numbers():
    result = sim.run(SCENARIO, runs=np.int64(2), seed=np.uint8(3))
    assert result.identical(sim.run(SCENARIO, runs=2, seed=3))
    assert type(result.attrs["seed"]) is int
    assert sim.ConflictModel(SCENARIO, seed=np.int64(3), run=np.int64(1)).run == 1


@pytest.mark.parametrize("value", ["1", 1.5])
def test_a_run_of_a_model_is_a_whole_number_too(value):
    with pytest.raises(sim.ScenarioError, match="`run`"):
        sim.ConflictModel(SCENARIO, run=value)


def test_one_name_where_several_may_stand_is_that_one():
    """A text is a sequence of letters to Python: `t: no such measure` was the answer."""
    one = sim.compare({"a": SCENARIO, "b": OTHER}, "truce.starts", runs=2)
    assert one.result.measure.values.tolist() == ["truce.starts"]
    assert sim.compare_rules(SCENARIO, 2, rules="degroot", measures="truce.starts").result["rule"].values == ["degroot"]
    shares = sim.attribute(SCENARIO, "truce.starts", {"airlift": "events.airlift"}, runs=2)
    assert shares.result.group.values.tolist() == ["airlift"]


def test_several_names_where_one_is_needed_are_refused():
    with pytest.raises(sim.ScenarioError, match="`measure`: a list is not a name"):
        sim.levers(SCENARIO, ["truce.starts"], runs=2)


def test_a_missing_argument_is_told_by_python_with_the_name_of_the_function():
    with pytest.raises(TypeError, match=r"levers\(\) missing 1 required positional argument: 'measure'"):
        sim.levers(SCENARIO)


@pytest.mark.parametrize(
    ("error", "first"),
    [
        (MemoryError(), "not enough memory: "),
        (MemoryError("Unable to allocate 9 GiB."), "not enough memory (unable to allocate 9 GiB): "),
    ],
)
def test_where_memory_gives_out_less_of_the_same_is_advised(error, first):
    assert out_of_memory(error) == first + "fewer runs, points, steps or actors would do, or a machine with more."
