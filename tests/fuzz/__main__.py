"""The long run: ``python -m tests.fuzz --inputs 100000 --workers 2``, and ``--replay FILE`` for a failure it kept."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from .processes import run
from .running import SLOW, Bench
from .targets import TARGETS


def replay(file: Path) -> None:
    """Try one kept input again, and let whatever it raises be seen."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        target = TARGETS[file.name.split("-")[0]]
        target.whole(bench.folder)
        print(bench.tried(target, file.read_bytes()))
        target.take(file.read_bytes(), bench.folder)


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    options.add_argument("--inputs", type=int, default=100_000)
    options.add_argument("--first", type=int, default=0, help="the number of the first input")
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--target", choices=list(TARGETS), help="only inputs of this kind")
    options.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "fuzz-failures")
    options.add_argument("--replay", type=Path, metavar="FILE", help="try one input that was kept")
    given = options.parse_args()
    if given.replay:
        replay(given.replay)
        return
    begun = time.monotonic()
    tally = run(given.inputs, given.workers, given.seed, given.target, given.keep, given.first)
    print(tally)
    print(f"{time.monotonic() - begun:.0f} s; slow is more than {SLOW:g} s of the processor.")
    sys.exit(tally.failed)


if __name__ == "__main__":
    main()
