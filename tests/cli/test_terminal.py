"""What stands on a terminal: tables that are folded where there is no room, words, and a bar while work goes on."""

import io
import os
import re
import subprocess
import sys

import pytest
from rich.console import Console

import simulation as sim
from simulation.cli.terminal import Bar, command_line, drawn, parted, progress, show, wrapped
from simulation.questions.finding import Table
from simulation.questions.outcome import describe
from simulation.runs.results.wording import percent

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


def test_a_table_that_is_wider_than_the_terminal_stands_in_parts_each_with_its_words():
    heads = ["package", *(f"model {place}" for place in range(9))]
    rows = [[name, *(f"{place}{name[0]} (10.0 to 14.0)" for place in range(9))] for name in ("as tabled", "best")]
    parts = list(parted(Table(heads, rows, title="What each gives"), 80))
    pages = [printed(part, 80) for part in parts]
    assert max(len(line) for page in pages for line in page.splitlines()) <= 80
    assert [head for part in parts for head in part.heads[1:]] == heads[1:]
    assert all("as tabled" in page and "best" in page for page in pages)
    assert ["What each gives" in page for page in pages] == [True, *[False] * (len(pages) - 1)]


def test_margins_go_before_a_table_is_parted():
    """Five columns of 18, 6, 6, 29 and 6 letters: 81 with the margins, 77 without."""
    cells = ["moscow-ankara-call", "34.0 %", "34.5 %", "no clear change (−0.9 to 1.9)", " 6.7 ×"]
    [whole] = parted(Table(["measure", "first", "this", "difference", "wider by"], [cells]), 80)
    assert max(map(len, printed(whole, 80).splitlines())) == 77


def test_the_last_row_may_stand_apart():
    rows = [["one", "1"], ["two", "2"], ["both", "3"]]
    close = printed(Table(["of", "number"], rows, title="Numbers"), 80).rstrip().splitlines()
    apart = printed(Table(["of", "number"], rows, title="Numbers", rule_above_last=True), 80).rstrip().splitlines()
    assert close[0].strip() == "Numbers"
    assert [line.split() for line in close[-2:]] == [["two", "2"], ["both", "3"]]
    assert [line.split() for line in apart[-3:]] == [["two", "2"], [], ["both", "3"]]


def test_sentences_are_whole_lines_where_nobody_sees_where_a_line_ends(capsys):
    long = "A sentence of many words that goes on for longer than any terminal is wide. " * 3
    show(["Head", long, Table(["of", "number"], [["one", "1"]])])
    assert long.strip() in capsys.readouterr().out


@pytest.mark.parametrize("room", range(30, 60))
def test_no_line_of_a_terminal_ends_within_a_number_and_its_interval(room):
    console = Console(width=room)
    said = "LNA accepts least often the call, in 34 % (28–41) of runs, +3.1 percentage points (1.2 to 5.0) more"
    lines = wrapped(said, console)
    assert " ".join(lines) == said
    for kept in ("34 % (28–41)", "+3.1 percentage points", "(1.2 to 5.0)"):
        assert any(kept in line for line in lines)


def test_a_terminal_without_a_true_minus_shows_a_hyphen():
    code = (
        "import sys; sys.argv = ['ceasefire', '--version']\n"
        "from simulation.cli import main\n"
        "try: main()\n"
        "except SystemExit: print('−3.1 (−5.0 to −1.2), 14–18 我')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "-3.1 (-5.0 to -1.2), 14-18 ?"


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


def test_questions_open_with_a_sentence_of_answer(libya):
    apart = sim.compare({"as it is": libya, "calm": libya.replace({"actors.LNA.stance": 90})}, runs=40)
    assert re.match(
        r"calm: \d+ of \d+ measures clearly differ; of the chances most: .*, \+\d+\.\d percentage points \(",
        apart.words[1],
    )
    run = describe(sim.run(libya, runs=40))
    who, holds = run.words[1:3]
    assert re.match(r"LNA accepts least often “[^”]+”, in \d+ % \(\d+–\d+\) of runs, most often “", who)
    assert holds.startswith(f"Of all runs, a truce starts in {percent(run.summary['truce']['starts'])}, and one is in")
