"""Messages that Eurostat, the OECD and Istat sent, through their profiles: every cell compared.

What the shared flow holds is what `naive` reads in the source, no more and no less, and the door
takes all of it. Messages that are not beside the project are skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from connectors.sdmx import through_profile
from dsd import shared_structures
from dsd.map_building import TESTED_BY, UNTESTED
from hub.errors import Severity
from hub.formats.message import RawData
from hub.formats.reading import read_data
from hub.model import ArtefactClass, Reference, StructureMap, resolve
from hub.publish import validate
from tests.connectors.sdmx import naive
from tests.formats.samples.table import MESSAGES

pytestmark = pytest.mark.skipif(
    not MESSAGES.is_dir(), reason="the messages beside the project (../shared/data) are not here"
)
STRUCTURES = shared_structures()


@dataclass(frozen=True)
class Recorded:
    """A message, the flow it becomes data of, and what it is to be: key columns, fixed values."""

    file: str
    profile: str
    flow: str
    expected: Callable[[], naive.Expected]
    key: tuple[str, ...]
    fixed: dict[str, str]


ASYLUM = {
    "COUNTERPART_BASIS": "CTZ",
    "UNIT_MEASURE": "PS",
    "SEX": "_T",
    "AGE": "_T",
    "REASON": "_T",
    "DATA_PROVIDER": "Eurostat",
}
RECORDED = (
    Recorded(
        "estat_MIGR_ASYAPPCTZA.csv",
        "eurostat",
        "DF_ADMIN_ASYLUM",
        naive.asylum,
        ("REF_AREA", "COUNTERPART_AREA", "TIME_PERIOD"),
        ASYLUM | {"FREQ": "A", "ADMIN_MEASURE": "ASY_APP"},
    ),
    Recorded(
        "estat_MIGR_ASYTPSM.csv",
        "eurostat",
        "DF_ADMIN_ASYLUM",
        naive.protection,
        ("REF_AREA", "TIME_PERIOD"),
        ASYLUM | {"FREQ": "M", "ADMIN_MEASURE": "TP_STOCK", "COUNTERPART_AREA": "UKR"},
    ),
    Recorded(
        "estat_MIGR_EIRFS.csv",
        "eurostat",
        "DF_ADMIN_BORDER",
        naive.refusals,
        ("REF_AREA", "TIME_PERIOD"),
        ASYLUM | {"FREQ": "A", "ADMIN_MEASURE": "REFUS", "COUNTERPART_AREA": "_T"},
    ),
    Recorded(
        "oecd_DF_MIG_ITA_B11.csv",
        "oecd",
        "DF_FLOW_CTZ",
        naive.inflows,
        ("COUNTERPART_AREA", "CTZ_GROUP", "SEX", "TIME_PERIOD"),
        {"REF_AREA": "ITA", "FLOW_TYPE": "IMM", "AGE": "_T", "UNIT_MULT": "0"},
    ),
    Recorded(
        "istat_DF_DCIS_MIGRAZIONI_2.csv",
        "istat",
        "DF_FLOW_CTZ",
        naive.registrations,
        ("COUNTERPART_AREA", "CTZ_GROUP", "SEX", "AGE", "TIME_PERIOD"),
        {"REF_AREA": "ITA", "FLOW_TYPE": "IMM", "FREQ": "A", "UNIT_MEASURE": "PS"},
    ),
)
each_message = pytest.mark.parametrize("message", RECORDED, ids=lambda one: one.file)


def _reference(flow: str) -> Reference:
    return Reference(ArtefactClass.DATAFLOW, "MIGX", flow, "1.0.0")


def _taken(message: Recorded) -> RawData:
    raw = read_data(MESSAGES / message.file, STRUCTURES)
    return through_profile(raw, message.profile, _reference(message.flow), STRUCTURES)


def _cells(message: Recorded, raw: RawData) -> Iterator[tuple[naive.Key, tuple[float, str]]]:
    for row in raw.table.to_pylist():
        assert message.fixed.items() <= row.items()
        key = tuple(row[name] for name in message.key)
        yield key, (float(row["OBS_VALUE"]), row["OBS_STATUS"])


@each_message
def test_every_cell_is_that_of_the_source(message: Recorded) -> None:
    raw, expected = _taken(message), message.expected()
    cells = list(_cells(message, raw))
    assert len(cells) == len(dict(cells))
    assert dict(cells) == expected.cells
    assert len(cells) >= 200


@each_message
def test_every_row_left_out_is_told_with_its_reason(message: Recorded) -> None:
    raw, expected = _taken(message), message.expected()
    told = [each for each in raw.findings if " left out, " in each.message]
    count = sum(int(each.message.split(" ", 1)[0].replace(",", "")) for each in told)
    assert count == expected.left_out.total()
    assert all(each.line and each.column for each in told)
    assert all("MIGX:" in each.message for each in told), "the map is named"


@each_message
def test_rows_keep_their_lines(message: Recorded) -> None:
    raw = _taken(message)
    lines = (MESSAGES / message.file).read_text("utf-8-sig").splitlines()
    values = raw.table["OBS_VALUE"].to_pylist()
    for row in range(0, len(values), 97):
        line = raw.line(row)
        assert line is not None
        assert f",{values[row]}," in lines[line - 1]


@each_message
def test_the_door_takes_it(message: Recorded) -> None:
    schema = resolve(_reference(message.flow), STRUCTURES)
    checked = validate(_taken(message), schema)
    assert not [each for each in checked.findings if each.severity is Severity.ERROR]


def test_the_dates_of_protection_are_the_last_days_of_months() -> None:
    import calendar

    for row in _taken(RECORDED[1]).table.to_pylist():
        year, month = map(int, row["TIME_PERIOD"].split("-"))
        assert row["REF_DATE"] == f"{year}-{month:02}-{calendar.monthrange(year, month)[1]}"


def test_the_maps_that_say_they_are_tested_are_those_tested_here() -> None:
    told = {
        one.annotation(TESTED_BY)
        for one in STRUCTURES.of_type(StructureMap)
        if one.annotation(TESTED_BY) != UNTESTED
    }
    assert told == {one.file for one in RECORDED}


def test_kosovo_is_what_other_europe_lacks() -> None:
    """X95 has no name in the message: only with it Europe outside the Union adds up."""
    union = set(
        "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
    )
    other = set("AD AL BA BY CH IS LI MC MD ME MK NO RS RU SM TR UA UK VA X95".split())
    assert not union & other
    for year in ("2020", "2021", "2022"):
        figures = {
            row["CITIZENSHIP"]: int(row["OBS_VALUE"])
            for row in naive.rows("istat_DF_DCIS_MIGRAZIONI_2.csv")
            if (row["TIME_PERIOD"], row["SEX"], row["AGE"]) == (year, "9", "TOTAL")
        }
        assert sum(figures.get(code, 0) for code in other) == figures["EUR_NEU27"]
        assert figures["X95"] > 1_000
