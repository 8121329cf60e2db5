"""What the header of an SDMX-CSV message says its columns are.

SDMX-CSV 1.0 begins with `DATAFLOW`, 2.x with `STRUCTURE`. Components are written `ID` or
`ID: name` (labels=both); with labels=name each is followed by a column of names, and the message
has a column `STRUCTURE_NAME`. In 2.x `ID[]` has several values in a cell and `ID[en;fr]` a text in
several languages; `STRUCTURE[;]` gives the character between them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hub.errors import Finding, Invalid, Severity
from hub.formats.csv.lookalike import first_strange, looks_like
from hub.formats.limits import Limits

ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_STRUCTURE = re.compile(r"STRUCTURE(?:\[(?P<separator>[^\[\]])\])?")
_COMPONENT = re.compile(
    rf"(?P<id>{ID.pattern})(?P<brackets>\[(?P<languages>[^\[\]]*)\])?(?P<label>: .*)?", re.DOTALL
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_NESTED = re.compile(rf"{ID.pattern}(?:\[[^\[\]]*\])?(?:\.{ID.pattern}(?:\[[^\[\]]*\])?)+")
#: Columns of the message itself that hold nothing a reader needs.
_IGNORED_1 = ("LAST UPDATE",)  # Eurostat's own
_IGNORED_2 = ("STRUCTURE_NAME", "SERIES_KEY", "OBS_KEY")


@dataclass(frozen=True, slots=True)
class CsvColumn:
    """A column that holds a component.

    `is_labelled` where its cells may read `code: name`. `languages` is empty but for texts in
    several languages.
    """

    index: int
    id: str
    is_labelled: bool = False
    is_list: bool = False
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvHeader:
    """The columns of a message, by their place (from 0); None where it has no such column.

    `structure` holds the identification, `structure_type` what it identifies (2.x only).
    """

    width: int
    structure: int
    structure_type: int | None = None
    action: int | None = None
    columns: tuple[CsvColumn, ...] = ()
    ignored: tuple[str, ...] = ()
    notes: tuple[Finding, ...] = ()
    separator: str = ";"


def parse_header(record: bytes, file: str, line: int, limits: Limits) -> CsvHeader:
    """Parse the header record of an SDMX-CSV message, standing on a line of a file.

    Raises Invalid with every finding where it is none, TooLarge for too many columns.
    """
    names = split_record(record, ",", file, line, limits)
    first = _STRUCTURE.fullmatch(names[0])
    if first is None and names[0] != "DATAFLOW":
        message = (
            f"the first column is '{names[0][:80]}', not STRUCTURE or DATAFLOW; an SDMX-CSV file "
            "begins with one of them. A national table needs a mapping file (--map)"
        )
        raise _refuse(file, [Finding(rule="csv-header", message=message, file=file, line=line)])
    reading = _Reading(file, line, names, first["separator"] if first else None)
    header = reading.version_1() if first is None else reading.version_2()
    if not header.columns and header.action is None and not reading.findings:
        message = "the header names no component: there is nothing to read"
        reading.findings.append(Finding(rule="csv-header", message=message, file=file, line=line))
    if reading.findings:
        raise _refuse(file, reading.findings)
    return header


def split_record(record: bytes, separator: str, file: str, line: int, limits: Limits) -> list[str]:
    """Split a header record into its fields; Invalid or TooLarge where that makes no sense."""
    if record.count(separator.encode()) >= limits.columns:
        what = f"more than {limits.columns:,} columns"
        raise limits.refuse("columns", f"{file}, line {line}", what)
    try:
        lines = io.StringIO(record.decode(), newline="")
        fields = next(csv.reader(lines, delimiter=separator, strict=True), [])
    except csv.Error as error:
        message = f"the header cannot be read: {error}"
        finding = Finding(rule="csv-header", message=message, file=file, line=line)
        raise _refuse(file, [finding]) from error
    return fields or [""]


def _refuse(file: str, findings: Sequence[Finding]) -> Invalid:
    return Invalid(f"{file}: not a readable header: {findings[0].message}", findings)


@dataclass(slots=True)
class _Reading:
    """A header being read."""

    file: str
    line: int
    names: list[str]
    separator: str | None
    findings: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)

    def version_1(self) -> CsvHeader:
        """Read the header of a message of version 1.0, where brackets mean nothing."""
        special = dict.fromkeys(("DATAFLOW", *_IGNORED_1))
        columns, ignored = self._components(special, has_names=False)
        return CsvHeader(
            width=len(self.names),
            structure=0,
            columns=columns,
            ignored=ignored,
            notes=tuple(self.notes),
        )

    def version_2(self) -> CsvHeader:
        """Read the header of a message of version 2.0 or 2.1."""
        places = {name: index for index, name in reversed(list(enumerate(self.names)))}
        if "STRUCTURE_ID" not in places:
            self._find("csv-header", "there is no column STRUCTURE_ID, which names the structure")
        special = dict.fromkeys((self.names[0], "STRUCTURE_ID", "ACTION", *_IGNORED_2))
        columns, ignored = self._components(special, has_names="STRUCTURE_NAME" in places)
        return CsvHeader(
            width=len(self.names),
            structure=places.get("STRUCTURE_ID", 0),
            structure_type=0,
            action=places.get("ACTION"),
            columns=columns,
            ignored=ignored,
            notes=tuple(self.notes),
            separator=self.separator or ";",
        )

    def _components(
        self, special: dict[str, None], *, has_names: bool
    ) -> tuple[tuple[CsvColumn, ...], tuple[str, ...]]:
        columns: list[CsvColumn] = []
        ignored: list[str] = []
        seen: dict[str, int] = {}
        rest = iter(enumerate(self.names))
        for index, name in rest:
            if name in special:
                self._note(seen, name, index)
                if name in _IGNORED_1 or name in _IGNORED_2:
                    ignored.append(name)
                continue
            column = self._component(index, name)
            if column is None:
                ignored.append(name)
                continue
            columns.append(column)
            self._note(seen, column.id, index)
            if has_names:
                ignored.extend(_next_name(rest))
        return tuple(columns), tuple(ignored)

    def _note(self, seen: dict[str, int], name: str, index: int) -> None:
        if name in seen:
            message = f"the columns {seen[name] + 1} and {index + 1} are both '{name}'; keep one"
            self._find("csv-duplicate", message, name)
        seen.setdefault(name, index)

    def _component(self, index: int, name: str) -> CsvColumn | None:
        match = _COMPONENT.fullmatch(name)
        if match is None:
            self._refuse_name(index, name)
            return None
        languages = self._languages(name, match["languages"] or "")
        if match["brackets"] and self.separator is None:
            message = (
                f"'{name}' holds several values in a cell, but the first column does not say what "
                "stands between them; write STRUCTURE[;]"
            )
            self._find("csv-subfield", message, match["id"])
        return CsvColumn(
            index=index,
            id=match["id"],
            is_labelled=match["label"] is not None,
            is_list=bool(match["brackets"]) and not languages,
            languages=languages,
        )

    def _refuse_name(self, index: int, name: str) -> None:
        if not name.strip():
            self._find("csv-header", f"column {index + 1} has no name; give it one or delete it")
        elif _NESTED.fullmatch(name):
            message = (
                f"'{name}' is a nested metadata attribute, which data of this node cannot hold; "
                "leave the column out"
            )
            self._find("csv-nested", message, name)
        elif (like := looks_like(name)) is not None:
            message = (
                f"the column '{name[:80]}' looks like {like}, but is written with other letters: "
                f"{first_strange(name)}; type {like} anew"
            )
            self._find("csv-lookalike", message, name)
        else:
            message = f"the column '{name[:80]}' is no component of SDMX and was passed over"
            self.notes.append(
                Finding(
                    rule="csv-passed-over",
                    message=message,
                    severity=Severity.WARNING,
                    file=self.file,
                    line=self.line,
                    column=name[:80],
                )
            )

    def _languages(self, name: str, text: str) -> tuple[str, ...]:
        languages = tuple(text.split(self.separator or ";")) if text else ()
        if not all(_LANGUAGE.fullmatch(language) for language in languages):
            message = f"'{name[:80]}': the brackets hold language tags such as [en;fr], or nothing"
            self._find("csv-languages", message, name.partition("[")[0])
        return languages

    def _find(self, rule: str, message: str, column: str | None = None) -> None:
        self.findings.append(
            Finding(rule=rule, message=message, file=self.file, line=self.line, column=column)
        )


def _next_name(rest: Iterator[tuple[int, str]]) -> Iterator[str]:
    """Take the column of names that follows a component where labels=name."""
    following = next(rest, None)
    if following is not None:
        yield following[1]
