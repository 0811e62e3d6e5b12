"""The runs of a scenario right before an offer is answered, and what any terms would then be worth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from simulation.dynamics import mood
from simulation.dynamics.answers import Chances, OfferOnTable, acceptance, status_quo, willingness
from simulation.dynamics.simulate import before_offer, spread
from simulation.dynamics.state import Array, Flags, State, World
from simulation.runs.batches import batches
from simulation.runs.ensemble import MOST_RUNS
from simulation.runs.setup import open_scenario
from simulation.scenario.errors import ScenarioError
from simulation.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class Part:
    """Some runs right before the offer is answered."""

    world: World
    state: State
    offer: OfferOnTable
    rows: Flags  # (R,) in which of them it is made

    def willing(self, points: Array) -> Array:
        """How willing each party that is asked would be, shape (packages, runs, asked)."""
        tabled = replace(self.offer, points=points[:, None, :])
        found = willingness(self.state, tabled, self.world).total
        found = np.broadcast_to(found, (len(points), self.rows.size, found.shape[-1]))
        return found[:, self.rows][..., self.offer.addressed]

    def whole(self, numbers: Array, rank: int) -> Array:
        """Numbers with a run axis, of the runs in which the offer is made."""
        inner = numbers.shape[numbers.ndim - rank :]
        return np.asarray(np.broadcast_to(numbers, (self.rows.size, *inner))[self.rows])


@dataclass(frozen=True, slots=True)
class Situation:
    """All runs in which an offer is made, right before it is answered.

    Until then nothing hangs on the terms of the offer, so that one simulation does for every package of terms.
    """

    parts: Sequence[Part]
    shown: State  # the moods of those who are asked, (runs, asked)
    parties: tuple[str, ...]  # who is asked

    @property
    def runs(self) -> int:
        """In how many runs the offer is made."""
        return len(self.shown.mood)

    def willing(self, points: Array) -> Array:
        """How willing each party that is asked would be, shape (packages, runs, asked), in stance points.

        Parameters
        ----------
        points : (packages, K)   what is put forward on each issue, 0 … 100; nan where nothing is
        """
        return np.concatenate([part.willing(points) for part in self.parts], axis=-2)

    def chances(self, willing: Array) -> Chances:
        """The chances of a yes and of a yes in full of those who are so willing, shape (..., runs, asked)."""
        world = self.parts[0].world
        logit = acceptance(willing, world)
        return mood.given_mood(logit, self.shown, world) if mood.lasts(world) else logit

    def together(self, points: Array, who: Sequence[int] | None = None) -> Array:
        """The chance that all of some parties accept, shape (packages, runs); of all who are asked if left out.

        The moods of different parties have nothing to do with each other: in a run their chances multiply.
        """
        yes = self.chances(self.willing(points)).yes
        return np.asarray(yes[..., slice(None) if who is None else list(who)].prod(axis=-1))

    @property
    def wants(self) -> Array:
        """Where each party that is asked would have each issue in each run, shape (runs, asked, K)."""
        return self._by_run(lambda part: part.whole(part.state.want, 2)[:, part.offer.addressed])

    @property
    def want(self) -> Array:
        """Where each party that is asked would have each issue, shape (asked, K); the mean over the runs, as below."""
        return _mean(self.wants)

    @property
    def weight(self) -> Array:
        """How much each issue counts for each, shape (asked, K)."""
        return _mean(self._by_run(lambda part: part.whole(part.state.weight, 2)[:, part.offer.addressed]))

    @property
    def influence(self) -> Array:
        """What each party that is asked can bring to bear, shape (asked,)."""

        def read(part: Part) -> Array:
            return part.whole(part.state.influence, 1)[:, part.world.party_index[part.offer.addressed]]

        return _mean(self._by_run(read))

    @property
    def now(self) -> Array:
        """What holds on each issue, shape (K,)."""
        return _mean(self._by_run(lambda part: part.whole(status_quo(part.state, part.world), 1)))

    @property
    def tabled(self) -> Array:
        """The terms as they are, shape (K,); nan where nothing is put forward."""
        return _mean(self._by_run(lambda part: part.whole(part.offer.points, 1)))

    def _by_run(self, read: Callable[[Part], Array]) -> Array:
        return np.concatenate([read(part) for part in self.parts])


def _mean(values: Array) -> Array:
    """The mean over the runs, computed about the first, so that a number that is the same in all is kept to the bit."""
    return np.asarray(values[0] + (values - values[0]).mean(axis=0))


def situation(
    scenario: Scenario,
    offer: str,
    step: int,
    runs: int,
    seed: int,
    *,
    uncertain: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Situation:
    """Simulate up to the answers to an offer.

    Parameters
    ----------
    offer, step : the id of one occasion on which it is made, and in which step that is
    progress : called with the number of runs done so far

    Raises
    ------
    ScenarioError
        for too many runs, or an offer that is made in none of them
    """
    if not 1 <= runs <= MOST_RUNS:
        raise ScenarioError(f"runs = {runs}: between 1 and {MOST_RUNS:,} would do.")
    parts, done = [], 0
    for batch in batches(runs, seed):
        world, state = open_scenario(scenario, batch.inputs(scenario, uncertain=uncertain))
        state, luck = spread(state, batch.count), batch.luck(world)
        number = [other.id for other in world.offers].index(offer)
        before, where = before_offer(world, state, luck, number, step)
        rows = np.ones(batch.count, dtype=bool) if where is None else np.broadcast_to(where[:, 0], batch.count)
        parts.append(Part(world, before, world.offers[number], rows))
        done += batch.count
        if progress:
            progress(done)
    if not any(part.rows.any() for part in parts):
        raise ScenarioError(f"{offer}: it is made in none of {runs} runs; more runs would do.")
    asked = parts[0].offer.addressed
    mean, variance = (
        np.concatenate([part.whole(getattr(part.state, name), 1)[:, asked] for part in parts])
        for name in ("mood", "mood_variance")
    )
    parties = tuple(name for name, is_asked in zip(parts[0].world.parties, asked, strict=True) if is_asked)
    return Situation(parts, replace(parts[0].state, mood=mean, mood_variance=variance), parties)
