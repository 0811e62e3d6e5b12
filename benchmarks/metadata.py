"""What archives and catalogues read of the project: ``python -m benchmarks.metadata`` writes ``codemeta.json``.

All of it is taken from ``pyproject.toml``. See https://codemeta.github.io for the terms.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from simulation.writing import write_text

ROOT = Path(__file__).parent.parent
FILE = ROOT / "codemeta.json"


def codemeta() -> str:
    """The text of the file."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    meta = {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "name": project["name"],
        "description": project["description"],
        "version": project["version"],
        "license": f"https://spdx.org/licenses/{project['license']}",
        "author": [{"@type": "Organization", "name": author["name"]} for author in project["authors"]],
        "keywords": project["keywords"],
        "programmingLanguage": "Python",
        "runtimePlatform": f"Python {project['requires-python']}",
        "softwareRequirements": project["dependencies"],
    }
    return json.dumps(meta, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    write_text(FILE, codemeta())
