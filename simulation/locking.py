"""One writer at a time: a lock that the system takes away with its process, however that ends."""

from __future__ import annotations

import errno
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        os.lseek(descriptor, 1 << 20, os.SEEK_SET)  # far behind the name, which stays readable
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)
else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


HELD = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
"""What systems say of a lock that another has; anything else means that the disk has no locks, as on some clusters."""

NO_LINK = getattr(os, "O_NOFOLLOW", 0)
"""What refuses a link: in a folder of a stranger it may point to a file of one's own, which would be emptied."""


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold the lock of a file, by another file beside it; one that a killed process leaves behind locks nothing.

    Raises
    ------
    BlockingIOError
        saying which process holds it
    OSError
        where nothing can be written there, or the disk is full
    """
    beside = file.with_name(f".{file.name}.lock")
    descriptor = _taken(beside)
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"process {os.getpid()} on {platform.node()}".encode())
        os.fsync(descriptor)
        yield
    finally:
        with suppress(OSError):
            beside.unlink()  # while it is held, or another's might be taken away
        os.close(descriptor)


def _taken(file: Path) -> int:
    while True:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | NO_LINK, 0o666)
        try:
            try:
                _take(descriptor)
            except OSError as error:
                if error.errno in HELD:
                    holder = os.read(descriptor, 200).decode(errors="replace") or "another process"
                    raise BlockingIOError(errno.EAGAIN, f"{holder} is writing here", str(file)) from None
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(descriptor), os.stat(file)):
                    return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)  # its holder took the file away in the meantime
