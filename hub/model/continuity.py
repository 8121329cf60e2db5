"""Whether data that was written under one schema can still be read under another."""

from __future__ import annotations

from collections.abc import Iterator

from hub.model.schema import Column, Schema

_CODES_TOLD = 5


def breaks(before: Schema, after: Schema) -> str | None:
    """Say what of published data a later schema has no place for; None where it has one for all.

    Columns and codes may be added, names and constraints may change. Nothing that data may hold
    may go, and nothing it lacks may become mandatory.
    """
    return next(_breaks(before, after), None)


def _breaks(before: Schema, after: Schema) -> Iterator[str]:
    old, new = before.structure.reference, after.structure.reference
    if (old.agency, old.id, _major(old.version)) != (new.agency, new.id, _major(new.version)):
        yield f"its structure would be {new} instead of {old}"
    if [c.id for c in before.dimensions] != [c.id for c in after.dimensions]:
        yield "its dimensions would be others, or in another order"
    if before.slice_by != after.slice_by:
        yield f"its slices would be cut by {after.slice_by or 'nothing'}"
    for column in before.columns:
        later = after.by_id.get(column.id)
        if later is None:
            yield f"{column.id} would be gone"
        elif _form(column) != _form(later):
            yield f"{column.id} would be of another type, role or attachment"
        else:
            gone = _codes(column) - _codes(later)
            if gone:
                told = ", ".join(sorted(gone)[:_CODES_TOLD])
                yield f"{column.id} would lose {len(gone)} of its codes ({told})"
    for column in after.columns:
        earlier = before.by_id.get(column.id)
        if column.is_mandatory and (earlier is None or not earlier.is_mandatory):
            yield f"{column.id} would become mandatory"


def _major(version: str) -> str:
    return version.split(".")[0]


def _form(column: Column) -> tuple[object, ...]:
    return (
        column.role,
        column.text_type,
        column.is_coded,
        column.is_list,
        column.is_multilingual,
        column.attachment,
        column.dimensions,
        column.group,
    )


def _codes(column: Column) -> set[str]:
    return set(column.enumeration.by_id) if column.enumeration is not None else set()
