"""Run the notebooks anew, and keep what they show without what belongs to one machine or one moment.

python notebooks/refresh.py [NOTEBOOK ...]      all of them, if none is named
"""

import base64
import io
import re
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

import nbformat
from nbclient import NotebookClient
from PIL import Image

HERE = Path(__file__).parent

FOLDED = {"jupyter": {"source_hidden": True}, "tags": ["expect"]}
"""A cell that holds the text above it against the numbers: there for those who test, not for those who read."""

OWN_FOLDER = re.compile(re.escape(gettempdir()) + r"/([\w-]+)-\w+")
"""A folder that a notebook has made for its own files, of which the name is another each time."""

LIVE = "application/vnd.jupyter.widget-view+json"
"""What only lives while its kernel runs; the picture beside it stays."""


def refresh(file: Path) -> None:
    """Run one notebook and write it back, in a folder of no meaning, as it has to run anywhere."""
    began = time.perf_counter()
    notebook = nbformat.read(file, as_version=4)
    client = NotebookClient(notebook, timeout=120, record_timing=False, store_widget_state=False)
    with TemporaryDirectory() as anywhere:
        client.execute(cwd=anywhere)
        left = sorted(file.name for file in Path(anywhere).iterdir())
    if left:
        raise SystemExit(f"{file.name} leaves files where it was started: {', '.join(left)}")
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
        cell.metadata = FOLDED if "sim.expect(" in cell.source and cell.cell_type == "code" else {}
        for output in cell.get("outputs", []):
            tidy(output.get("data", {}))
            if "text" in output:
                output["text"] = OWN_FOLDER.sub(r"\1", output["text"])
    nbformat.write(notebook, file)
    print(f"{file.name}: {time.perf_counter() - began:.0f} s, {file.stat().st_size / 1000:.0f} kB")


def tidy(data: dict[str, Any]) -> None:
    """Leave out what is dead without its kernel, and keep pictures in few colours."""
    data.pop(LIVE, None)
    if "image/png" in data:
        whole = Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).convert("RGB")
        small = io.BytesIO()
        whole.quantize(160, dither=Image.Dither.NONE).save(small, format="PNG", optimize=True)
        data["image/png"] = base64.b64encode(small.getvalue()).decode()


if __name__ == "__main__":
    for name in sys.argv[1:] or sorted(HERE.glob("*.ipynb")):
        refresh(Path(name))
