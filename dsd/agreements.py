"""What a node maintains itself: its agency, its data provider, its provision agreements."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dsd.building import ORGANISATIONS_VERSION
from dsd.structures import AGENCY
from hub.errors import BadRequest
from hub.model import (
    AgencyScheme,
    Dataflow,
    DataProviderScheme,
    InternationalString,
    ItemReference,
    Maintainable,
    Organisation,
    ProvisionAgreement,
)
from hub.model.urn import NCNAME_ID


def provision_agreements(
    node_id: str, name: str | InternationalString, dataflows: Iterable[Dataflow]
) -> list[Maintainable]:
    """Make the artefacts that say that a node provides some dataflows.

    These are the node's entry in the agency scheme of MIGX (partial: it does not know the other
    nodes), the scheme of data providers of the node's agency `MIGX.<NODE>` with the node as its
    one provider, and one agreement for each dataflow, in the dataflow's version. Raises
    BadRequest for a node id that cannot be part of an agency id.
    """
    if re.fullmatch(NCNAME_ID, node_id) is None:
        raise BadRequest(
            f"'{node_id}' is not a node id: write a letter, then letters, digits, '_' or '-', "
            "for example SWE"
        )
    named = InternationalString.of(name) if isinstance(name, str) else name
    providers = _providers(node_id, named)
    provider = providers.reference.item(node_id)
    return [
        _agency(node_id, named),
        providers,
        *(_agreement(providers.agency, provider, named, flow) for flow in dataflows),
    ]


def _agency(node_id: str, name: InternationalString) -> AgencyScheme:
    return AgencyScheme(
        agency=AGENCY,
        id="AGENCIES",
        version=ORGANISATIONS_VERSION,
        name=InternationalString.of("Nodes"),
        description=InternationalString.of(f"Agencies of nodes under {AGENCY}."),
        is_partial=True,
        items=(Organisation(id=node_id, name=name),),
    )


def _providers(node_id: str, name: InternationalString) -> DataProviderScheme:
    return DataProviderScheme(
        agency=f"{AGENCY}.{node_id}",
        id="DATA_PROVIDERS",
        version=ORGANISATIONS_VERSION,
        name=InternationalString.of(f"Data providers of node {node_id}"),
        description=InternationalString.of("The node itself, which answers for what it serves."),
        items=(Organisation(id=node_id, name=name),),
    )


def _agreement(
    agency: str, provider: ItemReference, name: InternationalString, flow: Dataflow
) -> ProvisionAgreement:
    # Flows of other agencies may have the id of a shared one.
    owner = "" if flow.agency == AGENCY else f"{flow.agency.replace('.', '-')}_"
    titles = {tag: f"{name.best((tag,))}: {title}" for tag, title in flow.name.texts}
    return ProvisionAgreement(
        agency=agency,
        id=f"PA_{owner}{flow.id}",
        version=flow.version,
        name=InternationalString.of(titles or f"{name}: {flow.id}"),
        description=InternationalString.of(
            f"{provider.item} provides data of {flow.reference} and answers for them."
        ),
        dataflow=flow.reference,
        provider=provider,
    )
