"""The list of what a bundle holds: the releases, and every file with its length and SHA-256.

manifest.json           this list
node.json               the node document, of the flows that are in the bundle
structures.json         their structures, an SDMX-JSON 2.0 message
metadata.json           reference metadata about them, SDMX-JSON 2.0; where there is any
data/MIGX.DF….csv.gz    the observations of a release, SDMX-CSV 2.0
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

import msgspec

from connectors.corridor.document import Agency, ArtefactId, Digest, NodeId, Text, Version
from hub.errors import Invalid
from hub.store.backup.manifest import Stored

MANIFEST, NODE = "manifest.json", "node.json"
STRUCTURES, METADATA = "structures.json", "metadata.json"
FORMAT = 1
#: What a manifest, or a node document, may have at most.
MOST_BYTES = 4 << 20
MOST_FILES = 1_000
_DATA = re.compile(r"data/[A-Za-z0-9_@$.-]{1,255}\.csv\.gz")


class BundledFlow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A release of a dataflow in a bundle.

    `updated` is when it became visible at its node (UTC), `file` which file holds it.
    """

    agency: Agency
    id: ArtefactId
    version: Version
    release: Digest
    updated: datetime
    rows: Annotated[int, msgspec.Meta(ge=0)]
    file: Text

    @property
    def name(self) -> str:
        """`AGENCY:ID`."""
        return f"{self.agency}:{self.id}"


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a bundle is of: `node` made it, with a version of the `program`."""

    format: int = FORMAT
    node: NodeId
    program: Text
    flows: Annotated[tuple[BundledFlow, ...], msgspec.Meta(min_length=1, max_length=MOST_FILES)]
    files: Annotated[dict[str, Stored], msgspec.Meta(max_length=MOST_FILES)]


def data_name(agency: str, id_: str) -> str:
    """The name of the file that holds a flow's data."""
    return f"data/{agency}.{id_}.csv.gz"


def is_member(name: str) -> bool:
    """True for the names that files of a bundle have; none leads anywhere else."""
    known = (MANIFEST, NODE, STRUCTURES, METADATA)
    return name in known or (_DATA.fullmatch(name) is not None and ".." not in name)


def encode_manifest(manifest: Manifest) -> bytes:
    """Write a manifest, as JSON in UTF-8."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1)


def decode_manifest(data: bytes, bundle: str) -> Manifest:
    """Read a manifest; raises Invalid where it is none, or does not fit together."""
    where = f"{bundle}: {MANIFEST}"
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(f"{where} is not the manifest of a bundle: {error}") from error
    if manifest.format != FORMAT:
        raise Invalid(
            f"{where} is of format {manifest.format}, this program knows {FORMAT}: import it with "
            f"the program that made it, or a newer one ({manifest.program})"
        )
    names = [flow.name for flow in manifest.flows]
    if len(set(names)) != len(names):
        raise Invalid(f"{where} names a dataflow twice")
    for flow in manifest.flows:
        if flow.updated.tzinfo is None:
            raise Invalid(f"{where}: the instant of {flow.name} has no time zone")
        if flow.file != data_name(flow.agency, flow.id) or flow.file not in manifest.files:
            raise Invalid(f"{where}: {flow.name} is said to be in {flow.file!r}, which is no place")
    expected = {NODE, STRUCTURES, *(flow.file for flow in manifest.flows)}
    if expected != set(manifest.files) - {METADATA}:
        odd = ", ".join(sorted(expected ^ (set(manifest.files) - {METADATA}))[:5])
        raise Invalid(f"{where} does not fit what it says is in the bundle: {odd}")
    return manifest
