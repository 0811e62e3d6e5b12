"""What a table takes for a text, a day and a number, whatever file or hand it comes from."""

import datetime

import pytest

from simulation.scenario import Actor, Scenario, ScenarioError, load_scenario
from simulation.scenario.imports import import_table
from simulation.scenario.series import Series

UTC2 = datetime.timezone(datetime.timedelta(hours=2))


def refusal(scenario, changes):
    with pytest.raises(ScenarioError) as caught:
        scenario.replace(changes)
    return str(caught.value).removeprefix(f"{scenario.title}: ")


@pytest.mark.parametrize(
    ("letter", "code"),
    [("\0", "U+0000"), ("\x1b", "U+001B"), ("\x85", "U+0085"), ("\u202e", "U+202E"), ("\u2066", "U+2066"),
     ("\u2028", "U+2028"), ("\ufffe", "U+FFFE"), ("\ud800", "U+D800")],
)  # fmt: skip
@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("title", "{}"),
        ("actors.North.name", "The {}North"),
        ("sources.{}", "a paper"),
        ("sources.one", "a {}paper"),
        ("rule", "degroot{}"),
        ("actors.South.stance", {"best": 5, "assumed": "{}"}),
    ],
)
def test_no_text_or_key_has_a_character_that_steers_a_terminal_or_turns_the_writing(two, letter, code, place, value):
    put = {key: part.format(letter) if isinstance(part, str) else part for key, part in value.items()} if isinstance(
        value, dict
    ) else value.format(letter)  # fmt: skip
    told = refusal(two, {place.format(letter): put})
    assert letter not in told
    assert "no such key" in told if "{}" in place else f"the character {code}" in told


@pytest.mark.parametrize("text", ["two\nlines\tand a tab", "\u200fעברית", "می\u200cخواهم", "10\u00a0000", "日本　語"])
def test_lines_marks_of_direction_joiners_and_wide_spaces_are_texts(two, text):
    assert two.replace({"about": text}).about == text


def test_what_does_not_show_is_refused_wherever_a_table_is_made(tmp_path):
    with pytest.raises(ValueError, match=r"U\+001B"):
        Actor(name="\x1b[2J", stance=1, salience=1, influence=1, assumed="x")
    (tmp_path / "t.csv").write_text("actor,position,salience,influence\nA\x1b[2J,10,1,1\nB,90,1,1\n")
    with pytest.raises(ScenarioError, match=r"t\.csv.*U\+001B"):
        import_table(tmp_path / "t.csv")
    (tmp_path / "actors.csv").write_text("actor,na\u202eme,stance\nA,a,1\n")
    (tmp_path / "war.toml").write_text('title = "t"\nsteps = 3\n')
    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path)
    assert "\u202e" not in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("start", datetime.datetime(2020, 1, 1, tzinfo=UTC2), "start: 2020-01-01T00:00:00+02:00 is not a date, such as "
         "2020-01-08 (without quotes). A date has no time zone."),
        ("start", "2020-01-01T00:00:00+02:00", "start: '2020-01-01T00:00:00+02:00' is not a date, such as 2020-01-08 "
         "(without quotes)."),
        ("start", 86_400, "start: 86400 is not a date, such as 2020-01-08 (without quotes)."),
        ("start", True, "start: true is not a date, such as 2020-01-08 (without quotes)."),
        ("step_days", 1e-320, "step_days: 1e-320 is out of range: at least 0.001 would do."),
        ("actors.North.stance", "12,5", "actors.North.stance: '12,5' is not a number, nor a table such as { best = 12, "
         'assumed = "why" }. Write 12.5, with a decimal point.'),
        ("actors.North.stance", "50%", "actors.North.stance: '50%' is not a number, nor a table such as { best = 12, "
         'assumed = "why" }. Write 50.'),
        ("actors.North.exhaustion", "50 %", "actors.North.exhaustion: '50 %' is not a number, nor a table such as "
         '{ best = 12, assumed = "why" }. Write 0.5.'),
        ("coefficients.battle.hurt", "0,01", "coefficients.battle.hurt: '0,01' is not a number. Write 0.01, with a "
         "decimal point."),
        ("coefficients.appraisal.enough", "30%", "coefficients.appraisal.enough: '30%' is not a number. Write 0.3."),
        ("coefficients.answers.threshold", "30%", "coefficients.answers.threshold: '30%' is not a number. Write 30."),
        ("steps", 10**400, "'steps': a whole number of more than 19 digits."),
    ],
)  # fmt: skip
def test_what_is_nearly_a_day_or_a_number_is_refused_with_what_to_write(two, key, value, says):
    assert refusal(two, {key: value}) == says


def test_a_midnight_without_a_zone_is_a_day_as_spreadsheets_write_it(two):
    assert two.replace({"start": datetime.datetime(2020, 1, 1)}).start == datetime.date(2020, 1, 1)


def test_a_series_has_days_and_no_moments():
    with pytest.raises(ValueError, match="not a date"):
        Series(dates=[datetime.datetime(2020, 1, 1, tzinfo=UTC2)], values=[1])


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("on = 15.01.2025", "(a date is written year-month-day, such as 2025-01-31)"),
        ("on = 2025-13-15", "(a date is written year-month-day, such as 2025-01-31)"),
        ("on = 15/1/2025", "(a date is written year-month-day, such as 2025-01-31)"),
        ("stance = 0,5", "(Write 0.5, with a decimal point)"),
        ("stance = 50 %", "(Write 50 where the scale runs to 100"),
    ],
)
def test_a_decimal_comma_or_per_cent_sign_in_a_file_is_told_what_to_write(tmp_path, line, hint):
    (tmp_path / "t.toml").write_text(f"[actors.A]\n{line}\n")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path / "t.toml")
    assert hint in str(caught.value)


def test_a_key_below_a_number_or_too_many_dots_is_no_key(two):
    with pytest.raises(ScenarioError, match=r"rule\.speed: 'rule' is not a table"):
        two.replace({"rule": 50, "rule.speed": 0.2})
    with pytest.raises(ScenarioError, match="no such key"):
        two.replace({"a." * 3000 + "a": 1})
    with pytest.raises(ScenarioError, match="nested too deeply"):
        two.replace({"title": [[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]})


def test_names_that_differ_in_case_only_are_noted_by_check(ceasefire, texts, tmp_path):
    (tmp_path / "story.toml").write_text(
        texts["two"].replace("[actors.Friend]", "[actors.north]").replace('from = "Friend"', 'from = "north"')
        + "[sources]\nS1 = 'one'\ns1 = 'another'\n"
    )
    code, said, _ = ceasefire("check", "story.toml")
    assert code == 0
    assert "story.toml: actors: 'North' and 'north' differ in upper and lower case only: are they the same?" in said
    assert "story.toml: sources: 'S1' and 's1' differ in upper and lower case only: are they the same?" in said


def test_a_fault_of_one_key_does_not_hide_those_of_others():
    with pytest.raises(ValueError) as caught:
        Scenario.model_validate({"titel": "x", "step_days": "1", "steps": 0, "actors": {"A": {"stanze": 3}}})
    assert [fault["loc"] for fault in caught.value.errors()] == [
        (), ("step_days",), ("steps",), ("actors", "A"), ("actors", "A", "salience"), ("actors", "A", "influence")
    ]  # fmt: skip
