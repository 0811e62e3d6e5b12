"""A seat at the table in a browser: make an offer, take it back, sit in a chair, go on, see what it comes to."""

import time

import pytest
from browsing import PATIENCE, Visitor, chromium, served  # first of all: it skips what cannot be driven
from selenium.webdriver import Keys
from selenium.webdriver.support.ui import Select


class Table(Visitor):
    """What somebody at the table can do, and read."""

    def open(self, query):
        self.browser.get(f"{self.base}/seat?scenario=libya-2020-01&run=54&{query}")
        self.wait_for("step")
        return self

    def wait_for(self, *words, where="#state"):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if all(word in self.text(where) for word in words) and not self.all("body.busy"):
                return
            time.sleep(0.05)
        raise AssertionError(f"waited in vain for {words}; there is: {self.text(where)}")

    def tick(self, name, *values):
        for value in values:
            self.press(f"input[name={name}][value={value}]")


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    folder = tmp_path_factory.mktemp("visitor")
    with served(folder) as address, chromium(folder, "1400,900") as browser:
        browser.get(address)
        yield Table(browser, address)
        assert [line for line in browser.get_log("browser") if "400" not in line["message"]] == []


def test_the_page_of_all_runs_leads_to_the_table_of_the_run_that_is_looked_at(table):
    table.browser.get(f"{table.base}/?scenario=libya-2020-01&run=54&step=8&set.actors.LNA.stance=20")
    link = table.one("a[data-path='/seat']")
    table.browser.get(link.get_attribute("href"))
    table.wait_for("14 January 2020, step 8 of 55")
    assert "set.actors.LNA.stance=20" in table.browser.current_url
    assert table.one("#leave").get_attribute("href").endswith("run=54&step=8&set.actors.LNA.stance=20")


def test_an_offer_is_refused_taken_back_and_accepted_with_a_concession(table):
    """As in the notebook: in run 54, on 14 January, 40 points on the armed groups turn the LNA's refusal."""
    table.open("step=8")
    table.tick("sponsors", "UN", "Germany")
    table.browser.execute_script(
        "const m = arguments[0]; m.value = 50; m.dispatchEvent(new Event('input', {bubbles: true}))",
        table.one("#monitoring"),
    )
    table.press("#offer button.main")
    table.wait_for("Your offer 1", "LNA refuses (chance of a yes 52 %), GNA accepts")
    assert table.browser.switch_to.active_element.get_attribute("id") == "answered"  # where the answers are
    table.press("details.why summary")
    table.wait_for("pull of UN")

    table.press("[data-back]")
    table.wait_for("None yet.")
    slider = table.one("#p-militias")
    slider.send_keys(Keys.LEFT, Keys.LEFT)  # from 50, by fives; the issue is ticked of itself
    assert slider.get_attribute("aria-valuetext") == "40 of 100"
    assert table.one("#t-militias").is_selected()
    table.press("#offer button.main")
    table.wait_for("LNA accepts with conditions", "A truce is in force.", "armed groups of Tripoli 40")

    table.browser.back()  # undoes the move
    table.wait_for("None yet.")
    table.browser.forward()
    table.wait_for("A truce is in force.")
    table.browser.refresh()
    table.wait_for("A truce is in force.")

    table.press("#reckon")
    table.wait_for("47 of 55 days end with a truce in force, 25 more than in the same run without", where="#score")
    assert "With the moves 47, without them 22" in table.one("#days-drawn").get_attribute("alt")
    table.press("#forth")
    table.wait_for("15 January 2020, step 9 of 55")
    assert table.text("#score") == ""  # of a seat that is no longer the same


def test_a_party_is_asked_and_answers_and_an_earlier_day_takes_its_answers_back(table):
    table.open("step=0")
    Select(table.one("#chair")).select_by_value("LNA")
    table.wait_for("6 January 2020")
    table.press("#end")
    table.wait_for("You are asked: Moscow and Ankara call for a truce", "8 January 2020")
    assert not table.one("#forth").is_enabled()
    assert not table.one("input[name=sponsors][value=LNA]").is_enabled()
    table.press("[data-answer=accept]")
    table.wait_for("9 January 2020", "LNA accepts (chance of a yes 33 %), GNA accepts with conditions")
    assert "you answer 'moscow-ankara-call': accept" in table.text(".moves")
    table.press("#end")
    table.wait_for("You are asked: The call again")
    table.browser.execute_script(
        "const s = arguments[0]; s.value = 1; s.dispatchEvent(new Event('change', {bubbles: true}))", table.one("#step")
    )
    table.wait_for("7 January 2020", "None yet.")


def test_what_will_not_do_is_said_and_the_table_stays(table):
    table.open("step=8")
    table.press("#offer button.main")
    table.wait_for("Who proposes it? Tick one or more.", where="#wrong")
    table.tick("sponsors", "UN")
    table.one("#days").send_keys("0")
    table.press("#offer button.main")
    table.wait_for("a whole number of days from 1 to 3650 would do", where="#wrong")
    run = table.one("#run")
    run.clear()
    run.send_keys("-5", Keys.TAB)
    table.wait_for("Run: a whole number from 0 to 9999 would do. It stays at 54.", where="#wrong")
    assert run.get_attribute("value") == "54"
    assert "14 January 2020" in table.text("#state")
    table.browser.get(f"{table.base}/seat?scenario=libya-2020-01&moves=nonsense")
    table.wait_for("moves: this is no list of moves", where="#wrong")


def test_a_box_beside_each_slider_takes_the_same_number_and_says_what_would_do(table):
    table.open("step=8")
    slider, box = table.one("#p-militias"), table.one("#n-p-militias")
    for typed, said in (("", "a number from 0 to 100 would do. It stays at 50."), ("400", "It stays at 50.")):
        box.send_keys(Keys.CONTROL, "a")
        box.send_keys(Keys.NULL, typed or Keys.DELETE, Keys.TAB)
        table.wait_for(said, where="#wrong")
        assert box.get_attribute("value") == slider.get_attribute("value") == "50"
        assert not table.one("#t-militias").is_selected()
    box.send_keys(Keys.CONTROL, "a")
    box.send_keys(Keys.NULL, "42.5", Keys.TAB)
    assert table.text("#wrong") == ""
    assert slider.get_attribute("aria-valuetext") == "42.5 of 100"
    assert table.one("#t-militias").is_selected()
    table.tick("sponsors", "UN")
    table.press("#offer button.main")
    table.wait_for("armed groups of Tripoli 42.5")


@pytest.mark.parametrize(
    ("wrong", "said"), [("seat=UAE", "'UAE' is no party"), ("moves=[1]", "move 1: "), ("run=x", "run: 'x' will not do")]
)
def test_an_address_that_is_wrong_in_part_is_told_and_one_sits_down_all_the_same(table, wrong, said):
    table.browser.get(f"{table.base}/seat?scenario=libya-2020-01&{wrong}")
    table.wait_for("6 January 2020, step 0 of 55")
    table.wait_for(said, where="#wrong")
    table.press("#forth")
    table.wait_for("7 January 2020, step 1 of 55")


def test_nothing_lies_outside_the_window_and_axe_finds_nothing_serious(table):
    table.open("step=8&seat=LNA&moves=")
    for width in (1400, 390):
        table.browser.set_window_size(width, 900)
        over = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert table.browser.execute_script(over) <= 0
    table.unfold()
    found = table.serious_faults()
    table.browser.set_window_size(1400, 900)
    assert found == []
