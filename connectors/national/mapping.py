"""The mapping file: how the columns of a national table become components of a structure.

It is written once, in TOML, by who knows the table; `docs/mapping.md` explains it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec
from rapidfuzz import process

from hub.model import ArtefactClass, Reference, parse_reference

Word = str | int
DROP = "drop"


class MappingTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of a mapping file; keys it does not know are refused."""


class Source(MappingTable, frozen=True):
    """What the file is and where in it the table stands.

    Rows and sheets count from 1. Several sheets are read as one table; `sheet_is` is the component
    whose value a sheet's name says. `header` are the rows of the column names, from the top;
    `stop` are texts with which the first row after the table begins; `blank_ends` says that a
    blank row of a workbook ends it. In the columns `fill_down`, a blank cell has the text above
    it; those of `marked` may have marks of `notes` in their texts. `separator` and `encoding` are
    of text files only. `decimal` and `thousands` are the signs in numbers; a space stands for any
    space.
    """

    kind: Literal["csv", "xlsx"] | None = None
    sheet: str | int | list[str | int] = 1
    sheet_is: str | None = None
    header: int | list[int] = 1
    stop: str | list[str] = ()  # type: ignore[assignment]
    blank_ends: bool = False
    fill_down: list[str] = []
    marked: list[str] = []
    separator: str = ","
    encoding: str = "utf-8"
    decimal: str = "."
    thousands: str | None = None

    @property
    def sheets(self) -> tuple[str | int, ...]:
        """The sheets to read, by name or number."""
        return tuple(self.sheet) if isinstance(self.sheet, list) else (self.sheet,)

    @property
    def header_rows(self) -> tuple[int, ...]:
        """The rows of the column names, from the top."""
        return (self.header,) if isinstance(self.header, int) else tuple(self.header)

    @property
    def stop_texts(self) -> tuple[str, ...]:
        """The texts with which the first row after the table begins."""
        return (self.stop,) if isinstance(self.stop, str) else tuple(self.stop)


class Rows(MappingTable, frozen=True):
    """Which rows count, by source column.

    Only rows with one of the texts in `keep`, without those in `skip`, not blank in `need`.
    """

    keep: dict[str, list[str]] = {}
    skip: dict[str, list[str]] = {}
    need: list[str] = []


class Unpivot(MappingTable, frozen=True):
    """Columns that are values of components: each cell of them becomes an observation.

    `columns` are their names or patterns (`20??`); what the header rows say, from the top, are
    values of `components`. The cells hold `value`.
    """

    components: list[str]
    columns: list[str]
    value: str = "OBS_VALUE"


class Query(MappingTable, frozen=True):
    """A query against a database, whose result is the table.

    `url` is SQLAlchemy's, without a password: `password` names the environment variable that has
    it. `parameters` are bound to the `:names` in `query`. At most `rows` rows are taken, and the
    database may take `seconds`.
    """

    url: str
    query: str
    password: str | None = None
    parameters: dict[str, str | int | float] = {}
    rows: int = 1_000_000
    seconds: int = 300


class Survey(MappingTable, frozen=True):
    """How many interviews stand behind a figure: the source column, and the fewest for a figure."""

    interviews: str
    least: int = 30


class TableMap(MappingTable, frozen=True, kw_only=True):
    """A mapping file.

    `columns` is component → source column, `constants` component → value, `codes` component →
    source spelling → code (with `*` for any other spelling, `scheme` for a shared map), `missing`
    mark → what it means: `drop`, or attributes of an observation without a value; `notes` mark
    beside a number → attributes. `template` is the kind of source, whose checks hold; `privacy`
    the answered checklist, a file beside the mapping. `folder` is where the mapping lies.
    """

    name: str = "mapping"
    folder: str = "."
    dataflow: str
    template: str | None = None
    privacy: str | None = None
    source: Source = Source()
    sql: Query | None = None
    survey: Survey | None = None
    columns: dict[str, str] = {}
    constants: dict[str, Word] = {}
    codes: dict[str, dict[str, Word]] = {}
    rows: Rows = Rows()
    unpivot: Unpivot | None = None
    missing: dict[str, Literal["drop"] | dict[str, Word]] = {}
    notes: dict[str, dict[str, Word]] = {}

    @property
    def filled(self) -> tuple[str, ...]:
        """The components that the table itself says something of, as often as it does."""
        turned = (*self.unpivot.components, self.unpivot.value) if self.unpivot else ()
        sheet = (self.source.sheet_is,) if self.source.sheet_is else ()
        return (*self.columns, *turned, *sheet)

    @property
    def flow(self) -> Reference:
        """The dataflow the table is data of; without a version, the newest."""
        return parse_reference(self.dataflow, ArtefactClass.DATAFLOW, default_version="~")


def suggest(word: str, known: Iterable[str]) -> str:
    """`; did you mean …?` where something near is known, else nothing."""
    # Near in any case of letters, but told as it is written.
    near = process.extractOne(word, list(known), processor=str.casefold, score_cutoff=60)
    return f"; did you mean '{near[0]}'?" if near else ""
