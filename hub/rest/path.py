"""The path of a request: raw segments, decoded one by one, and the identifiers in them.

A server may decode `%2F` or `%2C` too early; so the raw path is split first. Trailing parameters
may be left out, with or without a trailing slash (SDMX REST 2.2, "Path parameters").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hub.errors import BadRequest, NotFound
from hub.model import Reference, VersionQuery, parse_version_query
from hub.model.urn import AGENCY_ID, ARTEFACT_ID, VERSION
from hub.rest.artefact_types import classes_of_type
from hub.rest.parameters import decode

_AGENCY = re.compile(AGENCY_ID)
_ID = re.compile(ARTEFACT_ID)
_VERSION = re.compile(VERSION)
_COMPONENT = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class ResourcePath:
    """The positional parameters of a resource, decoded, and their names for messages."""

    values: tuple[str, ...]
    names: tuple[str, ...]

    def get(self, name: str, default: str) -> str:
        """The value of a positional parameter, or its default where it was left out."""
        position = self.names.index(name)
        return self.values[position] if position < len(self.values) else default


def parse_path(raw: str, names: tuple[str, ...]) -> ResourcePath:
    """Split what follows the resource in a raw path into its positional parameters.

    Raises BadRequest for empty parameters before the last and for more than the resource has.
    """
    segments = raw.strip("/").split("/") if raw.strip("/") else []
    if len(segments) > len(names):
        raise BadRequest(
            f"the path has {len(segments)} parameters, at most {len(names)} are possible: "
            + "/".join(f"{{{name}}}" for name in names)
        )
    values = tuple(decode(segment, name) for segment, name in zip(segments, names, strict=False))
    for value, name in zip(values, names, strict=False):
        if not value:
            raise BadRequest(f"path parameter {name} is empty; write a wildcard in its place")
    return ResourcePath(values, names)


def parse_agencies(text: str, separator: str) -> tuple[str, ...]:
    """Parse agency ids; () means all."""
    return _names(text, separator, _AGENCY, "an agency id", "MIGX or MIGX.SWE")


def parse_ids(text: str, separator: str) -> tuple[str, ...]:
    """Parse artefact ids; () means all."""
    return _names(text, separator, _ID, "an artefact id", "DF_STOCK_BIRTH")


def parse_components(text: str, separator: str) -> tuple[str, ...]:
    """Parse component ids; () means all."""
    return _names(text, separator, _COMPONENT, "a component id", "REF_AREA")


def parse_items(text: str, separator: str) -> tuple[str, ...]:
    """Parse item ids, nested ones dotted; () means all."""
    values = tuple(text.split(separator))
    if not all(values):
        raise BadRequest(f"'{text}' holds an empty item id")
    return () if {"*", "all"} & set(values) else values


def parse_versions(text: str, separator: str = ",") -> VersionQuery:
    """Parse a version query; the 1.x keywords `all` and `latest` are understood as `*` and `~`."""
    keywords = {"all": "*", "latest": "~"}
    parts = (keywords.get(part, part) for part in text.split(separator))
    return parse_version_query(",".join(parts))


def parse_reference_path(place: ResourcePath) -> Reference:
    """The one artefact that a path names by artefactType, agencyID, resourceID and version.

    Raises BadRequest for wildcards and lists, NotFound for a type of which this node keeps none.
    """
    type_, version = place.get("artefactType", "*"), place.get("version", "*")
    classes = classes_of_type(type_, v1=False)
    agencies = parse_agencies(place.get("agencyID", "*"), ",")
    ids = parse_ids(place.get("resourceID", "*"), ",")
    if not classes:
        raise NotFound(f"there is no {type_} on this node")
    is_one = len(classes) == len(agencies) == len(ids) == 1
    if not is_one or not _VERSION.fullmatch(version):
        raise BadRequest(
            f"'{'/'.join(place.values)}' does not name one artefact: write its type, agency, id "
            "and version, such as codelist/MIGX.SWE/CL_REASON/1.0.0-draft"
        )
    return Reference(classes[0], agencies[0], ids[0], version)


def _names(
    text: str, separator: str, pattern: re.Pattern[str], what: str, example: str
) -> tuple[str, ...]:
    values = tuple(text.split(separator))
    if {"*", "all"} & set(values):
        return ()
    for value in values:
        if not pattern.fullmatch(value):
            raise BadRequest(f"'{value}' is not {what}: write one such as {example}, or a wildcard")
    return values
