"""What comparing a model with the observed answers says, in rows, plain numbers and words."""

from simulation.questions.record.describe.ablation import describe_ablation
from simulation.questions.record.describe.calibration import describe_calibration, describe_recovery, resemblances
from simulation.questions.record.describe.validation import PARTS, describe_validation, verdict

__all__ = [
    "PARTS",
    "describe_ablation",
    "describe_calibration",
    "describe_recovery",
    "describe_validation",
    "resemblances",
    "verdict",
]
