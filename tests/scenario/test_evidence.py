"""What `seeds/` says, and what its reader refuses."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from simulation.scenario.evidence import Evidence, EvidenceError, find_seeds, last_day, load_evidence

ROOT = Path(__file__).resolve().parents[2]
ROWS = {
    "claims.toml": 38,
    "actors.toml": 23,
    "leverage.toml": 43,
    "timeline.toml": 76,
    "offers.toml": 18,
    "stance_phases.toml": 9,
    "ceasefire_durations.toml": 17,
    "priors.toml": 26,
    "truce_lives.toml": 14,
    "ceasefires.toml": 12,
    "deaths.toml": 4,
    "mechanisms.toml": 30,
    "demands.toml": 21,
    "yemen.toml": 92,
}


@pytest.fixture(scope="module")
def seeds() -> dict[str, Evidence]:
    return load_evidence(ROOT / "seeds")


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_article_is_cut_into_38_claims(seeds):
    claims = [name for name, row in seeds.items() if row.kind == "claim"]
    assert sorted(claims) == [f"C{number:02d}" for number in range(1, 39)]


def test_every_file_has_all_its_rows_and_no_id_is_used_twice(seeds):
    assert Counter(row.file for row in seeds.values()) == ROWS
    written_ids = [
        name
        for file in (ROOT / "seeds").glob("*.toml")
        for name in re.findall(r'^id = "(.+)"$', file.read_text(encoding="utf-8"), re.M)
    ]
    assert sorted(written_ids) == sorted(seeds)


def test_the_four_claims_found_wrong_cannot_be_cited_and_say_what_is_right(seeds):
    assert {name for name, row in seeds.items() if not row.citable} == {"C03", "C23", "C25", "C26"}
    assert "Brussels" in seeds["C03"].correction  # Michel met Sarraj there, not Haftar
    assert "only Haftar" in seeds["C23"].correction
    assert "2 January 2020" in seeds["C25"].correction
    assert "27 November 2019" in seeds["C26"].correction
    assert [seeds[name].check for name in ("C03", "C23", "C25", "C26")] == [
        "doubtful",
        "wrong",
        "date wrong",
        "date wrong",
    ]


def test_every_other_row_stands_uncorrected(seeds):
    assert not [name for name, row in seeds.items() if row.citable and row.correction]


def test_no_evidence_rests_on_a_claim_that_does_not_stand(seeds):
    for name, row in seeds.items():
        for cited in re.findall(r"\b[CDE]\d\d\b", f"{row.source} {row.data.get('libya', '')}"):
            assert cited in seeds, f"{name} cites {cited}, which is nowhere"
            assert seeds[cited].citable, f"{name} cites {cited}"


def test_every_row_can_be_printed_as_a_sentence_and_has_a_source(seeds):
    for name, row in seeds.items():
        assert row.text.endswith("."), name
        assert "\n" not in row.text, name
        assert row.source, name


def test_leverage_and_phases_speak_of_actors_that_are_coded(seeds):
    known = {row.data["called"] for row in seeds.values() if row.kind == "actor"}
    for row in seeds.values():
        if row.kind == "leverage":
            assert {row.data["from"], row.data["to"]} <= known
        if row.kind == "phases":
            assert row.data["actor"] in known


def test_stances_lie_inside_their_intervals_and_weights_on_their_scale(seeds):
    for row in seeds.values():
        if row.kind == "actor":
            stance = row.data["stance"]
            assert 0 <= stance["low"] <= stance["best"] <= stance["high"] <= 100
        if row.kind == "leverage":
            assert 0 < row.data["leverage"] <= 1


def test_the_lna_begins_at_12_between_5_and_25(seeds):
    assert seeds["A-LNA"].data["stance"] == {"best": 12, "low": 5, "high": 25}
    assert (seeds["A-LNA"].data["salience"], seeds["A-LNA"].data["influence"]) == (100, 75)


def test_the_uae_weigh_most_with_the_lna(seeds):
    assert seeds["C10"].data["suggested_coding"] == "leverage weight 0.85"
    on_lna = {
        row.data["from"]: row.data["leverage"]
        for row in seeds.values()
        if row.kind == "leverage" and row.data["to"] == "LNA"
    }
    assert on_lna["UAE"] == 0.85
    assert max(on_lna, key=on_lna.__getitem__) == "UAE"


def test_the_turkish_vote_was_a_week_before_the_refusal(seeds):
    assert seeds["E17"].date == "2020-01-02"
    assert seeds["E24"].date == "2020-01-09"
    assert {"kind": "support", "target": "Turkey->GNA", "direction": "up", "magnitude": 3} in seeds["E17"].data[
        "effects"
    ]


def test_haftar_refused_the_call_and_two_days_later_did_not(seeds):
    assert seeds["D05"].date == "2020-01-09"
    assert seeds["D05"].data["answers"]["LNA"]["accept"] == 0.05
    assert seeds["D05"].data["answers"]["GNA"]["accept"] == 0.8
    assert seeds["D06"].data["answers"]["LNA"]["accept"] == 0.7
    assert seeds["D06"].data["held_days"] == 14


def test_an_answer_that_nobody_recorded_has_no_grade(seeds):
    ungraded = {
        (name, party)
        for name, row in seeds.items()
        if row.kind == "offer"
        for party, answer in row.data["answers"].items()
        if "accept" not in answer
    }
    assert ungraded == {("D01", "GNA"), ("D16", "LNA")}


def test_demands_and_terms_are_points_of_their_issues(seeds):
    demands = [row.data for row in seeds.values() if row.kind == "demand"]
    assert {row["actor"] for row in demands} == {"LNA", "GNA", "Houthis", "Government", "STC"}
    for row in demands:
        assert 0 <= row["points"]["low"] <= row["points"]["best"] <= row["points"]["high"] <= 100
    offered = {name: row.data["points"] for name, row in seeds.items() if row.kind == "terms of an offer"}
    assert offered["O-moscow"] == {}  # nothing of what either side asked for
    assert offered["YT-april"] == {"blockade": 65, "taiz": 30}
    asked = {row["issue"] for row in demands}
    assert all(
        set(points) <= asked and all(0 <= point <= 100 for point in points.values()) for points in offered.values()
    )


def test_written_ceasefires_last_longer(seeds):
    assert seeds["T-written"].data["median_days"] == 117
    assert seeds["T-not-written"].data["median_days"] == 7


def test_the_worlds_life_table_loses_no_truce_between_its_intervals(seeds):
    """Who is in force on the first day of an interval ends in it, is in force on the last, or is watched no longer."""
    rows = [row.data for row in seeds.values() if row.kind == "life table"]
    assert len(rows) == 8
    assert sum(row["truces"] for row in rows) == 1061
    for row in rows:
        ended = np.sum([row[cause] for cause in ("lapsed", "broken", "other", "replaced")], axis=0)
        left = np.array(row["at_risk"]) - ended
        assert row["truces"] == row["at_risk"][0]
        assert (left[:-1] >= row["at_risk"][1:]).all()
        assert row["to_day"][:-1] == row["from_day"][1:]
        width = np.subtract(row["to_day"], row["from_day"])
        assert (np.array(row["truce_days"]) <= width * row["at_risk"]).all()


def test_of_the_worlds_terms_half_are_two_weeks_or_less(seeds):
    row = seeds["TT-all"].data
    assert (row["ceasefires"], row["median_days"]) == (980, 14)
    assert sum(row[key] for key in ("in_force", "lapsed", "broken", "other", "replaced", "end_unknown")) == 980
    assert seeds["TT-all"].text == "Terms of ceasefires, all: half of 980 had 14 days or fewer."


def test_the_deaths_of_2019_add_up(seeds):
    row = seeds["U-2019"].data
    assert row["deaths"]["best"] == 1631
    assert row["deaths_parties"] + row["deaths_civilians"] + row["deaths_unknown"] == 1631


def test_an_id_used_in_two_files_is_refused_by_name(tmp_path):
    folder = written(tmp_path, one='[[notes]]\nid = "N1"\ntext = "a"', two='[[notes]]\nid = "N1"\ntext = "b"')
    with pytest.raises(EvidenceError, match=r"two\.toml: N1: this id is used also in one\.toml"):
        load_evidence(folder)


def test_an_id_used_twice_in_a_file_is_refused(tmp_path):
    row = '[[notes]]\nid = "N1"\ntext = "a"\n'
    with pytest.raises(EvidenceError, match=r"one\.toml: N1: this id is used twice"):
        load_evidence(written(tmp_path, one=row + row))


def test_broken_toml_names_the_file_and_the_line(tmp_path):
    with pytest.raises(EvidenceError, match=r"one\.toml: line 2, column 6: not valid TOML: "):
        load_evidence(written(tmp_path, one="[[notes]]\nid = N1"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[notes]]\ntext = "a"', r"notes\[1\]: every row needs an id"),
        ('[[notes]]\nid = 7\ntext = "a"', r"notes\[1\]: every row needs an id"),
        ('[[notes]]\nid = "N1"', "N1: the key 'text' is missing"),
        ('[[claim]]\nid = "C01"', "claim: no such kind of evidence. Did you mean 'claims'"),
        ('[notes]\nid = "N1"\ntext = "a"', r"notes: write each row under its own \[\[notes\]\]"),
        ('[[deaths]]\nid = "U1"\ndate = "2020"\ndeaths = 3', "U1: a key of .* is of the wrong kind"),
        ('[[notes]]\nid = "N1"\ntext = "a"\ncitable = "no"', "N1: citable is true or false, not 'no'"),
        ('[[notes]]\nid = "N1"\ntext = "a"\ncitable = false', "N1: what cannot be cited needs a correction"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_its_place(tmp_path, text, message):
    with pytest.raises(EvidenceError, match=rf"one\.toml: {message}"):
        load_evidence(written(tmp_path, one=text))


def test_a_folder_without_evidence_is_refused(tmp_path):
    with pytest.raises(EvidenceError, match="no evidence here"):
        load_evidence(tmp_path)


def test_an_edit_is_seen_at_the_next_reading(tmp_path):
    assert set(load_evidence(written(tmp_path, one='[[notes]]\nid = "N1"\ntext = "a"'))) == {"N1"}
    later = written(tmp_path, two='[[notes]]\nid = "N2"\ntext = "b"\ndate = 2020-01-09')
    assert load_evidence(later)["N2"].date == "2020-01-09"


def test_seeds_are_found_from_a_folder_below_and_else_with_the_package(tmp_path):
    own = tmp_path / "study" / "seeds"
    own.mkdir(parents=True)
    (own / "claims.toml").touch()
    below = tmp_path / "study" / "scenarios"
    below.mkdir()
    assert find_seeds(below) == own
    assert find_seeds(below / "not-there.toml") == own
    carried = find_seeds(tmp_path)
    assert carried is not None
    assert len([row for row in load_evidence(carried).values() if row.kind == "claim"]) == 38


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("2020-01-08", date(2020, 1, 8)),
        ("2020-01-08/09", date(2020, 1, 9)),
        ("2019-09/2020-02", date(2020, 2, 29)),
        ("2019-04", date(2019, 4, 30)),
        ("2011", date(2011, 12, 31)),
        ("denied at the time", None),
        ("2020-13", None),
    ],
)
def test_a_date_a_month_a_year_or_a_period_is_known_by_its_last_day(text, last):
    assert last_day(text) == last


def test_a_row_is_known_by_its_date_unless_it_says_when(tmp_path):
    """The report of June tells of January: on the last day of May nobody knew. A word is no day, so nobody ever did."""
    row = '[[notes]]\nid = "{0}"\ntext = "t"\ndate = "2020-01-05"\nsource = "s"\n{1}\n'
    rows = [("plain", ""), ("late", 'known = "2020-06"'), ("word", 'known = "denied"'), ("day", "known = 2020-06-01")]
    found = load_evidence(written(tmp_path, notes="".join(row.format(*each) for each in rows)))
    day = date(2020, 5, 31)
    assert {name: item.only_after(day) for name, item in found.items()} == {
        "plain": False,
        "late": True,
        "word": True,
        "day": True,
    }
    assert not found["late"].only_after(date(2020, 6, 30))
    assert found["plain"].known == "2020-01-05"


def test_known_says_something(tmp_path):
    text = '[[notes]]\nid = "N"\ntext = "t"\nknown = ""\n'
    with pytest.raises(EvidenceError, match="N: known is a date"):
        load_evidence(written(tmp_path, notes=text))


def test_nothing_is_known_before_it_happened(seeds):
    early = [
        row.id
        for row in seeds.values()
        if "known" in row.data and row.date and last_day(row.known) < last_day(row.date.partition("/")[0])
    ]
    assert not early
