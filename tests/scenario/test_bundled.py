"""The bundled scenarios: sourced, published with a schema, citing only what exists."""

import json
import tomllib
from pathlib import Path

import pytest

from simulation.scenario import json_schema, load_scenario
from simulation.scenario.claims import citations
from simulation.scenario.evidence import load_evidence

ROOT = Path(__file__).parents[2]
FILES = [file for file in sorted((ROOT / "scenarios").rglob("*.toml")) if file.name != "war.toml"]
SCENARIOS = [file for file in FILES if {"title", "actors", "extends"} & set(tomllib.loads(file.read_text()))]

by_name = pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)


def test_the_published_schema_is_that_of_the_code():
    written = json.loads((ROOT / "scenarios" / "schema.json").read_text())
    assert written == json.loads(json.dumps(json_schema())), "run: ceasefire schema --out scenarios/schema.json"


@by_name
def test_editors_find_the_schema(file):
    named = tomllib.loads(file.read_text())["$schema"]
    assert (file.parent / named).resolve() == ROOT / "scenarios" / "schema.json"


@by_name
def test_the_file_opens_with_the_question_it_asks(file):
    comment = [line for line in file.read_text().splitlines() if line.startswith("#")]
    assert comment, "a comment at the top says what the scenario asks"
    assert "?" in " ".join(comment)
    assert load_scenario(file).question.endswith("?")


@by_name
def test_every_claim_cited_exists_and_may_be_cited(file):
    evidence = load_evidence(ROOT / "seeds")
    for place, claim in citations(load_scenario(file)):
        assert claim in evidence, f"{place} cites {claim}"
        assert evidence[claim].citable, f"{place} cites {claim}, which was found wrong or doubtful"


@by_name
def test_every_number_cites_or_owns_up(file):
    for item in load_scenario(file).inputs.values():
        assert item.claims or item.assumed, f"{item.key} = {item.value}: rests on nothing"


@by_name
def test_every_event_cites_or_owns_up(file):
    for event in load_scenario(file).events:
        numbers = [*event.set.values(), *event.add.values()]
        owned = (
            event.claims or event.assumed or (numbers and all(number.claims or number.assumed for number in numbers))
        )
        assert owned, f"{event.name or event.on}: rests on nothing"


def test_there_are_six_what_ifs_of_january_2020():
    extending = [file for file in FILES if tomllib.loads(file.read_text()).get("extends") == "libya-2020-01.toml"]
    assert len(extending) >= 6
