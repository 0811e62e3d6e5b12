"""What drives an outcome, against known answers and against luck."""

import json
import sys

import numpy as np
import pytest

from simulation.questions.sensitivity import LUCK, rows_of
from simulation.questions.sensitivity import sensitivity as ask
from simulation.questions.sensitivity.describe import describe
from simulation.questions.sensitivity.methods import analyse, cube, luck_of
from simulation.questions.sensitivity.ranges import ranges
from simulation.scenario import ScenarioError


def sensitivity(*given, **options):
    """The dataset of the answer."""
    return ask(*given, **options).result


PEACE = """
[[events]]
on = 2020-01-05
offer = { id = "peace", sponsors = ["Patron"], to = ["North"] }
assumed = "made up"
"""

ANSWER = "answer.peace.North"


def between(best, low, high):
    return {"best": best, "low": low, "high": high, "assumed": "made up"}


@pytest.fixture(scope="module")
def lonely(tell):
    """North alone decides, nobody has leverage over it: of the three stances only its own can matter."""
    changes = {
        "ties.Patron.North.leverage": 0.0,
        "ties.Friend.South.leverage": 0.0,
        "actors.North.stance": between(40, 20, 60),
        "actors.South.stance": between(50, 20, 80),
        "actors.Patron.stance": between(50, 20, 80),
    }
    return tell("two", PEACE, changes)


def ishigami(design):
    """sin x1 + 7 sin² x2 + 0.1 x3⁴ sin x1, each between -π and π; the columns beyond do nothing."""
    x = np.pi * (2 * design - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_sobol_gives_the_known_indices_of_ishigamis_function():
    """Ishigami & Homma (1990) at a = 7, b = 0.1, in closed form: V = a²/8 + bπ⁴/5 + b²π⁸/18 + 1/2."""
    names = ["x1", "x2", "x3", LUCK]
    design = cube("sobol", names, 4096, seed=1)
    assert design.shape == (4096 * 6, 4)
    found = analyse("sobol", names, design, ishigami(design), seed=1)
    np.testing.assert_allclose(found["first"], [0.3139, 0.4424, 0, 0], atol=0.02)
    np.testing.assert_allclose(found["index"], [0.5576, 0.4424, 0.2437, 0], atol=0.02)
    for order, known in (("first", [0.3139, 0.4424, 0.0]), ("", [0.5576, 0.4424, 0.2437])):
        low, high = ((f"{order}_{end}" if order else end) for end in ("low", "high"))
        assert (found[low][:3] <= known).all()
        assert (found[high][:3] >= known).all()
    assert found["index"][3] == found["first"][3] == 0  # what does nothing has no share at all


def test_sobol_shares_out_no_variance_where_the_base_points_have_none():
    """What is shared out is the variance over the base points; that one row in between differs does not make any."""
    design = cube("sobol", ["a", LUCK], 8, seed=1)
    outcome = np.ones(len(design))
    outcome[1] = 0  # the first base point with the other's a
    found = analyse("sobol", ["a", LUCK], design, outcome, seed=1)
    assert all(np.isnan(values).all() for values in found.values())


def test_morris_finds_a_straight_lines_slopes_and_no_more():
    """Effects of 3 a - 2 b are 3 and -2 wherever they are taken: no spread, and nothing for the column left out."""
    names = ["a", "b", LUCK]
    design = cube("morris", names, 20, seed=1)
    found = analyse("morris", names, design, 3 * design[:, 0] - 2 * design[:, 1], seed=1)
    np.testing.assert_allclose(found["index"], [3, 2, 0], atol=1e-9)
    np.testing.assert_allclose(found["slope"], [3, -2, 0], atol=1e-9)
    np.testing.assert_allclose(found["sigma"], 0, atol=1e-9)
    np.testing.assert_allclose(found["high"] - found["low"], 0, atol=1e-9)


def test_morris_tells_an_input_that_works_through_another():
    """x3 of Ishigami's function does nothing on the mean, but changes what x1 does."""
    names = ["x1", "x2", "x3", LUCK]
    design = cube("morris", names, 200, seed=1)
    found = analyse("morris", names, design, ishigami(design), seed=1)
    assert found["sigma"][2] > 5 * abs(found["slope"][2])
    assert found["index"][3] == 0


def test_pawn_ranks_ishigamis_inputs_above_a_dummy():
    """All three shape the distribution (Pianosi & Wagener 2015 rank x2, x1, x3); a dummy's distance is chance alone."""
    names = ["x1", "x2", "x3", LUCK]
    design = cube("pawn", names, 1000, seed=1)
    found = analyse("pawn", names, design, ishigami(design), seed=1)
    assert found["index"][1] > found["index"][0] > found["index"][3]
    assert found["index"][2] > found["index"][3]
    assert found["low"][1] > found["high"][3]


@pytest.mark.parametrize("method", ["sobol", "morris", "pawn"])
def test_only_what_can_matter_does(lonely, method):
    """Without leverage neither the patron's stance nor the enemy's can move North's answer."""
    result = sensitivity(lonely, [ANSWER], method=method, inputs=["actors.*.stance"], points=128, runs=100)
    here = result.sel(measure=ANSWER)
    own = here.sel(input="actors.North.stance")
    assert float(own["low"]) > float(here["high"].sel(input=LUCK))
    for other in ("actors.South.stance", "actors.Patron.stance"):
        if method == "pawn":  # its distances are never 0, only no more than the dummy's
            assert float(here["low"].sel(input=other)) < float(here["high"].sel(input=LUCK))
        else:
            assert float(here["index"].sel(input=other)) == 0


def test_shares_of_one_input_and_luck_make_up_the_whole(lonely):
    """With one input at work, what is not luck's own is the input's, alone or together with luck."""
    result = sensitivity(lonely, [ANSWER], inputs=["actors.North.stance"], points=2048, runs=8)
    here = result.sel(measure=ANSWER)
    own, luck = here.sel(input="actors.North.stance"), here.sel(input=LUCK)
    assert float(own["index"]) + float(luck["first"]) == pytest.approx(1, abs=0.12)
    assert float(own["first"]) + float(luck["index"]) == pytest.approx(1, abs=0.12)


def test_luck_is_not_read_as_sensitivity(lonely):
    """Where nothing that is moved can matter, all of the variance is luck's, and every index is 0."""
    result = sensitivity(lonely, [ANSWER], inputs=["actors.South.stance", "actors.Patron.stance"], points=1024, runs=4)
    here = result.sel(measure=ANSWER)
    assert float(here["variance"]) > 0.001
    np.testing.assert_array_equal(here["index"].values[:2], 0)
    np.testing.assert_array_equal(here["first"].values[:2], 0)
    assert float(here["index"].sel(input=LUCK)) == pytest.approx(1, abs=0.15)
    assert float(here["luck_share"]) == pytest.approx(1, abs=0.15)


def test_lucks_index_is_what_replications_say(lonely):
    """Two roads to one number: exchanging the luck of a row, and the spread among the runs within it."""
    for runs in (2, 16):
        here = sensitivity(lonely, [ANSWER], inputs=["actors.North.stance"], points=512, runs=runs).sel(measure=ANSWER)
        luck = here.sel(input=LUCK)
        assert float(luck["low"]) - 0.05 < float(here["luck_share"]) < float(luck["high"]) + 0.05


def test_more_runs_lower_the_floor(lonely):
    """A mean over sixteen times the runs has a sixteenth of the variance by luck."""
    few, many = (
        sensitivity(lonely, [ANSWER], inputs=["actors.North.stance"], points=256, runs=runs)["luck_share"].item()
        for runs in (2, 32)
    )
    assert many < few / 3


def test_rows_that_are_compared_share_their_luck():
    """Sobol' compares A with each of A's mixtures; only the one that exchanges the luck, and B, have B's."""
    design = cube("sobol", ["a", "b", LUCK], 4, seed=1)
    luck = luck_of("sobol", design).reshape(4, 5)  # A, A with b's a, A with B's b, A with B's luck, B
    for a, with_a, with_b, with_luck, b in luck:
        assert a == with_a == with_b != with_luck == b
    assert len(np.unique(luck)) == 8
    steps = luck_of("morris", cube("morris", ["a", "b", LUCK], 6, seed=1)).reshape(6, 4)
    assert all(len(np.unique(row)) == 2 for row in steps)  # each trajectory changes its luck once
    assert len(np.unique(steps)) == 12
    assert len(np.unique(luck_of("pawn", cube("pawn", ["a", LUCK], 50, seed=1)))) == 50


def test_the_same_seed_gives_the_same_indices_and_another_does_not(lonely):
    def indices(seed):
        return sensitivity(lonely, [ANSWER], inputs=["actors.North.stance"], points=16, runs=4, seed=seed)[
            "index"
        ].values

    np.testing.assert_array_equal(indices(0), indices(0))
    assert (indices(0) != indices(1)).any()


@pytest.mark.parametrize("method", ["sobol", "morris", "pawn"])
def test_the_global_generator_is_left_alone(lonely, method):
    """Some of SALib's analyses seed it, which would tie a caller's own draws to ours."""
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    sensitivity(lonely, [ANSWER], method=method, inputs=["actors.*.stance"], points=8, runs=2)
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_a_measure_that_does_not_arise_everywhere_is_not_ranked(lonely):
    """With one run a row, most rows have no truce to speak of the days of."""
    result = sensitivity(lonely, ["truce.days", ANSWER], inputs=["actors.*.stance"], points=16, runs=1)
    assert np.isnan(result["index"].sel(measure="truce.days")).all()
    assert not np.isnan(result["index"].sel(measure=ANSWER)).any()


def test_ranges_are_the_experts_or_a_share_of_the_coefficient(tell):
    """A quarter up and down, within bounds; what is 0 is switched off and stays so."""
    scenario = tell("two", "", {"actors.North.stance": between(20, 5, 60), "coefficients.battle.residual": 0.9})
    found = {item.key: item for item in ranges(scenario)}
    assert (found["actors.North.stance"].low, found["actors.North.stance"].high) == (5, 60)
    assert "actors.South.stance" not in found  # no low and high
    pull, rest = found["coefficients.answers.pull"], found["coefficients.battle.residual"]
    assert (pull.low, pull.high, pull.source) == (0.75, 1.25, "± 25 %")
    assert (rest.low, rest.high) == (pytest.approx(0.675), 1)
    assert "coefficients.answers.bar_call" not in found
    assert [item.key for item in ranges(scenario, ["actors.*"])] == ["actors.North.stance", *named(scenario)]
    assert [item.key for item in ranges(scenario, coefficients=0)] == ["actors.North.stance"]


def test_a_switch_that_is_off_is_not_moved_unless_it_is_named(tell):
    moved = {item.key for item in ranges(tell("two"))}
    assert not moved & {"coefficients.truces.shift", "coefficients.reactions.most"}
    named = tell("two", "", {"coefficients.truces.shift": 1.0})
    assert [item.key for item in ranges(named, ["coefficients.truces.shift"])] == ["coefficients.truces.shift"]
    on = {item.key for item in ranges(tell("two", "", {"coefficients.reactions.share": 0.5}))}
    assert on - moved == {"coefficients.reactions.share", "coefficients.reactions.most"}


def named(scenario):
    """What a pattern that names actors finds besides North's stance: every number of theirs that is not 0."""
    return [item.key for item in ranges(scenario, ["actors.*"]) if item.source == "± 25 %"]


def test_all_that_is_allowed_is_moved_through_if_asked_for(tell):
    """And the model runs at every corner of it."""
    found = {item.key: item for item in ranges(tell("two"), ["coefficients.*"], "bounds")}
    assert (found["coefficients.answers.pull"].low, found["coefficients.answers.pull"].high) == (0, 3)
    assert found["coefficients.answers.pull"].source == "bounds"
    result = sensitivity(
        tell("two"),
        ["stance.North"],
        method="morris",
        inputs=["coefficients.*"],
        coefficients="bounds",
        points=3,
        runs=1,
    )
    assert np.isfinite(result["mean"]).all()


def test_an_experts_interval_is_drawn_as_pert():
    """Its ends are reached at probabilities 0 and 1, and the mean is (low + 4 best + high) / 6."""
    from simulation.questions.sensitivity.ranges import Range

    item = Range("a", 0.0, 30.0, 60.0, "interval")
    share = (np.arange(1000) + 0.5) / 1000
    np.testing.assert_allclose(item.at(np.array([0.0, 1.0])), [0, 60])
    assert item.at(share).mean() == pytest.approx(30, abs=0.01)
    assert Range("a", 0.0, 30.0, 60.0, "± 25 %").at(np.array(0.25)) == 15


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"inputs": ["actors.North.stanse"]}, "Did you mean 'actors.North.stance'"),
        ({"method": "moris"}, "Did you mean 'morris'"),
        ({"coefficients": 2.0}, "between 0 and 1"),
        ({"measures": ["truce.stars"]}, "no such measure"),
        ({"points": 1}, "at least 2"),
        ({"points": 10**8}, "lower `points` or `runs`"),
        ({"coefficients": 0.0, "inputs": ["coefficients.*"]}, "nothing to move"),
    ],
)
def test_what_cannot_be_ranked_is_refused(two, options, words):
    with pytest.raises(ScenarioError, match=words):
        sensitivity(two, **options)


def test_the_size_of_a_design_is_known_beforehand(lonely):
    """64 points of three stances and luck: 64 × (4 + 2), 64 × (4 + 1), and 64."""
    three = [f"actors.{name}.stance" for name in ("North", "South", "Patron")]
    for method, rows in (("sobol", 384), ("morris", 320), ("pawn", 64)):
        assert rows_of(lonely, method, three, 0.25, 64) == rows
        assert len(cube(method, ["a", "b", "c", LUCK], 64, seed=1)) == rows


def test_the_command_prints_a_ranking_and_leaves_its_files(monkeypatch, capsys, tmp_path):
    from simulation.cli import main

    monkeypatch.chdir(tmp_path)
    words = ["sensitivity", "libya-2020-01", "--input", "actors.LNA.*", "--points", "8", "--runs", "2"]
    words += ["--set", "coefficients.answers.threshold=70", "--method"]  # else there is a truce in almost every run
    for method, more in (("morris", []), ("sobol", ["--out", "there"])):
        monkeypatch.setattr(sys, "argv", ["ceasefire", *words, method, *more])
        with pytest.raises(SystemExit) as ended:
            main()
        assert not ended.value.code
        said = capsys.readouterr().out
        assert "actors.LNA.base" in said
        assert "random variation" in said
    for folder in (*(tmp_path / "results").iterdir(), tmp_path / "there"):
        files = {file.name for file in folder.iterdir()}
        assert files == {"about.json", *(f"sensitivity.{kind}" for kind in ("nc", "csv", "json", "png"))}
    summary = json.loads((tmp_path / "there" / "sensitivity.json").read_text())
    assert set(summary["measures"]) == {"truce.starts", "truce.holds_to_end"}
    assert LUCK in summary["measures"]["truce.starts"]["inputs"]


def test_the_first_sentence_names_an_input_only_where_chance_is_surely_less(lonely):
    """North's own stance is all that can matter, once it can be told from the noise; the patron's never is."""

    def said(key, points, runs):
        return describe(sensitivity(lonely, [ANSWER], inputs=[key], points=points, runs=runs)).words[1]

    assert said("actors.North.stance", 64, 16).endswith(": most by North: stance.")
    for few in (("actors.North.stance", 4, 16), ("actors.Patron.stance", 16, 2)):
        assert said(*few).endswith(": no input clearly does more than chance alone.")


@pytest.mark.parametrize(("method", "points"), [("sobol", 4), ("morris", 7), ("pawn", 7)])
def test_few_points_give_no_interval(lonely, method, points):
    """Two trajectories that agree were told as 1.50 ± 0.00."""
    found = ask(lonely, ["stance.North"], method=method, inputs=["actors.*.stance"], points=points, runs=1)
    assert np.isfinite(found.result["index"]).all()
    assert np.isnan(found.result.low).all()
    assert "too few for intervals" in str(found)
    assert "±" not in "\n".join(line for line in str(found).splitlines() if " … " in line)


def test_an_input_that_changes_no_row_is_told_without_an_interval(lonely):
    found = ask(lonely, ["stance.North"], method="morris", inputs=["actors.*.stance"], points=8, runs=1)
    [line] = [line for line in str(found).splitlines() if line.startswith("actors.South.stance")]
    assert line.split()[1:] == ["0.00", "20", "…", "80"]
