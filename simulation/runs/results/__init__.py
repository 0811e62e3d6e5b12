"""What came of many runs: names, units, intervals, summaries, saving and loading."""

from simulation.runs.results.bands import quantiles_of
from simulation.runs.results.dataset import as_dataset, history_of, scenario_of
from simulation.runs.results.intervals import FEWEST, Z95, mean_interval, paired_difference, wilson
from simulation.runs.results.saving import ABOUT, about_of, load, save
from simulation.runs.results.summary import makes_conditions, summarise, verdicts
from simulation.runs.results.tally import QUANTILES, Tally, condense

__all__ = [
    "ABOUT",
    "FEWEST",
    "QUANTILES",
    "Z95",
    "Tally",
    "about_of",
    "as_dataset",
    "condense",
    "history_of",
    "load",
    "makes_conditions",
    "mean_interval",
    "paired_difference",
    "quantiles_of",
    "save",
    "scenario_of",
    "summarise",
    "verdicts",
    "wilson",
]
