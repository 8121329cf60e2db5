"""The `Ref` elements of SDMX-ML 2.1: a reference as attributes.

A part of an artefact is named by its own id and, for some classes, that of the part which holds
it (`containerID`). Classes are spelt as the schema of 2.1 lists them.
"""

from __future__ import annotations

from lxml import etree

from hub.errors import BadRequest
from hub.formats.structure.associations import LISTS
from hub.formats.structure.fault import Fault
from hub.formats.structure.references import AnyReference, version_of
from hub.model import ArtefactClass, ItemReference, ObjectReference, Reference
from hub.model.classes import OWNERS, PARTS_OF_21
from hub.model.urn import parse_reference_version

_LEGACY_VERSION = "1.0"
_SPELT_21 = {
    "DataAttribute": "Attribute",
    "Measure": "PrimaryMeasure",
    "DataConstraint": "ContentConstraint",
    "VtlCodelistMapping": "VtlMapping",
    "VtlConceptMapping": "VtlMapping",
    "VtlDataflowMapping": "VtlMapping",
}
_SPELT_SINCE = {"Attribute": "DataAttribute", "PrimaryMeasure": "Measure"}
_CLASSES = {cls.class_name: cls for cls in ArtefactClass} | {
    "ContentConstraint": ArtefactClass.DATA_CONSTRAINT
}
#: Parts whose URN names the part that holds them before their own id.
_HELD = frozenset(
    "HierarchicalCode Level Transition MetadataAttribute IdentifiableObjectTarget DataSetTarget "
    "ReportPeriodTarget ConstraintTarget DimensionDescriptorValuesTarget CodeMap ConceptMap "
    "CategoryMap OrganisationMap ReportingCategoryMap HybridCodeMap".split()
)
Pairs = tuple[tuple[str, str], ...]


def ref_attributes(reference: AnyReference) -> Pairs:
    """The attributes of the Ref that means what a reference means."""
    if isinstance(reference, ItemReference):
        return _of_part(reference.scheme, reference.class_name, reference.item)
    if isinstance(reference, ObjectReference):
        if reference.item:
            return _of_part(reference.artefact, reference.kind, reference.item)
        reference = reference.artefact
    cls = reference.artefact_class
    return (
        ("id", reference.id),
        ("version", version_of(reference)),
        ("agencyID", reference.agency),
        ("package", cls.package),
        ("class", _SPELT_21.get(cls.class_name, cls.class_name)),
    )


def _of_part(artefact: Reference, kind: str, item: str) -> Pairs:
    kind = _SPELT_21.get(kind, kind)
    container, id_ = LISTS.get(kind, ""), item
    if kind in _HELD and "." in item:
        # a transition belongs to a step, which is nested; all others to what is at the top
        parts = item.rpartition(".") if kind == "Transition" else item.partition(".")
        container, _, id_ = parts
    return (
        ("id", id_),
        *((("containerID", container),) if container else ()),
        ("maintainableParentID", artefact.id),
        ("maintainableParentVersion", version_of(artefact)),
        ("agencyID", artefact.agency),
        ("package", artefact.artefact_class.package),
        ("class", kind),
    )


def parse_ref(
    ref: etree._Element, classes: tuple[ArtefactClass, ...], *, is_item: bool
) -> Reference | ItemReference:
    """Parse a Ref to an artefact, or to an item, of some classes; raises Fault.

    Where it names no class, the first is meant.
    """
    owner = ref.get("maintainableParentID") if is_item else ref.get("id")
    if not (ref.get("agencyID") and ref.get("id") and owner):
        wanted = "agencyID, maintainableParentID and id" if is_item else "agencyID and id"
        raise Fault(f"a Ref needs {wanted}")
    name = ref.get("class")
    cls = classes[0] if name is None else (OWNERS.get(name) if is_item else _CLASSES.get(name))
    if cls is None:
        raise Fault(f"references to a {name} are not known here", is_unknown=True)
    scheme = _artefact(ref, cls, is_part=is_item)
    return scheme.item(str(ref.get("id"))) if is_item else scheme


def parse_any_ref(ref: etree._Element) -> ObjectReference:
    """Parse a Ref to an object of any class; raises Fault."""
    name, id_ = ref.get("class", ""), ref.get("id")
    if not (name and id_ and ref.get("agencyID")):
        raise Fault("a Ref to an object needs agencyID, id, class and package")
    is_part = ref.get("maintainableParentID") is not None
    cls = _owner_21(name) if is_part else _CLASSES.get(name)
    if cls is None:
        raise Fault(f"references to a {name} are not known here", is_unknown=True)
    artefact = _artefact(ref, cls, is_part=is_part)
    if not is_part:
        return ObjectReference(artefact)
    container = ref.get("containerID")
    item = f"{container}.{id_}" if container and name in _HELD else str(id_)
    return ObjectReference(artefact, _SPELT_SINCE.get(name, name), item)


def _owner_21(name: str) -> ArtefactClass | None:
    """The class of the artefact that has parts of a class in SDMX 2.1."""
    if name in _CLASSES and _CLASSES[name] in PARTS_OF_21:
        return PARTS_OF_21[_CLASSES[name]]
    owner = OWNERS.get(name)
    if owner is None:
        return None
    return PARTS_OF_21.get(owner, owner)


def _artefact(ref: etree._Element, cls: ArtefactClass, *, is_part: bool) -> Reference:
    id_, version = (
        ("maintainableParentID", "maintainableParentVersion") if is_part else ("id", "version")
    )
    try:
        number = parse_reference_version(ref.get(version, _LEGACY_VERSION))
    except BadRequest as error:
        raise Fault(error.message) from None
    return Reference(cls, str(ref.get("agencyID")), str(ref.get(id_)), number)
