"""A scenario at many points: over a grid, a sample or a file of values, resumable and on any number of workers.

>>> import tempfile
>>> from simulation import load_scenario
>>> from simulation.questions.sweep import sweep
>>> scenario = load_scenario("libya-2020-01")
>>> with tempfile.TemporaryDirectory() as folder:
...     finding = sweep(scenario, {"ties.UAE.LNA.support": [0, 0.5, 1]}, folder, runs=20, workers=1)
...     finding.result["value"].dims
('point', 'measure')
"""

from simulation.questions.sweep.describe import describe
from simulation.questions.sweep.design import Design, plan
from simulation.questions.sweep.run import sweep
from simulation.questions.sweep.store import Store, open_store
from simulation.questions.sweep.summary import summarise

__all__ = ["Design", "Store", "describe", "open_store", "plan", "summarise", "sweep"]
