"""Of what a partner sent, only what was chosen of it."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from federation.choice.sharing import Share
from hub.errors import Finding, Severity
from hub.formats.message import RawData
from hub.model import Schema

RULE = "taken-from-another"


def only_of(data: RawData, schema: Schema, share: Share) -> tuple[RawData, tuple[Finding, ...]]:
    """Leave out the rows of areas that come from another partner, and say which those are.

    A partner that cannot be asked for some areas alone sends them too.
    """
    name = schema.slice_by
    if name is None or name not in data.table.column_names:
        return data, ()
    given = data.table.column(name)
    if share.descents.keys() >= set(given.unique().to_pylist()):
        return data, ()
    column = given.cast(pa.string())
    wanted = pc.is_in(column, value_set=pa.array(sorted(share.descents), pa.string()))
    left = sorted(area for area in pc.unique(column.filter(pc.invert(wanted))).to_pylist() if area)
    finding = Finding(
        rule=RULE,
        message=f"left out, as they come from another partner or were not asked for: "
        f"{', '.join(left) or 'rows without an area'}",
        severity=Severity.INFORMATION,
        file=data.source,
        column=name,
    )
    return _rows(data, wanted), (finding,)


def _rows(data: RawData, wanted: pa.ChunkedArray) -> RawData:
    """Some rows of a source; where they stand in it is told as before."""
    places = pc.indices_nonzero(wanted)
    actions = None if data.actions is None else data.actions.filter(wanted)
    return replace(
        data,
        table=data.table.filter(wanted),
        actions=actions,
        line=lambda row: data.line(places[row].as_py()),
        place=lambda row: data.place(places[row].as_py()),
    )
