"""In which of the field's layouts a file is, by what it holds."""

from __future__ import annotations

import re
from pathlib import Path

from simulation.parameters import nearest
from simulation.scenario.errors import ScenarioError
from simulation.scenario.imports.decide import read_decide
from simulation.scenario.imports.headed import read_headed
from simulation.scenario.imports.ktab_csv import read_ktab
from simulation.scenario.imports.ktab_xml import is_xml, read_xml
from simulation.scenario.imports.lines import bare, read_lines
from simulation.scenario.imports.sheet import Sheet

WHOLE = re.compile(r"\d{1,6}(\.0)?")


def read_sheet(path: Path) -> Sheet:
    """A file in whichever layout it is.

    Raises
    ------
    ScenarioError
        for a file in none of them, saying what is missing; or with file, row, column and value of what will not do
    """
    if path.is_dir() or not path.exists():
        beside = [other.name for other in path.parent.glob("*")] if path.parent.is_dir() else []
        what = "a folder; name a file in it." if path.is_dir() else f"no such file.{nearest(path.name, beside)}"
        raise ScenarioError(f"{path}: {what}")
    if is_xml(path):
        return read_xml(path)
    file, notes = read_lines(path)
    marks = {bare(cells[0])[:2].upper() for _, cells in file.lines}
    if "#D" in marks:
        return read_decide(file, path.stem)
    title, count = file.lines[0][1], [cell for cell in file.lines[0][1] if cell != ""]
    if len(count) >= 4 and all(WHOLE.fullmatch(str(cell).strip()) for cell in title[2:4]):
        return read_ktab(file)
    return read_headed(file, path.stem).noting(*notes)
