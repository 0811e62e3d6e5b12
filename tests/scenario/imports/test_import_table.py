"""The field's own tables become negotiations, and everything that is done to a number is said."""

import tomllib
from pathlib import Path

import pytest

import simulation as sim
from simulation.scenario.files import load_text

TABLES = Path(__file__).parent / "tables"


def said(imported, *words):
    """Whether one line says all of these."""
    return any(all(word in note for word in words) for note in imported.notes)


def table(folder, text, name="t.csv", **options):
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return sim.import_table(folder / name, **options)


def test_a_predictioneers_table_in_years_is_the_bundled_case_of_emission_standards():
    found = sim.import_table(TABLES / "emission-standards.csv", scale="4:10 years")
    ours, bundled = found.scenario, sim.load_scenario("emission-standards")
    for one, other in zip(ours.actors.values(), bundled.actors.values(), strict=True):
        assert one.stance.best == other.stance.best
        assert one.salience.best == other.salience.best
        assert one.influence.best == other.influence.best
    issue = ours.issues["emission-standards"]
    assert (issue.low, issue.high) == ("4 years", "10 years")
    assert said(found, "a Predictioneer's table", "10 actors, 1 issue")
    assert said(found, "4 years (0) and 10 years (100)")
    assert said(found, "Influence is at most 0.16", "times 100")
    assert said(found, "Saliences are at most 1", "times 100")


def test_positions_in_units_of_their_own_are_refused_until_the_ends_are_said():
    with pytest.raises(sim.ScenarioError, match=r"emission.*csv: Positions run from 4 to 10, .*--scale 4:10"):
        sim.import_table(TABLES / "emission-standards.csv")
    as_points = sim.import_table(TABLES / "emission-standards.csv", scale="0:100").scenario
    assert as_points.actors["UK"].stance.best == 10


def test_ktabs_csv_is_a_negotiation_over_both_its_dimensions():
    found = sim.import_table(TABLES / "state-owned-enterprises.csv")
    scenario = found.scenario
    assert tuple(scenario.issues) == ("Policy", "Competitive")
    assert scenario.actors["LK"].positions == (45, 65)
    assert scenario.actors["LK"].saliences == (44.7, 41.3)
    assert scenario.actors["LK"].influence.best == 60.2
    assert said(found, "KTAB CSV; 13 actors, 2 issues")
    assert said(found, "Positions run from 10 to 65: read as points")


def test_ktabs_xml_gives_the_bundled_case_and_the_options_of_the_program():
    found = sim.import_table(TABLES / "three-dimensions.xml")
    ours, bundled = found.scenario, sim.load_scenario("ktab-seven-actors")
    assert [actor.positions for actor in ours.actors.values()] == [actor.positions for actor in bundled.actors.values()]
    assert [actor.saliences for actor in ours.actors.values()] == [actor.saliences for actor in bundled.actors.values()]
    assert ours.actors["SActor-02"].influence.best == 100  # 129.643, the largest
    assert ours.actors["SActor-00"].influence.best == pytest.approx(100 * 102.543 / 129.643)
    assert said(found, "Influence up to 129.643", "largest is 100")
    assert ours.rule.voting == "prop-cbc"
    assert ours.rule.commitment == "semi"


def test_rows_of_the_exchange_model_are_read_with_decimal_commas_their_own_scales_and_names_in_any_script():
    found = sim.import_table(TABLES / "harbour-toll.csv")
    scenario = found.scenario
    assert scenario.actors["Shippers"].name == "Association of shippers"
    assert scenario.actors["actor-3"].name == "Союз городов"
    assert scenario.actors["actor-3"].positions == (75, 50)  # 3.75 euro lies half way from 0.5 to 7
    assert (scenario.issues["rate"].low, scenario.issues["rate"].high) == ("0.5 euro", "7 euro")
    assert scenario.issues["toll"].high == "a toll all year"
    assert scenario.issues["toll"].title == "Is there to be a toll?"
    # 0.95 and 0.6 are 95 and 60, which add up to 155
    assert scenario.actors["Port"].saliences == pytest.approx((100 * 95 / 155, 100 * 60 / 155))
    assert said(found, "add up past 100", "Port 155", "put to 100")


def test_the_long_form_of_council_decisions_is_one_scenario_an_issue_with_its_outcome():
    found = sim.import_table(TABLES / "council-decisions.csv")
    assert list(found.scenarios) == ["P1-1", "P1-2", "P2-1"]
    nets = found.scenarios["P1-1"]
    assert list(nets.actors) == ["Ardania", "Borduria"]
    issue = nets.issues["P1-1"]
    assert (issue.title, issue.outcome, issue.now, issue.proposal) == ("size of nets", 40, 0, "P1")
    assert found.scenarios["P1-2"].issues["P1-2"].now is None
    assert said(found, "Left out of 'P1 / 1': Commission (no position)")
    assert said(found, "One scenario an issue, 3 in all", "several proposals")
    with pytest.raises(sim.ScenarioError, match="3 scenarios came of the table"):
        _ = found.scenario
    assert "Commission" in sim.import_table(TABLES / "council-decisions.csv", issue="quota").scenario.actors


@pytest.mark.parametrize("file", sorted(TABLES.iterdir()), ids=lambda file: file.stem)
def test_every_table_gives_files_that_load_and_say_what_was_done(file):
    found = sim.import_table(file, scale="4:10 years" if "emission" in file.name else None)
    for name, scenario in found.scenarios.items():
        text = found.as_toml(name)
        assert load_text(text, name) == scenario
        assert file.name in tomllib.loads(text)["about"]
        assert scenario.parties == ()
        assert scenario.coefficients.opinion.noise == 0


def test_columns_may_come_in_any_order_case_and_language_of_signs(tmp_path):
    text = "\ufeffSALIENCE;Position;Influence ;actor\n0,5;25,5;40;A\n1;100;20;B\n\n"
    found = table(tmp_path, text)
    assert found.scenario.actors["A"].stance.best == 25.5
    assert found.scenario.actors["A"].salience.best == 50
    assert found.scenario.actors["B"].influence.best == 20


def test_shares_are_never_read_as_points_in_silence(tmp_path):
    found = table(tmp_path, "actor,position,salience,influence\nA,0.2,50,1\nB,0.75,50,1\n")
    assert [actor.stance.best for actor in found.scenario.actors.values()] == [20, 75]
    assert said(found, "Positions run from 0.2 to 0.75", "times 100", "--scale 0:100")
    points = table(tmp_path, "actor,position,salience,influence\nA,0.2,50,1\nB,0.75,50,1\n", scale="0:100")
    assert points.scenario.actors["B"].stance.best == 0.75
    mixed = table(
        tmp_path, "actor,issue,position,salience,influence\nA,x,0.2,50,1\nB,x,.7,50,1\nA,y,0,50,1\nB,y,90,50,1\n"
    )
    assert said(mixed, "On x they stay within 0 … 1")
    with pytest.raises(sim.ScenarioError, match="but the outcome of 'x' is 40: they are not on one scale"):
        table(tmp_path, "actor,issue,position,salience,influence,outcome\nA,x,0.2,50,1,40\nB,x,1,50,1,40\n")


def test_an_actor_without_a_position_on_one_of_two_issues_parts_them(tmp_path):
    text = "actor,influence,tax position,tax salience,land position,land salience\nA,10,0,50,20,40\nB,20,100,50,,\n"
    found = table(tmp_path, text)
    assert list(found.scenarios) == ["tax", "land"]
    assert list(found.scenarios["land"].actors) == ["A"]
    assert said(found, "Left out of 'land': B (no position)")
    assert said(found, "One scenario an issue", "not everybody has a position on 'land'")
    whole = table(tmp_path, text.replace(",,", ",60,10"))
    assert whole.scenario.actors["B"].positions == (100, 60)
    assert len(table(tmp_path, text.replace(",,", ",60,10"), apart=True).scenarios) == 2


def test_influence_that_differs_between_issues_parts_them(tmp_path):
    text = "actor,issue,position,salience,power\nA,x,0,50,10\nB,x,100,50,10\nA,y,0,50,30\nB,y,100,50,10\n"
    assert said(table(tmp_path, text), "influence differs between issues, as that of A does")


def test_a_sheet_in_excel_is_read_like_a_file(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (("Stakeholder", "Clout", "Position", "Salience"), ("Ünal", 80, 0, 0.5), ("中国", 120, 100, 1), (None,)):
        book.active.append(row)
    book.create_sheet("notes").append(("made up",))
    book.save(tmp_path / "t.xlsx")
    found = sim.import_table(tmp_path / "t.xlsx")
    assert {key: actor.name for key, actor in found.scenario.actors.items()} == {"Unal": "Ünal", "actor-2": "中国"}
    assert found.scenario.actors["Unal"].influence.best == pytest.approx(100 * 80 / 120)
    assert said(found, "first sheet, 'Sheet'; not notes")


def test_names_that_make_one_key_are_told_apart(tmp_path):
    found = table(tmp_path, "actor,position,salience,influence\nSt. Pol,0,50,1\nSt-Pol,100,50,1\nST POL,50,50,1\n")
    assert list(found.scenario.actors) == ["St-Pol", "St-Pol-2", "ST-POL-3"]
    assert found.scenario.actors["St-Pol-2"].name == "St-Pol"


def test_what_is_not_in_the_table_counts_alike_and_is_said(tmp_path):
    found = table(tmp_path, "actor,position,colour\nA,0,red\nB,100,blue\n")
    assert {actor.salience.best for actor in found.scenario.actors.values()} == {100}
    assert {actor.influence.best for actor in found.scenario.actors.values()} == {100}
    assert said(found, "No column of influence")
    assert said(found, "No column of saliences")
    assert said(found, "Not read: 'colour'")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("actor,position,salience,influence\nA,none at all,50,1\n", r"t\.csv: row 2, column position: 'none at all'"),
        ("actor,postion,salience\nA,5,50\n", r"row 1, column 'postion': not known\. Did you mean 'position'"),
        ("actor,position,salince\nA,5,50\n", r"column 'salince': not known\. Did you mean 'salience'"),
        ("actor,position,salience\nA, B,5,50\n", "row 2: '50' stands beyond the named columns"),
        ("actor,power,position,capability\nA,5,50,3\n", "'power' and 'capability' both say influence"),
        ("who,position\nA,5\n", r"no column of actors, such as actor.*there are 'who', 'position'"),
        ("actor,position\nA,50\nA,40\n", r"row 3: 'A' stands already in .*row 2"),
        ("actor,position\nA,50\n,40\n", "row 3, column actor: blank; name the actor"),
        ("actor,position\n", "no rows below"),
        ("actor,position,influence\nA,50,-3\n", "row 2: influence -3 is below 0"),
        ("actor,position,salience\nA,,1\n", "nobody has a position"),
        ("actor,position\nA,-5\nB,130\n", r"Positions run from -5 to 130, .*--scale -5:130"),
        (
            "actor,issue,position,outcome\nA,x,50,3\nB,x,40,4\n",
            "column outcome: 4, where another row of the issue says 3",
        ),
        ("actor,issue,position\nA,x,50\nB,,40\n", "row 3, column issue: blank"),
        ("t,d,3,1,\nActor,Description,Power,Pos,Sal,\nA,a,1,50,1,\n", "3 actors are announced, and 1 rows follow"),
        ("#A;A;A\n#P;x;x\n#D;B;x;1;1;1\n", r"row 3, column 2: 'B' is in no #A row"),
        ("#A;A;A\n#P;x;x\n#D;A;y;1;1;1\n", r"row 3, column 3: 'y' is in no #P row"),
        ("#A;A;A\n#P;x;x\n#M;x;0;no\n#M;x;10;yes\n#D;A;x;11;1;1\n", r"row 5: position 11 is outside 0 … 10"),
        ("#A;A;A\n#P;x;x\n#D;A;x;much;1;1\n", r"row 3, column 4 \(position\): 'much' is not a number"),
        ("<Scenario><Actors/></Scenario>", "not a scenario of KTAB's"),
        ("<Scenario>", "not valid XML"),
        ("", "empty"),
    ],
)
def test_a_table_that_will_not_do_is_told_where_and_why(tmp_path, text, message):
    with pytest.raises(sim.ScenarioError, match=message) as caught:
        table(tmp_path, text)
    assert str(tmp_path / "t.csv") in str(caught.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"issue": "quotas"}, "no issue 'quotas'. Did you mean 'quota'"),
        ({"scale": "4-10"}, "'4-10' is not written LOW:HIGH"),
        ({"scale": "4:4"}, "4 is both ends"),
        ({"rule": "spatail"}, "Did you mean 'spatial'"),
        ({"apart": False, "rule": "degroot"}, None),
    ],
)
def test_options_are_checked(options, message):
    if message is None:
        assert sim.import_table(TABLES / "council-decisions.csv", **options).scenarios["P2-1"].rule.name == "degroot"
        return
    with pytest.raises(sim.ScenarioError, match=message):
        sim.import_table(TABLES / "council-decisions.csv", **options)


def test_heads_of_two_words_and_a_number_and_scales_of_some_issues_are_read(tmp_path):
    wide = table(
        tmp_path,
        "Country,Votes,Ideal point 1,Importance 1,Ideal point 2,Importance 2\nA,10,5,30,80,20\nB,9,95,3,10,9\n",
    )
    assert list(wide.scenario.issues) == ["Ideal-point-1", "Ideal-point-2"]
    assert wide.scenario.actors["A"].positions == (5, 80)
    assert wide.scenario.actors["A"].saliences == (30, 20)
    some = "issue,actor,position,low,high\nyear,A,1995,1990,2000\nyear,B,2000,1990,2000\nq,A,0,no,yes\nq,B,90,no,yes\n"
    found = table(tmp_path, some, apart=True)
    assert [actor.stance.best for actor in found.scenarios["year"].actors.values()] == [50, 100]
    assert (found.scenarios["q"].issues["q"].low, found.scenarios["q"].issues["q"].high) == ("no", "yes")
    assert said(found, "'year' is put to it from 1990 … 2000")
    assert said(found, "Where it states none, positions run from 0 to 90: read as points")


def test_saliences_stay_as_they_are_for_a_rule_that_does_not_divide_them():
    toll = sim.import_table(TABLES / "harbour-toll.csv", rule="exchange").scenario
    assert toll.rule.name == "exchange"
    assert [actor.saliences for actor in toll.actors.values()] == [(95, 60), (90, 80), (70, 50)]


def test_one_actor_alone_and_actors_who_all_agree_are_played_and_stay(tmp_path):
    for text in ("actor,position\nA,60\n", "actor,position\nA,60\nB,60\n"):
        for rule in ("spatial", "expected-utility", "compromise", "friedkin-johnsen", "degroot", "deffuant"):
            found = table(tmp_path, text, rule=rule)
            assert said(found, "Nothing to settle on 't'")
            outcome = sim.run(found.scenario, runs=2).outcome
            assert (outcome == 60).all(), rule


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        ("actor,position,salience,influence\nA,1e999,1,1\nB,9,1,1\n", "t.csv", "1e999 is not a finite number"),
        (f"actor,position,salience,influence\nA,{'9' * 400},1,1\nB,9,1,1\n", "t.csv", "is not a finite number"),
        (f"t,d,{'9' * 400},1\n", "t.csv", "t.csv: "),
    ],
)
def test_numbers_without_end_are_refused(tmp_path, text, name, says):
    with pytest.raises(sim.ScenarioError, match=says):
        table(tmp_path, text, name)


@pytest.mark.parametrize("value", ["1e999", "9" * 400, "inf"])
def test_an_infinite_position_in_xml_is_refused(tmp_path, value):
    text = (TABLES / "three-dimensions.xml").read_text()
    start = text.index("<dCoord>") + len("<dCoord>")
    broken = text[:start] + value + text[text.index("</dCoord>") :]
    with pytest.raises(sim.ScenarioError, match=r"t\.xml: actor .*<dCoord>.* is not a "):
        table(tmp_path, broken, "t.xml")


def test_a_scale_without_end_is_refused():
    with pytest.raises(sim.ScenarioError, match="`scale`"):
        sim.import_table(TABLES / "emission-standards.csv", scale=f"0:{'9' * 400}")
