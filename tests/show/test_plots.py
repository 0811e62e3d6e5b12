"""What the pictures show is what the result says."""

import itertools
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from awkward import conflict, faults
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import FillBetweenPolyCollection
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Polygon
from scipy.optimize import isotonic_regression
from scipy.stats import binomtest

import simulation as sim
from simulation.runs.results import quantiles_of
from simulation.scenario import ScenarioError
from simulation.scenario.files import load_text
from simulation.show.plots import (
    figure_stances,
    figure_ties,
    figures,
    looks,
    plot_answers,
    plot_control,
    plot_exhaustion,
    plot_stances,
    plot_ties,
    plot_truce_survival,
    save_figures,
)
from simulation.show.plots.answers import DODGE, apart
from simulation.show.plots.compare import strongest
from simulation.show.plots.dates import Mark, spots
from simulation.show.plots.labels import Box, ascending, beside, folded, shortened, spread, width
from simulation.show.plots.network_layout import layout
from simulation.show.plots.page import head
from simulation.show.plots.palette import OTHERS, PARTIES, ink, luminance
from simulation.show.plots.words import lever_words, measure_words

WARS = Path(__file__).parents[2] / "scenarios/wars"

OFFER = """
[[events]]
on = 2020-01-03
label = "The {price} plan"
offer = {{ id = "plan", sponsors = ["{sponsor}"] }}
"""


@pytest.fixture(scope="module")
def january(libya):
    """January 2020, often enough to draw."""
    return sim.condense(sim.run_ensemble(libya, runs=100, seed=1))


@pytest.fixture(scope="module")
def pages(january):
    """Every picture of it."""
    return figures(january)


@pytest.fixture
def ax():
    return Figure(figsize=(9, 4)).add_axes((0.1, 0.1, 0.75, 0.8))


def texts(ax):
    return [text.get_text() for text in ax.texts]


def lines(ax):
    return {line.get_label(): line for line in ax.lines}


def bands(ax):
    return [band for band in ax.collections if isinstance(band, FillBetweenPolyCollection)]


# Stances, ground, exhaustion


def test_every_actor_of_a_side_has_two_bands_a_median_and_its_name(january, ax):
    plot_stances(january, ax, side="GNA")
    side = ["GNA", "Turkey", "Syrians", "Qatar", "Italy", "Militias"]
    assert len(bands(ax)) == 2 * len(side)
    assert {text.rsplit(" ", 1)[0] for text in texts(ax)} == set(side)
    for name in side:
        median = january.stance_quantile.sel(actor=name, quantile=0.5).values
        np.testing.assert_array_equal(lines(ax)[name].get_ydata(), median)


def test_a_band_reaches_from_its_low_to_its_high_quantile(january, ax):
    plot_stances(january, ax, actors=["LNA"])
    outer = next(band for band in bands(ax) if "5–95" in band.get_label() and "25" not in band.get_label())
    drawn = outer.get_paths()[0].vertices[:, 1]
    quantiles = january.stance_quantile.sel(actor="LNA")
    assert drawn.min() == quantiles.sel(quantile=0.05).min()
    assert drawn.max() == quantiles.sel(quantile=0.95).max()


def test_an_unknown_actor_or_side_is_named_with_the_nearest_known(january, ax):
    with pytest.raises(ScenarioError, match="Did you mean 'Turkey'"):
        plot_stances(january, ax, actors=["Turky"])
    with pytest.raises(ScenarioError, match="no side 'Neutral'"):
        plot_stances(january, ax, side="Neutral")


def test_there_is_a_panel_a_side_and_everybody_is_in_one(january, libya):
    panels = [panel for panel in figure_stances(january).axes if panel.get_title(loc="left")]
    assert [panel.get_title(loc="left") for panel in panels] == [
        "LNA and those on its side",
        "GNA and those on its side",
        "Neutral",
    ]
    drawn = [label for panel in panels for label in lines(panel) if not label.startswith("_")]
    assert sorted(drawn) == sorted(libya.actors)


def test_names_at_line_ends_do_not_overprint(january):
    for panel in figure_stances(january).axes:
        heights = sorted(text.get_position()[1] for text in panel.texts if panel.get_title(loc="left"))
        up = panel.get_position().height * panel.figure.get_figheight() * 72
        assert all(above - below > 8 / up for below, above in itertools.pairwise(heights))


def test_control_and_exhaustion_are_those_of_the_parties(january):
    for plot, name, scale in ((plot_control, "control", 100), (plot_exhaustion, "exhaustion", 1)):
        ax = plot(january, Figure().add_axes((0.1, 0.1, 0.7, 0.8)))
        assert len(bands(ax)) == 4
        median = quantiles_of(january, name).sel(party="GNA", quantile=0.5).values * scale
        np.testing.assert_allclose(lines(ax)["GNA"].get_ydata(), median)


# Answers


def test_chances_stand_at_their_dates_with_their_wilson_intervals(january, ax):
    plot_answers(january, ax, ["LNA"])
    bars = next(container for container in ax.containers if container.get_label() == "LNA")
    assert bars[0].get_xdata()[0] == date2num(np.datetime64("2020-01-08"))
    accepted = int(january.accepted.sel(offer="moscow-ankara-call", party="LNA"))
    interval = binomtest(accepted, 100).proportion_ci(method="wilson")
    assert bars[0].get_ydata()[0] == pytest.approx(accepted)  # of 100 runs, so per cent
    first = bars[2][0].get_segments()[0]
    np.testing.assert_allclose(first[:, 1], [100 * interval.low, 100 * interval.high])


def test_answers_with_conditions_are_a_bar_in_two_shades_and_there_is_none_without_them(libya, ax):
    plot_answers(sim.condense(sim.run(libya.replace({"coefficients.answers.reserve": 0}), runs=100)), ax, ["LNA"])
    assert "with conditions" not in texts(ax)
    plain = len(ax.collections)
    ax.clear()
    with_reserve = sim.condense(sim.run(libya.replace({"coefficients.answers.reserve": 8}), runs=100))
    plot_answers(with_reserve, ax, ["LNA"])
    dark, light = ax.collections[:2]
    assert len(ax.collections) == plain + 2
    here = with_reserve.sel(offer="moscow-ankara-call", party="LNA")
    np.testing.assert_allclose(dark.get_segments()[0][:, 1], [0, int(here.accepted_in_full)])  # of 100 runs
    np.testing.assert_allclose(light.get_segments()[0][:, 1], [int(here.accepted_in_full), int(here.accepted)])
    assert {"no conditions", "with conditions"} <= set(texts(ax))


def test_what_happened_stands_at_its_date_and_grade(january, libya, ax):
    plot_answers(january, ax, ["LNA"])
    stars = [line for line in ax.lines if line.get_label() == "_LNA in history"]
    drawn = {(float(star.get_xdata()[0]), round(float(star.get_ydata()[0]), 6)) for star in stars}
    days = {event.offer.id: date2num(event.on) for event in libya.events if event.offer}
    assert drawn == {(days[row.offer], 100 * row.answer) for row in libya.record if row.party == "LNA"}
    assert (date2num(np.datetime64("2020-01-13")), 10.0) in drawn  # the Moscow text, left unsigned
    assert {star.get_marker() for star in stars} == {"*"}
    assert "left unsigned" in [text.replace("\n", " ") for text in texts(ax)]


def test_mark_and_star_of_one_offer_stand_in_one_column_and_no_line_joins_two_offers(january, ax):
    plot_answers(january, ax)
    star = next(line for line in ax.lines if line.get_label() == "_LNA in history")
    bars = {container.get_label(): container[0] for container in ax.containers}
    day = (date2num(np.datetime64("2020-01-13")), 0)
    columns = [float(line.get_transform().transform(day)[0]) for line in (bars["LNA"], star, bars["GNA"])]
    assert columns[0] == columns[1] < columns[2]
    across = [line for line in ax.lines if len(set(line.get_xdata())) > 1 and line.get_linestyle() != "None"]
    assert {line.get_label() for line in across} <= {"_leader"}  # from a word to its mark


def test_how_it_was_is_a_hollow_mark_at_the_earlier_chance_and_a_dotted_median(january, libya, ax):
    later = sim.condense(sim.run(libya.replace({"actors.LNA.stance": 60.0}), runs=100))
    plot_answers(later, ax, ["LNA"], before=january)
    marks = lines(ax)["_LNA as it was"]
    assert marks.get_markerfacecolor() == "none"
    order = [str(offer) for offer in january.offer.values]
    accepted = january.accepted.sel(party="LNA").values  # of 100 runs
    np.testing.assert_allclose(marks.get_ydata()[order.index("moscow-text")], accepted[order.index("moscow-text")])
    assert "as it was" in texts(ax)
    ax.clear()
    plot_stances(later, ax, ["LNA"], before=january)
    median = january.stance_quantile.sel(actor="LNA", quantile=0.5).values
    np.testing.assert_array_equal(lines(ax)["_LNA as it was"].get_ydata(), median)
    assert lines(ax)["_LNA as it was"].get_linestyle() == ":"


def test_words_beside_points_do_not_overprint(pages):
    figure = pages["answers"]
    renderer = FigureCanvasAgg(figure).get_renderer()
    for panel in figure.axes:
        boxes = [text.get_window_extent(renderer) for text in panel.texts]
        for place, one in enumerate(boxes):
            for other in boxes[place + 1 :]:
                across = min(one.x1, other.x1) - max(one.x0, other.x0)
                up = min(one.y1, other.y1) - max(one.y0, other.y0)
                assert across <= 1 or up <= 2  # descenders may touch the line below


# Truces


def test_the_number_watched_and_the_share_with_a_truce_are_stated(january, ax):
    plot_truce_survival(january, ax)
    started = int(january.first_truce.sum())
    assert ax.get_title(loc="left").startswith(f"A truce starts in {started} % (")  # of 100 runs
    assert str(started) in texts(ax)
    assert "number at risk" in texts(ax)


def test_it_says_plainly_that_no_truce_starts(two, ax):
    plot_truce_survival(sim.run_ensemble(two, runs=10, seed=1), ax)
    assert ax.get_title(loc="left") == "No truce starts in any of the 10 runs"


# Ties


def test_an_arrow_a_tie_as_wide_as_its_leverage(libya, ax):
    plot_ties(libya, ax)
    arrows = {patch.get_label(): patch for patch in ax.patches if isinstance(patch, FancyArrowPatch)}
    drawn = [label for label in arrows if " on " in label]
    assert len(drawn) == sum(tie.leverage is not None for tie in libya.ties)
    strong, weak = arrows["_Turkey on Syrians"], arrows["_EU on LNA"]  # leverage 0.95 and 0.1
    assert strong.get_linewidth() > 3 * weak.get_linewidth()
    assert strong.get_alpha() > weak.get_alpha()


def test_discs_show_influence_by_area_and_stance_by_brightness(libya, ax):
    plot_ties(libya, ax)
    discs = lines(ax)
    assert discs["UAE"].get_markersize() > discs["Jordan"].get_markersize()  # influence 85 and 15

    def brightness(name):
        colour = discs[name].get_markerfacecolor()
        return luminance(*(int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)))

    assert brightness("LNA") < brightness("Russia") < brightness("UN")  # stances 12, 65, 97


def test_every_actor_of_january_is_named_once_and_no_names_overprint(libya):
    figure = figure_ties(libya)
    renderer = FigureCanvasAgg(figure).get_renderer()
    names = [text for text in figure.axes[0].texts if text.get_zorder() == 6]
    assert len(names) == len(libya.actors)
    boxes = [text.get_window_extent(renderer) for text in names]
    overlaps = [
        (one.get_text(), other.get_text())
        for place, one in enumerate(names)
        for later, other in enumerate(names[place + 1 :], place + 1)
        if min(boxes[place].x1, boxes[later].x1) - max(boxes[place].x0, boxes[later].x0) > 1
        and min(boxes[place].y1, boxes[later].y1) - max(boxes[place].y0, boxes[later].y0) > 2
    ]
    assert overlaps == []


def test_places_are_the_same_every_time_and_nobody_stands_on_another(libya):
    where = layout(libya)
    assert where == layout(libya)
    spots_taken = np.array(list(where.values()))
    apart = np.linalg.norm(spots_taken[:, None] - spots_taken[None], axis=-1) + 9 * np.eye(len(where))
    assert apart.min() > 0.1
    assert where["LNA"][0] < where["GNA"][0]


@pytest.mark.parametrize("war", sorted(path.name for path in WARS.iterdir() if path.is_dir()))
def test_in_every_war_discs_stand_apart_and_everybody_is_named(war):
    scenario = sim.load_scenario(WARS / war)
    (ax,) = figure_ties(scenario).axes
    discs = [line for line in ax.lines if line.get_label() in scenario.actors]
    assert len([text for text in ax.texts if text.get_zorder() == 6]) == len(scenario.actors)
    for one, other in itertools.combinations(discs, 2):
        middles = [ax.transData.transform((disc.get_xdata()[0], disc.get_ydata()[0])) for disc in (one, other)]
        apart = np.linalg.norm(middles[0] - middles[1]) * 72 / ax.figure.dpi
        touching = (one.get_markersize() + other.get_markersize()) / 2
        assert apart > touching, (one.get_label(), other.get_label())


# One look for every actor


def test_a_party_has_its_colour_in_every_picture(january, libya):
    look = looks(libya)
    stances, answers, control = (Figure().add_axes((0.1, 0.1, 0.7, 0.8)) for _ in range(3))
    plot_stances(january, stances)
    plot_answers(january, answers)
    plot_control(january, control)
    ties = plot_ties(libya, Figure().add_axes((0, 0, 1, 1)))
    for party, colour in (("LNA", PARTIES[0]), ("GNA", PARTIES[1])):
        assert look[party].colour == colour
        assert lines(stances)[party].get_color() == colour
        assert lines(control)[party].get_color() == colour
        assert lines(ties)[party].get_markeredgecolor() == colour
        bars = next(container for container in answers.containers if container.get_label() == party)
        assert bars[0].get_color() == colour


def test_others_keep_their_colour_when_an_actor_leaves(libya):
    rest = {name: actor for name, actor in libya.actors.items() if name != "Tunisia"}
    ties = tuple(tie for tie in libya.ties if "Tunisia" not in (tie.source, tie.target))
    without = looks(libya.model_copy(update={"actors": rest, "ties": ties}))
    with_all = looks(libya)
    changed = [name for name in rest if without[name] != with_all[name]]
    assert all(libya.actors[name].side == "neutral" for name in changed)  # only its own side could be touched
    assert len(changed) <= 1


def test_no_two_of_a_side_look_alike(libya):
    look = looks(libya)
    for side in ("LNA", "GNA", "neutral"):
        seen = [(look[name].colour, look[name].dashes) for name in libya.actors if libya.actors[name].side == side]
        assert len(set(seen)) == len(seen)


def machado(colour):
    """A colour as seen without green cones: Machado, Oliveira & Fernandes (2009), severity 1, on linear light."""
    parts = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    seen = np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]) @ linear
    seen = np.clip(seen, 0, 1)
    return np.where(seen <= 0.0031308, 12.92 * seen, 1.055 * seen ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize("colours", [PARTIES, OTHERS], ids=["parties", "others"])
def test_colours_stay_apart_without_green_cones(colours):
    seen = np.array([machado(colour) for colour in colours])
    apart = np.linalg.norm(seen[:, None] - seen[None], axis=-1) + 9 * np.eye(len(colours))
    assert apart.min() > 0.1  # of the 1.73 from black to white


@given(st.integers(0, 0xFFFFFF))
def test_ink_can_be_read_on_white(number):
    colour = ink(f"#{number:06X}")
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    assert 1.05 / (luminance(*parts) + 0.05) > 4.4  # 4.5, less what rounding to 8 bits costs


# Words


def test_labels_that_have_room_stay_where_they_are():
    np.testing.assert_allclose(spread(np.array([10.0, 50.0, 90.0]), 10, 0, 100), [10, 50, 90])


def test_labels_that_collide_move_apart_by_equal_shares():
    # two at 50 need 10 between them: 45 and 55; the third is out of reach
    np.testing.assert_allclose(spread(np.array([50.0, 90.0, 50.0]), 10, 0, 100), [45, 90, 55])


def test_labels_stay_inside():
    np.testing.assert_allclose(spread(np.array([99.0, 100.0]), 10, 0, 100), [90, 100])


@pytest.mark.parametrize("count", [1, 2, 7, 40])
def test_the_nearest_values_that_nowhere_fall_are_those_of_isotonic_regression(count):
    for seed in range(20):
        values = np.random.default_rng(seed).normal(0, 50, count)
        np.testing.assert_allclose(ascending(values), isotonic_regression(values).x, atol=1e-10)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=10))
def test_spread_labels_keep_their_distance_and_order(wanted):
    wanted = np.array(wanted)
    placed = spread(wanted, 10, 0, 100)
    order = np.argsort(wanted, kind="stable")
    assert (np.diff(placed[order]) >= 10 - 1e-6).all()
    assert placed.min() >= -1e-6
    assert placed.max() <= 100 + 1e-6


def test_a_text_goes_to_the_free_side_of_its_point():
    page = Box(0, 0, 100, 100)
    right, _ = beside((50, 50), (20, 10), 5, page, [])
    assert (right.left, right.bottom) == (55, 45)
    wall = Box(55, 0, 100, 100)
    left, _ = beside((50, 50), (20, 10), 5, page, [wall], rivals=[(50, 60)])
    assert left.right <= 50
    assert beside((50, 50), (20, 10), 5, page, [page]) is None


@given(st.lists(st.tuples(st.integers(0, 55), st.sampled_from(["Call", "A conference", "Troops arrive at last"]))))
def test_names_above_the_dates_neither_overprint_nor_are_crossed(events):
    days, across = np.arange(56.0), 480.0
    marks = [Mark(float(day), text, text != "Call") for day, text in sorted(events)]
    drawn = [(mark, spot) for mark, spot in zip(marks, spots(marks, days, across, 80), strict=True) if spot]
    for place, (mark, spot) in enumerate(drawn):
        end = spot.left + width(mark.text, 7.5, mark.offer)
        for other, beyond in drawn[:place] + drawn[place + 1 :]:
            line = other.day / 55 * across
            assert beyond.row <= spot.row or not spot.left < line < end  # no line down through the words
            finish = beyond.left + width(other.text, 7.5, other.offer)
            assert beyond.row != spot.row or end <= beyond.left or finish <= spot.left


CROWDED = """
[[events]]
on = 2020-01-{day:02d}
offer = {{ id = "plan-{day}-with-a-name-too-long-for-all-to-have-room", sponsors = ["Friend"] }}
"""


def test_a_title_too_long_for_its_line_stands_on_two_and_is_not_cut(libya):
    figure = Figure(figsize=(6.4, 4.4))
    long = "Sweep: a truce starts, over UAE to LNA: support and Turkey to GNA: promised support"
    head(figure, libya, long)
    first, second, below = figure.texts
    assert f"{first.get_text()} {second.get_text()}" == long
    assert below.get_text() == libya.heading
    edges = [text.get_window_extent() for text in (first, second, below)]
    assert all(edge.x1 <= figure.bbox.x1 for edge in edges)
    assert edges[0].y0 >= edges[1].y1 > edges[1].y0 >= edges[2].y1


def test_words_are_folded_rather_than_cut_where_one_line_is_wider_than_most():
    words = "100 all leave, the memoranda are void"
    lines = folded(words, 66, 5, 6.5)
    assert lines.split() == words.split()
    assert all(width(line, 6.5) <= 66 for line in lines.splitlines())


def test_pictures_call_an_offer_by_its_label_and_by_its_key_where_two_share_one(libya, tell):
    assert measure_words(libya, "answer.call-renewed.LNA") == "LNA accepts “The call again”"
    assert lever_words(libya, "events.call-renewed.offer.sponsors.UN") == "sponsor of “The call again”"
    twins = "".join(
        f'\n[[events]]\non = 2020-01-0{day}\nlabel = "A truce"\noffer = {{ id = "{name}", sponsors = ["Friend"] }}\n'
        for day, name in ((3, "one"), (4, "other"))
    )
    war = tell("two", twins)
    party = war.parties[0]
    assert measure_words(war, f"answer.other.{party}") == f"{war.labels[party]} accepts other"


def test_offers_without_room_for_a_name_are_counted_in_the_small_print(tell, january):
    days = range(2, 12)
    crowd = tell("two", "".join(CROWDED.format(day=day) for day in days))
    figure = figure_stances(sim.run_ensemble(crowd, runs=2, seed=1))
    named = [text for text in figure.axes[0].texts if text.get_text().startswith("plan-")]
    assert 0 < len(named) < 10
    assert f"{10 - len(named)} of 10 without room" in " ".join(figure.texts[-1].get_text().split())
    assert "without room" not in figure_stances(january).texts[-1].get_text()


def test_marks_draw_together_where_there_are_many_offers():
    ax = Figure().subplots()
    ax.set_xlim(0, 100)
    across = ax.get_position().width * ax.figure.get_size_inches()[0] * 72
    assert apart(ax, {str(day): float(day) for day in range(8)}, 2) == DODGE
    many = {str(day): float(day) for day in range(100)}
    assert apart(ax, many, 2) == pytest.approx(across / 100 / 2)  # two marks a day, each with half a day's room


def test_of_many_measures_those_that_count_most_are_drawn_and_every_one_of_the_truces():
    names = np.array(["answer.a.N", "answer.b.N", "answer.c.N", "truce.starts"])
    assert list(strongest(names, np.array([1.0, np.nan, 3.0, 0.0]), 2)) == ["answer.c.N", "truce.starts"]
    assert list(strongest(names, np.zeros(4), 4)) == list(names)


# Whole pictures


@pytest.mark.parametrize(
    ("name", "more", "expected"),
    [
        ("talks", "", {"stances", "ties"}),
        ("two", "", {"stances", "battle", "ties", "truces"}),
        ("two", OFFER.format(price="$5 or $x_2", sponsor="Friend"), {"stances", "answers", "battle", "ties", "truces"}),
        ("three", OFFER.format(price="{", sponsor="Envoy"), {"stances", "answers", "battle", "ties", "truces"}),
    ],
    ids=["without parties", "without offers", "text that looks like mathematics", "three parties"],
)
def test_a_result_gets_the_pictures_it_has_something_for(tell, tmp_path, name, more, expected):
    result = sim.run_ensemble(tell(name, more), runs=10, seed=1)
    files = save_figures(result, tmp_path)
    assert set(files) == expected
    assert {path.name for path in tmp_path.iterdir()} == {
        f"{key}.{kind}" for key in expected for kind in ("png", "svg")
    }


def crowd(count):
    """So many actors, two of them parties."""
    text = 'schema = 1\ntitle = "A crowd"\nstart = 2020-01-01\nsteps = 3\n'
    for place in range(count):
        role, side = ("party" if place < 2 else "backer"), ("Actor0", "Actor1", "neutral")[place % 3]
        text += (
            f'[actors.Actor{place}]\nroles = ["{role}"]\nside = "{side}"\nstance = {place % 101}\nsalience = 50\n'
            f'influence = {1 + place % 100}\nassumed = "made up"\n'
        )
    for place in range(2, count):
        text += f'[[ties]]\nfrom = "Actor{place}"\nto = "Actor{place % 2}"\nleverage = 0.5\nassumed = "made up"\n'
    return text


@pytest.mark.parametrize("count", [1, 100])
def test_one_actor_and_a_hundred_can_be_drawn(count):
    result = sim.run_ensemble(load_text(crowd(count), "crowd"), runs=5, seed=1)
    drawn = figures(result)
    for panel in drawn["stances"].axes:
        heights = sorted(text.get_position()[1] for text in panel.texts if panel.get_title(loc="left"))
        up = panel.get_position().height * panel.figure.get_figheight() * 72
        assert all(above - below > 8 / up for below, above in itertools.pairwise(heights))
    assert "Actor0" in " ".join(text.get_text() for panel in drawn["stances"].axes for text in panel.texts)


def test_the_small_print_says_how_many_runs_which_seed_and_what_bands(pages):
    words = {name: " ".join(text.get_text() for text in page.texts) for name, page in pages.items()}
    for name in ("stances", "answers", "battle", "truces"):
        assert "100 runs, seed 1, rule friedkin-johnsen" in words[name]
    assert "bands 5–95 % and 25–75 %" in words["stances"]


def test_a_summary_is_drawn_as_trajectories_are(two):
    kept, counted = (sim.run_ensemble(two, runs=20, seed=1, keep=keep) for keep in ("trajectories", "summary"))
    one, other = (plot_stances(result, Figure().add_axes((0.1, 0.1, 0.7, 0.8))) for result in (kept, counted))
    for name in two.actors:
        np.testing.assert_array_equal(lines(one)[name].get_ydata(), lines(other)[name].get_ydata())


def test_the_same_result_gives_the_same_bytes_and_no_date(january, tmp_path):
    first, second = (save_figures(january, tmp_path / name) for name in ("first", "second"))
    for name, files in first.items():
        for kind, file in files.items():
            assert file.read_bytes() == second[name][kind].read_bytes(), file.name
        assert "<dc:date>" not in files["svg"].read_text()
        ET.parse(files["svg"])  # well-formed
    assert not list(tmp_path.rglob("*.partial"))


def test_drawing_changes_nothing_global(january):
    import matplotlib

    before = dict(matplotlib.rcParams)
    figures(january)
    assert dict(matplotlib.rcParams) == before


def test_drawing_needs_neither_pyplot_nor_mesa():
    code = "import simulation.show.plots, sys; print('matplotlib.pyplot' in sys.modules, 'mesa' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_no_disc_and_no_name_covers_the_head_of_an_arrow(libya, ax):
    plot_ties(libya, ax)
    FigureCanvasAgg(ax.figure).draw()
    heads = [patch for patch in ax.patches if isinstance(patch, Polygon)]
    leaning = [tie for tie in libya.ties if tie.leverage is not None and tie.leverage.best > 0]
    assert len(heads) == len(leaning)
    discs = [line for line in ax.lines if line.get_label() in libya.actors]
    assert min(head.get_zorder() for head in heads) > max(disc.get_zorder() for disc in discs)
    boxes = [text.get_window_extent() for text in ax.texts if text.get_text() in libya.labels.values()]
    covered = [head for head in heads for box in boxes if head.get_window_extent().overlaps(box)]
    assert len(covered) <= len(heads) // 20  # where a party is hemmed in, a name has no other room


def test_a_rim_tells_the_side_and_grey_is_for_nobodys(libya, ax):
    plot_ties(libya, ax)
    rims = {name: line.get_markeredgecolor() for name, line in lines(ax).items() if name in libya.actors}
    assert rims["LNA"] == rims["UAE"] == PARTIES[0]
    assert rims["GNA"] == rims["Turkey"] == PARTIES[1]
    assert rims["UN"] == "#666666"
    assert len(set(rims.values())) == 3


def test_a_text_that_is_too_wide_loses_its_middle_and_is_never_longer_than_it_needs_to_be():
    room = 60.0
    said = shortened("the first party accepts the last offer", room, 8)
    assert said.startswith("the")
    assert said.endswith("offer")
    assert "…" in said
    assert width(said, 8) <= room
    assert shortened("short", room, 8) == "short"
    assert shortened("ab", 1.0, 8) == "ab"  # there is nothing to leave out


def test_words_without_room_beside_their_marks_are_left_out_where_they_may_not_stand_afar(january):
    """A chart as narrow as a telephone's, where some numbers of January find no room."""
    far, near = (Figure(figsize=(4.7, 3.0)).add_axes((0.23, 0.15, 0.5, 0.82)) for _ in range(2))
    plot_answers(january, far, most_words=16)
    plot_answers(january, near, most_words=16, afar=False)
    leaders = [sum(line.get_label() == "_leader" for line in ax.lines) for ax in (far, near)]
    assert leaders[0] > leaders[1] == 0
    assert 0 < sum(text.endswith(" %") for text in texts(near)) < sum(text.endswith(" %") for text in texts(far))


def test_names_in_the_key_are_shortened_rather_than_cut_by_the_edge():
    scenario = conflict(2, 6)
    figure = Figure(figsize=(4.7, 3.0))
    plot_answers(sim.run_ensemble(scenario, runs=20, seed=1), figure.add_axes((0.23, 0.15, 0.5, 0.82)), afar=False)
    assert not [fault for fault in faults(figure) if "off the page" in fault]
