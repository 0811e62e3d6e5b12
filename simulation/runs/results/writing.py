"""How every file of the package is written: aside, seen to be on the disk, and then renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written(file: str | Path) -> Iterator[Path]:
    """Another name to write under, which becomes the file at the end: the file is either whole or as it was.

    The name is this process's own, so that two that write one file do not get into each other's way.

    Raises
    ------
    OSError
        where the disk is full or cannot be written to; nothing that was there before is touched
    """
    file = Path(file)
    aside = file.with_name(f"{file.name}.{os.getpid()}.partial")
    try:
        yield aside
        with aside.open("rb+") as opened:
            os.fsync(opened.fileno())
        os.replace(aside, file)
    finally:
        aside.unlink(missing_ok=True)


def write_text(file: str | Path, text: str) -> None:
    """Write a text, in UTF-8, as ``written`` does."""
    write_bytes(file, text.encode("utf-8"))


def write_bytes(file: str | Path, content: bytes) -> None:
    """Write bytes, as ``written`` does."""
    with written(file) as aside:
        aside.write_bytes(content)
