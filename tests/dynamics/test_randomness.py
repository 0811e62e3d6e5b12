"""Named streams: known numbers, and what may be added without changing anybody's luck."""

from dataclasses import fields, replace

import numpy as np
import pytest
from scipy.stats import kstest, pearsonr

from simulation.dynamics.randomness import BLOCK, LONGEST_KEPT, draw, draw_run, generator
from simulation.runs.setup import open_scenario

OFFER = '[[events]]\non = {}\noffer = {{ id = "{}", sponsors = ["Patron"] }}\n'
CHANCE = '[[events]]\non = {}\nid = "{}"\nprobability = 0.5\nadd = {{ "actors.South.distrust" = 1 }}\n'
STORY = OFFER.format("2020-01-05", "text") + CHANCE.format("2020-01-03", "storm")


def luck(tell, more=STORY, changes=None, *, name="two", seed=1, block=0, blocks=1):
    return draw(open_scenario(tell(name, more, changes))[0], seed, block, blocks)


def same(one, other, names=("stance", "battle", "truce", "answers", "events", "rule")):
    for name in names:
        np.testing.assert_equal(getattr(one, name), getattr(other, name), err_msg=name)


def test_the_numbers_of_a_stream_are_these_and_stay_these():
    # If this fails every published result changes with it: blake2b, SFC64 and the key (seed, stream, name, block).
    np.testing.assert_array_equal(
        generator(1, "stance", "LNA", 0).random(3), [0.4984522957598365, 0.22755019968499668, 0.7709694934324852]
    )
    np.testing.assert_allclose(
        generator(1, "stance", "LNA", 0).standard_normal(2), [2.787925562294205, 0.8164283922440055], rtol=1e-15
    )


def test_every_part_of_the_key_counts():
    keys = [(1, "stance", "LNA", 0), (2, "stance", "LNA", 0), (1, "battle", "LNA", 0), (1, "stance", "GNA", 0)]
    keys += [(1, "stance", "LNA", 1), (1, "stanceL", "NA", 0), (10, "stance", "LNA", 0), (-1, "stance", "LNA", 0)]
    first = {generator(*key).random() for key in keys}
    assert len(first) == len(keys)


def test_a_seed_is_a_number_whatever_its_type():
    assert generator(np.int64(1), "stance", "LNA", 0).random() == generator(1, "stance", "LNA", 0).random()


def test_a_table_holds_the_numbers_of_its_own_stream_run_by_run(tell):
    drawn = luck(tell, seed=7, block=2)
    expected = generator(7, "stance", "Patron", 2).standard_normal((12, BLOCK))
    np.testing.assert_array_equal(drawn.stance[:, :, 2], expected)
    np.testing.assert_array_equal(
        drawn.battle[:, :, 1], generator(7, "battle", "South", 2).standard_normal((12, BLOCK))
    )
    np.testing.assert_array_equal(drawn.truce[:, :, 0], generator(7, "truce", "", 2).random((12, BLOCK)))
    np.testing.assert_array_equal(drawn.answers["text"][:, 1], generator(7, "answer", "text/South", 2).random(BLOCK))
    np.testing.assert_array_equal(drawn.events["storm"][:, 0], generator(7, "event", "storm", 2).random(BLOCK))


def test_every_stream_depends_on_the_seed(tell):
    one, other = luck(tell, seed=1), luck(tell, seed=2)
    for name in ("stance", "battle", "truce"):
        assert not (getattr(one, name) == getattr(other, name)).any(), name
    assert not (one.answers["text"] == other.answers["text"]).any()
    assert not (one.events["storm"] == other.events["storm"]).any()


def test_every_stream_depends_on_the_block(tell):
    one, other = luck(tell, block=0), luck(tell, block=1)
    assert not (one.stance == other.stance).any()
    assert not (one.answers["text"] == other.answers["text"]).any()


def test_blocks_drawn_together_are_the_blocks_drawn_apart(tell):
    together = luck(tell, block=3, blocks=2)
    for number in (0, 1):
        same(together.of(slice(number * BLOCK, (number + 1) * BLOCK)), luck(tell, block=3 + number))


def test_another_actor_leaves_everybodys_luck_as_it_was(tell):
    more = '\n[actors.Stranger]\nroles = ["mediator"]\nstance = 5\nsalience = 5\ninfluence = 5\nassumed = "new"\n'
    before, after = luck(tell), luck(tell, more + STORY)
    np.testing.assert_array_equal(after.stance[..., :4], before.stance)
    same(after, before, ("battle", "truce", "answers", "events"))


def test_another_party_leaves_the_luck_of_the_others_as_it_was(tell):
    more = '\n[actors.Third]\nroles = ["party"]\nstance = 5\nsalience = 5\ninfluence = 5\nassumed = "new"\n'
    before, after = luck(tell), luck(tell, more + STORY)
    np.testing.assert_array_equal(after.battle[..., :2], before.battle)
    np.testing.assert_array_equal(after.answers["text"][:, :2], before.answers["text"])
    np.testing.assert_array_equal(after.truce[..., :1], before.truce)
    same(after, before, ("events",))


def test_every_pair_has_luck_of_its_own_whatever_the_order_of_its_parties(three):
    world, _ = open_scenario(three)
    turned = replace(world, parties=world.parties[::-1])
    one, other = draw(world, 7, 0).truce, draw(turned, 7, 0).truce  # Red Green Blue, and Blue Green Red
    expected = ["Green+Red", "Blue+Red", ""]  # Blue and Green are the first two by name
    for place, name in enumerate(expected):
        np.testing.assert_array_equal(one[..., place], generator(7, "truce", name, 0).random((12, BLOCK)))
    np.testing.assert_array_equal(other, one[..., [2, 1, 0]])


def test_another_event_or_offer_leaves_all_other_luck_as_it_was(tell):
    more = OFFER.format("2020-01-02", "earlier") + CHANCE.format("2020-01-02", "quake")
    before, after = luck(tell), luck(tell, more + STORY)
    same(after, before, ("stance", "battle", "truce"))
    np.testing.assert_array_equal(after.answers["text"], before.answers["text"])
    np.testing.assert_array_equal(after.events["storm"], before.events["storm"])


def test_a_longer_story_begins_with_the_luck_of_the_shorter_one(tell):
    short, long = luck(tell), luck(tell, changes={"steps": 30})
    for name in ("stance", "battle", "truce"):
        np.testing.assert_array_equal(getattr(long, name)[:12], getattr(short, name))
    same(long, short, ("answers", "events"))


def test_names_not_places_key_the_luck(tell, texts):
    # the same actors, listed the other way round
    head, *actors = texts["talks"].split("[actors.")
    last, ties = actors[-1].split("[[ties]]")
    turned = "[actors.".join([head, last, actors[1], actors[0]]) + "[[ties]]" + ties
    from simulation.scenario.files import load_text

    forward = luck(tell, "", name="talks")
    backward = draw(open_scenario(load_text(turned, "turned"))[0], 1, 0)
    np.testing.assert_array_equal(backward.stance[..., ::-1], forward.stance)


def test_numbers_are_spread_as_they_should_be_and_independent_of_one_another(tell):
    # One fixed seed, so this either always passes or never; the bounds are those of an honest test at 1 in 1,000.
    drawn = luck(tell, changes={"steps": 40}, seed=20200108)
    for table in (drawn.stance, drawn.battle):
        for place in range(table.shape[-1]):
            assert kstest(table[..., place].ravel(), "norm").pvalue > 0.001
    for table in (drawn.truce, drawn.answers["text"], drawn.events["storm"]):
        assert kstest(table.ravel(), "uniform").pvalue > 0.001
    flat = drawn.stance.reshape(-1, 4)
    for one, other in ((flat[:, 0], flat[:, 1]), (flat[:, 2], flat[:, 3]), (flat[:-1, 0], flat[1:, 0])):
        assert pearsonr(one, other).pvalue > 0.001
    assert pearsonr(drawn.stance[0, :, 0], drawn.stance[1, :, 0]).pvalue > 0.001  # step by step
    assert pearsonr(drawn.stance[..., 0].ravel(), drawn.battle[..., 0].ravel()).pvalue > 0.001  # one name, two streams
    assert pearsonr(*drawn.answers["text"].T).pvalue > 0.001  # two parties, one offer


def test_the_luck_of_one_run_is_its_row_and_of_some_runs_their_rows(tell):
    block = luck(tell)
    one, some = block.of(13), block.of(slice(0, 20))
    for field in fields(block):
        whole, row, rows = (getattr(some_luck, field.name) for some_luck in (block, one, some))
        if isinstance(whole, dict):
            for name, table in whole.items():
                np.testing.assert_array_equal(row[name], table[13])
                np.testing.assert_array_equal(rows[name], table[:20])
        else:
            np.testing.assert_array_equal(row, whole[:, 13])
            np.testing.assert_array_equal(rows, whole[:, :20])


def test_a_step_gets_the_row_of_its_step(tell):
    block = luck(tell)
    np.testing.assert_array_equal(block.at(5).stance, block.stance[5])
    np.testing.assert_array_equal(block.at(5).truce, block.truce[5])
    np.testing.assert_array_equal(block.at(5).battle, block.battle[5])


@pytest.mark.parametrize("steps", [LONGEST_KEPT, LONGEST_KEPT + 1])
def test_a_run_drawn_by_itself_has_its_row_of_its_block(tell, steps):
    """The second run of a block is read off what was kept of the first, up to a length; another seed has its own."""
    world, _ = open_scenario(tell("two").replace({"steps": steps}))
    for seed, block, number in ((3, 2, 13), (3, 2, 14), (4, 2, 14), (3, 1, 14)):
        alone, row = draw_run(world, seed, block * BLOCK + number), draw(world, seed, block).of(number)
        for field in fields(row):
            one, other = getattr(alone, field.name), getattr(row, field.name)
            if isinstance(other, dict):
                assert one.keys() == other.keys()
                for name, table in other.items():
                    np.testing.assert_array_equal(one[name], table, strict=True)
            else:
                np.testing.assert_array_equal(one, other, strict=True)
