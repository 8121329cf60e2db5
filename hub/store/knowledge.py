"""The structures of a node: shared, loaded, and those that say what it provides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Column, Connection, func, select

from dsd import provision_agreements, shared_structures
from hub.model import ArtefactClass, Dataflow, ProvisionAgreement, Reference, Structures
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

    For each flow the node holds data of there is a provision agreement of its own agency, unless
    all of it came from other providers, whose agreements were loaded; readers stand at the last
    instant that was stamped (see `Store.open_due`).
    """
    stamped: datetime = connection.execute(select(clock.c.last)).scalar_one()
    if before is not None and before.stamped == stamped:
        return before  # nothing at all was committed since, or became visible
    found = _look(connection, stamped)
    if before is not None and before.mark == found.mark:
        return replace(before, stamped=stamped)
    return _make(connection, settings, stamped, found)


def know_at(
    connection: Connection, settings: Settings, at: datetime, known: Mapping[object, Knowledge]
) -> Knowledge:
    """The structures a node had at an instant; one of those `known` by their mark, if it was that.

    What was replaced or removed since is kept; the shared structures came with the node, and are as
    this program has them. Before the node was made there is nothing.
    """
    found = _look(connection, at)
    same = known.get(found.mark)
    if same is not None:
        return same
    if found.begun is None:
        return Knowledge(at, found.mark, Structures(), at)
    return _make(connection, settings, at, found)


@dataclass(frozen=True, slots=True)
class _Found:
    """What the catalogue says about artefacts until an instant.

    `loaded` counts those loaded, replaced and removed ones too; `last` and `ended` are when one was
    last loaded, and last replaced or removed. `published` are the flows with data and their
    sources, each with the instant since when.
    """

    begun: datetime | None
    loaded: int
    last: datetime | None
    ended: datetime | None
    published: tuple[tuple[str, str, datetime], ...]

    @property
    def mark(self) -> tuple[object, ...]:
        """Equal where the same artefacts were there."""
        return (self.begun, self.loaded, self.last, self.ended, len(self.published))


def _look(connection: Connection, until: datetime) -> _Found:
    count, last = _newest(connection, artefacts.c.loaded, until)
    former, last_former = _newest(connection, former_artefacts.c.loaded, until)
    _, ended = _newest(connection, former_artefacts.c.ended, until)
    visible = slice_versions.c.visible_from  # what is held back must not show as an agreement
    first = func.min(visible, type_=visible.type)
    published = connection.execute(
        select(slice_versions.c.flow, slice_versions.c.source, first)
        .where(visible <= until, slice_versions.c.superseded.is_(None))
        .group_by(slice_versions.c.flow, slice_versions.c.source)
        .order_by(first, slice_versions.c.flow, slice_versions.c.source)
    ).all()
    audited = audit.c.at
    begun = connection.execute(
        select(func.min(audited, type_=audited.type)).where(audited <= until)
    ).scalar_one()
    newest = max((at for at in (last, last_former) if at is not None), default=None)
    sources = tuple((flow, source, at) for flow, source, at in published)
    return _Found(begun, count + former, newest, ended, sources)


def _newest(
    connection: Connection, instants: Column[datetime], until: datetime
) -> tuple[int, datetime | None]:
    """How many instants there are until one, and the last of them."""
    query = select(func.count(), func.max(instants, type_=instants.type)).where(instants <= until)
    count, last = connection.execute(query).one()
    return count, last


def _make(connection: Connection, settings: Settings, until: datetime, found: _Found) -> Knowledge:
    known = shared_structures().with_(load_artefacts(connection, until))
    loaded = _loaded_agreements(known)
    provided: list[Dataflow] = []
    instants = [found.begun, found.last, found.ended]
    for name, sources in _by_flow(found.published).items():
        flow = _latest_flow(known, name)
        if flow is None:
            continue
        covered = loaded.get(flow.reference, set()) - {settings.node}
        if not covered.issuperset(sources):
            provided.append(flow)
        # Without agreements of others a further source changes nothing that can be asked for.
        instants.extend(sources.values() if covered else [min(sources.values())])
    own = provision_agreements(settings.node, settings.name or settings.node, provided)
    changed = max((at for at in instants if at is not None), default=until)
    return Knowledge(until, found.mark, known.with_(own), changed)


def _by_flow(published: Sequence[tuple[str, str, datetime]]) -> dict[str, dict[str, datetime]]:
    """The sources of each flow, with the instant since when each is there."""
    found: dict[str, dict[str, datetime]] = {}
    for flow, source, at in published:
        found.setdefault(flow, {})[source] = at
    return found


def _loaded_agreements(known: Structures) -> dict[Reference, set[str]]:
    """The providers of the dataflows that loaded agreements are about."""
    found: dict[Reference, set[str]] = {}
    for agreement in known.of_type(ProvisionAgreement):
        flow = known.find(agreement.dataflow)
        if flow is not None:
            found.setdefault(flow.reference, set()).add(agreement.provider.item)
    return found


def _latest_flow(known: Structures, name: str) -> Dataflow | None:
    agency, _, id_ = name.partition(":")
    flow = known.latest(ArtefactClass.DATAFLOW, agency, id_)
    return flow if isinstance(flow, Dataflow) else None
