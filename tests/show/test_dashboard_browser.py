"""The page, as somebody at a browser meets it: pick, drag, empty, step, play, share, save. Numbers are read off it."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from browsing import PATIENCE, Visitor, chromium, served  # first of all: it skips what cannot be driven
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver import Keys
from selenium.webdriver.support.ui import Select

import simulation as sim

CALL = "Moscow and Ankara call for a truce"

DONE = """
return !document.body.classList.contains('busy')
  && [...document.querySelectorAll('img[data-kind]')].every(image => image.src.startsWith('blob:'))
"""


class Page(Visitor):
    """What a visitor of the first page can do, and read."""

    def open(self, query=""):
        self.browser.get(f"{self.base}/{query}")
        self.ready()
        return self

    def ready(self):
        """Wait until all that was asked for is there; a move is asked for a moment after it."""
        time.sleep(0.1)
        self.wait(lambda: self.browser.execute_script(DONE), "words and pictures")

    def wait(self, ready, what):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                if found := ready():
                    return found
            except (NoSuchElementException, StaleElementReferenceException):  # it may be drawn anew under our hands
                pass
            time.sleep(0.05)
        raise AssertionError(f"waited in vain for: {what}")

    def row(self, key):
        """The slider and the box of a number, unfolded."""
        field = self.one("#search")
        field.clear()
        field.send_keys(key)
        row = f".row[data-key='{key}']"
        self.wait(lambda: self.one(row).is_displayed(), key)
        return self.one(f"{row} input[type=range]"), self.one(f"{row} input[type=number]")

    def put(self, key, value):
        """Type a number into its box."""
        self.write(self.row(key)[1], value)
        self.ready()

    def write(self, box, value):
        """Type over what stands in a box; empty it, if there is nothing to type."""
        box.send_keys(Keys.CONTROL, "a")
        box.send_keys(Keys.NULL, value or Keys.DELETE, Keys.TAB)

    @property
    def asked(self):
        """What the address holds besides the scenario."""
        found = parse_qs(urlsplit(self.browser.current_url).query)
        return {name: values[0] for name, values in found.items() if name != "scenario"}

    def headline(self, label):
        """A number that stays in sight, and its change."""
        said = next(text for text in (item.text for item in self.all(".heads li")) if text.startswith(label))
        return float(re.search(r"([\d.]+) %", said)[1]), said

    def step(self):
        return int(self.one("#step").get_attribute("value"))


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Where the page is, as the command says."""
    with served(tmp_path_factory.mktemp("visitor")) as where:
        yield where


@pytest.fixture(scope="module")
def browser(tmp_path_factory, address):
    with chromium(tmp_path_factory.mktemp("browser"), "1500,1400") as driver:
        driver.get(address)
        yield driver


@pytest.fixture
def page(browser, address):
    """The page; what it asked for came from this machine, and nothing went wrong in the browser."""
    browser.execute_script("sessionStorage.clear()")
    yield Page(browser, address)
    wrong = [
        entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE" and " 400 " not in entry["message"]
    ]
    assert not wrong
    asked = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    urls = [entry["params"]["request"]["url"] for entry in asked if entry["method"] == "Network.requestWillBeSent"]
    hosts = {urlsplit(url).hostname for url in urls if url.startswith(("http", "ws"))}
    assert hosts <= {"127.0.0.1"}


def accepted(scenario, party="LNA", runs=500):
    """Per cent of runs in which the party accepts the call."""
    answer = sim.run_ensemble(scenario, runs=runs, seed=1).answer.sel(offer="moscow-ankara-call", party=party)
    return round(100 * float((answer > 0).mean()))  # with conditions or without


@pytest.fixture(scope="module")
def january():
    return sim.load_scenario("libya-2020-01")


def test_it_opens_with_the_question_and_the_numbers_of_the_runs(page, january, address):
    page.open()
    assert page.text("h1") == january.title
    assert page.text(".question") == january.question
    assert page.headline("LNA accepts")[0] == accepted(january)
    assert page.headline("GNA accepts")[0] == accepted(january, "GNA")
    assert "token" not in page.browser.current_url  # it stays in no history
    assert f"{CALL} (8 January 2020): LNA {accepted(january)} %" in page.one("img[data-kind=answers]").get_attribute(
        "alt"
    )
    assert "LNA from 12 to" in page.one("img[data-kind=stances]").get_attribute("alt")


def test_a_slider_is_dragged_and_the_address_brings_it_back_undoes_and_shares_it(page, january):
    page.open()
    slider, box = page.row("actors.LNA.stance")
    slider.send_keys(Keys.PAGE_UP, Keys.PAGE_UP)
    page.ready()
    stance = float(slider.get_attribute("value"))
    assert stance > 12
    assert slider.get_attribute("aria-valuetext") == f"{stance:g}" == box.get_attribute("value")
    moved = january.replace({"actors.LNA.stance": stance})
    share, said = page.headline("LNA accepts")
    assert share == accepted(moved)
    gained = float(re.search(r"\+([\d.]+) \(", said)[1])
    assert abs(gained - (share - accepted(january))) <= 1  # each is rounded
    assert page.asked == {"set.actors.LNA.stance": f"{stance:g}"}
    assert "LNA accepts: " in page.text("#said")  # to those who do not see it
    assert page.text("#moved") == "1 moved"
    page.browser.refresh()
    page.ready()
    assert page.headline("LNA accepts")[0] == share
    page.press("#undo")
    page.wait(lambda: not page.asked, "the address of before")
    page.ready()
    assert page.headline("LNA accepts")[0] == accepted(january)
    page.press("#redo")
    page.wait(lambda: page.asked, "the address of after")
    page.ready()
    assert not page.one("#redo").is_enabled()  # there is no more to do again
    assert page.headline("LNA accepts")[0] == share
    page.press("#reset")
    page.wait(lambda: "set.actors.LNA.stance" not in page.asked, "the address without changes")
    page.ready()
    assert page.headline("LNA accepts") == (accepted(january), f"LNA accepts {accepted(january)} %")


def test_each_slider_has_a_mark_and_a_reset_of_its_own(page):
    page.open("?set.actors.LNA.stance=30&set.actors.GNA.stance=40")
    page.row("actors.LNA.stance")
    assert [row.get_attribute("data-key") for row in page.all(".row.moved")] == [
        "actors.LNA.stance",
        "actors.GNA.stance",
    ]
    assert sum("1 moved" in head.get_attribute("textContent") for head in page.all("details.section > summary")) == 2
    page.press(".row[data-key='actors.LNA.stance'] .back")
    page.ready()
    assert page.asked == {"set.actors.GNA.stance": "40"}


@pytest.mark.parametrize(
    ("field", "wrong"), [("run", ""), ("run", "99999"), ("runs", "0"), ("seed", "-1"), ("run", "1.5")]
)
def test_a_box_that_is_emptied_or_overfilled_says_what_would_do_and_all_goes_on(page, field, wrong):
    page.open("?run=3&runs=40&seed=2")
    before = page.one(f"#{field}").get_attribute("value")
    page.write(page.one(f"#{field}"), wrong)
    said = page.wait(lambda: page.text("#wrong"), "what would do")
    assert "a whole number from " in said
    assert page.one(f"#{field}").get_attribute("value") == before
    assert page.asked == {"run": "3", "runs": "40", "seed": "2"}
    page.write(page.one(f"#{field}"), "007e1")  # another way to write a number
    page.ready()
    assert page.asked[field] == "70"
    assert page.text("#wrong") == ""


def test_a_number_box_of_a_slider_takes_no_more_than_the_number_may_be(page):
    page.open()
    page.put("actors.LNA.stance", "400")
    assert page.text("#wrong") == "LNA: stance: a number from 0 to 100 would do. It stays at 12."
    assert page.asked == {}
    page.put("actors.LNA.stance", "12.5")
    assert page.asked == {"set.actors.LNA.stance": "12.5"}


def test_an_address_that_is_wrong_in_part_is_told_and_the_rest_holds(page):
    page.open("?scenario=libya-2020-01&set.actors.LNA.stanc=3&set.actors.GNA.stance=40&rle=degroot&runs=many")
    said = page.text("#wrong")
    for part in ("Did you mean 'actors.LNA.stance'?", "rle: no such setting. Did you mean 'rule'?", "runs: 'many'"):
        assert part in said
    assert page.row("actors.GNA.stance")[1].get_attribute("value") == "40"


def test_another_rule_takes_fewer_runs_where_it_is_costly_and_reset_puts_back_both(page, january):
    page.open("?runs=300")
    Select(page.one("#rule")).select_by_value("spatial")
    page.wait(lambda: page.asked == {"rule": "spatial"}, "the rule in the address")
    page.ready()
    assert page.one("#runs").get_attribute("value") == "25"
    assert "takes long" in page.text("#controls")
    assert page.headline("LNA accepts")[0] == accepted(january.replace({"rule": "spatial"}), runs=25)
    page.press("#reset")
    page.wait(lambda: "rule" not in page.asked, "the rule of the file")
    page.ready()
    assert page.one("#runs").get_attribute("value") == "500"
    assert page.headline("LNA accepts")[0] == accepted(january)


def test_what_takes_long_tells_how_far_it_is_and_can_be_ended(page):
    page.open("?rule=spatial")
    shown = page.text("#strip")
    page.write(page.one("#runs"), "1000")
    page.wait(lambda: page.one("#cancel").is_displayed(), "the runs to be counted")
    assert re.search(r"\d+ of 2000 runs", page.text("#progress"))
    page.press("#cancel")
    assert "Cancelled" in page.text("#wrong")
    assert page.text("#strip") == shown
    assert page.asked == {"rule": "spatial"}  # so that what is downloaded or shared is what is shown
    assert page.one("#runs").get_attribute("value") == "25"
    page.press("#undo")
    page.ready()  # the processor is free again
    assert page.one("#runs").get_attribute("value") == "25"


def test_a_ready_made_what_if_is_compared_with_its_base_and_a_with_b(page, january):
    page.open()
    page.press("details.presets summary")
    page.browser.find_element("link text", "Libya, January 2020: the Emirati airlift stops").click()
    page.ready()
    assert "compared with Libya, January 2020: the Russian-Turkish call" in page.text("#strip")
    assert "left out: Emirati airlift" in page.text("details.presets")
    other = sim.load_scenario("libya-2020-01-no-airlift")
    assert page.headline("LNA accepts")[0] == accepted(other)
    page.press("#keep")
    page.wait(lambda: "against" in page.asked, "A in the address")
    page.ready()
    page.put("actors.LNA.stance", "50")
    assert "compared with A: Libya, January 2020: the Emirati airlift stops" in page.text("#strip")
    gap = accepted(other.replace({"actors.LNA.stance": 50})) - accepted(other)
    gained = float(re.search(r"\+([\d.]+) \(", page.headline("LNA accepts")[1])[1])
    assert abs(gained - gap) <= 1  # each is rounded


def test_one_run_is_stepped_and_played_with_its_reasons(page, january):
    page.open()
    page.press("#forth")
    for expected in (2, 3):
        page.press("#forth")
        page.wait(lambda expected=expected: f"step {expected - 1} " in page.text("#moment"), f"step {expected}")
    model = sim.ConflictModel(january, seed=1, run=0)
    for _ in range(3):
        model.step()
    assert page.text("table.moment tbody tr").startswith(f"LNA{model['LNA'].stance:.1f}")
    answer = "accepts" if model.answers["moscow-ankara-call"]["LNA"] else "refuses"
    assert f"{CALL}: LNA {answer}" in page.text("#when")  # 8 January is the third day
    page.press("#moment details.why summary")
    reasons = page.wait(lambda: page.text("#moment details.why table"), "the reasons")
    assert "willingness" in reasons
    page.press("#moment details.whose summary")
    page.wait(lambda: "the rule" in page.text("#moment details.whose"), "the parts of the move")
    network = page.one("#network").get_attribute("src")
    page.one("#play").send_keys(Keys.SPACE)
    page.wait(lambda: page.step() >= 5, "the run to play")
    page.one("#play").send_keys(Keys.SPACE)
    assert page.one("#play").get_attribute("aria-pressed") == "false"
    at = page.step()
    page.wait(lambda: page.one("#network").get_attribute("src") != network, "the network of then")
    assert page.asked["step"] == str(at)
    page.one("#step").send_keys(Keys.END)
    page.wait(lambda: page.step() == january.steps, "the last step")
    page.press("#start")
    page.wait(lambda: page.step() == 0, "the opening")


def test_the_changed_scenario_the_table_and_the_pictures_are_saved_and_the_command_runs_it(page, browser, tmp_path):
    page.open("?set.ties.UAE.LNA.leverage=0")
    shown = page.headline("LNA accepts")[0]
    names = [
        "libya-2020-01-changed.toml",
        "answers.csv",
        "libya-2020-01-answers.png",
        "libya-2020-01-stances.svg",
        "report.html",
    ]
    for path, more in (
        ("/scenario.toml", None),
        ("/answers.csv", None),
        ("/picture.png", "kind=answers"),
        ("/picture.svg", "kind=stances"),
        ("/report.html", None),
    ):
        page.press(f"a[data-path='{path}']" + (f"[data-more='{more}']" if more else ""))
    for name in names:
        page.wait((browser.downloads / name).exists, name)
    file = browser.downloads / names[0]
    command = [sys.executable, "-m", "simulation", "run", str(file), "--runs", "500", "--json"]
    environment = os.environ | {"PYTHONPATH": str(Path(sim.__file__).parents[1])}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert shown == round(100 * json.loads(done.stdout)["offers"]["moscow-ankara-call"]["LNA"]["chance"])
    assert file.read_text().startswith("# libya-2020-01, changed in the browser:\n#   ties.UAE.LNA.leverage = 0\n")
    assert page.text("#command") == "ceasefire run libya-2020-01 --set ties.UAE.LNA.leverage=0 --runs 500 --seed 1"


def test_two_tabs_do_not_disturb_each_other(page):
    page.open("?set.actors.LNA.stance=60")
    first, shown = page.browser.current_window_handle, page.headline("LNA accepts")
    page.browser.switch_to.new_window("tab")
    page.open()
    assert page.headline("LNA accepts")[0] != shown[0]
    page.browser.close()
    page.browser.switch_to.window(first)
    page.row("actors.GNA.stance")[0].send_keys(Keys.ARROW_RIGHT)
    page.ready()
    assert page.asked.keys() == {"set.actors.LNA.stance", "set.actors.GNA.stance"}


SIZES = {"1920": (1920, 1080), "1400": (1400, 900), "1024": (1024, 768), "390": (390, 844)}

SEEN = """
const box = arguments[0].getBoundingClientRect();
const high = Math.min(box.bottom, innerHeight) - Math.max(box.top, 0);
return Math.max(0, high) / Math.min(box.height, innerHeight);
"""


FREE = """
const box = arguments[0].getBoundingClientRect();
return document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2) === arguments[0];
"""
"""Whether nothing lies over the middle of an element."""


@pytest.mark.parametrize("size", SIZES)
def test_a_chart_and_the_headline_numbers_are_in_sight_while_a_slider_moves(page, size):
    wide, high = SIZES[size]
    metrics = {"width": wide, "height": high, "deviceScaleFactor": 1, "mobile": wide < 600}
    page.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        page.open()
        slider, _ = page.row("coefficients.truces.declared_days")  # far down the list
        page.browser.execute_script("arguments[0].scrollIntoView({block: 'end'})", slider)
        slider.send_keys(Keys.ARROW_RIGHT)
        page.ready()
        seen = {css: page.browser.execute_script(SEEN, page.one(css)) for css in ("#strip", "figure.first img")}
        assert seen["#strip"] > 0.99
        assert seen["figure.first img"] > 0.9
        assert page.browser.execute_script(SEEN, slider) > 0.9
        assert page.browser.execute_script(FREE, slider)
        over = page.browser.execute_script("return document.documentElement.scrollWidth - innerWidth")
        assert over <= 0  # nothing runs out of the page at its side
        covered = sum(page.one(css).size["height"] for css in ("#strip", "figure.first")) if wide < 900 else 0
        assert covered < 0.5 * high
    finally:
        page.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("scenario", ["libya-2020-01", "yemen-2018-2022", "reference/emission-standards"])
def test_axe_finds_nothing_serious_with_all_of_the_page_unfolded(page, scenario):
    page.open(f"?scenario={scenario}&step=3&run=1&set.actors.UN.stance=70")
    page.unfold()
    page.ready()
    assert page.serious_faults() == []


def test_a_slider_is_announced_by_its_name_value_and_unit_on_its_own_scale(page):
    page.open()
    slider, box = page.row("actors.LNA.base")
    declared = sim.load_scenario("libya-2020-01").inputs["actors.LNA.base"]
    assert float(slider.get_attribute("min")) == declared.low
    assert float(slider.get_attribute("max")) == declared.high
    assert slider.accessible_name == "LNA: preference at parity"
    assert slider.get_attribute("aria-valuetext") == f"{declared.value:g} {declared.unit}".strip()
    assert box.accessible_name == "LNA: preference at parity, as a number"
