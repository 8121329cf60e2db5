"""What a node says about itself: the node document that partners read, and its health."""

from __future__ import annotations

import logging

from connectors.corridor.document import (
    MEDIA_TYPE,
    NodeDocument,
    NodeFlow,
    NodeSlice,
    encode,
)
from hub.model import Dataflow, ProvisionAgreement, Reference, Release, Structures, descent_at
from hub.rest.answers import Answer, Message
from hub.rest.call import Call
from hub.rest.conditional import Validators, digest
from hub.rest.openapi import PATH as OPENAPI_PATH
from hub.rest.service import Service
from hub.settings import Role

log = logging.getLogger("corridor.rest")


class ServedFlow(NodeFlow, frozen=True, kw_only=True):
    """A dataflow of this node; `agreements` are the URNs of the agreements it is provided under."""

    agreements: tuple[str, ...] = ()


def answer_node(service: Service, base_url: str, _call: Call) -> Answer:
    """The node document, `/.well-known/sdmx-node`.

    It never widens what a partner's agreement says of this node; it tells where to look and what
    is new, so that a partner asks for nothing it has.
    """
    document = node_document(service, base_url)
    body = encode(document)

    def write() -> Message:
        return Message(iter((body,)), is_short=True)

    # What the addresses in it are depends on how the request came: it is written anew each time.
    return Answer(MEDIA_TYPE, Validators(digest(body), document.updated), write, is_kept=False)


def node_document(service: Service, base_url: str) -> NodeDocument:
    """Describe the node as it is now; `base_url` counts where the service has none configured."""
    facts, structures = service.facts, service.backend.structures
    agreements = _agreements(structures)
    flows = tuple(
        _served(dataflow, service, agreements)
        for dataflow in sorted(structures.of_type(Dataflow), key=lambda flow: flow.urn)
    )
    root = (service.base_url or base_url).rstrip("/")
    changes = [flow.updated for flow in flows if flow.updated is not None]
    return NodeDocument(
        id=facts.id,
        name=facts.name,
        role=facts.role,
        areas=facts.areas,
        agencies=facts.agencies,
        urls={"v1": f"{root}/sdmx/v1", "v2": f"{root}/sdmx/v2"},
        dataflows=flows,
        openapi=f"{root}{OPENAPI_PATH}",
        licence=facts.licence or None,
        contact=facts.contact or None,
        software=facts.software_version or None,
        updated=max([service.backend.structures_changed, *changes]),
    )


def _served(
    dataflow: Dataflow, service: Service, agreements: dict[Reference, tuple[str, ...]]
) -> ServedFlow:
    release = service.backend.release(dataflow.reference)
    facts = service.facts
    return ServedFlow(
        agency=dataflow.agency,
        id=dataflow.id,
        version=dataflow.version,
        release=release.id if release else None,
        updated=release.visible_from if release else None,
        rows=release.rows if release else 0,
        slices=told_slices(release, facts.id, facts.role) if release else (),
        agreements=agreements.get(dataflow.reference, ()),
    )


def told_slices(release: Release, node: str, role: str) -> tuple[NodeSlice, ...]:
    """The slices of a release of a node, with their descent.

    Those of derived figures are not told: who wants such figures derives them.
    """
    is_compiled = role != Role.NATIONAL
    return tuple(
        NodeSlice.of(one.slice, descent_at(node, release, one, is_compiled=is_compiled), one.rows)
        for one in release.slices
        if one.slice and one.origin.kind != "derivation"
    )


def _agreements(structures: Structures) -> dict[Reference, tuple[str, ...]]:
    """The agreements of each dataflow."""
    found: dict[Reference, tuple[str, ...]] = {}
    for agreement in structures.of_type(ProvisionAgreement):
        flow = structures.find(agreement.dataflow)
        if flow is not None:
            found[flow.reference] = (*found.get(flow.reference, ()), agreement.urn)
    return found


def health(service: Service) -> tuple[int, dict[str, str]]:
    """Whether the node can answer: (200, ok) when its catalogue does, else (503, unavailable)."""
    try:
        len(service.backend.structures)
    except Exception:
        log.exception("the catalogue does not answer")
        return 503, {"status": "unavailable"}
    return 200, {"status": "ok", "software": service.facts.software_version}
