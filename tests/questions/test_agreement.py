"""Agreement of coders: Krippendorff's published figures, intervals, and what is compared with what."""

import numpy as np
import pytest

import simulation as sim
from simulation.questions.agreement.alpha import alpha, coincidences, interval, of_coincidences, pairable
from simulation.scenario import ScenarioError, bundled

_ = np.nan
PUBLISHED = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
        [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
    ]
)
"""Four coders, twelve units, values missing: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, C."""

FIGURES = {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849}


@pytest.mark.parametrize(("level", "figure"), FIGURES.items())
def test_alpha_is_as_published(level, figure):
    assert alpha(PUBLISHED, level) == pytest.approx(figure, abs=5e-4)


def test_two_coders_worked_by_hand():
    """Ten units, yes or no, of which four are split: the same source, A, gives 0.095."""
    values = np.array([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]], dtype=float)
    # four of ten units differ; 14 values are 0 and 6 are 1: 1 - 19 * (2 * 4) / (2 * 14 * 6)
    assert alpha(values, "nominal") == pytest.approx(1 - 19 * 8 / 168)
    assert alpha(values, "nominal") == pytest.approx(0.095, abs=5e-4)


@pytest.mark.parametrize("values", [[[1, 1], [1, 1]], [[1, np.nan], [np.nan, 2]], np.empty((2, 0))])
def test_there_is_none_where_all_is_the_same_or_nothing_is_shared(values):
    assert np.isnan(alpha(np.array(values, dtype=float), "interval"))


@pytest.mark.parametrize("level", FIGURES)
def test_what_intervals_are_reckoned_with_is_what_the_library_gives(level):
    rng = np.random.default_rng(3)
    for _number in range(20):
        values = rng.choice([0, 1, 2.5, 4, np.nan], (3, 30))
        domain = np.array([0, 1, 2.5, 4])
        assert of_coincidences(coincidences(pairable(values), domain), domain, level) == pytest.approx(
            alpha(values, level)
        )


def test_where_every_war_is_alike_other_wars_would_change_nothing():
    war = np.array([[1.0, 2, 3, 4], [1, 2, 3, 3]])
    low, high = interval([war] * 6, "interval", 50, np.random.default_rng(1))
    assert low == pytest.approx(high)


def test_one_odd_war_makes_the_interval_wide():
    good, odd = np.array([[1.0, 2, 3, 4]] * 2), np.array([[1.0, 2, 3, 4], [4, 3, 2, 1]])
    low, high = interval([good] * 5 + [odd], "interval", 400, np.random.default_rng(1))
    assert high == 1.0, "some drawings leave the odd war out"
    assert low < 0.5


WAR = """title = "A pass"
start = 2001-01-01
end = 2001-03-31
[sources]
gk = "general knowledge"
"""
ACTORS = """actor,roles,stance,salience,influence,why
{n},party,{stance},100,50,Wants it
S,party,60,100,50,Holds it
"""
OFFERS = "offer,date,made_by,form,scope,monitoring\n"
ANSWERS = "offer,party,answer,grade,sources,checked\n"


@pytest.fixture
def war(tmp_path):
    """Two codings of one war. A has offers one, two and three, B has 1, 2 and 4; 4 is a part of 1 as A has it."""
    for coder, north, stance, offers, answers in (
        ("A", "N", 20, ("one", "two", "three"), (("one", "refuse", 0.1), ("two", "accept", 0.8))),
        ("B", "North", 30, ("1", "2", "4"), (("1", "silent", 0.3), ("2", "accept", 0.8), ("4", "accept", 0.9))),
    ):
        folder = tmp_path / "the-pass" / coder
        folder.mkdir(parents=True)
        (folder / "war.toml").write_text(WAR)
        (folder / "actors.csv").write_text(ACTORS.format(n=north, stance=stance))
        rows = "".join(f"{offer},2001-02-0{place},S,declared,1,0.5\n" for place, offer in enumerate(offers, 1))
        (folder / "offers.csv").write_text(OFFERS + rows)
        rows = "".join(f"{offer},{north},{answer},{grade},gk,no\n" for offer, answer, grade in answers)
        (folder / "answers.csv").write_text(ANSWERS + rows)
    folder = tmp_path / "the-pass"
    (folder / "matches.csv").write_text("offer_A,offer_B,with_B\none,1,4\ntwo,2,\n")
    (folder / "who.csv").write_text("actor_A,actor_B\nN,North\nS,S\n")
    return folder


def test_what_is_the_same_is_compared_and_the_rest_counted(war):
    found = sim.agreement(war, resamples=20)
    rows = found.summary["wars"]["the-pass"]["rows"]
    assert rows["offers"] == {
        "coded": {"A": 3, "B": 2}, "matched": 2, "one": 1, "disputed": None, "checked": None, "general": None,
    }  # fmt: skip
    assert rows["answers"]["coded"] == {"A": 2, "B": 2}, "what is part of another offer is not compared"
    assert (rows["answers"]["matched"], rows["answers"]["disputed"]) == (2, 1)
    # grades 0.1 and 0.3, 0.8 and 0.8: 1 - 3 * (2 * 0.04) / (2 * sum of squared distances between the four)
    expected = 1 - 3 * 0.08 / (2 * (0.04 + 0.49 + 0.49 + 0.25 + 0.25))
    assert found.result.alpha.sel(war="the-pass", variable="grade").item() == pytest.approx(expected)
    assert np.isnan(found.result.low.sel(variable="grade").item()), "two units tell nothing of others"
    assert "2 offers and 2 answers that both coded" in str(found)


def test_several_wars_are_told_together_and_one_by_one(war):
    other = war.parent / "other"
    other.mkdir()
    for coder in ("A", "B"):
        (other / coder).mkdir()
        for file in (war / coder).iterdir():
            (other / coder / file.name).write_text(file.read_text())
    for name in ("matches.csv", "who.csv"):
        (other / name).write_text((war / name).read_text())
    found = sim.agreement(war.parent, resamples=20)
    assert list(found.result.war.values) == ["all", "other", "the-pass"]
    assert found.result.units.sel(variable="grade").values.tolist() == [4, 2, 2]
    assert set(found.figures) == {"agreement"}
    assert "2 wars" in found.words[0]


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("matches.csv", "offer_A,offer_B\none,11\n", r"matches.csv: row 2: B has no offer '11'. Did you mean '1'"),
        ("matches.csv", "offer_A,offer_B\none,1\none,2\n", r"matches.csv: row 3: 'one' of A is matched twice"),
        ("who.csv", "actor_A,actorB\nN,North\n", r"who.csv: the column 'actor_B' is missing. Did you mean 'actorB'"),
        ("matches.csv", "", r"matches.csv: cannot be read as a table"),
    ],
)
def test_a_match_that_is_none_is_told_by_file_and_row(war, file, text, said):
    (war / file).write_text(text)
    with pytest.raises(ScenarioError, match=said):
        sim.agreement(war)


def test_without_tables_of_what_is_the_same_names_are(war):
    (war / "who.csv").unlink()
    (war / "matches.csv").unlink()
    rows = sim.agreement(war, resamples=20).summary["wars"]["the-pass"]["rows"]
    assert (rows["actors"]["matched"], rows["offers"]["matched"]) == (1, 0), "S alone has one name in both"
    text = (war / "B" / "actors.csv").read_text()
    for file in (war / "B").glob("*.csv"):
        file.write_text(file.read_text().replace(",S,", ",South,"))
    (war / "B" / "actors.csv").write_text(text.replace("\nS,", "\nSouth,"))
    with pytest.raises(ScenarioError, match=r"no actor in common.*columns actor_A, actor_B"):
        sim.agreement(war)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("the-pas", r"no such folder. Did you mean 'the-pass'"),
        ("the-pass/A", r"no war coded twice here"),
        ("the-pass/who.csv", r"who.csv: a file; give the folder"),
    ],
)
def test_a_folder_that_holds_no_two_codings_is_refused(war, path, said):
    with pytest.raises(ScenarioError, match=said):
        sim.agreement(war.parent / path)


def test_the_corpus_of_ten_wars_is_told_together():
    """The figures that the manual prints."""
    found = sim.agreement(bundled() / "wars", resamples=20)
    whole = found.result.sel(war="all")
    assert whole.sizes["variable"] == 14
    assert whole.units.sel(variable=["answer", "form", "stance"]).values.tolist() == [307, 171, 126]
    shown = {
        name: round(float(whole.alpha.sel(variable=name)), 2) for name in ("answer", "grade", "fortune", "support")
    }
    assert shown == {"answer": 0.88, "grade": 0.94, "fortune": 0.96, "support": 0.66}
    assert whole.disputed.sel(sort="answers").item() == 62
