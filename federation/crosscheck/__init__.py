"""Asymmetries of flows counted on both sides (METHODS B.2, docs/methods.md)."""

from federation.crosscheck.asymmetry import derive_asymmetry
from federation.crosscheck.options import (
    ALTERNATIVE_COEFFICIENTS,
    IMEM,
    METHOD_VERSION,
    NOISE_BOUNDS,
    CrossCheckOptions,
    DurationCoefficients,
)
from federation.crosscheck.summary import AsymmetryResult

__all__ = [
    "ALTERNATIVE_COEFFICIENTS",
    "IMEM",
    "METHOD_VERSION",
    "NOISE_BOUNDS",
    "AsymmetryResult",
    "CrossCheckOptions",
    "DurationCoefficients",
    "derive_asymmetry",
]
