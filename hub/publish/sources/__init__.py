"""Several sources for one indicator: dataflows of the node's own, compared, and one chosen."""

from hub.publish.sources.choose import chosen, record_choice
from hub.publish.sources.compare import Comparison, Coverage, Year, compare
from hub.publish.sources.own import own_flow

__all__ = [
    "Comparison",
    "Coverage",
    "Year",
    "chosen",
    "compare",
    "own_flow",
    "record_choice",
]
