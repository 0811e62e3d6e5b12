"""What is fuzzed: for each kind of input, whole ones to begin with, and what the package does with one."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import simulation as sim
from simulation.cli.options import parse_changes
from simulation.cli.vary import read_axis
from simulation.dynamics.variables import VARIABLES
from simulation.questions.sweep.design import fit, plan
from simulation.questions.sweep.design_file import read_design
from simulation.questions.sweep.store import open_store
from simulation.runs.results import load, save
from simulation.scenario import ScenarioError, bundled, load_scenario
from simulation.scenario.imports import import_table
from simulation.scenario.knowledge import day_of
from simulation.scenario.measures import parse, unit_of, words_of
from simulation.scenario.tables.cells import value_of
from simulation.scenario.tables.writing import write_tables

from .mutations import damaged, damaged_archive

ROOT = Path(__file__).parents[2]
BASE = ROOT / "simulation" / "cli" / "new.toml"
LIBYA = ROOT / "scenarios" / "libya-2020-01.toml"

MOST_WORK = 60_000
"""Steps times pairs of actors up to which an accepted scenario is run."""

Damage = Callable[[bytes, random.Random, list[bytes]], bytes]


@dataclass(frozen=True)
class Target:
    """A kind of input."""

    name: str
    share: int  # of a hundred inputs, how many
    whole: Callable[[Path], list[bytes]]
    take: Callable[[bytes, Path], None]  # what is done with one in a folder; a ScenarioError is a clean answer
    damage: Damage = damaged


def texts(*values: str) -> Callable[[Path], list[bytes]]:
    return lambda folder: [value.encode() for value in values]


def put(folder: Path, name: str, content: bytes) -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


def plain(content: bytes) -> str:
    """A text as a shell hands it over: no NUL."""
    return content.decode(errors="surrogateescape").replace("\0", "")


def played(scenario: sim.Scenario, content: bytes) -> None:
    """Run what was accepted: every value is finite and on its scale, and a Mesa run is that run of the ensemble."""
    actors = len(scenario.actors)
    slow = 30 if scenario.rule.name in ("spatial", "exchange", "expected-utility") else 1
    if scenario.steps * max(actors, 4) ** 2 * slow * max(len(scenario.negotiated), 1) > MOST_WORK:
        return
    result = sim.run_ensemble(scenario, runs=3, seed=1)
    for name, low, high in (("stance", 0, 100), ("control", 0, 1), ("chance", 0, 1), ("answer", 0, 1)):
        if name in result:
            values = result[name].values.astype(float)
            if name in ("stance", "control"):
                assert np.isfinite(values).all(), f"{name} is not finite"
            assert np.all(np.isnan(values) | ((values >= low) & (values <= high))), f"{name} is off its scale"
    assert VARIABLES["stance"].high == 100
    json.dumps(sim.summarise(result), allow_nan=True)
    if len(content) % 7 == 0 and scenario.steps <= 60:
        model = sim.ConflictModel(scenario, seed=1, run=1)
        for _ in range(scenario.steps):
            model.step()
        last = np.array([model[name].stance for name in scenario.actors])
        np.testing.assert_array_equal(last, result.stance.values[1, -1])


def take_scenario(content: bytes, folder: Path) -> None:
    played(load_scenario(put(folder, "scenario.toml", content)), content)


def whole_scenarios(folder: Path) -> list[bytes]:
    more = [ROOT / "scenarios" / "reference" / f"{name}.toml" for name in ("ktab-seven-actors", "emission-standards")]
    rich = BASE.read_bytes() + (Path(__file__).parent / "rich.toml").read_bytes()
    return [BASE.read_bytes(), rich, rich, rich, LIBYA.read_bytes(), *(file.read_bytes() for file in more)]


def take_extending(content: bytes, folder: Path) -> None:
    scenario = load_scenario(put(folder, "child.toml", content))
    assert scenario.title is not None


def take_changes(content: bytes, folder: Path) -> None:
    changes = parse_changes(plain(content).split("\n"))
    played(load_scenario(folder / "base.toml", changes), content)
    load_scenario(folder / "base.toml").replace(changes)


CHANGES = (
    "actors.North.stance=20",
    "rule=degroot",
    "rule=degroot\nrule.openness=0.3",
    "steps=20\nstep_days=2",
    "ties.Patron.North.support=0.9",
    'actors.North={ stance = 4, salience = 5, influence = 3, assumed = "x" }',
    "coefficients.battle.hurt=0.01",
    "events.second-offer.offer.monitoring=0.5",
    "title=Another war, in words",
    'actors.South.roles=["party", "ally"]',
    "start=2025-02-01",
)


def take_vary(content: bytes, folder: Path) -> None:
    design = plan([read_axis(text) for text in plain(content).split("\n")])
    fit(design, load_scenario(folder / "base.toml"))


def take_design(content: bytes, folder: Path) -> None:
    fit(read_design(put(folder, "design.csv", content)), load_scenario(folder / "base.toml"))


def take_measure(content: bytes, folder: Path) -> None:
    name = plain(content)
    for file in ("base.toml", "talks.toml"):
        scenario = load_scenario(folder / file)
        try:
            parse(name, scenario)
        except ScenarioError as error:
            refused = error
        else:
            assert unit_of(name)
            assert words_of(name, scenario)
            refused = None
    if refused:
        raise refused


SHEETS = {
    "war.toml": 'title = "t"\nstart = 2020-01-01\nend = 2020-01-30\ncoders = ["A"]\n[sources]\ns1 = "a paper"\n',
    "actors.csv": "actor,name,roles,side,stance,stance_low,stance_high,salience,influence,why,sources\n"
    "N,North,party,N,30,20,40,100,60,made up,s1\nS,South,party;ally,S,60,,,100,50,made up,\n"
    "M,Mediator,mediator,,95,,,80,40,made up,\n",
    "ties.csv": "from,to,leverage,support,why\nM,N,0.3,,made up\n",
    "issues.csv": "issue,title,low_means,high_means,now,why\nline,The line,here,there,control.N,made up\n",
    "wants.csv": "party,issue,want,weight,why\nN,line,100,1,made up\nS,line,0,1,made up\n",
    "offers.csv": "offer,date,made_by,addressed,form,monitoring,what,terms\n"
    "call,2020-01-10,M,N;S,declared,0.5,stop,line=50\n",
    "terms.csv": "offer,of,value,value_low,value_high\ncall,line,40,30,50\n",
    "events.csv": "date,name,key,how,value,low,high,why\n"
    "2020-01-05,A town falls,actors.N.control,add,0.1,0.05,0.2,made up\n",
    "answers.csv": "offer,party,answer,grade,grade_A\ncall,N,refuse,0.1,0.2\ncall,S,conditional,0.6,\n",
    "truces.csv": "offer,began,ended,how,broken_by\ncall,2020-01-11,2020-01-12,broken,N\n",
    "expect.csv": "that,measure,above\nso,answer.call.N,0.1\n",
}
CUT = "\n=== "


def take_tables(content: bytes, folder: Path) -> None:
    here = folder / "tables"
    shutil.rmtree(here, ignore_errors=True)
    here.mkdir()
    for part in (b"\n" + content).split(CUT.encode())[1:]:
        name, _, text = part.partition(b"\n")
        if name.decode(errors="replace") in SHEETS:
            put(here, name.decode(), text)
    try:
        played(load_scenario(here), content)
    finally:
        shutil.rmtree(here)


def whole_tables(folder: Path) -> list[bytes]:
    return ["".join(f"{CUT}{name}\n{text}" for name, text in SHEETS.items()).removeprefix("\n").encode()]


def take_book(content: bytes, folder: Path) -> None:
    load_scenario(put(folder, "book.xlsx", content))


def whole_books(folder: Path) -> list[bytes]:
    write_tables(load_scenario(BASE), folder / "whole.xlsx")
    content = (folder / "whole.xlsx").read_bytes()
    (folder / "whole.xlsx").unlink()
    return [content]


def take_result(content: bytes, folder: Path) -> None:
    load(put(folder, "result.nc", content))


def whole_results(folder: Path) -> list[bytes]:
    found = []
    for file in (BASE, ROOT / "scenarios" / "reference" / "emission-standards.toml"):
        result = sim.run_ensemble(load_scenario(file), runs=3, seed=1)
        found.append(save(result, folder / "whole.nc").read_bytes())
    (folder / "whole.nc").unlink()
    return found


def take_store(content: bytes, folder: Path) -> None:
    put(folder / "store", "manifest.json", content)
    store = open_store(folder / "store")
    assert all(0 <= block < store.blocks for block in store.done())
    assert store.runs > 0
    assert store.scenario.title is not None
    assert isinstance(store.keys, list)


def whole_stores(folder: Path) -> list[bytes]:
    sim.sweep(
        load_scenario(BASE),
        {"ties.Patron.North.support": [0.1, 0.5]},
        folder / "store",
        runs=2,
        workers=1,
    )
    return [(folder / "store" / "manifest.json").read_bytes()]


def take_import(content: bytes, folder: Path) -> None:
    start = content[:200].lstrip()
    import_table(put(folder, "table.xml" if start.startswith(b"<") else "table.csv", content))


def whole_imports(folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in sorted((ROOT / "tests" / "scenario" / "imports" / "tables").iterdir())]


def take_day(content: bytes, folder: Path) -> None:
    text = plain(content)
    value_of(text, "date", "a cell")
    load_scenario(folder / "base.toml", as_of=day_of(text))


def take_series(content: bytes, folder: Path) -> None:
    put(folder, "series.csv", content)
    load_scenario(folder / "counted.toml")


NAMES = (
    "answer.second-offer.North",
    "chance.first-offer.South",
    "stance.North",
    "stance.North.2025-02-01",
    "truce.starts",
    "truce.days",
    "truce.holds.7",
    "truce.collapses.3",
    "control.North",
    "outcome",
    "outcome.3",
)

TARGETS = {
    target.name: target
    for target in (
        Target("scenario", 34, whole_scenarios, take_scenario),
        Target("extends", 7, lambda folder: [(Path(__file__).parent / "child.toml").read_bytes()], take_extending),
        Target("set", 10, texts(*CHANGES), take_changes),
        Target("vary", 7, texts("ties.Patron.North.support=0:1:3", "rule=degroot,deffuant\nsteps=3,4"), take_vary),
        Target("design", 6, texts('ties.Patron.North.support,rule\n0.1,degroot\n0.2,"deffuant"\n'), take_design),
        Target("measure", 6, texts(*NAMES), take_measure),
        Target("tables", 10, whole_tables, take_tables),
        Target("xlsx", 3, whole_books, take_book, damaged_archive),
        Target("result", 4, whole_results, take_result),
        Target("store", 4, whole_stores, take_store),
        Target("import", 5, whole_imports, take_import),
        Target("date", 2, texts("2025-01-10", "2025-02-01"), take_day),
        Target("series", 2, texts("date,value\n2025-01-05,3\n2025-01-07,4.5\n"), take_series),
    )
}


def prepare(folder: Path) -> Iterator[str]:
    """Put beside the inputs what they name: evidence, a scenario to extend or change, and one with a series."""
    (folder / "seeds").symlink_to(bundled().parent / "seeds")
    rich = BASE.read_text() + (Path(__file__).parent / "rich.toml").read_text()
    put(folder, "base.toml", rich.encode())
    put(folder, "talks.toml", (ROOT / "scenarios" / "reference" / "ktab-seven-actors.toml").read_bytes())
    put(folder, "counted.toml", BASE.read_bytes() + b'\n[series]\nfighting = "series.csv"\n')
    (folder / "store").mkdir()
    yield from ("base.toml", "talks.toml", "counted.toml", "seeds", "store")
