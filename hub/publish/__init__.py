"""The one door into the lake: validation, the delta, the release."""

from hub.publish.door import Prepared, prepare, publish, release
from hub.publish.rollback import roll_back
from hub.publish.rules import RULES, Rule, Thresholds, thresholds_of
from hub.publish.submission import Outcome, Report, Statement, Submission
from hub.publish.validate import Checked, validate
from hub.publish.waiting import approve, hand_in, hand_in_rollback, reject

__all__ = [
    "RULES",
    "Checked",
    "Outcome",
    "Prepared",
    "Report",
    "Rule",
    "Statement",
    "Submission",
    "Thresholds",
    "approve",
    "hand_in",
    "hand_in_rollback",
    "prepare",
    "publish",
    "reject",
    "release",
    "roll_back",
    "thresholds_of",
    "validate",
]
