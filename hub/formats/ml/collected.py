"""What a walk through a data message collects, and the rows that come of it."""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa

from hub.errors import Finding, Invalid, Severity
from hub.formats.bounds import check_cells
from hub.formats.components import measures_of, structure_of
from hub.formats.groups import ContradictionError, Groups, TooManyKindsError, with_groups
from hub.formats.kinds import MixedKindsError
from hub.formats.levels import Level, laid_out, runs
from hub.formats.message import Action, RawData
from hub.formats.ml.columns import Columns
from hub.formats.ml.header import HeaderRules, Payload, by_name, parse_action
from hub.formats.ml.walk import Walk
from hub.model import DataStructure, Reference, Structures

#: XML attributes of a data set that are about the message (SDMX-ML, SetAttributeGroup).
_OF_DATA_SET = (
    *("structureRef", "setID", "action", "reportingBeginDate", "reportingEndDate", "dataScope"),
    *("validFromDate", "validToDate", "publicationYear", "publicationPeriod"),
)


class Collected:
    """The data sets, series, observations and groups of a message.

    `payload` and `structure` are of the data set being read. `dimensions` are those that the keys
    of groups may have; None where nobody knows.
    """

    def __init__(self, walk: Walk, header: HeaderRules, structures: Structures | None) -> None:
        self.payload = Payload()
        self.structure: DataStructure | None = None
        self.dimensions: set[str] | None = None
        self.series = Columns(walk)
        self.observations = Columns(walk, passed_over=("type",))
        self.groups = Columns(walk, passed_over=("type",))
        self.datasets = Columns(walk, passed_over=_OF_DATA_SET)
        self._levels = (self.observations, self.series, self.groups, self.datasets)
        self._walk = walk
        walk.after_piece = self._cut
        self._header = header
        self._structures = structures
        self._reference: Reference | None = None
        self._actions: list[Action | None] = []
        self._dataset_starts: list[int] = []
        self._series_starts: list[int] = []
        self._series_numbers: list[int | None] = []
        self._group_datasets: list[int] = []

    def _cut(self) -> None:
        for level in self._levels:
            level.cut_if_full()

    def begin_dataset(self, attributes: list[str]) -> None:
        """Begin a data set; raises Invalid where it is data of another structure."""
        given = by_name(attributes)
        self.payload = self._header.payload(given.get("structureRef"))
        reference = self.payload.reference
        if self._dataset_starts and reference != self._reference:
            message = f"data of {reference} after data of {self._reference}; a file holds one"
            raise self._walk.refuse("ml-structure", message)
        if not self._dataset_starts:
            self._begin_first(reference)
        elif len(self._dataset_starts) == self._walk.limits.datasets:
            what = f"more than {self._walk.limits.datasets:,} data sets"
            raise self._walk.limits.refuse("datasets", self._walk.where, what)
        if self.payload.has_explicit_measures:
            self.observations.type_component = self.payload.at_observation
        action = given.get("action")
        self._actions.append(
            parse_action(self._walk, action) if action is not None else self._header.action
        )
        self._dataset_starts.append(self.observations.count)
        self.leave_series()

    def _begin_first(self, reference: Reference | None) -> None:
        self._reference = reference
        self.structure = structure_of(reference, self._structures)
        self.observations.plain = frozenset(measures_of(self.structure))
        if self.structure is not None:
            self.dimensions = {dimension.id for dimension in self.structure.dimensions}

    def begin_series(self, attributes: list[str], line: int | None = None) -> None:
        """Begin a series; the observations that follow are its own."""
        self._series_starts.append(self.observations.count)
        self._series_numbers.append(self.series.count)
        self.series.add(attributes, line)

    def end_series(self) -> None:
        """End a series; one without observations stands as a row of its own."""
        if self._series_starts[-1] == self.observations.count:
            self.observations.add([], self.series.lines[-1])

    def leave_series(self) -> None:
        """What follows stands in no series."""
        if self._series_numbers and self._series_numbers[-1] is not None:
            self._series_starts.append(self.observations.count)
            self._series_numbers.append(None)

    def add_group(self, attributes: list[str], line: int | None = None) -> None:
        """Add a group: the dimensions of its key, and its attributes."""
        self._group_datasets.append(len(self._dataset_starts) - 1)
        self.groups.add(attributes, line)

    def raw(self, findings: Collection[Finding] = ()) -> RawData:
        """The rows of all data sets. Raises Invalid, with the place, and TooLarge."""
        rows = self.observations.finished()
        lines = self.observations.lines
        self._check_cells(rows.num_rows)
        dataset = runs(self._dataset_starts, range(len(self._dataset_starts)), rows.num_rows)
        series = runs(self._series_starts, self._series_numbers, rows.num_rows)
        found = list(findings)
        try:
            table = laid_out(rows, [Level(self.series.finished(), series)])
            if self.groups.count:
                table = self._with_groups(table, dataset, found)
            table = laid_out(table, [Level(self.datasets.finished(), dataset)])
        except MixedKindsError as error:
            raise self._refuse("ml-kinds", f"a component has {error}", lines[error.row]) from None
        if not table.num_rows:
            found.append(self._note("ml-no-rows", "the message has no observations"))
        return RawData(
            source=self._walk.file,
            table=table,
            structure=self._reference,
            actions=self._action_of_rows(dataset),
            line=lines.__getitem__,
            findings=tuple(found),
        )

    def _check_cells(self, rows: int) -> None:
        """Refuse before rows are laid out whose series or data set say too much for each."""
        width = sum(level.width for level in self._levels)
        check_cells(self._walk.file, rows, width, self._walk.limits)

    def _with_groups(self, table: pa.Table, dataset: pa.Array, found: list[Finding]) -> pa.Table:
        groups = Groups(
            self.groups.finished(),
            tuple(sorted(self.dimensions or ())),
            pa.array(self._group_datasets, pa.int64()),
        )
        lines = self.groups.lines
        try:
            table, unmatched = with_groups(table, dataset, groups)
        except ContradictionError as error:
            message = f"{error.attribute} is given twice, differently, for the same group key"
            raise self._refuse("ml-group", message, lines[error.group]) from None
        except TooManyKindsError:
            message = "the groups have more kinds of key than any structure"
            raise self._refuse("ml-group", message, lines[0]) from None
        if unmatched:
            message = f"{len(unmatched):,} groups have no observations here and were left out"
            line = lines[min(unmatched)]
            found.append(self._note("ml-group", message, Severity.WARNING, line))
        return table

    def _action_of_rows(self, dataset: pa.Array) -> pa.ChunkedArray | None:
        if not any(self._actions):
            return None
        known = list(Action)
        numbers = [None if a is None else known.index(a) for a in self._actions]
        index = pa.array(numbers, pa.int32()).take(dataset)
        names = pa.array([action.value for action in known], pa.string())
        return pa.chunked_array([pa.DictionaryArray.from_arrays(index, names)])

    def _refuse(self, rule: str, message: str, line: int) -> Invalid:
        return self._walk.refuse(rule, message, line)

    def _note(
        self,
        rule: str,
        message: str,
        severity: Severity = Severity.INFORMATION,
        line: int | None = None,
    ) -> Finding:
        return Finding(
            rule=rule, message=message, severity=severity, file=self._walk.file, line=line
        )
