"""Other ways to build the model that are as defensible as the default, declared once: what each changes, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simulation.dynamics.answers import KINDS
from simulation.rules import RULES

if TYPE_CHECKING:
    from simulation.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class Alternative:
    """One other way to build one part of the model, as changes of a scenario."""

    name: str
    why: str  # a sentence: what is different, and why it may be so
    source: str
    put: Mapping[str, float] = field(default_factory=dict)  # coefficients put to a value
    times: Mapping[str, float] = field(default_factory=dict)  # coefficients multiplied, whatever the scenario says
    rule: str | None = None  # the stance rule, at the scenario's own pace

    def changes(self, scenario: Scenario) -> dict[str, float]:
        """The coefficients that differ from the scenario's own, within their bounds."""
        known = scenario.inputs
        wanted = dict(self.put) | {key: known[key].value * factor for key, factor in self.times.items()}
        kept = {key: min(max(value, known[key].low), known[key].high) for key, value in wanted.items()}
        return {key: value for key, value in kept.items() if value != known[key].value}


@dataclass(frozen=True, slots=True)
class Switch:
    """A part of the model that may be built in more ways than one; as the scenario has it is always one of them."""

    name: str
    alternatives: tuple[Alternative, ...]
    talks: bool = False  # also where nobody fights
    issues: bool = False  # only where there are issues to put terms on


TOO_SLOW = ("spatial",)
"""Rules that are not crossed with the rest where there is a war, since a run takes 200 to 1,000 times as long.
``ceasefire rules`` compares them by themselves."""

REACTIONS = {"coefficients.reactions.share": 0.5, "coefficients.reactions.most": 2.0}
"""Backers that react, where a scenario does not say how. Both numbers are judgements: the sources say that backers
match one another, and not how fast."""

SWITCHES: tuple[Switch, ...] = (
    Switch(
        "stance rule",
        tuple(
            Alternative(
                name,
                "stances move by another published rule: nothing tells which one governs a war",
                "the rule's own paper",
                rule=name,
            )
            for name in RULES
        ),
        talks=True,
    ),
    Switch(
        "stalemate",
        (
            Alternative(
                "one-sided",
                "a party's own gains alone end the stalemate that it sees: a retreat is no way out of a deadlock",
                "Zartman (2000); seeds M03, M05, M06",
                put={"coefficients.appraisal.one_sided": 1.0},
            ),
        ),
    ),
    Switch(
        "momentum",
        (
            Alternative(
                "none",
                "only strength counts as a prospect, as in the bargaining theory of war",
                "Fearon (1995); Powell (2006)",
                put={"coefficients.appraisal.momentum_weight": 0.0},
            ),
            Alternative(
                "stronger",
                "parties learn from the battlefield more than from what they know of strengths",
                "Slantchev (2003); Filson & Werner (2002)",
                times={"coefficients.appraisal.momentum_weight": 3.0},
            ),
        ),
    ),
    Switch(
        "bar for signing",
        (
            Alternative(
                "none",
                "a written text binds no more than a statement does, nor does it tell how near to a yes both sides are",
                "judgement: ten wars teach a bar that mixes the two",
                put={"coefficients.answers.bar_signed": 0.0},
            ),
            Alternative(
                "against",
                "signing asks something on top: texts are signed oftener because of who works on them, not because "
                "they are texts",
                "judgement: the default before ten wars were learnt from",
                put={"coefficients.answers.bar_signed": 8.0},
            ),
        ),
    ),
    Switch(
        "kinds of offers",
        (
            Alternative(
                "alike",
                "how an offer came about counts for nothing: which kinds are made when is selection, not persuasion",
                "judgement: selection of what is tabled",
                put={f"coefficients.answers.bar_{kind}": 0.0 for kind in KINDS},
            ),
        ),
    ),
    Switch(
        "terms",
        (
            Alternative(
                "do not count",
                "parties answer who asks and when, not what is offered",
                "judgement: terms and wants are the experts' coding",
                put={"coefficients.answers.content": 0.0},
            ),
        ),
        issues=True,
    ),
    Switch(
        "conditions",
        (
            Alternative(
                "no room",
                "an answer is yes or no, and conditions are words",
                "the binary logit of most choice models",
                put={"coefficients.answers.reserve": 0.0},
            ),
        ),
    ),
    Switch(
        "sharpness",
        tuple(
            Alternative(
                name,
                f"willingness decides an answer {name}: this war need not have the scale of chance of ten others",
                "judgement: half and twice the default",
                times={"coefficients.answers.temperature": factor},
            )
            for name, factor in (("twice as sharply", 0.5), ("half as sharply", 2.0))
        ),
    ),
    Switch(
        "ageing of truces",
        (
            Alternative(
                "none",
                "age counts for nothing: that old truces are safer may only mean that fragile ones die first",
                "Vaupel & Yashin (1985)",
                put={"coefficients.truces.shape": 1.0},
            ),
        ),
    ),
    Switch(
        "reactions",
        (
            Alternative(
                "half in 30 days",
                "backers answer a turn of the war: they close half of the gap to twice their support in a month",
                "Anderson (2019)",
                put=REACTIONS,
            ),
        ),
    ),
    Switch(
        "lasting moods",
        (
            Alternative(
                "none",
                "what a party says today tells nothing of tomorrow: chance is new in each answer",
                "independent errors, as in most choice models",
                put={"coefficients.answers.mood_half_life": 0.0},
            ),
            Alternative(
                "all of it",
                "whatever an answer hangs on by chance lasts, so that two answers on one day are the same",
                "judgement: a fixed trait of the party at the time",
                put={"coefficients.answers.mood_share": 1.0},
            ),
        ),
    ),
    Switch(
        "sponsors' pull",
        (
            Alternative(
                "half",
                "a sponsor counts half as much: sponsors choose what they back, and ten wars may credit them too much",
                "judgement: selection of what is backed",
                times={"coefficients.answers.pull": 0.5},
            ),
        ),
    ),
)
"""The parts, and the other ways. Chosen for what can be said for them before any result was looked at."""


def switches(scenario: Scenario) -> dict[str, tuple[Alternative, ...]]:
    """The alternatives that are open to a scenario and differ from it, by the name of the switch."""
    found = {}
    for switch in SWITCHES:
        if (scenario.parties or switch.talks) and (scenario.issues or not switch.issues):
            some = tuple(other for other in switch.alternatives if _open(other, scenario))
            if some:
                found[switch.name] = some
    return found


def _open(alternative: Alternative, scenario: Scenario) -> bool:
    if alternative.rule is None:
        idle = {
            f"coefficients.{group}.{name}"
            for group, table in scenario.coefficients
            for name in table.idle - table.SWITCHES.keys()  # what counts only where a part is on that is off
        }
        return bool(alternative.changes(scenario).keys() - idle)
    able = playable(alternative.rule, scenario)
    quick = alternative.rule not in TOO_SLOW or not scenario.parties
    return able and quick and alternative.rule != scenario.rule.name


def playable(rule: str, scenario: Scenario) -> bool:
    """Whether a stance rule, by its name, can play a scenario: its several issues, and the saliences on them."""
    if not scenario.negotiated:
        return True
    kind = RULES[rule]
    shared = all(sum(actor.saliences or ()) <= 100 * (1 + 1e-9) for actor in scenario.actors.values())
    return kind.several_issues and (shared or not kind.divided_salience)
