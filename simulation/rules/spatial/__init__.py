"""The Spatial Model of Politics: challenges, coalitions of third parties, bargains, and a vote on each bargain.

KAPSARC published it as a program (KTAB, version 1.4), after Bueno de Mesquita's challenge model. Two readings are here:

``variant="mended"`` (default)
    The model as its options describe it. With the program's default options, and with all others but two, this is
    what the program computes, digit for digit.
``variant="as-programmed"``
    Keeps two slips of the program, which show under ``receipt="init-rcvr"`` and ``"pw-comp"`` alone: where a bargain
    is drawn up in the receiver's view, the initiator's expected gain stands in the place of its probability of
    success; and the compromise of the two views weighs the receiver with the initiator's influence.

Under ``commitment="full"`` and ``"no"`` a third party's lot is the same whichever side it joins, so the two come to
the same thing; this is the model's doing, and the program's.

References
----------
KAPSARC Toolkit for Behavioral Analysis (KTAB), Spatial Model of Politics, version 1.4 (MIT licence).
Bueno de Mesquita (1997), International Interactions 23, 235-266.
"""

from simulation.rules.spatial.explain import explain
from simulation.rules.spatial.options import Options
from simulation.rules.spatial.play import Played, play, played
from simulation.rules.spatial.rule import Spatial

__all__ = ["Options", "Played", "Spatial", "explain", "play", "played"]
