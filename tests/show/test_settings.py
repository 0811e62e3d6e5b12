"""All that a visitor chose stands in the address: what is read is what was written, and what is wrong is told."""

import os
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.show.dashboard.settings import BOUNDS, LONGEST, Settings, read_settings
from simulation.show.dashboard.views import AS_IN_FILE, Library, what_differs

TEXT = st.text(max_size=12)
FINITE = st.floats(allow_nan=False, allow_infinity=False)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return Library(None, tmp_path_factory.mktemp("empty"))


@given(
    st.builds(
        Settings,
        scenario=TEXT,
        as_of=st.none() | st.dates(),
        rule=TEXT,
        changes=st.dictionaries(TEXT, FINITE.map(lambda value: float(f"{value:.12g}")), max_size=3).map(
            lambda found: tuple(sorted(found.items()))
        ),
        runs=st.integers(*BOUNDS["runs"]),
        seed=st.integers(*BOUNDS["seed"]),
        against=TEXT,
        actors=TEXT,
        run=st.integers(*BOUNDS["run"]),
        step=st.integers(*BOUNDS["step"]),
    )
)
def test_what_is_read_from_an_address_is_what_was_written_to_it(settings):
    assert read_settings(settings.address) == (settings, [])


def test_what_is_as_usual_is_not_written():
    assert Settings().address == ""
    assert Settings(scenario="a b", seed=2, changes=(("ties.UAE.LNA.support", 0.2),)).address == (
        "scenario=a+b&seed=2&set.ties.UAE.LNA.support=0.2"
    )


@given(st.text(max_size=60))
def test_no_address_breaks_it(query):
    settings, wrong = read_settings(query)
    assert isinstance(settings, Settings)
    assert all(isinstance(line, str) for line in wrong)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("runs=", None),  # an emptied box is as usual
        ("runs=0", "runs: '0' will not do; a whole number from 1 to 5000 would."),
        ("runs=1e3", "runs: '1e3' will not do"),
        ("seed=٣", "seed: '٣' will not do"),
        ("run=-1", "run: '-1' will not do"),
        ("as_of=yesterday", "as_of: 'yesterday' is no day such as 2020-01-12."),
        ("set.actors.LNA.stance=nan", "set.actors.LNA.stance: 'nan' is no number."),
        ("set.actors.LNA.stance=1e999", "is no number."),
        ("ruel=degroot", "ruel: no such setting. Did you mean 'rule'?"),
        ("changes=1", "changes: no such setting."),
        ("a=%ff", "The address has letters"),
        ("&".join(f"set.a{number}=1" for number in range(1001)), "more parts, than can be read"),
        ("x" * (LONGEST + 1), "characters; 16,384 are read."),
    ],
)
def test_what_is_wrong_in_an_address_is_told_and_left_as_usual(query, told):
    settings, wrong = read_settings(query)
    assert settings == Settings()
    assert ("".join(wrong) == "") if told is None else (told in wrong[0])


def test_a_setting_that_the_scenario_does_not_know_is_told_with_the_nearest_and_the_rest_holds(library):
    settings = Settings(
        scenario="libya-2020-01",
        changes=(("actors.GNA.stance", 40.0), ("actors.LNA.stanc", 3.0), ("ties.UAE.LNA.support", 7.0)),
        actors="Neutrals",
        step=900,
    )
    view, wrong = library.view(settings)
    assert dict(view.changes) == {"actors.GNA.stance": 40.0}
    assert view.scenario.actors["GNA"].stance.best == 40
    assert (view.actors, view.settings.step) == (["LNA", "GNA"], 55)
    assert wrong == [
        "actors.LNA.stanc: no number that can be moved by itself. Did you mean 'actors.LNA.stance'?",
        "UAE to LNA: support: 7 will not do; from 0 to 2 would.",
        "actors: no group 'Neutrals'. Did you mean 'Neutral'?",
        "step: 900 is more than the 55 that there are.",
    ]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (Settings(scenario="libya-2020-1"), "scenario: no scenario 'libya-2020-1'. Did you mean 'libya-2020-01'?"),
        (Settings(scenario="../../etc/passwd"), "scenario: no scenario '../../etc/passwd'."),
        (Settings(rule="degrot"), "rule: no rule 'degrot'. Did you mean 'degroot'?"),
        (Settings(against="yemen"), "against: no scenario 'yemen'."),
        (Settings(against="set.actors.LNA.stance=900"), "against: LNA: stance: 900 will not do"),
    ],
)
def test_what_is_not_on_the_menu_is_told_and_the_first_is_shown(library, settings, told):
    view, wrong = library.view(settings)
    assert wrong[0].startswith(told)
    assert view.choice.name == "libya-2020-01"
    assert view.changes == {}


def test_numbers_that_do_not_go_together_are_told_and_left_as_they_were(library):
    """Positions on several issues do not drift."""
    settings = Settings(scenario="reference/ktab-seven-actors", changes=(("coefficients.opinion.noise", 2.0),))
    view, wrong = library.view(settings)
    assert wrong[0].startswith("These numbers do not go together.")
    assert "set coefficients.opinion.noise = 0" in wrong[0]
    assert view.changes == {}


def test_a_what_if_is_compared_with_its_base_and_any_two_with_each_other(library):
    base, _ = library.view(Settings(scenario="libya-2020-01"))
    assert (base.before, base.before_called, base.compared) == (base.start, AS_IN_FILE, False)
    other, _ = library.view(Settings(scenario="libya-2020-01-no-wagner"))
    assert (other.before, other.before_called) == (base.start, base.start.title)
    alone, _ = library.view(Settings(scenario="libya-2020-01-no-wagner", against="libya-2020-01-no-wagner"))
    assert not alone.compared
    kept = Settings(scenario="libya-2020-01", rule="degroot", changes=(("actors.LNA.stance", 30.0),))
    ab, wrong = library.view(Settings(scenario="libya-2020-01-no-wagner", against=kept.address))
    assert wrong == []
    assert (ab.before.rule.name, ab.before.actors["LNA"].stance.best) == ("degroot", 30)
    assert ab.before_called == f"A: {base.start.title} (degroot, actors.LNA.stance = 30)"


def test_a_scenario_may_be_known_as_of_a_day(library):
    view, wrong = library.view(Settings(scenario="libya-2020-01", as_of=date(2020, 1, 10)))
    assert wrong == []
    assert "as of 10 January 2020" in view.start.heading
    assert view.before is view.start


def test_what_a_what_if_has_otherwise_is_said_of_numbers_events_and_the_rule(library):
    def said(name):
        return library.differences(name)

    assert said("libya-2020-01-no-wagner") == [
        "Russia to LNA: support: 0.1 → 0",
        "Wagner Group to LNA: support: 0.5 → 0",
    ]
    assert said("libya-2020-01-no-airlift") == [
        "left out: Emirati airlift",
        "new: Emirates keep the embargo (19 January 2020)",
    ]
    assert said("reference/emission-standards-spatial") == [
        "rule: expected-utility → spatial",
        "steps: 9 of 1 days → 13 of 1 days",
    ]
    assert what_differs(library.start("libya-2020-01"), library.start("libya-2020-01")) == []
    days = [said.partition(" Jan")[0] for said in library.differences("libya-2020-01-monitored")[:4]]
    assert days == ["8", "11", "13", "19"]  # as they come about, and not by their letters


def test_a_file_that_was_written_anew_is_read_anew(tmp_path, texts):
    (tmp_path / "scenarios").mkdir()
    file = tmp_path / "scenarios" / "mine.toml"
    file.write_text(texts["two"])
    library = Library(None, tmp_path)
    before = library.start("mine")
    library.refresh()
    assert library.start("mine") is before
    file.write_text(texts["two"].replace("North and South", "South and North"))
    later = file.stat().st_mtime + 5
    os.utime(file, (later, later))
    library.refresh()
    assert library.start("mine").title.startswith("South and North")


def test_the_menu_has_titles_in_groups_and_those_of_the_user_first(tmp_path, texts):
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "mine.toml").write_text(texts["two"])
    (tmp_path / "scenarios" / "broken.toml").write_text("title = 3\n")
    (tmp_path / "scenarios" / "other.toml").write_text('extends = "mine.toml"\ntitle = "What if?"\n')
    menu = Library(None, tmp_path).menu
    assert [(choice.name, choice.title, choice.base) for choice in list(menu.values())[:3]] == [
        ("mine", "North and South, and who stands behind them", None),
        ("other", "What if?", "mine"),
        ("broken", "broken", None),  # told by its name, and what is wrong when it is picked
    ]
    assert menu["libya-2020-01"].title == "Libya, January 2020: the Russian-Turkish call"
    assert menu["wars/bosnia-1992-1995"].group != menu["libya-2020-01"].group


def test_scenarios_of_one_name_or_title_are_told_apart_without_their_folders(tmp_path, texts):
    own = tmp_path / "scenarios"
    own.mkdir()
    for name in ("first", "second", "libya-2020-01"):
        (own / f"{name}.toml").write_text(texts["two"])
    menu = Library(None, tmp_path).menu
    title = "North and South, and who stands behind them"
    assert {menu[name].title for name in ("first", "second")} == {f"{title} (first)", f"{title} (second)"}
    assert menu["bundled/libya-2020-01"].title == "Libya, January 2020: the Russian-Turkish call"
    assert menu["bundled/libya-2020-01"].group == menu["libya-2019-2020"].group
    assert not any(str(tmp_path) in name for name in menu)
