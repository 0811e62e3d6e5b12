"""Pictures of results: each takes a result and an axis, and gives the axis back."""

from simulation.show.plots.answers import figure_answers, plot_answers
from simulation.show.plots.battle import figure_battle, plot_control, plot_exhaustion
from simulation.show.plots.fonts import use_installed_fonts
from simulation.show.plots.palette import Look, looks
from simulation.show.plots.saving import figures, save_figures
from simulation.show.plots.stances import figure_stances, plot_stances
from simulation.show.plots.ties import figure_ties, plot_ties
from simulation.show.plots.truces import figure_truces, plot_truce_endings, plot_truce_survival

use_installed_fonts()

__all__ = [
    "Look",
    "figure_answers",
    "figure_battle",
    "figure_stances",
    "figure_ties",
    "figure_truces",
    "figures",
    "looks",
    "plot_answers",
    "plot_control",
    "plot_exhaustion",
    "plot_stances",
    "plot_ties",
    "plot_truce_endings",
    "plot_truce_survival",
    "save_figures",
]
