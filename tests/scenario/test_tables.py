"""A scenario as tables: what is written is read again, and what people's sheets look like is understood."""

import zipfile
from datetime import date as Date
from datetime import datetime

import pandas as pd
import pytest

import simulation as sim
from simulation.scenario import ScenarioError, bundled, fingerprint
from simulation.scenario.catalogue import bundled_file, names
from simulation.scenario.tables import cells
from simulation.scenario.tables.meanings import meanings
from simulation.scenario.tables.sheets import NAMES, columns_of
from simulation.scenario.tables.writing import write_tables

ACTORS = """actor,name,roles,side,stance,stance_low,stance_high,salience,influence,why
N,North,party,N,30,20,40,100,60,made up
S,South,party;ally,S,60,,,100,50,made up
M,Mediator,mediator,,95,,,80,40,made up
"""
WAR = 'title = "t"\nstart = 2020-01-01\nend = 2020-01-30\n'
TIES = "from,to,leverage,support,why\nM,N,0.3,,made up\n"
OFFERS = "offer,date,made_by,addressed,form,monitoring,what\ncall,2020-01-10,M,N;S,declared,0.5,stop\n"
EVENTS = "date,name,key,how,value,low,high,why\n2020-01-05,A town falls,actors.N.control,add,0.1,0.05,0.2,made up\n"
ANSWERS = "offer,party,answer,grade\ncall,N,refuse,0.1\ncall,S,conditional,0.6\n"
SHEETS = {"actors": ACTORS, "ties": TIES, "offers": OFFERS, "events": EVENTS, "answers": ANSWERS}


def folder(tmp_path, encoding="utf-8", war=WAR, **sheets):
    here = tmp_path / "mywar"
    here.mkdir()
    (here / "war.toml").write_text(war, encoding="utf-8")
    for name, text in (SHEETS | sheets).items():
        (here / f"{name}.csv").write_text(text, encoding=encoding)
    return here


def refusal(path):
    with pytest.raises(ScenarioError) as refused:
        sim.load_scenario(path)
    return str(refused.value).replace(f"{path.parent}/", "")


@pytest.mark.parametrize("ending", ["", ".xlsx"])
@pytest.mark.parametrize("name", sorted(names()))
def test_a_bundled_scenario_as_tables_and_back_is_the_same(name, ending, tmp_path):
    if ending:
        pytest.importorskip("openpyxl")
    scenario = sim.load_scenario(name)
    tables = tmp_path / f"tables{ending}"
    (tmp_path / "seeds").symlink_to(bundled().parent / "seeds")
    write_tables(scenario, tables)
    again = sim.load_scenario(tables)
    assert again == scenario
    assert fingerprint(again) == fingerprint(scenario)
    (tmp_path / "again.toml").write_text(again.as_toml(), encoding="utf-8")
    assert sim.load_scenario(tmp_path / "again.toml") == scenario


def test_a_folder_is_a_scenario(tmp_path):
    scenario = sim.load_scenario(folder(tmp_path))
    assert scenario.title == "t"
    assert (scenario.step_days, scenario.steps) == (1, 30)  # the first and the last day are both in
    assert scenario.parties == ("N", "S")
    assert scenario.actors["N"].stance.spread == (20, 40)
    assert scenario.actors["S"].roles == ("party", "ally")
    change, offer = scenario.events
    assert change.id == "a-town-falls"  # made of its name, so that its interval can be drawn from
    assert scenario.inputs["events.a-town-falls.add.actors.N.control"].spread == (0.05, 0.2)
    assert offer.offer.to == ("N", "S")
    assert [entry.answer for entry in scenario.record] == [0.1, 0.6]
    assert scenario.record[1].given == "conditional"


def test_a_tie_in_a_table_may_say_how_its_backer_reacts(tmp_path):
    said = sim.load_scenario(
        folder(
            tmp_path, ties="from,to,support,reacts,reacts_low,reacts_high,most,why\nM,N,0.2,0.5,0.2,0.8,1.5,made up\n"
        )
    )
    assert said.inputs["ties.M.N.reacts"].spread == (0.2, 0.8)
    assert said.inputs["ties.M.N.most"].value == 1.5
    (tmp_path / "mywar" / "ties.csv").write_text("from,to,support,reacts,why\nM,N,0.2,0.5,made up\n")
    assert "row 2, column reacts: 0.5 of what gap? Say what it would send at the most" in refusal(tmp_path / "mywar")


def test_a_long_war_has_steps_of_five_days(tmp_path):
    scenario = sim.load_scenario(folder(tmp_path, war=WAR.replace("end = 2020-01-30", "end = 2022-12-31")))
    assert (scenario.step_days, scenario.steps) == (5, 220)  # 1,096 days


def test_sheets_as_a_german_excel_saves_them_are_understood(tmp_path):
    """A byte-order mark, semicolons, decimal commas, day.month.year, blank lines and lists in quotes."""
    here = folder(
        tmp_path,
        encoding="utf-8-sig",
        actors='actor;roles;stance;salience;influence;why\n\nN;party;30,5;100;60;x\n;;;;;\nS;"party;ally";60;100;50;x\n'
        "M;mediator;95;80;40;x\n\n",
        offers='offer;date;made_by;addressed;monitoring\ncall;10.01.2020;M;"N;S";0,5\n',
        answers="offer;party;grade\ncall;N;0,1\n",
        ties="from;to;leverage;why\nM;N;0,3;x\n",
        events="date;name;key;how;value;why\n05.01.2020;town;actors.N.control;add;0,1;x\n",
    )
    scenario = sim.load_scenario(here)
    assert scenario.actors["N"].stance.best == 30.5
    assert scenario.actors["S"].roles == ("party", "ally")
    assert scenario.events[1].on == Date(2020, 1, 10)
    assert scenario.events[1].offer.monitoring.best == 0.5
    assert scenario.record[0].answer == 0.1


def test_an_excel_file_keeps_its_own_dates_and_numbers(tmp_path):
    pytest.importorskip("openpyxl")
    book = tmp_path / "mywar.xlsx"
    offers = pd.DataFrame(
        {"offer": [598], "date": [datetime(2020, 1, 10)], "made_by": ["M"], "monitoring": [0.5], "addressed": ["N"]}
    )
    with pd.ExcelWriter(book) as sheets:
        pd.DataFrame(
            {"key": ["title", "start", "end", "rule"], "value": ["598", datetime(2020, 1, 1), "2020-01-30", "degroot"]}
        ).to_excel(sheets, sheet_name="war", index=False)
        pd.read_csv(pd.io.common.StringIO(ACTORS)).to_excel(sheets, sheet_name="actors", index=False, startrow=2)
        offers.to_excel(sheets, sheet_name="offers", index=False)
        pd.DataFrame({"mine": [1]}).to_excel(sheets, sheet_name="notes", index=False)
    scenario = sim.load_scenario(book)
    assert scenario.title == "598"
    assert scenario.events[0].offer.id == "598"  # a number to Excel, a name to us
    assert scenario.events[0].on == Date(2020, 1, 10)
    assert scenario.rule.name == "degroot"


def test_what_coders_wrote_stays_beside_what_was_settled(tmp_path):
    here = folder(
        tmp_path,
        war=WAR + 'coders = ["A", "B"]\n',
        answers="offer,party,grade,grade_low,grade_high,answer,grade_A,grade_B,answer_A\ncall,N,0.2,0.1,0.3,refuse,0.1,0.3,silent\n",
    )
    (entry,) = sim.load_scenario(here).record
    assert (entry.low, entry.high) == (0.1, 0.3)
    assert entry.codings == {"A": {"grade": 0.1, "answer": "silent"}, "B": {"grade": 0.3}}


def test_rows_of_one_event_share_its_name(tmp_path):
    rows = "event,date,name,key,how,value,why\n"
    rows += "storm,2020-01-05,the storm,actors.N.control,add,0.1,x\nstorm,,,actors.S.strength,set,40,y\n"
    (change, _) = sim.load_scenario(folder(tmp_path, events=rows)).events
    assert change.label == "the storm"
    assert change.set["actors.S.strength"].assumed == "y"
    assert change.add["actors.N.control"].best == 0.1


@pytest.mark.parametrize(
    ("sheet", "old", "new", "message"),
    [
        ("actors", "60,,,100", "sixty,,,100", "mywar/actors.csv: row 3, column stance: 'sixty' is not a number."),
        ("actors", "60,,,100", "170,,,100", "mywar/actors.csv: row 3, column stance: 170 is outside 0 … 100."),
        (
            "actors",
            "60,,,100",
            "60 %,,,100",
            "row 3, column stance: '60 %' is not a number. Write 60 where the scale runs to 100, 0.6",
        ),
        ("actors", "60,,,100", "50-70,,,100", "An interval goes into two columns, such as stance_low and stance_high."),
        ("actors", "60,,,100", ",50,70,100", "row 3, column stance: blank, though stance_low is given."),
        ("actors", "60,,,100", "60,65,70,100", "row 3, column stance: best = 60 is not between low = 65 and high = 70"),
        ("actors", "S,South", "N,South", "mywar/actors.csv: row 3, column actor: a second 'N'"),
        ("actors", "S,South", ",South", "mywar/actors.csv: row 3, column actor: blank; a name is needed."),
        ("actors", "party;ally", "partie", "mywar/actors.csv: row 3, column roles: 'partie' will not do"),
        ("actors", "influence,why", "influenze,why", "no such column: 'influenze'. Did you mean 'influence'?"),
        ("actors", "stance_low", "stance", "mywar/actors.csv: two columns are called 'stance'."),
        (
            "actors",
            "60,made up",
            "60,",
            "mywar/actors.csv: row 2: stance = 30 says neither which claims",
        ),
        ("actors", "60,made up", "60,made up,more", "row 2: 'more' stands beyond the columns that the first row names"),
        ("ties", "M,N,0.3", "M,X,0.3", "mywar/ties.csv: row 2, column to: no actor 'X'."),
        ("ties", "M,N,0.3", "M,N,3", "mywar/ties.csv: row 2, column leverage: 3 is outside 0 … 1."),
        ("offers", "2020-01-10", "10/01/2020", "column date: '10/01/2020' is not a date; write it as 2020-01-08"),
        (
            "offers",
            "2020-01-10",
            "2020-02-10",
            "mywar/offers.csv: row 2, column date: 2020-02-10 is outside the scenario",
        ),
        ("offers", "2020-01-10", "", "mywar/offers.csv: row 2, column date: missing."),
        ("offers", ",M,", ",Q,", "mywar/offers.csv: row 2, column made_by: no actor 'Q'."),
        ("offers", "declared", "signd", "mywar/offers.csv: row 2, column form: 'signd' will not do"),
        ("events", "actors.N.control", "actors.N.contrl", "mywar/events.csv: row 2"),
        ("events", ",add,", ",plus,", "mywar/events.csv: row 2, column how: 'plus' will not do: set or add would."),
        ("events", "actors.N.control", "", "mywar/events.csv: row 2, column key: blank; say what changes"),
        ("answers", "call,N", "cal,N", "mywar/answers.csv: row 2, column offer: no offer 'cal'. Did you mean 'call'?"),
        ("answers", "refuse,0.1", "refuse,1.1", "mywar/answers.csv: row 2, column grade: 1.1 is out of range"),
        ("answers", "refuse,0.1", "refused,0.1", "mywar/answers.csv: row 2, column answer: 'refused' will not do"),
        ("answers", "grade", "grade_A", 'name the coder in war: coders = ["A"].'),
    ],
)
def test_an_error_names_file_row_column_value_and_what_would_do(tmp_path, sheet, old, new, message):
    assert old in SHEETS[sheet]
    assert message in refusal(folder(tmp_path, **{sheet: SHEETS[sheet].replace(old, new, 1)}))


@pytest.mark.parametrize(
    ("war", "message"),
    [
        (WAR.replace("end", "ende"), "mywar/war.toml: ende: no such key. Did you mean 'end'?"),
        (WAR.replace("2020-01-30", "2019-01-30"), "mywar/war.toml: end: 2019-01-30 is before start, 2020-01-01."),
        (
            WAR.replace("start = 2020-01-01\n", ""),
            "mywar/war.toml: start: missing; a war in tables has a start and an end.",
        ),
        (WAR + 'parties = ["N", "M"]\n', "the actors with the role party are N, S"),
        (WAR + "steps = 3\n", "mywar/war.toml: end and steps say the same"),
        (WAR + "coders = 2\n", 'mywar/war.toml: coders: 2 will not do; a list of names would, such as ["A", "B"].'),
        (WAR.replace('title = "t"\n', ""), "mywar/war.toml: title: missing."),
    ],
)
def test_what_is_wrong_with_the_war_as_a_whole_is_told_of_its_file(tmp_path, war, message):
    assert message in refusal(folder(tmp_path, war=war))


def test_files_that_are_no_tables_are_refused(tmp_path):
    pytest.importorskip("openpyxl")
    here = folder(tmp_path)
    (here / "ties.csv").write_bytes("from,to,leverage,why\nM,N,0.3,café\n".encode("cp1252"))
    assert refusal(here) == "mywar/ties.csv: line 2: not UTF-8 text; save it as 'CSV UTF-8'."
    (here / "ties.csv").write_text("\n\n")
    assert refusal(here) == "mywar/ties.csv: empty; its first line names the columns."
    (tmp_path / "not.xlsx").write_text("not a workbook")
    assert "not.xlsx: not an Excel file that can be read" in refusal(tmp_path / "not.xlsx")
    assert refusal(tmp_path / "mywra.xlsx") == "mywra.xlsx: no such file. Known: not.xlsx."
    with pd.ExcelWriter(tmp_path / "other.xlsx") as sheets:
        pd.DataFrame({"a": [1]}).to_excel(sheets, sheet_name="actor")
    assert (
        refusal(tmp_path / "other.xlsx")
        == "other.xlsx: the sheet 'actor' would be overlooked; if it is 'actors', call it so."
    )


def test_a_file_may_change_a_scenario_in_tables(tmp_path):
    folder(tmp_path)
    (tmp_path / "base.toml").write_text('extends = "mywar"\ntitle = "keener"\nset = { "actors.M.stance" = 99 }\n')
    assert sim.load_scenario(tmp_path / "base.toml").actors["M"].stance.best == 99


def test_tables_are_not_written_over(tmp_path):
    scenario = sim.load_scenario(folder(tmp_path))
    with pytest.raises(ScenarioError, match="exists already"):
        write_tables(scenario, tmp_path / "mywar")


def test_every_column_is_said_to_mean_something():
    said = {(sheet, column): words for sheet, column, words in meanings()}
    assert set(said) == {(sheet, column) for sheet in NAMES for column in columns_of(sheet)}
    assert all(len(words) > 5 for words in said.values())


def test_the_name_of_a_bundled_scenario_leaves_its_folder_nowhere():
    assert bundled_file("../tests/scenario") is None


@pytest.mark.parametrize(
    ("name", "instead"), [("Ties.csv", "ties"), ("tie.csv", "ties"), ("ties.tsv", "ties"), ("ofers.csv", "offers")]
)
def test_a_table_whose_name_is_misspelt_is_not_overlooked(name, instead, tmp_path):
    here = folder(tmp_path)
    (here / f"{instead}.csv").rename(here / name)
    assert refusal(here) == f"mywar/{name}: would be overlooked; if it is the table '{instead}', call it {instead}.csv."


def test_a_war_kept_as_csv_is_not_overlooked(tmp_path):
    here = folder(tmp_path)
    (here / "war.csv").write_text("key,value\ntitle,t\n", encoding="utf-8")
    assert refusal(here) == "mywar/war.csv: would be overlooked; what holds for the war as a whole stands in war.toml."


def test_columns_are_known_in_any_case_and_with_spaces(tmp_path):
    heads = "Actor,Name,Roles,Side,Stance,Stance low,stance-high,Salience,INFLUENCE,Why"
    scenario = sim.load_scenario(folder(tmp_path, actors=ACTORS.replace(ACTORS.splitlines()[0], heads)))
    assert scenario.actors["N"].stance.spread == (20, 40)


@pytest.mark.parametrize("cell", ["#N/A", "NA", "n/a", "unknown"])
def test_what_says_that_nothing_is_known_is_to_be_left_blank(cell, tmp_path):
    here = folder(tmp_path, actors=ACTORS.replace("N,30", f"N,{cell}"))
    assert refusal(here) == (
        f"mywar/actors.csv: row 2, column stance: '{cell}' is not a number. "
        "Leave the cell blank where nothing is known."
    )


def test_a_comma_that_may_part_thousands_is_not_guessed_at(tmp_path):
    assert "'1,000' may be read with a decimal comma" in refusal(
        folder(tmp_path, actors=ACTORS.replace("N,30,20,40", 'N,"1,000",,'))
    )


def test_where_semicolons_part_cells_a_comma_is_the_decimal_one(tmp_path):
    scenario = sim.load_scenario(
        folder(tmp_path, actors=ACTORS.replace("party;ally", "party").replace(",", ";").replace("N;30", "N;30,125"))
    )
    assert scenario.actors["N"].stance.best == 30.125


def test_a_file_in_which_excel_names_the_separator_is_understood(tmp_path):
    actors = "sep=;\r\n" + ACTORS.replace("party;ally", "party").replace(",", ";").replace("\n", "\r\n")
    assert sim.load_scenario(folder(tmp_path, actors=actors)).actors["N"].stance.best == 30


def test_a_table_of_very_many_columns_or_of_one_endless_cell_is_refused_at_once(tmp_path):
    wide = folder(tmp_path, ties="from,to" + "," * 100_000 + "\nM,N\n")
    assert refusal(wide) == "mywar/ties.csv: 100,002 columns; 1,000 are the most a table may have."
    (wide / "ties.csv").write_text('from,to\n"' + "x\n" * 50_000 + 'x",N\n', encoding="utf-8")
    assert refusal(wide) == "mywar/ties.csv: row 2: a cell of 100,001 letters; is a quote missing that ends it?"


@pytest.mark.parametrize(
    ("sheet", "text", "said"),
    [
        ("events", EVENTS.replace("actors.N.c", "actors.X.c"), "mywar/events.csv: row 2, column key: no actor 'X'."),
        ("actors", ACTORS.replace("S,South", "S.A,South"), "mywar/actors.csv: row 3, column actor: 'S.A' will not do"),
        ("actors", ACTORS.splitlines()[0], "mywar/actors.csv: no rows below the names of the columns."),
        ("actors", ACTORS.replace("N,30", "N,30%"), "'30%' is not a number. Write 30 where the scale runs to 100"),
        (
            "actors",
            ACTORS.replace("made up", '"made up', 1),
            "mywar/actors.csv: cannot be read as a table: row 2: a quo",
        ),
        ("actors", ACTORS.replace("salience", "sali\x1b[31mence"), r"no such column: 'sali\x1b[31mence'. Did you mean"),
        ("wants", "party,issue,want,weight,why\nN,line,0,0.7,x\n", "mywar/wants.csv: row 2, column issue: no issue"),
    ],
)
def test_an_error_names_the_cell_and_shows_what_does_not_show(sheet, text, said, tmp_path):
    assert said in refusal(folder(tmp_path, **{sheet: text}))


def test_what_the_war_file_says_of_actors_beside_their_table_is_not_lost_in_silence(tmp_path):
    here = folder(tmp_path, war=WAR + "\n[actors.X]\nstance = 3\n")
    assert refusal(here) == "mywar/war.toml: actors: stands in the table actors too; keep one of them."


def test_the_start_may_be_written_as_the_end_is(tmp_path):
    war = WAR.replace("2020-01-01", '"1.1.2020"').replace("2020-01-30", '"2020/1/30"')
    scenario = sim.load_scenario(folder(tmp_path, war=war))
    assert (scenario.start, scenario.steps) == (Date(2020, 1, 1), 30)


def test_a_change_that_will_not_do_is_not_blamed_on_a_row(tmp_path):
    here = folder(tmp_path)
    with pytest.raises(ScenarioError, match=r"mywar: actors\.N\.stnace: no such key"):
        sim.load_scenario(here, {"actors.N.stnace": 3})


def test_what_is_wrong_in_tables_that_are_extended_is_told_of_their_row(tmp_path):
    folder(tmp_path, actors=ACTORS.replace("N,30,20,40", "N,300,,"))
    (tmp_path / "what-if.toml").write_text('title = "w"\nextends = "mywar"\n', encoding="utf-8")
    assert refusal(tmp_path / "what-if.toml") == "mywar/actors.csv: row 2, column stance: 300 is outside 0 … 100."


def test_a_what_if_in_tables_needs_no_actors_of_its_own(tmp_path):
    folder(tmp_path)
    more = tmp_path / "more"
    more.mkdir()
    (more / "war.toml").write_text('title = "w"\nextends = "mywar"\ndrop = ["ties.M.N"]\n', encoding="utf-8")
    assert sim.load_scenario(more).ties == ()


def test_a_part_of_a_folder_is_not_taken_for_a_scenario(tmp_path):
    here = folder(tmp_path)
    assert refusal(here / "actors.csv").endswith(f"a part of a scenario in tables; name the folder, {here}.")


@pytest.mark.parametrize("cell", ["=15*2", "#N/A"])
def test_what_excel_did_not_compute_does_not_pass_for_a_blank(cell, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    write_tables(sim.load_scenario(folder(tmp_path)), tmp_path / "war.xlsx")
    book = openpyxl.load_workbook(tmp_path / "war.xlsx")
    heads = [head.value for head in book["ties"][1]]
    book["ties"].cell(2, heads.index("support") + 1 if "support" in heads else len(heads) + 1, cell)
    if "support" not in heads:
        book["ties"].cell(1, len(heads) + 1, "support")
    book.save(tmp_path / "war.xlsx")
    said = refusal(tmp_path / "war.xlsx")
    assert f"sheet ties, row 2, column support: '{cell}' is not a number." in said
    assert ("never computed" if cell.startswith("=") else "blank") in said


def test_an_excel_file_with_a_lone_cell_at_its_far_end_is_refused_at_once(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    write_tables(sim.load_scenario(folder(tmp_path)), tmp_path / "war.xlsx")
    book = openpyxl.load_workbook(tmp_path / "war.xlsx")
    book["ties"].cell(1_000_000, 900, "x")
    book.save(tmp_path / "war.xlsx")
    assert "a cell in row 1,000,000; 100,000 rows are the most" in refusal(tmp_path / "war.xlsx")


def test_an_archive_that_unpacks_to_very_much_is_not_unpacked(tmp_path):
    pytest.importorskip("openpyxl")
    import zipfile

    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 101_000_000)
    assert "101,000,000 bytes when unpacked" in refusal(tmp_path / "bomb.xlsx")


def test_a_cell_in_a_row_without_end_is_refused_at_once(tmp_path):
    """Excel has 1,048,576 rows; a damaged file may name any, and reading row by row would take for ever."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "actors"
    book.active.append(["actor", "stance"])
    book.active.append(["A", 5])
    book.save(tmp_path / "whole.xlsx")
    with zipfile.ZipFile(tmp_path / "whole.xlsx") as whole, zipfile.ZipFile(tmp_path / "bad.xlsx", "w") as bad:
        for part in whole.namelist():
            text = whole.read(part)
            bad.writestr(part, text.replace(b'r="2"', b'r="99999999999"').replace(b'"A2"', b'"A99999999999"'))
    with pytest.raises(ScenarioError, match="beyond the 1,048,576 that Excel has"):
        sim.load_scenario(tmp_path / "bad.xlsx")


def test_a_whole_number_beyond_every_decimal_is_refused_in_a_cell():
    """Excel hands it over as a whole number of any length; found by the fuzzer."""
    with pytest.raises(ScenarioError, match=r"^sheet actors, B2: 10+…0+ is not a finite number\.$"):
        cells._number(10**400, "sheet actors, B2")
