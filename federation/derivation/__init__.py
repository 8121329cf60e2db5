"""Deriving from what the node holds: emigrants and asymmetries, back through the one door."""

from federation.derivation.run import (
    ASYMMETRY,
    EMIGRANTS,
    FLOW_RES,
    STOCK_BIRTH,
    STOCK_CTZ,
    Derivation,
    derive,
)

__all__ = [
    "ASYMMETRY",
    "EMIGRANTS",
    "FLOW_RES",
    "STOCK_BIRTH",
    "STOCK_CTZ",
    "Derivation",
    "derive",
]
