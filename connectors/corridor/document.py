"""The node document, `/.well-known/sdmx-node`: what a Corridor node says of itself.

The same value is written by a node about itself and read from a partner. Member names of the JSON
object are those of the fields; members that are not known here are passed over, so that a newer
node stays readable. Nothing in it grants a right: it says what a partner claims.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from hub.errors import PartnerInvalid
from hub.model import MOST_HOPS, Descent
from hub.model.urn import AGENCY_ID, ARTEFACT_ID, NCNAME_ID, VERSION

PATH = "/.well-known/sdmx-node"
MEDIA_TYPE = "application/json"
DOCUMENT_BYTES = 4 << 20

Text = Annotated[str, msgspec.Meta(max_length=1_000)]
Url = Annotated[str, msgspec.Meta(max_length=2_000)]
NodeId = Annotated[str, msgspec.Meta(pattern=rf"^(?:{NCNAME_ID})\Z", max_length=64)]
Agency = Annotated[str, msgspec.Meta(pattern=rf"^(?:{AGENCY_ID})\Z", max_length=255)]
Area = Annotated[str, msgspec.Meta(pattern=rf"^(?:\*|{NCNAME_ID})\Z", max_length=64)]
ArtefactId = Annotated[str, msgspec.Meta(pattern=rf"^(?:{ARTEFACT_ID})\Z", max_length=255)]
Version = Annotated[str, msgspec.Meta(pattern=rf"^(?:{VERSION})\Z", max_length=64)]
Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]


class NodeSlice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The part of a release that is about one area, and where its figures began.

    `origin` is the node that published them first, `release` and `digest` its release and its file
    of them, `updated` since when they were seen there; `hops` how often they were harvested until
    this node had them (0: they are its own), `path` from which nodes, the origin first. `compiled`
    where the origin put together what others count. `rows` are its observations.
    """

    area: Area
    rows: Annotated[int, msgspec.Meta(ge=0)] | None = None
    origin: NodeId
    release: Digest | None = None
    digest: Digest | None = None
    updated: datetime | None = None
    hops: Annotated[int, msgspec.Meta(ge=0, le=MOST_HOPS)] = 0
    path: Annotated[tuple[NodeId, ...], msgspec.Meta(max_length=MOST_HOPS)] = ()
    compiled: bool = False

    @classmethod
    def of(cls, area: str, descent: Descent, rows: int) -> NodeSlice:
        """How a descent is told."""
        return cls(
            area=area,
            rows=rows,
            origin=descent.origin,
            release=descent.release,
            digest=descent.digest,
            updated=descent.updated,
            hops=descent.hops,
            path=descent.path,
            compiled=descent.is_compiled,
        )

    def descent(self, node: str) -> Descent | None:
        """The descent that `node` tells; None where what it says does not fit together."""
        began = self.path[0] if self.path else node
        if self.origin != began or self.hops != len(self.path):
            return None
        if self.updated is not None and self.updated.tzinfo is None:
            return None
        return Descent(
            origin=self.origin,
            release=self.release,
            digest=self.digest,
            updated=self.updated,
            path=self.path,
            is_compiled=self.compiled,
        )


class NodeFlow(msgspec.Struct, frozen=True, kw_only=True):
    """A dataflow of a node with its newest visible release.

    `release` is the release's id, None where nothing is published; `rows` its observations (then
    0), `updated` when it became visible. `slices` are its parts by area; None where nobody tells,
    as nodes of old do not.
    """

    agency: Agency
    id: ArtefactId
    version: Version
    release: Digest | None = None
    updated: datetime | None = None
    rows: Annotated[int, msgspec.Meta(ge=0)] | None = None
    slices: Annotated[tuple[NodeSlice, ...], msgspec.Meta(max_length=2_000)] | None = None

    @property
    def name(self) -> str:
        """`AGENCY:ID`, how a flow is named apart from its version."""
        return f"{self.agency}:{self.id}"


class NodeDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A node as it describes itself.

    `areas` are those it claims to speak for (`*`: any), `agencies` those it owns; `urls` the base
    URLs by API version (`v1`, `v2`), absolute or relative to the document; `openapi` is where its
    API is described; `public_key` is there when the node signs.
    """

    id: NodeId
    name: Text
    role: Literal["national", "observatory", "hub"]
    areas: Annotated[tuple[Area, ...], msgspec.Meta(max_length=1_000)] = ()
    agencies: Annotated[tuple[Agency, ...], msgspec.Meta(max_length=1_000)] = ()
    urls: Annotated[dict[Text, Url], msgspec.Meta(max_length=20)]
    dataflows: Annotated[tuple[NodeFlow, ...], msgspec.Meta(max_length=10_000)] = ()
    licence: Text | None = None
    contact: Text | None = None
    software: Text | None = None
    openapi: Url | None = None
    public_key: Text | None = None
    updated: datetime | None = None


def encode(document: NodeDocument) -> bytes:
    """Write a node document as JSON, in UTF-8; instants in RFC 3339."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2)


def decode(data: bytes, source: str) -> NodeDocument:
    """Read a node document; raises PartnerInvalid, naming the place in it."""
    try:
        return msgspec.json.decode(data, type=NodeDocument)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PartnerInvalid(f"{source} is not a node document: {error}") from error
