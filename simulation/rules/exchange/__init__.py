"""Stokman & Van Oosten's exchange model: pairs of actors trade issue against issue, each gaining as much as the other.

On every issue the outcome to be expected is the mean of the positions by influence and salience, as in the compromise
model. Two actors on opposite sides of it on two issues, who weigh these differently, can both gain: each gives way on
the issue that matters less to it, by as much as makes the gains equal. The exchange with the greatest gain comes first,
then the next, until no two actors can gain; what is voted on then has its outcome as before, and all others bear it.

Two readings are here, chosen by ``variant``:

``"in-parts"`` (default)
    Who has gone part of the way on an issue may go on from there in another exchange. This gives all 128 exchanges,
    their order, gains and positions, that were computed for the climate conference of Paris (15 actors, 13 issues).
``"once"``
    As the rule is often told: after an exchange the positions of the two on the two issues are fixed.

What the literature leaves open, and how it is read here; the first three are what the figures of Paris need:

* The outcome by which sides are told is that of the first positions; it stays for the whole round.
* An actor may be moved all the way to the position of its partner, the one the partner began with.
* An actor buys no more than brings the outcome to its own position, counting what it has bought before, but not
  what others bought or sold.
* Whoever stands at the expected outcome is on no side of an issue, and one without salience on it has nothing to give.
* Of exchanges with equal gains the first is taken, by the order of actors, then of issues. Programs draw lots.

References
----------
Stokman & Van Oosten (1994), in Bueno de Mesquita & Stokman (eds), European Community Decision Making, 105-127.
Stokman & Thomson (2015), Forecasting the Paris 2015 UNFCCC Negotiations.
"""

from simulation.rules.exchange.rounds import Deal, Played, play
from simulation.rules.exchange.rule import Exchange
from simulation.rules.exchange.trade import Variant

__all__ = ["Deal", "Exchange", "Played", "Variant", "play"]
