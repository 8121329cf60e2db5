"""What all artefacts of the tests say of themselves, and what they refer to."""

from __future__ import annotations

from hub.model import (
    Annotation,
    ArtefactClass,
    InternationalString,
    ObjectReference,
    Reference,
)

AGENCY = "TEST"


def words(**texts: str) -> InternationalString:
    return InternationalString.of(texts)


NOTES = (
    Annotation(id="N", type="NOTE", title="a < b", text=words(en="words", sv="ord")),
    Annotation(type="LINK", url="https://example.org/a?b=1&c=2"),
)


def about(id_: str, version: str = "1.0") -> dict[str, object]:
    """What every artefact says of itself."""
    return {
        "agency": AGENCY,
        "id": id_,
        "version": version,
        "name": words(en=f"{id_} & more", fr=f"{id_} et plus"),
        "description": words(en=f"About {id_}"),
        "annotations": NOTES,
    }


def item(id_: str) -> dict[str, object]:
    """What every item says of itself."""
    return {
        "id": id_,
        "name": words(en=id_.title(), sv=f"{id_} på svenska"),
        "description": words(en=f"Item {id_}"),
        "annotations": NOTES[:1],
    }


def to(cls: ArtefactClass, id_: str, version: str = "1.0") -> Reference:
    return Reference(cls, AGENCY, id_, version)


DSD = to(ArtefactClass.DATA_STRUCTURE, "DSD")
FLOW = to(ArtefactClass.DATAFLOW, "DF")
MSD = to(ArtefactClass.METADATA_STRUCTURE, "MSD")
METAFLOW = to(ArtefactClass.METADATAFLOW, "MDF")
CODES = to(ArtefactClass.CODELIST, "CL")
CONCEPTS = to(ArtefactClass.CONCEPT_SCHEME, "CS")
PROVIDERS = to(ArtefactClass.DATA_PROVIDER_SCHEME, "DATA_PROVIDERS")
META_PROVIDERS = to(ArtefactClass.METADATA_PROVIDER_SCHEME, "METADATA_PROVIDERS")
CATEGORIES = to(ArtefactClass.CATEGORY_SCHEME, "CATS")
DIMENSION = ObjectReference(DSD, "Dimension", "FREQ")
