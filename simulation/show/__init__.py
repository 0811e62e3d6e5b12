"""Pictures, reports, moving pictures and the page in the browser."""

from simulation.show.plot import Figures, plot

__all__ = ["Figures", "plot"]
