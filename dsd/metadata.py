"""Make the metadata structure with its concepts and its flow, and tell what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dsd.entries import MetadataAttributeEntry, MetadataFile
from dsd.structures import AGENCY
from hub.errors import BadRequest, Finding
from hub.model import (
    Codelist,
    Concept,
    ConceptScheme,
    InternationalString,
    Maintainable,
    MetadataAttribute,
    Metadataflow,
    MetadataStructure,
    Representation,
    TextType,
    parse_object_urn,
)

FILE = "MSD_MIG.toml"
_text = InternationalString.of
_KINDS = {
    "text": Representation(is_multilingual=True),
    "markup": Representation(text_type=TextType.XHTML, is_multilingual=True),
    "string": Representation(),
    "date": Representation(text_type=TextType.GREGORIAN_DAY),
}


def metadata_artefacts(
    file: MetadataFile, codelists: Mapping[str, Codelist]
) -> Iterator[Maintainable]:
    """Yield the concept scheme, the structure and the flow, in this order."""
    representations = {
        id_: _representation(entry, codelists) for id_, entry in file.attributes.items()
    }
    scheme = ConceptScheme(
        agency=AGENCY,
        id=file.scheme.id,
        version=file.scheme.version,
        name=_text(file.scheme.name),
        description=_text(file.scheme.description),
        items=tuple(
            Concept(
                id=id_,
                name=_text(entry.name),
                description=_text(entry.description),
                representation=representations[id_],
            )
            for id_, entry in file.attributes.items()
        ),
    )
    yield scheme
    structure = MetadataStructure(
        agency=AGENCY,
        id=file.id,
        version=file.version,
        name=_text(file.name),
        description=_text(file.description),
        attributes=_below(None, file, scheme, representations),
    )
    yield structure
    yield Metadataflow(
        agency=AGENCY,
        id=file.flow.id,
        version=file.flow.version,
        name=_text(file.flow.name),
        description=_text(file.flow.description),
        structure=structure.reference,
        targets=file.flow.targets,
    )


def _representation(
    entry: MetadataAttributeEntry, codelists: Mapping[str, Codelist]
) -> Representation | None:
    if entry.codelist is not None:
        return Representation(enumeration=codelists[entry.codelist].reference)
    return _KINDS.get(entry.kind)


def _below(
    parent: str | None,
    file: MetadataFile,
    scheme: ConceptScheme,
    representations: Mapping[str, Representation | None],
) -> tuple[MetadataAttribute, ...]:
    """The attributes in one, or at the top, in the order of the file.

    The representation is repeated locally, because many readers look there only.
    """
    return tuple(
        MetadataAttribute(
            id=id_,
            concept=scheme.reference.item(id_),
            representation=representations[id_],
            min_occurs=entry.min,
            max_occurs=entry.max or None,
            is_presentational=entry.kind == "group",
            attributes=_below(id_, file, scheme, representations),
        )
        for id_, entry in file.attributes.items()
        if entry.in_ == parent
    )


def check_metadata(file: MetadataFile, codelists: Mapping[str, Codelist]) -> Iterator[Finding]:
    """Yield everything that is wrong with the file, names aside; `codelists` by their id."""
    known: set[str] = set()
    for id_, entry in file.attributes.items():
        key = f"attributes.{id_}"
        if (entry.kind == "code") != (entry.codelist is not None):
            message = "an attribute of kind code, and only such a one, has a codelist"
            yield _fault("representation", key, message)
        if entry.codelist is not None and entry.codelist not in codelists:
            message = "there is no such code list in codelists/lists"
            yield _fault("codelist", f"{key}.codelist", message, entry.codelist)
        if entry.in_ is not None and entry.in_ not in known:
            message = "it is no attribute that stands before this one"
            yield _fault("in", f"{key}.in", message, entry.in_)
        if entry.max and entry.min > entry.max:
            yield _fault("occurs", key, "min is more than max")
        known.add(id_)
    holding = {entry.in_ for entry in file.attributes.values()}
    for id_, entry in file.attributes.items():
        if entry.kind == "group" and id_ not in holding:
            yield _fault("group", f"attributes.{id_}", "nothing is in it; remove it")
    for target in file.flow.targets:
        try:
            parse_object_urn(target.replace("(*)", "(1.0.0)").replace("*", "X"))
        except BadRequest as error:
            yield _fault("target", "flow.targets", error.message, target)


def _fault(rule: str, key: str, message: str, value: str | None = None) -> Finding:
    return Finding(rule=rule, message=message, file=FILE, column=key, value=value)
