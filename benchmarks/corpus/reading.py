"""What the third reader settled and looked up again."""

from benchmarks.corpus.codings import GENERAL
from benchmarks.corpus.files import read

GENERALLY = "general knowledge"


class Reading:
    """Rulings and confirmations by merged offer and party, and the sources that they bring."""

    def __init__(self, war):
        self.war, self.sources = war, {}
        self.rulings, self.confirmed = {}, {}
        for row in read(war.folder / "adjudicated.csv"):
            names = {war.offers[coder][row[f"offer_{coder}"]] for coder in ("A", "B") if row[f"offer_{coder}"]}
            if len(names) != 1:
                raise SystemExit(f"{war.folder.name}: adjudicated: {row['offer_A']} and {row['offer_B']} are no pair")
            key = names.pop(), row["party_A"]
            if key in self.rulings:
                raise SystemExit(f"{war.folder.name}: adjudicated: two rulings on {key}")
            self.rulings[key] = row
        for row in read(war.folder / "confirmed.csv"):
            coder = row["coder"]
            key = war.offers[coder][row["offer"]], war.actors[coder].get(row["party"], "")
            self.confirmed.setdefault(key, []).append(row["source"])

    def ids(self, source):
        """The ids under which what was read again stands among the sources of the war."""
        names = []
        if source == GENERALLY or source.startswith(f"{GENERALLY};"):
            names.append(GENERAL)
            self.war.sources.setdefault(GENERAL, GENERALLY)
            source = source.removeprefix(GENERALLY).strip("; ")
        if source:
            known = {what: name for name, what in self.sources.items()}
            name = known.get(source, f"reading-{len(self.sources) + 1}")
            self.sources[name] = source
            names.append(name)
        return names

    def ruling(self, offer, party):
        return self.rulings.get((offer, party))

    def answer_sources(self, offer, party, rows):
        """What confirms an answer."""
        return [name for source in self.confirmed.get((offer, party), ()) for name in self.ids(source)]

    def offer_sources(self, rows):
        """What confirms an offer itself."""
        offer = next(iter(rows.values()))["offer"]
        return [name for source in self.confirmed.get((offer, ""), ()) for name in self.ids(source)]
