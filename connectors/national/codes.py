"""National spellings into codes of the structure, with every spelling that has none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import pyarrow as pa

import codelists
from connectors.national.mapping import TableMap, Word, suggest
from connectors.national.table import per_text
from hub.errors import Finding
from hub.formats.csv.places import locate
from hub.model import Column

_SCHEME, _OTHER = "scheme", "*"
Line = Callable[[int], int | None]


class CodeMap(NamedTuple):
    """What spellings of one component mean; `other` is for the rest, None where that is refused."""

    component: str
    mapping_file: str
    codes: Mapping[str, str]
    other: str | None = None

    def unmapped(self, spelling: str) -> str:
        """What to say of a spelling without a code."""
        return (
            f"'{spelling}' has no code for {self.component}: add it to [codes.{self.component}] "
            f"of {self.mapping_file}{suggest(spelling, self.codes)}"
        )

    def apply(
        self, values: pa.ChunkedArray, file: str, line: Line
    ) -> tuple[pa.ChunkedArray, list[Finding]]:
        """Turn a column of spellings into one of codes; spellings without a code are findings."""
        unmapped: dict[str, str] = {}

        def change(spellings: pa.Array) -> pa.Array:
            given = spellings.to_pylist()
            codes = [None if s is None else self.codes.get(s, self.other) for s in given]
            missing = [s for s, code in zip(given, codes, strict=True) if s and code is None]
            unmapped.update({s: self.unmapped(s) for s in missing})
            return pa.array(codes, pa.string())

        codes = per_text(values, change)
        findings = locate(
            values, unmapped, rule="map-code", file=file, column=self.component, line=line
        )
        return codes, findings


def code_map(mapping: TableMap, component: str) -> CodeMap | None:
    """The codes a mapping has for a component; None where its texts are codes already.

    A shared scheme comes first, what the mapping itself says prevails. Raises NotFound for a
    scheme there is none of.
    """
    entries = mapping.codes.get(component)
    if entries is None:
        return None
    codes = dict(_shared(str(entries[_SCHEME]))) if _SCHEME in entries else {}
    codes |= {
        spelling.strip(): str(code)
        for spelling, code in entries.items()
        if spelling not in (_SCHEME, _OTHER)
    }
    other = entries.get(_OTHER)
    return CodeMap(component, mapping.name, codes, None if other is None else str(other))


def _shared(scheme: str) -> Mapping[str, str]:
    known = codelists.spelling_map(scheme)
    # M49 numbers lose their leading zeros in workbooks.
    bare = {spelling.lstrip("0"): code for spelling, code in known.items() if spelling.isdigit()}
    return {**bare, **known}


def check_targets(mapping: TableMap, columns: Mapping[str, Column]) -> list[Finding]:
    """Every code that a mapping itself writes and the component's list does not have."""
    written: list[tuple[str, str, Word]] = [
        (f"constants.{component}", component, code) for component, code in mapping.constants.items()
    ]
    for component, entries in mapping.codes.items():
        written += [
            (f"codes.{component}", component, code)
            for spelling, code in entries.items()
            if spelling != _SCHEME
        ]
    for meaning in mapping.missing.values():
        if isinstance(meaning, dict):
            written += [("missing", component, code) for component, code in meaning.items()]
    for meaning in mapping.notes.values():
        written += [("notes", component, code) for component, code in meaning.items()]
    findings = []
    for key, component, code in dict.fromkeys(written):
        column = columns.get(component)
        known = column.enumeration.by_id if column and column.enumeration else None
        if known is not None and str(code) not in known:
            message = f"[{key}]: '{code}' is not a code of {component}{suggest(str(code), known)}"
            findings.append(
                Finding(rule="map-target", message=message, file=mapping.name, column=key)
            )
    return findings
