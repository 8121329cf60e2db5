"""SDMX-ML: the official schemas, and a reference that builds one element at a time with lxml."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from lxml import etree

from hub.errors import NotAcceptable, Unprocessable
from hub.formats.message import Action
from hub.formats.schema import Places, Usage
from hub.model import ArtefactClass, Reference
from tests.formats.schema.judge import judge_of, official
from tests.formats.schema.structures import XSD_21, XSD_30, XSD_31

Row = dict[str, Any]
BASE = "http://www.sdmx.org/resources/sdmxml/schemas"
KEY = ("FREQ", "AREA", "KIND", "TIME_PERIOD")
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
GENERIC = ["genericdata+xml;version=2.1", "generictimeseriesdata+xml;version=2.1"]
SPECIFIC = {
    "data+xml;version=3.1.0": XSD_31,
    "data+xml;version=3.0.0": XSD_30,
    "structurespecificdata+xml;version=2.1": XSD_21,
}


@pytest.fixture(scope="module")
def generic_schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(official(XSD_21) / "SDMXMessage.xsd"))


def spell(value: Any) -> str:
    """One value, the slow way; what XML cannot hold is replaced."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        whole = value == int(value) if value == value else False
        text = "NaN" if value != value else str(int(value)) if whole else repr(value)
        return {"1000000000000000": "1e+15", "1e-07": "1e-7"}.get(text, text)
    return "".join("\ufffd" if c < " " and c not in "\t\n\r" else c for c in str(value))


def by_series(rows: Iterable[Row], key: tuple[str, ...]) -> Iterator[tuple[Row, list[Row]]]:
    for _, found in itertools.groupby(rows, lambda row: [row[name] for name in key]):
        held = list(found)
        yield held[0], held


def attributes(row: Row, names: Iterable[str]) -> dict[str, str]:
    return {
        name: spell(row[name])
        for name in names
        if row.get(name) is not None and not isinstance(row[name], list)
    }


def specific_series(rows: list[Row], columns: tuple[str, ...]) -> list[etree._Element]:
    """Series elements, built value by value."""
    upper = ("FREQ", "AREA", "KIND", "TITLE", "DECIMALS")
    left = [c for c in columns if c not in (*upper, "SOURCE", "LICENCE")]
    built = []
    for first, held in by_series(rows, upper[:3]):
        series = etree.Element("Series", attributes(first, upper))
        for row in held:
            obs = etree.SubElement(series, "Obs", attributes(row, left))
            for name in [n for n in left if isinstance(row[n], list)]:
                comp = etree.SubElement(obs, "Comp", {"id": name, "type": f"ns1:{name}_ATTRIBUTE"})
                if isinstance(row[name][0], tuple):
                    value = etree.SubElement(comp, "Value")
                    for language, text in row[name]:
                        etree.SubElement(value, "Text", {"lang": language}).text = text
                    continue
                for item in row[name]:
                    etree.SubElement(comp, "Value").text = item
        built.append(series)
    return built


def plain(element: etree._Element) -> Any:
    """An element as a value: without namespaces, and without the line ends between elements."""
    local = {etree.QName(name).localname: value for name, value in element.attrib.items()}
    children = [plain(child) for child in element]
    text = "" if children else element.text or ""
    return etree.QName(element).localname, local, text, children


@pytest.mark.parametrize("encoded", [False, True])
@pytest.mark.parametrize("ending", SPECIFIC)
def test_series_are_as_an_element_by_element_writer_has_them(
    build, rows, simple, form, message, ending, encoded
) -> None:
    columns = {"columns": simple} if "2.1" in ending else {}
    dataset = build(rows, size=4, encoded=encoded, **columns)
    root = etree.fromstring(message(dataset, form(ending)))
    data_set = root[1]
    assert data_set.get("SOURCE") == "Registers <&> censuses"
    groups = [
        (g.get(f"{XSI}type"), g.get("AREA"), g.get("LICENCE")) for g in data_set if g.tag == "Group"
    ]
    assert groups == [
        ("ns1:ByArea", "NOR", '"NOR" licence'),
        ("ns1:ByArea", "SWE", '"SWE" licence'),
    ]
    found = [plain(element) for element in data_set if element.tag == "Series"]
    assert found == [plain(element) for element in specific_series(rows, dataset.columns)]


@pytest.mark.parametrize("at", ["TIME_PERIOD", "AREA", "AllDimensions"])
@pytest.mark.parametrize("ending", SPECIFIC)
def test_structure_specific_messages_are_valid(
    build, rows, simple, form, message, schema, ending, at
) -> None:
    columns = {"columns": simple} if "2.1" in ending else {}
    judged = judge_of(Places(schema=schema, at=at, usage=Usage.OPTIONAL), SPECIFIC[ending])
    for held in (rows, []):
        dataset = build(held, dimension_at_observation=at, **columns)
        assert judged.faults(message(dataset, form(ending))) == []
    lower = build(rows, dimension_at_observation=at, upper=False, **columns)
    assert judged.faults(message(lower, form(ending)))


@pytest.mark.parametrize("at", ["TIME_PERIOD", "AREA", "AllDimensions"])
@pytest.mark.parametrize("ending", [*SPECIFIC, GENERIC[0]])
def test_what_came_and_what_went_is_valid(
    build, rows, simple, form, message, schema, generic_schema, ending, at
) -> None:
    """Data sets of history: each with its action and its time, what went with its key alone."""
    instants = [datetime(2024, month, 1, 12, 30, 0, 500, UTC) for month in (1, 2)]
    shape = {"dimension_at_observation": at}
    datasets = [
        build(rows, simple, action=Action.REPLACE, valid_from=instants[0], **shape),
        build(rows[:5], KEY, action=Action.DELETE, valid_to=instants[1], upper=False, **shape),
        build(rows[:5], simple, valid_from=instants[1], valid_to=instants[1], **shape),
    ]
    written = message(datasets, form(ending))
    root = etree.fromstring(written)
    if ending in SPECIFIC:
        places = Places(schema=schema, at=at, usage=Usage.DELETION)
        assert judge_of(places, SPECIFIC[ending]).faults(written) == []
    else:
        generic_schema.assertValid(root)
    told = [plain(each)[1] for each in root.iterfind("{*}DataSet")]
    spelt = ["2024-01-01T12:30:00.000500Z", "2024-02-01T12:30:00.000500Z"]
    assert [each["action"] for each in told] == ["Replace", "Delete", "Information"]
    assert [each.get("validFromDate") for each in told] == [spelt[0], None, spelt[1]]
    assert [each.get("validToDate") for each in told] == [None, spelt[1], spelt[1]]


@pytest.mark.parametrize("at", ["TIME_PERIOD", "AREA", "AllDimensions"])
@pytest.mark.parametrize("ending", GENERIC)
def test_generic_messages_are_valid(
    build, rows, simple, form, message, generic_schema, ending, at
) -> None:
    if "timeseries" in ending and at != "TIME_PERIOD":
        with pytest.raises(NotAcceptable, match="time series only"):
            message(build(rows, simple, dimension_at_observation=at), form(ending))
        return
    for held in (rows, []):
        dataset = build(held, simple, dimension_at_observation=at)
        generic_schema.assertValid(etree.fromstring(message(dataset, form(ending))))


def test_generic_series_hold_every_value(build, rows, simple, form, message) -> None:
    root = etree.fromstring(message(build(rows, simple, size=3), form(GENERIC[0])))
    names = {"g": f"{BASE}/v2_1/data/generic"}

    def values(element: etree._Element, path: str) -> Row:
        found = element.iterfind(f"{path}/g:Value", names)
        return {value.get("id"): value.get("value") for value in found}

    whole = values(root[1], "g:Attributes")
    groups = {
        values(group, "g:GroupKey")["AREA"]: values(group, "g:Attributes")
        for group in root.iterfind(".//g:Group", names)
    }
    read = []
    for series in root.iterfind(".//g:Series", names):
        upper = values(series, "g:SeriesKey") | values(series, "g:Attributes")
        for obs in series.iterfind("g:Obs", names):
            row = whole | groups[upper["AREA"]] | upper | values(obs, "g:Attributes")
            for name in ("ObsDimension", "ObsValue"):
                element = obs.find(f"g:{name}", names)
                if element is not None:
                    row[element.get("id")] = element.get("value")
            read.append(row)
    assert read == [attributes(row, simple) for row in rows]


def test_no_attributes_no_element(build, rows, form, message, generic_schema) -> None:
    bare = [row | {"TITLE": None, "COMMENT": None} for row in rows]
    columns = ("FREQ", "AREA", "KIND", "TIME_PERIOD", "OBS_VALUE", "TITLE", "COMMENT")
    text = message(build(bare, columns), form(GENERIC[0]))
    assert b"<generic:Attributes>" not in text
    generic_schema.assertValid(etree.fromstring(text))


def test_without_group_tables_their_attributes_stand_at_the_series(
    build, rows, simple, form, message
) -> None:
    dataset = build(rows, simple, upper=False)
    root = etree.fromstring(message(dataset, form("data+xml;version=3.0.0")))
    assert root.find(".//Group") is None
    series = root.find(".//Series")
    assert series.get("LICENCE") == '"NOR" licence'
    assert series.get("SOURCE") == "Registers <&> censuses"


def test_attributes_go_down_where_the_series_lack_their_dimensions(
    build, rows, form, message
) -> None:
    dataset = build(rows, dimension_at_observation="KIND")
    root = etree.fromstring(message(dataset, form("data+xml;version=3.0.0")))
    series = root.find(".//Series")
    assert set(series.attrib) == {"FREQ", "AREA", "TIME_PERIOD", "DECIMALS"}
    assert series[0].get("TITLE") == "Title plain & more"
    assert series[0].get("KIND") == "plain"


@pytest.mark.parametrize(
    ("ending", "element", "target"),
    [
        (
            "data+xml;version=3.0.0",
            "StructureUsage",
            "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=TEST:FLOW(1.0.0)",
        ),
        (GENERIC[0], "StructureUsage", {"class": "Dataflow", "package": "datastructure"}),
    ],
)
def test_the_header_names_the_context(
    build, rows, simple, form, message, ending, element, target
) -> None:
    root = etree.fromstring(message(build(rows, simple), form(ending)))
    structure = root.find("./{*}Header/{*}Structure")
    assert etree.QName(structure[0]).localname == element
    if isinstance(target, str):
        assert structure[0].text == target
        assert structure.get("namespace") == f"{target}:ObsLevelDim:TIME_PERIOD"
    else:
        ref = structure[0][0]
        assert ref.tag == "Ref"
        assert dict(ref.attrib) == target | {"agencyID": "TEST", "id": "FLOW", "version": "1.0.0"}


def test_a_data_structure_as_context(build, rows, simple, form, message) -> None:
    context = Reference(ArtefactClass.DATA_STRUCTURE, "TEST", "DSD", "1.0.0")
    dataset = build(rows, simple, context=context)
    root = etree.fromstring(message(dataset, form("structurespecificdata+xml;version=2.1")))
    structure = root.find("./{*}Header/{*}Structure")
    assert etree.QName(structure[0]).localname == "Structure"
    scope = f"{{{BASE}/v2_1/data/structurespecific}}dataScope"
    assert root[1].get(scope) == "DataStructure"


def test_data_sets_share_the_structure_they_have_in_common(
    build, rows, simple, form, message, generic_schema
) -> None:
    at = datetime(2024, 1, 1, tzinfo=UTC)
    datasets = [
        build(rows[:1], simple[:4], action=Action.DELETE),
        build(rows[1:3], simple, action=Action.MERGE, valid_from=at),
        build(rows[1:3], simple, dimension_at_observation="AllDimensions"),
    ]
    root = etree.fromstring(message(datasets, form(GENERIC[0])))
    generic_schema.assertValid(root)
    found = root.findall("{*}DataSet")
    assert [d.get("structureRef") for d in found] == ["STR1", "STR1", "STR2"]
    assert [d.get("action") for d in found] == ["Delete", "Append", "Information"]
    assert found[1].get("validFromDate") == "2024-01-01T00:00:00Z"
    merged = etree.fromstring(message(datasets[1], form("data+xml;version=3.1.0")))
    assert merged[1].get(f"{{{BASE}/v3_1/data/structurespecific}}action") == "Merge"


@pytest.mark.parametrize("ending", [*SPECIFIC, *GENERIC])
def test_series_without_observations(build, rows, form, message, ending) -> None:
    firsts = [rows[0], rows[7], rows[10], rows[13]]
    root = etree.fromstring(message(build(firsts, ("FREQ", "AREA", "KIND")), form(ending)))
    assert len(root.findall(".//{*}Series")) == 4
    assert root.find(".//{*}Obs") is None


def test_an_unknown_dimension_at_observation_level(build, rows, form, message) -> None:
    dataset = build(rows, dimension_at_observation="SEX")
    with pytest.raises(Unprocessable, match="it has FREQ, AREA, KIND, TIME_PERIOD"):
        message(dataset, form("data+xml;version=3.0.0"))
