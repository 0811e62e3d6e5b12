"""The notebooks as pages of the site, as they were last run: prose, code and what came out."""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

FOLDER = Path(__file__).parent.parent / "notebooks"


def on_files(files: Files, config: Any, **_: Any) -> Files:
    """What mkdocs calls when it knows the pages."""
    for notebook in sorted(FOLDER.glob("*.ipynb")):
        page = as_page(json.loads(notebook.read_text(encoding="utf-8")))
        files.append(File.generated(config, f"notebooks/{notebook.stem}.md", content=page))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """What mkdocs calls for every page: in the site a link to a notebook leads to its page."""
    return re.sub(r"\]\((?:\.\./notebooks/|(?=\d))(\w+)\.ipynb", _page_of, markdown)


def _page_of(link: re.Match[str]) -> str:
    inside = "" if not link.group().startswith("](..") else "notebooks/"
    return f"]({inside}{link.group(1)}.md"


def as_page(notebook: dict[str, Any]) -> str:
    """A notebook as Markdown."""
    parts = []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source.replace("<details>", '<details markdown="1">'))
        elif not cell["metadata"].get("jupyter", {}).get("source_hidden"):  # a check of the prose
            parts += [f"```python\n{source}\n```", *map(_shown, cell["outputs"])]
    return "\n\n".join(parts)


def _shown(output: dict[str, Any]) -> str:
    data = output.get("data", {"text/plain": output.get("text", "")})
    texts = {kind: "".join(text) for kind, text in data.items()}
    if "image/png" in texts:
        return f'<img alt="{escape(texts["text/plain"])}" src="data:image/png;base64,{texts["image/png"].strip()}">'
    if "text/html" in texts:
        whole = re.sub(r"\n\s*\n", "\n", texts["text/html"])  # a blank line would end it
        return f"<div>{whole}</div>"
    return texts.get("text/markdown") or f"```text\n{texts['text/plain']}\n```"
