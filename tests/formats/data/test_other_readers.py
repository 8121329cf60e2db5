"""What pysdmx and sdmx1 read from the messages: the same rows."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pysdmx.io
import pytest
import sdmx
from sdmx.model import common, v21

from hub.formats import bulk
from hub.formats.data import FORMS

Row = dict[str, Any]
#: Columns every reader can hold; series attributes, groups and the data set's attributes with them.
PLAIN = ("FREQ", "AREA", "KIND", "TIME_PERIOD", "OBS_VALUE", "TITLE", "STATUS", "COMMENT")
UPPER = (*PLAIN, "SOURCE", "LICENCE")
XML = [
    "data+xml;version=3.1.0",
    "data+xml;version=3.0.0",
    "structurespecificdata+xml;version=2.1",
    "structurespecifictimeseriesdata+xml;version=2.1",
    "genericdata+xml;version=2.1",
    "generictimeseriesdata+xml;version=2.1",
]

# pysdmx uses parts of pandas that are about to go
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def comparable(rows: list[Row], columns: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Rows as texts in an order of their own; absent, empty and not-a-number told apart."""
    return sorted(tuple(_text(row.get(name)) for name in columns) for row in rows)


def _text(value: Any) -> str:
    if value is None or value == "":
        return ""
    try:
        return repr(float(value))
    except ValueError:
        return str(value)


def without_controls(rows: list[Row]) -> list[Row]:
    return [row for row in rows if not any(c < " " for c in row["COMMENT"] or "")]


def pysdmx_rows(text: bytes) -> list[Row]:
    (dataset,) = pysdmx.io.read_sdmx(io.BytesIO(text), validate=False).data
    frame: pd.DataFrame = dataset.data.astype(object)
    rows: list[Row] = frame.where(frame.notna(), None).to_dict("records")
    return [row | dict(dataset.attributes) for row in rows]


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0", "2.1.0"])
def test_pysdmx_reads_csv(build, rows, form, message, version) -> None:
    held = without_controls(rows)
    text = message(build(held, UPPER), form(f"data+csv;version={version}"))
    assert comparable(pysdmx_rows(text), UPPER) == comparable(held, UPPER)


@pytest.mark.parametrize("labels", ["id", "name", "both"])
@pytest.mark.parametrize("keys", ["none", "obs", "series", "both"])
@pytest.mark.parametrize("version", ["2.0.0", "2.1.0"])
def test_pysdmx_reads_csv_with_every_option(
    build, rows, form, message, version, labels, keys
) -> None:
    held, columns = without_controls(rows), (*UPPER, "PEOPLE")
    options = replace(form(f"data+csv;version={version}"), labels=labels, keys=keys)
    text = message(build(held, columns), options)
    assert comparable(pysdmx_rows(text), columns) == comparable(held, columns)


def test_pysdmx_reads_csv_1_with_labels(build, rows, form, message) -> None:
    held = without_controls(rows)
    text = message(build(held, UPPER), replace(form("data+csv;version=1.0.0"), labels="both"))
    assert comparable(pysdmx_rows(text), UPPER) == comparable(held, UPPER)


@pytest.mark.parametrize("ending", [ending for ending in XML if "timeseries" not in ending])
@pytest.mark.parametrize("reader", ["pysdmx", "sdmx1"])
def test_cross_sections_are_read(build, rows, form, message, reader, ending) -> None:
    if reader == "sdmx1" and "3.1" in ending:
        pytest.skip("sdmx1 does not know SDMX 3.1")
    held = sorted(
        without_controls(rows), key=lambda r: (r["FREQ"], r["KIND"], r["TIME_PERIOD"], r["AREA"])
    )
    text = message(build(held, PLAIN, dimension_at_observation="AREA"), form(ending))
    known = {} if "generic" in ending else {"structure": structure()}
    found = pysdmx_rows(text) if reader == "pysdmx" else sdmx1_rows(text, **known)
    assert comparable(found, PLAIN) == comparable(held, PLAIN)


@pytest.mark.parametrize("ending", [e for e in XML if "timeseries" not in e and "3.1" not in e])
def test_sdmx1_reads_flat_xml(build, rows, form, message, ending) -> None:
    held = without_controls(rows)
    text = message(build(held, PLAIN, dimension_at_observation="AllDimensions"), form(ending))
    known = {} if "generic" in ending else {"structure": structure()}
    assert comparable(sdmx1_rows(text, **known), PLAIN) == comparable(held, PLAIN)


@pytest.mark.parametrize(
    ("ending", "at"),
    [(ending, None) for ending in XML]
    + [(ending, "AllDimensions") for ending in XML if "timeseries" not in ending],
)
def test_pysdmx_reads_xml(build, rows, form, message, ending, at) -> None:
    held = without_controls(rows)
    # pysdmx reads groups beside series only
    columns = tuple(c for c in UPPER if c != "LICENCE") if at else UPPER
    text = message(build(held, columns, dimension_at_observation=at), form(ending))
    assert comparable(pysdmx_rows(text), columns) == comparable(held, columns)


def sdmx1_rows(text: bytes, **kwargs: Any) -> list[Row]:
    message = sdmx.read_sdmx(io.BytesIO(text), **kwargs)
    (dataset,) = message.data
    rows = []
    for obs in dataset.obs:
        key = {id_: kv.value for id_, kv in obs.key.order().values.items()}
        attached = {id_: value.value for id_, value in obs.attrib.items()}
        whole = {id_: v.value for id_, v in getattr(dataset, "attrib", {}).items()}
        held = key | whole | attached | {"OBS_VALUE": obs.value}
        rows.append({name: getattr(value, "id", value) for name, value in held.items()})
    return rows


def structure() -> v21.DataStructureDefinition:
    """The test structure as sdmx1 knows it: it needs one for structure-specific data."""
    dsd = v21.DataStructureDefinition(id="DSD")
    concepts = {id_: common.Concept(id=id_) for id_ in UPPER}
    for order, id_ in enumerate(PLAIN[:4]):
        dsd.dimensions.append(v21.Dimension(id=id_, order=order, concept_identity=concepts[id_]))
    dsd.measures.append(v21.PrimaryMeasure(id="OBS_VALUE", concept_identity=concepts["OBS_VALUE"]))
    for id_ in UPPER[5:]:
        concepts[id_].core_representation = common.Representation()
        dsd.attributes.append(v21.DataAttribute(id=id_, concept_identity=concepts[id_]))
    group = v21.GroupDimensionDescriptor(id="ByArea", components=[dsd.dimensions.get("AREA")])
    dsd.group_dimensions["ByArea"] = group
    return dsd


@pytest.mark.parametrize("ending", XML[1:])  # it does not know SDMX 3.1
def test_sdmx1_reads_xml(build, rows, form, message, ending) -> None:
    held = without_controls(rows)
    # it reads the attributes of a data set in structure-specific data of 2.1 only
    reads_all = "structurespecific" in ending
    columns = UPPER if reads_all else tuple(c for c in UPPER if c != "SOURCE")
    text = message(build(held, columns), form(ending))
    known = {} if "generic" in ending else {"structure": structure()}
    assert comparable(sdmx1_rows(text, **known), columns) == comparable(held, columns)


def test_sdmx1_reads_json(build, rows, form, message) -> None:
    """sdmx1 knows the draft envelope only: the same members, one level up."""
    held = without_controls(rows)
    columns = PLAIN[:5] + PLAIN[6:]  # it takes series attributes from the data set
    given = json.loads(message(build(held, columns), form("data+json;version=1.0.0"), "en"))
    draft = {"header": given["meta"], **given["data"]}
    found = sdmx1_rows(json.dumps(draft).encode())
    assert comparable(found, columns) == comparable(held, columns)


def test_the_documentation_lists_every_form() -> None:
    text = (Path(__file__).parents[3] / "docs" / "clients.md").read_text("utf-8")
    for form in (*FORMS, *bulk.FORMS):
        assert f"| `{form.media_type}` |" in text
