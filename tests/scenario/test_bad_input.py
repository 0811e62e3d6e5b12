"""A file that cannot be used is refused in words for the person who wrote it: file, place, value, what would do."""

import copy
import datetime
import os
import random
import tomllib
from pathlib import Path

import numpy as np
import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulation.questions.sweep.design_file import read_design
from simulation.runs.ensemble import run_ensemble
from simulation.runs.results import load
from simulation.scenario import ScenarioError, load_scenario
from simulation.scenario.errors import explain_toml
from simulation.scenario.imports import import_table

TABLES = tomllib.loads(Path(__file__).with_name("bad_input.toml").read_text(encoding="utf-8"))
CALL = '[[events]]\non = 2020-01-03\noffer = { id = "call", sponsors = ["Patron"] }\n'
LIBYA = Path(__file__).parents[2] / "scenarios" / "libya-2020-01.toml"


def cases(kind):
    return pytest.mark.parametrize("case", TABLES[kind], ids=lambda case: case["case"])


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A folder of scenarios with the evidence beside it, so that claims can be looked up."""
    folder = tmp_path_factory.mktemp("bad") / "scenarios"
    folder.mkdir()
    (folder.parent / "seeds").symlink_to(LIBYA.parents[1] / "seeds")
    return folder


HEAD = b'title = "x"\nsteps = 3\n'
TOO_DEEP = "nested too deeply: more than 20 tables and lists in one another."
NO_TABLES = "a folder without war.toml and actors.csv; a scenario is a .toml file, or a folder of tables."


def refusal(file, content=None):
    """What a file is refused with."""
    if content is not None:
        file.write_bytes(content) if isinstance(content, bytes) else file.write_text(content, encoding="utf-8")
    before = sorted(os.listdir(file.parent))
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    assert sorted(os.listdir(file.parent)) == before  # nothing written
    assert caught.value.__cause__ is None
    return str(caught.value)


def expect(told, says, file):
    """That every line told is the one expected, behind the name of the file."""
    lines = [line if line.startswith(f"{file.parent}") else f"{file}: {line}" for line in says.splitlines()]
    if says.endswith(" …"):
        assert told.startswith(lines[0].removesuffix("…"))
    else:
        assert told.splitlines() == lines


@cases("changed")
def test_one_thing_wrong_is_told_as_such(folder, texts, case):
    assert case["this"].rstrip("\n") in texts["two"]
    text = texts["two"].replace(case["this"], case["to"], 1)
    assert text != texts["two"]
    expect(refusal(folder / "story.toml", text), case["says"], folder / "story.toml")


@cases("added")
def test_one_wrong_thing_added_is_told_as_such(folder, texts, case):
    text = texts["two"] + (CALL if case.get("call") else "") + case["text"]
    expect(refusal(folder / "story.toml", text), case["says"], folder / "story.toml")


@cases("extending")
def test_what_is_wrong_with_an_extension_is_told_as_such(folder, texts, case):
    (folder / "base.toml").write_text(texts["two"] + CALL)
    (folder / "bad.toml").write_text(texts["two"].replace("stance = 20", "stance = 200"))
    says = (
        case["says"].replace("bad.toml", str(folder / "bad.toml")) if case["case"].startswith("fault") else case["says"]
    )
    expect(refusal(folder / "child.toml", case["text"]), says, folder / "child.toml")


def test_every_message_is_made_of_whole_sentences():
    for kind in TABLES:
        for case in TABLES[kind]:
            for line in case["says"].splitlines():
                assert line.endswith((".", "?", " …")), line
                assert "Value error" not in line
                assert "pydantic" not in line


def test_a_story_without_actors_is_none(folder, texts):
    told = refusal(folder / "story.toml", texts["talks"].split("[actors.")[0] + "[actors]\n")
    assert told == f"{folder / 'story.toml'}: actors: nobody takes part."


def test_shares_of_the_ground_add_up_to_one(folder, texts):
    text = texts["three"].replace("control = 0.5", "control = 0.4")
    expect(
        refusal(folder / "story.toml", text),
        "actors: the parties' control adds up to 0.9; shares of the ground add up to 1.",
        folder / "story.toml",
    )


def test_many_faults_are_told_at_once_but_not_endlessly(folder, texts):
    text = texts["two"].replace("stance =", "stanze =")
    told = refusal(folder / "story.toml", text)
    assert [line.split(": ")[1] for line in told.splitlines()] == [
        f"actors.{name}.stanze" for name in ("North", "South", "Patron", "Friend")
    ]
    event = '[[events]]\non = 2019-01-03\nset = { "actors.Nobody.stance" = 5 }\n'
    told = refusal(folder / "story.toml", texts["two"] + event * 20).splitlines()
    assert len(told) == 11
    assert told[-1] == "… and 30 more."


def test_all_that_is_wrong_is_told_at_once_whatever_kind_it_is_of(folder, texts):
    """A key, a number, a text, a tie, a claim, a measure: none hides another, and none is told that follows of one."""
    text = texts["two"].replace("steps = 12", "stepps = 12\nsteps = 12").replace("stance = 20", 'stance = "0,5"')
    text = text.replace('to = "South"', 'to = "Soth"').replace("strength = 10", "strength = 10\nname = 'a\\\\b'")
    text += CALL + '[[events]]\non = 2020-01-04\nset = { "actors.North.stance" = 5 }\nclaims = ["C99"]\n'
    text += '[[events]]\nid = "lost"\noffer = { id = "gone", sponsors = 5 }\n'
    text += '[[record]]\noffer = "gone"\nparty = "North"\nanswer = 1\n'
    text += '[[expect]]\nthat = "so"\nmeasure = "answer.call.Nobody"\nabove = 0.5\n'
    expect(
        refusal(folder / "story.toml", text),
        "stepps: no such key. Did you mean 'steps'?\n"
        "actors.North.stance: '0,5' is not a number, nor a table such as { best = 12, assumed = \"why\" }. Write 0.5, "
        "with a decimal point.\n"
        "events[lost].on: missing.\n"
        "events[lost].offer.sponsors: 5 will not do: a list [...] is needed here.\n"
        "ties[Friend to Soth].to: no actor 'Soth'. Did you mean 'South'?\n"
        "expect[0].measure: answer.call.Nobody: 'call' does not ask 'Nobody'. Known: North, South.\n"
        "events[2020-01-04]: no claim 'C99' in seeds/. Did you mean 'C29'?",
        folder / "story.toml",
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"", "empty; 'ceasefire new FILE' writes one to start from.", id="empty"),
        pytest.param(b" \n\t\n", "empty; 'ceasefire new FILE' writes one to start from.", id="blank"),
        pytest.param(b"\xef\xbb\xbf", "empty; 'ceasefire new FILE' writes one to start from.", id="a mark only"),
        pytest.param(b"\x7fELF\0\0\0", "a binary file; a scenario is text.", id="binary"),
        pytest.param('title = "x"'.encode("utf-16"), "UTF-16 text; save it as UTF-8.", id="UTF-16"),
        pytest.param(
            'schema = 1\ntitle = "Méditerranée"'.encode("latin-1"),
            "line 2: not UTF-8 text; save it as UTF-8.",
            id="Latin-1",
        ),
        pytest.param(b"#" * 10_000_000, "more than 1,000,000 bytes, the most a scenario may have.", id="10 MB"),
        pytest.param(b"a = " + b"[" * 5000, TOO_DEEP, id="deep lists"),
        pytest.param(b"a = " + b"{b = " * 5000, TOO_DEEP, id="deep tables"),
        pytest.param(b"a" + b".b" * 5000 + b" = 1", TOO_DEEP, id="dots"),
        pytest.param(b"a" + b' . "b"' * 5000 + b" = 1", TOO_DEEP, id="dots between quotes"),
        pytest.param(b"a = " + b"[" * 30 + b"]" * 30, TOO_DEEP, id="thirty lists"),
        pytest.param(b"a.a.a.a.a.a.a.a = [{b.b.b.b.b = [{c.c.c.c.c.c.c.c.c = 1}]}]", TOO_DEEP, id="of both"),
        pytest.param(b"steps = " + b"9" * 5000, "a whole number of more than 19 digits.", id="digits"),
        pytest.param(b"steps = " + b"9" * 4000, "a whole number of more than 19 digits.", id="fewer digits"),
        pytest.param(b"schema = 1", "title: missing.\nsteps: missing.\nactors: missing.", id="schema only"),
        pytest.param(
            HEAD + b"actors = 5", "actors: write each one as a table of its own, under [actors.NAME].", id="5"
        ),
        pytest.param(
            HEAD + b"[actors]\nX = 5", "actors.X: not a table; write what it is under [actors.X].", id="an actor"
        ),
        pytest.param(
            HEAD + b"actors = {}\nties = [1]",
            "ties[0]: write each one as a table of its own, under [[ties]].\nactors: nobody takes part.",
            id="ties",
        ),
        pytest.param(
            HEAD + b"expect = { x = 1 }\n[actors]",
            "expect: write each one as a table of its own, under [[expect]].\nactors: nobody takes part.",
            id="expect",
        ),
        pytest.param(b"<html>", "line 1, column 1: not valid TOML: Invalid statement: <html>.", id="a page of the web"),
    ],
)
def test_what_is_no_scenario_at_all_is_told_what_it_is(folder, content, says):
    expect(refusal(folder / "story.toml", content), says, folder / "story.toml")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"ties = 3\n", "ties: write each one as a table of its own, under [[ties]]."),
        (b"[actors]\nNorth = 3\n", "actors.North: not a table; write what it is under [actors.North]."),
    ],
)
def test_a_file_of_another_shape_that_is_to_be_changed_is_told_by_its_name(folder, content, says):
    file = folder / "story.toml"
    file.write_bytes(HEAD + content)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file, {"steps": 4})
    assert str(caught.value) == f"{file}: {says}"


def test_what_the_reader_of_toml_says_without_a_place_is_told_as_it_is():
    assert (
        str(explain_toml(ValueError("something odd"), "", "story.toml")) == "story.toml: not valid TOML: something odd."
    )


def test_a_folder_a_missing_file_and_a_device_are_no_scenarios(folder, tmp_path):
    (tmp_path / "base.toml").write_text("")
    (tmp_path / "sub.toml").mkdir()
    assert refusal(tmp_path / "sub.toml") == f"{tmp_path / 'sub.toml'}: {NO_TABLES}"
    assert refusal(tmp_path / "bse.toml") == f"{tmp_path / 'bse.toml'}: no such file. Did you mean 'base.toml'?"
    with pytest.raises(ScenarioError) as caught:
        load_scenario("/dev/zero")
    assert str(caught.value) == "/dev/zero: a pipe, a device or a socket; a scenario is a file on disk."


@pytest.fixture
def unread(tmp_path):
    """A pipe that nobody writes to, so that who reads it waits for ever; and a file of 10 GB of nothing."""
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "huge").open("wb") as opened:
        opened.truncate(10_000_000_000)
    return tmp_path


@pytest.mark.parametrize("name", ["pipe", "huge"])
def test_no_file_that_is_handed_in_is_waited_for_or_read_without_end(unread, texts, name):
    here = unread / name
    says = "a pipe, a device or a socket" if name == "pipe" else "more than "
    tables = unread / "tables"
    tables.mkdir()
    (tables / "war.toml").write_text("steps = 3")
    (tables / "actors.csv").symlink_to(here)
    book, xml, base = (unread / f"x{end}" for end in (".xlsx", ".xml", ".toml"))
    for link in (book, xml, base):
        link.symlink_to(here)
    (unread / "child.toml").write_text('extends = "x.toml"\n')
    (unread / "series.toml").write_text(texts["two"] + f'[series]\nfighting = "{name}"\n')
    reads = [
        lambda: load_scenario(base),
        lambda: load_scenario(unread / "child.toml"),
        lambda: load_scenario(unread / "series.toml"),
        lambda: load_scenario(tables),
        lambda: load_scenario(book),
        lambda: import_table(here),
        lambda: import_table(xml),
        lambda: read_design(here),
        lambda: load(here),
    ]
    for read in reads if name == "pipe" else reads[:-1]:
        with pytest.raises(ScenarioError, match=says):
            read()


def test_a_name_that_is_no_bundled_scenario_gets_the_nearest_one():
    with pytest.raises(ScenarioError) as caught:
        load_scenario("libya-2020-1")
    assert str(caught.value) == (
        "libya-2020-1: no such file, and no bundled scenario of that name. Did you mean 'libya-2020-01'?"
    )


@pytest.mark.parametrize("name", ["a\0b.toml", "a\0b", "x" * 5000 + ".toml", "x" * 5000, "", ".", "/"])
def test_a_name_that_no_file_can_have_is_refused(name):
    with pytest.raises(ScenarioError):
        load_scenario(name)


def test_files_that_extend_one_another_in_a_circle_are_shown_the_circle(folder):
    for one, other in (("a", "b"), ("b", "c"), ("c", "a")):
        (folder / f"{one}.toml").write_text(f'extends = "{other}.toml"\n')
    assert refusal(folder / "a.toml") == (
        f"{folder / 'c.toml'}: extends: the files extend one another in a circle: a.toml → b.toml → c.toml → a.toml."
    )


def test_a_long_row_of_files_is_cut(folder, texts):
    (folder / "n0.toml").write_text(texts["two"])
    for number in range(1, 13):
        (folder / f"n{number}.toml").write_text(f'extends = "n{number - 1}.toml"\n')
    assert load_scenario(folder / "n9.toml").steps == 12
    assert refusal(folder / "n12.toml").endswith("extends: more than 10 files in a row.")


def test_links_do_not_lead_out_of_the_folder_nor_round_and_round(folder, texts, tmp_path):
    (tmp_path / "secret.toml").write_text(texts["two"])
    (folder / "link.toml").symlink_to(tmp_path / "secret.toml")
    assert "lies outside the folder scenarios/" in refusal(folder / "child.toml", 'extends = "link.toml"')
    (folder / "loop.toml").symlink_to(folder / "loop.toml")
    assert "the link leads nowhere" in refusal(folder / "child.toml", 'extends = "loop.toml"')
    (folder / "loop.toml").unlink()
    (folder / "link.toml").unlink()


@pytest.mark.parametrize("name", ["a\\u0000b.toml", "x" * 5000 + ".toml", ""])
def test_an_extended_name_that_no_file_can_have_is_refused(folder, texts, name):
    (folder / "base.toml").write_text(texts["two"])
    assert refusal(folder / "child.toml", f'extends = "{name}"').startswith(f"{folder / 'child.toml'}: extends: ")


def test_evidence_that_cannot_be_read_is_told_as_such(tmp_path, texts):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "claims.toml").write_text("[[claims]]\nid = 5\n")
    told = refusal(tmp_path / "story.toml", texts["two"].replace('assumed = "made up"', 'claims = ["C01"]'))
    assert told.startswith(f"{tmp_path / 'story.toml'}: its claims cannot be looked up. ")
    assert "claims[1]: every row needs an id" in told


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"actors.Nort.stance": 5}, "actors.Nort.stance: no actor 'Nort'. Did you mean 'North'?"),
        ({"actors.North.stanze": 5}, "actors.North.stanze: no such key. Did you mean 'stance'?"),
        ({"actors.North.stance": float("nan")}, "actors.North.stance.best: nan is not a finite number."),
        ({"actors.North.stance": np.inf}, "actors.North.stance.best: inf is not a finite number."),
        ({"actors.North.stance": "20"}, "actors.North.stance: '20' is not a number, nor a table such as …"),
        ({"actors.North.stance": None}, "actors.North.stance: None is not a number, nor a table such as …"),
        ({"ties.North.South.leverage": 0.5}, "ties.North.South.leverage: no tie from North to South. Did you mean …"),
        ({"ties.Patron.North.leverage": 7}, "ties[Patron to North].leverage: 7 is outside 0 … 1."),
        ({"events.call.on": 3}, "events.call.on: no event 'call'."),
        ({"coefficients.battle.hurt": 3}, "coefficients.battle.hurt: 3 is out of range: at most 0.1 would do."),
        ({"coefficients.battle.hrt": 0.01}, "coefficients.battle.hrt: no such key. Did you mean 'hurt'?"),
        ({"rule": "voodoo"}, "rule: no rule called 'voodoo'. Known: …"),
        ({"rule.openness": 2}, "rule.openness: 2 is out of range: at most 1 would do."),
        ({"stepps": 3}, "stepps: no such key. Did you mean 'steps'?"),
        ({"steps": 0}, "steps: 0 is out of range: at least 1 would do."),
        ({"": 0}, '"": no such key. …'),
        ({"actors": 0}, "actors: no such key. It is written actors.NAME.KEY."),
        ({"ties.Patron": 0}, "ties.Patron: no such key. It is written ties.FROM.TO.KEY."),
        ({"events.call": 0}, "events.call: no such key. It is written events.ID.KEY."),
        ({"wants.North": 0}, "wants.North: no such key. It is written wants.PARTY.ISSUE.KEY."),
    ],
)
def test_a_change_that_will_not_do_is_refused_like_a_file(two, changes, says):
    with pytest.raises(ScenarioError) as caught:
        two.replace(changes)
    told = str(caught.value).removeprefix(f"{two.title}: ")
    if says.endswith("…"):
        assert told.startswith(says.removesuffix("…"))
    else:
        assert told == says


RICH = (
    CALL
    + """
[[events]]
on = 2020-01-05
id = "airlift"
probability = 0.5
set = { "ties.Patron.North.support" = { best = 0.8, low = 0.5, high = 1, assumed = "made up" } }
add = { "actors.South.control" = 0.1 }
assumed = "made up"

[[events]]
on = 2020-01-06
[events.offer]
id = "visit"
sponsors = ["Friend"]
opponents = ["Patron"]
to = ["South"]
form = "signed"
monitoring = 0.5
terms = { line = 5 }
every = 2
until = 2020-01-10

[issues.line]
now = 50

[[record]]
offer = "call"
party = "North"
answer = 0.5

[[expect]]
that = "so"
measure = "answer.call.North"
exceeds = "answer.call.South"
by = 0.1

[[expect]]
that = "so"
measure = "truce.collapses.3"
above = 0.5
below = 0.9
"""
)

STRANGE = [
    float("nan"),
    float("-inf"),
    -1,
    0,
    0.5,
    1e308,
    -1e-320,
    10**400,
    True,
    "",
    "x",
    "²",
    "a\0b.c",
    "North",
    [],
    ["x"],
    [[]],
    {},
    {"best": "x"},
    {"best": 1, "low": 2},
    [{"x": 1}],
    datetime.date(1, 1, 1),
    datetime.date(9999, 12, 31),
    datetime.datetime(2020, 1, 3, 12),
    datetime.time(12),
]


def leaves(node, path=()):
    """Every place in the tables of a file, tables and lists included."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from leaves(value, (*path, key))


def altered(raw, path, change):
    copied = copy.deepcopy(raw)
    here = copied
    for key in path[:-1]:
        here = here[key]
    change(here, path[-1])
    return copied


def usable_or_refused(file, text):
    """Read a file: either it is refused in words, or what it says can be run."""
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    told = ""
    try:
        story = load_scenario(file)
    except ScenarioError as error:
        told = str(error)
    if told:
        assert told.startswith(str(file))
        assert len(told) < 12_000
    elif story.steps <= 60:
        result = run_ensemble(story, runs=2)
        assert np.isfinite(result.stance).all()


def test_no_strange_value_anywhere_gives_a_traceback(folder, texts):
    raw = tomllib.loads(texts["two"] + RICH)
    file = folder / "strange.toml"
    draw = random.Random(1)
    for path in leaves(raw):
        # every place takes some of the strange values, so that the test stays short
        for value in draw.sample(STRANGE, 6):
            changed = altered(raw, path, lambda here, key, value=value: here.__setitem__(key, value))
            usable_or_refused(file, tomli_w.dumps(changed))
        usable_or_refused(file, tomli_w.dumps(altered(raw, path, lambda here, key: here.__delitem__(key))))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_change_of_the_libyan_file_gives_a_traceback(folder, data):
    raw = tomllib.loads(LIBYA.read_text(encoding="utf-8"))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(sorted(leaves(raw), key=str)))
        if data.draw(st.booleans()):
            value = data.draw(st.sampled_from(STRANGE) | st.floats() | st.text(max_size=10) | st.integers(-5, 200))
            raw = altered(raw, path, lambda here, key, value=value: here.__setitem__(key, value))
        else:
            raw = altered(raw, path, lambda here, key: here.__delitem__(key))
    usable_or_refused(folder / "altered.toml", tomli_w.dumps(raw))


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(cut=st.floats(0, 1), length=st.integers(0, 40), put=st.binary(max_size=8))
def test_no_scribble_in_the_libyan_file_gives_a_traceback(folder, cut, length, put):
    text = LIBYA.read_bytes()
    where = int(cut * len(text))
    usable_or_refused(folder / "scribbled.toml", text[:where] + put + text[where + length :])


@settings(max_examples=60)
@given(text=st.text(max_size=80) | st.binary(max_size=80))
def test_no_text_at_all_gives_a_traceback(folder, text):
    usable_or_refused(
        folder / "noise.toml", text if isinstance(text, bytes) else text.encode("utf-8", errors="surrogatepass")
    )


def test_an_offer_to_who_is_no_party_is_told_as_such_where_it_is_also_expected_of(folder, texts):
    text = texts["two"] + CALL.replace(" }", ', to = ["Patron"] }')
    text += '[[expect]]\nthat = "so"\nmeasure = "answer.call.Patron"\nabove = 0.5\n'
    assert (
        refusal(folder / "story.toml", text)
        .splitlines()[0]
        .endswith("events[call].offer.to: 'Patron' is not a party, so it cannot answer. Parties: North, South.")
    )


def test_a_message_is_cut_however_long_the_input():
    told = str(ScenarioError("x" * 100_000 + "\n" + "z " * 5000 + "\n" + "y\n" * 5000))
    assert len(told) < 1300
    assert told.startswith("x" * 200 + "…" + "x" * 100 + "\n" + "z " * 200 + " … " + "z " * 200 + "\ny\n")
    assert told.endswith("\n… and 4973 more lines.")
