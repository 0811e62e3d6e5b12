"""A scenario at many points: over a grid, a sample or a file of values, resumable and on any number of workers.

>>> import tempfile
>>> from simulation import load_scenario
>>> from simulation.questions.sweep import build, summarise, sweep
>>> scenario = load_scenario("libya-2020-01")
>>> design = build(["ties.UAE.LNA.support=0:1:3"])
>>> with tempfile.TemporaryDirectory() as folder:
...     store = sweep(scenario, design, folder, runs=20, measures=["truce.starts"], workers=1)
...     summarise(store)["value"].dims
('point', 'measure')
"""

from simulation.questions.sweep.design import Design, build
from simulation.questions.sweep.run import sweep
from simulation.questions.sweep.store import Store, open_store
from simulation.questions.sweep.summary import summarise

__all__ = ["Design", "Store", "build", "open_store", "summarise", "sweep"]
