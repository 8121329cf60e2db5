"""SDMX-JSON data messages 1.0, 2.0 and 2.1.

Data sets are written before the structures that explain their indices: values get their index
when they are first met, and what was met is listed at the end. The order of members of a JSON
object carries no meaning (SDMX-JSON field guide).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import msgspec
import pyarrow as pa

from hub.formats.data.form import DataForm
from hub.formats.data.json_structure import StructureText, links
from hub.formats.data.json_values import Values, spell_array
from hub.formats.data.layout import Layout, Levels, lay_out
from hub.formats.data.nested import simplified
from hub.formats.data.piece import Fixed, Piece, spell_column, value_bytes
from hub.formats.data.rows import Rows, first_row, rows_of, rows_of_table
from hub.formats.data.series import SeriesText, write_rows, write_series
from hub.formats.message import DataSet, Header, instant
from hub.model import Column, Reference

_SCHEMA = {
    "1.0.0": "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/data-message/tools/"
    "schemas/1.0/sdmx-json-data-schema.json",
    "2.0.0": "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/data-message/tools/"
    "schemas/2.0.0/sdmx-json-data-schema.json",
    "2.1.0": "https://json.sdmx.org/2.1/sdmx-json-data-schema.json",
}


class _Frame:
    """A structure of the message, shared by the data sets that are laid out alike."""

    def __init__(self, dataset: DataSet, layout: Layout, form: DataForm, number: int) -> None:
        self.schema, self.layout, self.number = dataset.schema, layout, number
        self.values = Values(form)
        self.datasets: list[int] = []


def write_json(
    header: Header, datasets: Sequence[DataSet], form: DataForm, languages: tuple[str, ...]
) -> Iterator[bytes]:
    """Write an SDMX-JSON message.

    SDMX-JSON 1.0 has one structure and neither groups nor lists nor multilingual values: group
    and data set attributes stand at series level there, and nested values are simplified.
    """
    frames = _frames(datasets, form)
    yield _open(header, form)
    for number, (dataset, frame) in enumerate(zip(datasets, frames, strict=True)):
        frame.datasets.append(number)
        yield b"," if number else b""
        yield from _data_set(dataset, frame, form, languages)
    described = [
        StructureText(frame.schema, frame.layout, frame.values, languages).describe(frame.datasets)
        for frame in dict.fromkeys(frames)
    ]
    structure = {"structure": described[0]} if form.is_simple else {"structures": described}
    yield b"]," + msgspec.json.encode(structure)[1:] + b"}\n"


def _frames(datasets: Sequence[DataSet], form: DataForm) -> list[_Frame]:
    """The structure of each data set."""
    union: tuple[str, ...] | None = None
    levels = Levels(dataset=not form.is_simple, groups=not form.is_simple, groups_by_key=True)
    if form.is_simple:
        union = tuple(dict.fromkeys(name for d in datasets for name in d.columns))
    found: dict[tuple[Reference, Any], _Frame] = {}
    frames = []
    for dataset in datasets:
        layout = lay_out(dataset, levels, union)
        key = (dataset.schema.context, layout.signature)
        if key not in found:
            found[key] = _Frame(dataset, layout, form, len(found))
        frames.append(found[key])
    return frames


def _open(header: Header, form: DataForm) -> bytes:
    schema = _SCHEMA[form.version]
    sender = {"id": header.sender} | ({"name": header.sender_name} if header.sender_name else {})
    meta = {
        "id": header.id,
        "prepared": instant(header.prepared),
        "test": header.is_test,
        "contentLanguages": [tag.lower() for tag in header.languages],
        "sender": sender,
    }
    if form.model == "3.1":
        message = {"$schema": schema, "meta": meta}
    else:
        message = {"meta": {"schema": schema, **meta}}
    return msgspec.json.encode(message)[:-1] + b',"data":{"dataSets":['


def _data_set(
    dataset: DataSet, frame: _Frame, form: DataForm, languages: tuple[str, ...]
) -> Iterator[bytes]:
    layout, values = frame.layout, frame.values
    facts: dict[str, Any] = {} if form.is_simple else {"structure": frame.number}
    facts |= {"action": form.action_word(dataset.action), "links": links(dataset.schema)}
    if dataset.valid_from is not None:
        facts["validFrom"] = instant(dataset.valid_from)
    if dataset.valid_to is not None:
        facts["validTo"] = instant(dataset.valid_to)
    yield msgspec.json.encode(facts)[:-1]
    if layout.dataset_attributes and dataset.dataset_attributes is not None:
        yield b',"attributes":' + _one_array(layout, values, dataset.dataset_attributes)
    if layout.group_attributes:
        yield b',"dimensionGroupAttributes":{'
        yield from _groups(dataset, layout, values)
        yield b"}"

    def prepared() -> Iterable[Rows]:
        batches = rows_of(dataset)
        return (simplified(b, languages) for b in batches) if form.is_simple else batches

    if layout.is_flat:
        yield b',"observations":{'
        yield from write_rows(prepared(), partial(_observation, layout, values), ",")
    else:
        yield b',"series":{'
        key = [column.id for column in layout.key]
        yield from write_series(prepared(), key, _series(layout, values))
    yield b"}}"


def _one_array(layout: Layout, values: Values, table: pa.Table) -> bytes:
    row = first_row(table)
    pieces = [values.piece(column, row) for column in layout.dataset_attributes]
    return value_bytes(spell_column(spell_array(pieces), 1))


def _groups(dataset: DataSet, layout: Layout, values: Values) -> Iterator[bytes]:
    """The attributes of groups, under keys with the places of other dimensions left empty."""
    columns = [column for _, held in layout.group_attributes for column in held]
    written = False
    for group, _ in layout.group_attributes:
        inside = layout.group_dimensions(group, dataset.schema)

        def spelling(batch: Rows, inside: Sequence[Column] = inside) -> list[Piece]:
            key = [
                values.piece(column, batch) if column in inside else Fixed("")
                for column in layout.dimensions
            ]
            array = spell_array([values.piece(column, batch) for column in columns])
            return [*_key(key), Fixed(":"), *array]

        batches = rows_of_table(dataset.groups[group])
        for number, chunk in enumerate(write_rows(batches, spelling, ",")):
            yield b"," + chunk if written and not number else chunk
        written = written or bool(len(dataset.groups[group]))


def _series(layout: Layout, values: Values) -> SeriesText:
    has_observations = bool(layout.observation)

    def opening(batch: Rows) -> list[Piece]:
        pieces = [*_key([values.piece(c, batch) for c in layout.key]), Fixed(":{")]
        if layout.series_attributes:
            held = [values.piece(c, batch) for c in layout.series_attributes]
            pieces += [Fixed('"attributes":'), *spell_array(held)]
        comma = "," if layout.series_attributes else ""
        return [*pieces, Fixed(f'{comma}"observations":{{' if has_observations else "")]

    def observation(batch: Rows) -> list[Piece]:
        return _observation(layout, values, batch) if has_observations else []

    return SeriesText(
        opening=opening,
        observation=observation,
        closing="}}" if has_observations else "}",
        between_series=",",
        between_observations=",",
    )


def _observation(layout: Layout, values: Values, batch: Rows) -> list[Piece]:
    key = [values.piece(column, batch) for column in layout.observation]
    held = [*layout.measures, *layout.observation_attributes]
    pieces = [values.piece(column, batch) for column in held]
    if values.form.is_simple and not layout.measures:  # the first place is that of the measure
        pieces.insert(0, Fixed(None))
    return [*_key(key), Fixed(":"), *spell_array(pieces)]


def _key(pieces: Sequence[Piece]) -> list[Piece]:
    """Indices separated by colons, in quotes."""
    spelt = [part for piece in pieces for part in (Fixed(":"), piece.or_else(""))]
    return [Fixed('"'), *spelt[1:], Fixed('"')]
