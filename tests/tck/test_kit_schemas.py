"""What the public conformance kit asks of schema queries of API 1.x."""

from __future__ import annotations

import httpx
import pytest
from lxml import etree

from tests.tck.agency.said import AREAS, INDICATORS, SEXES

XS = "{http://www.w3.org/2001/XMLSchema}"
ALL_AREAS = (*AREAS["P1"], *AREAS["P2"])
DIMENSIONS = ("INDICATOR", "REF_AREA", "SEX")


def get(v1: httpx.Client, target: str) -> etree._Element:
    response = v1.get(f"/schema/{target}")
    assert response.status_code == 200, (target, response.text)
    return etree.fromstring(response.content)


def bases(schema: etree._Element) -> dict[str, str]:
    """What each type restricts, with the prefixes the kit compares literally."""
    return {
        str(type_.get("name")): str(type_.find(f".//{XS}restriction").get("base"))  # type: ignore[union-attr]
        for type_ in schema.iterfind(f"{XS}complexType")
    }


def attributes(schema: etree._Element, type_: str) -> dict[str, tuple[str, str]]:
    """The type and the use of each attribute of a type."""
    path = f"{XS}complexType[@name='{type_}']//{XS}attribute"
    return {
        str(one.get("name")): (str(one.get("type")), str(one.get("use")))
        for one in schema.iterfind(path)
    }


def allowed(schema: etree._Element, component: str) -> list[str]:
    """The values that the type of a component lists."""
    (type_,) = {
        found[component][0]
        for name in bases(schema)
        if component in (found := attributes(schema, name))
    }
    path = f"{XS}simpleType[@name='{type_}']//{XS}enumeration"
    return [str(one.get("value")) for one in schema.iterfind(path)]


@pytest.mark.parametrize("version", ["/1.0", ""])
@pytest.mark.parametrize(
    ("artefact", "limits"),
    [
        ("datastructure/CONF/DSD", {"SEX": SEXES}),
        ("dataflow/CONF/DF", {"SEX": SEXES, "INDICATOR": INDICATORS, "REF_AREA": ALL_AREAS}),
        ("provisionagreement/CONF/PA_P1", {"SEX": SEXES, "REF_AREA": AREAS["P1"]}),
        ("provisionagreement/CONF/PA_P2", {"SEX": SEXES, "REF_AREA": AREAS["P2"]}),
    ],
)
def test_values_are_those_that_constraints_allow(
    v1: httpx.Client, artefact: str, limits: dict[str, tuple[str, ...]], version: str
) -> None:
    schema = get(v1, artefact + version)
    for component, values in limits.items():
        assert sorted(allowed(schema, component)) == sorted(values)
    assert allowed(schema, "OBS_STATUS")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (
            "",
            {
                "DataSetType": "dsd:TimeSeriesDataSetType",
                "SeriesType": "dsd:TimeSeriesType",
                "ObsType": "dsd:TimeSeriesObsType",
            },
        ),
        (
            "REF_AREA",
            {
                "DataSetType": "dsd:DataSetType",
                "SeriesType": "dsd:SeriesType",
                "ObsType": "dsd:ObsType",
            },
        ),
        ("AllDimensions", {"DataSetType": "dsd:DataSetType", "ObsType": "dsd:ObsType"}),
    ],
)
def test_types_restrict_those_of_the_standard(
    v1: httpx.Client, at: str, expected: dict[str, str]
) -> None:
    query = f"?dimensionAtObservation={at}" if at else ""
    schema = get(v1, f"dataflow/CONF/DF/1.0{query}")
    assert bases(schema) == expected
    known = {"common", "dsd", "xs"}
    assert known <= {*schema.nsmap}
    at = at or "TIME_PERIOD"
    upper = attributes(schema, "SeriesType") if "SeriesType" in expected else {}
    lower = attributes(schema, "ObsType")
    used = {id_: use for id_, (_, use) in [*upper.items(), *lower.items()] if use != "prohibited"}
    assert used == {
        **dict.fromkeys([*DIMENSIONS, "TIME_PERIOD"], "required"),
        **dict.fromkeys(["OBS_VALUE", "OBS_STATUS", "TITLE"], "optional"),
    }
    assert lower["type"] == ("common:IDType", "prohibited")
    # of a dimension above and one below: it may be said at either
    assert ("TITLE" in upper, "TITLE" in lower) == (at != "AllDimensions", at != "TIME_PERIOD")
    for name in expected:
        if name != "ObsType" or at == "TIME_PERIOD":
            found = attributes(schema, name)["REPORTING_YEAR_START_DAY"]
            assert found == ("xs:gMonthDay", "prohibited"), name
