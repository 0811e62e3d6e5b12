"""What the answers of many wars say about the coefficients that they share, and how well each is foretold by the others."""

from simulation.questions.record.pooled.calibration import calibrate_wars

__all__ = ["calibrate_wars"]
