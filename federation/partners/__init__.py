"""Partners: who they are and what they may speak for."""

from federation.partners.ports import PartnerRegistry
from federation.partners.registration import (
    ForeignService,
    Registration,
    add_partner,
    add_service,
    register,
)
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
    "ForeignService",
    "Partner",
    "PartnerRegistry",
    "Registration",
    "add_partner",
    "add_service",
    "register",
]
