"""A scenario held against what happened: hindcasts, scores, baselines, calibration, ablation."""
