"""What a data query is about: the releases it reads, each under the schema it is written with.

The context asked for is kept: one data set per dataflow, provision agreement or, for a data
structure, per dataflow under it (SDMX REST 2.2, "Data queries").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from weakref import WeakKeyDictionary

from hub.errors import NotFound, TooLarge
from hub.model import (
    ArtefactClass,
    ContextQuery,
    Dataflow,
    DataStructure,
    Maintainable,
    ProvisionAgreement,
    Reference,
    Release,
    Schema,
    Selection,
    Structures,
    resolve,
    version_key,
)
from hub.rest.backend import Backend
from hub.rest.matching import matching

#: What the context `*` is tried as, in this order; data is kept by dataflow.
_ANY_CONTEXT = (
    ArtefactClass.DATAFLOW,
    ArtefactClass.PROVISION_AGREEMENT,
    ArtefactClass.DATA_STRUCTURE,
)


@dataclass(frozen=True, slots=True)
class Target:
    """A data set to be: the schema it is written under and the release it is read from.

    `provider` is whose slices of the flow are meant, None for all of them; those in the release
    are theirs already.
    """

    schema: Schema
    release: Release
    provider: str | None = None


def find_targets(
    query: ContextQuery,
    selection: Selection,
    backend: Backend,
    structures: Structures,
    most: int,
) -> tuple[Target, ...]:
    """Find the releases a query means; () where nothing that fits is published.

    They are those that readers saw at the instant the selection names, if it names one. Flows that
    hold nothing count where the selection is about changes: there is something that they lost.
    Raises NotFound where artefacts are named that do not exist, TooLarge above `most` of them.
    """
    contexts = _kept(query, structures)
    if not contexts and query.agencies + query.ids:
        raise NotFound(_missing(query))
    if len(contexts) > most:
        raise TooLarge(
            f"the query is about {len(contexts)} dataflows, at most {most} are answered at once: "
            "name the ones you want"
        )
    found = _targets(contexts, selection.as_of, backend, structures)
    return tuple(one for one in found if one.release.slices or selection.is_about_changes)


@dataclass(frozen=True, slots=True)
class _Context:
    """An artefact that was asked for, and the dataflows whose data is under it."""

    artefact: Maintainable
    flows: tuple[Maintainable, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """What was worked out about one collection of structures."""

    contexts: dict[ContextQuery, tuple[_Context, ...]] = field(default_factory=dict)
    schemas: dict[Reference, Schema] = field(default_factory=dict)


_QUERIES_KEPT = 1_000
_known: WeakKeyDictionary[Structures, _Known] = WeakKeyDictionary()


def _kept(query: ContextQuery, structures: Structures) -> tuple[_Context, ...]:
    """The contexts of a query, found once for each collection of structures."""
    known = _known.setdefault(structures, _Known()).contexts
    contexts = known.get(query)
    if contexts is None:
        found = _contexts(query, structures)
        if query.providers:
            found = tuple(_provided(found, query, structures))
        contexts = tuple(_Context(artefact, _flows(artefact, structures)) for artefact in found)
        if len(known) >= _QUERIES_KEPT:
            known.clear()  # one step, so that threads need no lock
        known[query] = contexts
    return contexts


def _schema(context: Reference, structures: Structures) -> Schema:
    """The schema of a context, resolved once for each collection of structures."""
    known = _known.setdefault(structures, _Known()).schemas
    if context not in known:
        known[context] = resolve(context, structures)
    return known[context]


def _contexts(query: ContextQuery, structures: Structures) -> tuple[Maintainable, ...]:
    for cls in (query.context,) if query.context else _ANY_CONTEXT:
        found = matching(
            structures,
            (cls,),
            query.agencies,
            query.ids,
            query.versions,
            drafts=query.drafts,
        )
        if found:
            return found
    return ()


def _provided(
    flows: Iterable[Maintainable], query: ContextQuery, structures: Structures
) -> Iterator[ProvisionAgreement]:
    """The agreements by which one of the providers asked for provides one of the flows."""
    wanted = {flow.reference for flow in flows}
    for agreement in structures.of_type(ProvisionAgreement):
        flow = structures.find(agreement.dataflow)
        provider = agreement.provider
        named = {(None, provider.item), (provider.scheme.agency, provider.item)}
        if flow is not None and flow.reference in wanted and named & set(query.providers):
            yield agreement


def _missing(query: ContextQuery) -> str:
    kind = query.context.rest_name if query.context else "dataflow, agreement or structure"
    versions = ",".join(pattern.text for pattern in query.versions.patterns)
    name = f"{','.join(query.agencies) or '*'}:{','.join(query.ids) or '*'}({versions})"
    by = " provided by " + ", ".join(id_ for _, id_ in query.providers) if query.providers else ""
    return f"there is no {kind} {name}{by} on this node; /structure/dataflow lists the dataflows"


def _targets(
    contexts: Iterable[_Context], at: datetime | None, backend: Backend, structures: Structures
) -> Iterator[Target]:
    for context in contexts:
        provider = None
        if isinstance(context.artefact, ProvisionAgreement):
            provider = provider_of(context.artefact, structures)
        is_structure = isinstance(context.artefact, DataStructure)
        for release in _released(context.flows, at, backend, newest=is_structure):
            if provider is not None:
                slices = tuple(version for version in release.slices if version.is_of(provider))
                release = replace(release, slices=slices)
            yield Target(_schema(context.artefact.reference, structures), release, provider)


def _released(
    flows: Iterable[Maintainable], at: datetime | None, backend: Backend, *, newest: bool
) -> Iterable[Release]:
    """What the flows hold; `newest` takes one version of each dataflow.

    All versions hold the same observations, which data of a structure has once.
    """
    found: dict[object, Release] = {}
    for flow in flows:
        release = backend.release(flow.reference, at)
        if release is not None:
            found[(flow.agency, flow.id) if newest else flow.reference] = release
    return found.values()


def _flows(context: Maintainable, structures: Structures) -> tuple[Maintainable, ...]:
    if isinstance(context, DataStructure):
        flows = (a for a in structures.parents(context) if isinstance(a, Dataflow))
        return tuple(sorted(flows, key=_name_and_age))
    if isinstance(context, ProvisionAgreement):
        flow = structures.find(context.dataflow)
        return () if flow is None else (flow,)
    return (context,)


def _name_and_age(flow: Maintainable) -> tuple[object, ...]:
    """What sorts versions of the same artefact together."""
    return flow.agency, flow.id, version_key(flow.version)


def provider_of(agreement: ProvisionAgreement, structures: Structures) -> str | None:
    """The provider whose slices of a flow came under an agreement; None where that is all of it.

    The only agreement of a flow covers all of it; of several, each covers the slices whose source
    is its provider.
    """
    siblings = [
        other
        for other in structures.of_type(ProvisionAgreement)
        if structures.find(other.dataflow) == structures.find(agreement.dataflow)
    ]
    return None if len(siblings) == 1 else agreement.provider.item
