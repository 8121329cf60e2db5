"""A structure-specific XML Schema as a document."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from hub.errors import NotAcceptable
from hub.formats.components import OBS_VALUE
from hub.formats.data.ml_header import namespace
from hub.formats.schema.form import SchemaForm
from hub.formats.schema.places import Places
from hub.formats.schema.xsd.compound import CompoundTypes
from hub.formats.schema.xsd.markup import XS, TypeNames, element
from hub.formats.schema.xsd.nested import NestedTypes, type_name
from hub.formats.schema.xsd.simple import SimpleTypes
from hub.formats.structure.languages import Languages

_BASE = "http://www.sdmx.org/resources/sdmxml/schemas"
_FOLDERS = {"2.1": "v2_1", "3.0": "v3_0", "3.1": "v3_1"}
#: The schemas of the standard that a structure-specific one is made from, by namespace. Where
#: they are is for each user to say: as in the standard's own samples, beside this one.
_FILES = {
    "message": "SDMXMessage.xsd",
    "common": "SDMXCommon.xsd",
    "data/structurespecific": "SDMXDataStructureSpecific.xsd",
}


def write_xsd(places: Places, form: SchemaForm, languages: Sequence[str] | None) -> bytes:
    """Write the schema that structure-specific messages of a form must be valid against.

    `languages` are those of the names of codes; None means all. Raises NotAcceptable where SDMX
    2.1 has no such structure.
    """
    _check_measures(places, form)
    folder = f"{_BASE}/{_FOLDERS[form.model]}"
    target = namespace(places.schema.context, places.at)
    prefixes: dict[str | None, str] = {
        None: target,
        "xs": XS,
        "common": f"{folder}/common",
        "dsd": f"{folder}/data/structurespecific",
    }
    root = etree.Element(f"{{{XS}}}schema", nsmap=prefixes)  # type: ignore[arg-type]
    root.set("targetNamespace", target)
    root.set("elementFormDefault", "qualified")
    root.set("attributeFormDefault", "unqualified")
    for part, file in _FILES.items():
        root.append(element("import", namespace=f"{folder}/{part}", schemaLocation=file))
    root.extend(_types(places, form, Languages(languages)))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _types(places: Places, form: SchemaForm, languages: Languages) -> list[etree._Element]:
    names = TypeNames(_reserved(places))
    simple = SimpleTypes(places.schema, form, names, languages)
    nested = NestedTypes(places, simple)
    compound = CompoundTypes(places, form, simple, nested).all()
    return [*compound, *nested.made, *simple.made]


def _reserved(places: Places) -> set[str]:
    """The names of types that readers of a schema, or messages, know."""
    levels = ("DataSet", "Series", "Obs", "Atts", "Group")
    fixed = {*(f"{level}Type" for level in levels), "Group.ID", "GroupType.ID"}
    nested = {name for c in places.schema.columns for name in (type_name(c),)}
    values = {f"{name}.Value" for name in nested}
    return fixed | nested | values | {group.id for group in places.groups}


def _check_measures(places: Places, form: SchemaForm) -> None:
    measures = [column.id for column in places.schema.measures]
    if form.is_simple and measures and OBS_VALUE not in measures:
        raise NotAcceptable(
            f"{form.media_type} is of SDMX 2.1, whose only measure is {OBS_VALUE}; "
            f"{places.schema.context} has {', '.join(measures)}: ask for a schema of SDMX 3.0"
        )
