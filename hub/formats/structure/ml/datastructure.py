"""The table of data structure definitions in SDMX-ML."""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lxml import etree

from hub.formats.structure.components import (
    ASSIGNMENT,
    PRIMARY_MEASURE,
    USAGE,
    primary_measure,
    time_last,
)
from hub.formats.structure.fault import Fault
from hub.formats.structure.form import Model
from hub.formats.structure.ml.dialect import Dialect
from hub.formats.structure.ml.fields import BOOLEAN, Attribute, Choice, Field, Found, Text
from hub.formats.structure.ml.nesting import Element, Many, Wrapper, always
from hub.formats.structure.ml.parts import LINK, maintainable, notes
from hub.formats.structure.ml.references import Locals, Refers, local_id, write_local
from hub.formats.structure.ml.representation import Represented
from hub.formats.structure.ml.scribe import Scribe
from hub.formats.structure.shapes.codelists import LISTS
from hub.model import (
    TIME_PERIOD,
    ArtefactClass,
    Attachment,
    DataStructure,
    Dimension,
    Group,
    MetadataUsage,
)
from hub.model import Attribute as DataAttribute
from hub.model import Measure as DataMeasure
from hub.model.urn import NCNAME_ID

_MEASURE_DIMENSION = "str:MeasureDimension"


def data_structure(dialect: Dialect) -> Element:
    """A data structure definition."""
    attributes: list[Field] = [_attributes(dialect)]
    if not dialect.is_21:
        attributes.append(Many("usages", (_usage(dialect), always)))
    parts = [
        _list("Dimension", _dimensions(dialect)),
        Many("groups", (_group(dialect), always)),
        _list("Attribute", *attributes),
        _list("Measure", Many("measures", (_measure(dialect), always))),
    ]
    contents: list[Field] = [Wrapper("str:DataStructureComponents", parts)]
    if not dialect.is_21:
        contents.append(
            Refers(dialect, "metadata", "str:Metadata", ArtefactClass.METADATA_STRUCTURE)
        )
    if dialect.model is Model.V31:
        contents.append(Choice("is_evolving", "evolvingStructure", BOOLEAN, implied=False))
    return Element(
        "str:DataStructure",
        DataStructure,
        maintainable(dialect, ArtefactClass.DATA_STRUCTURE, contents),
        ignored={LINK},
        from_wire=time_last,
    )


def _list(kind: str, *fields: Field) -> Wrapper:
    return Wrapper(
        f"str:{kind}List", fields, attributes={"id": f"{kind}Descriptor"}, ignored={LINK}
    )


def _component(
    dialect: Dialect,
    tag: str,
    make: Callable[..., Any],
    representation: Represented,
    *more: Field,
    default_id: str | None = None,
    has_roles: bool = True,
) -> Element:
    """A component; without an id it has its concept's, as SDMX 2.1 has it."""

    def identified(**given: Any) -> Any:
        given.setdefault("id", default_id or given["concept"].item)
        return make(**given)

    concepts = ArtefactClass.CONCEPT_SCHEME
    fields: list[Field] = [
        Attribute("id", "id", pattern=NCNAME_ID),
        notes(dialect),
        Refers(dialect, "concept", "str:ConceptIdentity", concepts, to_item=True, required=True),
        representation,
    ]
    if has_roles:
        fields.append(
            Refers(dialect, "roles", "str:ConceptRole", concepts, to_item=True, many=True)
        )
    return Element(tag, identified, [*fields, *more], ignored={LINK})


class _Numbered(Many):
    """Dimensions with their position; that of time has none, as SDMX 3 prohibits it."""

    def write(self, value: Any, scribe: Scribe) -> None:
        for position, dimension in enumerate(value.dimensions, start=1):
            element = self._element_of(dimension)
            if element is not None:
                numbered = () if dimension.is_time else (("position", str(position)),)
                element.write(dimension, scribe, status=numbered)


def _dimensions(dialect: Dialect) -> Many:
    time = _dimension(dialect, "str:TimeDimension", *LISTS, is_time=True)
    plain = _dimension(dialect, "str:Dimension", *LISTS)
    if not dialect.is_21:
        return _Numbered("dimensions", (time, lambda dim: dim.is_time), (plain, always))
    measure = _dimension(dialect, _MEASURE_DIMENSION, ArtefactClass.CONCEPT_SCHEME)
    return _Numbered(
        "dimensions",
        (time, lambda dim: dim.is_time),
        (measure, lambda dim: dim.is_measure),
        (plain, always),
    )


def _dimension(dialect: Dialect, tag: str, *lists: ArtefactClass, is_time: bool = False) -> Element:
    def make(**given: Any) -> Dimension:
        dimension = Dimension(is_time=is_time, **given)
        if tag == _MEASURE_DIMENSION and not dimension.is_measure:
            raise Fault(f"MeasureDimension {dimension.id} does not say which concepts it takes")
        return dimension

    representation = Represented(dialect, "str:LocalRepresentation", *lists, is_time=is_time)
    default = TIME_PERIOD if is_time else None
    return _component(dialect, tag, make, representation, default_id=default, has_roles=not is_time)


def _measure(dialect: Dialect) -> Element:
    representation = Represented(
        dialect,
        "str:LocalRepresentation",
        *LISTS,
        occurs=True,
        multilingual=not dialect.is_21,
    )
    if dialect.is_21:
        return _component(
            dialect,
            "str:PrimaryMeasure",
            primary_measure,
            representation,
            default_id=PRIMARY_MEASURE,
            has_roles=False,
        )
    usage = Choice("is_mandatory", "usage", USAGE, default="optional")
    return _component(dialect, "str:Measure", DataMeasure, representation, usage)


def _attributes(dialect: Dialect) -> Many:
    plain = _attribute(dialect, "str:Attribute")
    if not dialect.is_21:
        return Many("attributes", (plain, always))
    # SDMX 2.1 gives this one attribute an element of its own; it is read, not written
    start_day = _attribute(dialect, "str:ReportingYearStartDay", "REPORTING_YEAR_START_DAY")
    return Many("attributes", (plain, always), (start_day, always))


def _attribute(dialect: Dialect, tag: str, default_id: str | None = None) -> Element:
    representation = Represented(
        dialect,
        "str:LocalRepresentation",
        *LISTS,
        occurs=True,
        multilingual=not dialect.is_21,
    )
    more: list[Field] = [Relationship(dialect)]
    if dialect.is_21:
        more.append(Choice("is_mandatory", "assignmentStatus", ASSIGNMENT))
    else:
        measures = Locals(dialect, "measures", "str:Measure")
        more.append(Wrapper("str:MeasureRelationship", [measures]))
        more.append(Choice("is_mandatory", "usage", USAGE, default="optional"))
    return _component(dialect, tag, DataAttribute, representation, *more, default_id=default_id)


def _usage(dialect: Dialect) -> Element:
    fields = [
        notes(dialect),
        Text("attribute", "str:MetadataAttributeReference", required=True),
        Relationship(dialect),
    ]
    return Element("str:MetadataAttributeUsage", MetadataUsage, fields, ignored={LINK})


def _group(dialect: Dialect) -> Element:
    dimensions = Locals(
        dialect, "dimensions", "str:GroupDimension", "str:DimensionReference", required=True
    )
    fields = [Attribute("id", "id", required=True), notes(dialect), dimensions]
    return Element("str:Group", Group, fields, ignored={LINK})


class Relationship(Field):
    """The attribute relationship: what in a data set an attribute is attached to.

    SDMX 2.1 says None and PrimaryMeasure where 3.x says Dataflow and Observation.
    """

    tags = ("str:AttributeRelationship",)

    def __init__(self, dialect: Dialect) -> None:
        self.is_21 = dialect.is_21
        self.bare = {
            Attachment.DATASET: "str:None" if self.is_21 else "str:Dataflow",
            Attachment.OBSERVATION: "str:PrimaryMeasure" if self.is_21 else "str:Observation",
        }
        self.attachments = {tag: attachment for attachment, tag in self.bare.items()}

    def write(self, value: Any, scribe: Scribe) -> None:
        scribe.open(self.tags[0])
        match value.attachment:
            case Attachment.DIMENSIONS:
                for dimension in value.dimensions:
                    write_local("str:Dimension", dimension, scribe, is_21=self.is_21)
            case Attachment.GROUP:
                write_local("str:Group", value.group, scribe, is_21=self.is_21)
            case Attachment.OBSERVATION if self.is_21:
                write_local(self.bare[Attachment.OBSERVATION], PRIMARY_MEASURE, scribe, is_21=True)
            case attachment:
                scribe.leaf(self.bare[attachment])
        scribe.close(self.tags[0])

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        for part in child:
            tag = dialect.names[part.tag]
            if tag in self.attachments:
                found["attachment"] = self.attachments[tag]
            elif tag == "str:Dimension":
                found["attachment"] = Attachment.DIMENSIONS
                found.setdefault("dimensions", []).append(local_id(part))
            elif tag == "str:Group":
                found["attachment"] = Attachment.GROUP
                found["group"] = local_id(part)
            elif tag != "str:AttachmentGroup":
                raise Fault(f"the relationship {tag} is not known here", part, is_unknown=True)

    def finish(self, element: etree._Element, found: Found) -> None:
        if "attachment" not in found:
            raise Fault("AttributeRelationship is missing or empty", element)
