"""How long truces live, by hand; and that watching for longer does not make them older."""

import numpy as np
import pytest

import simulation as sim
from simulation.runs.results.survival import incidence_of_first_truces, life_table, of_first_truces, of_spells
from simulation.runs.results.wording import life, life_span


def table_of(held, broken):
    """A life table by days from 0 on."""
    return life_table(np.arange(len(held), dtype=float), np.array(held, dtype=float), np.array(broken, dtype=float))


def test_truces_watched_to_their_end_survive_as_they_are_counted():
    # four truces, broken after 1, 2, 2 and 4 days: 3/4 hold beyond day 1, 1/4 beyond day 2, none beyond day 4
    table = table_of([0, 1, 2, 0, 1], [0, 1, 2, 0, 1])
    np.testing.assert_allclose(table.alive, [1, 0.75, 0.25, 0.25, 0])
    np.testing.assert_array_equal(table.at_risk, [4, 4, 3, 1, 1])
    # with nothing censored, Rothman's interval is Wilson's: 3 of 4, by the published formula 0.3006 to 0.9544
    np.testing.assert_allclose([table.low[1], table.high[1]], [0.3006, 0.9544], atol=5e-5)
    assert (table.within(0.25), table.within(0.5), table.within(0.95)) == (1, 2, 4)


def test_where_none_is_left_the_interval_is_that_of_none_of_as_many_as_there_were():
    # none of four, by Wilson: 0 to 1.96² / (4 + 1.96²); one alone is watched on the last day
    table = table_of([0, 1, 2, 0, 1], [0, 1, 2, 0, 1])
    np.testing.assert_allclose([table.low[4], table.high[4]], [0, 0.4899], atol=5e-5)


def test_one_that_is_left_counts_as_one_and_of_what_is_not_watched_nothing_is_known():
    # one of two, by Wilson: 1/2 -+ 1.96 / (1 + 1.96²/2) sqrt(1/8 + 1.96²/16)
    table = table_of([0, 1, 1, 0], [0, 1, 0, 0])
    np.testing.assert_allclose([table.low[1], table.high[1]], [0.0945, 0.9055], atol=5e-5)
    unseen = table_of([1, 0], [0, 0])
    np.testing.assert_allclose([unseen.low[1], unseen.high[1]], [0, 1], atol=1e-4)


def test_a_truce_in_force_at_the_end_counts_as_long_as_it_was_watched():
    # one broken after 1 day, one in force when last seen at day 2, one broken after 3 days:
    # 2/3 hold beyond day 1; on day 3 one is watched, and it breaks
    table = table_of([0, 1, 1, 1], [0, 1, 0, 1])
    np.testing.assert_allclose(table.alive, [1, 2 / 3, 2 / 3, 0])
    np.testing.assert_array_equal(table.at_risk, [3, 3, 2, 1])
    assert table.within(0.5) == 3


def test_truces_one_by_one_make_the_same_table_as_their_counts():
    days, collapsed = np.array([3.0, 1.0, 2.0]), np.array([True, True, False])
    one, other = of_spells(days, collapsed), table_of([0, 1, 1, 1], [0, 1, 0, 1])
    for name in one._fields:
        np.testing.assert_allclose(getattr(one, name), getattr(other, name))


def test_the_published_remissions_of_leukaemia():
    # weeks to relapse under 6-MP, + where still in remission: Freireich et al. (1963), as in every textbook since Cox
    # (1972): S(6) = 0.857, S(10) = 0.753, S(13) = 0.690, S(16) = 0.627, S(22) = 0.538, S(23) = 0.448; median 23
    relapsed = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    left = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    table = of_spells(np.array(relapsed + left, dtype=float), np.repeat([True, False], [len(relapsed), len(left)]))
    at = dict(zip(table.days, table.alive, strict=True))
    published = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert {week: round(float(at[week]), 3) for week in published} == published
    assert table.within(0.5) == 23
    assert np.isnan(table.within(0.95))
    assert table.watched == 35


@pytest.mark.parametrize("truces", [6, 24, 38])
def test_exactly_one_half_is_the_median(truces):
    # one breaks a day: of six, 5/6 · 4/5 · 3/4 is one half; of 24 or 38 the product of floats is a little more
    once = [0] + [1] * truces
    assert table_of(once, once).within(0.5) == truces / 2


def test_no_truce_has_no_life():
    for table in (table_of([0, 0, 0], [0, 0, 0]), of_spells(np.empty(0), np.empty(0, dtype=bool))):
        assert np.isnan(table.within(0.5))
        assert np.isnan(table.watched)


def test_the_band_holds_the_curve_and_is_wider_for_fewer_truces():
    few, many = (table_of(n * np.array([0, 1, 2, 0, 1]), n * np.array([0, 1, 2, 0, 1])) for n in (1, 100))
    for table in (few, many):
        assert (table.low <= table.alive + 1e-12).all()
        assert (table.alive <= table.high + 1e-12).all()
    assert ((few.high - few.low) > (many.high - many.low)).all()


@pytest.fixture(scope="module")
def watched():
    """Truces of the same scenario and luck, watched for longer and longer: days of the window to the summary."""
    scenario = sim.load_scenario("libya-2020-01").model_copy(update={"expect": ()})
    short = {"declared_days": 7, "signed_days": 20, "shape": 1}
    scenario = scenario.replace({f"coefficients.truces.{name}": value for name, value in short.items()})
    found = {}
    for steps in (55, 90, 150):
        result = sim.run_ensemble(scenario.replace({"steps": steps}), runs=500, seed=1, keep="summary")
        found[steps] = sim.summarise(result)["truce"]
    return found


def test_watching_for_longer_does_not_change_a_median_that_was_reached(watched):
    assert {truce["median_days"] for truce in watched.values()} == {watched[55]["median_days"]}
    assert watched[55]["median_days"] is not None


def test_watching_for_longer_finds_an_end_to_more_of_them(watched):
    shares = [truce["held_when_watching_stopped"] for truce in watched.values()]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > shares[-1]


def test_a_median_that_is_not_reached_is_not_made_up():
    result = sim.run_ensemble(sim.load_scenario("libya-2020-01-monitored"), runs=300, seed=1)
    truce = sim.summarise(result)["truce"]
    assert truce["median_days"] is None
    assert truce["high_days"] is None
    assert truce["watched_days"] <= 55
    assert (of_first_truces(result).alive > 0.5).all()
    still = f"{100 * truce['held_when_watching_stopped']:.0f} %"
    assert life(truce) == f"more than {truce['watched_days']:g} days; {still} still held when watching stopped"
    assert life_span(truce) == f"{truce['low_days']:g} to more than {truce['watched_days']:g}"


def test_a_life_is_written_with_what_is_not_known_of_it():
    known = {"median_days": 1.0, "low_days": 1.0, "high_days": 18.0, "watched_days": 40.0}
    assert life(known) == "1 day"
    assert life_span(known) == "1 to 18"
    unknown = {"median_days": None, "low_days": None, "high_days": None, "watched_days": 42.0}
    assert life(unknown | {"held_when_watching_stopped": 0.83}) == (
        "more than 42 days; 83 % still held when watching stopped"
    )
    assert life_span(unknown) == "more than 42"


def test_causes_of_an_end_compete_and_their_shares_add_up_to_what_has_ended(tell):
    # Of four truces one breaks on day 1, one lapses on day 2, one is seen to stand for three days, one breaks on day 4:
    # broken 1/4, lapsed 3/4 * 1/3 = 1/4, then broken 1/4 + 1/2 * 1/1 of the one that is still watched.
    result = sim.run_ensemble(tell("two"), runs=4)
    result["truce"][:], result["ending"][:] = False, 0
    for run, (first, last, how) in enumerate([(2, 3, 1), (2, 4, 2), (10, 13, 0), (1, 5, 1)]):
        result["truce"][run, first:last] = True
        if how:
            result["ending"][run, last, 0] = how
    found = incidence_of_first_truces(result)
    assert found.causes == ("broken", "lapsed", "replaced")
    np.testing.assert_array_equal(found.at_risk[:6], [4, 4, 3, 2, 1, 0])
    np.testing.assert_allclose(found.share[0, :5], [0, 1 / 4, 1 / 4, 1 / 4, 3 / 4])
    np.testing.assert_allclose(found.share[1, :5], [0, 0, 1 / 4, 1 / 4, 1 / 4])
    assert not found.share[2].any()
