"""The SDMX REST service: versions 1.5 and 2.2 of the API over one backend.

A request becomes a query value (`data_query`, `data_query_v1`, `structure_query`), the value is
checked against structures (`targets`, `checking`, `packaging`, `structure_selection`), and the
answer is streamed (`observations`, `answers`) in the form that was negotiated (`negotiation`).
"""

from hub.rest.app import create_app
from hub.rest.backend import Backend, NodeFacts, ServiceLimits

__all__ = ["Backend", "NodeFacts", "ServiceLimits", "create_app"]
