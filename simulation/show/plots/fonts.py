"""Which letters pictures can draw: fonts for other scripts where they are installed, and what is done without them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from matplotlib import rcParams
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.ft2font import FT2Font

if TYPE_CHECKING:
    from simulation.scenario.schema import Scenario

OTHER_SCRIPTS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Droid Sans Fallback",
    "PingFang SC",
    "Hiragino Sans GB",
    "Hiragino Sans",
    "Heiti TC",
    "Microsoft YaHei",
    "SimHei",
    "Yu Gothic",
    "Malgun Gothic",
    "Apple SD Gothic Neo",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans Bengali",
    "Noto Sans Tamil",
    "Noto Sans Thai",
    "Noto Sans Ethiopic",
    "Noto Sans Myanmar",
    "Nirmala UI",
    "Ebrima",
    "Arial Unicode MS",
)
"""Fonts that have letters which matplotlib's own lacks, as Linux, macOS and Windows bring them; the first go before."""


def use_installed_fonts() -> None:
    """Let matplotlib take from the installed fonts of ``OTHER_SCRIPTS`` what the font in use lacks."""
    installed = {font.name for font in fontManager.ttflist}
    family = list(rcParams["font.family"])
    rcParams["font.family"] = family + [name for name in OTHER_SCRIPTS if name in installed and name not in family]


def drawable(text: str) -> bool:
    """Whether some font in use has every letter of a text."""
    if text.isascii():
        return True
    families = tuple(rcParams["font.family"])
    return all(not letter.isprintable() or letter.isspace() or _has(families, letter) for letter in text)


def legible(text: str) -> str:
    """The text; letters that no font has are left out, with an ellipsis in their place."""
    if drawable(text):
        return text
    return re.sub("…[… ]*…", "…", "".join(letter if drawable(letter) else "…" for letter in text))


@lru_cache(maxsize=8192)
def _has(families: tuple[str, ...], letter: str) -> bool:
    return any(all(font.get_char_index(ord(letter)) for font in _fonts(family)) for family in families)


@lru_cache
def _fonts(family: str) -> tuple[FT2Font, ...]:
    """The upright font of a family, and its bold one."""
    files = {fontManager.findfont(FontProperties(family=[family], weight=weight)) for weight in ("normal", "bold")}
    return tuple(get_font(file) for file in sorted(files))


def undrawn(scenario: Scenario) -> str:
    """A sentence that says which names pictures show by their keys, for want of a font; empty where there are none."""
    missing = [key for key, label in scenario.labels.items() if not drawable(label)]
    if not missing:
        return ""
    first = f"{missing[0]} ({scenario.labels[missing[0]]})"
    which = first if len(missing) == 1 else f"{first} and {len(missing) - 1} more"
    return (
        f"No font of this machine has the letters of some names: pictures show the keys instead, such as {which}. "
        "A font that has them, such as Noto Sans CJK for Chinese, is used once it is installed."
    )
