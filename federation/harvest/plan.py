"""What to ask a partner for: its shared national flows, in a version this node can take."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from connectors.service import Offer
from federation.partners import Partner
from hub.errors import NotFound, NotSupported
from hub.model import ArtefactClass, Dataflow, Structures, version_key

SHARED_AGENCY = "MIGX"

#: The annotation that says who writes a flow, and its value for flows this node derives itself.
WRITTEN_BY, DERIVE = "WRITTEN_BY", "derive"


def flow_name(flow: Dataflow) -> str:
    """`AGENCY:ID`, how a flow is named apart from its version."""
    return f"{flow.agency}:{flow.id}"


def harvested_flows(structures: Structures, wanted: Collection[str] = ()) -> tuple[Dataflow, ...]:
    """The shared dataflows that nodes exchange, newest version each, ordered by name.

    Derived flows are not among them: every node derives its own. `wanted` restricts to names
    (`AGENCY:ID`); raises NotFound for one that is not harvested, naming those that are.
    """
    newest = {
        flow_name(flow): structures.latest(ArtefactClass.DATAFLOW, flow.agency, flow.id)
        for flow in structures.of_type(Dataflow)
        if flow.agency == SHARED_AGENCY
    }
    flows = {
        name: flow
        for name, flow in sorted(newest.items())
        if isinstance(flow, Dataflow) and flow.annotation(WRITTEN_BY) != DERIVE
    }
    for name in wanted:
        if name not in flows:
            raise NotFound(
                f"{name} is not harvested; shared national flows are {', '.join(flows) or 'none'}"
            )
    return tuple(flow for name, flow in flows.items() if not wanted or name in wanted)


def is_wanted(partner: Partner, flow: Dataflow) -> bool:
    """True where nothing restricts a partner's flows, or this one is named."""
    return not partner.flows or flow_name(flow) in partner.flows


def offered(offers: Sequence[Offer], flow: Dataflow) -> tuple[Offer, ...]:
    """The partner's version of a flow to ask for, of each part; () where it does not publish it.

    A flow takes data of its own version and of older ones with the same major number; of several
    the newest is asked for. Raises NotSupported where no version fits.
    """
    name = flow_name(flow)
    theirs = [offer for offer in offers if offer.flow == name]
    if not theirs:
        return ()
    parts = dict.fromkeys(offer.part for offer in theirs)
    newest = [_newest([each for each in theirs if each.part == part], flow) for part in parts]
    found = tuple(offer for offer in newest if offer is not None)
    if not found:
        versions = ", ".join(other.version for other in theirs)
        raise NotSupported(
            f"the partner publishes {name} in version {versions}, this node knows {flow.version}"
        )
    return found


def _newest(offers: Sequence[Offer], flow: Dataflow) -> Offer | None:
    return max(
        (other for other in offers if _takes(flow.version, other.version)),
        key=lambda other: version_key(other.version),
        default=None,
    )


def _takes(ours: str, theirs: str) -> bool:
    same_major = ours.partition(".")[0] == theirs.partition(".")[0]
    return same_major and version_key(theirs) <= version_key(ours)
