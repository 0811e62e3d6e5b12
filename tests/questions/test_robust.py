"""How far numbers and what-ifs hang on structure and coding."""

import json

import numpy as np
import pytest

import simulation as sim
from simulation.dynamics.answers import KINDS
from simulation.questions.robust import robust as ask
from simulation.questions.robust.crossing import crossed, main_effects
from simulation.questions.robust.describe import signs
from simulation.scenario.structures import SWITCHES, switches

READY = {"actors.Red.stance": 60}
"""Ten points above the threshold at a temperature of 10: a chance of 1 / (1 + 1/e) = 0.7310586."""

EACH = 1 + 21
"""The structure as it is, and each alternative by itself, where all are open."""


def robust(*given, **options):
    """The dataset of the answer."""
    return ask(*given, **{"variants": 1, "codings": 0, "runs": 20} | options).result


def choices(*sizes):
    return {f"switch {place}": (None,) * (size - 1) for place, size in enumerate(sizes)}


def structure(result, **switched):
    """Values under the structure in which these switches, and no others, stand otherwise."""
    wanted = {name: switched.get(name.replace(" ", "_"), "as it is") for name in map(str, result.switch.values)}
    where = [list(level) == list(wanted.values()) for level in result.level.values]
    return result.isel(structure=where.index(True))


def test_a_small_crossing_is_tried_whole_and_starts_with_the_scenario_as_it_is():
    assert crossed(choices(2, 3), 6).tolist() == [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]
    assert crossed({}, 9).shape == (1, 0)


def test_of_a_large_one_each_alternative_is_tried_alone_and_the_rest_evenly():
    levels = crossed(choices(2, 3, 4), 19)
    assert levels[:7].tolist() == [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 2, 0], [0, 0, 1], [0, 0, 2], [0, 0, 3]]
    for switch, size in enumerate((2, 3, 4)):  # of twelve that are drawn, each level as often as any other
        assert np.bincount(levels[7:, switch]).tolist() == [12 // size] * size
    np.testing.assert_array_equal(crossed(choices(2, 3, 4), 19), levels)
    assert len(crossed(choices(2, 3, 4), 5)) == 5  # no room for each by itself
    assert crossed(choices(2, 3, 4), 5)[0].tolist() == [0, 0, 0]


def test_main_effects_of_a_sum_are_its_parts():
    levels = crossed(choices(2, 3), 6)
    values = 3 + 2.0 * (levels[:, 0] == 1) - 1.0 * (levels[:, 1] == 2)
    np.testing.assert_allclose(main_effects(levels, [2, 3], values), [2, 0, -1], atol=1e-12)
    values[0] = np.nan  # where the question does not arise
    np.testing.assert_allclose(main_effects(levels, [2, 3], values), [2, 0, -1], atol=1e-12)
    assert np.isnan(main_effects(levels[:3], [2, 3], values[:3])).all()  # the first was never switched


def test_a_sign_holds_surely_where_luck_leaves_nothing_out():
    values, low, high = np.array([[2, 1, 3], [1, -1, 3], [-2, -3, -1], [0, -1, 1], [np.nan] * 3], dtype=float).T
    assert signs(values, low, high) == {"sign_holds": 0.5, "surely": 0.25, "surely_not": 0.25}
    assert signs(-values, -high, -low) == signs(values, low, high)
    assert signs(values, low, high, sign=-0.1) == {"sign_holds": 0.25, "surely": 0.25, "surely_not": 0.25}
    assert set(signs(values * 0, low, high).values()) == {None}


def test_sharpness_moves_a_chance_as_the_logistic_says(still):
    result = robust(still(changes=READY), measures=["answer.first.Red"], variants=EACH)
    assert float(structure(result).value.item()) == pytest.approx(0.7310586, abs=1e-7)
    # ten points at a temperature of 5 and 20: logistic of 2 and 1/2
    for name, chance in (("twice", 0.8807971), ("half", 0.6224593)):
        assert structure(result, sharpness=f"{name} as sharply").value.item() == pytest.approx(chance, abs=1e-7)
    assert structure(result, bar_for_signing="none").value.item() == pytest.approx(0.7310586)  # a declared offer


def test_an_answer_is_read_as_its_chance_where_moods_last_too(still):
    """Red's second answer hangs on its first: among many runs it has more chances than none and one."""
    moody = still(changes={"coefficients.answers.mood_half_life": 30.0, "coefficients.answers.mood_share": 0.5})
    result = robust(moody, measures=["answer.first.Red", "answer.second.Red"], variants=2, runs=400)
    first, second = result.value.sel(scenario="as it is", structure=0).values
    assert first == pytest.approx(0.5)  # exactly: there is no mood yet
    assert second == pytest.approx(0.5, abs=0.04)  # on average a mood changes nothing
    low, high = (float(result[end].sel(scenario="as it is")[1]) for end in ("low", "high"))
    assert high - low < 0.05  # that of counting 400 coins is 0.098


def test_a_structure_is_the_scenario_with_these_coefficients_on_the_same_luck(libya):
    libya = libya.replace({"coefficients.appraisal.momentum_weight": 0.2})
    result = robust(libya, measures=["truce.days"], variants=EACH, runs=40)
    for switched, changes in (
        ({}, {}),
        ({"stalemate": "one-sided"}, {"coefficients.appraisal.one_sided": 1}),
        ({"momentum": "stronger"}, {"coefficients.appraisal.momentum_weight": 0.2 * 3.0}),
        ({"bar_for_signing": "against"}, {"coefficients.answers.bar_signed": 8}),
        ({"kinds_of_offers": "alike"}, {f"coefficients.answers.bar_{kind}": 0 for kind in KINDS}),
        ({"terms": "do not count"}, {"coefficients.answers.content": 0}),
        ({"conditions": "no room"}, {"coefficients.answers.reserve": 0}),
        ({"ageing_of_truces": "none"}, {"coefficients.truces.shape": 1}),
        ({"lasting_moods": "none"}, {"coefficients.answers.mood_half_life": 0}),
        ({"lasting_moods": "all of it"}, {"coefficients.answers.mood_share": 1}),
        ({"stance_rule": "degroot"}, {"rule": "degroot"}),
    ):
        mean = sim.compare({"one": libya.replace(changes), "two": libya}, ["truce.days"], runs=40).result.value[0, 0]
        assert structure(result, **switched).value.item() == pytest.approx(float(mean), rel=1e-12), switched


def test_a_what_if_that_changes_nothing_has_no_sign_and_one_that_does_holds_everywhere(still):
    more = {"same": still(), "readier": still(changes=READY)}
    each = 1 + sum(map(len, switches(still()).values()))  # no two alternatives at once
    finding = ask(still(), more, ["answer.first.Red", "answer.first.Blue"], variants=each, codings=0, runs=20)
    table = finding.rows.set_index(["kind", "scenario", "measure"])
    for other, measure in (("same", "answer.first.Red"), ("readier", "answer.first.Blue")):
        row = table.loc["difference", other, measure]
        assert row.value == 0
        assert np.isnan(row.sign_holds)
    row = table.loc["difference", "readier", "answer.first.Red"]
    assert row.value == pytest.approx(0.2310586, abs=1e-7)  # from a half
    assert row.sign_holds == 1
    # the least where willingness counts half as sharply, 0.1225; the most where twice, 0.3808
    assert row.structures_least == pytest.approx(0.1224593, abs=1e-7)
    assert row.structures_most == pytest.approx(0.3807971, abs=1e-7)
    assert "Of 1 differences that chance does not explain, 1 keep" in str(finding)


def test_codings_are_drawn_between_low_and_high_and_the_same_for_every_what_if(still):
    unsure = {"actors.Red.stance": {"best": 50, "low": 40, "high": 60, "assumed": "made up"}}
    other = still(changes=unsure).replace({"actors.Blue.stance": 70})
    result = robust(still(changes=unsure), {"bluer": other}, ["answer.first.Red"], variants=EACH, codings=10)
    coded = result.value_coding.sel(scenario="as it is").values[:, 0]
    assert (coded > 0.2689414).all()  # logistic of -1 and 1
    assert (coded < 0.7310586).all()
    assert len(set(coded)) == 10
    assert (result.difference_coding == 0).all()  # Red alone is drawn, and in both
    both = structure(result, bar_for_signing="none")  # makes no difference to a declared offer
    assert both.value_both.sel(scenario="as it is").item() == coded[int(both.structure) % 10]


def test_what_is_not_uncertain_is_not_drawn_and_nothing_to_vary_is_said(still):
    assert robust(still(), variants=2, codings=5).sizes["coding"] == 0
    with pytest.raises(sim.ScenarioError, match="nothing to vary"):
        robust(still(), variants=1, codings=5)


def test_only_alternatives_that_change_something_are_open_and_all_have_reasons(still, talks, libya):
    assert set(switches(talks)) == {"stance rule"}
    assert {other.name for other in switches(talks)["stance rule"]} >= {"spatial", "degroot"}
    assert "spatial" not in {other.name for other in switches(libya)["stance rule"]}
    for name, rules in (("emission-standards", 7), ("wars/lebanon-2006", 6)):  # issues with one stance on them
        assert len(switches(sim.load_scenario(name))["stance rule"]) == rules
    assert "momentum" in switches(libya)
    momentum = libya.replace({"coefficients.appraisal.momentum_weight": 0})
    assert "momentum" not in switches(momentum)  # none is what it has, and three times none is none
    for bar, others in ((0, ["against"]), (8, ["none"]), (-31, ["none", "against"])):
        barred = libya.replace({"coefficients.answers.bar_signed": bar})
        assert [other.name for other in switches(barred)["bar for signing"]] == others
    assert "lasting moods" not in switches(libya.replace({"coefficients.answers.mood_half_life": 0}))  # no share counts
    assert "terms" in switches(libya)
    assert "terms" not in switches(still(changes={"coefficients.answers.content": 20}))  # there are no issues
    assert all(other.why and other.source for switch in SWITCHES for other in switch.alternatives)
    for some in switches(libya).values():
        for other in some:
            libya.replace(other.changes(libya))  # within bounds


def test_in_talks_the_rules_are_all_there_is_to_cross(talks):
    finding = ask(talks, measures=["outcome.mean"], codings=0, runs=2)
    assert finding.result.sizes["structure"] == 8
    assert "stance rule" in finding.result.switch.values


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"measures": ["answer.first.Rde"]}, "'first' does not ask 'Rde'"),
        ({"variants": 0}, "0 `variants`"),
        ({"codings": -1}, "-1 `codings`"),
        ({"runs": 1}, "of 1 `runs`"),
        ({"what_ifs": {"x": "libya-2020-01"}}, "not a scenario"),
    ],
)
def test_what_will_not_do_is_refused(still, options, words):
    with pytest.raises(sim.ScenarioError, match=words):
        ask(still(), **options)


def test_the_command_prints_ranges_and_leaves_its_files(ceasefire, tmp_path):
    words = ["robust", "libya-2020-01", "--what-if", "libya-2020-01-no-wagner", "--runs", "8", "--out", "out"]
    words += ["--what-if", "no drones: ties.UAE.LNA.support=0.2", "--variants", "4", "--codings", "3"]
    code, out, err = ceasefire(*words, "--measure", "truce.starts")
    assert (code, err) == (0, "")
    assert "4 structures (of 72,576" in out
    assert {
        "robust.nc",
        "robust.csv",
        "robust.json",
        "robust.png",
        "robust-1.png",
        "structures.csv",
        "effects.csv",
    } <= {file.name for file in (tmp_path / "out").iterdir()}
    summary = json.loads((tmp_path / "out" / "robust.json").read_text())
    assert [row["scenario"] for row in summary["measures"] if row["kind"] == "difference"] == [
        "libya-2020-01-no-wagner",
        "no drones",
    ]
    assert ceasefire("robust", "libya-2020-01", "--what-if", "libya-2020-01-no-wagnr")[0] == 2
    code, _, err = ceasefire("robust", "libya-2020-01", "--what-if", "drones ties.UAE.LNA.support=0.2")
    assert code == 2
    assert "--what-if drones" in err
