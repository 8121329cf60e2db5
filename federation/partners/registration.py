"""Adding a partner: its document says who it is, the operator says what it may speak for.

A foreign service has no document: who it is, the operator says, or the catalogue of services.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches

from codelists import reporting_areas
from connectors.corridor import NodeDocument, node_url, read_node
from connectors.http import Client, parse_url
from connectors.registry import service_of
from federation.partners.ports import PartnerRegistry
from federation.partners.values import Partner
from hub.errors import BadRequest, Conflict, Finding, Invalid, Severity

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,49}")


@dataclass(frozen=True, slots=True)
class Registration:
    """A partner as it was added, with what its operator should know."""

    partner: Partner
    warnings: tuple[Finding, ...] = ()


def add_partner(
    url: str,
    areas: Sequence[str],
    *,
    registry: PartnerRegistry,
    client: Client,
    own_id: str,
    flows: Sequence[str] = (),
    known_areas: Collection[str] | None = None,
    now: datetime | None = None,
) -> Registration:
    """Read the node document at `url` and register the node for `areas`.

    `areas` are codes of reporting areas (ISO 3166-1 alpha-3), at least one; `known_areas` defaults
    to those of the shared code list. `own_id` is this node's. Raises BadRequest for no areas,
    Invalid for unknown ones, Conflict when the partner is there already, and what `read_node`
    raises.
    """
    granted = _granted(areas, reporting_areas() if known_areas is None else known_areas)
    address = node_url(url)
    for known in registry.list():
        if known.url == address:
            raise Conflict(f"{address} is registered already, as partner {known.id}")
    node = read_node(address, client)
    return register(
        node.document,
        node.url,
        granted,
        registry=registry,
        own_id=own_id,
        flows=flows,
        known_areas=known_areas,
        now=now,
    )


def register(
    document: NodeDocument,
    url: str,
    areas: Sequence[str],
    *,
    registry: PartnerRegistry,
    own_id: str,
    flows: Sequence[str] = (),
    known_areas: Collection[str] | None = None,
    now: datetime | None = None,
) -> Registration:
    """Register the node of a document for `areas`; `url` is "" for one that cannot be harvested.

    Raises BadRequest for no areas, Invalid for unknown ones, Conflict for this node itself and when
    the partner is there already.
    """
    granted = _granted(areas, reporting_areas() if known_areas is None else known_areas)
    if document.id == own_id:
        raise Conflict(f"{url or 'the document'} says it is {own_id}, which is this node itself")
    partner = Partner(
        id=document.id,
        url=url,
        name=document.name,
        areas=granted,
        agencies=document.agencies,
        flows=tuple(dict.fromkeys(flows)),
        added=now or datetime.now(UTC),
    )
    registry.add(partner)
    return Registration(partner, tuple(_warnings(partner, document)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignService:
    """A service that is no Corridor node: the id it gets here, where it is, and what it is called.

    `profile` says of what kind it is (`connectors.registry`).
    """

    id: str
    url: str
    name: str
    profile: str


def add_service(
    service: ForeignService,
    areas: Sequence[str],
    *,
    registry: PartnerRegistry,
    own_id: str,
    now: datetime | None = None,
) -> Registration:
    """Register a foreign service for `areas`; nothing is asked of it.

    Raises BadRequest for no areas, an id that is none and what is no http or https URL, Invalid
    for unknown areas, NotFound for an unknown profile, Conflict when it is there already.
    """
    granted = _granted(areas, reporting_areas())
    if not _ID.fullmatch(service.id) or service.id == own_id:
        raise BadRequest(
            f"'{service.id}' cannot be the id of a partner: give --id a letter, then letters, "
            f"digits, '_' or '-', at most 50, other than {own_id}, for example ESTAT"
        )
    url = str(parse_url(service.url).copy_with(query=None, fragment=None)).rstrip("/")
    service_of(service.profile, url, service.id)  # it is there
    partner = Partner(
        id=service.id,
        url=url,
        name=service.name,
        areas=granted,
        profile=service.profile,
        added=now or datetime.now(UTC),
    )
    registry.add(partner)
    return Registration(partner)


def _granted(areas: Sequence[str], known: Collection[str]) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(area.strip() for area in areas if area.strip()))
    if not wanted:
        raise BadRequest(
            "a partner needs the areas it may speak for: --areas with ISO 3166-1 alpha-3 codes, "
            "for example --areas SWE"
        )
    findings = [_unknown(area, known) for area in wanted if area not in known]
    if findings:
        named = ", ".join(finding.value or "" for finding in findings)
        raise Invalid(f"a partner cannot speak for {named}: no reporting area", findings)
    return wanted


def _unknown(area: str, known: Collection[str]) -> Finding:
    near = get_close_matches(area.upper(), known, n=3)
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    if area == "*":
        hint = "; a partner speaks for areas that are named one by one"
    return Finding(
        rule="unknown-area",
        message=f"'{area}' is no reporting area: write ISO 3166-1 alpha-3 codes{hint}",
        value=area,
    )


def _warnings(partner: Partner, document: NodeDocument) -> list[Finding]:
    """Areas granted that the node does not claim: allowed, and probably a slip."""
    if "*" in document.areas:
        return []
    return [
        Finding(
            rule="area-not-claimed",
            message=f"{partner.id} does not say that it speaks for {area}; it claims "
            f"{', '.join(document.areas) or 'no area'}",
            severity=Severity.WARNING,
            value=area,
        )
        for area in partner.areas
        if area not in document.areas
    ]
