"""Metadata messages in SDMX-CSV 2.0 and 2.1, read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hub.errors import BadRequest, Finding, Invalid
from hub.formats.limits import Limits
from hub.formats.metadata.actions import action_of
from hub.formats.metadata.csv_cells import languages_in, split
from hub.formats.metadata.csv_columns import AttributeColumn, parse_column
from hub.formats.metadata.csv_targets import target_urn
from hub.formats.metadata.csv_tree import Entry, tree
from hub.formats.metadata.csv_write import PERIODS, TYPES
from hub.formats.metadata.report import Received
from hub.formats.structure.fault import MALFORMED, Fault
from hub.model import ArtefactClass, InternationalString, MetadataSet, Reference, parse_reference

_FIRST = re.compile(r"MDSTRUCTURE(?:\[(?P<separator>[^\[\]])\])?(?P<comma>[,;\t|])")
_OWN = ("MDSTRUCTURE_ID", "METADATASET_ID", "ACTION", "TARGET_TYPES", "TARGET_IDS")
_NEEDED = ("MDSTRUCTURE_ID", "METADATASET_ID")
_NAMES = ("MDSTRUCTURE_NAME", "METADATASET_NAME", "TARGET_NAMES")
_CLASSES = {word: cls for cls, word in TYPES.items()}


def is_metadata_csv(head: str) -> bool:
    """True where a text begins as an SDMX-CSV metadata message does."""
    return _FIRST.match(head.removeprefix('"')) is not None or head.startswith('"MDSTRUCTURE')


def read_csv(content: bytes, limits: Limits) -> tuple[list[Received], list[Finding]]:
    """Read the sets of a message, and what is wrong with it, row by row.

    Raises Invalid for what is no such message, TooLarge beyond the limits.
    """
    text = _text(content)
    match = _FIRST.match(text.replace('"', "", 2) if text.startswith('"') else text)
    if match is None:
        raise Invalid("the first column of an SDMX-CSV metadata message is MDSTRUCTURE")
    rows = _rows(text, match["comma"])
    before = csv.field_size_limit(limits.text_bytes)
    try:
        header = _Header.of(next(rows)[1], match["separator"] or ";", limits)
        received: list[Received] = []
        findings: list[Finding] = list(header.findings)
        for line, cells in rows:
            try:
                received.append(header.row(cells))
            except (BadRequest, Fault) as error:
                fault = error.message
                findings.append(Finding(rule=MALFORMED, message=fault, line=line))
    except csv.Error as error:
        raise Invalid(f"the CSV cannot be read: {error}") from None
    finally:
        csv.field_size_limit(before)
    return received, findings


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(f"the CSV is not UTF-8, at byte {error.start}") from None


def _rows(text: str, comma: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=comma, strict=True)
    line = 1
    for cells in reader:
        if cells:
            yield line, cells
        line = reader.line_num + 1


@dataclass(slots=True)
class _Header:
    separator: str
    width: int
    places: dict[str, int]
    columns: dict[int, AttributeColumn] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    is_labelled: bool = False

    @classmethod
    def of(cls, titles: Sequence[str], separator: str, limits: Limits) -> _Header:
        """Make sense of the titles; what makes none is among the findings."""
        if len(titles) > limits.columns:
            raise limits.refuse("columns", "the header", f"{len(titles):,} columns")
        places = {title: place for place, title in reversed(list(enumerate(titles)))}
        header = cls(separator, len(titles), places)
        missing = [name for name in _NEEDED if name not in places]
        if missing:
            header._find(f"there is no column {', '.join(missing)}")
        skipped = False
        for place, title in enumerate(titles):
            if place == 0 or skipped or title in (*_OWN, *_NAMES, *PERIODS):
                skipped = False
                continue
            header._take(place, title)
            skipped = "MDSTRUCTURE_NAME" in places and place in header.columns
        return header

    def _take(self, place: int, title: str) -> None:
        name, label, _ = title.partition(": ")
        self.is_labelled |= bool(label)
        try:
            column = parse_column(name, self.separator)
        except BadRequest as error:
            self._find(error.message)
            return
        if column is None:
            self._find(f"column {place + 1}, '{title[:80]}', names no attribute")
        elif any(column.path == other.path for other in self.columns.values()):
            self._find(f"there are two columns of {'.'.join(column.path)}: keep one")
        else:
            self.columns[place] = column

    def _find(self, message: str) -> None:
        self.findings.append(Finding(rule=MALFORMED, message=message, line=1))

    def row(self, cells: Sequence[str]) -> Received:
        """A row as a set; raises BadRequest or Fault."""
        if len(cells) != self.width:
            raise BadRequest(f"the row has {len(cells)} fields, the header {self.width}")
        context = self._context(cells)
        named, name = self._named(cells, "METADATASET_ID", "METADATASET_NAME")
        reference = parse_reference(named, ArtefactClass.METADATA_SET, default_version="1.0")
        is_flow = context.artefact_class is ArtefactClass.METADATAFLOW
        entries = [self._entry(column, cells[place]) for place, column in self.columns.items()]
        periods = {f: self._cell(cells, title) or None for title, f in PERIODS.items()}
        found = MetadataSet(
            agency=reference.agency,
            id=reference.id,
            version=reference.version,
            name=InternationalString.of(name),
            metadataflow=context if is_flow else None,
            agreement=None if is_flow else context,
            targets=self._targets(cells),
            attributes=tree([entry for entry in entries if entry is not None]),
            **periods,  # type: ignore[arg-type]
        )
        action = action_of(self._cell(cells, "ACTION"))
        return Received(metadata_set=found, action=action, is_labelled=self.is_labelled)

    def _cell(self, cells: Sequence[str], title: str) -> str:
        place = self.places.get(title)
        return "" if place is None else cells[place]

    def _context(self, cells: Sequence[str]) -> Reference:
        cls = _CLASSES.get(cells[0])
        if cls is None:
            known = " or ".join(_CLASSES)
            raise BadRequest(f"'{cells[0][:80]}' in the first column is neither {known}")
        named, _ = self._named(cells, "MDSTRUCTURE_ID", "MDSTRUCTURE_NAME")
        return parse_reference(named, cls, default_version="1.0")

    def _named(self, cells: Sequence[str], id_: str, name: str) -> tuple[str, str]:
        """An id and the name that follows it, in the same cell or in the next."""
        text, _, label = self._cell(cells, id_).partition(": ")
        return text, label or self._cell(cells, name)

    def _targets(self, cells: Sequence[str]) -> tuple[str, ...]:
        kinds = split(self._cell(cells, "TARGET_TYPES"), self.separator)
        ids = split(self._cell(cells, "TARGET_IDS"), self.separator)
        if len(kinds) != len(ids):
            raise BadRequest(f"there are {len(kinds)} TARGET_TYPES and {len(ids)} TARGET_IDS")
        pairs = zip(kinds, ids, strict=True)
        return tuple(target_urn(kind, id_.partition(": ")[0]) for kind, id_ in pairs)

    def _entry(self, column: AttributeColumn, cell: str) -> Entry | None:
        """What stands under a column: texts, in lists as deep as steps may occur several times."""
        if not cell:
            return None
        return Entry(column, self._level(cell, sum(column.many), column))

    def _level(self, text: str, depth: int, column: AttributeColumn) -> object:
        if depth:
            return [self._level(v, depth - 1, column) for v in split(text, self.separator)]
        if column.languages:
            return InternationalString(languages_in(text, self.separator, column.languages))
        return text
