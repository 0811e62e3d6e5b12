"""``ceasefire rules``: one scenario under every stance rule, and where the rules agree."""

from __future__ import annotations

from simulation.cli.ask import Asked, question
from simulation.cli.options import Measures, Rules
from simulation.questions.finding import Finding


@question(runs=1000, rule=False)
def rules(asked: Asked, rule: Rules = None, measure: Measures = None) -> Finding:
    """Run a scenario under every stance rule: do they agree?"""
    from simulation.questions.compare_rules import compare_rules
    from simulation.rules import RULES

    bar = asked.bar.of(asked.runs * len(rule or RULES))
    return compare_rules(
        asked.scenario, asked.runs, asked.seed, rules=rule or None, measures=measure or None, progress=bar
    )
