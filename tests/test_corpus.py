"""The corpus of wars is what its two codings make of it, and nobody has changed it since it was frozen."""

import hashlib

import pytest

from benchmarks.corpus.__main__ import merged
from benchmarks.corpus.files import SUMS, WARS, read, sums, wars
from simulation.scenario import load_scenario

by_war = pytest.mark.parametrize("folder", wars(), ids=lambda folder: folder.name)


def test_there_are_ten_wars():
    assert len(wars()) == 10


@by_war
def test_the_merged_tables_are_what_the_codings_make(folder):
    for name, text in merged(folder).items():
        assert (folder / name).read_text(encoding="utf-8") == text, f"{name}; run: python -m benchmarks.corpus"


@by_war
def test_the_war_and_both_codings_can_be_read(folder):
    war = load_scenario(folder)
    assert war.coders == ("A", "B")
    assert {load_scenario(folder / coder).coders for coder in war.coders} == {("A",), ("B",)}


def test_the_corpus_is_as_it_was_frozen():
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in SUMS.read_text().splitlines())}
    there = {path.relative_to(WARS).as_posix() for folder in wars() for path in folder.rglob("*") if path.is_file()}
    assert set(listed) == there
    for name, digest in listed.items():
        assert hashlib.sha256((WARS / name).read_bytes()).hexdigest() == digest, f"{name} is not what was frozen"


def test_a_changed_file_is_told_from_the_frozen_one():
    assert sums() == SUMS.read_text()
    assert hashlib.sha256(b"").hexdigest() not in SUMS.read_text(), "no file is empty"


@by_war
def test_facts_of_general_knowledge_alone_are_not_checked(folder):
    for sheet in ("offers", "answers", "ties", "actors", "wants", "events", "truces"):
        for row in read(folder / f"{sheet}.csv"):
            if row["sources"] in ("", "gk"):
                assert row["checked"] == "no", f"{sheet}: {row}"


@by_war
def test_every_disputed_answer_was_settled_by_the_third_reader(folder):
    for row in read(folder / "answers.csv"):
        if row["answer_A"] and row["answer_B"] and row["answer_A"] != row["answer_B"]:
            assert row["why"].startswith("Third reading: "), row


@by_war
def test_the_front_is_told_by_who_gains(folder):
    """What one gains the others lose: a loser's row beside it would count the ground twice."""
    for coder in ("A", "B"):
        for row in read(folder / coder / "events.csv"):
            if row["key"].endswith(".control"):
                assert row["how"] == "add"
                assert float(row["value"]) > 0, row


# The rules of the merge, on a made-up war of which each figure can be worked out by hand.

A = {
    "actors": """actor,name,roles,side,stance,stance_low,stance_high,salience,influence,strength,control,exhaustion,why,sources
N,North,party,N,20,10,30,100,50,40,0.5,0.1,Wants the pass,s1
S,South,party,S,60,,,100,40,30,0.5,0.1,Holds the pass,gk
Up,Upland,backer,N,40,,,50,80,,,,Pays,gk""",  # noqa: E501
    "ties": """from,to,leverage,support,follows,why,sources
Up,N,0.4,0.6,,Pays,gk""",
    "issues": """issue,title,low_means,high_means,now
pass,The pass,South keeps it,North gets it,0
term,How long,for ever,a week,10""",
    "wants": """party,issue,want,weight,why,sources
N,pass,100,0.8,,s1
N,term,80,0.2,,s1
S,pass,0,1,,gk""",
    "events": """date,name,key,how,value,low,high,why,sources
2001-01-10,A hill,actors.N.control,add,0.1,0.05,0.2,,gk
2001-01-20,More pay,ties.Up.N.support,set,0.8,0.7,0.9,,s1""",
    "offers": """offer,date,begins,deadline,days,kind,made_by,opponents,addressed,form,scope,monitoring,terms,what,sources,confidence,checked
one,2001-01-15,,,10,call,Up,,N;S,declared,1,0.2,pass=40;term=70,Stop,s1,medium,yes
two,2001-02-01,,,,mediated,Up,,N;S,signed,1,0.5,,Stop again,gk,low,no""",  # noqa: E501
    "answers": """offer,party,date,answer,grade,condition,kept14,what,sources,confidence,checked
one,N,2001-01-16,refuse,0.1,,,No,s1,high,yes
one,S,2001-01-16,accept,0.8,,1,Yes,s1,high,yes
two,N,,silent,0.3,,,Nothing,gk,low,no""",
    "truces": """offer,began,ended,how,broken_by,what,sources,confidence
one,2001-01-17,2001-01-20,broken,N,Shots,s1,high""",
    "fortune": """offer,party,fortune,strength_share,why,confidence
one,N,1,0.6,,high
one,S,-1,0.4,,high""",
}
B = {
    "actors": """actor,name,roles,side,stance,stance_low,stance_high,salience,influence,strength,control,exhaustion,why,sources
Northern,North,party,Northern,30,25,45,90,60,40,0.6,0.1,The pass,t1
S,South,party,S,70,,,100,50,40,0.4,0.1,The pass,gk
Upper,Upland,ally,Northern,40,,,50,80,,,,Pays,gk
One,The one world,mediator,neutral,90,,,20,10,,,,Talks,gk""",  # noqa: E501
    "ties": """from,to,leverage,support,follows,why,sources
Upper,Northern,0.6,,,Talks,gk
One,S,0.1,,,Talks,gk""",
    "issues": """issue,title,low_means,high_means,now
gap,The pass,South keeps it,North gets it,20
length,How long,a week,for ever,70""",
    "wants": """party,issue,want,weight,why,sources
Northern,gap,90,0.6,,t1
Northern,length,40,0.4,,t1
S,gap,10,1,,gk""",
    "events": """date,name,key,how,value,low,high,why,sources
2001-01-12,The hill,actors.Northern.control,add,0.2,0.1,0.3,,t1
2001-01-30,A ridge,actors.S.control,add,0.05,0.02,0.08,,t1
2001-02-02,Talks,actors.One.influence,add,5,2,8,,t1""",
    "offers": """offer,date,begins,deadline,days,kind,made_by,opponents,addressed,form,scope,monitoring,terms,what,sources,confidence,checked
first,2001-01-14,,,20,mediated,Upper;One,,Northern;S,signed,0.8,0.2,gap=60;length=50,Halt,t1,high,no
two,2001-03-01,,,,call,One,,Northern;S,declared,1,0,,Halt again,gk,low,no""",  # noqa: E501
    "answers": """offer,party,date,answer,grade,condition,kept14,what,sources,confidence,checked
first,Northern,2001-01-15,silent,0.3,,,Quiet,t1,low,no
first,S,2001-01-16,accept,0.6,,0,Agreed,t1,low,no
two,S,2001-03-02,conditional,0.5,The pass,,Perhaps,gk,low,no""",
    "truces": """offer,began,ended,how,broken_by,what,sources,confidence
first,2001-01-18,2001-01-22,lapsed,,Over,t1,medium""",
    "fortune": """offer,party,fortune,strength_share,why,confidence
first,Northern,2,0.7,,low
first,S,-1,0.3,,low""",
}
BESIDE = {
    "matches": "offer_A,offer_B,with_B\none,first,",
    "who": "actor_A,actor_B\nN,Northern\nS,S\nUp,Upper",
    "what": "issue_A,issue_B,turned\npass,gap,no\nterm,length,yes",
    "adjudicated": "offer_A,offer_B,party_A,answer,grade,low,high,why,source,checked\n"
    "one,first,N,refuse,0.2,0.1,0.3,Said no,The Post of 16 January,yes",
    "confirmed": "offer,coder,party,source\ntwo,B,S,The Courier of 3 March",
}


def war_toml(coder, source):
    return (
        f'title = "A war"\nstart = 2001-01-01\nend = 2001-03-31\ncoders = ["{coder}"]\nabout = "A pass."\n'
        f'doubts = "Much."\n[sources]\n{source} = "A paper"\ngk = "general knowledge"\n'
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wars") / "the-pass"
    for coder, tables, source in (("A", A, "s1"), ("B", B, "t1")):
        (folder / coder).mkdir(parents=True)
        (folder / coder / "war.toml").write_text(war_toml(coder, source))
        for name, text in tables.items():
            (folder / coder / f"{name}.csv").write_text(text + "\n")
    for name, text in BESIDE.items():
        (folder / f"{name}.csv").write_text(text + "\n")
    for name, text in merged(folder).items():
        (folder / name).write_text(text)
    load_scenario(folder)
    return {path.stem: read(path) for path in folder.glob("*.csv")}


def only(rows, **named):
    found = [row for row in rows if all(row[key] == value for key, value in named.items())]
    assert len(found) == 1, found
    return found[0]


def these(row, *columns):
    return [row[column] for column in columns]


def test_a_number_of_both_is_the_mean_with_the_wider_interval(made):
    north = only(made["actors"], actor="N")
    assert these(north, "stance", "stance_low", "stance_high", "stance_A", "stance_B") == ["25", "10", "45", "20", "30"]
    assert these(north, "salience", "salience_low", "salience_high", "coders") == ["95", "90", "100", "2"]
    assert these(north, "control", "strength", "strength_low", "actor_B") == ["0.55", "40", "", "Northern"]


def test_who_only_one_coder_has_is_as_coded(made):
    one = only(made["actors"], actor="One")
    assert these(one, "influence", "influence_low", "coders", "checked") == ["10", "", "1", "no"]
    assert these(only(made["ties"], to="S"), "from", "leverage", "coders") == ["One", "0.1", "1"]


def test_backing_that_one_of_two_leaves_blank_is_none(made):
    tie = only(made["ties"], to="N")
    assert these(tie, "leverage", "support", "support_low", "support_high") == ["0.5", "0.3", "0", "0.6"]
    assert these(tie, "follows", "follows_low") == ["", ""]


def test_a_scale_that_runs_the_other_way_is_turned(made):
    term = only(made["issues"], issue="term")
    assert these(term, "low_means", "now") == ["for ever", "20"]  # the mean of 10 and 100 - 70
    assert these(only(made["wants"], party="N", issue="term"), "want", "weight") == ["70", "0.3"]
    assert len(made["issues"]) == 2


def test_an_offer_of_both_is_one_row_under_the_id_of_the_first_coder(made):
    offer = only(made["offers"], offer="one")
    assert these(offer, "date", "date_B", "days", "scope", "scope_low", "coders") == [
        "2001-01-15", "2001-01-14", "15", "0.9", "0.8", "2",
    ]  # fmt: skip
    assert these(offer, "form", "kind", "what") == ["signed", "mediated", "Halt"], "words of the surer coder, B here"
    assert these(offer, "made_by", "terms", "confidence", "checked") == ["Up;One", "pass=50;term=60", "high", "yes"]


def test_offers_of_one_name_that_are_not_the_same_stay_apart(made):
    assert [row["offer"] for row in made["offers"]] == ["one", "two", "two-B"]
    assert these(only(made["offers"], offer="two-B"), "coders", "offer_B", "date") == ["1", "two", "2001-03-01"]


def test_a_ruling_stands_before_both_codings(made):
    answer = only(made["answers"], offer="one", party="N")
    assert these(answer, "answer", "grade", "grade_low", "grade_high") == ["refuse", "0.2", "0.1", "0.3"]
    assert these(answer, "answer_A", "answer_B", "what", "date") == ["refuse", "silent", "No", "2001-01-16"]
    assert these(answer, "why", "checked", "sources") == ["Third reading: Said no", "yes", "s1;t1;reading-1"]


def test_answers_without_a_ruling_are_the_mean(made):
    answer = only(made["answers"], offer="one", party="S")
    assert these(answer, "answer", "grade", "grade_low", "grade_high", "kept14") == [
        "accept",
        "0.7",
        "0.6",
        "0.8",
        "0.5",
    ]


def test_an_answer_that_was_found_again_is_checked(made):
    answer = only(made["answers"], offer="two-B", party="S")
    assert these(answer, "checked", "confidence", "coders", "sources") == ["yes", "medium", "1", "gk;reading-2"]


def test_the_front_moves_by_the_mean_of_what_either_tells(made):
    hill, ridge = (row for row in made["events"] if row["key"].endswith("control"))
    assert these(hill, "date", "key", "how", "value", "low", "high", "coders") == [
        "2001-01-10", "actors.N.control", "add", "0.15", "0.05", "0.3", "2",
    ]  # fmt: skip
    assert these(ridge, "key", "value", "low", "high", "coders") == ["actors.S.control", "0.025", "0", "0.08", "1"]


def test_a_number_is_put_to_the_mean_of_both_paths(made):
    """A has 0.6 and then 0.8; B has none all along."""
    pay = only(made["events"], key="ties.Up.N.support")
    assert these(pay, "date", "how", "value", "low", "high") == ["2001-01-20", "set", "0.4", "0", "0.9"]


def test_what_changes_for_somebody_only_one_coder_has_is_as_coded(made):
    talks = only(made["events"], key="actors.One.influence")
    assert these(talks, "how", "value", "low", "high", "value_B") == ["add", "5", "2", "8", "5"]


def test_a_truce_of_both_has_the_days_of_the_surer(made):
    truce = only(made["truces"], offer="one")
    assert these(truce, "began", "ended", "how", "how_B", "coders") == [
        "2001-01-17", "2001-01-20", "broken", "lapsed", "2",
    ]  # fmt: skip


def test_fortunes_are_the_mean(made):
    assert these(only(made["fortune"], party="N"), "offer", "fortune", "strength_share") == ["one", "1.5", "0.65"]


@pytest.mark.parametrize(
    ("table", "text", "said"),
    [
        ("matches", "offer_A,offer_B,with_B\none,third,", "no pair 'one', 'third'"),
        ("who", "actor_A,actor_B\nN,Northern\nN,S", "paired twice"),
    ],
)
def test_a_pair_that_is_none_is_refused(made, tmp_path_factory, table, text, said):
    folder = tmp_path_factory.mktemp("wars") / "the-pass"
    for coder, tables, source in (("A", A, "s1"), ("B", B, "t1")):
        (folder / coder).mkdir(parents=True)
        (folder / coder / "war.toml").write_text(war_toml(coder, source))
        for name, rows in tables.items():
            (folder / coder / f"{name}.csv").write_text(rows + "\n")
    for name, rows in {**BESIDE, table: text}.items():
        (folder / f"{name}.csv").write_text(rows + "\n")
    with pytest.raises(SystemExit, match=said):
        merged(folder)
