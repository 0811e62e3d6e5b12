"""Where the model does not do what a theory says, or only in part: the smallest case of each, pinned as it is.

A test here that fails is no bad news: the model may have come to agree with the theory. ``docs/theory.md`` says which
theory is meant, and what would have to change in the model.
"""

from dataclasses import replace

import numpy as np
import pytest
from conflicts import FACTION, QUIET, Conflict

from simulation.dynamics.appraisal import wishes
from simulation.dynamics.randomness import draw
from simulation.dynamics.simulate import spread
from simulation.dynamics.state import Array
from simulation.dynamics.step import advance
from simulation.dynamics.truce import hazard
from simulation.runs.setup import open_scenario

NORTH, SOUTH = 0, 1


def hurting(conflict: Conflict, exhaustion: float) -> dict[str, float]:
    """Both parties as tired as this from the start, so that it is the stalemate and not weariness that speaks."""
    return {f"actors.{party}.exhaustion": exhaustion for party in conflict.scenario.parties}


def test_m06_ground_lost_in_a_hurting_stalemate_makes_the_loser_less_willing(plain: Conflict):
    """The front moves, so the stalemate is over for both, though only one of them is better off for it."""
    loss = {"events.shock.add.actors.North.control": -0.05}
    fresh = plain.replace(QUIET | hurting(plain, 0.0))
    spent = plain.replace(QUIET | hurting(plain, 0.6))
    assert (fresh.chance(loss) > fresh.chance()).all()
    assert (spent.chance(loss) < spent.chance()).all()


def test_m05_ground_won_that_stops_a_retreat_makes_the_winner_more_willing(plain: Conflict):
    """A retreat at the speed that counts as swift is halved: less to fear, but a stalemate to be tired of."""
    world, state = open_scenario(plain.scenario.replace(hurting(plain, 0.6)))

    def wish(momentum: float) -> float:
        moving = replace(state, momentum=np.array([momentum, -momentum]))
        return float(wishes(moving, world)[world.party_index[NORTH]])

    assert wish(-0.001) > wish(-0.002)  # the retreat slowed down
    assert wish(0.002) < wish(0.001)  # a gain upon a gain does what theory says


def test_m01_a_front_that_stands_still_without_hurting_makes_the_one_in_retreat_less_willing(plain: Conflict):
    """Neither can win any more, but to one of them that is good news; the other, which was winning, wants out."""
    world, state = open_scenario(plain.scenario.replace(hurting(plain, 0.0)))

    def wish(momentum: float) -> Array:
        return wishes(replace(state, momentum=np.array([-momentum, momentum])), world)[world.party_index]

    assert wish(0.0)[NORTH] < wish(0.002)[NORTH]
    assert wish(0.0)[SOUTH] > wish(0.002)[SOUTH]


def shared_adviser(plain: Conflict) -> Conflict:
    """West follows South's fortunes, and is all that North listens to; by itself North wants war whatever happens."""
    return plain.replace({"actors.North.base": -90, "ties.East.North.leverage": 0, "ties.West.South.follows": 1}).tied(
        "West", "North", leverage=1.0
    )


@pytest.mark.parametrize("key", ["support", "pledge"])
def test_m03_m09_what_helps_a_party_may_come_back_through_an_adviser_it_shares_with_its_enemy(plain: Conflict, key):
    """North is helped; South, and with it West, comes to want a truce; West has North's ear."""
    war = shared_adviser(plain)
    assert (war.chance({f"ties.East.North.{key}": 1.0}) > war.chance({f"ties.East.North.{key}": 0.0})).all()


def test_m20_a_threat_may_come_back_through_an_adviser_shared_with_the_enemy(plain: Conflict):
    """South is promised help; West, which follows South, grows confident of victory; West has North's ear."""
    war = shared_adviser(plain)
    assert (war.chance({"ties.West.South.pledge": 1.0}) < war.chance({"ties.West.South.pledge": 0.0})).all()


def test_m09_the_side_whose_strength_will_wane_is_more_willing_not_less(plain: Conflict):
    """No preventive war: South, seeing North's help to come, takes what it can get instead of striking first."""
    waning, steady = plain.chances({"ties.East.North.pledge": 1.5}), plain.chances({"ties.East.North.pledge": 0.1})
    assert (waning[..., SOUTH] > steady[..., SOUTH]).all()


def both_say_yes(conflict: Conflict, changes: dict[str, float]) -> Array:
    return conflict.chances(changes)[0].prod(axis=-1)


def test_m13_equal_support_to_both_sides_of_an_even_war_changes_nothing(plain: Conflict):
    """Strength counts in shares, and the shares stay even: neither the escalation nor its cost is in the model."""
    more = {"ties.East.North.support": 1.2, "ties.West.South.support": 1.2}
    np.testing.assert_allclose(plain.chances(more), plain.chances(), rtol=0, atol=1e-12)


UNEVEN = {"actors.North.strength": 80.0, "actors.South.strength": 20.0}


def test_m13_equal_support_to_both_sides_of_an_uneven_war_makes_agreement_likelier(plain: Conflict):
    """It evens the odds, and even odds are the way to agreement here, where nobody leans on the parties."""
    alone = plain.replace({"ties.East.North.leverage": 0.0, "ties.West.South.leverage": 0.0})
    more = {"ties.East.North.support": 1.2, "ties.West.South.support": 1.2}
    assert (both_say_yes(alone, UNEVEN | more) > both_say_yes(alone, UNEVEN)).all()


def test_m13_sponsors_who_would_close_the_gap_anyway_may_turn_that_around(plain: Conflict):
    """Even odds make North keener and South less keen; but of what North gains, its backer would have pulled a part."""
    more = {"ties.East.North.support": 1.2, "ties.West.South.support": 1.2}
    keener, less_keen = np.moveaxis(plain.chances(UNEVEN | more)[0] - plain.chances(UNEVEN)[0], -1, 0)
    assert (keener > 0).all()
    assert (less_keen < 0).all()
    assert (both_say_yes(plain, UNEVEN | more) < both_say_yes(plain, UNEVEN)).all()


def ideals(conflict: Conflict) -> Array:
    """What every party wants at the start."""
    world, state = open_scenario(conflict.scenario)
    return wishes(state, world)[world.party_index]


def test_m19_a_split_that_halves_the_principals_forces_makes_its_halves_more_willing(plain: Conflict):
    """Shares of a half each become two thirds, a sixth and a sixth: the halves fear to lose, and hold to a truce.

    The wish of each half goes from 0 share beyond even to a sixth below: up, though their enemy's goes down.
    """
    own = {f"ties.{tie}.{key}": 0.0 for tie in ("East.North", "West.South") for key in ("support", "pledge")}
    before = ideals(plain.replace(own))
    after = ideals(plain.replace(own | {"actors.South.strength": 20}).joined_by("Splinter", FACTION | {"strength": 20}))
    assert after[SOUTH] > before[SOUTH]
    assert after[NORTH] < before[NORTH]


def test_m19_one_more_party_without_any_forces_gives_every_other_party_hope(plain: Conflict):
    """Even odds are a half between two and a third between three, whoever the third is.

    So with a prospect of a half each, North and South go from 0 to a sixth beyond even; at 120 points a share their
    wishes fall by 20 points, for the sake of somebody who can do nothing.
    """
    priced = plain.replace({"coefficients.appraisal.gain": 120.0})
    before = ideals(priced)
    after = ideals(priced.joined_by("Bystander", FACTION | {"strength": 0}))
    np.testing.assert_allclose(after[:2] - before, [-20, -20])


def test_m17_peace_with_a_third_makes_a_truce_of_two_less_safe_since_it_heals(plain: Conflict):
    """North and South keep a truce; North still fights Third, or does not. War on another front tires it for this one.

    So a spoiler may steady a truce of others: by going on fighting one of the two.
    """
    three = plain.joined_by("Third", FACTION | {"strength": 40}).replace(QUIET | {"coefficients.battle.hurt": 0.05})
    world, state = open_scenario(three.scenario)
    with_south, with_third = (np.all(world.pairs == pair, axis=-1) for pair in ((0, 1), (0, 2)))
    luck, kept = draw(world, 1, 0).of(slice(0, 1)), np.ones((1, 3))

    def later(bound: Array) -> float:
        now = replace(
            spread(state, 1), truce=np.array([bound]), scope=1.0 * bound[None], strain=np.where(bound, -3.0, 0.0)[None]
        )
        for t in range(10):
            now = advance(now, t, world, replace(luck, truce=luck.truce * 0 + kept))
        return float(hazard(now, world)[0, with_south].item())

    assert later(with_south | with_third) > later(with_south)
