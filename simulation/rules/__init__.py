"""How stances move: the published rules, by name."""

from simulation.rules.base import Rule
from simulation.rules.friedkin_johnsen import FriedkinJohnsen

RULES: dict[str, type[Rule]] = {"friedkin-johnsen": FriedkinJohnsen}

__all__ = ["RULES", "FriedkinJohnsen", "Rule"]
