"""What the sets of one metadata flow look like: its structure with every reference resolved."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from hub.errors import NotFound
from hub.model.classes import ArtefactClass
from hub.model.codelists import Codelist, ValueList
from hub.model.concepts import ConceptScheme
from hub.model.extension import extended
from hub.model.metadata import (
    MetadataAttribute,
    Metadataflow,
    MetadataProvisionAgreement,
    MetadataStructure,
)
from hub.model.representation import Representation
from hub.model.structures import Structures
from hub.model.text import InternationalString
from hub.model.urn import Reference

#: The ids of an attribute and those it is in, from the outermost.
AttributePath = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MetadataSchema:
    """The structure of a metadata flow with its references resolved.

    `fields` are its attributes by path, in the order of the structure; `representations` and
    `lists` what their values look like, whether said locally or by the concept; `names` the names
    of their concepts. `agreement` is there where sets are provided under one.
    """

    flow: Metadataflow
    structure: MetadataStructure
    agreement: MetadataProvisionAgreement | None = None
    fields: Mapping[AttributePath, MetadataAttribute]
    representations: Mapping[AttributePath, Representation] = field(default_factory=dict)
    lists: Mapping[AttributePath, Codelist | ValueList] = field(default_factory=dict)
    names: Mapping[AttributePath, InternationalString] = field(default_factory=dict)

    @property
    def targets(self) -> tuple[str, ...]:
        """The objects that sets may be about, as URNs with `*` for any; () for any at all."""
        return (self.agreement.targets if self.agreement else ()) or self.flow.targets

    def may_be_about(self, urn: str, class_name: str) -> bool:
        """Tell whether a set may be about an object, which is of a class.

        A structure of SDMX 2.1 names the classes of objects; a flow of SDMX 3.0 the objects.
        """
        if self.targets:
            return any(_pattern(target).fullmatch(urn) for target in self.targets)
        classes = {part.object_type for each in self.structure.targets for part in each.objects}
        classes.discard(None)
        return not classes or bool(classes & {"Any", class_name})


def _pattern(target: str) -> re.Pattern[str]:
    """A URN with wildcards; `*` stands for an id, a version or the id of an item."""
    return re.compile(re.escape(target).replace(r"\*", "[^:()]+"))


def resolve_metadata(context: Reference, structures: Structures) -> MetadataSchema:
    """Resolve a metadata flow, or an agreement to provide one, into its schema.

    Raises NotFound where it or what it needs is missing.
    """
    agreement = None
    if context.artefact_class is ArtefactClass.METADATA_PROVISION_AGREEMENT:
        agreement = structures.get(context, MetadataProvisionAgreement)
        context = agreement.metadataflow
    flow = structures.get(context, Metadataflow)
    return replace(resolve_structure(flow.structure, structures), flow=flow, agreement=agreement)


def resolve_structure(reference: Reference, structures: Structures) -> MetadataSchema:
    """Resolve a metadata structure alone: the schema has a flow of the same name, of anything."""
    structure = structures.get(reference, MetadataStructure)
    fields = dict(_walk(structure.every_attribute))
    representations: dict[AttributePath, Representation] = {}
    lists: dict[AttributePath, Codelist | ValueList] = {}
    names: dict[AttributePath, InternationalString] = {}
    for path, attribute in fields.items():
        scheme = structures.find(attribute.concept.scheme)
        concepts = scheme.by_id if isinstance(scheme, ConceptScheme) else {}
        concept = concepts.get(attribute.concept.item)
        names[path] = concept.name if concept else InternationalString.of(attribute.id)
        inherited = concept.representation if concept else None
        representations[path] = attribute.representation or inherited or Representation()
        found = _list(representations[path], structures, attribute.id)
        if found is not None:
            lists[path] = found
    flow = Metadataflow(
        agency=structure.agency,
        id=structure.id,
        version=structure.version,
        name=structure.name,
        structure=structure.reference,
    )
    return MetadataSchema(
        flow=flow,
        structure=structure,
        fields=fields,
        representations=representations,
        lists=lists,
        names=names,
    )


def _walk(
    attributes: Iterable[MetadataAttribute], above: AttributePath = ()
) -> Iterator[tuple[AttributePath, MetadataAttribute]]:
    for attribute in attributes:
        path = (*above, attribute.id)
        yield path, attribute
        yield from _walk(attribute.attributes, path)


def _list(
    representation: Representation, structures: Structures, attribute: str
) -> Codelist | ValueList | None:
    if representation.enumeration is None:
        return None
    found = structures.find(representation.enumeration)
    if isinstance(found, Codelist):
        return extended(found, structures.find)
    if not isinstance(found, ValueList):
        raise NotFound(
            f"metadata attribute {attribute} is coded by {representation.enumeration}, which is "
            "not on this node; load that list first"
        )
    return found
