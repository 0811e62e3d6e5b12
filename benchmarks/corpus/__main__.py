"""Make the merged tables of the corpus, freeze it, or count it."""

import sys

from benchmarks.corpus import changes, record, setting
from benchmarks.corpus.codings import load
from benchmarks.corpus.files import SUMS, as_csv, as_war, read, sums, wars
from benchmarks.corpus.reading import Reading


def merged(folder):
    """The merged tables of a war: text by name of file."""
    war = load(folder)
    reading = Reading(war)
    made = {
        "actors": setting.actors(war),
        "ties": setting.ties(war),
        "issues": setting.issues(war),
        "wants": setting.wants(war),
        "events": changes.events(war),
        "offers": record.offers(war, reading),
        "answers": record.answers(war, reading),
        "truces": record.truces(war),
        "fortune": record.fortune(war),
    }
    unused = set(reading.rulings) - {(row["offer"], row["party"]) for row in made["answers"][0]}
    if unused:
        raise SystemExit(f"{folder.name}: adjudicated: no coder has the answers {sorted(unused)}")
    notes = [row["note"] for row in read(folder / "notes.csv")]
    head = setting.head(war, {**war.sources, **reading.sources}, notes)
    return {"war.toml": as_war(head)} | {f"{name}.csv": as_csv(*table) for name, table in made.items()}


def main(arguments):
    """Write the merged tables of the wars named, of all if none is; then what the options ask for."""
    options = {word for word in arguments if word.startswith("--")}
    names = [word for word in arguments if not word.startswith("--")]
    folders = {folder.name: folder for folder in wars()}
    unknown = [*sorted(set(names) - set(folders)), *sorted(options - {"--freeze"})]
    if unknown:
        raise SystemExit(f"no such war or option: {', '.join(unknown)}; there are {', '.join(folders)} and --freeze")
    for name in names or folders:
        for file, text in merged(folders[name]).items():
            (folders[name] / file).write_text(text, encoding="utf-8", newline="")
        print(name)
    if "--freeze" in options:
        SUMS.write_text(sums(), encoding="utf-8", newline="")


if __name__ == "__main__":
    main(sys.argv[1:])
