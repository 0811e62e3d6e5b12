"""The plain war in Mesa."""

from __future__ import annotations

import mesa
from plain import Actor, War


class PlainActor(Actor, mesa.Agent):
    def __init__(self, model, name, actor, ties):
        mesa.Agent.__init__(self, model)
        self.begin(name, actor, ties)


class PlainModel(War, mesa.Model):
    def __init__(self, scenario, rng=None):
        mesa.Model.__init__(self, rng=rng)
        self.begin(scenario, lambda *given: PlainActor(self, *given))
        self.length = scenario.steps
        self.datacollector = mesa.DataCollector(
            model_reporters={"truce": "truce"}, agent_reporters={"stance": "stance"}
        )
        self.datacollector.collect(self)

    def each(self, what):
        self.agents.do(what)

    def step(self):
        self.phases()
        self.running = self.step_number < self.length
        self.datacollector.collect(self)
