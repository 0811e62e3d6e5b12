"""Lives of ceasefires, on made-up files with the columns of the ETH/PRIO dataset; and the world's life table."""

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from scipy.stats import CensoredData, weibull_min

import simulation as sim
from simulation.questions.truces import world_fates, world_survival
from simulation.questions.truces.competing import cumulative_incidence, weibull
from simulation.questions.truces.reading import COLUMNS, read_lives
from simulation.questions.truces.world import CAUSES
from simulation.scenario.evidence import load_evidence

ROOT = Path(__file__).parents[2]

UNKNOWN = (-1, -1, -1)


def truce(number, life=None, ended=-1, began=date(2010, 3, 1), **other):
    """A row of the dataset: a ceasefire that lived so many days, of a conflict of its own."""
    end = UNKNOWN if life is None else (lambda day: (day.year, day.month, day.day))(began + timedelta(life))
    row = {"uniq_id": 620000 + number, "ucdp_acd_id": 11000 + number, "actor_name": "Made-up Front; and, others"}
    row |= {"written": 0, "fixed": 0, "fixed_time": 0, "implement": 0, "ended": ended}
    for stem, (year, month, day) in (
        ("cf_dec", (began.year, began.month, began.day)),
        ("cf_effect", (began.year, began.month, began.day)),
        ("end", end),
    ):
        row |= {f"{stem}_yr": year, f"{stem}_month": month, f"{stem}_day": day}
    return row | other


FIVE = (
    truce(1, 2, ended=2),
    truce(2, 2, ended=4),
    truce(3, None, ended=0, began=date(2020, 12, 27)),  # in force: watched for the four days to the end of the year
    truce(4, 5, ended=2),
    truce(5, 10, ended=3),
)


def written(folder, rows, name="ceasefires.csv", **how):
    file = folder / name
    pd.DataFrame(rows).to_csv(file, index=False, **how)
    return file


def at(finding, cause, day, group="all"):
    here = finding.result.incidence.sel(group=group, cause=cause, bound="value")
    return float(here.sel(day=day, method="ffill"))


def test_causes_compete_as_worked_out_by_hand(tmp_path):
    """Of five in force before day 2, one breaks and one is replaced: 1/5 each, and 3/5 stand. One is watched no longer
    after day 4. Of two on day 5, one breaks: half of the 3/5 that stand. The last ends otherwise on day 10."""
    found = sim.truce_lives(written(tmp_path, FIVE))
    by_day = {2: (1 / 5, 1 / 5, 0), 4: (1 / 5, 1 / 5, 0), 5: (1 / 2, 1 / 5, 0), 10: (1 / 2, 1 / 5, 3 / 10)}
    for day, shares in by_day.items():
        assert [at(found, cause, day) for cause in ("broken", "replaced", "other")] == pytest.approx(shares)
    assert at(found, "lapsed", 10) == 0
    assert at(found, "broken", 1) == 0
    stands = found.result.stands.sel(group="all", bound="value")
    # if broken ones alone count: 4/5 beyond day 2, half of them beyond day 5; if all do, 3/5, 3/10 and none
    np.testing.assert_allclose(stands.sel(counted="broken", day=[0, 2, 5, 10]), [1, 4 / 5, 2 / 5, 2 / 5])
    np.testing.assert_allclose(stands.sel(counted="broken, replaced, other", day=[2, 5, 10]), [3 / 5, 3 / 10, 0])
    np.testing.assert_array_equal(found.result["median"].sel(group="all", bound="value"), [5, 5])
    np.testing.assert_array_equal(found.result.at_risk.sel(group="all", day=[0, 2, 4, 5, 10]), [5, 5, 3, 2, 1])


def test_five_truces_are_too_few_for_an_interval_a_fit_or_a_verdict(tmp_path):
    found = sim.truce_lives(written(tmp_path, FIVE))
    assert not np.isfinite(found.result.incidence.sel(bound=["low", "high"])).any()
    assert found.result["shape"].isnull().all()
    assert found.summary["defaults"]["declared_days"]["verdict"] == "too few"
    assert "5 truces of 5 conflicts that are unwritten, open-ended are too few to tell" in str(found)
    assert "0 truces of 0 conflicts that are written, open-ended are too few to tell" in str(found)


def test_what_is_left_out_is_counted_by_reason(tmp_path):
    rows = [
        *FIVE,
        truce(11),
        truce(12),
        truce(13, 5, ended=7),
        truce(14, 5, ended=2, cf_effect_day=-1, cf_dec_month=0),
        truce(15, 5, ended=2, end_day=-1),
        truce(16, -3, ended=2),
        truce(17, 3, ended=2, written=-1),
        truce(18, 3, ended=2, fixed=-1),
        truce(19, 3, ended=2, implement=""),
        truce(20, 3, ended=2, cf_effect_yr=-1),  # took effect nobody knows when; the day it was declared counts
        truce(20, 3, ended=2, cf_effect_yr=-1),  # the same for its second actor
    ]
    found = sim.truce_lives(written(tmp_path, rows))
    assert found.summary["ceasefires"] == 15
    assert found.summary["used"] == 6
    assert found.summary["left_out"] == {
        "nobody reported an end": 2,
        "the end is coded otherwise than 0 to 4": 1,
        "the day it began is not known": 1,
        "the day it ended is not known": 1,
        "it ended before it began": 1,
        "whether it was written is not clear": 1,
        "whether it had a term is not clear": 1,
        "whether a mechanism was agreed is not clear": 1,
    }
    assert "15 ceasefires in 16 rows; 6 are used, 9 left out. Nobody reported an end: 2 (13 %)" in str(found)


def test_a_ceasefire_is_counted_once_however_many_declare_it(tmp_path):
    rows = [row | {"actor_name": actor} for row in FIVE for actor in ("North", "South")]
    rows[1]["ended"] = 4  # the first ceasefire's second actor has another end
    found = sim.truce_lives(written(tmp_path, rows))
    assert at(found, "broken", 5) == pytest.approx(1 / 2)
    assert "The rows of 1 ceasefire say different things; the first counts." in str(found)


@pytest.mark.parametrize("how", ["capitals", "semicolons", "tabs", "bom", "western", "xlsx"])
def test_a_file_is_read_however_it_was_saved(tmp_path, how):
    rows = [row | {"actor_name": "Libyë"} for row in FIVE]
    if how == "capitals":
        file = written(tmp_path, [{f" {key.upper()}": value for key, value in row.items()} for row in rows])
    elif how == "xlsx":
        pytest.importorskip("openpyxl")
        file = tmp_path / "ceasefires.xlsx"
        pd.DataFrame(rows).to_excel(file, index=False)
    else:
        encoding = {"bom": "utf-8-sig", "western": "cp1252"}.get(how, "utf-8")
        file = written(tmp_path, rows, sep={"semicolons": ";", "tabs": "\t"}.get(how, ","), encoding=encoding)
    lives = read_lives(file)
    assert lives.table["days"].tolist() == [2, 2, 4, 5, 10]
    assert lives.until == "2020-12-31"
    assert lives.conflict == "ucdp_acd_id"


def test_one_that_ends_on_the_day_it_begins_has_lived_half_a_day(tmp_path):
    lives = read_lives(written(tmp_path, [*FIVE, truce(6, 0, ended=1, fixed=1, fixed_time=0)]))
    assert lives.table["days"].tolist()[-1] == 0.5
    assert lives.table[["form", "term", "mechanism", "cause"]].iloc[-1].tolist() == [
        *("unwritten", "fixed term", "none", "lapsed")
    ]


def test_columns_that_are_missing_are_named_with_the_nearest(tmp_path):
    rows = [
        {("endd" if key == "ended" else key): value for key, value in row.items() if key != "cf_dec_day"}
        for row in FIVE
    ]
    with pytest.raises(sim.ScenarioError) as told:
        sim.truce_lives(written(tmp_path, rows))
    lines = str(told.value).splitlines()
    assert lines[0].endswith("ceasefires.csv: no column 'ended'. Did you mean 'endd'?")
    assert lines[1].endswith("ceasefires.csv: no column 'cf_dec_day'.")
    assert "ETH/PRIO" in lines[2]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("empty.csv", "", "empty"),
        ("heads.csv", ",".join(COLUMNS), "no ceasefire in it"),
        ("other.csv", "a,b\n1,2\n", "no column 'uniq_id'"),
        ("false.xlsx", "not an Excel file", "cannot be read as a table"),
        ("old.xls", "x", "save it as .xlsx"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_a_line(tmp_path, name, text, says):
    (tmp_path / name).write_text(text)
    with pytest.raises(sim.ScenarioError, match=says):
        sim.truce_lives(tmp_path / name)


def test_a_file_of_unknown_ends_says_so(tmp_path):
    with pytest.raises(sim.ScenarioError, match="none of 2 ceasefires has a life that is known: of most, nobody"):
        sim.truce_lives(written(tmp_path, [truce(1), truce(2)]))


def test_files_that_are_not_there_name_the_nearest(tmp_path):
    written(tmp_path, FIVE)
    with pytest.raises(sim.ScenarioError, match=r"no such file\. Did you mean 'ceasefires\.csv'"):
        sim.truce_lives(tmp_path / "ceasfires.csv")
    with pytest.raises(sim.ScenarioError, match="a folder"):
        sim.truce_lives(tmp_path)


def many(lives, ended, **other):
    """Ceasefires with these lives, over and over in ten conflicts."""
    return [
        truce(100 * conflict + place, life, ended=end, ucdp_acd_id=conflict, **other)
        for conflict in range(10)
        for place, (life, end) in enumerate(zip(lives, ended, strict=True))
    ]


def test_a_default_is_set_beside_what_one_may_claim(tmp_path):
    # of four, one is replaced at day 4, one broken at 6, one replaced at 8, one broken at 40: half have ended by day 6
    # if all count; by day 40 if broken ones alone do, 3/4 standing beyond day 6. Signed ones twenty times as long.
    rows = many([4, 6, 8, 40], [4, 2, 4, 2])
    rows += [
        row | {"uniq_id": row["uniq_id"] + 5000}
        for row in many([800, 1200, 1600, 8000], [4, 2, 4, 2], written=2, began=date(1990, 1, 1))
    ]
    found = sim.truce_lives(written(tmp_path, rows), resamples=50)
    declared, signed = (found.summary["defaults"][name] for name in ("declared_days", "signed_days"))
    assert (declared["days"], declared["low"], declared["high"], declared["verdict"]) == (75, 6, 40, "above")
    assert (signed["days"], signed["low"], signed["high"], signed["verdict"]) == (1500, 1200, 8000, "inside")
    assert "a median life of 75 days, is longer than the bracket 6 … 40 days of 40 truces" in str(found)
    assert "a median life of 1,500 days, lies inside the bracket 1,200 … 8,000 days of 40 truces" in str(found)
    # ten conflicts that are all alike: whichever are drawn, the shares are the same
    share = found.result.incidence.sel(group="unwritten, open-ended", cause="broken").sel(day=30, method="ffill")
    np.testing.assert_allclose(share, 1 / 4)


def test_conflicts_are_drawn_as_a_whole(tmp_path):
    """Half of twelve conflicts break all of their truces at once: ten truces of each tell no more than one would."""
    ends = [[2] * 10 if conflict % 2 else [4] * 10 for conflict in range(12)]
    rows = [
        truce(100 * conflict + place, 3, ended=end, ucdp_acd_id=conflict)
        for conflict, of in enumerate(ends)
        for place, end in enumerate(of)
    ]
    share = sim.truce_lives(written(tmp_path, rows)).result.incidence.sel(group="all", cause="broken", day=3)
    value, low, high = share.values
    assert value == 0.5
    # sqrt(0.25 / 12) = 0.144 to either side, times 1.96; drawn one by one it would be 0.09
    np.testing.assert_allclose([value - low, high - value], 0.28, atol=0.06)


def test_a_hazard_is_fitted_as_scipy_fits_it():
    rng = np.random.default_rng(4)
    days, watched = 60 * rng.weibull(0.5, 400), rng.uniform(1, 300, 400)
    ended = days <= watched
    seen = np.minimum(days, watched)
    found = weibull(seen, ended)
    shape, _, scale = weibull_min.fit(CensoredData(uncensored=seen[ended], right=seen[~ended]), floc=0)
    assert (found.shape, found.scale) == pytest.approx((shape, scale), rel=1e-3)
    assert found.low < 0.5 < found.high
    # about the usual standard error of a log shape, 0.78 / sqrt(endings), 1.96 to either side
    assert np.log(found.high / found.low) == pytest.approx(2 * 1.96 * 0.78 / np.sqrt(ended.sum()), rel=0.2)


def test_shares_that_ended_and_stand_sum_to_one_whatever_the_weights():
    rng = np.random.default_rng(2)
    days, cause = rng.integers(1, 30, 60).astype(float), rng.integers(-1, 4, 60)
    weight = rng.integers(0, 3, (5, 60)).astype(float)
    ages = np.unique(days)
    found = cumulative_incidence(days, cause, ages, 4, weight)
    every = cumulative_incidence(days, np.where(cause < 0, -1, 0), ages, 1, weight)
    np.testing.assert_allclose(found.sum(axis=1), every[:, 0])
    assert (np.diff(found, axis=-1) >= -1e-12).all()


def test_the_command_leaves_its_files_and_takes_no_scenario(ceasefire, tmp_path):
    written(tmp_path, many([4, 6, 8, 40], [4, 2, 4, 2]), name="mine.csv")
    code, out, err = ceasefire("truces", "mine.csv", "--resamples", "20", "--out", "there")
    assert code == 0, err
    left = {file.name for file in (tmp_path / "there").iterdir()}
    assert left == {"about.json", *(f"truces.{kind}" for kind in ("nc", "csv", "json", "png"))}
    assert "How long ceasefires live" in out
    again = sim.load(tmp_path / "there" / "truces.nc")
    assert set(sim.plot(again)) == {"truces"}
    code, out, err = ceasefire("truces", "mine.csv", "--json")
    assert json.loads(out)["used"] == 40
    assert ceasefire("truces", "mine.csv", "--set", "a=1")[0] == 2


def test_the_command_says_what_is_wrong_with_a_file(ceasefire, tmp_path):
    written(tmp_path, FIVE, name="mine.csv")
    code, _, err = ceasefire("truces", "mime.csv")
    assert (code, err) == (2, "ceasefire: mime.csv: no such file. Did you mean 'mine.csv'?\n")
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n")
    code, _, err = ceasefire("truces", "bad.csv")
    assert code == 2
    assert "bad.csv: no column 'uniq_id'." in err
    assert not (tmp_path / "results").exists()


def test_the_picture_writes_how_many_are_watched(tmp_path):
    found = sim.truce_lives(written(tmp_path, many([4, 6, 8, 40], [4, 2, 4, 2])), resamples=20)
    [ax] = found.figures["truces"].get_axes()
    words = [text.get_text() for text in ax.texts]
    # at 1 day all 40 are in force, at 7 the 20 that neither ended at 4 nor 6, at 30 ten
    assert [word for word in words if word.isdigit()] == ["40", "20", "10", "0", "0", "0"]
    assert {"broken", "replaced"} <= set(words)
    assert "lapsed" not in words  # none did


PUBLISHED = {
    # S(7), S(30), S(180) as fitted to the lives themselves by a Weibull (evidence on the lives of truces, 2022 version)
    ("signed", "broken alone"): (0.95, 0.93, 0.88),
    ("signed", "all"): (0.89, 0.83, 0.70),
    ("declared", "broken alone"): (0.80, 0.71, 0.55),
    ("declared", "all"): (0.70, 0.57, 0.38),
}


@pytest.mark.parametrize(("form", "counted"), PUBLISHED)
def test_the_worlds_life_table_lies_near_what_is_fitted_to_its_lives(form, counted):
    """Written ones are the same 139 truces: a smooth curve and one of steps lie up to five points apart; unwritten ones
    were fitted on 125 of the 139, up to ten."""
    found = world_survival(form, [7, 30, 180], term=False)
    share = found.high if counted == "broken alone" else found.low
    np.testing.assert_allclose(share, PUBLISHED[form, counted], atol=0.05 if form == "signed" else 0.10)


def fitted_to_counts(rows, causes):
    """S(7), S(30), S(180) of the Weibull that makes the counts of a life table likeliest."""
    first, last = np.array(rows[0]["from_day"], dtype=float), np.array(rows[0]["to_day"], dtype=float)
    ended, every = (np.sum([row[cause] for row in rows for cause in which], axis=0) for which in (causes, CAUSES))
    entering = np.sum([row["at_risk"] for row in rows], axis=0)
    leaving = np.append(entering[1:], entering[-1] - every[-1])
    otherwise = entering - leaving - ended  # ended by other causes, or watched no longer: half way, on a log scale

    def loss(at):
        shape, scale = np.exp(at)
        gone = np.exp(-((first / scale) ** shape)) - np.exp(-((last / scale) ** shape))
        middle = np.sqrt(np.maximum(first, 0.5) * last)
        lived = (otherwise * (middle / scale) ** shape).sum() + leaving[-1] * (last[-1] / scale) ** shape
        return lived - (ended * np.log(np.maximum(gone, 1e-300))).sum()

    shape, scale = np.exp(minimize(loss, np.log([0.4, 500]), method="Nelder-Mead", options={"maxiter": 4000}).x)
    return np.exp(-((np.array([7, 30, 180]) / scale) ** shape))


@pytest.mark.parametrize(
    ("group", "causes", "published"),
    [
        ({"term": "open-ended", "form": "written"}, ["broken"], (0.95, 0.93, 0.88)),
        ({"term": "open-ended", "form": "written"}, ["broken", "replaced", "other"], (0.89, 0.83, 0.70)),
        ({"mechanism": "agreed"}, ["broken"], (0.97, 0.94, 0.90)),
        ({"mechanism": "none"}, ["broken"], (0.93, 0.88, 0.78)),
    ],
)
def test_a_weibull_fitted_to_the_worlds_counts_is_the_one_published_of_its_lives(group, causes, published):
    """To a point: the counts in `seeds/` are those of the lives, where the groups are the same."""
    evidence = load_evidence(ROOT / "seeds").values()
    rows = [row.data for row in evidence if row.kind == "life table" and group.items() <= row.data.items()]
    np.testing.assert_allclose(fitted_to_counts(rows, causes), published, atol=0.011)


def test_the_worlds_table_is_read_by_hand():
    # unwritten, open-ended, no mechanism: 18 broken and 8 otherwise in 218 truce-days of the first two days, then 10
    # and 4 in 452 up to day 7
    found = world_survival("declared", [0, 1, 2, 7], term=False, mechanism=False)
    np.testing.assert_allclose(found.high, np.exp([0, -18 / 218, -36 / 218, -36 / 218 - 50 / 452]))
    np.testing.assert_allclose(found.low, np.exp([0, -26 / 218, -52 / 218, -52 / 218 - 70 / 452]))
    # all written ones together, term or not, watched or not: 3 + 0 + 1 + 0 broken in 114 + 158 + 78 + 119 days
    np.testing.assert_allclose(world_survival("signed", 2).high, np.exp(-2 * 4 / 469))


def test_what_becomes_of_the_worlds_truces_sums_to_one_and_lapses_only_at_a_term():
    for term in (True, False, None):
        fates = world_fates("declared", np.array([0.0, 1, 14, 30, 90, 5000]), term=term)
        np.testing.assert_allclose(sum(fates.values()), 1)
        assert fates["stands"][0] == 1
        assert (np.diff(fates["stands"]) < 0).all()
    # with a term and unwritten: 143 + … lapse in the first two days, of 206 endings in all (130 + 13 lapsed)
    fates = world_fates("declared", 2.0, term=True)
    ended = 1 - fates["stands"]
    np.testing.assert_allclose(fates["lapsed"] / ended, 143 / (143 + 14 + 24))
    assert world_fates("declared", 30.0, term=False)["lapsed"] == 0


def test_a_form_that_is_not_known_is_refused_with_the_nearest():
    with pytest.raises(sim.ScenarioError, match="Did you mean 'signed'"):
        world_survival("singed", 3)
    with pytest.raises(sim.ScenarioError, match="0 days or more"):
        world_survival("signed", -1)
