"""XML Schemas of structure-specific messages of the test agency, made from its plan.

The official schemas leave these types open: a service makes them for each structure (SDMX-ML,
"Structure-specific data"). These say which component may stand at which level, no more.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from lxml import etree

from tests.conformance.agency.plan import OBSERVATION, Part, Shape
from tests.conformance.agency.shapes import SHAPES
from tests.conformance.judging.official import namespace_of, xml_errors, xml_folder
from tests.conformance.reading.data_sets import about_urn

_BASE = "http://www.sdmx.org/resources/sdmxml/schemas"
_START = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"'
_MANY = 'form="unqualified" minOccurs="0" maxOccurs="unbounded"'


def errors(body: bytes, shapes: dict[str, Shape]) -> list[str]:
    """What is wrong in a message; `shapes` by what its data sets are about, as readers say it."""
    document = etree.fromstring(body)
    wanted = frozenset(
        (structure.get("namespace", ""), SHAPES.index(shapes[_about(structure)]))
        for structure in document.findall("{*}Header/{*}Structure")
    )
    return xml_errors(document, _judge(namespace_of(body), wanted))


def _about(structure: etree._Element) -> str:
    return about_urn(structure.get("namespace", "").rpartition(":ObsLevelDim:")[0])


@cache
def _judge(version: str, wanted: frozenset[tuple[str, int]]) -> etree.XMLSchema:
    common, ss = (f"{_BASE}/{version}/{part}" for part in ("common", "data/structurespecific"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in xml_folder(version).glob("*.xsd"):
            (folder / file.name).symlink_to(file)
        imports = (
            f'<xs:import namespace="{_BASE}/{version}/message" schemaLocation="SDMXMessage.xsd"/>'
        )
        for number, (urn, place) in enumerate(sorted(wanted)):
            types = _types(SHAPES[place], urn.rpartition(":")[2], is_21=version == "v2_1")
            (folder / f"types{number}.xsd").write_text(
                f'{_START} targetNamespace="{urn}" xmlns="{urn}" xmlns:ss="{ss}" '
                f'xmlns:common="{common}">'
                f'<xs:import namespace="{common}" schemaLocation="SDMXCommon.xsd"/>'
                f'<xs:import namespace="{ss}" schemaLocation="SDMXDataStructureSpecific.xsd"/>'
                f"{types}</xs:schema>",
                "utf-8",
            )
            imports += f'<xs:import namespace="{urn}" schemaLocation="types{number}.xsd"/>'
        (folder / "all.xsd").write_text(f"{_START}>{imports}</xs:schema>", "utf-8")
        return etree.XMLSchema(etree.parse(folder / "all.xsd"))


def _types(shape: Shape, at: str, *, is_21: bool) -> str:
    """The types of one structure with one dimension at observation level."""
    comp = "" if is_21 else f'<xs:element name="Comp" type="ss:CompType" {_MANY}/>'
    key = [] if at == "AllDimensions" else [d for d in shape.dimensions if d != at]
    rows = "Series" if key else "Obs"
    inner = _element("Group", "ss:GroupType") + _element(rows, f"{rows}Type")
    if not is_21:
        once = inner.replace(_MANY, 'form="unqualified"')
        atts = '<xs:element name="Atts" type="AttsType" form="unqualified"/>'
        inner = f'<xs:choice minOccurs="0" maxOccurs="unbounded">{atts}{once}</xs:choice>'
    at_series = [p.id for p in shape.of("attribute") if _is_of_series(p, key)]
    whole = [p.id for p in shape.of("attribute") if p.on == ()]
    below = [p.id for p in shape.of("attribute") if p.id not in (*at_series, *whole)]
    here = [d for d in shape.dimensions if d not in key]
    types = [
        _type("DataSetType", "DataSetType", inner, whole),
        _type("ObsType", "ObsType", comp, [*here, *shape.measures, *below]),
        _type("SeriesType", "SeriesType", comp + _element("Obs", "ObsType"), [*key, *at_series]),
    ]
    for group, on in shape.groups.items():
        held = [p.id for p in shape.of("attribute") if p.group == group]
        types.append(_type(group, "GroupType", comp, [*on, *held]))
    if not is_21:
        types.append(_type("AttsType", "AttsType", comp))
        types += [_nested(part) for part in shape.parts if part.many or part.languages]
    return "".join(types)


def _is_of_series(part: Part, key: list[str]) -> bool:
    return part.on not in (OBSERVATION, ()) and bool(key) and set(part.on) <= set(key)


def _element(name: str, type_: str) -> str:
    return f'<xs:element name="{name}" type="{type_}" {_MANY}/>'


def _nested(part: Part) -> str:
    kind = "Text" if part.languages else "String"
    value = f'<xs:element name="Value" type="common:{kind}ValueType" {_MANY}/>'
    return _type(f"{part.id}_{part.role.upper()}", "CompType", value)


def _type(name: str, base: str, content: str, held: Iterable[str] = ()) -> str:
    declared = "".join(f'<xs:attribute name="{id_}"/>' for id_ in held if id_ != "TIME_PERIOD")
    return (
        f'<xs:complexType name="{name}"><xs:complexContent><xs:restriction base="ss:{base}">'
        f"<xs:sequence>{content}</xs:sequence>{declared}"
        "</xs:restriction></xs:complexContent></xs:complexType>"
    )
