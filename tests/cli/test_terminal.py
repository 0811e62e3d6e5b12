"""Tables on a terminal: what is folded where there is no room."""

import io

import pytest
from rich.console import Console

from simulation.cli.terminal import drawn
from simulation.questions.finding import Table


@pytest.mark.parametrize("room", [80, 120])
def test_a_table_without_room_is_folded_between_words_and_never_inside_a_name(room):
    names = ["Opposition accepts un-48h-aleppo-july", "SyriaGov accepts kerry-grounding-2016"]
    table = Table(["measure", *"abcdef"], [[name, *["12.3 (10.0 to 14.0)"] * 6] for name in names])
    made, least = drawn(table, room)
    page = io.StringIO()
    Console(file=page, width=max(room, least)).print(made)
    for name in names:
        for word in name.split():
            assert word in page.getvalue()
