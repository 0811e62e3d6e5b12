"""Files are whole or as they were, whatever the disk does, and have one writer at a time."""

import errno
import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest

import simulation as sim
from simulation import locking
from simulation.locking import locked
from simulation.runs.results import save
from simulation.scenario import ScenarioError
from simulation.scenario.tables.writing import write_tables
from simulation.show.animation import animate
from simulation.show.report import write_report
from simulation.writing import check_writable, write_bytes, write_text


@contextmanager
def full_disk(room=64):
    """As on a full disk, no file can grow beyond so many bytes; the disk of this machine stays as it is."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


def a_picture(_, folder):
    from matplotlib.figure import Figure

    from simulation.show.plots.saving import save_figure

    save_figure(Figure(), folder, "picture")


WRITERS = {
    "result.nc": lambda result, folder: save(result, folder / "result.nc"),
    "summary.json": lambda _, folder: write_text(folder / "summary.json", "{}" * 100),
    "picture.png": a_picture,
    "report.html": lambda result, folder: write_report(result, folder, pictures={}),
    "animate.gif": lambda result, folder: animate(sim.runs.results.scenario_of(result), folder / "animate.gif", dpi=20),
}


@pytest.fixture(scope="module")
def result(still):
    return sim.run_ensemble(still(), runs=20, seed=1)


@pytest.mark.parametrize("name", WRITERS)
def test_a_full_disk_leaves_the_file_that_was_there(result, tmp_path, name):
    """Every kind of file: the error names it, and no half of it is left. HDF5 itself would end the whole process."""
    WRITERS[name](result, tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    with full_disk(), pytest.raises(OSError, match="File too large") as caught:
        WRITERS[name](result, tmp_path)
    assert caught.value.filename == str(tmp_path / name)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


@pytest.mark.parametrize("name", ["tables", "tables.xlsx"])
def test_a_full_disk_leaves_nothing_that_looks_like_a_scenario(still, tmp_path, name):
    with full_disk(), pytest.raises(OSError, match="File too large"):
        write_tables(still(), tmp_path / name)
    with pytest.raises(ScenarioError):
        sim.load_scenario(tmp_path / name)


def test_a_link_keeps_pointing_where_it_does(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere" / "file")
    write_text(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "elsewhere" / "file").read_text() == "new"


def test_a_device_is_written_to_and_not_replaced():
    write_bytes(os.devnull, b"gone")
    check_writable(os.devnull)
    assert not os.path.isfile(os.devnull)


@pytest.mark.parametrize(
    ("name", "number"), [("missing/file", errno.ENOENT), ("a-file/below", errno.ENOTDIR), ("folder", errno.EISDIR)]
)
def test_what_cannot_be_written_is_named_before_and_after_the_work(tmp_path, name, number):
    (tmp_path / "folder").mkdir()
    (tmp_path / "a-file").write_text("")
    for attempt in (check_writable, lambda file: write_text(file, "new")):
        with pytest.raises(OSError, match=r".") as caught:
            attempt(tmp_path / name)
        assert (caught.value.errno, caught.value.filename) == (number, str(tmp_path / name))


def test_a_lock_has_one_holder_and_leaves_no_file(tmp_path):
    """Even one of the same process; whoever is told learns whose it is."""
    with locked(tmp_path / "file"):
        with pytest.raises(BlockingIOError, match=f"process {os.getpid()} on .* is writing here"):
            locked(tmp_path / "file").__enter__()
        with locked(tmp_path / "another"):
            pass
    with locked(tmp_path / "file"):
        pass
    assert not list(tmp_path.iterdir())


def test_a_link_in_the_place_of_a_lock_is_not_followed(tmp_path):
    """In a folder of a stranger it may point to a file of one's own, which was emptied."""
    (tmp_path / "mine").write_text("precious")
    (tmp_path / ".file.lock").symlink_to(tmp_path / "mine")
    with pytest.raises(OSError, match=r"\.file\.lock"):
        locked(tmp_path / "file").__enter__()
    assert (tmp_path / "mine").read_text() == "precious"


def test_a_link_in_the_place_of_what_is_put_aside_is_not_followed(tmp_path):
    (tmp_path / "mine").write_text("precious")
    (tmp_path / f"file.{os.getpid()}.partial").symlink_to(tmp_path / "mine")
    write_text(tmp_path / "file", "new")
    assert ((tmp_path / "file").read_text(), (tmp_path / "mine").read_text()) == ("new", "precious")


def test_a_killed_process_leaves_no_lock(tmp_path):
    code = (
        "import pathlib, simulation.locking as it\n"
        f"with it.locked(pathlib.Path({str(tmp_path / 'file')!r})):\n    print('held', flush=True)\n    input()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline().strip() == b"held"
        with pytest.raises(BlockingIOError, match=f"process {holder.pid} "):
            locked(tmp_path / "file").__enter__()
        holder.kill()
        holder.wait()
        assert list(tmp_path.iterdir())  # its file is there, and locks nothing
        with locked(tmp_path / "file"):
            pass
    assert not list(tmp_path.iterdir())


def test_where_a_disk_has_no_locks_the_work_goes_on(tmp_path, monkeypatch):
    def none(*_):
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr("simulation.locking._take", none)
    with locked(tmp_path / "file"):
        assert list(tmp_path.iterdir())


def test_a_lock_whose_file_is_taken_away_by_its_last_holder_is_taken_anew(tmp_path, monkeypatch):
    """Between opening the file and locking it, as two may do at once; a lock without a file would stop nobody."""
    take, taken = locking._take, []

    def late(descriptor):
        if not taken:
            (tmp_path / ".file.lock").unlink()
        taken.append(descriptor)
        take(descriptor)

    monkeypatch.setattr(locking, "_take", late)
    with locked(tmp_path / "file"):
        assert len(taken) == 2
        with pytest.raises(BlockingIOError, match="is writing here"):
            locked(tmp_path / "file").__enter__()
