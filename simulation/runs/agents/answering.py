"""The offers of one run before and while they are answered: which are due, what will be said, what is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from simulation.dynamics.events import DueEvent, happens
from simulation.runs.provenance import provenance
from simulation.runs.reasons import AnsweredOffer, taken_apart
from simulation.scenario.keys import occasions

if TYPE_CHECKING:
    import xarray as xr

    from simulation.runs.agents.model import ConflictModel


def happening(model: ConflictModel, step: int) -> Iterator[DueEvent]:
    """The events of a step that take place in this run, in turn."""
    for event in model.world.events.get(step, ()):
        drawn = happens(event, model.luck.events)
        if drawn is None or drawn[0]:
            yield event


def due(model: ConflictModel) -> Iterator[int]:
    """The offers that the step to come brings in this run, in turn, by their places in ``model.world.offers``."""
    for event in happening(model, model.steps):
        yield from event.offers


def foreseen(model: ConflictModel, number: int) -> AnsweredOffer:
    """The answers that an offer which is due will get, and why; the model stays where it is."""
    step = model.steps
    result = taken_apart(model.scenario, model.world, model.state, model.luck, number, step, since=step)
    return answered(model, number, result)


def answered(model: ConflictModel, number: int, result: xr.Dataset) -> AnsweredOffer:
    """The answers of this run to an offer, from its answers taken apart."""
    offer = model.world.offers[number]
    result.attrs = {
        **provenance(model.scenario, 1, model.seed, model.uncertain, ()),
        "finding": "why-answer",
        "offer": offer.id,
        "label": label_of(model, offer.id),
        "kind": offer.kind,
        "run": model.run,
        "step": model.steps,
        "date": str(model.date),
    }
    return AnsweredOffer(offer.id, result)


def label_of(model: ConflictModel, offer: str) -> str:
    """What the file calls an offer, in a few words; else its id."""
    labels = (
        event.label
        for event in model.scenario.events
        if event.label and offer in dict(occasions(model.scenario, event))
    )
    return next(labels, offer)


def tell(model: ConflictModel, offer: str, party: str, grade: float) -> None:
    """Have a party answer an offer that is still to be answered: 0 refuse, one half with conditions, 1 accept."""
    parties = model.world.parties
    grades = model.world.told.get(offer, np.full(len(parties), np.nan)).copy()
    grades[parties.index(party)] = grade
    model.world = replace(model.world, told={**model.world.told, offer: grades})
