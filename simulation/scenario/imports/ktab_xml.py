"""KTAB's XML: dimensions, actors, and options of its Spatial Model of Politics."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, get_args

from simulation.parameters import nearest
from simulation.rules.spatial.options import Options
from simulation.scenario.errors import ScenarioError
from simulation.scenario.imports.lines import number_in
from simulation.scenario.imports.sheet import Answer, Question, Sheet, add
from simulation.scenario.input_files import read_bytes
from simulation.scenario.tables.grids import LARGEST

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

OPTIONS = {
    "VictoryProbModel": "victory",
    "PCEModel": "pce",
    "StateTransitions": "transition",
    "VotingRule": "voting",
    "BigRAdjust": "risk_adjust",
    "BigRRange": "risk_range",
    "ThirdPartyCommit": "commitment",
    "InterVecBrgn": "interpolation",
    "BargnModel": "receipt",
}
"""What the program calls the options of the rule ``spatial``."""


def is_xml(path: Path) -> bool:
    """Whether a file begins as XML does."""
    return read_bytes(path, LARGEST, "a table")[:200].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def read_xml(path: Path) -> Sheet:
    """A scenario of KTAB's; its ideal-adjustment is left out, and said to be.

    Raises
    ------
    ScenarioError
        that names the actor and the part that will not do
    """
    from xml.etree import ElementTree

    try:
        root = ElementTree.fromstring(read_bytes(path, LARGEST, "a table"))
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise ScenarioError(f"{path}: not valid XML: {error}.") from None
    dimensions = [_text(one) for one in root.findall("Dimensions/dName")]
    actors = root.findall("Actors/Actor")
    if root.tag != "Scenario" or not dimensions or not actors:
        raise ScenarioError(f"{path}: not a scenario of KTAB's, which has <Scenario> with <Dimensions> and <Actors>.")
    answers: dict[str, dict[str, Answer]] = {}
    people: dict[str, str] = {}
    for number, actor in enumerate(actors, 1):
        name = _text(actor.find("name"))
        if not name:
            raise ScenarioError(f"{path}: actor {number}: no <name>.")
        place = f"{path}: actor {name}"
        people[name] = _text(actor.find("description")) or name
        influence = _number(actor.find("capability"), f"{place}, <capability>")
        found = {}
        for kind, tag in (("Position", "dCoord"), ("Salience", "dSal")):
            cells = actor.findall(f"{kind}/{tag}")
            if len(cells) != len(dimensions):
                raise ScenarioError(f"{place}, <{kind}>: {len(cells)} <{tag}> for {len(dimensions)} dimensions.")
            found[kind] = [_number(cell, f"{place}, <{tag}> of {dimensions[at]}") for at, cell in enumerate(cells)]
        for issue, position, salience in zip(dimensions, found["Position"], found["Salience"], strict=True):
            add(answers, issue, name, Answer(position, salience, influence, place))
    questions = {issue: Question(issue, given) for issue, given in answers.items()}
    apart = len(set(people.values())) == len(people)
    names = people if apart else {name: name for name in people}
    notes = ("Its ideal-adjustment is not read: actors judge by where they stand.",)
    return Sheet(
        "KTAB XML",
        _text(root.find("name")) or path.stem,
        questions,
        names,
        about=_text(root.find("desc")),
        rule=_options(root.find("ModelParameters"), str(path)),
        notes=notes if root.find("IdealAdjustment/iaPair") is not None else (),
    )


def _options(parameters: Element | None, file: str) -> dict[str, str]:
    """The options of the rule that differ from its defaults, under its own names."""
    chosen: dict[str, str] = {}
    for tag, name in OPTIONS.items() if parameters is not None else ():
        text = _text(parameters.find(tag)) if parameters is not None else ""
        if not text:
            continue
        known = {value.replace("-", ""): value for value in get_args(Options.model_fields[name].annotation)}
        bare = text.lower().removesuffix("interp").removesuffix("commit")
        if bare not in known:
            raise ScenarioError(f"{file}: <{tag}>: '{text}' is no such option.{nearest(bare, known)}")
        if known[bare] != Options.model_fields[name].default:
            chosen[name] = known[bare]
    return chosen


def _text(element: Element | None) -> str:
    return "" if element is None else (element.text or "").strip()


def _number(element: Element | None, place: str) -> float | None:
    return number_in(_text(element), place)
