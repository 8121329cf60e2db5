"""The one door into the lake: validation, the delta, the release."""

from hub.publish.door import publish
from hub.publish.submission import Outcome, Report, Submission
from hub.publish.validate import Checked, validate

__all__ = ["Checked", "Outcome", "Report", "Submission", "publish", "validate"]
