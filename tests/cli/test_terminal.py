"""What stands on a terminal: tables that are folded where there is no room, words, and a bar while work goes on."""

import io

import pytest
from rich.console import Console

from simulation.cli.terminal import Bar, command_line, drawn, progress, show
from simulation.questions.finding import Table

NUMBERS = ["12.3 (10.0 to 14.0)"] * 6


def printed(table, room):
    made, least = drawn(table, room)
    page = io.StringIO()
    Console(file=page, width=max(room, least)).print(made)
    return page.getvalue()


@pytest.mark.parametrize("room", [80, 120])
def test_a_table_without_room_is_folded_between_words_and_never_inside_a_name(room):
    names = ["Opposition accepts un-48h-aleppo-july", "SyriaGov accepts kerry-grounding-2016"]
    text = printed(Table(["measure", *"abcdef"], [[name, *NUMBERS] for name in names]), room)
    for name in names:
        for word in name.split():
            assert word in text


def test_heads_are_folded_before_numbers_are_cut():
    heads = ["measure", *(f"a head of many words, number {place}" for place in range(6))]
    text = printed(Table(heads, [["so", *NUMBERS]]), 80)
    assert text.count("12.3 (10.0 to 14.0)") == 6
    assert "a head of many words" not in text  # it takes more lines than one


def test_the_last_row_may_stand_apart():
    rows = [["one", "1"], ["two", "2"], ["both", "3"]]
    close = printed(Table(["of", "number"], rows, title="Numbers"), 80).rstrip().splitlines()
    apart = printed(Table(["of", "number"], rows, title="Numbers", rule_above_last=True), 80).rstrip().splitlines()
    assert close[0].strip() == "Numbers"
    assert [line.split() for line in close[-2:]] == [["two", "2"], ["both", "3"]]
    assert [line.split() for line in apart[-3:]] == [["two", "2"], [], ["both", "3"]]


def test_sentences_are_whole_lines_where_nobody_sees_where_a_line_ends(capsys):
    long = "A sentence of many words that goes on for longer than any terminal is wide, " * 3
    show(["Head", long, Table(["of", "number"], [["one", "1"]])])
    assert long in capsys.readouterr().out


def test_the_command_is_told_as_it_was_typed(monkeypatch):
    monkeypatch.setattr("sys.argv", ["/usr/local/bin/ceasefire", "run", "my war.toml", "--runs", "5"])
    assert command_line() == "ceasefire run 'my war.toml' --runs 5"


class Terminal(io.StringIO):
    """A stream that somebody sees."""

    def isatty(self):
        return True


def test_a_bar_counts_what_is_done_on_a_terminal(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with progress(silent=False) as bar:
        done = bar.of(40, "runs")
        done(10)
        bar._bar.refresh()
        share = bar.share("points")  # the next part of the work has the same bar
        share(3, 4)
        bar._bar.refresh()
        assert [task.description for task in bar._bar.tasks] == ["points"]
        bar.words("war: ")("reading")
    said = terminal.getvalue()
    for part in ("runs", "10/40", "points", "3/4", "… war: reading"):
        assert part in said


def test_no_bar_is_drawn_where_nobody_looks_or_silence_is_asked_for(monkeypatch, capsys):
    assert Bar(silent=False).of(10) is None  # no terminal
    assert Bar(silent=False).share() is None
    monkeypatch.setattr("sys.stderr", Terminal())
    silent = Bar(silent=True)
    assert (silent.of(10), silent.share(), silent.words()) == (None, None, None)
    silent.close()
