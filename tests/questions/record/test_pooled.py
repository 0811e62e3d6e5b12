"""Many wars that share coefficients: what is known is found again, and no war has a part in its own forecast."""

from dataclasses import replace

import numpy as np
import pytest

import simulation as sim
from simulation.dynamics.randomness import generator
from simulation.questions.record.benchmark.cases import Case
from simulation.questions.record.hindcast import answers_on_record
from simulation.questions.record.pooled import calibrate_wars
from simulation.questions.record.pooled.forecasts import Wars, forecast
from simulation.questions.record.pooled.left_out import held_out
from simulation.questions.record.pooled.likelihood import losses, of_an_unknown_war
from simulation.questions.record.pooled.priors import SPREAD, shared_priors, written_priors
from simulation.scenario.files import load_text
from simulation.scenario.inputs import coefficients

TEMPERATURE, SIGNED = "coefficients.answers.temperature", "coefficients.answers.bar_signed"
PRIORS = {TEMPERATURE: (4.0, 20.0, 100.0), SIGNED: (-60.0, 0.0, 60.0)}


def war(title, answers, north=45, south=55):
    """A quiet war with an offer a day; every third is signed, each by a mediator."""
    lines = [
        f'title = "{title}"\nschema = 1\nstart = 2020-01-01\nsteps = {len(answers)}\n',
        "[coefficients.opinion]\nnoise = 0\n[coefficients.battle]\nnoise = 0\nhurt = 0\nmobility = 0\n",
        "[coefficients.appraisal]\nweariness = 0\nstalemate = 0\n",
        "[coefficients.answers]\nreserve = 0\nbar_call = 0\nmood_half_life = 0\npull = 1\n",
        "[coefficients.truces]\nbreach = 0\n",
    ]
    for name, stance in (("North", north), ("South", south)):
        lines.append(
            f'[actors.{name}]\nroles = ["party"]\nstance = {stance}\nsalience = 100\ninfluence = 50\nassumed = "so"\n'
        )
    lines.append('[actors.UN]\nroles = ["mediator"]\nstance = 90\nsalience = 50\ninfluence = 50\nassumed = "so"\n')
    for place, both in enumerate(answers):
        form = "signed" if place % 3 == 0 else "declared"
        offer = f'offer = {{ id = "o{place}", sponsors = ["UN"], form = "{form}" }}'
        lines.append(f"[[events]]\non = 2020-01-{1 + place:02}\n{offer}\n")
        for party, answer in zip(("North", "South"), both, strict=True):
            lines.append(f'[[record]]\noffer = "o{place}"\nparty = "{party}"\nanswer = {answer}\n')
    return load_text("\n".join(lines), title)


def case(scenario):
    return Case(scenario.title, "settled", scenario, tuple(answers_on_record(scenario)))


def wars_of(answers):
    """Wars that differ in how willing their parties are; answers (wars, offers, parties)."""
    return [
        case(war(f"war-{place}", table, 20 + 3 * place, 60 - 3 * place))
        for place, table in enumerate(np.asarray(answers, dtype=float))
    ]


@pytest.fixture(scope="module")
def answered():
    """What the parties of eight wars answered by a temperature of 12 and a bar of -20 points for signing."""
    rng = generator(5, "test", "", 0)
    truth = {TEMPERATURE: np.array([12.0]), SIGNED: np.array([-20.0])}
    told = np.empty((8, 20, 2))
    for place, one in enumerate(wars_of(np.full((8, 20, 2), 0.5))):
        chance = forecast(Wars("settled", (one,)), truth, 1, 1, 1)[0, :, 0]
        told[place] = (rng.random(40) < chance).reshape(20, 2)
    return told


@pytest.fixture(scope="module")
def simulated(answered):
    return wars_of(answered)


def test_known_coefficients_are_found_again_in_the_answers_of_several_wars(simulated):
    found = calibrate_wars(simulated, list(PRIORS), priors=PRIORS, draws=200, rounds=3, lucks=1).result
    low, _, high = found.interval.sel(coefficient=TEMPERATURE).values
    assert 8 < low < 12 < high < 20
    low, _, high = found.interval.sel(coefficient=SIGNED).values
    assert -35 < low < -20 < high < -5
    assert (found.told_apart > 0.7).all()
    assert float(found.effective[0, -1]) > 200
    assert float(found.weight.sum()) == pytest.approx(1)
    np.testing.assert_allclose(found.weight_without.sum("draw"), 1)


@pytest.fixture
def turned(answered):
    """Five of the wars, in the first of which both parties gave the other answer to the last offer."""
    other = answered[:5].copy()
    other[0, -1] = 1 - other[0, -1]
    return wars_of(other)


def learnt_of(cases, **options):
    """The chances of each war by the posterior of the others, (answers, 2)."""
    from simulation.questions.record.pooled import calibration

    wars = Wars("settled", tuple(cases))
    believed = shared_priors([one.scenario for one in cases], list(PRIORS), PRIORS)
    found = calibration._learn(wars, believed, 200, options.get("rounds", 1), 1, 1, False, None)
    return held_out(wars, found.chance, found.posterior.without, None), found


def test_a_war_has_no_part_in_its_own_forecast(simulated, turned):
    """Its last answers, which no forecast is told, turned about: nothing changes but the forecasts of the rest."""
    cases = simulated[:5]
    before, _ = learnt_of(cases)
    after, _ = learnt_of(turned)
    own = np.repeat(np.arange(5), 40) == 0
    np.testing.assert_allclose(before[own], after[own], rtol=1e-12)
    assert np.abs(before[~own] - after[~own]).max() > 1e-3


def test_nor_where_proposals_were_fitted_to_all_wars(simulated, turned):
    cases = simulated[:5]
    before, found = learnt_of(cases, rounds=3)
    after, _ = learnt_of(turned, rounds=3)
    own = np.repeat(np.arange(5), 40) == 0
    np.testing.assert_allclose(before[own], after[own], atol=0.02)  # up to which draws happen to be looked at
    assert (1 / (found.posterior.without**2).sum(axis=0)).min() > 100


def test_the_loss_is_that_of_the_word_where_there_is_room_for_conditions():
    """Refused at 1 - 0.7, with conditions at 0.7 - 0.4, accepted at 0.4."""
    wars = Wars("settled", (case(war("a", [[0.0, 0.5], [1.0, 1.0]])),))
    chance = np.tile([0.7, 0.4], (1, 4, 1))
    np.testing.assert_allclose(losses(wars, chance), [[-2 * np.log(0.3) - 2 * np.log(0.4)]])


def test_the_loss_is_that_of_the_grade_where_there_is_no_room_for_conditions_and_of_others_offers_alone():
    """Graded one half at a chance of one half: ln 2. An answer to an offer of one's own counts for nothing."""
    one = case(war("a", [[0.5, 1.0], [0.0, 0.0]]))
    own = tuple(replace(item, own=place == 3) for place, item in enumerate(one.asked))
    wars = Wars("settled", (replace(one, asked=own), case(war("b", [[1.0, 1.0]]))))
    chance = np.repeat([[0.5, 0.8, 0.1, 0.9, 0.25, 0.5]], 2, axis=0).T[None]
    expected = [-np.log(0.5) - np.log(0.8) - np.log(0.9), -np.log(0.25) - np.log(0.5)]
    np.testing.assert_allclose(losses(wars, chance), [expected])
    # alike: three answers and two count as two and a half each
    np.testing.assert_allclose(losses(wars, chance, alike=True), [[expected[0] * 5 / 6, expected[1] * 5 / 4]])


def test_what_a_war_has_of_its_own_is_integrated_out():
    """Against the mean over a million normal draws: of the chance of one answer, and of the likelihood of two alike."""
    drawn = generator(1, "test", "own", 0).standard_normal(1_000_000)
    chance = np.full((1, 2, 2), 1 / (1 + np.exp(-0.5)))
    shifted = 1 / (1 + np.exp(-(0.5 + 0.8 * drawn)))
    shift = np.array([0.8])
    np.testing.assert_allclose(of_an_unknown_war(chance, shift), shifted.mean(), atol=2e-3)
    wars = Wars("settled", (case(war("a", [[1.0, 1.0]])),))
    np.testing.assert_allclose(losses(wars, chance, shift), -np.log((shifted**2).mean()), atol=5e-3)
    assert losses(wars, chance, shift) < losses(wars, chance)  # two alike are likelier in wars that differ


def test_a_spread_of_wars_is_learnt_where_it_is_asked_for(simulated):
    cases = [replace(one, war=f"{place}") for place, one in enumerate(simulated[:3])]
    found = calibrate_wars(cases, [TEMPERATURE], draws=60, rounds=2, lucks=1, spread=True)
    assert [*found.result.coefficient.values] == [TEMPERATURE, SPREAD]
    assert float(found.result.default.sel(coefficient=SPREAD)) == 0


def test_scores_stand_beside_simple_forecasts_and_the_answer_says_all_in_words(simulated, tmp_path):
    pytest.importorskip("sklearn")
    scenarios = [one.scenario for one in simulated[:4]]
    found = sim.calibrate(scenarios, keys=[TEMPERATURE, SIGNED], draws=100, rounds=2, lucks=1, leave_one_out=True)
    said = str(found)
    assert "model, learnt on the other wars" in said
    assert "base rate of the other wars" in said
    assert set(found.summary["scores"]["settled"]["a coin"]["brier"].values()) == {0.25}
    assert [*found.figures] == ["calibrate-wars", "calibrate-wars-pulls", "calibrate-wars-left-out"]
    sim.save(found.result, tmp_path / "found.nc")
    assert [*sim.plot(sim.load(tmp_path / "found.nc"))] == [*found.figures]


def test_every_prior_is_of_a_coefficient_and_within_its_bounds():
    known = {item.key: item for item in coefficients()}
    for key, row in written_priors().items():
        assert row["low"] < row["high"], key
        assert row["low"] <= row["best"] <= row["high"], key
        assert row["reason"], key
        assert row["source"], key
        if key != SPREAD:
            assert known[key].low <= row["low"] < row["high"] <= known[key].high, key


def test_what_cannot_be_asked_is_refused_in_words(simulated):
    one, other = (case.scenario for case in simulated[:2])
    with pytest.raises(sim.ScenarioError, match="two wars with observed answers"):
        sim.calibrate([one])
    with pytest.raises(sim.ScenarioError, match="is there twice"):
        sim.calibrate([one, one])
    with pytest.raises(sim.ScenarioError, match="3 wars are needed"):
        sim.calibrate([one, other], leave_one_out=True)
    with pytest.raises(sim.ScenarioError, match="`leave_one_out`: is for several wars"):
        sim.calibrate(one, leave_one_out=True)
    with pytest.raises(sim.ScenarioError, match="splits the observed answers of one scenario"):
        sim.calibrate([one, other], as_of="2020-01-05")
    with pytest.raises(sim.ScenarioError, match=r"Did you mean 'coefficients\.answers\.pull'"):
        sim.calibrate([one, other], keys=["coefficients.answers.pul"])
    with pytest.raises(sim.ScenarioError, match="has no row in seeds/priors"):
        sim.calibrate([one, other], keys=["coefficients.battle.hurt"])
    with pytest.raises(sim.ScenarioError, match="none of the wars has such a coding"):
        sim.calibrate([one, other], codings=["C"])


def test_bars_of_kind_and_signature_are_no_levers():
    """They tell which offers come to be accepted, not what would happen if one were signed."""
    known = {item.key for item in coefficients() if item.selection}
    kinds = ("call", "resolution", "mediated", "bilateral", "unilateral", "signed")
    assert known == {f"coefficients.answers.bar_{kind}" for kind in kinds}
    from simulation.questions.levers import ALL, moves_of

    moved = {move.lever for move in moves_of(sim.load_scenario("libya-2020-01"), ALL)}
    assert not moved & known
    assert not any(lever.endswith((".form", ".kind")) for lever in moved)
