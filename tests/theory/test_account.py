"""That ``docs/theory.md`` accounts for every mechanism, and counts right."""

import ast
import re
from pathlib import Path

from test_chances import CLAIMS

from simulation.scenario.evidence import load_evidence

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "theory.md").read_text(encoding="utf-8")


def test_every_mechanism_has_a_verdict():
    rows = dict(re.findall(r"^\| (M\d\d) \|.*\| ([^|]+) \|$", PAGE, re.M))
    known = [name for name, row in load_evidence(ROOT / "seeds").items() if row.kind == "mechanism"]
    assert sorted(rows) == sorted(known)
    for name, verdict in rows.items():
        assert re.match(r"holds|\*\*not claimed\*\*|as M\d\d", verdict), f"{name}: {verdict}"


def test_as_many_conflicts_are_drawn_as_the_page_says():
    drawn = 0
    for file in Path(__file__).parent.glob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            marks = [ast.unparse(mark) for mark in getattr(node, "decorator_list", [])]
            if any(mark.startswith("given(") for mark in marks):
                assert "settings(max_examples=40)" in marks
                drawn += len(CLAIMS) if "every_claim" in marks else 1
    assert drawn == 39
    assert "Thirty-nine tests draw 40 conflicts each, 1,560 in all" in PAGE
