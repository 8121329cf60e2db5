"""The observations that decide the emigrants of some cells, out of all stocks.

Sex and age are never added up, so only the rows of the cells' own sexes and ages count; and where
nothing is shared out or substituted, only those of their own origins, and what is told beside them.
Of all others it counts alone in which years a destination has a table at all: one row for each of
these.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from federation.mirror import define_vocabulary
from federation.mirror.columns import STOCK_ATTRIBUTES, STOCK_DIMENSIONS
from federation.provenance.cells import Cell, Rows, filters_for
from federation.provenance.former import former_states
from hub.engine import identifiers, session

_COLUMNS = (*STOCK_DIMENSIONS, "OBS_VALUE", *STOCK_ATTRIBUTES)
_NAMES = identifiers(_COLUMNS)
_SCHEMA = pa.schema(
    [pa.field(name, pa.float64() if name == "OBS_VALUE" else pa.string()) for name in _COLUMNS]
)

_IS_OWN = """(list_contains($sexes, SEX) AND list_contains($ages, AGE)
    AND ($origins IS NULL OR list_contains($origins, COUNTERPART_AREA)))"""

_OWN = f"SELECT {_NAMES} FROM rows WHERE {_IS_OWN}"

_TABLES = f"""
SELECT unnest(min(one)) FROM (
    SELECT row({_NAMES})::STRUCT({
    ", ".join(f'"{name}" {"DOUBLE" if name == "OBS_VALUE" else "VARCHAR"}' for name in _COLUMNS)
}) AS one, REF_AREA AS dest, COUNTERPART_BASIS AS basis, MIGRANT_STATUS AS kind,
           TIME_PERIOD AS period, reported(OBS_VALUE, OBS_STATUS, UNIT_MULT) AS v,
           is_silent(v, OBS_STATUS) AS silent
    FROM rows
    WHERE FREQ = 'A' AND UNIT_MEASURE = 'PS' AND is_origin(COUNTERPART_AREA)
      AND COUNTERPART_AREA <> REF_AREA
      AND NOT {_IS_OWN})
GROUP BY dest, basis, kind, period, silent, v IS NULL
"""


def narrow_stocks(rows: Rows, cells: Sequence[Cell]) -> pa.Table:
    """Read of stocks what decides the emigrants in cells; the derivation gives the same of both."""
    own = {name: values | {"_T"} for name, values in filters_for(cells, ("SEX", "AGE")).items()}
    origins = _origins(cells)
    if origins is not None:
        own["COUNTERPART_AREA"] = origins
    bound = {
        "sexes": sorted(own["SEX"]),
        "ages": sorted(own["AGE"]),
        "origins": None if origins is None else sorted(origins),
    }
    with session() as connection:
        define_vocabulary(connection)
        found = []
        for query, filters in ((_OWN, own), (_TABLES, {})):
            connection.register("rows", rows(filters, _COLUMNS))
            found.append(connection.sql(query, params=bound).to_arrow_table().cast(_SCHEMA))
            connection.unregister("rows")
    narrowed = pa.concat_tables(found)
    return narrowed if narrowed.num_rows else _any_row(rows)


def _origins(cells: Sequence[Cell]) -> set[str] | None:
    """The origins whose rows count; None where those of all do.

    Beside the cells' own these are the total and what an explanation tells of: unknown and other
    origins, and former states. A share of unknown origins depends on every named one; whether
    citizens stand for the born, on whether the destination has any cell by birth.
    """
    plain = all(
        cell.at["ORIGIN_TREAT"] == "RPT" and cell.at["MIRROR_ITEM"] in ("STK_BIRTH", "STK_CTZ")
        for cell in cells
    )
    if not plain:
        return None
    own = {cell.at["ORIG_AREA"] for cell in cells}
    return own | {"_T", "_U", "_O"} | former_states(own)


def _any_row(rows: Rows) -> pa.Table:
    """One row, where no row counts: that there are any tells that citizens came in."""
    for batch in rows({}, _COLUMNS):
        if batch.num_rows:
            return pa.Table.from_batches([batch.slice(0, 1)]).select(_COLUMNS).cast(_SCHEMA)
    return _SCHEMA.empty_table()
