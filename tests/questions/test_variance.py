"""Random variation told from input uncertainty."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import beta

from simulation.questions.outcome import outcome
from simulation.questions.variance import beside_luck, shares
from simulation.questions.variance import split_variance as ask
from simulation.runs.results import condense
from simulation.scenario import ScenarioError
from simulation.show.plots.fans import BANDS, bands_of


def split_variance(*given, **options):
    """The dataset of the answer."""
    return ask(*given, **options).result


UNSURE = {"actors.Red.stance": {"best": 50, "low": 40, "high": 60, "assumed": "made up"}}


def test_the_split_of_a_sum_is_that_of_its_parts_and_its_interval_covers():
    draws = np.random.default_rng(1)
    covered = 0
    for _ in range(200):
        inputs = np.sqrt(3) * draws.standard_normal(400)
        one, other = inputs + draws.standard_normal(400), inputs + draws.standard_normal(400)
        _, total, share, low, high = shares(one, other)
        assert total == pytest.approx(4, rel=0.4)
        assert share == pytest.approx(0.75, abs=0.15)
        covered += low <= 0.75 <= high
    assert 180 <= covered <= 200  # 95 % of 200 is 190


def test_where_nothing_is_left_to_luck_all_is_ignorance(still):
    result = split_variance(still(changes=UNSURE), ["stance.Red"], runs=2560)
    assert float(result.ignorance[0]) == pytest.approx(1.0)
    # PERT on 40, 50, 60 is Beta(3, 3) stretched by 20: its variance is 400 × 9 / (36 × 7) = 100/7.
    assert float(result.variance[0]) == pytest.approx(100 / 7, rel=0.02)
    assert float(result.spread[0]) == pytest.approx(np.sqrt(100 / 7), rel=0.01)


def test_where_no_input_bears_on_it_all_is_luck(still):
    noisy = still(changes=UNSURE | {"coefficients.opinion.noise": 1.0})
    result = split_variance(noisy, ["stance.Blue"], runs=1024)
    assert float(result.ignorance_low[0]) < 0.02
    assert abs(float(result.ignorance[0])) < 0.1


def test_of_an_answer_the_coin_is_luck_and_its_bias_ignorance(still):
    # The chance is logistic((stance - 50) / 10), the stance 40 + 20 Beta(3, 3); the mean is 1/2 by symmetry.
    def squared(share: float) -> float:
        return (1 / (1 + np.exp(-(20 * share - 10) / 10)) - 0.5) ** 2 * beta.pdf(share, 3, 3)

    result = split_variance(still(changes=UNSURE), ["answer.first.Red"], runs=2560)
    assert float(result["mean"][0]) == pytest.approx(0.5, abs=0.01)
    assert float(result.variance[0]) == pytest.approx(0.25, abs=0.001)
    expected = quad(squared, 0, 1)[0] / 0.25
    assert float(result.ignorance_low[0]) < expected < float(result.ignorance_high[0])
    assert float(result.ignorance_high[0] - result.ignorance_low[0]) < 0.02


def test_what_inputs_leave_open_of_a_chance_is_in_percentage_points_and_not_a_share(still):
    finding = ask(still(changes=UNSURE), ["answer.first.Red"], runs=256)
    *_, table, meaning, _ = finding.words
    assert not table.cells[0][-1].endswith("%")
    assert float(table.cells[0][-1]) == pytest.approx(100 * finding.rows.spread[0], abs=0.06)
    assert meaning.endswith("of a chance in percentage points.")


def test_a_scenario_without_intervals_cannot_be_split(still):
    with pytest.raises(ScenarioError, match="nothing is uncertain"):
        split_variance(still(), runs=10)
    with pytest.raises(ScenarioError, match="two or more"):
        split_variance(still(changes=UNSURE), runs=1)


def test_what_never_arises_or_never_varies_has_no_split(still):
    result = split_variance(still(changes=UNSURE), ["stance.Blue", "truce.collapses.9"], runs=50)
    assert np.isnan(result.ignorance.values).all()


def test_a_picture_says_how_many_measures_it_leaves_out(still, monkeypatch):
    import simulation.show.plots.variance as pictures

    result = split_variance(still(changes=UNSURE), runs=50)
    monkeypatch.setattr(pictures, "MOST", 1)
    figure = pictures.figures(result)["variance"]
    assert any("the first 1 of " in text.get_text() for text in figure.texts)


def test_fan_charts_in_two_shades_show_random_variation_inside_all_that_is_unknown(still):
    from matplotlib.figure import Figure

    from simulation import run_ensemble
    from simulation.show.plots import plot_stances

    scenario = still(changes=UNSURE | {"coefficients.opinion.noise": 0.1})
    digest = condense(run_ensemble(scenario, 400, 1, uncertain=True))
    both = beside_luck(digest, condense(run_ensemble(scenario, 400, 1)))
    assert bands_of(digest) == BANDS
    assert "random variation alone" in bands_of(both)
    ax = plot_stances(both, Figure().add_subplot(), ["Red"])
    heights = {band.get_label(): np.ptp(band.get_paths()[0].vertices[:, 1]) for band in ax.collections}
    assert heights["_Red 5–95 % by random variation alone"] < 0.3 * heights["_Red 5–95 %"]


def test_runs_at_the_best_inputs_are_made_only_for_what_shows_them(still):
    done = []

    def progress(total, what):
        done.append(what)

    drawn, only_numbers = (
        outcome(still(changes=UNSURE), 20, uncertain=True, luck_alone=wanted, progress=progress)
        for wanted in (True, False)
    )
    assert done == [
        "runs",
        "runs at the best inputs",
        "random variation or input uncertainty",
        "runs",
        "random variation or input uncertainty",
    ]
    assert "stance_luck" in drawn.result
    assert "stance_luck" not in only_numbers.result
    assert only_numbers.summary == drawn.summary


def test_few_pairs_give_no_interval(still):
    found = ask(still(changes=UNSURE), ["answer.first.Red"], runs=7)
    assert np.isnan(found.result.ignorance_low).all()
    assert "(too few runs)" in str(found)
    more = ask(still(changes=UNSURE), ["answer.first.Red"], runs=8)
    assert np.isfinite(more.result.ignorance_low).all()


def test_a_share_surely_below_nought_is_told_without_an_interval():
    from simulation.questions.variance import _share

    assert _share({"ignorance": -0.2, "ignorance_low": -0.3, "ignorance_high": -0.1}) == (0, "", 1)
    assert _share({"ignorance": 0.2, "ignorance_low": 0.1, "ignorance_high": 0.3}) == (20, " (10–30)", 0)
