"""References as messages spell them, whatever the family."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from hub.errors import BadRequest
from hub.formats.structure.fault import Fault
from hub.formats.structure.form import ML_30, ML_31, Model, StructureForm
from hub.model import (
    ITEM_CLASSES,
    ArtefactClass,
    ItemReference,
    ObjectReference,
    Reference,
    parse_object_urn,
    parse_urn,
)

#: Schemes of organisations with a role exist in one version only (SDMX information model).
FIXED_SCHEMES = frozenset(
    {
        ArtefactClass.AGENCY_SCHEME,
        ArtefactClass.DATA_PROVIDER_SCHEME,
        ArtefactClass.DATA_CONSUMER_SCHEME,
        ArtefactClass.METADATA_PROVIDER_SCHEME,
    }
)
#: The version of what has none.
ONLY_VERSION = "1.0"

SCHEME_OF_ITEM = {item: cls for cls, item in ITEM_CLASSES.items()}
AnyReference = Reference | ItemReference | ObjectReference


def has_versions(cls: ArtefactClass, form: StructureForm) -> bool:
    """True where artefacts of a class have versions in a form.

    3.x has none of units of organisations, and its XML none of categorisations.
    """
    if cls is ArtefactClass.ORGANISATION_UNIT_SCHEME:
        return form.model is Model.V21
    if cls is ArtefactClass.CATEGORISATION:
        return form not in (ML_30, ML_31)
    return cls not in FIXED_SCHEMES


def version_of(reference: Reference) -> str:
    """The version to write."""
    return ONLY_VERSION if reference.artefact_class in FIXED_SCHEMES else reference.version


def urn_of(reference: AnyReference, *, is_model_21: bool = False) -> str:
    """The URN to write; SDMX 2.1 calls a data constraint ContentConstraint."""
    urn = _fixed(reference).urn
    return urn.replace(".DataConstraint=", ".ContentConstraint=") if is_model_21 else urn


def _fixed(reference: AnyReference) -> AnyReference:
    """The reference with the version that is written."""
    if isinstance(reference, Reference):
        return reference.at(version_of(reference))
    if isinstance(reference, ItemReference):
        return reference.scheme.at(version_of(reference.scheme)).item(reference.item)
    artefact = reference.artefact
    return replace(reference, artefact=artefact.at(version_of(artefact)))


def parse_reference_urn(
    text: str, classes: Collection[ArtefactClass], *, is_item: bool
) -> Reference | ItemReference:
    """Parse a URN that must name one of some classes, or an item of one; raises Fault."""
    try:
        reference = parse_urn(text)
    except BadRequest as error:
        raise _fault(error) from None
    check_class(reference, classes, is_item=is_item)
    return reference


def parse_any_urn(text: str) -> ObjectReference:
    """Parse the URN of an artefact or of any part of one; raises Fault."""
    try:
        return parse_object_urn(text)
    except BadRequest as error:
        raise _fault(error) from None


def _fault(error: BadRequest) -> Fault:
    return Fault(error.message, is_unknown="are not known here" in error.message)


def check_class(
    reference: Reference | ItemReference, classes: Collection[ArtefactClass], *, is_item: bool
) -> None:
    """Raise Fault where a reference does not name what belongs in its place."""
    scheme = reference.scheme if isinstance(reference, ItemReference) else reference
    if scheme.artefact_class in classes and isinstance(reference, ItemReference) is is_item:
        return
    part = "an item of a " if is_item else "a "
    wanted = " or ".join(sorted(cls.class_name for cls in classes))
    raise Fault(f"'{reference.urn}' stands where {part}{wanted} belongs")
