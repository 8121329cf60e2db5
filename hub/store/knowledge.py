"""The structures of a node: shared, loaded, and those that say what it provides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, func, select

from dsd import provision_agreements, shared_structures
from hub.model import ArtefactClass, Dataflow, Structures
from hub.settings import Settings
from hub.store.artefacts import load_artefacts
from hub.store.tables import artefacts, audit, clock, former_artefacts, slice_versions


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Structures as they are between two changes.

    `stamped` is the last instant the catalogue had stamped then. `mark` is equal as long as
    nothing that matters changes; `changed` is when something last did.
    """

    stamped: datetime
    mark: tuple[object, ...]
    structures: Structures
    changed: datetime


def know(connection: Connection, settings: Settings, before: Knowledge | None) -> Knowledge:
    """The structures of a node now; the same object as before where nothing changed.

    For each flow the node holds data of there is a provision agreement of its own agency.
    """
    stamped: datetime = connection.execute(select(clock.c.last)).scalar_one()
    if before is not None and before.stamped == stamped:
        return before  # nothing at all was committed since
    loaded, last = connection.execute(
        select(func.count(), func.max(artefacts.c.loaded, type_=artefacts.c.loaded.type))
    ).one()
    ends = former_artefacts.c.ended
    ended = connection.execute(select(func.max(ends, type_=ends.type))).scalar_one()
    first = func.min(slice_versions.c.committed, type_=slice_versions.c.committed.type)
    published = connection.execute(
        select(slice_versions.c.flow, first).group_by(slice_versions.c.flow)
    ).all()
    mark = (loaded, last, ended, len(published))
    if before is not None and before.mark == mark:
        return replace(before, stamped=stamped)
    begun = connection.execute(select(func.min(audit.c.at, type_=audit.c.at.type))).scalar_one()
    known = shared_structures().with_(load_artefacts(connection))
    flows = [_latest_flow(known, name) for name, _ in published]
    provided = [flow for flow in flows if flow is not None]
    own = provision_agreements(settings.node, settings.name or settings.node, provided)
    instants = [begun, last, ended, *(instant for _, instant in published)]
    changed = max((at for at in instants if at is not None), default=stamped)
    return Knowledge(stamped, mark, known.with_(own), changed)


def _latest_flow(known: Structures, name: str) -> Dataflow | None:
    agency, _, id_ = name.partition(":")
    flow = known.latest(ArtefactClass.DATAFLOW, agency, id_)
    return flow if isinstance(flow, Dataflow) else None
