"""The model's coefficients, gathered from its phases."""

from __future__ import annotations

from simulation.dynamics.answers import Answers
from simulation.dynamics.appraisal import Appraisal
from simulation.dynamics.battle import Battle
from simulation.dynamics.step import Opinion
from simulation.dynamics.truce import Truce
from simulation.parameters import Table


class Coefficients(Table):
    """The model's coefficients; one set of defaults serves every scenario."""

    battle: Battle = Battle()
    appraisal: Appraisal = Appraisal()
    opinion: Opinion = Opinion()
    answers: Answers = Answers()
    truces: Truce = Truce()
