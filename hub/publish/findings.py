"""Collects what validation notices, all of it, up to a bound that is told when it is reached."""

from __future__ import annotations

import pyarrow as pa

from hub.errors import Finding, Severity
from hub.formats.message import RawData


class Findings:
    """The findings about one source, with the places of its rows."""

    def __init__(self, raw: RawData, most: int = 10_000) -> None:
        self._raw = raw
        self._most = most
        self._found: list[Finding] = []
        self._more = 0
        self.errors = 0

    def add(
        self,
        rule: str,
        message: str,
        *,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
        severity: Severity = Severity.ERROR,
        suggestion: str | None = None,
    ) -> None:
        """Note one thing; `row` counts the rows of the source from 0."""
        if len(self._found) >= self._most:  # then the place is not worth looking up
            self._count(severity)
            return
        self.take(
            Finding(
                rule=rule,
                message=message,
                severity=severity,
                file=self._file(row),
                line=None if row is None else self._raw.line(row),
                column=column,
                value=value,
                suggestion=suggestion,
            )
        )

    @property
    def room(self) -> int:
        """How many findings more are listed."""
        return max(0, self._most - len(self._found))

    def add_rows(self, rows: pa.Array, rule: str, message: str, column: str | None = None) -> None:
        """Note the same error for several rows."""
        listed = rows.slice(0, self.room)
        for row in listed.to_pylist():
            self.add(rule, message, row=row, column=column)
        self.add_unlisted(len(rows) - len(listed))

    def add_unlisted(self, count: int, severity: Severity = Severity.ERROR) -> None:
        """Note what only the number is told of: there is no room for more."""
        self.errors += count * (severity is Severity.ERROR)
        self._more += count

    def take(self, finding: Finding) -> None:
        """Note what somebody else found."""
        if len(self._found) >= self._most:
            self._count(finding.severity)
            return
        self.errors += finding.severity is Severity.ERROR
        self._found.append(finding)

    def place(self, row: int) -> str:
        """Where a row is, in words."""
        line, place = self._raw.line(row), self._raw.place(row)
        if line is not None:
            return f"on line {line}"
        return f"at {place}" if place is not None else f"in row {row + 1}"

    def all(self) -> tuple[Finding, ...]:
        """Everything noted, errors first, then by place."""
        order = list(Severity)
        found = sorted(
            self._found, key=lambda f: (order.index(f.severity), f.line or 0, f.column or "")
        )
        if self._more:
            found.append(
                Finding(
                    rule="too-many-findings",
                    message=f"{self._more:,} further findings are not listed "
                    f"(the setting max_findings is {self._most:,})",
                    severity=Severity.ERROR if self.errors else Severity.INFORMATION,
                    file=self._raw.source,
                )
            )
        return tuple(found)

    def _file(self, row: int | None) -> str:
        """The source; where it has no lines, with the place of the row as a fragment."""
        if row is None:
            return self._raw.source
        source = self._raw.source if self._raw.part is None else self._raw.part(row)
        place = self._raw.place(row)
        return source if place is None else f"{source}#{place}"

    def _count(self, severity: Severity) -> None:
        self.errors += severity is Severity.ERROR
        self._more += 1
