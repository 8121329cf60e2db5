"""Raw columns become typed ones: every value is a code of its list or of its declared type.

Decided once for each distinct value, numbers even all at once, then applied to all rows.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from hub.engine import storage_type
from hub.engine.encoded import narrowed, whole
from hub.model import Column
from hub.publish.findings import Findings
from hub.publish.suggest import Suggestions
from hub.publish.values import numbers_at_once, texts_at_once, value_of

#: What is wrong with a text, and the code that may have been meant.
Fault = tuple[str, str | None]
#: The language of a text in a source that does not name one.
_LANGUAGE = "en"


def typed(raw: pa.ChunkedArray, column: Column, findings: Findings) -> pa.Array:
    """Type a raw column; values that do not fit become findings and null.

    Texts stay dictionary-encoded where all of them fit.
    """
    target = storage_type(column)
    if pa.types.is_list(target) or pa.types.is_map(target):
        return _several(raw.combine_chunks(), column, findings, target)
    if pa.types.is_list(raw.type) or pa.types.is_map(raw.type):
        return _refuse(raw, column, findings, target)
    numbers = _plain_numbers(raw, column, target)
    if numbers is not None:
        return numbers
    encoded = narrowed(whole(raw))
    values, faults = _decide(encoded.dictionary, column, target)
    _report(encoded, faults, None, column, findings)
    if pa.types.is_string(target) and not faults:
        return pa.DictionaryArray.from_arrays(encoded.indices, values)
    return values.take(encoded.indices)


def absent(column: Column, rows: int) -> pa.Array:
    """A column the source does not have."""
    target = storage_type(column)
    if not pa.types.is_string(target):
        return pa.nulls(rows, target)
    return pa.DictionaryArray.from_arrays(pa.nulls(rows, pa.int8()), pa.array([], target))


def _plain_numbers(raw: pa.ChunkedArray, column: Column, target: pa.DataType) -> pa.Array | None:
    """A column of plain texts as numbers, a chunk at a time; None where it is something else."""
    if not pa.types.is_string(raw.type) or pa.types.is_string(target):
        return None
    found = []
    for chunk in raw.chunks:
        numbers = numbers_at_once(chunk, column, target)
        if numbers is None:
            return None
        found.append(numbers)
    return pa.concat_arrays(found) if found else None


def _decide(
    texts: pa.Array, column: Column, target: pa.DataType
) -> tuple[pa.Array, Mapping[int, Fault]]:
    """The typed values of distinct texts, and what is wrong with some of them, by their place."""
    decided = numbers_at_once(texts, column, target)
    if decided is None:
        decided = texts_at_once(texts, column)
    if decided is not None:
        return decided, {}
    faults: dict[int, Fault] = {}
    values: list[object] = []
    suggestions = Suggestions(column.enumeration) if column.enumeration is not None else None
    for index, text in enumerate(texts.to_pylist()):
        value, fault = value_of(text, column, suggestions)
        values.append(value)
        if fault:
            meant = suggestions.codes.get(text) if suggestions is not None else None
            faults[index] = fault, meant
    return pa.array(values, target), faults


def _report(
    encoded: pa.DictionaryArray,
    faults: Mapping[int, Fault],
    rows: pa.Array | None,
    column: Column,
    findings: Findings,
) -> None:
    """Tell every row that has a faulty text; `rows` are those of the values, where not the same."""
    if not faults:
        return
    rule = "unknown-code" if column.is_coded else "not-of-type"
    bad = pc.indices_nonzero(
        pc.is_in(encoded.indices, pa.array(list(faults), encoded.indices.type))
    )
    listed = bad.slice(0, findings.room)
    places = listed if rows is None else rows.take(listed)
    indices = encoded.indices.take(listed)
    texts = encoded.dictionary.take(indices)
    for row, index, text in zip(
        places.to_pylist(), indices.to_pylist(), texts.to_pylist(), strict=True
    ):
        message, meant = faults[index]
        findings.add(rule, message, row=row, column=column.id, value=text, suggestion=meant)
    findings.add_unlisted(len(bad) - len(listed))


def _several(flat: pa.Array, column: Column, findings: Findings, target: pa.DataType) -> pa.Array:
    """A column of lists or of texts in languages; one plain value stands for one of these."""
    if pa.types.is_map(target):
        if pa.types.is_list(flat.type):
            return _refuse(flat, column, findings, target)
        return flat if pa.types.is_map(flat.type) else _in_one_language(flat, target)
    if pa.types.is_map(flat.type):
        return _refuse(flat, column, findings, target)
    lists = flat.cast(target) if pa.types.is_list(flat.type) else _alone(flat, target)
    _check_items(lists, column, findings)
    return pc.if_else(pc.equal(pc.list_value_length(lists), 0), pa.scalar(None, target), lists)


def _alone(flat: pa.Array, target: pa.DataType) -> pa.Array:
    """Every value as a list of itself."""
    values = flat.cast(pa.string())
    ends = pc.cumulative_sum(pc.cast(values.is_valid(), pa.int32()))
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), ends.cast(pa.int32())])
    return pa.ListArray.from_arrays(offsets, values.drop_null(), type=target, mask=values.is_null())


def _in_one_language(flat: pa.Array, target: pa.DataType) -> pa.Array:
    texts = flat.cast(pa.string()).to_pylist()
    return pa.array([None if text is None else [(_LANGUAGE, text)] for text in texts], target)


def _check_items(lists: pa.ListArray, column: Column, findings: Findings) -> None:
    encoded = lists.flatten().dictionary_encode()
    _, faults = _decide(encoded.dictionary, column, pa.string())
    _report(encoded, faults, pc.list_parent_indices(lists), column, findings)
    most = column.representation.max_occurs
    if most is None:
        return
    longer = pc.indices_nonzero(pc.greater(pc.list_value_length(lists), most))
    message = f"{column.id} takes at most {most} values"
    findings.add_rows(longer, "not-of-type", message, column.id)


def _refuse(
    flat: pa.Array | pa.ChunkedArray, column: Column, findings: Findings, target: pa.DataType
) -> pa.Array:
    given = "several values" if pa.types.is_list(flat.type) else "several languages"
    if column.is_multilingual:
        taken = "a text in several languages"
    else:
        taken = "several values" if column.is_list else "one plain value"
    findings.add(
        "not-of-type",
        f"{column.id} takes {taken}, the source gives {given}: write the column so",
        column=column.id,
    )
    return pa.nulls(len(flat), target)
