"""Deriving from what the node holds: emigrants and asymmetries, back through the one door."""

from federation.derivation.run import ASYMMETRY, EMIGRANTS, Derivation, derive

__all__ = ["ASYMMETRY", "EMIGRANTS", "Derivation", "derive"]
