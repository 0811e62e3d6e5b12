"""One run as something to look at: what each snapshot tells, and the moving picture made of them."""

import numpy as np
import pytest
from PIL import Image

from simulation.runs.agents.model import ConflictModel
from simulation.runs.agents.snapshots import snapshots
from simulation.scenario import ScenarioError
from simulation.show.animation import FLASHES, PAUSE, animate, frames
from simulation.show.plots.network import Network
from simulation.show.plots.network_layout import layout

OFFER = """
[[events]]
on = 2020-01-03
label = "A call"
offer = { id = "call", sponsors = ["Friend"], opponents = ["Patron"], to = ["South"] }

[[events]]
on = 2020-01-05
id = "rain"
label = "It rains"
probability = 0
add = { "actors.North.stance" = { best = 5, assumed = "made up" } }

[[events]]
on = 2020-01-06
id = "drums"
label = "Drums"
set = { "actors.Patron.influence" = { best = 80, assumed = "made up" } }
"""


@pytest.fixture
def past(tell, quiet):
    """A run in which South is called upon on the third day and, with a stance of 90, is sure to accept."""
    sure = {"coefficients.answers.temperature": 0.1, "actors.South.stance": 90}
    return list(snapshots(ConflictModel(tell("two", OFFER, quiet | sure))))


def test_there_is_a_moment_for_the_opening_and_one_for_every_step(past):
    assert [snapshot.step for snapshot in past] == list(range(13))
    assert str(past[0].day) == "2020-01-01"
    assert str(past[1].day) == "2020-01-01"  # the end of the first day
    assert str(past[12].day) == "2020-01-12"
    assert past[0].stance == {"North": 20, "South": 90, "Patron": 40, "Friend": 75}


def test_an_offer_is_told_on_its_day_with_who_made_it_and_what_was_said(past):
    (offer,) = past[3].offers
    assert (offer.id, offer.label, offer.sponsors, offer.opponents) == ("call", "A call", ("Friend",), ("Patron",))
    assert offer.answers == {"South": True}  # North is not asked
    assert offer.chances["South"] == pytest.approx(1)
    assert all(not snapshot.offers for snapshot in past if snapshot.step != 3)
    assert (past[3].truce, past[3].truce_before) == (True, False)  # all who were asked have accepted


def test_what_did_not_happen_in_this_run_is_not_told(past):
    assert past[5].news == ()  # rain had no chance
    assert past[6].news == ("Drums",)
    assert past[5].influence["Patron"] == 50
    assert past[6].influence["Patron"] == 80


def test_an_offer_lasts_longer_than_an_empty_day_and_flashes(past):
    assert frames(past[2], 12) == ((True, 1.0),)
    assert frames(past[3], 12) == FLASHES
    assert [bright for bright, _ in FLASHES] == [True, False, True]
    assert frames(past[0], 12) == frames(past[6], 12) == frames(past[12], 12) == ((True, PAUSE),)


def test_of_a_long_run_some_days_are_passed_over_but_no_offer_is(past):
    assert [bool(frames(past[step], 440)) for step in (1, 2, 3, 4)] == [
        False,
        False,
        True,
        True,
    ]  # every fourth, and the offer


def test_a_moment_changes_the_picture_where_it_should_and_leaves_nothing_behind(tell, past):
    network = Network(tell("two", OFFER))
    opening = network.show(past[:1])
    network.show(past[:4])
    network.show(past[:7])  # another influence: drawn anew
    assert np.array_equal(network.show(past[:1]), opening)
    bright, dim = network.show(past[:4]), network.show(past[:4], bright=False)
    assert not np.array_equal(bright, dim)
    assert bright.shape == (552, 640, 4)  # 6.9 by 8 inches of 80 pixels


def test_the_colour_of_a_disc_is_the_stance_of_the_moment(tell, past):
    network = Network(tell("two", OFFER))
    pixels = network.show(past[:1])

    def colour(name, below):
        x, y = network.figure.axes[-1].transData.transform(layout(network.scenario)[name])
        return [int(part) for part in pixels[552 - round(y) + below, round(x), :3]]

    red, green, blue = colour("South", 7)
    assert min(red, green) > blue + 60  # a stance of 90 is yellow
    red, _, blue = colour("North", 9)
    assert blue > red + 30  # one of 20 is blue


@pytest.mark.parametrize("name", ["two", "three", "talks"])
def test_every_kind_of_conflict_makes_a_small_gif(tell, tmp_path, name):
    file = animate(tell(name), tmp_path / "new" / "run.gif", fps=5)
    assert file.stat().st_size < 300_000
    with Image.open(file) as picture:
        assert picture.n_frames == 13
        assert picture.info["loop"] == 0  # for ever
        assert picture.info["duration"] == 600  # the opening stands for three fifths of a second
        assert picture.size == (640, 552)
    assert [left.name for left in (tmp_path / "new").iterdir()] == ["run.gif"]


def test_the_same_run_gives_the_same_bytes_and_another_run_others(two, tmp_path):
    first, again = (animate(two, tmp_path / f"{name}.gif", dpi=30).read_bytes() for name in "ab")
    assert first == again
    assert first != animate(two, tmp_path / "c.gif", dpi=30, run=1).read_bytes()


@pytest.mark.parametrize(
    ("file", "options", "said"),
    [
        ("run.mp4", {}, "an animation is a .gif file"),
        ("run.gif", {"fps": 0}, "between 0.5 and 50 steps a second"),
        ("run.gif", {"dpi": 5000}, "between 20 and 300"),
    ],
)
def test_what_will_not_do_is_said_before_the_work(two, tmp_path, file, options, said):
    with pytest.raises(ScenarioError, match=said):
        animate(two, tmp_path / file, **options)
    assert list(tmp_path.iterdir()) == []
