"""The rooms: imports run one way, and the quick doors stay quick because nothing heavy hangs on them."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "simulation"

FLOORS = ("parameters", "rules", "dynamics", "scenario", "runs", "questions", "show", "cli")
"""From the ground up; a room may use those below, and a file any of its own room's. What only type checkers import does
not count."""

DOORS = {
    "__main__": "cli",
    "pytest_plugin": "cli",
    "version": "parameters",
    "writing": "parameters",
    "locking": "parameters",
}
"""Files outside the rooms, and on whose floor they are."""


USES_THE_FACE = {"questions/finding.py"}
"""Files that import ``simulation`` itself, from which every room is reached: a finding has itself drawn by it."""


def floor_of(room):
    return FLOORS.index(DOORS.get(room, room))


def imported(file):
    """Names of the package that a file imports, at the top or inside functions, but not under TYPE_CHECKING."""
    tree = ast.parse(file.read_text())
    guarded = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in guarded:
            continue
        names = []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file.name}: a relative import; say the whole name"
            names = [f"{node.module}.{item.name}" for item in node.names]
        elif isinstance(node, ast.Import):
            names = [item.name for item in node.names]
        yield from (name for name in names if name.split(".")[0] == "simulation")


def imported_rooms(file):
    """Rooms of the package that a file imports."""
    return {name.split(".")[1] for name in imported(file) if name != "simulation"}


def room_of(file):
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("file", sorted(PACKAGE.rglob("*.py")), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_a_room_uses_only_its_own_floor_and_those_below(file):
    if file == PACKAGE / "__init__.py":
        return  # the public names, imported when first used
    own, faced = room_of(file), "simulation" in imported(file)
    assert faced == (str(file.relative_to(PACKAGE)) in USES_THE_FACE), "imports the face, and with it every room"
    above = {room for room in imported_rooms(file) if floor_of(room) > floor_of(own)}
    assert not above, f"{own} (floor {floor_of(own)}) imports from above: {above}"


def module_of(file):
    parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_no_modules_import_each_other_in_a_circle():
    """Nor do they where an import is hidden inside a function; a room's __init__ is a module like any other."""
    files = {module_of(file): file for file in PACKAGE.rglob("*.py")}
    uses = {
        # what is imported is a module, or something in one
        module: {name if name in files else name.rpartition(".")[0] for name in imported(file)}
        for module, file in files.items()
    }
    circles, done = [], set()

    def follow(module, way):
        if module in way:
            circles.append(" → ".join([*way[way.index(module) :], module]))
        elif module not in done:
            for used in sorted(uses.get(module, ())):
                follow(used, [*way, module])
            done.add(module)

    for module in sorted(files):
        follow(module, [])
    assert not circles, "\n".join(circles)


def modules_after(code):
    """The modules that a fresh Python has imported after some code."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_importing_the_package_brings_in_neither_mesa_nor_matplotlib():
    assert not {"mesa", "matplotlib", "xarray", "numpy"} & modules_after("import simulation")


def test_rules_import_numpy_and_pydantic_and_nothing_heavier():
    assert not {"mesa", "matplotlib", "xarray", "scipy", "pandas"} & modules_after("import simulation.rules")


def test_help_and_check_bring_in_nothing_heavy():
    heavy = {"mesa", "matplotlib", "xarray", "scipy", "pandas", "SALib", "duckdb", "distributed", "starlette"}
    assert not heavy & modules_after("import simulation.cli")
    checked = "from simulation.scenario import load_scenario; load_scenario('libya-2020-01')"
    assert not heavy & modules_after(checked)


def test_only_the_model_its_actors_and_its_collector_import_mesa():
    users = {
        str(file.relative_to(PACKAGE))
        for file in PACKAGE.rglob("*.py")
        if any(line.startswith(("import mesa", "from mesa")) for line in file.read_text().splitlines())
    }
    assert users == {f"runs/agents/{name}.py" for name in ("actors", "collector", "model")}
    text = "".join((PACKAGE / name).read_text() for name in users)
    assert "mesa.space" not in text
    assert "mesa.experimental" not in text


def test_nothing_uses_numpys_global_generator():
    for file in PACKAGE.rglob("*.py"):
        calls = [
            ast.unparse(node.func)
            for node in ast.walk(ast.parse(file.read_text()))
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith(("np.random.", "random."))
        ]
        allowed = {"np.random.Generator", "np.random.SFC64", "np.random.SeedSequence"}
        assert set(calls) <= allowed, f"{file.name}: {set(calls) - allowed}"


def test_files_of_the_scenario_room_import_one_another_at_the_top_and_one_way():
    below = {}
    for file in (PACKAGE / "scenario").glob("*.py"):
        if file.stem != "__init__":
            tree = ast.parse(file.read_text())
            inside = [
                node
                for part in tree.body
                if isinstance(part, ast.FunctionDef | ast.ClassDef)
                for node in ast.walk(part)
            ]
            late = [
                node
                for node in inside
                if isinstance(node, ast.ImportFrom) and str(node.module).startswith("simulation")
            ]
            assert not late, f"{file.name} imports {late[0].module} inside a function"
            names = [node.module for node in tree.body if isinstance(node, ast.ImportFrom)]
            below[file.stem] = {name.split(".")[2] for name in names if str(name).startswith("simulation.scenario.")}
    while lowest := [name for name, others in below.items() if not others & set(below)]:
        for name in lowest:
            del below[name]
    assert not below, f"import one another in a circle: {', '.join(below)}"
