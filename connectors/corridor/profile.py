"""The profile of another Corridor node: where its document is, how its data is asked for.

Data is asked for as SDMX-CSV 2.0 of the whole flow (SDMX REST 2.2, "Data queries"), conditional on
what is held already. Answers are judged by what they are, not by what they are called.
"""

from __future__ import annotations

import dataclasses
import functools
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import httpx

from connectors.corridor.document import (
    DOCUMENT_BYTES,
    MEDIA_TYPE,
    PATH,
    NodeDocument,
    NodeFlow,
    decode,
)
from connectors.http import (
    Client,
    Fetched,
    FetchLimits,
    FetchRequest,
    Keep,
    excerpt,
    is_same_service,
    parse_url,
    refuse_open_end,
    unpack,
)
from connectors.service import Held
from hub.errors import BadRequest, PartnerInvalid
from hub.formats.sniff import Kind, sniff

CSV_TYPE = "application/vnd.sdmx.data+csv"
CSV_ACCEPT = f"{CSV_TYPE};version=2.0.0"
_CSV_TYPES = frozenset({CSV_TYPE, "text/csv"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A node that was read: the address of its document, what it says, where its data is."""

    url: str
    document: NodeDocument
    data_url: str


@functools.lru_cache(maxsize=1_024)
def document_url(url: str) -> str:
    """The URL of the node document for the address of a node, with or without the document's path.

    Raises BadRequest for what is not an http or https URL.
    """
    parsed = parse_url(url)
    bare = parsed.copy_with(query=None) if "?" in url else parsed
    base = str(bare).rstrip("/")
    return f"{base.removesuffix(PATH)}{PATH}"


def node_url(url: str) -> str:
    """The address of a node, as it is kept: without the document's path and a slash at the end."""
    return document_url(url).removesuffix(PATH)


def read_node(url: str, client: Client, *, keep: Keep | None = None) -> Node:
    """Fetch and check a node's document, of at most 4 MiB.

    Raises what `Client.fetch` raises, and PartnerInvalid where the answer is no node document,
    offers no REST 2.x, or places it on another host.
    """
    limits = document_limits(client)
    return read_answer(url, client.fetch(node_request(url), limits, keep), limits.unpacked_bytes)


def document_limits(client: Client) -> FetchLimits:
    """The limits of a client, for a node document."""
    size = min(DOCUMENT_BYTES, client.limits.wire_bytes)
    return dataclasses.replace(client.limits, wire_bytes=size, unpacked_bytes=size)


def node_request(url: str, held: Held | None = None) -> FetchRequest:
    """The request for a node's document, conditional where it was held under the same URL."""
    return _conditional(FetchRequest(url=document_url(url), accept=MEDIA_TYPE), held)


def read_answer(url: str, fetched: Fetched, limit: int) -> Node:
    """Read the answer to `node_request`; raises PartnerInvalid as `read_node` does."""
    if fetched.status != 200:
        raise _unexpected(fetched, "a node document")
    asked = document_url(url)
    path = unpack(fetched, limit)
    kind = sniff(path)
    if kind is not Kind.JSON:
        raise PartnerInvalid(
            f"{asked} is {kind.title}, not a node document in JSON{_said(fetched)}; "
            "is this the address of a Corridor node?"
        )
    document = decode(path.read_bytes(), asked)
    return Node(url=node_url(url), document=document, data_url=_data_url(fetched.url, document))


def _data_url(source: str, document: NodeDocument) -> str:
    stated = document.urls.get("v2")
    if stated is None:
        raise PartnerInvalid(f"{source} names no URL of SDMX REST 2.x: urls.v2 is missing")
    return _placed(source, stated)


@functools.lru_cache(maxsize=1_024)
def _placed(source: str, stated: str) -> str:
    """The URL a document at `source` states; raises PartnerInvalid for one of another host."""
    try:
        target = parse_url(urljoin(source, stated))
    except (BadRequest, ValueError) as error:
        raise PartnerInvalid(f"{source}: urls.v2 is unusable: {error}") from error
    if not is_same_service(httpx.URL(source), target):
        raise PartnerInvalid(
            f"{source}: urls.v2 leads to another host, {target}, which is not followed; "
            "a node serves its data where it serves its document"
        )
    return str(target).rstrip("/")


def flow_url(node: Node, flow: NodeFlow) -> str:
    """Where all data of a flow is."""
    return f"{node.data_url}/data/dataflow/{flow.agency}/{flow.id}/{flow.version}/*"


def data_request(url: str, held: Held | None = None) -> FetchRequest:
    """The request for data at a URL, conditional where it was held under the same one."""
    return _conditional(FetchRequest(url=url, accept=CSV_ACCEPT), held)


def _conditional(request: FetchRequest, held: Held | None) -> FetchRequest:
    if held is None or held.url != request.url:
        return request
    return dataclasses.replace(request, etag=held.etag, last_modified=held.last_modified)


def data_file(fetched: Fetched, limit: int) -> Path:
    """The unpacked SDMX-CSV file of a 200 answer to `data_request`, at most `limit` bytes.

    Raises PartnerInvalid for any other status and for a body that is no SDMX-CSV, whatever its
    type says, and PartnerUnavailable where a packed body breaks off.
    """
    if fetched.status != 200:
        raise _unexpected(fetched, "data")
    path = unpack(fetched, limit)
    kind = sniff(path)
    if kind is Kind.EMPTY:
        raise PartnerInvalid(
            f"{fetched.url} answered 200 with an empty body; no data is said by 204"
        )
    if kind is not Kind.SDMX_CSV:
        raise PartnerInvalid(f"{fetched.url} sent {kind.title} instead of SDMX-CSV{_said(fetched)}")
    if fetched.media_type and fetched.media_type not in _CSV_TYPES:
        raise PartnerInvalid(
            f"{fetched.url} sent {fetched.media_type[:100]} instead of {CSV_ACCEPT}"
        )
    refuse_open_end(fetched, path)
    return path


def _unexpected(fetched: Fetched, wanted: str) -> PartnerInvalid:
    return PartnerInvalid(
        f"{fetched.url} answered {fetched.status} instead of {wanted}{_said(fetched)}"
    )


def _said(fetched: Fetched) -> str:
    said = excerpt(fetched)
    return f": “{said}”" if said else ""
