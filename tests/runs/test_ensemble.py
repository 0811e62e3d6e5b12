"""Many runs: the same luck however they are shared out, values run by run, and what must not matter."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import simulation as sim
from simulation.parameters import entries
from simulation.runs.ensemble import blocks, read_runs, run_ensemble
from simulation.runs.results import history_of
from simulation.runs.setup import open_scenario
from simulation.scenario import ScenarioError
from simulation.scenario.coefficients import Coefficients
from simulation.scenario.files import load_text

VARIABLES = ("stance", "control", "momentum", "exhaustion", "distrust", "truce", "chance", "full", "answer")

STORY = """
[issues.line]
now = 40

[issues.oil]
now = "control.North"

[[wants]]
party = "North"
issue = "line"
want = 90
weight = 0.7
assumed = "made up"

[[wants]]
party = "North"
issue = "oil"
want = 100
weight = 0.3
assumed = "made up"

[[wants]]
party = "South"
issue = "line"
want = 10
weight = 1
assumed = "made up"

[[events]]
on = 2020-01-02
offer = { id = "call", sponsors = ["Patron", "Friend"], monitoring = 0.3, terms = { line = 50 } }

[[events]]
on = 2020-01-03
id = "airlift"
probability = 0.5
set = { "ties.Patron.North.support" = 0.8 }
add = { "actors.South.control" = -0.1, "actors.Friend.stance" = 10, "ties.Friend.South.pledge" = 0.2 }

[[events]]
on = 2020-01-04
id = "retreat"
set = { "issues.line.now" = 30 }
add = { "wants.South.line.want" = 15, "wants.North.oil.weight" = 0.1 }

[[events]]
on = 2020-01-06
offer = { id = "text", sponsors = ["Friend"], opponents = ["Patron"], form = "signed", terms = { line = 60, oil = 80 } }
"""

EVERYTHING = {
    f"actors.{party}.{key}": value
    for party in ("North", "South")
    for key, value in (("control", 0.5), ("distrust", 5), ("squeeze", 0.01), ("base", 35))
} | {f"ties.{tie}.{key}": 0.2 for tie in ("Patron.North", "Friend.South") for key in ("leverage", "pledge", "follows")}
# numpy squares a number to the power of exactly 2, but not an array, which differs in the last bit
EVERYTHING["coefficients.battle.decisiveness"] = 1.7
EVERYTHING |= {f"coefficients.answers.{key}": value for key, value in (("content", 20), ("reserve", 4), ("spurned", 3))}
EVERYTHING |= {"coefficients.answers.mood_half_life": 5}


@pytest.fixture(scope="module")
def story(tell):
    return tell("two", STORY)


def same(one, other, *, names=VARIABLES, **select):
    for name in names:
        assert np.array_equal(one[name].values, other[name].values, equal_nan=True), name


def test_the_first_runs_of_many_are_the_runs_of_few(story):
    few, many = run_ensemble(story, runs=300), run_ensemble(story, runs=1100)
    same(few, many.isel(run=slice(300)))


def test_the_same_seed_tells_the_same_story_and_another_seed_another(story):
    same(run_ensemble(story, runs=50, seed=4), run_ensemble(story, runs=50, seed=4))
    other = run_ensemble(story, runs=50, seed=5)
    assert not (run_ensemble(story, runs=50, seed=4).stance.isel(step=-1) == other.stance.isel(step=-1)).any()


def test_no_two_runs_are_the_same(story):
    ends = run_ensemble(story, runs=1100).stance.sel(actor="Patron").isel(step=-1).values
    assert np.unique(ends).size == 1100


def test_a_longer_story_begins_like_the_shorter_one(story):
    short, long = run_ensemble(story, runs=40), run_ensemble(story.replace({"steps": 30}), runs=40)
    same(short, long.isel(step=slice(13)))


def test_an_event_changes_nothing_before_its_day(story, tell):
    more = '[[events]]\non = 2020-01-05\nid = "late"\nset = { "actors.North.stance" = 90 }\n'
    without, with_it = run_ensemble(story, runs=40), run_ensemble(tell("two", STORY + more), runs=40)
    by_step = [name for name in VARIABLES if name not in ("chance", "full", "answer")]
    same(without.isel(step=slice(5)), with_it.isel(step=slice(5)), names=by_step)
    same(without.sel(offer="call"), with_it.sel(offer="call"), names=("chance", "answer"))
    assert not np.array_equal(without.stance.isel(step=5), with_it.stance.isel(step=5))


def test_a_bystander_changes_nothing_for_anybody_else(story, tell):
    more = '[actors.Bystander]\nroles = ["ally"]\nstance = 5\nsalience = 99\ninfluence = 99\nassumed = "no ties"\n'
    without, with_it = run_ensemble(story, runs=40), run_ensemble(tell("two", more + STORY), runs=40)
    same(without, with_it.sel(actor=["North", "South", "Patron", "Friend"]))


@pytest.mark.parametrize("name", ["two", "three", "talks"])
def test_a_block_of_runs_is_its_runs_one_by_one(tell, name):
    from simulation.dynamics.randomness import draw
    from simulation.dynamics.step import advance

    scenario = tell(name, STORY if name == "two" else "")
    together = history_of(run_ensemble(scenario, runs=5, seed=8))
    world, start = open_scenario(scenario)
    luck = draw(world, 8, 0)
    for run in range(5):
        own, state = luck.of(run), start
        for t in range(world.steps):
            for field in ("stance", "control", "momentum", "exhaustion", "distrust"):
                assert np.array_equal(getattr(state, field), getattr(together, field)[t, run]), (field, t)
            state = advance(state, t, world, own)
        assert np.array_equal(state.stance, together.stance[-1, run])
        assert np.array_equal(state.truce, together.by_step["pair_truce"][-1, run])
        assert np.array_equal(state.answer, together.answer[run], equal_nan=True)


def varied(story):
    """Every number of a story and two values of it."""
    for key, item in story.inputs.items():
        if not key.endswith((".control", ".weight")):  # shares of the ground cannot change one by one, nor weights
            yield key, item.value + np.array([0.3 * (item.low - item.value), 0.2 * (item.high - item.value)])


BROKEN = {
    "actors.North.exhaustion",
    "actors.South.exhaustion",
    "coefficients.appraisal.weariness",
    "coefficients.appraisal.stalemate",
    "coefficients.appraisal.enough",
}


def test_every_number_may_differ_from_run_to_run_and_counts_as_if_it_had_been_in_the_file(tell):
    story = tell("two", STORY, EVERYTHING | {"steps": 7})
    for key, values in varied(story):
        if key in BROKEN:
            continue
        together = run_ensemble(story, runs=2, values={key: values})
        for run, value in enumerate(values):
            alone = run_ensemble(story.replace({key: float(value)}), runs=2)
            same(together.isel(run=run), alone.isel(run=run))


@pytest.mark.parametrize("key", sorted(BROKEN))
def test_what_tells_in_the_wishes_alone_may_differ_from_run_to_run_too(tell, key):
    story = tell("two", STORY, EVERYTHING | {"steps": 7})
    values = dict(varied(story))[key]
    together = run_ensemble(story, runs=2, values={key: values})
    for run, value in enumerate(values):
        same(together.isel(run=run), run_ensemble(story.replace({key: float(value)}), runs=2).isel(run=run))


def test_weights_may_differ_from_run_to_run_too(tell):
    story = tell("two", STORY, EVERYTHING | {"steps": 7})
    values = {"wants.North.line.weight": np.array([0.2, 0.9]), "wants.North.oil.weight": np.array([0.8, 0.1])}
    together = run_ensemble(story, runs=2, values=values)
    for run in range(2):
        alone = run_ensemble(story.replace({key: float(array[run]) for key, array in values.items()}), runs=2)
        same(together.isel(run=run), alone.isel(run=run))


def test_all_numbers_together_may_differ_from_run_to_run(tell):
    story = tell("two", STORY, EVERYTHING | {"steps": 7})
    values = dict(varied(story))
    together = run_ensemble(story, runs=2, values=values)
    for run in range(2):
        alone = run_ensemble(story.replace({key: float(array[run]) for key, array in values.items()}), runs=2)
        same(together.isel(run=run), alone.isel(run=run))


def test_values_go_to_their_own_runs_across_blocks(story):
    values = np.linspace(0, 100, 1100)
    result = run_ensemble(story, runs=1100, values={"actors.Patron.stance": values})
    np.testing.assert_array_equal(result.stance.sel(actor="Patron").isel(step=0), values)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"actors.Patrn.stance": np.ones(4)}, "actors.Patrn.stance: no number of this scenario."),
        ({"actors.Patron.stance": np.ones(3)}, "shape (3,); one number a run, shape (4,), is needed."),
        ({"actors.Patron.stance": np.ones((4, 1))}, "shape (4, 1); one number a run"),
        ({"actors.Patron.stance": 5.0}, "shape (); one number a run"),
        ({"actors.Patron.stance": np.array([1, 2, 3, 101.0])}, "actors.Patron.stance: 101 is outside 0 … 100."),
        ({"actors.Patron.stance": np.array([1, 2, 3, np.nan])}, "actors.Patron.stance: nan is outside 0 … 100."),
    ],
)
def test_values_that_do_not_fit_are_refused(story, values, says):
    with pytest.raises(ScenarioError) as caught:
        run_ensemble(story, runs=4, values=values)
    assert says in str(caught.value)


def test_other_requests_that_will_not_do_are_refused(story):
    for runs in (0, -5, 10**9):
        with pytest.raises(ScenarioError, match=rf"runs = {runs}: between 1 and 100,000,000 would do"):
            run_ensemble(story, runs=runs)
    with pytest.raises(ScenarioError, match="'trajectories' or 'summary' would do"):
        run_ensemble(story, runs=5, keep="everything")


@pytest.mark.parametrize("keep", ["trajectories", "summary"])
def test_progress_is_told_to_the_end(story, keep):
    reported = []
    run_ensemble(story, runs=1500, keep=keep, progress=reported.append)
    assert reported == sorted(reported)
    assert reported[-1] == 1500
    assert len(reported) > 1


def test_measures_read_on_the_way_are_those_of_the_result(story):
    names = ["answer.call.South", "truce.days", "stance.North", "control.South.2020-01-05"]
    read = read_runs(story, names, 1100, seed=2)
    result = run_ensemble(story, runs=1100, seed=2)
    assert list(read) == names
    assert np.array_equal(read["answer.call.South"], result.answer.sel(offer="call", party="South"))
    assert np.array_equal(read["stance.North"], result.stance.sel(actor="North").isel(step=-1))
    assert np.array_equal(read["control.South.2020-01-05"], result.control.sel(party="South").isel(step=4))
    assert np.isnan(read["truce.days"]).sum() == (~result.truce.any("step")).sum()


def test_runs_come_block_by_block_and_none_is_lost(story):
    sizes = [len(history.answer) for history in blocks(story, 2100, 1)]
    assert sum(sizes) == 2100
    assert max(sizes) < 2100


def test_where_a_result_comes_from_is_written_on_it(story):
    result = run_ensemble(story, runs=3, seed=17, values={"actors.Patron.stance": np.ones(3)})
    assert result.attrs["seed"] == 17
    assert result.attrs["varied"] == "actors.Patron.stance"
    assert load_text(result.attrs["scenario"], "again") == story
    assert "Python 3." in result.attrs["software"]


def test_without_noise_all_runs_are_one_run_up_to_their_answers(tell, quiet):
    result = run_ensemble(tell("two", changes=quiet), runs=20)
    for name in ("stance", "control", "momentum", "exhaustion"):
        assert (result[name] == result[name].isel(run=0)).all(), name
    story = tell("two", STORY, quiet | {"events.airlift.probability": 1})
    result = run_ensemble(story, runs=20)
    assert (result.chance.sel(offer="call") == result.chance.sel(offer="call").isel(run=0)).all()
    assert np.unique(result.answer.sel(offer="call", party="South")).size == 2


def reordered(text, order):
    """The text with its actors in another order."""
    head, *actors = text.split("[actors.")
    last, *ties = actors[-1].split("[[ties]]")
    actors[-1] = last
    return "[actors.".join([head, *(actors[place] for place in order)]) + "".join("[[ties]]" + tie for tie in ties)


@pytest.mark.parametrize("order", [[1, 0, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]])
def test_the_order_of_actors_in_the_file_does_not_matter(texts, order):
    # Luck goes by name, so only the order of sums can differ; of two parties not even that of their noise does.
    more = STORY + '[[ties]]\nfrom = "Friend"\nto = "North"\nleverage = 0.3\nassumed = "made up"\n'
    one = run_ensemble(load_text(texts["two"] + more, "one"), runs=200)
    other = run_ensemble(load_text(reordered(texts["two"], order) + more, "other"), runs=200)
    other = other.sel(actor=one.actor, party=one.party)
    for name in ("stance", "control", "momentum", "exhaustion", "distrust", "chance"):
        np.testing.assert_allclose(other[name], one[name], rtol=0, atol=1e-9, err_msg=name)
    same(one, other, names=("answer", "truce"))


def test_three_parties_may_stand_in_any_order_too(texts):
    one = run_ensemble(load_text(texts["three"], "one"), runs=100)
    other = run_ensemble(load_text(reordered(texts["three"], [3, 1, 2, 0]), "other"), runs=100)
    other = other.sel(actor=one.actor, party=one.party)
    for name in ("stance", "control", "exhaustion"):
        np.testing.assert_allclose(other[name], one[name], rtol=0, atol=1e-9)


def test_names_are_but_names(texts, quiet):
    # Luck is keyed by name, so without noise, and of the answers their chances.
    text = (
        texts["two"] + '[[events]]\non = 2020-01-02\noffer = { id = "call", sponsors = ["Patron"], to = ["North"] }\n'
    )
    one = run_ensemble(load_text(text, "one").replace(quiet), runs=3)
    for old, new in (("North", "Zulu"), ("South", "alpha-1"), ("Patron", "B"), ("Friend", "A_2")):
        text = text.replace(old, new)
    other = run_ensemble(load_text(text, "other").replace(quiet), runs=3)
    same(one, other, names=("stance", "control", "momentum", "exhaustion", "chance"))


def test_the_libyan_actors_may_be_listed_in_any_order(libya):
    from simulation.scenario.schema import Scenario
    from simulation.scenario.writing import as_tables

    tables = as_tables(libya)
    tables["actors"] = dict(reversed(tables["actors"].items()))
    tables["ties"] = tables["ties"][::-1]
    one = run_ensemble(libya, runs=60)
    other = run_ensemble(Scenario.model_validate(tables), runs=60).sel(actor=one.actor, party=one.party)
    for name in ("stance", "control", "momentum", "exhaustion", "distrust", "chance"):
        np.testing.assert_allclose(other[name], one[name], rtol=0, atol=1e-9, err_msg=name)
    same(one, other, names=("answer", "truce"))


STEP_ALLOWANCE = 0.02
"""What half a step may change a chance by, beside the error of the runs; at 8,000 runs it was 0.011 at most."""


def test_half_a_step_changes_the_libyan_headlines_by_little(libya):
    names = [
        f"answer.{offer}.{party}"
        for offer in ("moscow-ankara-call", "call-renewed", "moscow-text", "berlin")
        for party in ("LNA", "GNA")
    ]
    names += ["truce.starts", "truce.holds_to_end", "truce.collapses.28"]
    runs = 2000
    whole = read_runs(libya, names, runs, seed=21)
    half = read_runs(libya.replace({"step_days": 0.5, "steps": 2 * libya.steps}), names, runs, seed=22)
    for name in names:
        one, other = (values[name][~np.isnan(values[name])] for values in (whole, half))
        error = np.sqrt(one.var() / one.size + other.var() / other.size)
        assert abs(one.mean() - other.mean()) < STEP_ALLOWANCE + 3.3 * error, name


@pytest.mark.parametrize("table", Coefficients.model_fields)
def test_every_coefficient_may_lie_at_either_end_of_its_bounds(tell, table):
    story = tell("two", STORY, {"steps": 7})
    for entry in entries(Coefficients.model_fields[table].annotation):
        for end in (entry.low, entry.high):
            if end in (entry.low,) and entry.name in OPEN:
                end = 1e-3 * entry.high
            result = run_ensemble(story.replace({f"coefficients.{table}.{entry.name}": end}), runs=20)
            assert np.isfinite(result.stance).all(), (entry.name, end)


def test_a_coefficient_that_divides_cannot_be_put_to_nothing(tell):
    story = tell("two", STORY)
    for key in ("answers.temperature", "appraisal.momentum_scale", "appraisal.enough", "truces.signed_days"):
        with pytest.raises(ScenarioError, match=r"outside|out of range"):
            run_ensemble(story, runs=3, values={f"coefficients.{key}": np.zeros(3)})


def test_a_very_sharp_choice_is_still_a_chance(tell):
    cold = {"actors.North.stance": 0, "actors.North.base": -50, "actors.North.distrust": 100}
    story = tell("two", STORY, {"coefficients.answers.temperature": 0.1, **cold})
    chance = run_ensemble(story, runs=20).chance.sel(party="North")
    assert (chance < 1e-10).all()


OPEN = {
    entry.name
    for field in Coefficients.model_fields.values()
    for entry in entries(field.annotation)
    if any(hasattr(rule, "gt") for rule in field.annotation.model_fields[entry.name].metadata)
}
"""Coefficients that may be as small as one likes, but not zero."""

scale = st.floats(0, 100)
share = st.floats(0, 1)


@settings(max_examples=60)
@given(data=st.data(), parties=st.integers(1, 3), backers=st.integers(0, 2))
def test_whatever_the_conflict_no_number_leaves_its_scale(data, parties, backers):
    names = [f"P{number}" for number in range(parties)] + [f"B{number}" for number in range(backers)]
    text = f"title = 'any'\nstart = 2020-01-01\nsteps = 5\nstep_days = {data.draw(st.floats(0.1, 60))}\n"
    for name in names:
        text += f'[actors.{name}]\nroles = ["{"party" if name[0] == "P" else "backer"}"]\nassumed = "any"\n'
        for key in ("stance", "salience", "influence"):
            text += f"{key} = {data.draw(scale)}\n"
        text += f"base = {data.draw(st.floats(-100, 200))}\n"
        if name[0] == "P":
            text += f"exhaustion = {data.draw(share)}\nsqueeze = {data.draw(st.floats(0, 0.1))}\n"
    for source in names:
        target = data.draw(st.sampled_from(names))
        if source != target:
            text += f'[[ties]]\nfrom = "{source}"\nto = "{target}"\nassumed = "any"\nleverage = {data.draw(share)}\n'
            if target[0] == "P":
                text += f"support = {data.draw(share)}\npledge = {data.draw(share)}\nfollows = {data.draw(share)}\n"
    text += '[[events]]\non = 2020-01-01\noffer = { id = "any", sponsors = ["P0"], terms = { line = 100 } }\n'
    text += f'[issues.line]\nnow = {data.draw(scale)}\n[[wants]]\nparty = "P0"\nissue = "line"\nweight = 1\n'
    text += f'want = {data.draw(scale)}\nassumed = "any"\n'
    text += f'[[events]]\non = 2020-01-01\nadd = {{ "actors.P0.control" = {data.draw(st.floats(-1, 1))} }}\n'
    story = load_text(text, "any")
    noise = {
        "coefficients.opinion.noise": data.draw(st.floats(0, 20)),
        "coefficients.battle.noise": data.draw(st.floats(0, 0.1)),
    }
    result = run_ensemble(story.replace(noise), runs=3, seed=data.draw(st.integers(0, 9)))
    for name, top in (("stance", 100), ("control", 1), ("exhaustion", 1), ("distrust", 100), ("chance", 1)):
        values = result[name].values
        assert np.isfinite(values).all(), name
        assert values.min() >= 0, name
        assert values.max() <= top + 1e-12, name
    np.testing.assert_allclose(result.control.sum("party"), 1, atol=1e-9)
    assert np.isfinite(result.momentum).all()


def test_a_change_by_hand_between_steps_is_kept(story):
    # What a student does to one run: the state is only data, and the next step starts from it.
    from simulation.dynamics.randomness import draw
    from simulation.dynamics.step import advance

    world, state = open_scenario(story)
    luck = draw(world, 1, 0).of(0)
    state = advance(state, 0, world, luck)
    turned = replace(state, stance=np.array([90.0, 90.0, 90.0, 90.0]))
    assert advance(turned, 1, world, luck).stance.min() > 60 > advance(state, 1, world, luck).stance[0]


@pytest.mark.parametrize("run", [0, 7, 299])
def test_a_mesa_run_is_that_run_of_the_ensemble_with_terms_conditions_moods_and_spurned_partners(tell, run):
    story = tell("two", STORY, EVERYTHING)
    result, model = run_ensemble(story, runs=300, seed=4), sim.ConflictModel(story, seed=4, run=run)
    while model.running:
        model.step()
    for name in ("chance", "full", "answer"):
        np.testing.assert_array_equal(getattr(model.state, name), result[name].sel(run=run).values)
    np.testing.assert_array_equal(model.state.distrust, result.distrust.sel(run=run).values[-1])
