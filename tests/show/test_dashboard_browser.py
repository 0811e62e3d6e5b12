"""The page, as somebody at a browser meets it: pick, drag, step, play, save. Numbers are read off the page itself."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import simulation as sim

pytest.importorskip("marimo", reason="the page needs marimo, of the extra 'dashboard'")
pytest.importorskip("selenium", reason="a browser is driven by selenium, of the extra 'dev'")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DRIVER = shutil.which("chromedriver")
if CHROMIUM is None or DRIVER is None:
    pytest.skip("no Chromium with its chromedriver on this machine", allow_module_level=True)

from selenium.common.exceptions import ElementClickInterceptedException, StaleElementReferenceException  # noqa: E402
from selenium.webdriver import Chrome  # noqa: E402
from selenium.webdriver.chrome.options import Options  # noqa: E402
from selenium.webdriver.chrome.service import Service  # noqa: E402
from selenium.webdriver.common.action_chains import ActionChains  # noqa: E402
from selenium.webdriver.support.ui import Select  # noqa: E402

PATIENCE = 60  # seconds; a busy machine is slow, not wrong

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1500,1400",
]

DEEP = """
const found = [];
const walk = root => { for (const e of root.querySelectorAll('*')) {
  if (e.matches(arguments[0])) found.push(e);
  if (e.shadowRoot) walk(e.shadowRoot);
} };
walk(arguments[1] || document);
return found;
"""
"""Elements by CSS selector, in the shadow roots of marimo's elements too."""

WATCH = """
window.redrawn = null;
document.addEventListener('pointerup', () => {
  const begun = performance.now();
  const picture = () => document.querySelector('img[alt^="The stances"]').src;
  const before = picture();
  const look = () => picture() === before ? requestAnimationFrame(look) : window.redrawn = performance.now() - begun;
  look();
}, {capture: true, once: true});
"""
"""Take the milliseconds from letting go of the pointer to the new picture."""


class Page:
    """What a visitor can do, and read."""

    def __init__(self, browser, address):
        self.browser = browser
        browser.get(address)
        self.wait(lambda: len(self.all("img.picture")) >= 3, "pictures")

    def all(self, css, inside=None):
        return self.browser.execute_script(DEEP, css, inside)

    def wait(self, ready, what):
        """Wait until something is so, and return it; elements may be drawn anew under our hands meanwhile."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                found = ready()
            except (
                StaleElementReferenceException,
                ElementClickInterceptedException,
                IndexError,
                StopIteration,
                ValueError,
            ):
                found = None
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError(f"waited in vain for: {what}")

    def text(self, css):
        return self.wait(lambda: self.all(css)[0].text, css)

    def share(self, offer, party):
        """Per cent of runs in which the party accepts, and the words below."""

        def read():
            heads = [cell.text for cell in self.all("table.answers thead th")]
            column = heads.index(f"{party} accepts") - 1
            row = next(row for row in self.all("table.answers tbody tr") if row.text.startswith(offer))
            cell = self.all("td", row)[column].text
            return float(cell.split(" %")[0]), cell

        return self.wait(read, f"the answer of {party} to {offer}")

    def pick(self, label, value):
        """Choose from the list with that label."""

        def lists():
            return [
                found for found in self.all("select") if value in [option.text for option in self.all("option", found)]
            ]

        Select(self.wait(lists, label)[0]).select_by_visible_text(value)

    def press(self, label):
        """Press the button with that label, once it is there and nothing lies over it."""

        def pressed():
            button = next(found for found in self.all("button, a") if found.text == label)
            self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
            button.click()
            return True

        self.wait(pressed, label)

    def slider(self, key):
        def thumbs():
            return self.all("[role=slider]", self.all(f".row[data-key='{key}']")[0])

        return self.wait(thumbs, key)[0]

    def search(self, words):
        field = next(
            found for found in self.all("input") if str(found.get_attribute("placeholder")).startswith("search")
        )
        field.clear()
        field.send_keys(words)

    def step(self):
        """How many steps of the single run are done."""
        when, step = re.search(r"(Before|After) step (\d+) ", self.text("#moment")).groups()
        return int(step) + (when == "After")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Where the page is, as the command says."""
    folder = tmp_path_factory.mktemp("visitor")
    command = [str(Path(sys.executable).parent / "ceasefire"), "app", "libya-2020-01", "--no-browser"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            said = server.stdout.readline()
            yield re.search(r"http://127\.0\.0\.1:\d+/\?token=\S+", said).group()
        finally:
            server.terminate()
            try:
                server.wait(60)  # though the browser was there until a moment ago
            finally:
                server.kill()
            assert "Traceback" not in server.stdout.read()


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    options = Options()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    folder = tmp_path_factory.mktemp("downloads")
    options.add_experimental_option("prefs", {"download.default_directory": str(folder)})
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = Chrome(options=options, service=Service(DRIVER))
    driver.downloads = folder
    yield driver
    driver.quit()


@pytest.fixture
def page(browser, address):
    """The page, freshly opened; what it asked for came from this machine, and nothing went wrong in the browser."""
    yield Page(browser, address)
    wrong = [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
    assert not wrong
    asked = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    urls = [entry["params"]["request"]["url"] for entry in asked if entry["method"] == "Network.requestWillBeSent"]
    urls += [entry["params"]["url"] for entry in asked if entry["method"] == "Network.webSocketCreated"]
    hosts = {urlsplit(url).hostname for url in urls if url.startswith(("http", "ws"))}
    assert hosts == {"127.0.0.1"}


CALL = "Moscow and Ankara call for a truce"


def accepted(scenario, offer="moscow-ankara-call", party="LNA"):
    """Per cent of 500 runs in which the party accepts, rounded as tables round it."""
    result = sim.run_ensemble(scenario, runs=500, seed=1)
    share = 100 * float((result.answer.sel(offer=offer, party=party) > 0).mean())  # with conditions or without
    return float(f"{share:.0f}") if 1 <= share <= 99 else float(f"{share:.1f}")


@pytest.fixture(scope="module")
def january():
    return sim.load_scenario("libya-2020-01")


def test_it_opens_with_the_question_and_the_numbers_of_the_runs(page, january):
    assert page.text("h1") == january.title
    assert page.text(".question") == january.question
    assert "LNA most likely refuses" in page.text("ul.verdict")
    assert page.share(CALL, "LNA")[0] == accepted(january)
    assert page.share(CALL, "GNA")[0] == accepted(january, party="GNA")


def test_the_address_is_needed_once_then_reload_and_a_second_tab_work_each_for_itself(page, address):
    plain = address.split("?")[0]
    assert page.browser.current_url == plain  # the token stays in no history
    first = page.browser.current_window_handle
    page.search("actors.LNA.stance")
    page.slider("actors.LNA.stance").send_keys("\ue014")
    page.wait(lambda: "actors.LNA.stance" in page.text("table.changes"), "the change")
    page.browser.switch_to.new_window("tab")
    second = Page(page.browser, plain)
    assert not second.all("table.changes")
    page.browser.close()
    page.browser.switch_to.window(first)
    assert "actors.LNA.stance" in page.text("table.changes")
    page.browser.refresh()
    page.wait(lambda: len(page.all("img.picture")) >= 3 and not page.all("table.changes"), "the page anew")


def test_another_scenario_is_picked(page):
    page.pick("Scenario", "libya-2020-01-no-wagner")
    other = sim.load_scenario("libya-2020-01-no-wagner")
    page.wait(lambda: page.text("h1") == other.title, "the other title")
    page.wait(lambda: page.share(CALL, "LNA")[0] == accepted(other), "the other numbers")


def test_a_slider_is_dragged_the_numbers_follow_and_all_can_be_put_back(page, january):
    at_first = page.share(CALL, "LNA")[0]
    page.search("actors.LNA.stance")
    page.browser.execute_script(WATCH)
    ActionChains(page.browser).click_and_hold(page.slider("actors.LNA.stance")).move_by_offset(
        60, 0
    ).release().perform()
    redrawn = page.wait(lambda: page.browser.execute_script("return window.redrawn"), "the new picture")
    print(f"redrawn within {redrawn:.0f} ms")  # noqa: T201
    stance = float(page.slider("actors.LNA.stance").get_attribute("aria-valuenow"))
    assert stance > january.actors["LNA"].stance.best + 10
    moved = january.replace({"actors.LNA.stance": stance})
    page.wait(lambda: page.share(CALL, "LNA")[0] == accepted(moved), "the numbers of the moved stance")
    value, cell = page.share(CALL, "LNA")
    assert value > at_first + 5  # a party readier to stop accepts more
    assert any(f"▲ +{value - at_first + rounding:.0f} points" in cell for rounding in (-1, 0, 1))
    assert "more often: Moscow and Ankara call for a truce" in page.text("ul.changed")
    assert page.text("table.changes tbody tr").startswith("actors.LNA.stance 12 ")
    assert redrawn < 10_000  # half a second on an idle machine; this only catches what is broken
    page.press("Put everything back")
    page.wait(lambda: page.share(CALL, "LNA")[0] == at_first, "the numbers of before")
    assert page.slider("actors.LNA.stance").get_attribute("aria-valuenow") == "12"


def test_sliders_stay_where_they_were_put_while_others_are_looked_for(page):
    page.search("actors.Turkey.influence")
    thumb = page.slider("actors.Turkey.influence")
    thumb.send_keys("\ue014" * 5)  # five times the arrow to the right
    page.wait(lambda: "actors.Turkey.influence" in page.text("table.changes"), "the change")
    page.search("declared days")
    page.slider("coefficients.truces.declared_days")
    assert not page.all(".row[data-key='actors.Turkey.influence']")
    page.search("Turkey influence")
    page.wait(lambda: page.slider("actors.Turkey.influence").get_attribute("aria-valuenow") == "70", "65 and five more")


def test_another_rule_is_taken_and_its_own_numbers_appear(page, january):
    page.search("rule.openness")
    page.slider("rule.openness")
    page.pick("Rule", "degroot")
    page.wait(lambda: not page.all(".row[data-key='rule.openness']"), "the rule's number to go")
    page.wait(lambda: page.share(CALL, "LNA")[0] == accepted(january.replace({"rule": "degroot"})), "the numbers")
    assert page.text("table.changes tbody tr").startswith("rule friedkin-johnsen degroot")


def test_one_run_is_stepped_and_played(page, january):
    assert page.step() == 0
    for expected in (1, 2, 3):
        page.press("step →")
        page.wait(lambda expected=expected: page.step() == expected, f"step {expected}")
    model = sim.ConflictModel(january, seed=1, run=0)
    for _ in range(3):
        model.step()
    row = page.text("table.moment tbody tr")
    assert row.startswith(f"LNA {model['LNA'].stance:.1f}")
    answer = "accepts" if model.answers["moscow-ankara-call"]["LNA"] else "refuses"
    assert f"{CALL}: LNA {answer}" in page.text("#moment")  # 8 January is the third day
    picture = page.all("img[alt^='The network']")[0].get_attribute("src")
    page.press("← back")
    page.wait(lambda: page.step() == 2, "step 2")
    page.press("▶ play")
    page.wait(lambda: page.step() >= 5, "the run to play")
    page.press("pause")
    page.wait(lambda: [button for button in page.all("button") if button.text == "▶ play"], "the run to stand still")
    assert page.all("img[alt^='The network']")[0].get_attribute("src") != picture
    page.press("from the start")
    page.wait(lambda: page.step() == 0, "the opening")


def test_the_changed_scenario_is_saved_and_the_command_runs_it(page, browser, tmp_path):
    page.search("ties.UAE.LNA.leverage")
    page.slider("ties.UAE.LNA.leverage").send_keys("\ue011")  # Home: no leverage
    page.wait(lambda: "ties.UAE.LNA.leverage" in page.text("table.changes"), "the change")
    shown = page.share("Moscow text", "GNA")[0], page.share(CALL, "LNA")[0]
    page.press("Save as a scenario file")
    file = browser.downloads / "libya-2020-01-changed.toml"
    page.wait(file.exists, "the file")
    command = [str(Path(sys.executable).parent / "ceasefire"), "run", str(file), "--runs", "500", "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=os.environ, check=False)
    assert done.returncode == 0, done.stderr
    offers = json.loads(done.stdout)["offers"]
    found = offers["moscow-text"]["GNA"]["chance"], offers["moscow-ankara-call"]["LNA"]["chance"]
    assert shown == tuple(float(f"{100 * chance:.0f}") for chance in found)
    assert file.read_text().startswith("# libya-2020-01, changed in the browser:\n#   ties.UAE.LNA.leverage = 0\n")
