"""What stands behind the page, without a browser: which sliders there are, what is run, said and saved."""

import re
import shlex
import socket
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import simulation as sim
from simulation.rules import RULES
from simulation.scenario import ScenarioError
from simulation.scenario.inputs import Input
from simulation.show.dashboard import comparison, markup, server, sliders
from simulation.show.dashboard.choices import called, choices, first_of
from simulation.show.dashboard.stepper import Stepper

OFFER = """
[[events]]
on = 2020-01-03
label = "A call"
offer = { id = "call", sponsors = ["Friend"], to = ["South"] }
"""


@pytest.fixture(scope="module")
def called_upon(tell):
    """South, sure to refuse, is called upon on the third day."""
    return tell("two", OFFER, {"coefficients.answers.temperature": 0.1, "actors.South.stance": 10})


def number(value, low, high):
    return Input("key", value, low, high, None, "", "", (), None)


def test_every_number_of_a_scenario_has_a_slider_but_shares_of_the_ground_and_weights(libya):
    """What adds up to a whole cannot be moved alone."""
    missing = set(libya.inputs) - set(sliders.sliders_of(libya))
    shares = {"actors.LNA.control", "actors.GNA.control", "events.sirte.add.actors.LNA.control"}
    issues = ("militias", "line", "turks", "hired", "sirte", "oil", "command")
    assert missing == shares | {f"wants.{party}.{issue}.weight" for party in ("LNA", "GNA") for issue in issues}


def test_a_slider_is_made_from_the_declaration_of_its_number(libya):
    slider = sliders.sliders_of(libya)["ties.Turkey.GNA.support"]
    declared = libya.inputs["ties.Turkey.GNA.support"]
    assert slider.item == declared
    assert (slider.places[0], slider.places[-1]) == (0, 2)  # support goes from 0 to 2
    assert declared.value in slider.places
    assert (slider.step, slider.reach) == (0.02, 2)  # on the page: a hundred steps
    assert (slider.section, slider.group, slider.label) == (sliders.LEANING, "Towards GNA", "Turkey: support")
    assert slider.full == "Turkey to GNA: support"  # as it is called where it stands alone


@pytest.mark.parametrize(
    ("item", "step"),
    [(number(12, 0, 100), 1), (number(0.5, 0, 1), 0.01), (number(0.5, 0, 2), 0.02), (number(5, -100, 200), 2)],
)
def test_a_scale_has_round_steps_a_hundred_or_more(item, step):
    places = sliders.places_of(item)
    assert np.allclose(np.diff(places), step) or item.value not in np.arange(item.low, item.high, step)
    assert len(places) >= 100


def test_a_value_between_the_steps_keeps_its_place():
    places = sliders.places_of(number(0.333, 0, 1))
    assert 0.333 in places
    assert len(places) == 102  # a hundred steps, and it


def test_a_number_small_on_its_scale_can_be_halved_and_doubled():
    places = np.array(sliders.places_of(number(7, 0, 3650)))  # days of a declared truce
    assert (places[0], places[-1]) == (0, 3650)
    for wanted in (3.5, 7, 14):
        assert np.abs(places - wanted).min() < 0.1 * wanted


@pytest.mark.parametrize("name", ["libya-2019-2020", "yemen-2018-2022", "emission-standards", "ktab-seven-actors"])
def test_of_every_kind_of_scenario_each_number_with_a_slider_can_be_moved(name):
    scenario = sim.load_scenario(name)
    for key, slider in sliders.sliders_of(scenario).items():
        if scenario.issues and key in ("coefficients.opinion.noise", "rule.following"):
            continue  # refused over several issues, and the page says why
        at = slider.places.index(slider.item.value)
        aside = slider.places[at - 1] if at else slider.places[1]
        assert comparison.changed(scenario, {key: aside})


@pytest.mark.parametrize("name", ["two", "three", "talks"])
def test_every_place_of_every_slider_is_within_bounds_and_in_order(tell, name):
    for slider in sliders.sliders_of(tell(name)).values():
        assert list(slider.places) == sorted(set(slider.places)), slider.key
        assert slider.item.low <= slider.places[0] <= slider.item.value <= slider.places[-1] <= slider.item.high


def test_looking_for_words_finds_what_has_all_of_them_the_key_first(libya):
    found = [slider.key for slider in sliders.search(sliders.sliders_of(libya), "turkey SUPPORT")]
    assert found[0] == "ties.Turkey.GNA.support"
    assert "ties.UAE.LNA.support" not in found
    assert sliders.search(sliders.sliders_of(libya), "no such words") == []


def test_the_same_sliders_stand_under_headings(libya):
    every = sliders.sliders_of(libya)
    grouped = sliders.grouped(every)
    assert sorted(slider.key for groups in grouped.values() for some in groups.values() for slider in some) == sorted(
        every
    )
    assert next(iter(grouped)) == "LNA and those on its side"
    assert list(grouped)[-4:] == [sliders.LEANING, sliders.HAGGLING, sliders.HAPPENING, sliders.WORKING]


def test_only_what_was_moved_is_a_change(two):
    every = sliders.sliders_of(two)
    values = {key: slider.item.value for key, slider in every.items()} | {"actors.North.stance": 25.0}
    assert sliders.changes_of(every, values) == {"actors.North.stance": 25.0}


def test_a_run_of_the_page_is_the_run_of_the_ensemble(called_upon):
    seen = comparison.outcome_of(called_upon, 300, 2)
    whole = sim.run_ensemble(called_upon, runs=300, seed=2)
    assert seen.summary == sim.summarise(whole)
    assert np.array_equal(seen.measures["stance.North"], whole.stance.sel(actor="North").isel(step=-1))


def test_the_difference_to_itself_is_none_at_all(called_upon):
    before = comparison.outcome_of(called_upon, 100, 1)
    gaps = comparison.differences(before, before)
    assert all(gap.value == 0 and not gap.clear for gap in gaps.values())
    assert comparison.in_words(gaps, called_upon) == []
    assert "no change" in markup.table_answers(before, gaps, changed=True)


def test_a_party_turned_from_sure_no_to_sure_yes_accepts_a_hundred_points_more_often(called_upon):
    before = comparison.outcome_of(called_upon, 100, 1)
    scenario = comparison.changed(called_upon, {"actors.South.stance": 95})
    now = comparison.outcome_of(scenario, 100, 1)
    gap = comparison.differences(now, before)["answer.call.South"]
    assert gap.value == 1
    assert gap.clear
    said = comparison.in_words(comparison.differences(now, before), scenario)
    assert said[0].startswith("South accepts more often, +100.0 percentage points (")
    assert said[0].endswith("): A call (3 January 2020).")
    assert "+100.0 percentage points (" in markup.table_answers(now, comparison.differences(now, before), changed=True)


def test_what_a_file_expects_is_not_expected_of_what_was_made_of_it(libya):
    assert libya.expect
    assert comparison.changed(libya, {}).expect == libya.expect
    assert comparison.changed(libya, {"actors.LNA.stance": 50}).expect == ()


def test_numbers_that_do_not_go_together_are_said(two):
    with pytest.raises(ScenarioError, match="outside"):
        comparison.changed(two, {"actors.North.stance": 200})


@pytest.mark.parametrize("rule", list(RULES))
def test_every_rule_can_be_taken_and_saved(libya, rule, tmp_path):
    changes = {"rule": rule, "actors.LNA.stance": 40.0}
    file = tmp_path / "saved.toml"
    file.write_text(comparison.export(comparison.changed(libya, changes), "libya-2020-01", changes))
    again = sim.load_scenario(file)
    assert (again.rule.name, again.actors["LNA"].stance.best) == (rule, 40)
    assert again.title == "Libya, January 2020: the Russian-Turkish call (changed)"
    assert tomllib.loads(file.read_text())["actors"]["LNA"]["stance"]["assumed"] == "set to 40.0"


def test_the_command_that_is_told_is_the_one_that_makes_the_same_runs():
    command = comparison.command("libya-2020-01", {"rule": "degroot", "actors.LNA.stance": 40.0}, 500, 1)
    assert command == "ceasefire run libya-2020-01 --rule degroot --set actors.LNA.stance=40 --runs 500 --seed 1"


def test_a_file_that_is_called_like_a_command_gives_none(libya):
    """The line is there to be copied into a terminal, and the scenario may be a stranger's."""
    name = "scenarios/a; touch x $(id) `id`.toml"
    assert shlex.split(comparison.command(name, {}, 10, 1)) == ["ceasefire", "run", name, "--runs", "10", "--seed", "1"]
    text = comparison.export(libya, "scenarios/a\nsteps = 1\n#.toml", {})
    assert text.splitlines()[0] == "# scenarios/a steps = 1 #.toml, unchanged"
    assert tomllib.loads(text)["steps"] == 55


def test_scenarios_to_pick_from_are_the_one_asked_for_those_beside_and_the_bundled(tmp_path, texts):
    (tmp_path / "scenarios" / "mine").mkdir(parents=True)
    (tmp_path / "scenarios" / "mine" / "two.toml").write_text(texts["two"])
    (tmp_path / "other.toml").write_text(texts["three"])
    found = choices(str(tmp_path / "other.toml"), tmp_path)
    assert list(found)[:2] == ["other", "mine/two"]
    assert "libya-2020-01" in found
    assert first_of(found, "other.toml") == "other"
    assert first_of(choices(None, tmp_path), None) == "libya-2020-01"
    assert called(found["libya-2020-01"]) == "libya-2020-01"
    assert called(found["other"]) == str(tmp_path / "other.toml")
    with pytest.raises(ScenarioError, match="Did you mean 'libya-2020-01'"):
        choices("libya-2020-1", tmp_path)


def test_a_walk_goes_on_and_back_as_the_model_does(called_upon):
    stepper, model = Stepper(called_upon, 3, 5), sim.ConflictModel(called_upon, seed=3, run=5)
    for _ in range(4):
        model.step()
    assert stepper.to(4)[-1].stance["North"] == model["North"].stance
    assert stepper.to(1)[-1].step == 1
    assert stepper.to(99)[-1].step == 12  # there is no more
    assert "South refuses (its chance of yes was 0 %)" in markup.what_happened(stepper.to(3)[-1], stepper.scenario)


def test_the_page_says_which_answers_come_with_conditions(tell):
    scenario = tell("two", OFFER, {"coefficients.answers.reserve": 100})  # nearly every yes has conditions
    shown = comparison.outcome_of(scenario, 20, 1)
    assert "without conditions 0.0 %" in markup.table_answers(shown, {}, changed=False)
    plain = comparison.outcome_of(tell("two", OFFER), 20, 1)
    assert "without conditions" not in markup.table_answers(plain, {}, changed=False)
    stepper = Stepper(scenario, 3, 5)
    assert "South accepts with conditions (its chance of yes was" in markup.what_happened(stepper.to(3)[-1], scenario)


def refused(*words):
    command = [str(Path(sys.executable).parent / "ceasefire"), "app", "--no-browser", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_page_that_cannot_be_opened_is_said_in_a_line():
    pytest.importorskip("uvicorn", reason="the page needs uvicorn, of the extra 'dashboard'")
    assert "Did you mean 'libya-2020-01'?" in refused("libya-2020-1")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert "is taken" in refused("--port", str(taken.getsockname()[1]))


@pytest.fixture
def served(monkeypatch):
    """``served(asked, **options)``: what serving does until the server runs: what it says, opens and listens to."""
    uvicorn = pytest.importorskip("uvicorn", reason="the page needs uvicorn, of the extra 'dashboard'")
    opened, ran = [], []

    class Server:
        def __init__(self, config):
            self.config = config

        def run(self, sockets):
            ran.append((self.config, sockets[0].getsockname()))
            raise KeyboardInterrupt  # as of Ctrl+C

    class Now:
        def __init__(self, seconds, call, words):
            self.start = lambda: call(*words)

    monkeypatch.setattr(uvicorn, "Server", Server)
    monkeypatch.setattr(server.threading, "Timer", Now)
    monkeypatch.setattr(server.webbrowser, "open", opened.append)

    def serve(asked=None, **options):
        said = []
        server.serve(asked, say=said.append, **options)
        return said, opened, ran[-1]

    return serve


def test_the_browser_is_opened_at_the_address_that_is_told_on_this_machine_alone(served):
    said, opened, (config, (host, port)) = served()
    (address,) = opened
    assert re.fullmatch(rf"http://127\.0\.0\.1:{port}/\?token=[\w-]{{32}}", address)
    assert said[0].startswith(f"The page is at {address}\n")
    assert host == "127.0.0.1"
    assert not config.access_log  # it would tell the token


def test_the_page_is_opened_on_a_scenario_as_of_a_day_and_on_another_port_where_its_own_is_taken(served, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setattr(server, "PORT", taken.getsockname()[1])
        said, opened, (_, (_, port)) = served("libya-2020-01", as_of=date(2020, 1, 10), browser=False)
        assert port != taken.getsockname()[1]
    assert opened == []
    assert "&as_of=2020-01-10\n" in said[0]


def test_without_uvicorn_is_said_how_to_have_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(
        ScenarioError, match=r'the page needs starlette and uvicorn: pip install "ceasefire-simulation\[dashboard\]"'
    ):
        server.make_app("token")
