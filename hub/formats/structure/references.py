"""References as messages spell them, whatever the family."""

from __future__ import annotations

from collections.abc import Collection

from hub.errors import BadRequest
from hub.formats.structure.fault import Fault
from hub.model import ArtefactClass, ItemReference, Reference, parse_urn

#: Schemes of organisations exist in version 1.0 only (SDMX information model, OrganisationScheme).
ORGANISATION_SCHEMES = frozenset({ArtefactClass.AGENCY_SCHEME, ArtefactClass.DATA_PROVIDER_SCHEME})
ORGANISATION_VERSION = "1.0"

SCHEME_OF_ITEM = {
    "Code": ArtefactClass.CODELIST,
    "Concept": ArtefactClass.CONCEPT_SCHEME,
    "Agency": ArtefactClass.AGENCY_SCHEME,
    "DataProvider": ArtefactClass.DATA_PROVIDER_SCHEME,
}


def version_of(reference: Reference) -> str:
    """The version to write."""
    if reference.artefact_class in ORGANISATION_SCHEMES:
        return ORGANISATION_VERSION
    return reference.version


def urn_of(reference: Reference | ItemReference, *, is_model_21: bool = False) -> str:
    """The URN to write; SDMX 2.1 calls a data constraint ContentConstraint."""
    scheme = reference.scheme if isinstance(reference, ItemReference) else reference
    at = scheme.at(version_of(scheme))
    urn = at.item(reference.item).urn if isinstance(reference, ItemReference) else at.urn
    return urn.replace(".DataConstraint=", ".ContentConstraint=") if is_model_21 else urn


def parse_reference_urn(
    text: str, classes: Collection[ArtefactClass], *, is_item: bool
) -> Reference | ItemReference:
    """Parse a URN that must name one of some classes, or an item of one; raises Fault."""
    try:
        reference = parse_urn(text)
    except BadRequest as error:
        is_unknown = "are not known here" in error.message
        raise Fault(error.message, is_unknown=is_unknown) from None
    check_class(reference, classes, is_item=is_item)
    return reference


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
