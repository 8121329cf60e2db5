"""Generic data of SDMX-ML 2.1."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.errors import Invalid
from hub.formats.message import RawData
from hub.model import Structures
from tests.formats.ml.messages import STRUCTURES, message, read

TARGET = '<common:Structure><Ref agencyID="T" id="DSD" version="1.0"/></common:Structure>'


def values(element: str, **given: str) -> str:
    held = "".join(f'<generic:Value id="{name}" value="{v}"/>' for name, v in given.items())
    return f"<generic:{element}>{held}</generic:{element}>"


def observation(period: str, rest: str = '<generic:ObsValue value="1"/>') -> str:
    key = f'<generic:ObsDimension value="{period}"/>'
    return f"<generic:Obs>{key}{rest}</generic:Obs>"


def data(folder: Path, content: str, structures: Structures | None = STRUCTURES) -> RawData:
    body = f'<message:DataSet structureRef="S" action="Append">{content}</message:DataSet>'
    text = message(body, kind="GenericData", version="v2_1", target=TARGET)
    return read(folder, text, structures)


SERIES_KEY = values("SeriesKey", FREQ="A", AREA="SE")


def test_every_level(tmp_path: Path) -> None:
    group = values("GroupKey", AREA="SE") + values("Attributes", TITLE="Sweden")
    series = SERIES_KEY + values("Attributes", UNIT="P") + observation("2020")
    flat = values("ObsKey", FREQ="A", AREA="NO", TIME_PERIOD="2021")
    content = (
        values("Attributes", SOURCE="X")
        + f'<generic:Group type="ByArea">{group}</generic:Group>'
        + f"<generic:Series>{series}</generic:Series>"
        + f"<generic:Obs>{flat}{values('Attributes', STATUS='E')}</generic:Obs>"
    )
    key = {"FREQ": "A", "AREA": "SE", "TIME_PERIOD": "2020"}
    first = {"SOURCE": "X", "UNIT": "P", **key, "OBS_VALUE": "1", "STATUS": None, "TITLE": "Sweden"}
    second = {"AREA": "NO", "TIME_PERIOD": "2021", "OBS_VALUE": None, "STATUS": "E"}
    expected = [first, {**first, **second, "UNIT": None, "TITLE": None}]
    for structures in (STRUCTURES, None):  # a generic message tells by itself what is a key
        raw = data(tmp_path, content, structures)
        assert raw.table.to_pylist() == expected
        assert raw.actions is not None
        assert raw.actions.to_pylist() == ["Append", "Append"]


def test_the_order_of_xml_attributes_and_missing_ids(tmp_path: Path) -> None:
    swapped = SERIES_KEY.replace('id="AREA" value="SE"', 'value="SE" id="AREA"')
    assert swapped != SERIES_KEY
    series = f"<generic:Series>{swapped}{observation('2020')}</generic:Series>"
    assert data(tmp_path, series).table.to_pylist() == [
        {"FREQ": "A", "AREA": "SE", "TIME_PERIOD": "2020", "OBS_VALUE": "1"}
    ]


def test_a_series_without_observations_is_a_row(tmp_path: Path) -> None:
    raw = data(tmp_path, f"\n<generic:Series>{SERIES_KEY}</generic:Series>")
    assert raw.table.to_pylist() == [{"FREQ": "A", "AREA": "SE"}]
    assert raw.line(0) == 5


def test_lines_are_those_where_observations_begin(tmp_path: Path) -> None:
    inside = observation("2020").replace("><", ">\n<")
    raw = data(tmp_path, f"<generic:Series>{SERIES_KEY}\n{inside}\n{inside}</generic:Series>")
    assert [raw.line(row) for row in range(2)] == [5, 9]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            observation("2020") + values("Attributes", UNIT="P") + observation("2021"),
            "the attributes of a series stand before its observations",
        ),
        (observation("2020") + values("Attributes", UNIT="P"), "stand before its observations"),
        (values("Attributes", AREA="SE"), "AREA is given twice"),
        (observation("2020", '<generic:ObsValue id="X"/>'), "X has no value here"),
        ("<generic:Attributes><generic:Value/></generic:Attributes>", "without the id"),
        (values("ObsKey", A="1"), "ObsKey does not belong here; expected: Attributes"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, content: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason) as refused:
        data(tmp_path, f"<generic:Series>{SERIES_KEY}{content}</generic:Series>")
    assert refused.value.findings[0].line is not None
