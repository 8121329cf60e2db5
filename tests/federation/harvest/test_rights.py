from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from federation.harvest.rights import check_rights
from federation.partners import Partner
from hub.errors import Invalid
from hub.formats.message import RawData
from hub.model import Structures, resolve
from tests.federation.harvest.structures import CONCEPTS, DSD, STOCK, STRUCTURES, flow, reference

SCHEMA = resolve(STOCK.reference, STRUCTURES)
PARTNER = Partner(
    id="DNK",
    url="https://stat.example",
    name="x",
    areas=("DNK", "GRL"),
    added=datetime(2026, 1, 1, tzinfo=UTC),
)


def raw(areas: pa.Array | pa.ChunkedArray, **members: object) -> RawData:
    return RawData(source="s", table=pa.table({"REF_AREA": areas}), **members)  # type: ignore[arg-type]


def test_its_own_areas_pass() -> None:
    check_rights(raw(pa.array(["DNK", "GRL", "DNK"])), SCHEMA, PARTNER)
    check_rights(raw(pa.array([], pa.string())), SCHEMA, PARTNER)


def test_dictionaries_that_differ_by_chunk_are_counted_together() -> None:
    """An unused dictionary entry is no row; the same code in two chunks is one area."""
    chunks = pa.chunked_array(
        [
            pa.DictionaryArray.from_arrays(pa.array([0, 1, 1]), pa.array(["DNK", "SWE", "NOR"])),
            pa.DictionaryArray.from_arrays(pa.array([0, 1]), pa.array(["SWE", "FRO"])),
        ]
    )
    with pytest.raises(Invalid, match=r"4 rows are about FRO, SWE$") as caught:
        check_rights(raw(chunks), SCHEMA, PARTNER)
    assert [(f.value, f.column) for f in caught.value.findings] == [
        ("FRO", "REF_AREA"),
        ("SWE", "REF_AREA"),
    ]


def test_a_row_without_area_is_refused() -> None:
    """In a deletion it would stand for every area."""
    with pytest.raises(Invalid, match=r"2 rows are about \(no area\), SWE"):
        check_rights(raw(pa.array(["DNK", None, "SWE"])), SCHEMA, PARTNER)


def test_codes_are_compared_exactly() -> None:
    with pytest.raises(Invalid, match="dnk"):
        check_rights(raw(pa.array(["dnk"])), SCHEMA, PARTNER)


def test_a_message_without_the_area_is_refused() -> None:
    data = RawData(source="s", table=pa.table({"SEX": ["F"]}))
    with pytest.raises(Invalid, match="no column REF_AREA"):
        check_rights(data, SCHEMA, PARTNER)


def test_a_flow_that_is_not_cut_has_nobody_who_may_speak_for_a_part() -> None:
    whole = flow("DF_WHOLE")
    schema = resolve(whole.reference, Structures([CONCEPTS, DSD, whole]))
    with pytest.raises(Invalid, match="is not cut by area"):
        check_rights(raw(pa.array(["DNK"])), schema, PARTNER)


def test_a_message_of_another_flow_is_refused() -> None:
    check_rights(
        raw(pa.array(["DNK"]), structure=reference("DF_STOCK_BIRTH").at("0.9.0")), SCHEMA, PARTNER
    )
    check_rights(raw(pa.array(["DNK"]), structure=DSD.reference), SCHEMA, PARTNER)
    with pytest.raises(Invalid, match="data of MIGX:DF_FLOW_RES"):
        check_rights(raw(pa.array(["DNK"]), structure=reference("DF_FLOW_RES")), SCHEMA, PARTNER)


def test_a_long_list_of_areas_is_shortened() -> None:
    many = pa.array([f"X{number:03}" for number in range(250)])
    with pytest.raises(Invalid, match="X099 and 150 more") as caught:
        check_rights(raw(many), SCHEMA, PARTNER)
    assert len(caught.value.findings) == 100
