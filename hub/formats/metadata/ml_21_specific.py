"""Structure-specific metadata of SDMX-ML 2.1, turned into the generic form to be read.

Elements within a set have no namespace there, and an attribute is an element with its id. Types
are not looked at: what is reported is checked against the structure like any other set.
"""

from __future__ import annotations

from lxml import etree

from hub.formats.structure.ml.dialect import Dialect

_BASE = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/metadata"
_GENERIC, _SPECIFIC = f"{{{_BASE}/generic}}", f"{{{_BASE}/structurespecific}}"
_FRAME = frozenset(
    {"DataProvider", "Report", "Target", "ReferenceValue", "ObjectReference", "ReportPeriod"}
    | {"DataKey", "DataSetReference", "ConstraintContentReference"}
)
_SET_ATTRIBUTES = ("structureRef", "setID", "action")


def as_generic(root: etree._Element, dialect: Dialect) -> etree._Element:
    """Change a message so that it reads as a generic one; returns it."""
    for one in root:
        if dialect.names[one.tag] == "mes:MetadataSet":
            for name in _SET_ATTRIBUTES:
                value = one.get(f"{_SPECIFIC}{name}")
                if value is not None:
                    one.set(name, value)
            _frame(one)
    return root


def _frame(element: etree._Element) -> None:
    """Name what stands around the attributes."""
    for child in element:
        if child.tag in _FRAME:
            child.tag = f"{_GENERIC}{child.tag}"
            _frame(child)
        elif child.tag == "AttributeSet":
            _attributes(child)


def _attributes(level: etree._Element) -> None:
    level.tag = f"{_GENERIC}AttributeSet"
    for attribute in level:
        attribute.set("id", etree.QName(attribute).localname)
        attribute.tag = f"{_GENERIC}ReportedAttribute"
        for child in attribute:
            if child.tag == "AttributeSet":
                _attributes(child)
