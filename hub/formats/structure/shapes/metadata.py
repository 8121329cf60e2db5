"""How structures of reference metadata look.

SDMX 3.0 has one list of attributes. 2.1 has reports, which say what they are about: a list of 3.0
becomes a report about any object, and the reports of 2.1 become one list.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from hub.formats.structure.facets import OF_TIME
from hub.formats.structure.form import ML_21, Model, StructureForm
from hub.formats.structure.shape import (
    ALL,
    ID,
    IN_21,
    SINCE_3,
    ArtefactShape,
    Box,
    Format,
    HasMany,
    Notes,
    Occurs,
    Own,
    RefersTo,
    Shape,
    Word,
)
from hub.formats.structure.shapes.codelists import LISTS
from hub.model import (
    ITEM_CLASSES,
    ArtefactClass,
    MetadataAttribute,
    MetadataStructure,
    MetadataTarget,
    ReportStructure,
    Representation,
    TargetObject,
    TextType,
)

_LIST = "MetadataAttributeDescriptor"
_ANY_TARGET = MetadataTarget(
    id=_LIST,
    objects=(
        TargetObject(
            kind="IdentifiableObjectTarget",
            id="OBJECT",
            object_type="Any",
            representation=Representation(text_type=TextType.IDENTIFIABLE_REFERENCE),
        ),
    ),
)


def _with_reports(structure: MetadataStructure, form: StructureForm) -> MetadataStructure:
    """Arrange the attributes as the version has them."""
    if form.model is not Model.V21:
        return replace(structure, attributes=structure.every_attribute, reports=(), targets=())
    if not structure.attributes:
        return structure
    report = ReportStructure(id=_LIST, attributes=structure.attributes, targets=(_LIST,))
    return replace(
        structure,
        attributes=(),
        reports=(*structure.reports, report),
        targets=(*structure.targets, _ANY_TARGET),
    )


def reports_of(structure: MetadataStructure) -> MetadataStructure:
    """A structure with reports and targets, as SDMX 2.1 has it."""
    return _with_reports(structure, ML_21)


def _without_reports(structure: MetadataStructure, form: StructureForm) -> MetadataStructure:
    """Undo what made a report of a list."""
    if structure.targets != (_ANY_TARGET,) or [each.id for each in structure.reports] != [_LIST]:
        return structure
    return replace(structure, attributes=structure.reports[0].attributes, reports=(), targets=())


def _attribute(**given: Any) -> MetadataAttribute:
    """Make an attribute; without an id it has its concept's."""
    given.setdefault("id", given["concept"].item)
    return MetadataAttribute(**given)


_ATTRIBUTE = Shape(
    make=_attribute,
    parts=(
        Word("id", "id"),
        Notes(),
        RefersTo(
            "concept",
            "ConceptIdentity",
            classes=(ArtefactClass.CONCEPT_SCHEME,),
            to_item=True,
            required=True,
        ),
        Format("representation", "LocalRepresentation", lists=LISTS, multilingual=ALL),
        HasMany("attributes", "MetadataAttribute", key="metadataAttributes"),
        # what goes without saying is said all the same: pysdmx takes no attribute without it
        Word("min_occurs", "minOccurs", kind=int),
        Occurs("max_occurs", "maxOccurs"),
        Word("is_presentational", "isPresentational", kind=bool),
    ),
)


def _objects(tag: str, kind: str, fixed_id: str, facets: frozenset[str]) -> HasMany:
    """Target objects of a kind; all but one have an id that the schema fixes."""
    make = partial(TargetObject, kind=kind)
    return HasMany(
        "objects",
        tag,
        key=f"{tag[0].lower()}{tag[1:]}s",
        fits=lambda target: target.kind == kind,
        shape=Shape(
            make=partial(make, id=fixed_id) if fixed_id else make,
            parts=(
                Word("id", "id", required=not fixed_id),
                *(() if fixed_id else (Word("object_type", "objectType", required=True),)),
                Notes(),
                Format(
                    "representation",
                    "LocalRepresentation",
                    lists=tuple(ITEM_CLASSES),
                    facets=facets,
                ),
            ),
        ),
    )


_NO_FACETS: frozenset[str] = frozenset()
_TARGET = Shape(
    make=MetadataTarget,
    parts=(
        ID,
        Notes(),
        _objects(
            "KeyDescriptorValuesTarget",
            "DimensionDescriptorValuesTarget",
            "DIMENSION_DESCRIPTOR_VALUES_TARGET",
            _NO_FACETS,
        ),
        _objects("DataSetTarget", "DataSetTarget", "DATA_SET_TARGET", _NO_FACETS),
        _objects(
            "ConstraintContentTarget", "ConstraintTarget", "CONSTRAINT_CONTENT_TARGET", _NO_FACETS
        ),
        _objects("ReportPeriodTarget", "ReportPeriodTarget", "REPORT_PERIOD_TARGET", OF_TIME),
        _objects("IdentifiableObjectTarget", "IdentifiableObjectTarget", "", _NO_FACETS),
    ),
)
_ATTRIBUTES = HasMany("attributes", "MetadataAttribute", key="metadataAttributes", shape=_ATTRIBUTE)
_REPORT = Shape(
    make=ReportStructure,
    parts=(
        ID,
        Notes(),
        _ATTRIBUTES,
        Own("targets", "MetadataTarget", key="metadataTargets", kind="MetadataTarget", many=True),
    ),
)

SHAPES = (
    ArtefactShape(
        make=MetadataStructure,
        tag="MetadataStructure",
        array="metadataStructures",
        parts=(
            Box(
                "attributes",
                "MetadataStructureComponents",
                forms=SINCE_3,
                parts=(
                    Box(
                        "attributes",
                        "MetadataAttributeList",
                        fixed_id=_LIST,
                        parts=(_ATTRIBUTES,),
                    ),
                ),
            ),
            Box(
                "reports",
                "MetadataStructureComponents",
                forms=IN_21,
                parts=(
                    HasMany("targets", "MetadataTarget", key="metadataTargets", shape=_TARGET),
                    HasMany("reports", "ReportStructure", key="reportStructures", shape=_REPORT),
                ),
            ),
        ),
        to_wire=_with_reports,
        from_wire=_without_reports,
    ),
)
