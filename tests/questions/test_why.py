"""Why an actor moved: the parts add up to the move, and are those of the very run that was asked about."""

import numpy as np
import pytest
from typer.testing import CliRunner

import simulation as sim
from simulation.cli import app
from simulation.questions.why import why as ask
from simulation.rules import RULES


def why(*given, **options):
    """The dataset of the answer."""
    return ask(*given, **options).result


every_rule = pytest.mark.parametrize("name", RULES)
PARTS = ("by_event", "by_war", "by_rule", "by_chance")


@every_rule
def test_the_parts_of_a_move_add_up_to_the_move_of_that_run(libya, name):
    scenario = libya.replace({"rule": name})
    dataset = why(scenario, step=5, run=2, seed=4)
    stance = sim.run_ensemble(scenario, runs=3, seed=4).stance.sel(run=2)
    np.testing.assert_array_equal(dataset.stance_before, stance[5])
    np.testing.assert_array_equal(dataset.stance_after, stance[6])
    total = sum(dataset[part] for part in PARTS)
    np.testing.assert_allclose(dataset.stance_before + total, dataset.stance_after, atol=1e-12)
    np.testing.assert_allclose(dataset.by_rule, dataset.pace * (dataset.target - dataset.stance_of.values), atol=1e-12)


@pytest.mark.parametrize("name", ["friedkin-johnsen", "degroot", "bounded-confidence", "deffuant", "compromise"])
def test_where_a_rule_averages_the_pulls_of_the_others_are_the_way_to_the_target(libya, name):
    dataset = why(libya.replace({"rule": name}), step=3, run=1)
    pulled = dataset.pull.sum("other") + (dataset.wish if "wish" in dataset else 0.0)
    np.testing.assert_allclose(pulled, dataset.target - dataset.stance_of.values, atol=1e-9)


def test_the_parts_of_a_wish_add_up_to_the_wish(libya):
    dataset = why(libya, step=8, run=1)
    for when, ideal in (("_before", "ideal_before"), ("", "ideal")):
        total = sum(dataset[part + when] for part in ("base", "weariness", "stalemate", "prospect", "following"))
        np.testing.assert_allclose(np.clip(total, 0, 100), dataset[ideal], atol=1e-9)
    assert float(dataset.weariness.sel(actor="Italy")) == 0
    assert float(dataset.following.sel(actor="Turkey")) != 0


def test_friedkin_and_johnsen_by_hand(tell, quiet):
    """Left listens to Right alone, with an openness of 0.2: a fifth of the way from 10 to 90 is 16 points, of which a
    day has time for 1 - exp(-0.1) = 0.0952; Centre and Right hear nobody but themselves."""
    dataset = why(tell("talks", changes={"coefficients.opinion.noise": 0.0}))
    row = dataset.sel(actor="Left")
    assert row.share.values.tolist() == [0.0, 0.0, 0.2]
    np.testing.assert_allclose(row.pull, [0.0, 0.0, 16.0])
    assert float(row.by_rule) == pytest.approx(16 * 0.0951626, rel=1e-6)
    assert dataset.share.sel(actor="Centre").values.tolist() == [0.0, 0.2, 0.0]
    assert "base" not in dataset  # nobody fights


def test_an_event_is_told_apart_from_the_rest(tell, quiet):
    more = '\n[[events]]\non = 2020-01-03\nadd = { "actors.Patron.stance" = 7 }\nassumed = "made up"\n'
    dataset = why(tell("two", more, quiet), "Patron", step=2)
    assert float(dataset.by_event) == pytest.approx(7.0)
    assert float(dataset.by_chance) == 0.0


def test_the_published_first_round_is_told_as_it_was_published():
    """Scholz et al.: Denmark's exponent 2, Ireland's 1/2; the United Kingdom moves nobody but is moved by nobody."""
    dataset = why(sim.load_scenario("emission-standards"))
    assert float(dataset.risk_exponent.sel(actor="DK")) == pytest.approx(2.0)
    assert float(dataset.risk_exponent.sel(actor="IE")) == pytest.approx(0.5)
    assert float(dataset.risk_exponent.sel(actor="UK")) == pytest.approx(1.9649, abs=5e-5)
    moved = dataset.actor.values[np.abs(dataset.by_rule.values) > 0]
    for actor in moved:
        taken = str(dataset.taken.sel(actor=actor).item())
        assert str(dataset.kind.sel(actor=actor, other=taken).item()) != "none"
        assert float(dataset.offer.sel(actor=actor, other=taken)) == pytest.approx(
            float(dataset.target.sel(actor=actor))
        )
    for actor in set(dataset.actor.values) - set(moved):
        assert dataset.taken.sel(actor=actor).item() == ""


def test_in_the_spatial_model_an_actor_goes_where_the_bargain_it_took_puts_it():
    dataset = why(sim.load_scenario("emission-standards-spatial"))
    for actor in dataset.actor.values:
        here = dataset.sel(actor=actor)
        place = int(here.taken)
        assert float(here.queue_position[place]) == pytest.approx(float(here.target), abs=1e-9)
        assert int(np.argmax(here.queue_probability.values)) == place
        assert here.challenged.item() != actor


def test_deffuant_names_whom_an_actor_met(libya):
    dataset = why(libya.replace({"rule": "deffuant"}), step=1)
    met = dict(zip(dataset.actor.values, dataset.met.values, strict=True))
    assert all(met[other] == actor for actor, other in met.items())  # 22 actors: nobody is left over


def test_uncertain_inputs_are_those_of_the_run(libya):
    dataset = why(libya, "LNA", step=0, run=1, seed=2, uncertain=True)
    result = sim.run_ensemble(libya, runs=2, seed=2, uncertain=True)
    assert float(dataset.stance_after) == float(result.stance.sel(run=1, actor="LNA", step=1))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"actor": "Turky"}, "Did you mean 'Turkey'"),
        ({"step": 56}, "has steps 0 … 54"),
        ({"step": -1}, "has steps"),
        ({"run": -1}, "counted from 0"),
    ],
)
def test_what_is_not_there_is_refused(libya, asked, message):
    with pytest.raises(sim.ScenarioError, match=message):
        why(libya, **asked)


@every_rule
def test_the_command_tells_the_move_and_what_the_war_did(name):
    said = CliRunner().invoke(
        app, ["why", "libya-2020-01", "--actor", "LNA", "--step", "2020-01-11", "--run", "3", "--rule", name]
    )
    assert said.exit_code == 0, said.output
    assert "LNA, step 5 (11 January 2020), run 3" in said.output
    assert "the prospect of gain" in said.output
    known = {
        "deffuant": "it met",
        "expected-utility": "challenges:",
        "spatial": "bargains it could take",
        "exchange": "nobody else drew it",
    }
    assert known.get(name, "who drew it, and how far") in said.output


def test_a_step_that_is_neither_number_nor_date_is_refused():
    said = CliRunner().invoke(app, ["why", "libya-2020-01", "--actor", "LNA", "--step", "soon"])
    assert isinstance(said.exception, sim.ScenarioError)


def test_the_points_of_those_who_drew_it_add_up_to_the_rules_part_of_the_move(tell, quiet):
    """In a council all of whose members are shown; a third of a point may be lost by rounding each."""
    finding = ask(tell("talks", changes={"coefficients.opinion.noise": 0.0}), "Left", step=2)
    (table,) = (part for part in finding.words if not isinstance(part, str))
    drew = sum(float(row[-1]) for row in table.cells)
    wish = float(finding.result.pace * finding.result.wish) if "wish" in finding.result else 0.0
    assert drew + wish == pytest.approx(float(finding.result.by_rule), abs=0.002)
    assert drew != 0
