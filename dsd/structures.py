"""Make a data structure from its file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dsd.entries import AttributesEntry, StructureFile
from hub.model import (
    Attachment,
    Attribute,
    ConceptScheme,
    DataStructure,
    Dimension,
    Group,
    InternationalString,
    Measure,
    Representation,
)

#: The agency of the shared structures.
AGENCY = "MIGX"
_ATTACHMENTS = {
    "observation": Attachment.OBSERVATION,
    "series": Attachment.DIMENSIONS,
    "group": Attachment.GROUP,
}


def data_structure(id_: str, file: StructureFile, scheme: ConceptScheme) -> DataStructure:
    """Make the data structure; its components take concept and representation from the scheme.

    The representation is repeated locally, because many readers look there only.
    """
    return DataStructure(
        agency=AGENCY,
        id=id_,
        version=file.version,
        name=InternationalString.of(file.name),
        description=InternationalString.of(file.description),
        dimensions=tuple(
            Dimension(
                id=dimension,
                concept=scheme.reference.item(dimension),
                representation=_representation(dimension, scheme),
                is_time=dimension == file.time,
            )
            for dimension in (*file.dimensions, file.time)
        ),
        measures=(
            Measure(
                id=file.measure.id,
                concept=scheme.reference.item(file.measure.id),
                representation=_representation(file.measure.id, scheme),
                is_mandatory=file.measure.mandatory,
            ),
        ),
        attributes=tuple(
            attribute
            for entry in file.attributes
            for attribute in _attributes(entry, file.dimensions, scheme)
        ),
        groups=tuple(
            Group(id=entry.group, dimensions=entry.dimensions)
            for entry in file.attributes
            if entry.group
        ),
    )


def _attributes(
    entry: AttributesEntry, key: tuple[str, ...], scheme: ConceptScheme
) -> Iterator[Attribute]:
    attachment = _ATTACHMENTS[entry.attached_to]
    for id_ in (*entry.mandatory, *entry.optional):
        representation = _representation(id_, scheme)
        if id_ in entry.lists:
            representation = replace(representation, max_occurs=entry.lists[id_])
        yield Attribute(
            id=id_,
            concept=scheme.reference.item(id_),
            representation=representation,
            attachment=attachment,
            dimensions=key if attachment is Attachment.DIMENSIONS else (),
            group=entry.group,
            is_mandatory=id_ in entry.mandatory,
        )


def _representation(component: str, scheme: ConceptScheme) -> Representation:
    return scheme.by_id[component].representation or Representation()
