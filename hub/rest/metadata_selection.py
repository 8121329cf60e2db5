"""Which metadata sets answer a query: a pure function from entries and structures to entries."""

from __future__ import annotations

from collections.abc import Iterable

from hub.errors import BadRequest, NotFound, Unprocessable
from hub.model import (
    ArtefactClass,
    Maintainable,
    Metadataflow,
    MetadataProvisionAgreement,
    Reference,
    Structures,
    parse_object_urn,
)
from hub.rest.artefact_types import CLASSES_V2
from hub.rest.metadata_query import MetadataQuery, Provider
from hub.store.metadata_sets import MetadataEntry


def select_entries(
    query: MetadataQuery, entries: Iterable[MetadataEntry], structures: Structures
) -> tuple[MetadataEntry, ...]:
    """The sets a query means, in the order they come in; () where nothing matches.

    Raises NotFound where a set, flow or structure is named that does not exist.
    """
    given = tuple(entries)
    choose = {"set": _by_set, "flow": _by_flow}.get(query.by, _by_structure)
    found = choose(query, given, structures)
    if query.updated_after is not None:
        found = tuple(entry for entry in found if entry.loaded > query.updated_after)
    return found


def _by_set(
    query: MetadataQuery, entries: tuple[MetadataEntry, ...], _structures: Structures
) -> tuple[MetadataEntry, ...]:
    meant = _meant(query, [entry.reference for entry in entries])
    return tuple(entry for entry in entries if entry.reference in meant)


def _by_flow(
    query: MetadataQuery, entries: tuple[MetadataEntry, ...], structures: Structures
) -> tuple[MetadataEntry, ...]:
    flows = _meant(query, [flow.reference for flow in structures.of_type(Metadataflow)])
    found = []
    for entry in entries:
        flow = flow_of(entry.context, structures)
        if flow is None or flow.reference not in flows:
            continue
        if not query.providers or _providers(entry, structures) & set(query.providers):
            if _has_key(query, entry, flow):
                found.append(entry)
    return tuple(found)


def _by_structure(
    query: MetadataQuery, entries: tuple[MetadataEntry, ...], structures: Structures
) -> tuple[MetadataEntry, ...]:
    """Sets about what a structure query would find, or about parts of it."""
    about = {entry.reference: _about(entry, structures) for entry in entries}
    known = [artefact.reference for artefact in structures]
    others = [reference for targets in about.values() for reference in targets]
    meant = _meant(query, [*known, *others])
    return tuple(entry for entry in entries if about[entry.reference] & meant)


def _meant(query: MetadataQuery, known: Iterable[Reference]) -> set[Reference]:
    """The references that fit a query; "latest" is per artefact.

    Raises NotFound where agency and id are named, and none fits.
    """
    groups: dict[tuple[ArtefactClass, str, str], dict[str, Reference]] = {}
    for reference in known:
        fits = (
            reference.artefact_class in query.classes
            and (not query.agencies or reference.agency in query.agencies)
            and (not query.ids or reference.id in query.ids)
            and (not query.is_v1 or "-" not in reference.version)
        )
        if fits:
            key = (reference.artefact_class, reference.agency, reference.id)
            groups.setdefault(key, {})[reference.version] = reference
    found = {
        group[version] for group in groups.values() for version in query.versions.select(group)
    }
    if not found and query.is_named:
        raise NotFound(_missing(query))
    return found


def _missing(query: MetadataQuery) -> str:
    kind = query.classes[0].rest_name if len(query.classes) == 1 else "artefact"
    versions = ",".join(pattern.text for pattern in query.versions.patterns)
    agencies = ",".join(query.agencies) or "*"
    name = f"{agencies}:{','.join(query.ids)}({versions})"
    every = "all" if query.is_v1 else "*"
    return f"there is no {kind} {name} on this node; ask with the version {every} to see what is"


def flow_of(context: Reference, structures: Structures) -> Metadataflow | None:
    """The metadata flow of what a set is reported for; None where it is not here any more."""
    found: Maintainable | None = structures.find(context)
    if isinstance(found, MetadataProvisionAgreement):
        found = structures.find(found.metadataflow)
    return found if isinstance(found, Metadataflow) else None


def _providers(entry: MetadataEntry, structures: Structures) -> set[Provider]:
    """How the provider of a set may be named: by its agency, or as its agreement names it."""
    agency = entry.reference.agency
    above, joined, last = agency.rpartition(".")
    names: set[Provider] = {(None, agency), (None, last), (agency, last)}
    if joined:
        names.add((above, last))
    agreement = structures.find(entry.context)
    if isinstance(agreement, MetadataProvisionAgreement):
        provider = agreement.provider
        names |= {(None, provider.item), (provider.scheme.agency, provider.item)}
    return names


def _about(entry: MetadataEntry, structures: Structures) -> set[Reference]:
    """The artefacts a set is about, or about parts of which it is."""
    found = set()
    for urn in entry.targets:
        try:
            target = parse_object_urn(urn).artefact
        except BadRequest:
            continue
        known = structures.find(target)
        reference = known.reference if known is not None else target
        if reference.artefact_class in CLASSES_V2:
            found.add(reference)
    return found


def _has_key(query: MetadataQuery, entry: MetadataEntry, flow: Metadataflow) -> bool:
    """Whether for each position of the key a target of its kind is one of those wanted."""
    if not query.key:
        return True
    kinds = [target.partition("=")[0] for target in flow.targets]
    if len(query.key) > len(kinds):
        told = ".".join(kind.rpartition(".")[2] for kind in kinds) or "none"
        raise Unprocessable(
            f"the key has {len(query.key)} positions, {flow.reference} has {len(kinds)} targets: "
            f"{told}; write all for any"
        )
    for kind, wanted in zip(kinds, query.key, strict=False):
        if wanted and not any(_id(urn) in wanted for urn in entry.targets if _is(urn, kind)):
            return False
    return True


def _is(urn: str, kind: str) -> bool:
    return urn.partition("=")[0] == kind


def _id(urn: str) -> str:
    target = parse_object_urn(urn)
    return target.item or target.artefact.id
