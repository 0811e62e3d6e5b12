"""What theory says of how long a truce holds, whom it binds and how it ends, on made-up conflicts.

Hazards are compared in the same state, or the same runs are watched twice with one thing changed: a truce that binds
all whom the offer would bind has to do so in the other version too, run by run and step by step. ``docs/theory.md`` has
the sources.
"""

from dataclasses import replace

import numpy as np
from conflicts import FACTION, QUIET, RUNS, Conflict, between, conflicts, share
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from simulation.dynamics.answers import OfferOnTable, acceptance, willingness
from simulation.dynamics.battle import fight
from simulation.dynamics.state import Array, Flags, State, World
from simulation.dynamics.truce import BROKEN, LAPSED, begin, bound, cumulative_hazard, hazard, hold

EXACT = 1e-12


def struck(state: State, offer: OfferOnTable, world: World, answer: float = 1.0) -> State:
    """The state once all who are asked have answered alike: a truce of every pair that the offer binds, at once."""
    offer = replace(offer, delay=0.0)
    answers = np.where(offer.addressed, answer, np.nan) + np.zeros_like(state.control)
    return begin(state, offer, answers, willingness(state, offer, world).pressure, world)


def struck_hazard(state: State, offer: OfferOnTable, world: World, answer: float = 1.0) -> Array:
    """The daily hazards of the truces on the terms of this offer, shape (RUNS, pairs that it binds)."""
    return hazard(struck(state, offer, world, answer), world)[:, bound(offer, world)]


def of_pairs(world: World, pairs: Flags) -> Flags:
    """Which parties are in some of the pairs, shape (..., m)."""
    return np.stack(
        [(pairs & (world.pairs == party).any(axis=-1)).any(axis=-1) for party in range(len(world.parties))], axis=-1
    )


@given(conflict=conflicts(), more=between(0.05, 1))
@settings(max_examples=40)
def test_m07_m16_monitoring_never_shortens_a_truce(conflict: Conflict, more: float):
    """Watched more closely, a truce starts wherever it did, is less at risk, and is in force whenever it was."""
    key = "events.offer.offer.monitoring"
    assert (conflict.in_force({key: more}) >= conflict.in_force({key: 0.0})).all()
    state, offer, world = conflict.when_asked()
    watched, alone = (struck_hazard(state, replace(offer, monitoring=amount), world) for amount in (more, 0.0))
    assert (watched < alone).all()


@given(conflict=conflicts())
@settings(max_examples=40)
def test_m16_a_signed_text_holds_better_than_a_declaration_once_there_is_one(conflict: Conflict):
    state, offer, world = conflict.when_asked()
    signed, declared = (struck_hazard(state, replace(offer, signed=signed), world) for signed in (True, False))
    assert (signed < declared).all()


@given(conflict=conflicts(), leverage=between(0, 1))
@settings(max_examples=40)
def test_m15_a_truce_bought_by_pressure_never_holds_longer(conflict: Conflict, leverage: float):
    """The backer leans on the party for the truce, keenly, or holds its tongue: same parties of the same mind."""
    state, offer, world = conflict.when_asked()
    backer, party = world.actors.index(conflict.backer), world.actors.index(conflict.party)
    stance, lever = state.stance.copy(), np.array(state.leverage)
    stance[:, backer], lever[backer, party] = 100.0, leverage
    state = replace(state, stance=stance, leverage=lever)
    others = np.array([place for place in offer.sponsors if place != backer], dtype=np.intp)
    offer = replace(offer, sponsors=others, opponents=np.array([], dtype=np.intp))
    pressed = replace(offer, sponsors=np.append(others, backer))
    free, imposed = struck_hazard(state, offer, world), struck_hazard(state, pressed, world)
    assert (imposed >= free * (1 - EXACT)).all()
    if others.size == 0 and leverage * conflict.scenario.actors[conflict.backer].salience.best > 0:
        # Nobody else presses anybody, so the hazard rises wherever the party could be pushed at all.
        its = of_pairs_with(world, conflict.party)[bound(offer, world)]
        assert (imposed > free)[state.stance[:, party] < 99][:, its].all()


def of_pairs_with(world: World, party: str) -> Flags:
    """Which pairs a party is in, shape (P,)."""
    return (world.pairs == world.parties.index(party)).any(axis=-1)


@given(conflict=conflicts(), spoiler=st.integers(0, 11), stance=between(0, 100))
@settings(max_examples=40)
def test_m17_whoever_is_more_set_on_war_never_makes_a_truce_hold_longer(conflict, spoiler, stance):
    """A spoiler inside a party or beside it: its stance and its wish fall from wherever they were to a lower one."""
    name = list(conflict.scenario.actors)[spoiler % len(conflict.scenario.actors)]
    actor = conflict.scenario.actors[name]
    lower = {f"actors.{name}.stance": min(stance, actor.stance.best), f"actors.{name}.base": min(0.0, actor.base.best)}
    assert (conflict.in_force(lower) <= conflict.in_force()).all()


@given(conflict=conflicts(), fall=between(5, 100))
@settings(max_examples=40)
def test_m17_the_hazard_of_a_pair_is_that_of_the_less_willing_of_the_two(conflict: Conflict, fall: float):
    """One party sours: the hazard of its pairs rises where it is the less willing now; no other hazard moves."""
    state, offer, world = conflict.when_asked()
    agreed, place = struck(state, offer, world), world.party_index[0]
    stance = state.stance.copy()
    stance[:, place] = np.maximum(stance[:, place] - fall, 0.0)
    before, after = hazard(agreed, world), hazard(replace(agreed, stance=stance), world)
    for number, pair in enumerate(world.pairs):
        least = state.stance[:, world.party_index[pair]].min(axis=-1)
        worse = (stance[:, place] < least) & (0 in pair)
        assert (after[worse, number] > before[worse, number]).all()
        np.testing.assert_array_equal(after[~worse, number], before[~worse, number])


@given(conflict=conflicts(), stance=between(0, 100), base=between(-20, 120))
@settings(max_examples=40)
def test_m19_a_faction_with_a_gun_at_the_table_never_makes_a_truce_likelier_or_longer(conflict, stance, base):
    """A splinter that takes no forces and no ground from its principal, and is asked along with it.

    The fortune of battle is left out: drawn for another party, it would be another war.
    """
    everybody = list(conflict.scenario.parties)
    whole = conflict.replace({"coefficients.battle.noise": 0.0, "events.offer.offer.to": everybody})
    principal = conflict.scenario.actors[conflict.party]
    splinter = {
        "roles": ["party"],
        "stance": min(stance, principal.stance.best),
        "base": min(base, principal.base.best),
        "salience": principal.salience.best,
        "influence": principal.influence.best,
        "strength": 0.0,
        "control": 0.0,
        "exhaustion": 1.0,  # so that it is not the one that the war does not hurt
        "assumed": "made up",
    }
    split = whole.joined_by("Splinter", splinter).replace({"events.offer.offer.to": [*everybody, "Splinter"]})
    assert (split.in_force() <= whole.in_force()).all()


@given(conflict=conflicts(), breach=between(0, 60))
@settings(max_examples=40)
def test_m08_a_truce_broken_makes_the_betrayed_no_more_willing_next_time(conflict: Conflict, breach: float):
    """More so, the more a breach counts; whoever broke it, and whom it did not bind, are as willing as they were."""
    state, offer, world = conflict.when_asked()
    assume(bound(offer, world).any())  # who halts its own attacks and asks nobody else is bound to nobody
    agreed = struck(state, offer, world)
    lucky = np.where(np.arange(len(world.pairs)) == bound(offer, world).argmax(), 0.0, 1.0)  # the first one is broken

    def next_time(counts: float) -> Array:
        harder = replace(world, truces=world.truces.model_copy(update={"breach": counts}))
        after = hold(agreed, agreed.truce, lucky + np.zeros(agreed.truce.shape), harder)
        assert (after.ending == BROKEN).sum() == RUNS
        return acceptance(willingness(after, offer, world).total, world).yes

    change = next_time(breach) - next_time(0.0)
    assert (change <= EXACT).all()
    pair = world.pairs[bound(offer, world).argmax()]
    stance = state.stance[:, world.party_index[pair]]
    breaker = pair[stance.argmin(axis=-1)]
    alone = stance[:, 0] != stance[:, 1]
    assert (np.abs(change[np.arange(RUNS), breaker])[alone] <= EXACT).all()
    assert (np.abs(np.delete(change, pair, axis=-1)) <= EXACT).all()


@given(conflict=conflicts(), momentum=between(-0.02, 0.02))
@settings(max_examples=40)
def test_m18_how_the_war_went_has_no_bearing_on_the_hazard_but_through_the_parties_minds(conflict, momentum):
    """Not claimed: a clear outcome of battle does not steady a truce in this model, nor shake it, in the same state."""
    state, offer, world = conflict.when_asked()
    agreed = struck(state, offer, world)
    won = replace(agreed, momentum=agreed.momentum + momentum, control=agreed.control[:, ::-1])
    np.testing.assert_array_equal(hazard(won, world), hazard(agreed, world))


@given(conflict=conflicts(), shape=between(0.1, 0.95), age=between(0, 200), older=between(0.5, 300))
@settings(max_examples=40)
def test_m24_an_older_truce_is_safer_where_the_shape_is_below_one(conflict: Conflict, shape, age, older):
    """The same truce in the same state, had it held for longer; with shape 1 its age counts for nothing."""
    state, offer, world = conflict.when_asked()
    for one in (shape, 1.0):
        ageing = replace(world, truces=world.truces.model_copy(update={"shape": one}))
        agreed = struck(state, offer, ageing)
        young, old = (
            cumulative_hazard(replace(agreed, age=agreed.age * 0 + days), ageing) for days in (age, age + older)
        )
        assert (old < young).all() if one < 1 else (old == young).all()


@given(conflict=conflicts())
@settings(max_examples=40)
def test_m25_the_end_of_a_term_costs_no_trust(conflict: Conflict):
    """A truce whose days are over ends as one that was to last does not; nobody trusts anybody less for it."""
    state, offer, world = conflict.when_asked()
    offer = replace(offer, kind="call")  # so that nobody halts alone
    binds = bound(offer, world)
    kept = np.ones((RUNS, len(world.pairs)))  # luck above any hazard
    over, open_ended = (struck(state, replace(offer, days=days), world) for days in (world.step_days, np.inf))
    for _ in range(2):  # the step in which it is agreed, and the one that it lasts
        over, open_ended = (hold(one, one.truce, kept, world) for one in (over, open_ended))
    assert (over.ending[:, binds] == LAPSED).all()
    assert not over.truce.any()
    assert open_ended.truce[:, binds].all()
    np.testing.assert_array_equal(over.distrust, open_ended.distrust)
    assert (over.distrust <= state.distrust).all()


@given(conflict=conflicts(parties=3), scope=share, luck=st.lists(between(-3, 3), min_size=4, max_size=4))
@settings(max_examples=40)
def test_m26_a_truce_of_two_leaves_the_thirds_fighting_as_it_was(conflict: Conflict, scope: float, luck: list[float]):
    """It is hurt as before, and gains and loses ground as fast; what the other two do with theirs tells later."""
    state, _, world = conflict.when_asked()
    two = np.all(world.pairs == (0, 1), axis=-1)
    peace = replace(state, truce=state.truce | two, scope=np.where(two, scope, 0.0))
    third = np.arange(len(world.parties)) > 1
    drawn, none = np.array(luck[: len(world.parties)]), np.zeros(len(world.parties))
    calm, war = (fight(one, one.control, drawn, world.battle, world.step_days).exhaustion for one in (peace, state))
    np.testing.assert_allclose(calm[:, third], war[:, third], rtol=0, atol=EXACT)
    assert (calm[:, ~third] <= war[:, ~third] + EXACT).all()
    moment = 1e-4  # days
    calm, war = (fight(one, one.control, none, world.battle, moment).control for one in (peace, state))
    np.testing.assert_allclose(calm[:, third] / moment, war[:, third] / moment, rtol=0, atol=1e-7)  # ground a day


def test_m26_in_a_plain_war_of_three_the_third_is_hurt_as_much_to_the_last_day(plain: Conflict):
    """Whether the other two have agreed or not; they are hurt by Third alone."""
    three = plain.joined_by("Third", FACTION | {"strength": 40}).replace(
        QUIET | {"events.offer.offer.to": ["North", "South"], "coefficients.truces.declared_days": 3650}
    )
    sure = {"coefficients.answers.temperature": 0.1, "coefficients.answers.bar_call": 0.0}
    agreed, refused = (three.run(sure | {"coefficients.answers.threshold": bar}) for bar in (0.0, 100.0))
    assert three.scenario.parties[2] == "Third"
    assert (agreed.pair_truce[-1] == [True, False, False]).all()
    assert not refused.pair_truce.any()
    np.testing.assert_allclose(agreed.exhaustion[..., 2], refused.exhaustion[..., 2], rtol=1e-12)
    assert (agreed.exhaustion[-1, :, :2] < refused.exhaustion[-1, :, :2]).all()


@given(conflict=conflicts(parties=3))
@settings(max_examples=40)
def test_m26_an_offer_to_two_leaves_every_other_pair_as_it_was(conflict: Conflict):
    """In war or under a truce of its own."""
    state, offer, world = conflict.when_asked()
    everybody = replace(offer, addressed=np.ones(len(world.parties), dtype=bool), kind="call")
    two = np.all(world.pairs == (0, 1), axis=-1)
    only = replace(everybody, addressed=np.arange(len(world.parties)) < 2, signed=not offer.signed, days=1000.0)
    for before in (state, struck(state, everybody, world)):
        after = struck(before, only, world)
        assert after.truce[:, two].all()
        for name in ("truce", "strain", "age", "scope", "left", "ending"):
            now, then = (np.broadcast_to(getattr(one, name), after.truce.shape)[:, ~two] for one in (after, before))
            np.testing.assert_array_equal(now, then, err_msg=name)


@given(conflict=conflicts(), shift=between(0.5, 10), more=between(5, 100), turned=st.integers(0, 3))
@settings(max_examples=40)
def test_m27_power_that_has_shifted_since_they_agreed_never_makes_a_truce_safer(conflict, shift, more, turned):
    """Whoever of the two it has gone to; and what changes nothing between the two changes nothing in their truce."""
    state, offer, world = conflict.when_asked()
    world = replace(world, truces=world.truces.model_copy(update={"shift": shift}))
    agreed, party = struck(state, offer, world), turned % len(world.parties)
    strength = np.array(agreed.strength)
    strength[..., party] = strength[..., party] + more
    before, after = hazard(agreed, world), hazard(replace(agreed, strength=strength), world)
    its = (world.pairs == party).any(axis=-1) & bound(offer, world)
    assert (after[:, its] >= before[:, its] * (1 - EXACT)).all()
    off = replace(world, truces=world.truces.model_copy(update={"shift": 0.0}))
    np.testing.assert_array_equal(hazard(replace(agreed, strength=strength), off), hazard(agreed, off))
    others = ~(world.pairs == party).any(axis=-1) & bound(offer, world)
    np.testing.assert_allclose(after[:, others], before[:, others], rtol=1e-9)


@given(conflict=conflicts())
@settings(max_examples=40)
def test_m28_a_yes_with_conditions_makes_for_no_larger_and_no_safer_a_truce(conflict: Conflict):
    state, offer, world = conflict.when_asked()
    half, full = (struck_hazard(state, offer, world, answer) for answer in (0.5, 1.0))
    assert (half > full).all()
    half, full = (struck(state, offer, world, answer).scope[:, bound(offer, world)] for answer in (0.5, 1.0))
    assert (half < full).all()
    some, whole = conflict.chances()
    assert (whole <= some).all()  # and it is never the harder one to come by


@given(conflict=conflicts(), scope=share, more=share)
@settings(max_examples=40)
def test_m29_a_truce_that_stills_more_of_the_fighting_spares_those_whom_it_binds(conflict, scope, more):
    state, offer, world = conflict.when_asked()
    assume(scope != more)
    small, large = (struck(state, replace(offer, scope=one), world) for one in sorted((scope, more)))
    luck = np.zeros(len(world.parties))
    tired, spared = (fight(one, one.control, luck, world.battle, world.step_days).exhaustion for one in (small, large))
    assert (spared <= tired + EXACT).all()
    inside = (tired > 0) & (tired < 1) & of_pairs(world, bound(offer, world))
    assert (spared < tired)[inside].all()
