"""What is declared of a state variable holds wherever it turns up; every test goes through the declarations."""

import dataclasses

import numpy as np
import pytest
from pydantic import TypeAdapter

import simulation as sim
from simulation.dynamics.state import State
from simulation.dynamics.variables import AXES, DERIVED, VARIABLES, settable
from simulation.runs.agents.actors import Actor, Party
from simulation.runs.ensemble import run_ensemble
from simulation.runs.setup import open_scenario
from simulation.scenario import actors, offers
from simulation.scenario.inputs import inputs_of
from simulation.scenario.keys import target_of

EVERY = pytest.mark.parametrize("variable", VARIABLES.values(), ids=VARIABLES)
SETTABLE = pytest.mark.parametrize(
    "variable", [variable for variable in VARIABLES.values() if variable.settable], ids=lambda variable: variable.name
)
SHAPES = {"actor": 4, "party": 2, "source": 4, "target": 4, "backer": 4, "offer": 1, "issue": 0, "further_issue": 0}
SHAPES |= {"pair": 1, "stake": 1}

LINE = """
[issues.line]
now = 40

[[wants]]
party = "North"
issue = "line"
want = 90
weight = 1
assumed = "made up"
"""


@pytest.fixture(scope="module")
def story(tell):
    return tell("two", LINE + '[[events]]\non = 2020-01-03\noffer = { id = "call", sponsors = ["Patron"] }\n')


def key_of(variable):
    """A key that stands for the variable in the story of two parties and their patron."""
    whose = {"tie": "ties.Patron.North", "backing": "ties.Patron.North", "stake": "issues.line"}
    whose["want"] = "wants.North.line"
    return f"{whose.get(variable.of, 'actors.North')}.{variable.name}"


def middle(variable):
    return round(variable.low + 0.3 * variable.width, 6)


def test_every_array_of_the_state_is_declared_and_nothing_else_is():
    assert set(VARIABLES) == {field.name for field in dataclasses.fields(State)}
    assert not {variable.result_name for variable in VARIABLES.values()} & set(DERIVED)


@EVERY
def test_an_array_has_the_axes_that_are_declared_and_starts_on_its_scale(story, variable):
    array = getattr(open_scenario(story)[1], variable.name)
    assert array.shape == tuple(SHAPES[axis] for axis in variable.axes)
    inside = array[~np.isnan(array.astype(float))]
    assert np.all((inside >= variable.low) & (inside <= variable.high))


@SETTABLE
def test_what_is_settable_can_be_set_by_an_event_within_its_bounds(tell, variable):
    key = key_of(variable)
    more = (
        f'\n[[events]]\non = 2020-01-02\nid = "turn"\nset = {{ "{key}" = {middle(variable)} }}\nassumed = "made up"\n'
    )
    scenario = tell("two", LINE + more)
    item = inputs_of(scenario)[f"events.turn.set.{key}"]
    assert (item.value, item.low, item.high) == (middle(variable), variable.low, variable.high)
    model = sim.ConflictModel(scenario)
    (_, (event,)) = next(iter(model.world.events.items()))
    assert (event.changes[0].field, event.changes[0].value) == (variable.name, middle(variable))
    for beyond in (variable.low - 1, variable.high + 1):
        with pytest.raises(sim.ScenarioError, match=rf"{beyond:g} is outside -?\d+ … {variable.high:g}"):
            tell("two", LINE + more.replace(f"= {middle(variable)} }}", f"= {beyond} }}"))


@SETTABLE
def test_what_is_settable_can_be_set_by_hand_within_its_bounds(story, variable):
    key = key_of(variable)
    model = sim.ConflictModel(story)
    model.set(key, middle(variable))
    assert model.get(key) == pytest.approx(middle(variable))
    for beyond in (variable.low - 1, variable.high + 1):
        with pytest.raises(sim.ScenarioError, match=f"is outside {variable.low:g} … {variable.high:g}"):
            model.set(key, beyond)


@EVERY
def test_what_is_not_settable_is_no_key(story, variable):
    if not variable.settable:
        for key in (f"actors.North.{variable.name}", f"ties.Patron.North.{variable.name}"):
            with pytest.raises(sim.ScenarioError, match="cannot be changed"):
                target_of(story, key)


@SETTABLE
def test_the_file_has_the_bounds_of_the_variable(variable):
    """A number of the opening is bounded like the number in mid-run."""
    tables = {"tie": actors.Tie, "backing": actors.Tie, "stake": offers.Issue, "want": offers.Want}
    table = tables.get(variable.of, actors.Actor)
    if variable.name in table.model_fields:  # else it starts at 0
        annotation = table.model_fields[variable.name].annotation
        kind = getattr(annotation, "__args__", (annotation,))[0]  # of Share | None, Share
        if hasattr(kind, "lowest"):
            assert (kind.lowest, kind.highest) == (variable.low, variable.high)
        else:  # a plain number, without a range
            bounds = TypeAdapter(kind).json_schema()
            assert (bounds["minimum"], bounds["maximum"]) == (variable.low, variable.high)


@EVERY
def test_an_actor_of_the_model_has_its_variables_as_attributes(story, variable):
    model = sim.ConflictModel(story)
    kinds = {"actor": Actor, "party": Party}
    for whose, kind in kinds.items():
        assert hasattr(kind, variable.name) == (variable.of == whose or (kind, variable.of) == (Party, "actor"))
    if variable.of not in kinds:
        return
    north = model["North"]
    assert variable.meaning in getattr(Party, variable.name).__doc__
    if variable.settable:
        setattr(north, variable.name, middle(variable))
        assert getattr(north, variable.name) == pytest.approx(middle(variable))
    else:
        with pytest.raises(AttributeError, match="cannot be set"):
            setattr(north, variable.name, middle(variable))


@pytest.mark.parametrize("name", [name for name, variable in VARIABLES.items() if name != "further"])
def test_a_variable_that_is_declared_as_recorded_is_in_the_result_with_its_unit_and_meaning(story, monkeypatch, name):
    """Those that are, and those that are not yet but could be from one day to the next."""
    variable = dataclasses.replace(VARIABLES[name], recorded=True)
    monkeypatch.setitem(VARIABLES, name, variable)
    result = run_ensemble(story, runs=5)
    name, start = variable.result_name, getattr(open_scenario(story)[1], name)
    when = () if variable.of == "answer" else ("step",)
    assert result[name].dims == ("run", *when, *variable.axes)
    assert result[name].attrs.get("units", "") == variable.unit
    assert result[name].attrs["long_name"] == variable.meaning
    if when:
        np.testing.assert_array_equal(result[name].values[2, 0], start)
    for axis in set(variable.axes) & {"source", "target", "backer"}:
        assert list(result[axis].values) == list(story.actors)


def test_a_result_holds_what_is_recorded_and_nothing_else(story):
    recorded = {variable.result_name for variable in VARIABLES.values() if variable.recorded}
    # of one issue there are no further ones; the truce among all and what is stilled are worked out of the pairs'
    recorded = recorded - {"further"} | {"truce", "stilled"}
    assert set(run_ensemble(story, runs=2).data_vars) == recorded


def test_a_digest_counts_what_is_declared_as_counted_to_the_ends_of_its_scale(story, monkeypatch):
    monkeypatch.setitem(VARIABLES, "distrust", dataclasses.replace(VARIABLES["distrust"], counted=True))
    digest = run_ensemble(story.replace({"actors.North.distrust": 100}), runs=5, keep="summary")
    assert digest.distrust_quantile.dims == ("quantile", "step", "party")
    np.testing.assert_array_equal(digest.distrust_quantile.sel(step=0), [[100, 0]] * 5)


def test_a_scale_that_starts_below_zero_is_counted_from_there(story, monkeypatch):
    base = dataclasses.replace(VARIABLES["base"], counted=True, recorded=True)
    monkeypatch.setitem(VARIABLES, "base", base)
    digest = run_ensemble(story.replace({"actors.North.base": -100, "actors.South.base": 200}), runs=5, keep="summary")
    np.testing.assert_array_equal(digest.base_quantile.sel(step=0, actor=["North", "South"]), [[-100, 200]] * 5)


def test_runs_grow_apart_only_in_what_a_step_changes(tell):
    """A variable that steps change has a run axis afterwards; one that only events change has none without events."""
    from simulation.dynamics.randomness import draw
    from simulation.dynamics.simulate import spread
    from simulation.dynamics.step import advance

    world, state = open_scenario(tell("two"))
    luck = draw(world, 1, 0).of(slice(0, 4))
    state = spread(state, 4)
    after = advance(state, 0, world, luck)
    for name, variable in VARIABLES.items():
        for there in (state, after):
            assert (getattr(there, name).ndim > variable.rank) == variable.moves, name


def test_the_kinds_of_variables_are_those_that_results_have_axes_for():
    assert {variable.of for variable in (*VARIABLES.values(), *DERIVED.values())} == set(AXES)
    assert settable("actor") == ("stance", "base", "salience", "influence")
    assert settable("tie", "backing") == (
        "leverage",
        "support",
        "pledge",
        "follows",
        "reacts",
        "most",
    )
