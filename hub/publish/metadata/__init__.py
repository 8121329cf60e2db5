"""The door for reference metadata: every set is checked, then all of a message are stored."""

from hub.publish.metadata.check import Checked, check
from hub.publish.metadata.load import Loaded, load

__all__ = ["Checked", "Loaded", "check", "load"]
