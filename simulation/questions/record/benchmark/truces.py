"""Observed truces forecast from the day they began: standing, broken, or over without a breach, days later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulation.dynamics.state import Array, Flags
from simulation.dynamics.truce import BROKEN, LAPSED, REPLACED, bound
from simulation.questions.record.benchmark.cases import Case
from simulation.questions.record.benchmark.scoring import by_war, over_wars, within_a_war
from simulation.questions.record.hindcast import MODEL
from simulation.questions.truces import world_fates, world_survival
from simulation.runs.ensemble import blocks
from simulation.runs.setup import open_scenario
from simulation.scenario.offers import Event, Offer
from simulation.scenario.record import PastTruce, Record
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

HORIZONS = (14, 30, 90)
"""Days after which a truce is looked at."""

FATES = ("standing", "broken", "over without a breach")
"""What may have become of a truce; one that lapsed or was replaced is over without a breach."""

WORLD = "the world's life table"
WORLD_WITH_TERM = "the world's life table, over at the stated term"
ELSEWHERE = "shares in the other wars"
EVEN = "even odds"

ABOUT_TRUCES = {
    MODEL: "as of the day it began, accepted by all who were asked",
    WORLD: "of truces of its form, with or without term and mechanism",
    WORLD_WITH_TERM: "its hazard of breach, and over without a breach once a stated term has run out",
    ELSEWHERE: "what became of truces in the other wars",
    EVEN: "a third each",
}
"""What each forecast is, in a few words."""

TO_BEAT = (WORLD, ELSEWHERE)
"""What the model has to beat."""

WATCHED = 0.3
"""Monitoring from which a truce counts as one with an agreed mechanism: a committee or a hotline."""

MEASURES = {"fate": "what became of it", "broken": "whether it was broken"}
"""What is scored: all three fates, or a breach alone."""


@dataclass(frozen=True)
class Began:
    """An observed truce and the offer that it came of."""

    case: Case
    truce: PastTruce
    offer: Offer
    event: Event

    @property
    def name(self) -> str:
        """Coding, war, offer and day in one word."""
        return f"{self.case.coding}:{self.case.war}:{self.offer.id}:{self.truce.began}"


def truces_of(cases: Sequence[Case]) -> list[Began]:
    """The observed truces that came of an offer of the scenario."""
    found = []
    for case in cases:
        made = {event.offer.id: event for event in case.scenario.events if event.offer is not None}
        for truce in case.scenario.truces or ():
            event = made.get(truce.offer or "")
            if event is not None and event.offer is not None:
                found.append(Began(case, truce, event.offer, event))
    return found


def fate_of(truce: PastTruce, days: int, watched_until: Date) -> int:
    """What had become of a truce after so many days, by its place in ``FATES``; -1 where nobody looked for so long."""
    day = truce.began + timedelta(days=days)
    if truce.ended is not None and truce.ended <= day:
        return 1 if truce.how == "broken" else 2
    known = truce.ended is not None or watched_until >= day
    return 0 if known else -1


def as_begun(item: Began) -> Scenario:
    """The war as known on the day after a truce began, told that all who were asked had accepted."""
    scenario = item.case.scenario
    day = min(max(item.truce.began, item.event.on) + timedelta(days=1), scenario.date_of(scenario.steps))
    known = scenario.as_of(day)
    asked = item.offer.to or scenario.parties
    rest = [entry for entry in known.record if not (entry.offer == item.offer.id and entry.party in asked)]
    told = [Record(offer=item.offer.id, party=party, answer=1.0, on=item.event.on) for party in asked]
    since = max(item.truce.began, item.event.on)
    last = known.step_of(since + timedelta(days=max(HORIZONS))) + 2
    return known.model_copy(update={"record": (*rest, *told), "steps": max(known.steps, last)})


def fates(item: Began, runs: int, seed: int) -> Array:
    """The share of runs in which a truce that stands as it begins has met each fate by each horizon.

    It is the truce of all whom the offer would bind, and over with the first of them that ends. A truce is in danger
    from the step after that in which it begins.

    Returns
    -------
    (horizons, fates), see ``at_age``; nan where no run has the truce
    """
    scenario = as_begun(item)
    world, _ = open_scenario(scenario)
    names = (item.offer.id, f"{item.offer.id}-1")  # the first time that a standing offer is made
    pairs = bound(next(offer for offer in world.offers if offer.id in names), world)
    first = scenario.step_of(max(item.truce.began, item.event.on)) + 1
    counts: Array | int = 0
    for history in blocks(scenario, runs, seed):
        counts = counts + fates_by_step(
            history.by_step["pair_truce"][first:][..., pairs].astype(bool), history.ending[first:][..., pairs]
        )
    counts = np.asarray(counts, dtype=float)
    if not counts[0].sum():
        return np.full((len(HORIZONS), len(FATES)), np.nan)
    return at_age(counts / counts[0].sum(), scenario.step_days, np.array(HORIZONS, dtype=float))


def fates_by_step(truce: Flags, ending: NDArray[np.int8]) -> Array:
    """How many runs that have the truces of some pairs at the first step have met each fate by each step.

    Parameters
    ----------
    truce : (steps, R, P) whether each is in force
    ending : (steps, R, P) how each ended in the step before, by ``truce.ENDINGS``

    Returns
    -------
    (steps, fates)
    """
    chosen = truce[0].all(axis=-1)
    ending = ending[:, chosen].copy()
    ending[0] = 0  # what ended before it began
    broken = (ending == BROKEN).any(axis=-1)
    other = ((ending == LAPSED) | (ending == REPLACED)).any(axis=-1) & ~broken
    over = np.logical_or.accumulate(broken | other, axis=0)
    before = np.concatenate([np.zeros_like(over[:1]), over[:-1]])
    count = [(what & ~before).sum(axis=1).cumsum() for what in (broken, other)]
    return np.stack([(~over).sum(axis=1), *count], axis=-1).astype(float)


def at_age(share: Array, step_days: float, ages: Array) -> Array:
    """The share that has met each fate at some ages in days, of shares at the ends of steps, shape (k, fates).

    Within a step the hazard of a breach is constant, and nothing lapses before its end.

    Parameters
    ----------
    share : (steps, fates) with all standing at age 0
    ages : (k,) days
    """
    last = len(share) - 1
    step = np.minimum(np.floor(ages / step_days + 1e-9).astype(int), last)
    part = np.clip(ages / step_days - step, 0.0, 1.0)
    standing, broken, over = share[step].T
    more = share[np.minimum(step + 1, last), 1] - broken
    risk = np.divide(more, standing, out=np.zeros_like(more), where=standing > 0)
    broken = broken + standing * (1 - (1 - risk) ** part)
    return np.stack([1 - broken - over, broken, over], axis=-1)


def by_the_world(item: Began, days: float) -> tuple[Array, Array]:
    """The world's shares of the three fates after some days: as they were, and with lapses at the stated term alone."""
    form, term = item.offer.form, item.offer.days is not None
    mechanism = item.offer.monitoring.best >= WATCHED
    fates = world_fates(form, days, term=term, mechanism=mechanism)
    plain = np.array(
        [fates["stands"], fates["broken"] + fates["other"], fates["lapsed"] + fates["replaced"]], dtype=float
    )
    lived = min(days, item.offer.days) if item.offer.days is not None else days
    unbroken = float(world_survival(form, lived, term=term, mechanism=mechanism).high)
    return plain, _over(unbroken, item.offer.days is not None and item.offer.days <= days)


def _over(unbroken: float, lapsed: bool) -> Array:
    """The three fates where a share is unbroken: over, or still standing."""
    return np.array([0.0 if lapsed else unbroken, 1 - unbroken, unbroken if lapsed else 0.0])


def truce_forecasts(
    found: Sequence[Began], fate: Array, runs: int, seed: int, tell: Callable[[str], None]
) -> dict[str, Array]:
    """The chance of each fate of every truce at every horizon, shape (truces, horizons, 3), by forecast."""
    shape = (len(found), len(HORIZONS), len(FATES))
    war = np.array([item.case.war for item in found])
    several = len(np.unique(war)) > 1
    made = {name: np.full(shape, 1 / len(FATES)) for name in ABOUT_TRUCES if several or name != ELSEWHERE}
    for row, item in enumerate(found):
        tell(", ".join(filter(None, ("truces", item.case.war, item.case.coding))))
        made[MODEL][row] = fates(item, runs, seed)
        for column, days in enumerate(HORIZONS):
            made[WORLD][row, column], made[WORLD_WITH_TERM][row, column] = by_the_world(item, days)
    for row, own in enumerate(war) if several else ():
        for column in range(len(HORIZONS)):
            others = [fate[(war == name) & (fate[:, column] >= 0), column] for name in np.unique(war) if name != own]
            shares = [[np.mean(some == place) for place in range(len(FATES))] for some in others if some.size]
            if shares:
                made[ELSEWHERE][row, column] = np.mean(shares, axis=0)
    return made


def score_truces(cases: Sequence[Case], runs: int, seed: int, tell: Callable[[str], None]) -> xr.Dataset | None:
    """Every truce forecast, and the forecasts scored; None where no truce was observed.

    Scores are Brier's: half the sum over the three fates of (chance - what happened)^2, and (chance of a breach - what
    happened)^2; less is better. Intervals are by war, of one war by itself over its offers.
    """
    import xarray as xr

    found = truces_of(cases)
    if not found:
        return None
    ends = {id(item.case): item.case.scenario.date_of(item.case.scenario.steps) for item in found}
    fate = np.array([[fate_of(item.truce, days, ends[id(item.case)]) for days in HORIZONS] for item in found])
    coding = np.array([item.case.coding for item in found])
    war = np.array([item.case.war for item in found])
    parts = [np.flatnonzero(coding == name) for name in dict.fromkeys(coding)]
    pieces = [truce_forecasts([found[row] for row in rows], fate[rows], runs, seed, tell) for rows in parts]
    made = {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}
    to_beat = [name for name in TO_BEAT if name in made]
    chance = np.stack(list(made.values()))
    happened = fate[..., None] == np.arange(len(FATES))
    points = np.stack([((chance - happened) ** 2).sum(axis=-1) / 2, (chance[..., 1] - happened[..., 1]) ** 2], axis=-1)
    points = np.where((fate >= 0)[..., None], points, np.nan)
    names, codings = np.unique(war), list(dict.fromkeys(coding))
    shape, offer = (len(HORIZONS), len(MEASURES)), np.array([item.offer.id for item in found])
    each = np.full((len(codings), len(made), len(HORIZONS), len(MEASURES), len(names)), np.nan)
    beaten = [list(made).index(name) for name in to_beat]
    mean, lead = (np.full((len(codings), len(made), *more, 3), np.nan) for more in (shape, (len(to_beat), *shape)))
    count = np.zeros((len(codings), len(HORIZONS)), dtype=int)
    for c, of_coding in enumerate(codings):
        for h in range(len(HORIZONS)):
            rows = (coding == of_coding) & (fate[:, h] >= 0) & ~np.isnan(points[0, :, h, 0])
            count[c, h] = rows.sum()
            for m in range(len(MEASURES)):
                table = points[:, rows, h, m]
                each[c, :, h, m] = by_war(table, war[rows], names)
                if len(names) == 1:  # nothing is known of other wars: intervals are over the offers of this one
                    mean[c, :, h, m] = within_a_war(table, offer[rows])
                    lead[c, :, :, h, m] = within_a_war(table[beaten][None] - table[:, None], offer[rows])
    if len(names) > 1:
        mean, lead = (
            over_wars(each),
            over_wars(np.stack([each[:, [place]] for place in beaten], axis=2) - each[:, :, None]),
        )
    order = ("coding", "truce_forecast", "horizon", "truce_measure")
    return xr.Dataset(
        {
            "truce_chance": (("truce_forecast", "truce", "horizon", "fate"), chance, {"units": "probability"}),
            "truce_fate": (("truce", "horizon"), fate, {"long_name": "place in fate; -1 where nobody looked so long"}),
            "truce_score": ((*order, "bound"), mean, {"long_name": "mean score over wars; less is better"}),
            "truce_lead": (
                ("coding", "truce_forecast", "truce_baseline", "horizon", "truce_measure", "bound"),
                lead,
                {"long_name": "score of the baseline less that of the forecast; above 0 the forecast is better"},
            ),
            "truce_count": (("coding", "horizon"), count, {"units": "truces"}),
        },
        coords={
            "truce_forecast": np.array(list(made), dtype=object),
            "truce_baseline": np.array(to_beat, dtype=object),
            "truce": np.array([item.name for item in found], dtype=object),
            "truce_war": ("truce", war.astype(object)),
            "horizon": ("horizon", np.array(HORIZONS), {"units": "days"}),
            "fate": np.array(FATES, dtype=object),
            "truce_measure": np.array(list(MEASURES), dtype=object),
            "coding": np.array(codings, dtype=object),
            "bound": np.array(["value", "low", "high"], dtype=object),
        },
    )
