"""The command, run beside a small scenario."""

import sys

import pytest

from simulation.cli import main
from simulation.scenario import as_toml

UNSURE = {"actors.Red.stance": {"best": 50, "low": 40, "high": 60, "assumed": "made up"}}


@pytest.fixture
def ceasefire(monkeypatch, capsys, tmp_path, still):
    """Run the command beside ``still.toml``: (exit code, standard output, standard error)."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "still.toml").write_text(as_toml(still(changes=UNSURE)))

    def command(*words):
        monkeypatch.setattr(sys, "argv", ["ceasefire", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return ended.value.code or 0, said.out, said.err

    return command
