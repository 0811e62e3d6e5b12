"""What a sweep leaves on disk: damage is noticed, one process writes, and a question in SQL reaches nothing else."""

import hashlib
import json
import os
import random
import shutil
import socket
import subprocess
import sys

import pandas as pd
import pyarrow.parquet as pq
import pytest

import simulation as sim
from simulation.questions.sweep import describe, open_store, summarise
from simulation.questions.sweep.manifest import Manifest
from simulation.questions.sweep.store import Store, create, known_measure
from simulation.scenario import ScenarioError

KEY = "actors.Red.stance"


@pytest.fixture(scope="module")
def swept(still, tmp_path_factory):
    """Four points of ten runs, two in a part."""
    folder = tmp_path_factory.mktemp("swept") / "store"
    measures = ["truce.starts", "stance.Red", "answer.first.Red"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("simulation.questions.sweep.run.ROWS", 20)
        sim.sweep(still(), {KEY: [20, 40, 60, 80]}, folder, runs=10, measures=measures, workers=1)
    return folder


@pytest.fixture
def store(swept, tmp_path, monkeypatch):
    """A copy of it."""
    monkeypatch.setattr("simulation.questions.sweep.run.ROWS", 20)
    shutil.copytree(swept, tmp_path / "store")
    return open_store(tmp_path / "store")


def again(store, still, **options):
    measures = store.manifest.measures
    return sim.sweep(still(), {KEY: [20, 40, 60, 80]}, store.folder, runs=10, measures=measures, workers=1, **options)


def test_one_bit_anywhere_in_a_part_is_noticed(store):
    """And in its checksum; a fifth of such stores gave wrong numbers, most of the others counted as whole."""
    chance = random.Random(1)
    for file in (store.part(1), store.checksum(1)):
        good = file.read_bytes()
        for place in [0, 8 * len(good) - 1, *(chance.randrange(8 * len(good)) for _ in range(30))]:
            spoilt = bytearray(good)
            spoilt[place // 8] ^= 1 << place % 8
            file.write_bytes(spoilt)
            assert store.done() == [0]
        for ask in (lambda: store.query("select 1"), lambda: summarise(store), lambda: describe(store)):
            with pytest.raises(ScenarioError, match=r"store: spoilt, .*: part-00001.parquet. The sweep .* `resume`"):
                ask()
        file.write_bytes(good)
    assert store.done() == [0, 1]


def test_a_spoilt_part_is_made_again(store, still):
    good = store.part(1).read_bytes()
    store.part(1).write_bytes(good[:-1])
    again(store, still, resume=True)
    assert store.part(1).read_bytes() == good


def test_a_part_counts_from_the_moment_its_checksum_is_there(store):
    """So a process that is killed between the two has not finished it."""
    store.checksum(1).unlink()
    assert store.done() == [0]
    assert store.query("select max(point) as last from sweep")["last"].tolist() == [1]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
@pytest.mark.parametrize("name", ["part", "checksum"])
def test_a_pipe_in_the_place_of_a_part_is_not_waited_for(store, name):
    file = getattr(store, name)(1)
    file.unlink()
    os.mkfifo(file)
    assert store.done() == [0]


def test_files_without_end_are_not_read_to_their_end(store):
    """A checksum of a terabyte, which takes no room on the disk, nor may it take any in memory; nor a manifest."""
    os.truncate(store.checksum(1), 1 << 40)
    assert store.done() == [0]
    os.truncate(store.folder / "manifest.json", 1 << 40)
    with pytest.raises(ScenarioError, match=r"manifest\.json: more than 1,000,000,000 bytes"):
        open_store(store.folder)


def test_parts_do_not_pass_for_one_another(store, still, tmp_path):
    """Neither two of one sweep, exchanged with their checksums, nor one of another sweep."""
    for name in ("part", "checksum"):
        first, second = getattr(store, name)(0), getattr(store, name)(1)
        a, b = first.read_bytes(), second.read_bytes()
        first.write_bytes(b)
        second.write_bytes(a)
    assert store.done() == []
    other = sim.sweep(still(), {KEY: [20, 40, 60, 80]}, tmp_path / "other", runs=10, seed=2, workers=1)
    assert other.met
    for file in (tmp_path / "other" / "parts").iterdir():
        (store.folder / "parts" / file.name).write_bytes(file.read_bytes())
    assert store.done() == []


def test_the_checksums_are_those_of_sha256sum(store):
    line = store.checksum(0).read_text().splitlines()[1]
    assert line == f"{hashlib.sha256(store.part(0).read_bytes()).hexdigest()}  part-00000.parquet"


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        *((key, None, f"{key}: missing") for key in Manifest.model_fields if key != "format"),
        *((key, [1, {}], f"{key}: ") for key in Manifest.model_fields if key not in ("format", "keys", "measures")),
        ("format", None, "not the manifest of a sweep"),
        ("format", 1, "format: 1 is not the 2 of this program; sweep again with `force`"),
        ("keys", [3], r"keys\[0\]: 3 will not do: a text in quotes"),
        ("measures", [], "measures: "),
        ("points", 10**18, "points: 1000000000000000000 is out of range: at most 1e\\+07 would do"),
        ("points", 10**7, "points_per_part: 2 would make more than 2000 parts of 10,000,000 points"),
        ("points", "4", "points: '4' is not a number. Leave out the quotes"),
        ("runs", 0, "runs: 0 is out of range"),
        ("runs", 4.5, "runs: 4.5 is not a whole number"),
        ("more", 1, "more: no such key"),
        ("seed", 2, "sha256: not the checksum of the rest"),
        ("title", "Another", "sha256: not the checksum of the rest"),
        ("sha256", None, "sha256: not the checksum of the rest"),
    ],
)
def test_a_manifest_that_was_changed_is_refused_by_its_key(store, still, key, value, words):
    file = store.folder / "manifest.json"
    table = json.loads(file.read_text())
    table |= {key: value}
    if value is None:
        del table[key]
    file.write_text(json.dumps(table))
    for ask in (lambda: open_store(store.folder), lambda: again(store, still, resume=True)):
        with pytest.raises(ScenarioError, match=rf"(?s)store.manifest.json: {words}"):
            ask()
    again(store, still, force=True)
    assert open_store(store.folder).done() == [0, 1]


@pytest.mark.parametrize("text", ["", "[" * 100_000, '{"format": ' + "9" * 5000 + "}", "\udcff"])
def test_a_manifest_that_is_no_json_is_refused(store, text):
    (store.folder / "manifest.json").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(ScenarioError, match=r"manifest.json: (cannot be read as JSON|line 1: not UTF-8 text)"):
        open_store(store.folder)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda table: table.assign(point=table["point"] + 10**9),
        lambda table: table[::-1],
        lambda table: table[table["point"] != 3],
        lambda table: table.drop(columns="error"),
        lambda table: table.assign(**{"stance.Red": "high"}),
        lambda _: pd.DataFrame(),
    ],
)
def test_a_part_that_holds_something_else_is_refused(store, spoil, tmp_path):
    """Somebody made it so, checksum and all."""
    spoil(pd.read_parquet(store.part(1))).to_parquet(tmp_path / "made.parquet", index=False)
    store.write(1, (tmp_path / "made.parquet").read_bytes())
    assert store.done() == [0, 1]
    with pytest.raises(ScenarioError, match=r"part-00001.parquet: does not hold point, .* of points of this sweep"):
        summarise(store)


def test_a_second_sweep_is_told_that_one_is_under_way(store, still):
    """Whatever it wants; to look at what is there remains possible."""
    with create(store.folder, store.manifest, resume=True):
        for options in ({"resume": True}, {"force": True}, {}):
            with pytest.raises(ScenarioError, match=r"store: a sweep is under way there: process \d+ on .* is writing"):
                again(store, still, **options)
        assert len(store.query("select distinct point from sweep")) == 4
    again(store, still, resume=True)
    assert not list(store.folder.glob(".*"))


ATTACKS = {
    "read a text": "select * from read_text('{file}')",
    "read a table": "select * from '{file}'",
    "read a table by name": "select * from read_csv('{file}')",
    "read bytes": "select * from read_blob('{file}')",
    "read another part": "select * from read_parquet('{part}')",
    "list files": "select * from glob('{folder}/*')",
    "ask a part's metadata": "select * from parquet_metadata('{part}')",
    "guess at a table": "select * from sniff_csv('{file}')",
    "hide it in a question": "select * from query('select * from read_text(''{file}'')')",
    "explain what would be done": "explain analyze copy sweep to '{folder}/out.csv'",
    "write a file": "copy sweep to '{folder}/out.csv'",
    "write a part": "copy (select 1) to '{part}' (format parquet)",
    "read into a table": "copy sweep from '{file}'",
    "write all": "export database '{folder}/out'",
    "attach": "attach '{folder}/out.db'",
    "install": "install httpfs",
    "load": "load httpfs",
    "open the door": "set enable_external_access = true",
    "open it and go in": "set enable_external_access = true; select * from read_text('{file}')",
    "pragma": "pragma enable_profiling",
    "log": "call enable_logging(storage = 'file', storage_path = '{folder}/log')",
    "make a table": "create table other as select 1",
    "take the view away": "drop view sweep",
    "spread": "select 1; copy sweep to '{folder}/out.csv'",
    "the network": "select * from read_csv('http://127.0.0.1:{port}/x.csv')",
    "the network's Parquet": "select * from 'http://127.0.0.1:{port}/x.parquet'",
    "a variable of the program": "select * from parts",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_sql_reaches_nothing_but_the_sweep(store, tmp_path, attack):
    """The store may be a stranger's, and so the question that comes with it."""
    (tmp_path / "secret.csv").write_text("word\nsesame\n")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.01)
        places = {"file": tmp_path / "secret.csv", "part": store.part(0), "folder": tmp_path}
        before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
        with pytest.raises(ScenarioError, match=r"the question will not do|not a question"):
            store.query(ATTACKS[attack].format(port=server.getsockname()[1], **places))
        with pytest.raises(TimeoutError):
            server.accept()
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


def test_the_usual_questions_can_still_be_asked(store):
    assert store.query(f'select count(*) as n from sweep where "{KEY}" > 30')["n"].tolist() == [30]
    assert len(store.query("from sweep")) == 40
    assert "truce.starts" in store.query("describe sweep")["column_name"].tolist()
    assert len(store.query("with few as (select * from sweep limit 3) select * from few")) == 3
    assert len(store.query("explain select * from sweep")) == 1
    assert len(store.query('pivot sweep on point using avg("stance.Red") group by run').columns) == 5


@pytest.mark.parametrize("name", [KEY, "truce.starts", "answer.first.Red"])
def test_a_dotted_name_without_quotes_is_explained(store, name):
    with pytest.raises(ScenarioError, match=rf'(?s)will not do.*stands in double quotes: "{name}"'):
        store.query(f"select {name} from sweep")
    with pytest.raises(ScenarioError) as caught:
        store.query(f'select "{name}" from sweeep')
    assert "double quotes" not in str(caught.value)


def test_pyarrow_and_pandas_read_a_part_without_this_package(store):
    assert pq.read_table(store.part(0)).num_rows == 20


def test_checksums_are_checked_by_the_system_too(store):
    """``sha256sum -c`` reads them, where there is one."""
    try:
        done = subprocess.run(
            ["sha256sum", "--check", "--strict", store.checksum(0).name, store.checksum(1).name],
            cwd=store.folder / "parts",
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        pytest.skip("no sha256sum here")
    assert (done.returncode, done.stdout) == (0, "part-00000.parquet: OK\npart-00001.parquet: OK\n"), done.stderr


def test_what_a_question_answers_steers_no_terminal(ceasefire, store):
    """Texts of a store of a stranger's, or of the question itself."""
    sql = "select chr(27) || '[31mred' as \"a\x1bb\", chr(8238) || 'x' as turned"
    code, out, _ = ceasefire("query", str(store.folder), sql)
    assert (code, "\x1b" in out, "\u202e" in out) == (0, False, False)
    assert r"\x1b[31mred" in out


def test_an_answer_goes_into_the_kind_of_file_that_its_name_says(ceasefire, store, tmp_path):
    pytest.importorskip("openpyxl")
    question = "select point, 1.5 as x from sweep limit 1"
    assert ceasefire("query", str(store.folder), question, "--out", "answer.xlsx")[0] == 0
    assert pd.read_excel(tmp_path / "answer.xlsx").to_dict("list") == {"point": [0], "x": [1.5]}


@pytest.mark.parametrize("seed", [2**63, -(2**63) - 1])
def test_a_seed_that_no_result_can_hold_is_refused_before_the_work(ceasefire, tmp_path, seed):
    code, _, err = ceasefire("run", "libya-2020-01", "--runs", "10", "--seed", str(seed), "--out", "there")
    assert (code, "--seed" in err, (tmp_path / "there").exists()) == (2, True, False)


def of_many(store, points):
    """A store for so many points, two in a part, of which the first parts hold a few bytes."""
    return Store(store.folder, store.manifest.model_copy(update={"points": points}))


def refused(ask):
    """What is said against a request."""
    with pytest.raises(ScenarioError) as caught:
        ask()
    return str(caught.value)


def test_the_last_part_has_the_points_that_are_left(store):
    many = of_many(store, 7)
    assert [many.span(block) for block in range(many.blocks)] == [(0, 2), (2, 4), (4, 6), (6, 7)]
    assert many.part(12).relative_to(store.folder).as_posix() == "parts/part-00012.parquet"
    assert many.checksum(12).relative_to(store.folder).as_posix() == "parts/part-00012.parquet.sha256"


@pytest.mark.parametrize(
    ("spoilt", "names"),
    [
        (1, "part-00000.parquet"),
        (6, ", ".join(f"part-0000{number}.parquet" for number in range(5)) + " and 1 more"),
        (5, ", ".join(f"part-0000{number}.parquet" for number in range(5))),
        (7, ", ".join(f"part-0000{number}.parquet" for number in range(5)) + " and 2 more"),
    ],
)
def test_of_many_spoilt_parts_five_are_named(store, spoilt, names):
    many = of_many(store, 16)
    for block in range(many.blocks):
        many.write(block, b"whole")
    assert many.sound() == many.done() == list(range(8))
    for block in range(spoilt):
        many.part(block).write_bytes(b"other")
    assert many.done() == list(range(spoilt, 8))
    assert refused(many.sound) == (
        f"{store.folder}: spoilt, for the checksum does not match: {names}. The sweep again with `resume` makes what "
        "is spoilt anew."
    )


def test_a_part_is_noted_with_the_sweep_that_it_belongs_to(store):
    """SHA-256 of abc is that of FIPS 180-2, appendix B.1."""
    store.write(1, b"abc")
    assert store.checksum(1).read_text() == (
        f"# part of the sweep {store.manifest.sha256}\n"
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  part-00001.parquet\n"
    )


def test_a_part_on_a_failing_disk_is_spoilt_and_one_that_may_not_be_read_is_an_error(store, monkeypatch):
    def fail(error):
        def read(*_):
            raise error

        monkeypatch.setattr("simulation.questions.sweep.store.hashlib.file_digest", read)

    fail(OSError(5, "Input/output error"))
    assert store.done() == []
    assert "part-00000.parquet, part-00001.parquet. The" in refused(store.sound)
    fail(PermissionError(13, "Permission denied"))
    with pytest.raises(PermissionError):
        store.done()


def test_what_a_killed_sweep_left_half_written_is_taken_away_and_nothing_else(store):
    before = {file for file in store.folder.rglob("*") if file.is_file()}
    for name in ("manifest.json.7.partial", "parts/part-00000.parquet.7.partial", "parts/part-00009.parquet.8.partial"):
        (store.folder / name).write_text("")
    (store.folder / "mine.partial").write_text("")
    store.tidy()
    assert {file for file in store.folder.rglob("*") if file.is_file()} == before | {store.folder / "mine.partial"}


def test_a_part_is_read_with_the_columns_asked_for_and_refused_in_full_words(store):
    part = store.read(1, ["point", "stance.Red"])
    assert part.column_names == ["point", "stance.Red"]
    assert sorted(set(part["point"].to_pylist())) == [2, 3]
    store.write(1, store.part(0).read_bytes())
    assert refused(lambda: store.read(1, ["point", "run"])) == (
        f"{store.part(1)}: does not hold point, run of points of this sweep."
    )
    assert refused(lambda: store.read(0, ["point", "stance.Blue"])) == (
        f"{store.part(0)}: does not hold point, stance.Blue of points of this sweep."
    )


@pytest.mark.parametrize("library", ["duckdb", "pyarrow"])
def test_a_query_says_which_libraries_it_needs(store, monkeypatch, library):
    monkeypatch.setitem(sys.modules, library, None)
    assert refused(lambda: store.query("select 1")) == (
        'a query needs DuckDB and pyarrow: pip install "ceasefire-simulation[experiments]"'
    )


def test_a_query_of_no_part_and_what_is_no_question_are_told_in_full_words(store):
    assert refused(lambda: store.query("")) == (
        "no statement: not a question; a sweep can only be read: begin it with select."
    )
    assert refused(lambda: store.query("select 1; drop view sweep")) == (
        "SELECT and DROP: not a question; a sweep can only be read: begin it with select."
    )
    assert refused(lambda: store.query("create table a as select 1")).startswith("CREATE: not a question;")
    hint = '\nA name with dots or dashes stands in double quotes: "stance.Red".'
    said = refused(lambda: store.query("select stance.Red from sweep"))
    assert said.startswith("the question will not do: Binder Error")
    assert said.endswith(hint)
    assert not refused(lambda: store.query("select my_stance.Red from sweep")).endswith(hint)
    assert not refused(lambda: store.query("select stance.Reds from sweep")).endswith(hint)
    assert refused(lambda: store.query("select error('told')")).endswith("told")
    for block in (0, 1):
        store.part(block).unlink()
    assert refused(lambda: store.query("select 1")) == f"{store.folder}: no part of the sweep is there yet."


def begun(store, **options):
    """What is said against beginning the sweep once more."""

    def begin():
        with create(store.folder, store.manifest, **options):
            pass

    return refused(begin)


def test_why_a_sweep_cannot_be_begun_is_told_in_full_words(store):
    ways = "`resume` goes on with it, `force` replaces it; or name another folder."
    assert begun(store, resume=False) == f"{store.folder}: holds a sweep already (whole). {ways}"
    store.part(0).unlink()
    assert begun(store, resume=False) == f"{store.folder}: holds a sweep already (1 of 2 parts done). {ways}"
    other = Store(store.folder, store.manifest.model_copy(update={"seed": 7, "runs": 11}))
    assert begun(other, resume=True) == begun(other, resume=True, force=True)
    assert begun(other, resume=True) == (
        f"{store.folder}: holds another sweep, and was left as it is; choose another folder.\n"
        "  runs a point: 10 there, 11 asked for\n  seed: 1 there, 7 asked for"
    )
    (store.folder / "manifest.json").unlink()
    assert begun(store, resume=True) == (
        f"{store.folder}: holds parts of a sweep without its manifest.json; choose another folder."
    )


def test_a_sweep_that_is_replaced_leaves_nothing_of_the_old_one_and_a_new_folder_is_made(store, tmp_path):
    (store.folder / "mine.txt").write_text("kept")
    with create(store.folder, store.manifest, resume=False, force=True) as new:
        assert new.done() == []
    assert sorted(file.name for file in store.folder.rglob("*") if file.is_file()) == ["manifest.json", "mine.txt"]
    with create(store.folder, store.manifest, resume=False, force=True):
        pass
    with create(tmp_path / "none", store.manifest, resume=False, force=True) as new:
        assert new.done() == []  # what is to be taken away need not be there
    with create(tmp_path / "a" / "b", store.manifest, resume=False) as new:
        assert (new.folder, new.manifest) == (tmp_path / "a" / "b", store.manifest)
        assert open_store(str(new.folder)) == new
        assert begun(new, resume=True).startswith(f"{new.folder}: a sweep is under way there: process ")
        assert begun(new, resume=True).endswith(" is writing here; wait for it.")


def test_a_measure_that_the_sweep_has_not_is_told_with_the_nearest(store):
    assert known_measure("truce.starts", store) == "truce.starts"
    assert refused(lambda: known_measure("truce.start", store)) == (
        "`measures` truce.start: not in this sweep. Did you mean 'truce.starts'?"
    )
