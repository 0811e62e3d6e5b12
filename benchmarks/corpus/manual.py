"""The tables and the picture of ``docs/coding.md``: what was coded, and how far the coders agree.

Run it by ``python -m benchmarks.corpus.manual``; with ``--write`` it puts them there. A test compares the tables.
"""

import sys

import simulation as sim
from benchmarks.corpus.files import ROOT, WARS
from simulation.runs.results.wording import ends, fixed
from simulation.show.plots.saving import save_figure

PAGE = ROOT / "docs" / "coding.md"
PICTURE = ROOT / "docs" / "pictures" / "agreement.png"


def counts(found, sort):
    """A table of the rows of a sort, war by war."""
    answers = ("differ", "settled") if sort == "answers" else ()
    heads = ("A", "B", "both", *answers, "one alone", "not checked", "general knowledge alone")
    lines = [f"| {sort} | {' | '.join(heads)} |", f"| --- |{' ---: |' * len(heads)}"]
    for war in [*found.result.war.values[1:], "all"]:
        here = found.result.sel(war=war, sort=sort)
        numbers = [*here.coded.values, here.matched, *((here.disputed, here.ruled) if answers else ())]
        numbers += [here.one, here.matched + here.one - here.checked, here.general]
        cells = [str(int(number)) for number in numbers]
        lines.append(f"| {'**all**' if war == 'all' else f'`{war}`'} | {' | '.join(cells)} |")
    return "\n".join(lines)


def alphas(found):
    """Alpha of each variable over all wars, and in the war where it is lowest."""
    lines = ["| variable | level | units | alpha | 95 % | lowest war |", "| --- | --- | ---: | ---: | --- | --- |"]
    rows = found.rows
    for name in found.result.variable.values:
        whole = rows[(rows.war == "all") & (rows.variable == name)].iloc[0]
        least = rows[(rows.war != "all") & (rows.variable == name)].dropna(subset="alpha").nsmallest(1, "alpha").iloc[0]
        lines.append(
            f"| {name} | {whole.level} | {whole.units} | {fixed(whole.alpha, '.2f')} "
            f"| {ends(whole.low, whole.high, '.2f', ' to ')} "
            f"| `{least.war}` {fixed(least.alpha, '.2f')} |"
        )
    return "\n".join(lines)


def tables(found):
    """The tables of the page, by name."""
    return {"offers": counts(found, "offers"), "answers": counts(found, "answers"), "agreement": alphas(found)}


def put(text, made):
    """The page with the tables in their places."""
    for name, table in made.items():
        begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        before, rest = text.split(begin)
        text = f"{before}{begin}\n{table}\n{end}{rest.split(end)[1]}"
    return text


if __name__ == "__main__":
    found = sim.agreement(WARS)
    made = tables(found)
    print("\n\n".join(made.values()))
    if "--write" in sys.argv:
        PAGE.write_text(put(PAGE.read_text(encoding="utf-8"), made), encoding="utf-8")
        save_figure(found.figures["agreement"], PICTURE.parent, "agreement", dpi=110)
        PICTURE.with_suffix(".svg").unlink()
