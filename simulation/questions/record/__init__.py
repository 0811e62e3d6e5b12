"""A scenario compared with what happened: hindcasts, scores, baselines, calibration, ablation."""
