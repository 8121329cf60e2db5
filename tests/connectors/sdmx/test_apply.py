"""A structure map applied: what is kept, and every reason for which a row is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from connectors.sdmx import apply_map, through_profile
from dsd import shared_structures
from hub.errors import Invalid, NotFound, Severity
from hub.formats.reading import read_data
from hub.model import (
    ArtefactClass,
    ComponentMap,
    DatePatternMap,
    EpochMap,
    FixedValueMap,
    MappedColumn,
    MappedValue,
    Reference,
    RepresentationMap,
    StructureMap,
    ValueMapping,
)
from tests.connectors.sdmx import made

STRUCTURES = shared_structures()
FLOW = Reference(ArtefactClass.DATAFLOW, "MIGX", "DF_FLOW_RES", "1.0.0")
MAP = next(one for one in STRUCTURES.of_type(StructureMap) if one.id == "SM_ESTAT_MIGR_IMM5PRV")
KEY = ("REF_AREA", "COUNTERPART_AREA", "SEX", "AGE", "TIME_PERIOD")


def _read(tmp_path: Path, *rows: str, **options: str):
    return read_data(made.written(tmp_path, made.eurostat(*rows, **options)), STRUCTURES)


def _cells(table):
    return {tuple(row[name] for name in KEY): row for row in table.to_pylist()}


def test_own_spellings_totals_ages_and_flags(tmp_path: Path) -> None:
    mapped = apply_map(_read(tmp_path), MAP, STRUCTURES)
    cells = _cells(mapped.data.table)
    assert {key: (row["OBS_VALUE"], row["OBS_STATUS"]) for key, row in cells.items()} == {
        ("AUT", "BEL", "_T", "_T", "1998"): ("324", "A"),
        ("AUT", "BEL", "_T", "_T", "1999"): ("238", "B"),
        ("AUT", "BEL", "_T", "_T", "2000"): ("294", "E"),
        ("AUT", "GRC", "_T", "_T", "1998"): ("11", "A"),
        ("AUT", "GBR", "F", "Y15T19", "1998"): ("12", "A"),
        ("AUT", "XKX", "M", "Y0T4", "1998"): ("13", "A"),
        ("AUT", "SUN", "_T", "_T", "1998"): ("14", "A"),
        ("DEU", "_U", "_T", "_T", "1998"): ("15", "A"),
        ("DEU", "_T", "_T", "_T", "1998"): ("900", "A"),
    }
    for row in cells.values():
        assert (row["FLOW_TYPE"], row["COUNTERPART_BASIS"]) == ("IMM", "PREV_RES")
        assert (row["AGE_DEF"], row["CONF_STATUS"], row["UNIT_MEASURE"]) == ("COMPLET", "F", "PS")
    assert mapped.data.structure == FLOW


def test_each_reason_is_told_with_value_rows_and_line(tmp_path: Path) -> None:
    mapped = apply_map(_read(tmp_path), MAP, STRUCTURES)
    told = {(each.rule, each.column, each.value): each for each in mapped.findings}
    assert told.keys() == {
        ("map-other", "agedef", "REACH"),
        ("map-dropped", "partner", "EU27_2020"),
        ("map-dropped", "partner", "EUR_OTH"),
        ("map-dropped", "geo", "EU27_2020"),
        ("map-dropped", "geo", "DE_TOT"),
        ("map-apart", "REF_AREA COUNTERPART_AREA", "AUT"),
        ("map-unnamed", "age", "Y7-9"),
        ("map-unnamed", "partner", "ZZ9"),
        ("map-empty", "OBS_VALUE", None),
        ("map-untested", None, None),
        ("map-former-state", "COUNTERPART_AREA", "SUN"),
    }
    reach = told["map-other", "agedef", "REACH"]
    assert "every total twice" in reach.message
    assert (reach.line, reach.severity) == (5, Severity.INFORMATION)
    unnamed = told["map-unnamed", "partner", "ZZ9"]
    assert unnamed.severity is Severity.WARNING
    assert "does not name it (MIGX:RM_ESTAT_AREA(1.0.0))" in unnamed.message
    assert "no code Y7T9 in CL_AGE_MIG" in told["map-unnamed", "age", "Y7-9"].message
    assert "ended in 1991" in told["map-former-state", "COUNTERPART_AREA", "SUN"].message


def test_an_unknown_code_where_none_may_be_left_out_refuses_all(tmp_path: Path) -> None:
    raw = _read(tmp_path, "BE,COMPLET,TOTAL,T,AT,1998,324,", unit="THS")
    with pytest.raises(Invalid, match=r"unit 'THS': the map does not name it .*RM_ESTAT_UNIT"):
        apply_map(raw, MAP, STRUCTURES)


def test_rows_of_other_areas_are_left_out_and_told(tmp_path: Path) -> None:
    rows = ("BE,COMPLET,TOTAL,T,AT,1998,1,", "BE,COMPLET,TOTAL,T,FR,1998,2,")
    mapped = apply_map(_read(tmp_path, *rows), MAP, STRUCTURES, areas=["FRA"])
    assert mapped.data.table["REF_AREA"].to_pylist() == ["FRA"]
    found = next(each for each in mapped.findings if each.rule == "area-left-out")
    assert (found.value, found.line) == ("AUT", 2)


def test_a_message_without_a_component_the_map_reads_is_refused(tmp_path: Path) -> None:
    raw = _read(tmp_path)
    with pytest.raises(Invalid, match=r"has no agedef, which MIGX:SM_ESTAT_MIGR_IMM5PRV"):
        apply_map(replace(raw, table=raw.table.drop_columns(["agedef"])), MAP, STRUCTURES)


def test_a_column_that_may_be_empty_may_be_missing(tmp_path: Path) -> None:
    raw = _read(tmp_path, "BE,COMPLET,TOTAL,T,AT,1998,324,")
    without = replace(raw, table=raw.table.drop_columns(["OBS_FLAG", "CONF_STATUS"]))
    (row,) = apply_map(without, MAP, STRUCTURES).data.table.to_pylist()
    assert (row["OBS_STATUS"], row["CONF_STATUS"]) == ("A", "F")


def test_values_that_look_like_sql_are_values(tmp_path: Path) -> None:
    raw = _read(tmp_path, "BE'); DROP TABLE source; --,COMPLET,TOTAL,T,AT,1998,1,")
    mapped = apply_map(raw, MAP, STRUCTURES)
    assert mapped.data.table.num_rows == 0
    assert any(each.value == "BE'); DROP TABLE source; --" for each in mapped.findings)


def test_another_profile_or_flow_has_no_map(tmp_path: Path) -> None:
    raw = _read(tmp_path)
    with pytest.raises(Invalid, match="the profile OECD has no structure map from ESTAT"):
        through_profile(raw, "oecd", FLOW, STRUCTURES)
    stock = replace(FLOW, id="DF_STOCK_BIRTH")
    with pytest.raises(Invalid, match=r"has one from ESTAT:MIGR_IMM5PRV\(1.0\) for MIGX:DF_FLOW"):
        through_profile(raw, "eurostat", stock, STRUCTURES)
    with pytest.raises(NotFound, match="known: eurostat, ilo, istat, oecd"):
        through_profile(raw, "nobody", FLOW, STRUCTURES)


def _times(tmp_path: Path, texts: list[str], **times: object):
    """What becomes of times under a map that spells them otherwise."""
    rows = [f"BE,COMPLET,TOTAL,T,AT,{text},{n}," for n, text in enumerate(texts)]
    raw = read_data(made.written(tmp_path, made.eurostat(*rows)), STRUCTURES)
    components = tuple(one for one in MAP.components if "TIME_PERIOD" not in one.targets)
    mapping = replace(MAP, components=components, **times)
    return apply_map(raw, mapping, STRUCTURES)


@pytest.mark.parametrize(
    ("pattern", "frequency", "text", "expected"),
    [
        ("dd/MM/yyyy", "D", "28/02/2024", "2024-02-28"),
        ("yyyyMM", "M", "202402", "2024-02"),
        ("MMM yyyy", "Q", "Nov 2023", "2023-Q4"),
        ("d.M.yyyy", "A", "1.7.2019", "2019"),
        ("yyyy'M'MM", "S", "2020M07", "2020-S2"),
    ],
)
def test_dates_after_a_pattern(
    tmp_path: Path, pattern: str, frequency: str, text: str, expected: str
) -> None:
    date = DatePatternMap(
        pattern=pattern,
        locale="en",
        target_frequency=frequency,
        components=(("TIME_PERIOD", "TIME_PERIOD"),),
    )
    mapped = _times(tmp_path, [text], dates=(date,))
    assert mapped.data.table["TIME_PERIOD"].to_pylist() == [expected]
    with pytest.raises(Invalid, match="'soon': it is no time as the map describes it"):
        _times(tmp_path, ["soon"], dates=(date,))


def test_times_counted_from_a_day(tmp_path: Path) -> None:
    epoch = EpochMap(
        base="1970-01-01",
        unit="day",
        target_frequency="D",
        components=(("TIME_PERIOD", "TIME_PERIOD"),),
    )
    mapped = _times(tmp_path, ["0", "19782"], epochs=(epoch,))
    assert mapped.data.table["TIME_PERIOD"].to_pylist() == ["1970-01-01", "2024-02-29"]


def test_several_sources_make_one_target(tmp_path: Path) -> None:
    values = RepresentationMap(
        agency="MIGX",
        id="RM_TWO",
        sources=(MappedColumn(), MappedColumn()),
        targets=(MappedColumn(),),
        mappings=(
            ValueMapping(
                sources=(MappedValue(value="BE"), MappedValue(value="AT")), targets=("DEU",)
            ),
            ValueMapping(
                sources=(
                    MappedValue(value="(.*)", is_pattern=True),
                    MappedValue(value="D", start=0, end=1),
                ),
                targets=("FRA",),
            ),
        ),
    )
    components = tuple(one for one in MAP.components if one.sources != ("partner",))
    two = ComponentMap(
        sources=("partner", "geo"), targets=("COUNTERPART_AREA",), values=values.reference
    )
    mapping = replace(MAP, components=(*components, two))
    rows = ("BE,COMPLET,TOTAL,T,AT,1998,1,", "BE,COMPLET,TOTAL,T,DE,1998,2,")
    mapped = apply_map(_read(tmp_path, *rows), mapping, STRUCTURES.with_([values]))
    assert mapped.data.table["COUNTERPART_AREA"].to_pylist() == ["DEU", "FRA"]


def test_a_fixed_value_of_the_source_selects(tmp_path: Path) -> None:
    only = FixedValueMap(source="geo", values=("DE",))
    mapping = replace(MAP, fixed=(*MAP.fixed, only))
    mapped = apply_map(_read(tmp_path), mapping, STRUCTURES)
    assert set(mapped.data.table["REF_AREA"].to_pylist()) == {"DEU"}
