"""The XML Schema of structure-specific metadata messages (SDMX-ML 2.1, metadata schema).

A report, its target, and what the target refers to have types of their own, which messages name
by `xsi:type`; a reported attribute is an element with the id of the attribute.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from hub.formats.schema.xsd.datatypes import STRING, base_of, derived, facet, steps
from hub.formats.schema.xsd.markup import (
    UNBOUNDED,
    XS,
    annotations_first,
    attribute,
    documentation,
    element,
    restricted_type,
)
from hub.formats.structure.languages import Languages
from hub.formats.structure.shapes.metadata import reports_of
from hub.model import (
    MetadataAttribute,
    MetadataStructure,
    MetadataTarget,
    ReportStructure,
    TargetObject,
    TextType,
)
from hub.model.metadata_schema import AttributePath, MetadataSchema

_BASE = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
_FILES = {
    "message": "SDMXMessage.xsd",
    "common": "SDMXCommon.xsd",
    "metadata/structurespecific": "SDMXMetadataStructureSpecific.xsd",
}
#: What stands in a reference to an object, by the kind of the object.
_REFERENCES = {
    "IdentifiableObjectTarget": ("ObjectReference", "common:ObjectReferenceType"),
    "DimensionDescriptorValuesTarget": ("DataKey", "common:DataKeyType"),
    "DataSetTarget": ("DataSetReference", "common:SetReferenceType"),
    "ConstraintTarget": ("ConstraintContentReference", "common:AttachmentConstraintReferenceType"),
    "ReportPeriodTarget": ("ReportPeriod", "common:ObservationalTimePeriodType"),
}


def write_metadata_xsd(schema: MetadataSchema, languages: Sequence[str] | None) -> bytes:
    """Write the schema that structure-specific metadata of SDMX 2.1 must be valid against.

    `languages` are those of the names of codes; None means all.
    """
    structure = reports_of(schema.structure)
    target = schema.structure.urn
    prefixes: dict[str | None, str] = {
        None: target,
        "xs": XS,
        "common": f"{_BASE}/common",
        "md": f"{_BASE}/metadata/structurespecific",
    }
    root = etree.Element(f"{{{XS}}}schema", nsmap=prefixes)  # type: ignore[arg-type]
    root.set("targetNamespace", target)
    root.set("elementFormDefault", "unqualified")
    root.set("attributeFormDefault", "unqualified")
    for part, file in _FILES.items():
        root.append(element("import", namespace=f"{_BASE}/{part}", schemaLocation=file))
    root.append(_set_type())
    attributes = _Attributes(schema, Languages(languages))
    for report in structure.reports:
        root.append(_report_type(report, attributes))
        root.extend(_target_type(report, target) for target in _targets(report, structure))
    for each in structure.targets:
        root.extend(_reference_type(each, part) for part in each.objects)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _targets(report: ReportStructure, structure: MetadataStructure) -> list[MetadataTarget]:
    return [target for target in structure.targets if target.id in report.targets]


def _unqualified(name: str, type_: str = "", **more: str) -> etree._Element:
    given = {"type": type_} if type_ else {}
    return element("element", name=name, form="unqualified", **given, **more)


def _set_type() -> etree._Element:
    content = [
        annotations_first(),
        element("element", ref="common:Name", minOccurs="0", maxOccurs=UNBOUNDED),
        _unqualified("DataProvider", "common:DataProviderReferenceType", minOccurs="0"),
        _unqualified("Report", "md:ReportType", maxOccurs=UNBOUNDED),
    ]
    return restricted_type("MetadataSetType", "md:MetadataSetType", content, [])


def _report_type(report: ReportStructure, attributes: _Attributes) -> etree._Element:
    content = [
        annotations_first(),
        _unqualified("Target", "md:TargetType"),
        attributes.level(report.attributes, ()),
    ]
    return restricted_type(report.id, "md:ReportType", content, [_fixed_id(report.id)])


def _target_type(report: ReportStructure, target: MetadataTarget) -> etree._Element:
    number = str(len(target.objects))
    values = _unqualified(
        "ReferenceValue", "md:ReferenceValueType", minOccurs=number, maxOccurs=number
    )
    name = f"{report.id}.{target.id}"
    return restricted_type(name, "md:TargetType", [values], [_fixed_id(target.id)])


def _reference_type(target: MetadataTarget, part: TargetObject) -> etree._Element:
    choice = element("choice", _unqualified(*_REFERENCES[part.kind]))
    base = "md:ReferenceValueType"
    restriction = element("restriction", choice, _fixed_id(part.id), base=base)
    name = f"{target.id}.{part.id}"
    return element("complexType", element("complexContent", restriction), name=name)


def _fixed_id(id_: str) -> etree._Element:
    return attribute("id", "common:IDType", fixed=id_)


class _Attributes:
    """The elements of the reported attributes, level by level."""

    def __init__(self, schema: MetadataSchema, languages: Languages) -> None:
        self._schema, self._languages = schema, languages

    def level(
        self, attributes: Sequence[MetadataAttribute], above: AttributePath
    ) -> etree._Element:
        """The element that holds the attributes of a level; it is needed where one of them is."""
        content = element("sequence", *(self._attribute(each, above) for each in attributes))
        made = _unqualified("AttributeSet")
        made.append(element("complexType", content))
        if above and not any(each.min_occurs for each in attributes):
            made.set("minOccurs", "0")
        return made

    def _attribute(self, given: MetadataAttribute, above: AttributePath) -> etree._Element:
        path = (*above, given.id)
        most = UNBOUNDED if given.max_occurs is None else str(given.max_occurs)
        made = _unqualified(given.id, minOccurs=str(given.min_occurs), maxOccurs=most)
        made.extend(documentation(self._languages.choose(self._schema.names[path])))
        content = [annotations_first(), *self._texts(given, path)]
        if given.attributes:
            content.append(self.level(given.attributes, path))
        base = "md:ReportedAttributeType"
        sequence = element("sequence", *content)
        value = [_fixed_id(given.id), self._value(given, path)]
        restriction = element("restriction", sequence, *value, base=base)
        made.append(element("complexType", element("complexContent", restriction)))
        return made

    def _texts(self, given: MetadataAttribute, path: AttributePath) -> list[etree._Element]:
        """The place of texts, which attributes with other values have none of."""
        tag = self._text_tag(given, path)
        if not tag:
            return []
        several = element("element", ref=tag, maxOccurs=UNBOUNDED)
        least = {"minOccurs": "0"} if given.attributes else {}
        return [element("choice", several, **least)]

    def _text_tag(self, given: MetadataAttribute, path: AttributePath) -> str:
        representation = self._schema.representations[path]
        if given.is_presentational or path in self._schema.lists:
            return ""
        if representation.text_type is TextType.XHTML:
            return "common:StructuredText"
        return "common:Text" if representation.is_multilingual else ""

    def _value(self, given: MetadataAttribute, path: AttributePath) -> etree._Element:
        """The XML attribute with the value; it is missing where others tell what is reported."""
        if given.is_presentational or self._text_tag(given, path):
            return element("attribute", name="value", use="prohibited")
        use = "optional" if given.attributes else "required"
        representation, codes = self._schema.representations[path], self._schema.lists.get(path)
        if codes is not None:
            step = [facet("enumeration", code.id) for code in codes.items]
            for code, made in zip(codes.items, step, strict=True):
                made.extend(documentation(self._languages.choose(code.name)))
            restriction = derived(STRING, [step])
        else:
            base = base_of(representation.text_type)
            restriction = derived(base, steps(base, representation))
            if restriction is None:
                return attribute("value", base, use)
        if restriction is None:
            return attribute("value", STRING, use)
        type_ = element("simpleType", restriction)
        return element("attribute", type_, name="value", use=use)
