"""Partners: who they are and what they may speak for."""

from federation.partners.ports import PartnerRegistry
from federation.partners.registration import Registration, add_partner, register
from federation.partners.values import (
    HOLDS,
    NODE_DOCUMENT,
    Attempt,
    Facts,
    FinishReason,
    Partner,
)

__all__ = [
    "HOLDS",
    "NODE_DOCUMENT",
    "Attempt",
    "Facts",
    "FinishReason",
    "Partner",
    "PartnerRegistry",
    "Registration",
    "add_partner",
    "register",
]
