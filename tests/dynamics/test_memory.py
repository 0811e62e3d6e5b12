"""What is remembered is what would be worked out anew, and nothing that could have changed is remembered."""

import copy
import pickle
from dataclasses import replace

import numpy as np
import pytest

from simulation.dynamics.events import Change, put
from simulation.dynamics.memory import Memory
from simulation.rules.friedkin_johnsen import listening_of
from simulation.runs.setup import open_scenario


def counting():
    """A function that doubles, and how often it was called."""
    calls = []

    def double(array, factor=2.0):
        calls.append(1)
        return factor * array

    return double, calls


def test_the_same_array_is_worked_out_once_and_an_equal_one_anew():
    memory, (double, calls) = Memory(), counting()
    array = np.array([1.0, 2.0])
    first = memory.of("double", double, array)
    assert memory.of("double", double, array) is first
    assert len(calls) == 1
    np.testing.assert_array_equal(memory.of("double", double, array.copy()), [2.0, 4.0])
    assert len(calls) == 2


def test_another_number_beside_the_same_array_counts():
    memory, (double, _) = Memory(), counting()
    array = np.array([1.0, 2.0])
    memory.of("double", double, array, 2.0)
    np.testing.assert_array_equal(memory.of("double", double, array, 3.0), [3.0, 6.0])


def test_what_is_remembered_cannot_be_changed_in_place():
    memory, (double, _) = Memory(), counting()
    array = np.array([1.0, 2.0])
    made = memory.of("double", double, array)
    for kept in (array, made):
        with pytest.raises(ValueError, match="read-only"):
            kept[0] = 9.0


def test_nothing_is_remembered_of_a_view_which_may_change_by_way_of_its_base():
    memory, (double, _) = Memory(), counting()
    base = np.array([1.0, 2.0, 3.0])
    view = base[:2]
    np.testing.assert_array_equal(memory.of("double", double, view), [2.0, 4.0])
    base[0] = 5.0
    np.testing.assert_array_equal(memory.of("double", double, view), [10.0, 4.0])


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda memory: pickle.loads(pickle.dumps(memory))])
def test_a_copy_remembers_nothing_since_its_arrays_are_others(copied):
    memory, (double, calls) = Memory(), counting()
    array = np.array([1.0, 2.0])
    memory.of("double", double, array)
    copied(memory).of("double", double, array)
    assert len(calls) == 2


def test_a_tie_that_an_event_changes_is_heard_from_then_on(libya):
    _, state = open_scenario(libya)
    before = listening_of(state)
    assert listening_of(state) is before
    source, target = (list(libya.actors).index(name) for name in ("Russia", "LNA"))
    after = listening_of(put(state, Change("leverage", (source, target), 0.0, shift=False)))
    assert before[target, source] > 0
    assert after[target, source] == 0
    np.testing.assert_array_equal(listening_of(replace(state, leverage=state.leverage.copy())), before)


def test_a_state_changed_in_a_name_that_it_does_not_have_says_so(libya):
    _, state = open_scenario(libya)
    with pytest.raises(TypeError, match="stnace"):
        state.but(stnace=state.stance)
    changed = state.but(stance=state.stance + 1.0)
    np.testing.assert_array_equal(changed.stance, state.stance + 1.0)
    assert changed.base is state.base
