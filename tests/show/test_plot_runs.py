"""Single runs are drawn as they went."""

import numpy as np
import pytest
from matplotlib.figure import Figure

import simulation as sim
from simulation.show.plots.runs import plot_runs


@pytest.fixture
def drawn(two):
    """Two copies of one run, of which one was interfered with on the sixth day."""
    runs = {"as it was": sim.ConflictModel(two, seed=1), "changed": sim.ConflictModel(two, seed=1)}
    for day in range(12):
        if day == 6:
            runs["changed"]["Patron"].stance = 95
        for model in runs.values():
            model.step()
    ax = Figure(figsize=(8, 3)).subplots()
    plot_runs(runs, ax, ["North", "Patron"])
    return {line.get_label(): line for line in ax.lines}, runs, ax


def test_a_line_is_the_stance_step_by_step(drawn):
    lines, runs, _ = drawn
    line = lines["_Patron, changed"]
    assert len(line.get_ydata()) == 13  # the opening and twelve steps
    assert line.get_ydata()[0] == 40  # as coded
    assert line.get_ydata()[-1] == runs["changed"]["Patron"].stance


def test_two_runs_are_one_line_until_something_is_changed(drawn):
    lines, _, _ = drawn
    one, other = (lines[f"_Patron, {name}"].get_ydata() for name in ("as it was", "changed"))
    np.testing.assert_array_equal(one[:7], other[:7])
    assert (other[7:] > one[7:]).all()


def test_the_second_run_is_broken_and_the_key_says_which_is_which(drawn):
    lines, _, ax = drawn
    assert lines["_North, as it was"].get_linestyle() == "-"
    assert lines["_North, changed"].get_linestyle() == "--"
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["as it was", "changed"]
