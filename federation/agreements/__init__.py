"""Agreements with partners: whether one lets a flow be harvested, and for which areas."""

from federation.agreements.granting import Granting, granted, granting
from federation.agreements.writing import write_down

__all__ = ["Granting", "granted", "granting", "write_down"]
