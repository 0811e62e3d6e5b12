"""The model's coefficients, gathered from its phases."""

from __future__ import annotations

from typing import Any

from pydantic import SerializerFunctionWrapHandler, model_serializer

from simulation.dynamics.answers import Answers
from simulation.dynamics.appraisal import Appraisal
from simulation.dynamics.battle import Battle
from simulation.dynamics.reactions import Reactions
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
    reactions: Reactions = Reactions()

    @model_serializer(mode="wrap")
    def _leave_out_empty_tables(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {key: table for key, table in write(self).items() if table}
