"""The columns the methods read and write, and the check of what is handed in."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from hub.errors import Finding, Invalid

STOCK_DIMENSIONS = (
    "FREQ",
    "REF_AREA",
    "MIGRANT_STATUS",
    "COUNTERPART_BASIS",
    "COUNTERPART_AREA",
    "SEX",
    "AGE",
    "UNIT_MEASURE",
    "TIME_PERIOD",
)
STOCK_ATTRIBUTES = ("OBS_STATUS", "CONF_STATUS", "UNIT_MULT", "REF_DATE", "DERIVATION")

_TEXT = pa.string()

#: Structure MIG_MIRROR, in its order: dimensions, the measure, attributes.
MIRROR_SCHEMA = pa.schema(
    [
        *(
            pa.field(name, _TEXT)
            for name in (
                "FREQ",
                "ORIG_AREA",
                "DEST_AREA",
                "MIRROR_ITEM",
                "MIRROR_STAT",
                "REPORTED_BY",
                "ORIGIN_TREAT",
                "SEX",
                "AGE",
                "UNIT_MEASURE",
                "TIME_PERIOD",
            )
        ),
        pa.field("OBS_VALUE", pa.float64()),
        pa.field("OBS_STATUS", _TEXT),
        pa.field("CONF_STATUS", _TEXT),
        pa.field("UNIT_MULT", _TEXT),
        pa.field("DECIMALS", _TEXT),
        pa.field("N_PARTNERS", pa.int64()),
        pa.field("N_PARTNERS_EXP", pa.int64()),
        pa.field("COVERAGE_W", pa.float64()),
        pa.field("ASYM_CLASS", _TEXT),
        pa.field("ASYM_REASON", pa.list_(pa.field("item", _TEXT))),
        pa.field("METHOD_VERSION", _TEXT),
        pa.field("DERIVATION", _TEXT),
        pa.field("COMMENT_OBS", _TEXT),
    ]
)


def take_columns(
    table: pa.Table, dimensions: Iterable[str], attributes: Iterable[str], what: str
) -> pa.Table:
    """Return the columns a method reads, as strings, OBS_VALUE as double.

    Attributes that are not there are null. Raises Invalid where a dimension or OBS_VALUE is
    missing.
    """
    required = (*dimensions, "OBS_VALUE")
    missing = [name for name in required if name not in table.column_names]
    if missing:
        raise Invalid(
            f"the {what} lacks {', '.join(missing)}; it needs every dimension and OBS_VALUE",
            [
                Finding(rule="columns", message=f"{name} is missing", column=name)
                for name in missing
            ],
        )
    nulls = pa.nulls(table.num_rows, _TEXT)
    columns = {name: table[name].cast(_TEXT) for name in dimensions}
    columns["OBS_VALUE"] = table["OBS_VALUE"].cast(pa.float64())
    for name in attributes:
        columns[name] = table[name].cast(_TEXT) if name in table.column_names else nulls
    return pa.table(columns)


def no_rows(dimensions: Iterable[str]) -> pa.Table:
    """Return an empty input."""
    fields = [pa.field(name, _TEXT) for name in dimensions]
    return pa.schema([*fields, pa.field("OBS_VALUE", pa.float64())]).empty_table()
