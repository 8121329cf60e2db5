"""The one door into the lake: validation, the delta, the release."""

from hub.publish.door import Prepared, prepare, publish, release
from hub.publish.submission import Outcome, Report, Statement, Submission
from hub.publish.validate import Checked, validate

__all__ = [
    "Checked",
    "Outcome",
    "Prepared",
    "Report",
    "Statement",
    "Submission",
    "prepare",
    "publish",
    "release",
    "validate",
]
