"""The figure of every picture: its words are drawn as they stand."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from matplotlib import figure, rc_context
from matplotlib.artist import Artist
from matplotlib.text import Text


class Figure(figure.Figure):
    """A figure in which a dollar sign begins no formula, and a letter that no font has is a box without a warning.

    Names and labels are a user's own words. They are set right when the figure is drawn, since axes make labels as
    late as that.
    """

    def draw(self, renderer: Any) -> None:
        """Draw all of it."""
        with _as_it_stands(self):
            super().draw(renderer)

    def draw_artist(self, a: Artist) -> None:
        """Draw a part of it."""
        with _as_it_stands(a):
            super().draw_artist(a)


@contextmanager
def _as_it_stands(artist: Artist) -> Iterator[None]:
    with rc_context({"text.parse_math": False}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from")
        for text in artist.findobj(Text):
            text.set_parse_math(False)
        yield
