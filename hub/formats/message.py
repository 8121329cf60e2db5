"""What data messages are written from, and what they are read into."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

import pyarrow as pa

from hub.errors import Finding
from hub.model import Reference, Schema


class Action(StrEnum):
    """The actions of data sets; MERGE exists in the 3.1 family only."""

    INFORMATION = "Information"
    APPEND = "Append"
    MERGE = "Merge"
    REPLACE = "Replace"
    DELETE = "Delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The header of a message: its id, when it was prepared (UTC) and who sends it."""

    id: str
    prepared: datetime
    sender: str
    sender_name: str = ""
    is_test: bool = False
    languages: tuple[str, ...] = ("en",)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """One data set to write: observations of one schema, as record batches.

    `columns` are the components to write, a part of the schema's. Of those whose value is the same
    on every row, `fixed` may hold that value, as an array of one element; for the others a batch
    has a column under their id. It may have more, which are passed over. Every attribute, of
    whatever attachment, is repeated on each row it holds for.

    `dimension_at_observation` None means the time dimension, or `AllDimensions` where there is
    none. Rows of one series must follow one another: sort by all other dimensions in the order of
    the structure, then by that one (for time: by series key, then time). `AllDimensions` asks for
    no order. Dimensions are always among the columns, save the one at observation level: without
    it, each row stands for a series of which only the key and the attributes are written.

    `groups` holds for a group id a table with the dimensions of the group and the attributes
    attached to it, one row for each key. Formats that have a place for groups write them there,
    and leave their attributes out of the series. `dataset_attributes` is a table of one row with
    the attributes attached to the data set. Where either is missing, these attributes are written
    at series level, which readers take but a structure-specific XML schema does not foresee.
    `hub.formats.data.with_upper_attributes` fills both from a table.

    `languages` are those of multilingual values: SDMX-CSV names them in its first line. None given
    means the languages of the message's header.
    """

    schema: Schema
    batches: Iterable[pa.RecordBatch]
    columns: tuple[str, ...]
    fixed: Mapping[str, pa.Array] = field(default_factory=dict)
    action: Action = Action.INFORMATION
    dimension_at_observation: str | None = None
    groups: Mapping[str, pa.Table] = field(default_factory=dict)
    dataset_attributes: pa.Table | None = None
    languages: tuple[str, ...] = ()
    valid_from: datetime | None = None
    valid_to: datetime | None = None


def instant(at: datetime) -> str:
    """An instant as messages spell it: ISO 8601 (and xs:dateTime), in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _no_line(_row: int) -> int | None:
    return None


def _no_place(_row: int) -> str | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawData:
    """Observations as a source gave them, before validation.

    Every column of `table` is named as the component it holds and is of type string,
    dictionary<string>, list<string> (several values) or map<string, string> (several languages);
    null means absent, "" never occurs. `actions` has one Action name for each row, None where the
    source gave none. `structure` is what the source says it is data of. `line` tells the line of a
    row of the table (both from the start of the source; the header is line 1). `place` tells where
    a row stands in a source without lines: a JSON pointer.
    `ignored` are columns that the format allows and that carry no component (names, for example).
    `findings` are what a reader noticed that does not make the source unusable. Where several
    sources were put together, `part` tells the one that a row of the table is of.
    """

    source: str
    table: pa.Table
    structure: Reference | None = None
    actions: pa.ChunkedArray | None = None
    line: Callable[[int], int | None] = field(default=_no_line)
    place: Callable[[int], str | None] = field(default=_no_place)
    ignored: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    part: Callable[[int], str] | None = None
