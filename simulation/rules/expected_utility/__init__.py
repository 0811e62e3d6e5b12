"""Bueno de Mesquita's expected-utility model: actors challenge each other, and the challenged give way.

Two readings of the model are here, chosen by ``variant``:

``"table-2"`` (default)
    The reading that gives the figures Scholz, Calbert & Smith published for the emission standards case: all means and
    seven of eight medians of their Table 2 (round 2 has 9.61 for a printed 9.9) and their Figures 7 to 9. It agrees to
    rounding with a public re-implementation of their program. It departs from the formulas they print;
    ``utility.chances``, ``utility.both_views`` and ``offers`` say where.
``"as-printed"``
    The formulas as the paper prints them: chances from the two sides of a contest alone, each actor's own risk
    exponent, all octants including capitulation, and the offer that asks for the least move. It does not
    reproduce the published table.

References
----------
Bueno de Mesquita (1985), American Political Science Review 79, 156-177.
Bueno de Mesquita (1997), International Interactions 23, 235-266.
Scholz, Calbert & Smith (2011), ICAART 2011, 18-30, doi 10.5220/0003121500180030.
"""

from simulation.rules.expected_utility.offers import KINDS
from simulation.rules.expected_utility.rounds import explain, play
from simulation.rules.expected_utility.rule import ExpectedUtility
from simulation.rules.expected_utility.utility import Variant

__all__ = ["KINDS", "ExpectedUtility", "Variant", "explain", "play"]
