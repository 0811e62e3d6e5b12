"""A small scenario beside which the command is run."""

import pytest

from simulation.scenario import as_toml

UNSURE = {"actors.Red.stance": {"best": 50, "low": 40, "high": 60, "assumed": "made up"}}


@pytest.fixture
def still_file(ceasefire, tmp_path, still):
    """``still.toml``, with observed answers, so that every question can be asked of it."""
    answers = "".join(
        f'\n[[record]]\noffer = "{offer}"\nparty = "Red"\nanswer = {answer}\n'
        for offer, answer in (("first", 1), ("second", 0))
    )
    file = tmp_path / "still.toml"
    file.write_text(as_toml(still(answers, UNSURE)))
    return file
