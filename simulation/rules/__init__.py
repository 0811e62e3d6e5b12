"""How stances move: the published rules, by name."""

from simulation.rules.base import Rule
from simulation.rules.bounded_confidence import BoundedConfidence
from simulation.rules.compromise import Compromise
from simulation.rules.deffuant import Deffuant
from simulation.rules.degroot import DeGroot
from simulation.rules.exchange import Exchange
from simulation.rules.expected_utility import ExpectedUtility
from simulation.rules.friedkin_johnsen import FriedkinJohnsen
from simulation.rules.spatial import Spatial

RULES: dict[str, type[Rule]] = {
    "friedkin-johnsen": FriedkinJohnsen,
    "degroot": DeGroot,
    "bounded-confidence": BoundedConfidence,
    "deffuant": Deffuant,
    "compromise": Compromise,
    "expected-utility": ExpectedUtility,
    "spatial": Spatial,
    "exchange": Exchange,
}
"""Every stance rule that a scenario may name."""

__all__ = [
    "RULES",
    "BoundedConfidence",
    "Compromise",
    "DeGroot",
    "Deffuant",
    "Exchange",
    "ExpectedUtility",
    "FriedkinJohnsen",
    "Rule",
    "Spatial",
]
