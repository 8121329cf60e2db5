"""Reading an SDMX-JSON data message into columns: versions 1.0, 2.0 and 2.1."""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path

import pyarrow as pa

from hub.errors import Finding, Severity
from hub.formats.bounds import check_cells, within
from hub.formats.components import measures_of, structure_of
from hub.formats.groups import ContradictionError, TooManyKindsError, with_groups
from hub.formats.json.document import DataSet, Loaded, load, refuse
from hub.formats.json.frame import Frame, frame_of, paired, reference_of
from hub.formats.json.pieces import PieceFile
from hub.formats.json.rows import Rows
from hub.formats.json.scan import Entry
from hub.formats.kinds import MixedKindsError, coalesced, stacked
from hub.formats.levels import Level, laid_out, runs
from hub.formats.limits import Limits
from hub.formats.message import Action, RawData
from hub.model import Reference, Structures

_ACTIONS = {action.value: action for action in Action}


def read_json(
    path: Path, structures: Structures | None = None, *, limits: Limits | None = None
) -> RawData:
    """Read an SDMX-JSON data message of one structure.

    `structures` are only asked what the measure is called where the message does not say. Default
    values of attributes are put where the data has none. A series without observations is a row
    of its own, see `hub.formats.ml.read_ml`. Annotations are passed over. `place` tells the JSON
    pointer of a row.

    Raises Invalid, with the JSON pointer (or the line of what is no JSON), and TooLarge.
    """
    limits = limits or Limits()
    reading = _Reading(path, load(path, limits), structures, limits)
    try:
        return within(reading.raw(), limits)
    except MixedKindsError as error:
        message = f"a component has {error}"
        raise refuse(path.name, "json-kinds", message, reading.pointer(error.row)) from None


class _Reading:
    """A message being read."""

    def __init__(
        self, path: Path, loaded: Loaded, structures: Structures | None, limits: Limits
    ) -> None:
        self._file = path.name
        self._source = PieceFile(path)
        self._data = loaded.data
        self._objects = loaded.objects
        self._structures = structures
        self._limits = limits
        self._frames: dict[int, Frame] = {}
        self._references: dict[Reference | None, str] = {}
        self._rows: list[Rows] = []
        self._starts: list[int] = []
        self._findings: list[Finding] = []

    def pointer(self, row: int) -> str:
        """The JSON pointer of a row."""
        number = bisect_right(self._starts, row) - 1
        return self._rows[number].pointer(row - self._starts[number])

    def raw(self) -> RawData:
        """Read all data sets."""
        datasets = self._data.datasets or []
        tables = [self._table(number, dataset) for number, dataset in enumerate(datasets)]
        table = stacked(tables)
        if not table.num_rows:
            message = "the message has no observations"
            self._note("json-no-rows", message, Severity.INFORMATION)
        return RawData(
            source=self._file,
            table=table,
            structure=next(iter(self._references), None),
            actions=self._actions(datasets, table.num_rows),
            place=self.pointer,
            findings=tuple(self._findings),
        )

    def _table(self, number: int, dataset: DataSet) -> pa.Table:
        place = f"/data/dataSets/{number}"
        frame = self._frame(dataset, place)
        rows = Rows(frame, self._source, place, self._limits)
        before = self._rows[-1].count if self._rows else 0
        self._starts.append(before + self._starts[-1] if self._starts else 0)
        self._rows.append(rows)
        rows.read_series(self._entries(dataset.series))
        rows.read_observations(self._entries(dataset.observations))
        everywhere = pa.repeat(pa.scalar(0, pa.int32()), rows.count)
        table = laid_out(rows.table(), [rows.series(), Level(rows.fixed(), everywhere)])
        table = self._with_groups(rows, dataset, table)
        upper = rows.of_dataset(paired(dataset.attributes))
        table = laid_out(table, [Level(upper, everywhere)])
        return table if dataset.action == Action.DELETE.value else _with_defaults(table, frame)

    def _frame(self, dataset: DataSet, place: str) -> Frame:
        """What the data set's indices mean; Invalid where it is data of another structure."""
        data = self._data
        structures = data.structures if data.structures is not None else []
        is_version_1 = data.structures is None and data.structure is not None
        if is_version_1 and data.structure is not None:
            structures = [data.structure]
        number = 0 if is_version_1 else dataset.structure
        if not 0 <= number < len(structures):
            message = f"structure {number}, but the message describes {len(structures)}"
            raise refuse(self._file, "json-structure", message, f"{place}/structure")
        if number not in self._frames:
            at = "/data/structure" if is_version_1 else f"/data/structures/{number}"
            reference = reference_of(structures[number].links, self._file, f"{at}/links")
            reference = reference or reference_of(dataset.links, self._file, f"{place}/links")
            measures = measures_of(structure_of(reference, self._structures))[:1]
            frame = frame_of(
                structures[number], self._file, at, measures, is_version_1=is_version_1
            )
            check_cells(f"{self._file}, at {at}", 0, frame.width, self._limits)
            self._frames[number] = frame
            self._refuse_second(reference, at)
        return self._frames[number]

    def _entries(self, number: int | None) -> tuple[Entry, ...]:
        return () if number is None else self._objects[number]

    def _refuse_second(self, reference: Reference | None, place: str) -> None:
        self._references.setdefault(reference, place)
        if len(self._references) > 1:
            first = next(iter(self._references))
            message = f"data of {reference} beside data of {first}; a file holds one"
            raise refuse(self._file, "json-structure", message, place)

    def _with_groups(self, rows: Rows, dataset: DataSet, table: pa.Table) -> pa.Table:
        groups = rows.read_groups(self._entries(dataset.groups), 0)
        if groups is None:
            return table
        try:
            table, unmatched = with_groups(
                table, pa.repeat(pa.scalar(0, pa.int64()), rows.count), groups
            )
        except ContradictionError as error:
            message = f"{error.attribute} is given twice, differently, for the same key"
            at = rows.pointer_of_group(error.group)
            raise refuse(self._file, "json-group", message, at) from None
        except TooManyKindsError:
            message = "more kinds of key than any structure has"
            place = f"{rows.place}/dimensionGroupAttributes"
            raise refuse(self._file, "json-group", message, place) from None
        if unmatched:
            message = f"{len(unmatched):,} groups have no observations here and were left out"
            at = rows.pointer_of_group(min(unmatched))
            self._note("json-group", f"{message}, the first at {at}", Severity.WARNING)
        return table

    def _actions(self, datasets: list[DataSet], rows: int) -> pa.ChunkedArray | None:
        """The action of every row, by name."""
        names = [dataset.action for dataset in datasets]
        for number, name in enumerate(names):
            if name is not None and name not in _ACTIONS:
                message = f"'{name[:80]}' is not an action; there are {', '.join(_ACTIONS)}"
                at = f"/data/dataSets/{number}/action"
                raise refuse(self._file, "json-action", message, at)
        if not any(names):
            return None
        encoded = pa.array(names, pa.string()).dictionary_encode()
        index = encoded.indices.take(runs(self._starts, range(len(names)), rows))
        return pa.chunked_array([pa.DictionaryArray.from_arrays(index, encoded.dictionary)])

    def _note(self, rule: str, message: str, severity: Severity) -> None:
        self._findings.append(
            Finding(rule=rule, message=message, severity=severity, file=self._file)
        )


def _with_defaults(table: pa.Table, frame: Frame) -> pa.Table:
    """Give attributes their default where the data has none (SDMX-JSON, component)."""
    for attribute in frame.attributes:
        if attribute.default is None:
            continue
        default = pa.array([attribute.default]).dictionary_encode()
        index = pa.repeat(pa.scalar(0, pa.int32()), table.num_rows)
        whole = pa.chunked_array([pa.DictionaryArray.from_arrays(index, default.dictionary)])
        if attribute.id not in table.column_names:
            table = table.append_column(attribute.id, whole)
        elif table.column(attribute.id).null_count:
            column = coalesced([table.column(attribute.id), whole])
            place = table.column_names.index(attribute.id)
            table = table.set_column(place, attribute.id, column)
    return table
