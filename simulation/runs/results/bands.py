"""Quantiles over runs, as summaries, tables and pictures read them off a digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.dynamics.variables import DERIVED, VARIABLES
from simulation.runs.results.tally import BINS

if TYPE_CHECKING:
    import xarray as xr


def quantiles_of(digest: xr.Dataset, name: str) -> xr.DataArray:
    """The quantiles of a variable over runs; where all lie in one slice of the scale, at the mean, which is exact.

    A digest counts runs in slices of a 400th of the scale. Of runs that agree it would give the middle of their slice,
    and their mean would lie outside of their own band.

    Parameters
    ----------
    name : of a variable whose quantiles a digest keeps, such as ``stance`` or ``outcome``
    """
    variable = VARIABLES.get(name) or DERIVED[name]
    quantiles, mean = digest[f"{name}_quantile"], digest[f"{name}_mean"]
    agree = quantiles.max("quantile") == quantiles.min("quantile")
    inside = abs(quantiles.min("quantile") - mean) <= variable.width / BINS / 2 * (1 + 1e-9)
    return quantiles.where(~(agree & inside), mean).transpose(*quantiles.dims)
