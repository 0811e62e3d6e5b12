"""A war as one writes it agent by agent, whatever the framework: what our model is compared with.

It has the actors, ties and offers of a scenario of ours, and the same phases. Its numbers are not ours (its random
numbers are the framework's), its work is: per step one move an actor, one battle, the answers that are due, one look at
whether the truce holds, and one collection of data.
"""

from __future__ import annotations

import math


class Actor:
    """An actor who averages those who lean on it with what it wants; the framework gives ``model`` and ``random``."""

    def begin(self, name, actor, ties):
        self.name = name
        self.party = "party" in actor.roles
        self.stance = self.ideal = self.base = actor.stance.best
        if actor.base is not None:
            self.base = actor.base.best
        self.salience, self.influence = actor.salience.best, actor.influence.best
        self.strength = actor.strength.best if actor.strength else self.influence
        self.control = actor.control.best if actor.control else 0.5
        self.exhaustion = self.opening_exhaustion = actor.exhaustion.best if actor.exhaustion else 0.0
        self.momentum = self.distrust = 0.0
        self.ties = [tie for tie in ties if tie.target == name]

    def power(self, expected=False):
        total = self.strength
        for tie in self.ties:
            share = tie.support.best if tie.support else 0.0
            if expected and tie.pledge:
                share += tie.pledge.best
            total += share * self.model.by_name[tie.source].influence
        return total

    def fight(self, share, intensity):
        before = self.control
        self.control += 0.02 * intensity * (share - self.control) + 0.01 * intensity * self.random.gauss(0, 1)
        self.control = min(max(self.control, 0.0), 1.0)
        self.momentum = 0.967 * self.momentum + 0.033 * (self.control - before)
        self.exhaustion += intensity * 0.008 * (1 - share) - 0.01 * self.exhaustion

    def appraise(self, hope, stuck):
        if self.party:
            tired = 40 * (self.exhaustion - self.opening_exhaustion)
            self.ideal = min(max(self.base + tired + 40 * stuck - 120 * hope, 0.0), 100.0)

    def move(self):
        total = weight = 0.0
        for tie in self.ties:
            other = self.model.by_name[tie.source]
            pull = (tie.leverage.best if tie.leverage else 0.0) * other.salience * other.influence
            total += pull * other.stance
            weight += pull
        listened = total / weight if weight else self.stance
        self.next_stance = self.stance + 0.095 * (0.2 * listened + 0.8 * self.ideal - self.stance)
        self.next_stance = min(max(self.next_stance + self.random.gauss(0, 1), 0.0), 100.0)

    def settle(self):
        self.stance = self.next_stance


class War:
    """One run; the framework makes the actors, and has ``each`` of them do something."""

    def begin(self, scenario, make):
        self.by_name = {name: make(name, actor, scenario.ties) for name, actor in scenario.actors.items()}
        self.parties = [actor for actor in self.by_name.values() if actor.party]
        self.offers = {}
        for event in scenario.events:
            if event.offer:
                self.offers.setdefault(scenario.step_of(event.on), []).append(event.offer)
        self.truce, self.step_number = False, 0
        self.answers = {}

    def phases(self):
        intensity = 0.1 if self.truce else 1.0
        powers = [party.power() ** 2 for party in self.parties]
        expected = [party.power(expected=True) ** 2 for party in self.parties]
        for party, power in zip(self.parties, powers, strict=True):
            party.fight(power / sum(powers), intensity)
        held = sum(party.control for party in self.parties)
        for party in self.parties:
            party.control /= held
        still = math.exp(-max(abs(party.momentum) for party in self.parties) / 0.002)
        stuck = still * min(min(party.exhaustion / 0.3, 1.0) for party in self.parties)
        for party, power in zip(self.parties, expected, strict=True):
            swift = 0.2 * math.tanh(party.momentum / 0.002)
            party.appraise(power / sum(expected) - 1 / len(self.parties) + swift, stuck)
        self.each("move")
        self.each("settle")
        for offer in self.offers.get(self.step_number, ()):
            self.answer(offer)
        if self.truce:
            least = min(party.stance for party in self.parties)
            self.truce = self.random.random() > 1 - math.exp(-0.1 * math.exp(-(least - 50) / 50))
        self.step_number += 1

    def answer(self, offer):
        accepted = True
        for party in self.parties:
            reached = party.stance
            leverage = {tie.source: tie.leverage.best if tie.leverage else 0.0 for tie in party.ties}
            for sponsor in sorted((self.by_name[name] for name in offer.sponsors), key=lambda actor: actor.stance):
                gap = max(sponsor.stance - reached, 0.0)
                reached += leverage.get(sponsor.name, 0.0) * sponsor.salience / 100 * gap
            for name in offer.opponents:
                reached -= 20 * leverage.get(name, 0.0) * self.by_name[name].salience / 100
            willing = reached - party.distrust - (8 if offer.form == "signed" else 0)
            said = self.random.random() < 1 / (1 + math.exp((50 - willing) / 10))
            self.answers[offer.id, party.name] = said
            accepted = accepted and said
        self.truce = self.truce or accepted
