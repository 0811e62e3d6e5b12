"""How stances move: the published rules, by name."""

from simulation.rules.base import Rule
from simulation.rules.compromise import Compromise
from simulation.rules.expected_utility import ExpectedUtility
from simulation.rules.friedkin_johnsen import FriedkinJohnsen

RULES: dict[str, type[Rule]] = {
    "friedkin-johnsen": FriedkinJohnsen,
    "compromise": Compromise,
    "expected-utility": ExpectedUtility,
}
"""Every stance rule that a scenario may name."""

__all__ = ["RULES", "Compromise", "ExpectedUtility", "FriedkinJohnsen", "Rule"]
