"""How every file of the package is written: made in memory, put on the disk aside, and then renamed."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_bytes(file: str | Path, content: bytes | memoryview) -> None:
    """Write a file that is, whatever happens, either whole or as it was.

    The bytes go under a name of their own, so that two that write one file do not get into each other's way;
    when they are on the disk, the file is renamed. A link keeps pointing where it does. What is no file, such as a
    device or a pipe, is written to as it is.

    Raises
    ------
    OSError
        naming the file, where the disk is full or cannot be written to; nothing that was there before is touched
    """
    target = Path(os.path.realpath(file))
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(content)
            return
        aside = _aside(target)
        try:
            with aside.open("xb") as opened:
                opened.write(content)
                opened.flush()
                os.fsync(opened.fileno())
            os.replace(aside, target)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
        sync_folder(target.parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(file)) from None


def write_text(file: str | Path, text: str) -> None:
    """Write a text, in UTF-8, as ``write_bytes`` does."""
    write_bytes(file, text.encode("utf-8"))


def check_writable(file: str | Path) -> None:
    """Find out before the work whether a file can be written after it.

    Raises
    ------
    OSError
        naming the file, as ``write_bytes`` would
    """
    target = Path(os.path.realpath(file))
    try:
        if target.exists() and not target.is_file():
            with target.open("ab"):
                return
        aside = _aside(target)
        aside.touch()
        aside.unlink()
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(file)) from None


def sync_folder(folder: Path) -> None:
    """See to it that the names in a folder are on the disk, where the system can say so of a folder."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _aside(file: Path) -> Path:
    return file.with_name(f"{file.name}.{os.getpid()}-{secrets.token_hex(4)}.partial")
