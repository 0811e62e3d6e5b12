"""How every file that is handed in is read: a regular one, of no more than so many bytes, its text in UTF-8."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from simulation.scenario.errors import ScenarioError


def check_file(file: Path, most: int | None = None, what: str = "a file") -> None:
    """Refuse what is no regular file, such as a pipe, which would be waited for, or a device, which may have no end.

    Parameters
    ----------
    most : bytes that it may have
    what : what it should be, in words such as ``a scenario``

    Raises
    ------
    ScenarioError
        for any of these, and for a file that is not there
    """
    try:
        found = os.stat(file)
    except OSError as error:
        raise ScenarioError(f"{file}: cannot be read: {error.strerror}.") from None
    except ValueError:  # a name with NUL in it
        raise ScenarioError(f"{str(file)!r}: not the name of a file.") from None
    if stat.S_ISDIR(found.st_mode):
        raise ScenarioError(f"{file}: cannot be read: Is a directory.")
    if not stat.S_ISREG(found.st_mode):
        raise ScenarioError(f"{file}: a pipe, a device or a socket; {what} is a file on disk.")
    if most is not None and found.st_size > most:
        raise ScenarioError(f"{file}: more than {most:,} bytes, the most {what} may have.")


def read_bytes(file: Path, most: int, what: str) -> bytes:
    """The bytes of a file that ``check_file`` lets through."""
    check_file(file, most, what)
    try:
        with file.open("rb") as opened:
            return opened.read(most)
    except OSError as error:
        raise ScenarioError(f"{file}: cannot be read: {error.strerror}.") from None


def read_text(file: Path, most: int, what: str, form: str = "UTF-8") -> str:
    """The text of a file, without the mark that some programs put before it; lines end with a line feed.

    Parameters
    ----------
    form : what to save it as in the program that wrote it, such as ``'CSV UTF-8'``
    """
    content = read_bytes(file, most, what)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ScenarioError(f"{file}: UTF-16 text; save it as {form}.")
    if b"\0" in content:
        raise ScenarioError(f"{file}: a binary file; {what} is text.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ScenarioError(f"{file}: line {line}: not UTF-8 text; save it as {form}.") from None
    return text.replace("\r\n", "\n")
