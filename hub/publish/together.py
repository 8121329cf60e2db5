"""Many small submissions validated as one: the engine is set up once, not once for each.

What several sources hand in for one flow is put together where they look alike and no slice is in
two of them; then no rule that looks at more than a row sees rows of two sources at once. Findings
tell the source by their file. Where something is wrong with a source, or cannot be told apart, it
is validated on its own, so that it is refused alone and told what it would be told alone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, groupby

import pyarrow as pa

from hub.engine.encoded import narrowed, together, whole
from hub.errors import Finding, Forbidden, Invalid, Severity
from hub.formats.message import RawData
from hub.model import Attachment, Schema, SliceVersion
from hub.publish.actions import actions_of
from hub.publish.door import (
    Prepared,
    checked_rows,
    given_rows,
    held_parts,
    prepare,
    ready,
)
from hub.publish.marks import Marks
from hub.publish.portions import MOST_ROWS
from hub.publish.submission import Submission
from hub.publish.validate import Checked
from hub.store import Store

#: What became of a submission: ready to be released, or why not.
Result = Prepared | Invalid | Forbidden


def prepare_all(
    store: Store, schema: Schema, submissions: Sequence[Submission]
) -> tuple[Result, ...]:
    """Validate submissions; each is ready or refused on its own, in the order they are given."""
    found: dict[int, Result] = {}
    if _keeps_apart(schema):
        for places in _alike(schema, submissions):
            found |= _prepare_group(store, schema, submissions, places)
    return tuple(
        found[place] if place in found else _prepare_alone(store, schema, one)
        for place, one in enumerate(submissions)
    )


def _prepare_alone(store: Store, schema: Schema, submission: Submission) -> Result:
    try:
        return prepare(store, schema, submission)
    except (Invalid, Forbidden) as error:
        return error


def _keeps_apart(schema: Schema) -> bool:
    """True where every attribute belongs to one slice: none has one value for all sources."""
    slice_by = schema.slice_by
    return slice_by is not None and all(
        column.attachment is Attachment.OBSERVATION or slice_by in column.dimensions
        for column in schema.attributes
    )


def _alike(schema: Schema, submissions: Sequence[Submission]) -> Iterator[list[int]]:
    """Groups of submissions, by place, that can be validated as one; none of a single one."""
    kinds: dict[str, str] = {}

    def look(place: int) -> str:
        raw = submissions[place].raw
        columns = raw.table.schema.to_string()
        if columns not in kinds:
            kinds[columns] = repr([(field.name, _kind(field.type)) for field in raw.table.schema])
        return f"{raw.structure} {submissions[place].replaces} {kinds[columns]}"

    for _, places in groupby(sorted(range(len(submissions)), key=look), key=look):
        taken: set[str] = set()
        files: set[str] = set()
        rows = 0
        group: list[int] = []
        for place in places:
            raw = submissions[place].raw
            slices = _slices(raw, schema)
            is_apart = slices and not slices & taken and raw.source not in files
            if not is_apart or raw.findings or raw.table.num_rows > MOST_ROWS:
                continue
            if rows + raw.table.num_rows > MOST_ROWS:
                yield group
                taken, files, rows, group = set(), set(), 0, []
            group.append(place)
            taken |= slices
            files.add(raw.source)
            rows += raw.table.num_rows
        if len(group) > 1:
            yield group


def _kind(type_: pa.DataType) -> str:
    """The type of a column, encoded or not."""
    return str(type_.value_type if pa.types.is_dictionary(type_) else type_)


def _slices(raw: RawData, schema: Schema) -> set[str]:
    """The slices that rows name; none where a row names none."""
    if schema.slice_by not in raw.table.column_names:
        return set()
    column = raw.table.column(schema.slice_by)
    if column.null_count or _kind(column.type) != "string":
        return set()
    return set(column.unique().to_pylist())


@dataclass(frozen=True)
class _Joined:
    """Several sources as one; rows tell which they are of."""

    parts: Sequence[RawData]

    @cached_property
    def starts(self) -> list[int]:
        """Where the rows of each part begin."""
        return list(accumulate((part.table.num_rows for part in self.parts), initial=0))

    def raw(self) -> RawData:
        """All rows, one part after another; places are those in the part."""
        return RawData(
            source="",
            table=self._table(),
            structure=self.parts[0].structure,
            actions=pa.chunked_array([together(map(actions_of, self.parts))]),
            line=lambda row: self._part(row).line(row - self._start(row)),
            place=lambda row: self._part(row).place(row - self._start(row)),
            part=lambda row: self._part(row).source,
        )

    def _table(self) -> pa.Table:
        tables = [part.table for part in self.parts]
        names, types = tables[0].column_names, tables[0].schema.types
        is_plain = not any(pa.types.is_dictionary(type_) for type_ in types)
        if is_plain and all(table.schema.equals(tables[0].schema) for table in tables):
            return pa.concat_tables(tables).combine_chunks()
        return pa.table([_column(name, tables) for name in names], names=names)

    def _number(self, row: int) -> int:
        return bisect_right(self.starts, row) - 1

    def _part(self, row: int) -> RawData:
        return self.parts[self._number(row)]

    def _start(self, row: int) -> int:
        return self.starts[self._number(row)]


def _column(name: str, tables: Sequence[pa.Table]) -> pa.ChunkedArray:
    columns = [table.column(name) for table in tables]
    if _kind(columns[0].type) == "string":
        return pa.chunked_array([narrowed(together(map(whole, columns)))])
    return pa.chunked_array([chunk for column in columns for chunk in column.chunks])


def _prepare_group(
    store: Store, schema: Schema, submissions: Sequence[Submission], places: Sequence[int]
) -> dict[int, Result]:
    """Validate several as one; those that something is wrong with are left out."""
    left = list(places)
    offers: dict[str, list[SliceVersion]] = {}
    for version in store.offers(schema.context):
        offers.setdefault(version.source, []).append(version)
    while len(left) > 1:
        given = [submissions[place] for place in left]
        joined = _Joined([given_rows(one) for one in given])
        held = [
            part
            for one in given
            for part in held_parts(store, schema, one, offers.get(one.source, ()))
        ]
        try:
            checked = checked_rows(store, schema, joined.raw(), held)
        except Invalid as error:
            wrong = {finding.file for finding in error.findings if _is_error(finding)}
            sound = [place for place in left if submissions[place].raw.source not in wrong]
            if "" in wrong or len(sound) == len(left):
                return {}
            left = sound
            continue
        if any(finding.file == "" for finding in checked.findings):
            return {}  # it is not told whose it is
        return dict(zip(left, _parted(schema, given, joined, checked), strict=True))
    return {}


def _is_error(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR


def _parted(
    schema: Schema, given: Sequence[Submission], joined: _Joined, checked: Checked
) -> Iterator[Result]:
    """What was checked, for each source its own."""
    told: dict[str | None, list[Finding]] = {}
    for finding in checked.findings:
        told.setdefault((finding.file or "").partition("#")[0], []).append(finding)
    for submission, raw, start in zip(given, joined.parts, joined.starts, strict=False):
        rows = raw.table.num_rows
        mine = Checked(
            table=checked.table.slice(start, rows),
            actions=checked.actions.slice(start, rows),
            findings=tuple(told.get(raw.source, ())),
            marks=_marks(checked.marks, start, rows),
        )
        try:
            yield ready(schema, submission, raw, mine)
        except Forbidden as error:
            yield error


def _marks(marks: Marks, start: int, rows: int) -> Marks:
    mine = {name: marked.slice(start, rows) for name, marked in marks.items()}
    return {name: marked for name, marked in mine.items() if marked.true_count}
