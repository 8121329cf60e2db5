"""The rules of the validator: a small file for each kind, and one table of all."""

from hub.publish.rules.rule import Rule, Thresholds, thresholds_of
from hub.publish.rules.table import RULES, STRUCTURAL, look_for_all

__all__ = ["RULES", "STRUCTURAL", "Rule", "Thresholds", "look_for_all", "thresholds_of"]
