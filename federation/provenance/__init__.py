"""Where observations come from: of what they were made, down to the bytes partners sent."""

from federation.provenance.explain import explain
from federation.provenance.values import (
    Archived,
    Difference,
    Explanation,
    Input,
    LeftOut,
    Outcome,
    Part,
    Source,
    Verdict,
)
from federation.provenance.verify import verify

__all__ = [
    "Archived",
    "Difference",
    "Explanation",
    "Input",
    "LeftOut",
    "Outcome",
    "Part",
    "Source",
    "Verdict",
    "explain",
    "verify",
]
