"""The one door into the lake: validation, the delta, the release."""

from hub.publish.door import Prepared, prepare, publish, release
from hub.publish.submission import Outcome, Report, Submission
from hub.publish.validate import Checked, validate

__all__ = [
    "Checked",
    "Outcome",
    "Prepared",
    "Report",
    "Submission",
    "prepare",
    "publish",
    "release",
    "validate",
]
