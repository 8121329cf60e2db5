"""Another Corridor node as a source: its document and its data."""

from connectors.corridor.document import NodeDocument, NodeFlow, NodeSlice, decode, encode
from connectors.corridor.profile import (
    Node,
    data_file,
    data_request,
    document_url,
    flow_url,
    node_url,
    read_node,
)
from connectors.corridor.service import CorridorService, offer_of

__all__ = [
    "CorridorService",
    "Node",
    "NodeDocument",
    "NodeFlow",
    "NodeSlice",
    "data_file",
    "data_request",
    "decode",
    "document_url",
    "encode",
    "flow_url",
    "node_url",
    "offer_of",
    "read_node",
]
