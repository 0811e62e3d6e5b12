"""Series of events: whose files are understood, where they may lie, and what a scenario keeps of them."""

from datetime import date

import pytest

import simulation as sim
from simulation.scenario import ScenarioError
from simulation.scenario.files import load_text

PLAIN = "date,value\n2020-01-07,3\n2020-01-09,4.5\n"
ACLED = (
    "\ufeffevent_id_cnty;event_date;event_type;fatalities;notes\n"
    'LBY1;07 January 2020;Battles;1;"Shelling;\nby night"\n'
    "LBY2;07 January 2020;Battles;2;\n"
    ";;;;\n"
    "LBY3;9 January 2020;Battles;4,5;\n\n"
)
GED = "id,date_start,best,low\n1,2020-01-09 00:00:00.000,4.5,1\n2,2020-01-07 00:00:00.000,3,0\n"


@pytest.fixture
def war(tmp_path):
    """A what-if on January 2020 with a series in a file beside it."""

    def made(text, series='{ fighting = "events.csv" }'):
        (tmp_path / "events.csv").write_text(text, encoding="utf-8")
        (tmp_path / "war.toml").write_text(f'extends = "libya-2020-01"\nseries = {series}\n', encoding="utf-8")
        return sim.load_scenario(tmp_path / "war.toml")

    return made


@pytest.mark.parametrize(
    "text", [PLAIN, ACLED, GED, PLAIN.replace(",", "\t"), PLAIN.replace("2020-01-07", "07.01.2020")]
)
def test_amounts_are_added_up_by_day_whosever_the_file(war, text):
    fighting = war(text).series.fighting
    assert fighting.dates == (date(2020, 1, 7), date(2020, 1, 9))
    assert fighting.values == (3.0, 4.5)


def test_a_scenario_keeps_the_numbers_and_needs_the_file_no_more(war, tmp_path):
    scenario = war(PLAIN)
    (tmp_path / "events.csv").unlink()
    assert load_text(scenario.as_toml(), "again") == scenario
    assert scenario.replace({"actors.Turkey.stance": 90}).series == scenario.series


def test_what_extends_a_war_keeps_its_series_unless_it_has_one_of_its_own(war, tmp_path):
    war(PLAIN)
    (tmp_path / "if.toml").write_text('extends = "war.toml"\ntitle = "if"\n')
    assert sim.load_scenario(tmp_path / "if.toml").series.fighting.values == (3.0, 4.5)
    (tmp_path / "other.csv").write_text("date,value\n2020-01-20,7\n")
    (tmp_path / "if.toml").write_text('extends = "war.toml"\nseries = { fighting = "other.csv" }\n')
    assert sim.load_scenario(tmp_path / "if.toml").series.fighting.values == (7.0,)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "events.csv: empty"),
        ("date,value\n", "no rows below the head"),
        ("day,value\n2020-01-07,1\n", "no column 'date' among day, value"),
        ("event_date,fatality\n2020-01-07,1\n", "no column 'fatalities'.*Did you mean 'fatality'"),
        ("date,value\n2020-01-07,1\n01/02/2020,1\n", "row 3, column 'date': '01/02/2020' is not a date"),
        ("date,value\n0001-01-01,1\n", "row 2, column 'date'"),
        ("date,value\n\n2020-01-07,-1\n", "row 3, column 'value': '-1' is not a number of 0 or more"),
        ("date,value\n2020-01-07,\n", "row 2, column 'value': '' is not"),
        ("date,value\n2020-01-07,3,5\n", "more cells than the head; write decimals with a point"),
        ('date,value\n2020-01-07,"3\n', "cannot be read as CSV"),
        ("date,value\n2021-01-07,1\n", "series.fighting: 2021-01-07 to 2021-01-07 is outside the scenario"),
    ],
)
def test_a_file_that_will_not_do_is_told_of_with_its_row_and_column(war, text, words):
    with pytest.raises(ScenarioError, match=words):
        war(text)


@pytest.mark.parametrize(
    ("series", "words"),
    [
        ('{ fighting = "event.csv" }', "no file 'event.csv'. Did you mean 'events.csv'"),
        ('{ fighting = "../events.csv" }', "lies outside the folder"),
        ('{ fighting = "/events.csv" }', "lies outside the folder"),
        ('{ fighting = "." }', "is a folder"),
        ('{ fighting = "" }', "not the name of a file"),
        ('{ figthing = "events.csv" }', "series.figthing: no such key. Did you mean 'fighting'"),
        ('"events.csv"', "series: a table is needed"),
        ("{ fighting = 3 }", "series.fighting"),
        ("{ fighting = { dates = [2020-01-08, 2020-01-07], values = [1, 2] } }", "in order, each once"),
        ("{ fighting = { dates = [2020-01-08], values = [1, 2] } }", "1 dates and 2 values"),
        ("{ fighting = { dates = [2020-01-08], values = [-1] } }", "below 0"),
    ],
)
def test_a_series_lies_beside_the_scenario_and_is_named_right(war, series, words):
    with pytest.raises(ScenarioError, match=words):
        war(PLAIN, series)


def test_a_file_that_is_no_text_is_told_of(war, tmp_path):
    war(PLAIN)
    (tmp_path / "events.csv").write_bytes(b"date,value\n2020-01-07,\xff\n")
    with pytest.raises(ScenarioError, match="not UTF-8 text"):
        sim.load_scenario(tmp_path / "war.toml")


def test_a_path_is_read_from_a_file_alone(libya, talks):
    with pytest.raises(ScenarioError, match="read where it stands in a scenario file"):
        libya.replace({"series.fighting": "events.csv"})
    with pytest.raises(ScenarioError, match="nobody fights here"):
        talks.replace({"series": {"fighting": {"dates": [talks.start], "values": [1]}}})
