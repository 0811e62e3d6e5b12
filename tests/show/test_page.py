"""What the page answers, without a browser: of this scenario and that, of what is moved, asked why, and kept."""

import asyncio
import io
import json
import re
import threading
import time
from html import unescape
from types import SimpleNamespace
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("uvicorn", reason="the page needs starlette and uvicorn, of the extra 'dashboard'")
pytest.importorskip("httpx", reason="requests are made by httpx, of the extra 'dev'")

import httpx
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

import simulation as sim
from simulation.show.dashboard import comparison, outcomes, pictures
from simulation.show.dashboard.outcomes import AbandonedError, BusyError, Outcomes
from simulation.show.dashboard.routes import Pages
from simulation.show.dashboard.settings import Settings
from simulation.show.dashboard.views import Library


@pytest.fixture(scope="module")
def library(tmp_path_factory, texts):
    folder = tmp_path_factory.mktemp("home")
    (folder / "scenarios").mkdir()
    for name in ("two", "talks"):
        (folder / "scenarios" / f"{name}.toml").write_text(texts[name])
    (folder / "scenarios" / "broken.toml").write_text("schema = 1\ntitle = 'Broken'\n")
    return Library(None, folder)


@pytest.fixture(scope="module")
def visitor(library):
    with asyncio.Runner() as runner:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(Pages(library).app()), base_url="http://127.0.0.1")
        yield SimpleNamespace(get=lambda path: runner.run(client.get(path, timeout=120)))
        runner.run(client.aclose())


def asked(path, **settings):
    return f"{path}?{urlencode(settings)}"


def words(html):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html)))


def outcome(visitor, **settings):
    """The last line of what is told of the runs."""
    return json.loads(visitor.get(asked("/outcome", **settings)).text.splitlines()[-1])


def test_the_page_has_a_control_for_every_number_with_its_bounds_and_what_it_rests_on(visitor, libya):
    page = visitor.get("/").text
    assert page.count('class="row"') == len([key for key in libya.inputs if not re.search(r"\.(control|weight)$", key)])
    row = page[page.index('data-key="ties.Turkey.GNA.support"') :][:1600]
    assert re.search(r'type="range"[^>]*min="0" max="2" step="0.02"', row)
    assert "It rests on" in words(row)
    assert page.count("<option value=") > 25
    assert "Averaging with an anchor" in page


def test_a_number_that_is_small_on_its_scale_has_a_slider_on_which_it_can_be_halved(library):
    slider = library.view(Settings(scenario="two"))[0].sliders["coefficients.truces.declared_days"]
    assert (slider.item.value, slider.item.high) == (7, 3650)
    assert (slider.reach, slider.step) == (69.1, 0.5)  # from 0.1, ten times as far as the file has it


def test_the_words_are_those_of_the_same_runs_at_the_command_line(visitor, libya):
    told = outcome(visitor, runs=200, seed=3)
    answer = sim.run_ensemble(libya, 200, 3).answer.sel(offer="moscow-ankara-call", party="LNA")
    share = f"{100 * float((answer > 0).mean()):.0f} %"
    assert f"LNA accepts {share}" in words(told["strip"])
    assert f"LNA accepts: {share}." in told["said"]
    assert f"Moscow and Ankara call for a truce (8 January 2020): LNA {share}" in told["alt"]["answers"]
    assert f"LNA accepts in {share}" in words(told["words"])
    assert told["command"] == "ceasefire run libya-2020-01 --runs 200 --seed 3"
    assert not told["compared"]
    assert "Nothing is changed yet" in told["changes"]


def test_what_is_moved_is_told_with_its_difference_and_the_command(visitor, libya):
    told = outcome(visitor, **{"set.actors.LNA.stance": 90, "rule": "compromise", "runs": 100})
    assert told["compared"]
    assert re.search(r"LNA accepts [\d.]+ % \+\d", words(told["strip"]))
    assert "compared with the scenario as its file has it" in words(told["strip"])
    assert "common random numbers" in told["words"]
    assert re.search(r"actors\.LNA\.stance 12 90", words(told["changes"]))
    assert re.search(r"rule friedkin-johnsen compromise", words(told["changes"]))
    assert "--rule compromise --set actors.LNA.stance=90" in told["command"]


def test_talks_without_parties_have_rounds_and_no_answers(visitor):
    page = visitor.get(asked("/", scenario="talks")).text
    assert "Where everybody stands" in page
    assert "How likely each party" not in page
    assert "Rounds done" in page
    told = outcome(visitor, scenario="talks")
    assert "Ends at (mean)" in told["strip"]
    assert told["table"] == ""
    assert told["alt"]["stances"].startswith("Chart of positions along time")


def test_a_scenario_that_cannot_be_read_says_why_beside_the_menu(visitor):
    page = visitor.get(asked("/", scenario="broken"))
    assert page.status_code == 400
    assert "This scenario cannot be read: broken" in page.text
    assert "steps" in page.text  # what it lacks
    assert "/?scenario=libya-2020-01" in page.text
    assert "broken.toml" in " ".join(visitor.get(asked("/outcome", scenario="broken")).json()["wrong"])


@pytest.mark.parametrize("scenario", ["yemen-2018-2022", "libya-2019-2020", "wars/syria-2016-2020"])
def test_of_three_parties_of_22_actors_and_of_a_long_war_all_is_there(visitor, scenario):
    assert visitor.get(asked("/", scenario=scenario)).status_code == 200
    told = outcome(visitor, scenario=scenario, runs=25)
    start = sim.load_scenario(scenario)
    assert all(f"{start.labels[party]} " in told["alt"]["stances"] for party in start.parties)
    for kind in pictures.KINDS:
        for size in pictures.SIZES:
            drawn = asked("/picture.svg", scenario=scenario, runs=25, kind=kind, size=size, actors="Everybody")
            answer = visitor.get(drawn)
            assert answer.headers["content-type"] == "image/svg+xml"


def test_names_beside_a_chart_are_written_out(library, tell):
    """ "Government 3-" stood there, cut at the edge of the picture."""
    view, _ = library.view(Settings(scenario="yemen-2018-2022"))
    seen = comparison.outcome_of(view.scenario, 25, 1)
    drawn = []

    class Spy(pictures.Figure):
        def savefig(self, *words, **options):
            drawn.append(self)
            super().savefig(*words, **options)

    original, pictures.Figure = pictures.Figure, Spy
    try:
        for kind in pictures.KINDS:
            for size in pictures.SIZES:
                pictures.draw(kind, seen, None, view.actors, "png", size)
    finally:
        pictures.Figure = original
    for figure in drawn:
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        for text in figure.axes[0].texts:
            box = text.get_window_extent(canvas.get_renderer())
            assert box.x1 <= figure.bbox.width, text.get_text()
            assert "…" not in text.get_text()


def test_pictures_are_svg_or_png_and_what_is_neither_is_refused(visitor):
    assert visitor.get(asked("/picture.svg", runs=25)).text.startswith("<?xml")
    image = Image.open(io.BytesIO(visitor.get(asked("/picture.png", kind="stances", runs=25)).content))
    assert image.size == (1440, 700)  # twice as fine as it is shown
    for wrong, told in (
        (asked("/picture.gif"), "picture.gif: no such file. Known: png, svg."),
        (asked("/picture.svg", kind="answer"), "Did you mean 'answers'?"),
        (asked("/picture.svg", size="huge"), "size: no size 'huge'."),
        (asked("/offers.csv"), "offers.csv: no such file."),
    ):
        answer = visitor.get(wrong)
        assert answer.status_code == 400
        assert told in answer.json()["wrong"][0]


def test_tables_report_and_scenario_are_those_of_the_command(visitor, libya, tmp_path):
    settings = {"runs": 50, "set.actors.LNA.stance": 40}
    table = pd.read_csv(io.StringIO(visitor.get(asked("/answers.csv", **settings)).text))
    moved = libya.replace({"actors.LNA.stance": 40})
    answer = sim.run_ensemble(moved, 50, 1).answer.sel(offer="berlin", party="GNA")
    row = table[(table.offer == "berlin") & (table.party == "GNA")].iloc[0]
    assert row.accepts == pytest.approx(float((answer > 0).mean()))
    stances = pd.read_csv(io.StringIO(visitor.get(asked("/stances.csv", **settings)).text))
    assert set(stances.actor) == set(libya.actors)
    report = visitor.get(asked("/report.html", **settings)).text
    assert "Who accepts what" in report
    assert not re.search(r"(src|href)=.https?:", report)
    file = tmp_path / "kept.toml"
    file.write_text(visitor.get(asked("/scenario.toml", **settings)).text)
    assert sim.load_scenario(file).actors["LNA"].stance.best == 40


def test_a_moment_of_a_run_is_that_of_the_model_with_what_can_be_asked_why(visitor, libya):
    told = visitor.get(asked("/moment", step=3, run=2, seed=5)).json()
    model = sim.ConflictModel(libya, seed=5, run=2)
    for _ in range(3):
        model.step()
    assert f"LNA {model['LNA'].stance:.1f}" in words(told["html"])
    assert "Why does LNA answer “Moscow and Ankara call for a truce” so?" in words(told["html"])
    assert "After step 2 (8 January 2020)" in told["said"]
    network = visitor.get(asked("/moment.png", step=3, run=2, seed=5))
    assert Image.open(io.BytesIO(network.content)).size[0] == 880


def test_why_a_party_answered_and_why_an_actor_moved_are_what_the_question_why_says(visitor, libya):
    answered = asked("/why", step=3, run=2, seed=5, offer_answered="moscow-ankara-call", party="LNA")
    told = words(visitor.get(answered).json()["html"])
    found = sim.why(libya, offer="moscow-ankara-call", party="LNA", run=2, seed=5)
    assert f"{float(found.result.willingness.item()):.1f}" in told
    moved = words(visitor.get(asked("/why", step=3, run=2, seed=5, actor="GNA")).json()["html"])
    assert f"{float(sim.why(libya, 'GNA', step=2, run=2, seed=5).result.stance_after):.2f}" in moved
    wrong = visitor.get(asked("/why", offer_answered="moscow-ankara-cal", party="LNA"))
    assert "Did you mean 'moscow-ankara-call'?" in wrong.json()["wrong"][0]


def test_the_manual_is_there_with_its_pictures_and_places_to_link_to(visitor):
    page = visitor.get("/manual/questions.md").text
    assert "<h1" in page
    assert re.search(r'<h2 id="[\w-]+">', page)
    picture = re.search(r'<img src="(pictures/[\w.-]+)"', page)[1]
    assert visitor.get(f"/manual/{picture}").headers["content-type"] == "image/png"
    assert visitor.get("/manual/nothing.md").status_code == 404


def test_runs_of_a_costly_rule_are_made_a_few_at_a_time_and_are_the_same(libya):
    for rule in comparison.RUNS:
        costly, told = libya.replace({"rule": rule}), []
        seen = comparison.outcome_of(costly, 30, 1, told.append)
        whole = sim.run_ensemble(costly, 30, 1)
        assert told == [25, 30]
        assert np.array_equal(seen.measures["stance.LNA"], whole.stance.sel(actor="LNA").isel(step=-1))
    assert comparison.usual_runs(libya, libya.replace({"rule": "spatial"})) == 25


def made_by_hand(monkeypatch):
    """Outcomes whose making waits until it is told to go on; what was made, by seed."""
    made, go = [], threading.Event()

    def slowly(scenario, runs, seed, progress):
        while not go.is_set():
            progress(0)
            time.sleep(0.005)
        made.append(seed)
        return seed

    monkeypatch.setattr(outcomes, "outcome_of", slowly)
    return made, go


def test_an_outcome_is_made_once_for_all_who_ask_and_remembered_for_a_while(monkeypatch, two):
    made, go = made_by_hand(monkeypatch)
    go.set()

    async def ask():
        kept = Outcomes()
        await asyncio.gather(*(kept.of(two, 10, 1) for _ in range(5)))
        await kept.of(two, 10, 1)
        assert made == [1]
        for seed in range(2, 2 + outcomes.REMEMBERED):
            await kept.of(two, 10, seed)
        assert len(kept._known) == outcomes.REMEMBERED
        await kept.of(two, 10, 1)
        assert made.count(1) == 2  # it was forgotten

    asyncio.run(ask())


def test_work_for_which_nobody_waits_any_more_ends_and_too_much_at_once_is_refused(monkeypatch, two):
    made, go = made_by_hand(monkeypatch)

    async def ask():
        kept = Outcomes()
        asking = [asyncio.create_task(kept.of(two, 10, seed)) for seed in range(outcomes.WAITING)]
        await asyncio.sleep(0.05)
        with pytest.raises(BusyError):
            await kept.of(two, 10, 1000)
        works = [work.task for work in kept._work.values()]
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        ended = await asyncio.gather(*works, return_exceptions=True)
        assert {type(end) for end in ended} == {AbandonedError}
        assert not kept._work
        go.set()
        assert await kept.of(two, 10, 1000) == 1000
        assert made == [1000]
        kept.end()
        with pytest.raises(BusyError):
            await kept.of(two, 10, 1001)

    asyncio.run(ask())


def test_an_address_names_its_scenario_so_that_it_means_the_same_wherever_it_is_opened(visitor):
    assert 'data-address="scenario=libya-2020-01"' in visitor.get("/").text
    assert 'data-address="scenario=libya-2020-01"' in visitor.get("/seat").text


def test_a_day_outside_the_scenario_is_told_and_the_rest_holds(visitor):
    answer = visitor.get(asked("/", scenario="libya-2020-01", as_of="1800-01-01", run=7))
    assert answer.status_code == 200
    assert "1800-01-01 is outside the scenario, 2020-01-06 to 2020-03-01" in words(answer.text)
    assert 'data-address="scenario=libya-2020-01&amp;run=7"' in answer.text


def test_what_the_runs_say_is_folded_and_what_differs_is_not(visitor):
    page = visitor.get("/").text
    assert '<details id="in-words">' in page
    told = outcome(visitor, scenario="libya-2020-01", runs=100, **{"set.actors.LNA.stance": 60})
    assert "LNA accepts more often" in words(told["differs"])
    assert "LNA accepts in" in words(told["words"])


def test_the_manual_offers_no_link_to_what_is_not_shown(visitor):
    page = visitor.get("/manual/index.md").text
    assert "A first run: why did Haftar say no?" in page
    assert "ipynb" not in re.sub(r"<pre>.*?</pre>", "", page, flags=re.DOTALL)


def test_what_may_be_moved_sideways_in_the_manual_can_be_by_keyboard(visitor):
    page = visitor.get("/manual/page.md").text
    assert page.count("<table") == page.count('<table tabindex="0"') > 0


def test_no_link_to_a_table_where_nobody_sits_at_one(visitor):
    assert 'href="#table"' not in visitor.get(asked("/seat", scenario="reference/deffuant")).text


def test_the_pages_of_the_manual_are_called_by_their_titles(visitor):
    page = visitor.get("/manual/rules.md").text
    assert '<a href="/manual/spreadsheet.md">From a spreadsheet to a picture</a>' in page
