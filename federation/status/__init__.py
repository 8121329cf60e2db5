"""How the exchange with partners stands: what came last, how fresh it is, what is next."""

from federation.status.look import look
from federation.status.values import Exchange, FlowStatus, PartnerStatus

__all__ = ["Exchange", "FlowStatus", "PartnerStatus", "look"]
