"""What theory says of the chance of a yes, on made-up conflicts: one thing is moved, all else and all luck the same.

Every claim is tried on generated conflicts, where it may never go the wrong way, and on one plain conflict, where it
has to go the right way by something. ``docs/theory.md`` has the sources, and what these tests do not show.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pytest
from conflicts import Conflict, between, conflicts, points
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.dynamics.answers import worth

EXACT = 1e-12
"""Chances that differ by less are the same number, added up in another order."""

NO_STALEMATE = {"coefficients.appraisal.stalemate": 0.0}
"""See test_limits.py for what a hurting stalemate does to these claims."""

ONE_SIDED = {"coefficients.appraisal.one_sided": 1.0}
"""Where a party judges a stalemate by its own advance alone, these claims need no such condition."""

STILL = {"coefficients.opinion.noise": 0.0}

Compared = tuple[np.ndarray, np.ndarray]
"""Chances before and after."""


@dataclass(frozen=True)
class Claim:
    """A property of a party's answer."""

    mechanism: str
    sentence: str
    compare: Callable[[Conflict, float], Compared]  # given the size of the change, above 0 and up to 1
    rises: bool
    camps: bool = False  # claimed only where the war's effect on others does not return through shared advisers


def costs_of_all(conflict: Conflict, size: float) -> Compared:
    costs = {f"events.shock.add.actors.{party}.exhaustion": size for party in conflict.scenario.parties}
    return conflict.chances(), conflict.chances(costs)


def costlier_fighting(conflict: Conflict, size: float) -> Compared:
    hurt = conflict.scenario.coefficients.battle.hurt
    return conflict.chances(), conflict.chances({"coefficients.battle.hurt": hurt + size * (0.1 - hurt)})


def squeeze(conflict: Conflict, size: float) -> Compared:
    key = f"actors.{conflict.party}.squeeze"
    return conflict.chances({key: 0.0}), conflict.chances({key: 0.05 * size})


def support(conflict: Conflict, size: float, changes: dict[str, float] = NO_STALEMATE) -> Compared:
    key, war = f"ties.{conflict.backer}.{conflict.party}.support", conflict.replace(changes)
    return war.chance({key: 0.0}), war.chance({key: 2 * size})


def pledge(conflict: Conflict, size: float) -> Compared:
    key = f"ties.{conflict.backer}.{conflict.party}.pledge"
    return conflict.chance({key: 0.0}), conflict.chance({key: 2 * size})


def threat(conflict: Conflict, size: float) -> Compared:
    key = f"ties.{conflict.patron}.{conflict.rival}.pledge"
    return conflict.chance({key: 0.0}), conflict.chance({key: 2 * size})


def gain(conflict: Conflict, size: float, changes: dict[str, float] = NO_STALEMATE) -> Compared:
    ground, war = f"events.shock.add.actors.{conflict.party}.control", conflict.replace(changes)
    return war.chance(), war.chance({ground: 0.3 * size})


def loss(conflict: Conflict, size: float, changes: dict[str, float] = NO_STALEMATE) -> Compared:
    ground, war = f"events.shock.add.actors.{conflict.party}.control", conflict.replace(changes)
    return war.chance(), war.chance({ground: -0.3 * size})


def silenced(conflict: Conflict) -> Conflict:
    """The backer says nothing on the offer. Were it the only sponsor, the party itself, which nobody hears, is."""
    sponsors = [name for name in conflict.sponsors if name != conflict.backer] or [conflict.party]
    opponents = [name for name in conflict.opponents if name not in (conflict.backer, *sponsors)]
    return conflict.replace({"events.offer.offer.sponsors": sponsors, "events.offer.offer.opponents": opponents})


def mediator(conflict: Conflict, size: float) -> Compared:
    silent = silenced(conflict)
    more = [*silent.sponsors, conflict.backer]
    return silent.chances(), silent.replace({"events.offer.offer.sponsors": more}).chances()


def opponent(conflict: Conflict, size: float) -> Compared:
    silent = silenced(conflict)
    more = [*silent.opponents, conflict.backer]
    return silent.chances(), silent.replace({"events.offer.offer.opponents": more}).chances()


def monitoring(conflict: Conflict, size: float) -> Compared:
    key = "events.offer.offer.monitoring"
    return conflict.chances({key: 0.0}), conflict.chances({key: size})


def distrust(conflict: Conflict, size: float) -> Compared:
    key = f"actors.{conflict.party}.distrust"
    return conflict.chance({key: 0.0}), conflict.chance({key: 100 * size})


def keener_backer(conflict: Conflict, size: float) -> Compared:
    stance, base = f"actors.{conflict.backer}.stance", f"actors.{conflict.backer}.base"
    return conflict.chances({stance: 0.0, base: 0.0}), conflict.chances({stance: 100 * size, base: 100 * size})


def ear_of(conflict: Conflict, size: float, **backer: float) -> Compared:
    """The backer, a lone voice of one mind, is listened to by the party, or not at all."""
    leverage = f"ties.{conflict.backer}.{conflict.party}.leverage"
    fixed = STILL | conflict.alone(conflict.backer) | {f"actors.{conflict.backer}.{key}": backer[key] for key in backer}
    return conflict.chance(fixed | {leverage: 0.0}), conflict.chance(fixed | {leverage: size})


def ear_of_a_hawk(conflict: Conflict, size: float) -> Compared:
    return ear_of(conflict, size, stance=0.0, base=0.0)


def ear_of_a_dove(conflict: Conflict, size: float) -> Compared:
    others = [name for name in conflict.opponents if name != conflict.backer]
    return ear_of(conflict.replace({"events.offer.offer.opponents": others}), size, stance=100.0, base=100.0)


def concession(conflict: Conflict, size: float) -> Compared:
    """What is offered on the line comes nearer to where the party would have it."""
    offered, want = conflict.scenario.events[1].offer.terms["line"].best, wanted(conflict)
    key = "events.offer.offer.terms.line"
    return conflict.chance({key: offered}), conflict.chance({key: offered + size * (want - offered)})


def moderation(conflict: Conflict, size: float) -> Compared:
    """Where the party would have the line comes nearer to what is offered."""
    offered, want = conflict.scenario.events[1].offer.terms["line"].best, wanted(conflict)
    key = f"wants.{conflict.party}.line.want"
    return conflict.chance({key: want}), conflict.chance({key: want + size * (offered - want)})


def wanted(conflict: Conflict) -> float:
    """Where the watched party would have the line."""
    return next(one.want.best for one in conflict.scenario.wants if (one.party, one.issue) == (conflict.party, "line"))


def dearer(conflict: Conflict, size: float) -> Compared:
    """The party, to which the offer gives something on the whole, comes to care more for what is haggled over."""
    key = "coefficients.answers.content"
    less, more = conflict.chance({key: 0.0}), conflict.chance({key: 100 * size})
    state, offer, world = conflict.when_asked()
    place = conflict.scenario.parties.index(conflict.party)
    gains = worth(state, offer, world)[..., place, :].sum(axis=-1) >= 0
    return np.where(gains, less, more), np.where(gains, more, less)


CLAIMS = [
    Claim("M01", "what costs every side makes none of them less willing", costs_of_all, rises=True),
    Claim("M02", "costlier fighting makes nobody less willing", costlier_fighting, rises=True),
    Claim("M03", "support makes a party no more willing", support, rises=False, camps=True),
    Claim("M04", "another mediator makes nobody less willing", mediator, rises=True),
    Claim("M05", "ground just won makes the winner no more willing", gain, rises=False, camps=True),
    Claim("M06", "ground just lost makes the loser no less willing", loss, rises=True, camps=True),
    Claim("M07", "monitoring makes nobody less willing", monitoring, rises=True),
    Claim("M08", "distrust makes a party no more willing", distrust, rises=False),
    Claim("M09", "strength to come makes a party no more willing now", pledge, rises=False, camps=True),
    Claim("M11", "a keener backer makes nobody less willing", keener_backer, rises=True),
    Claim("M11", "an ear for the keenest voice makes a party no less willing", ear_of_a_dove, rises=True),
    Claim("M12", "a backer that opposes the offer makes nobody more willing", opponent, rises=False),
    Claim("M12", "an ear for the voice most set on war makes a party no more willing", ear_of_a_hawk, rises=False),
    Claim("M20", "a threat in the rival's favour makes a party no less willing", threat, rises=True, camps=True),
    Claim("M21", "a squeeze on one party's income makes nobody less willing", squeeze, rises=True),
    Claim("M22", "a concession makes its receiver no less willing", concession, rises=True),
    Claim("M22", "terms count for those whom they serve and against those whom they cost", dearer, rises=True),
    Claim("M23", "a demand that moves towards the offer makes nobody less willing", moderation, rises=True),
]

CLAIMS += [
    Claim(
        claim.mechanism,
        f"{claim.sentence}, stalemate or not, if one-sided",
        partial(how, changes=ONE_SIDED),
        claim.rises,
        True,
    )
    for how in (support, gain, loss)
    for claim in CLAIMS
    if claim.compare is how
]

every_claim = pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: f"{claim.mechanism}: {claim.sentence}")


@every_claim
@given(data=st.data(), size=between(0.05, 1))
@settings(max_examples=40)
def test_the_chance_never_goes_the_other_way(claim: Claim, data: st.DataObject, size: float):
    conflict = data.draw(conflicts(camps=claim.camps))
    before, after = claim.compare(conflict, size)
    assert ((after - before) * (1 if claim.rises else -1) >= -EXACT).all()


@every_claim
def test_in_a_plain_conflict_the_chance_does_move(claim: Claim, plain: Conflict):
    before, after = claim.compare(plain, 0.8)
    assert ((after - before) * (1 if claim.rises else -1) > 1e-4).any()


@given(conflict=conflicts(), stance=between(0, 100), salience=between(0, 100), influence=between(0, 100))
@settings(max_examples=40)
def test_m11_who_has_neither_leverage_nor_support_changes_nothing_at_all(conflict, stance, salience, influence):
    """Whatever it wants and however mighty it is, and whether it speaks for the offer or against it: not one bit."""
    name = conflict.backer
    idle = {
        f"ties.{name}.{tie.target}.{key}": 0.0
        for tie in conflict.scenario.ties
        for key in ("leverage", "support", "pledge", "follows")
        if tie.source == name and getattr(tie, key) is not None
    }
    loud = {"stance": stance, "base": stance, "salience": salience, "influence": influence}
    before = conflict.run(idle)
    after = conflict.run(idle | {f"actors.{name}.{key}": value for key, value in loud.items()})
    for what in ("chance", "answer", "truce", "control", "exhaustion", "distrust"):
        np.testing.assert_array_equal(getattr(after, what), getattr(before, what))
    others = [place for place, actor in enumerate(conflict.scenario.actors) if actor != name]
    np.testing.assert_array_equal(after.stance[..., others], before.stance[..., others])


@given(conflict=conflicts(), role=st.sampled_from(["backer", "mediator", "proxy", "ally"]))
@settings(max_examples=40)
def test_m10_a_patron_presses_no_less_than_a_neutral_of_the_same_leverage_nor_more(conflict, role):
    """What it is called and which side it is filed under count for nothing: bias is in the ties."""
    relabelled = conflict.replace(
        {
            f"actors.{conflict.backer}.roles": [role],
            f"actors.{conflict.backer}.side": conflict.party if role == "backer" else "neutral",
        }
    )
    np.testing.assert_array_equal(relabelled.chances(), conflict.chances())


@given(conflict=conflicts(), offered=points, now=points, want=points)
@settings(max_examples=40)
def test_m22_what_a_party_does_not_care_about_moves_it_not_one_bit(conflict: Conflict, offered, now, want):
    """On an issue that weighs nothing with it: however things stand, whatever is offered, wherever it would have it."""
    alone = all(one.issue == "line" for one in conflict.scenario.wants)
    idle = {"coefficients.answers.content": 50.0, f"wants.{conflict.party}.line.weight": 0.0}
    turned = {
        "events.offer.offer.terms.line": offered,
        "issues.line.now": now,
        f"wants.{conflict.party}.line.want": want,
    }
    np.testing.assert_array_equal(conflict.chance(idle | turned), conflict.chance(idle))
    if alone:  # nothing else is haggled over, so that terms count for nothing at all with it
        np.testing.assert_array_equal(conflict.chance(idle), conflict.chance({"coefficients.answers.content": 0.0}))
