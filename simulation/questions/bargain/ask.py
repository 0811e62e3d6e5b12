"""``bargain``: the question, from a scenario and an offer to its finding."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.dynamics.state import Array
from simulation.parameters import nearest
from simulation.questions.bargain.describe import describe
from simulation.questions.bargain.search import Search, frontier
from simulation.questions.bargain.settlements import settlements
from simulation.questions.bargain.situation import Situation, situation
from simulation.questions.finding import Finding
from simulation.questions.paired import interval
from simulation.runs.provenance import provenance
from simulation.scenario.arguments import of_kind, texts
from simulation.scenario.errors import ScenarioError
from simulation.scenario.keys import occasions
from simulation.scenario.knowledge import refuse_later
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

AS_TABLED, AS_NOW, BEST = "as tabled", "as now", "best for all"
NOW = "now"
"""What an issue is fixed to where it is not to be put forward."""

POINTS = 5
"""Packages of the frontier between its ends."""


@of_kind
def bargain(
    scenario: Scenario,
    offer: str,
    runs: int = 1000,
    seed: int = 1,
    *,
    issues: Sequence[str] | None = None,
    fixed: Mapping[str, float | str] | None = None,
    points: int = POINTS,
    uncertain: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Finding:
    """Search the terms of an offer that all who are asked would most likely accept, and the frontier between them.

    A package is a point on each issue, 0 … 100, or nothing, which leaves it as it is. Until the offer is answered
    nothing hangs on its terms, so that the war is simulated once up to then and each package is read off the same runs,
    exactly: the chances are those that ``run`` gives of the scenario with these terms. The chance that all accept is
    the mean over runs of the product of the parties' chances. The search is ``scipy.optimize``'s SLSQP from several
    starts (``simulation.questions.bargain.search``).

    Beside it stand the terms as tabled, no terms at all, each party's favourite, what models of bargaining settle on
    for the same wants, weights and influence, and the best point on each issue alone, the others as tabled; each with
    its chance to be accepted.

    Parameters
    ----------
    offer : its id; of an offer that stands, the first time that it is made, or the id of another time, such as
        ``call-3``: terms then change at that time alone
    issues : which may move; all that count for a party that is asked, if left out. The others stay as tabled.
    fixed : issues that may not move, and what is put forward on each, such as ``{"militias": 40}``; ``"now"`` puts
        nothing forward
    points : packages of the frontier between its ends, where two parties are asked
    uncertain : draw every number that has ``low`` and ``high`` anew in each run; the best package is then best over
        what wants may be
    progress : called with the number of packages found so far

    Returns
    -------
    a finding, whose dataset is over ``package``, ``issue`` and ``party`` (those asked): ``points`` (package, issue; nan
    leaves it as now); ``chance`` (package, party) of a yes, with or without conditions, with ``chance_low`` and
    ``chance_high`` (95 %); ``all`` (package), that all accept, with ``all_low``, ``all_high``; ``all_in_full``, without
    conditions; ``gain`` (package, party), what the terms add to willingness, in stance points; ``more`` with its
    interval, by how much ``all`` is above that of the terms as tabled, in the same runs; ``now`` (issue), ``want`` and
    ``weight`` (party, issue), means over the runs at the time; ``moves`` (issue). ``kind`` (package) is ``tabled``,
    ``now``, ``best``, ``party``, ``frontier``, ``model`` or ``alone``.

    Raises
    ------
    ScenarioError
        for an unknown offer or issue, a scenario without issues or wants, points outside 0 … 100, an offer that is made
        in no run, or where terms do not count because ``coefficients.answers.content`` is 0

    References
    ----------
    Thomson, Stokman, Achen & König (2006), The European Union Decides. Kraft (1988), A software package for sequential
    quadratic programming, DFVLR-FB 88-28.
    """
    occasion, step = occasion_of(scenario, offer)
    _counting(scenario)
    if points < 0:
        raise ScenarioError(f"points = {points}: 0 or more would do.")
    here = situation(scenario, occasion, step, runs, seed, uncertain=uncertain)
    free, held = _movable(scenario, here, texts("issues", issues), dict(fixed or {}))
    done = 0

    def advance() -> None:
        nonlocal done
        done += 1
        if progress:
            progress(done)

    packages, kinds = _packages(here, [*scenario.stakes], held, free, points, advance)
    return describe(_dataset(scenario, occasion, here, packages, kinds, free, runs, seed, uncertain))


def occasion_of(scenario: Scenario, offer: str) -> tuple[str, int]:
    """The id and step of the occasion that an offer's name means: its first, or the one named."""
    known: dict[str, tuple[str, int]] = {}
    for event in sorted(scenario.events, key=lambda event: event.on):
        times = occasions(scenario, event)
        known |= {name: (name, step) for name, step in times}
        if event.offer is not None and times:
            known.setdefault(event.offer.id, times[0])
    if not known:
        raise ScenarioError("bargain: this scenario has no offer whose terms could be searched.")
    if offer not in known:
        refuse_later(f"events.{offer}", scenario.later, scenario.told)
        raise ScenarioError(f"`offer`: no offer '{offer}'.{nearest(offer, known)}")
    if known[offer][1] >= scenario.steps:
        raise ScenarioError(f"'{offer}' is due on the last day, when the scenario has ended: nobody answers it.")
    return known[offer]


def _counting(scenario: Scenario) -> None:
    """Refuse scenarios in which no terms can count."""
    if not scenario.stakes:
        raise ScenarioError(
            "bargain: this scenario has no issues to bargain over. Say what is fought over in [issues.NAME], with low, "
            "high (what 0 and 100 mean) and now (what holds if nothing is agreed), and in [[wants]], with party, "
            "issue, want and weight, where each party would have it and how much it counts."
        )
    if scenario.coefficients.answers.content == 0:
        raise ScenarioError(
            "bargain: coefficients.answers.content is 0, so terms do not count in any answer and no package is better "
            "than another. It says how many stance points it is worth to a party to get all it wants: put it above 0, "
            "such as --set coefficients.answers.content=30 does."
        )


def _movable(
    scenario: Scenario, here: Situation, issues: list[str] | None, fixed: dict[str, float | str]
) -> tuple[list[int], Array]:
    """Which issues may move, by place, and the points that the others are held at."""
    stakes = [*scenario.stakes]
    for name in (*(issues or ()), *fixed):
        if name not in stakes:
            raise ScenarioError(f"no issue '{name}' to bargain over.{nearest(name, stakes)}")
    both = sorted(set(issues or ()) & set(fixed))
    if both:
        raise ScenarioError(f"{both[0]}: it cannot both move and be fixed; leave it out of `issues` or of `fixed`.")
    held = here.tabled
    for name, value in fixed.items():
        held[stakes.index(name)] = _point(name, value)
    counts = here.weight.max(axis=0) > 0
    asked = " and ".join(here.parties)
    if not counts.any():
        raise ScenarioError(
            f"bargain: no issue counts for {asked}. Say in [[wants]], with party, issue, want and weight, where each "
            "party would have it and how much it counts."
        )
    for name in issues or ():
        if not counts[stakes.index(name)]:
            raise ScenarioError(f"{name}: it counts for nobody who is asked ({asked}).")
    free = [
        place
        for place, name in enumerate(stakes)
        if counts[place] and name not in fixed and (issues is None or name in issues)
    ]
    if not free:
        raise ScenarioError("bargain: no issue is left that may move; leave one free.")
    return free, held


def _point(name: str, value: float | str) -> float:
    """What is put forward on an issue that is fixed."""
    if value == NOW:
        return math.nan
    if not isinstance(value, Real) or isinstance(value, bool) or not 0 <= value <= 100:
        shown = f"{value:g}" if isinstance(value, float) else repr(value)
        raise ScenarioError(f"{name}: {shown}; a number from 0 to 100 would do, or '{NOW}'.")
    return float(value)


def _packages(
    here: Situation, stakes: Sequence[str], held: Array, free: list[int], points: int, advance: Callable[[], None]
) -> tuple[dict[str, Array], list[str]]:
    """The packages by name, each (K,), and what kind each is."""
    nothing = np.full(len(held), np.nan)
    search = Search(here, held, free)
    models = {name: search.within(found) for name, found in settlements(here.want, here.weight, here.influence).items()}
    starts = [search.within(package) for package in (here.tabled, nothing, *models.values())]
    asked = range(len(here.parties))
    favourites = []
    for party in asked if len(asked) > 1 else ():
        favourites.append(search.favourite(party, starts))
        advance()
    best = search.best([*asked], [*starts, *favourites])
    advance()
    between: list[Array] = []
    if len(asked) == 2:
        between = frontier(search, (favourites[0], favourites[1]), points, [best], advance)
    alone = {}
    for issue in free:
        one = Search(here, here.tabled, [issue])
        alone[f"{stakes[issue]} alone"] = one.best([*asked], [here.tabled, nothing])
        advance()
    named = {
        "tabled": {AS_TABLED: here.tabled},
        "now": {AS_NOW: nothing},
        "best": {BEST: best},
        "party": {f"best for {party}": found for party, found in zip(here.parties, favourites, strict=False)},
        "frontier": {f"frontier {number}": package for number, package in enumerate(between, 1)},
        "model": models,
        "alone": alone,
    }
    packages = {name: package for some in named.values() for name, package in some.items()}
    return packages, [kind for kind, some in named.items() for _ in some]


def _dataset(
    scenario: Scenario,
    occasion: str,
    here: Situation,
    packages: Mapping[str, Array],
    kinds: Sequence[str],
    free: Sequence[int],
    runs: int,
    seed: int,
    uncertain: bool,
) -> xr.Dataset:
    import xarray as xr

    points = np.array([*packages.values()])
    willing = here.willing(points)
    answers = here.chances(willing)
    together, full = answers.yes.prod(axis=-1), answers.full.prod(axis=-1)

    def estimates(values: Array) -> Array:
        """Mean and interval over runs, of values (..., runs)."""
        return np.apply_along_axis(lambda row: np.array(interval(row, len(row))), -1, values)

    chance, every, more = (
        estimates(np.moveaxis(answers.yes, 1, -1)),
        estimates(together),
        estimates(together - together[0]),
    )
    without = here.willing(np.full((1, points.shape[1]), np.nan))
    probability, own = {"units": "probability"}, {"units": "points of the issue, 0 … 100"}
    of_party, of_issue = ("package", "party"), ("party", "issue")
    ends = {"low": "lower end of its 95 % interval", "high": "upper end of its 95 % interval"}

    def with_ends(name: str, dims: Any, found: Array, words: str) -> dict[str, Any]:
        made = {name: (dims, found[..., 0], {**probability, "long_name": words})}
        return made | {
            f"{name}_{end}": (dims, found[..., place], {**probability, "long_name": meaning})
            for place, (end, meaning) in enumerate(ends.items(), 1)
        }

    return xr.Dataset(
        {
            "points": (("package", "issue"), points, {**own, "long_name": "what is put forward; nan leaves it as now"}),
            **with_ends("chance", of_party, chance, "chance of a yes, with or without conditions"),
            **with_ends("all", "package", every, "chance that all who are asked accept"),
            "all_in_full": ("package", full.mean(axis=-1), {**probability, "long_name": "… without conditions"}),
            **with_ends("more", "package", more, "chance that all accept, less that of the terms as tabled"),
            "gain": (
                of_party,
                (willing - without).mean(axis=1),
                {"units": "stance points", "long_name": "what the terms add to willingness"},
            ),
            "now": ("issue", here.now, {**own, "long_name": "what holds if nothing is agreed"}),
            "want": (of_issue, here.want, {**own, "long_name": "where the party would have it"}),
            "weight": (of_issue, here.weight, {"units": "1", "long_name": "how much it counts for it"}),
            "influence": ("party", here.influence, {"units": "0 … 100", "long_name": "influence"}),
            "moves": ("issue", np.isin(np.arange(points.shape[1]), free), {"long_name": "whether it may move"}),
        },
        coords={
            "package": np.array([*packages], dtype=object),
            "kind": ("package", np.array(kinds, dtype=object)),
            "issue": np.array([*scenario.stakes], dtype=object),
            "party": np.array(here.parties, dtype=object),
        },
        attrs={
            **provenance(scenario, runs, seed, uncertain, ()),
            "finding": "bargain",
            "offer": occasion,
            "made_in": here.runs,
            "content": float(scenario.coefficients.answers.content),
        },
    )
