"""The plain war in NDlib: a node's status is its stance."""

from __future__ import annotations

import random

import networkx
from ndlib.models.DiffusionModel import DiffusionModel
from ndlib.models.ModelConfig import Configuration
from plain import Actor, War


class PlainActor(Actor):
    def __init__(self, model, *given):
        self.model, self.random = model, model.random
        self.begin(*given)


class PlainModel(War, DiffusionModel):
    def __init__(self, scenario):
        graph = networkx.DiGraph((tie.source, tie.target) for tie in scenario.ties)
        graph.add_nodes_from(scenario.actors)
        DiffusionModel.__init__(self, graph)
        self.available_statuses = {"stance": 0}
        self.discrete_state = False
        self.set_initial_status(Configuration())
        self.random = random.Random()
        self.begin(scenario, lambda *given: PlainActor(self, *given))

    def each(self, what):
        for node in self.graph.nodes:
            getattr(self.by_name[node], what)()

    def iteration(self, node_status=True):
        self.clean_initial_status(None)
        self.phases()
        self.status = {node: self.by_name[node].stance for node in self.graph.nodes}
        self.actual_iteration += 1
        return {"iteration": self.actual_iteration, "status": dict(self.status), "truce": self.truce}


def run(scenario):
    PlainModel(scenario).iteration_bunch(scenario.steps, node_status=True)
