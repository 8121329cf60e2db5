"""A partner speaks for its own areas only, and about the flow it was asked for."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from federation.partners import Partner
from hub.errors import Finding, Invalid
from hub.formats.message import RawData
from hub.model import ArtefactClass, Schema

RULE_AREA = "area-not-allowed"
RULE_FLOW = "other-structure"
_LISTED = 100


def check_rights(data: RawData, schema: Schema, partner: Partner) -> None:
    """Raise Invalid unless every row is of the flow asked for and of an area of the partner.

    The areas are the values of the dimension by which the flow is cut. A row without one is
    refused too: in a deletion it would mean every area.
    """
    _check_flow(data, schema)
    component = schema.slice_by
    if component is None:
        raise Invalid(
            f"{schema.context} is not cut by area (annotation SLICE_BY), "
            "so no partner may speak for a part of it"
        )
    if component not in data.table.column_names:
        finding = Finding(
            rule=RULE_AREA,
            message=f"there is no column {component}, which says whom the data is about",
            file=data.source,
            column=component,
        )
        raise Invalid(finding.message, [finding])
    column = data.table.column(component)
    if not _is_within(column, partner.areas):
        _refuse(_foreign(column, partner.areas), data, component, partner)


def _check_flow(data: RawData, schema: Schema) -> None:
    named = data.structure
    if named is None or named.artefact_class is not ArtefactClass.DATAFLOW:
        return
    if (named.agency, named.id) != (schema.context.agency, schema.context.id):
        message = f"the message holds data of {named}, asked for was {schema.context}"
        raise Invalid(message, [Finding(rule=RULE_FLOW, message=message, file=data.source)])


def _is_within(column: pa.ChunkedArray, areas: tuple[str, ...]) -> bool:
    """True where every row has a value, and one of some areas."""
    return not column.null_count and set(column.unique().to_pylist()) <= set(areas)


def _foreign(column: pa.ChunkedArray, areas: tuple[str, ...]) -> list[tuple[str, int]]:
    """The values outside `areas` with their numbers of rows, in order of code."""
    texts = pc.fill_null(column.cast(pa.string()), "")
    outside = texts.filter(pc.invert(pc.is_in(texts, value_set=pa.array(areas, pa.string()))))
    counts = pc.value_counts(outside)
    return sorted(zip(counts.field(0).to_pylist(), counts.field(1).to_pylist(), strict=True))


def _refuse(
    foreign: list[tuple[str, int]], data: RawData, component: str, partner: Partner
) -> None:
    rows = sum(count for _, count in foreign)
    named = ", ".join(area or "(no area)" for area, _ in foreign[:_LISTED])
    more = f" and {len(foreign) - _LISTED} more" if len(foreign) > _LISTED else ""
    raise Invalid(
        f"{partner.id} may speak for {', '.join(partner.areas)} only; "
        f"{rows} rows are about {named}{more}",
        [
            Finding(
                rule=RULE_AREA,
                message=f"{count} rows are about {area or '(no area)'}, "
                f"for which {partner.id} may not speak",
                file=data.source,
                column=component,
                value=area,
            )
            for area, count in foreign[:_LISTED]
        ],
    )
