"""What the answers of many wars say about the coefficients they share, and how well each is foretold by the others."""

from simulation.questions.record.pooled.calibration import DRAWS, LUCKS, ROUNDS, calibrate_wars

__all__ = ["DRAWS", "LUCKS", "ROUNDS", "calibrate_wars"]
