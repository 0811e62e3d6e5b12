"""A line on what each thing on the page is."""

from __future__ import annotations

WORDS = {
    "stance": "Where an actor stands on stopping the fighting, from 0 (fight on to victory) to 100 (stop now).",
    "position": "Where an actor stands on what is negotiated, from 0 to 100; the chart names both ends.",
    "rule": "By what stances move from step to step: who listens to whom, and how far. Each rule is a published model.",
    "run": "One possible course of events. Runs differ by chance alone: the battles, the moods, and how an even choice "
    "falls.",
    "runs": "How many courses of events are made. More runs give narrower intervals and take longer.",
    "offer": "A proposal to stop, made on a day by its sponsors to some of the parties. Each accepts, accepts with "
    "conditions, or refuses.",
    "seed": "The number that all chance is drawn from. The same seed gives the same runs again; another one gives "
    "others, just as good.",
    "against": "What numbers and charts are set against. Run 13 of the one is compared with run 13 of the other, on "
    "common random numbers, so that chance does not blur the difference.",
    "truce": "Starts when all parties have accepted one offer; it lapses when its term is over, or is broken.",
    "interval": "Were the same number of runs made again and again with other seeds, 95 of 100 such intervals would "
    "hold the true share. It tells nothing of whether the model is right.",
}
"""What each is, by the name that the page's controls know it by."""

TITLES = {"runs": "number of runs", "against": "compared with", "interval": "95 % interval"}
"""What it is called, where that is another word."""
