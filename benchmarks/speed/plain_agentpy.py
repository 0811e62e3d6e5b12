"""The plain war in AgentPy."""

from __future__ import annotations

import agentpy
from plain import Actor, War


class PlainActor(Actor, agentpy.Agent):
    def setup(self, name, actor, ties):
        self.random = self.model.random
        self.begin(name, actor, ties)


class PlainModel(War, agentpy.Model):
    def setup(self):
        self.begin(self.p.scenario, lambda *given: PlainActor(self, *given))
        self.actors = agentpy.AgentList(self, self.by_name.values())

    def each(self, what):
        getattr(self.actors, what)()

    def step(self):
        self.phases()

    def update(self):
        self.record("truce")
        self.actors.record("stance")


def run(scenario):
    PlainModel({"scenario": scenario, "steps": scenario.steps}).run(display=False)
