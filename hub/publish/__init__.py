"""The one door into the lake: validation, the delta, the release."""

from hub.publish.door import Prepared, prepare, publish, release
from hub.publish.rules import RULES, Rule, Thresholds, thresholds_of
from hub.publish.submission import Outcome, Report, Submission
from hub.publish.validate import Checked, validate

__all__ = [
    "RULES",
    "Checked",
    "Outcome",
    "Prepared",
    "Report",
    "Rule",
    "Submission",
    "Thresholds",
    "prepare",
    "publish",
    "release",
    "thresholds_of",
    "validate",
]
