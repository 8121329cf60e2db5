"""Many short SDMX-CSV messages with the same header, read as one: a reader costs more than they do.

What is unusual about a message in any way is left out, to be read alone and told of as then.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from hub.errors import Invalid, TooLarge
from hub.formats.csv.lines import RecordLines
from hub.formats.csv.reader import read_csv
from hub.formats.csv.text import GuardedText
from hub.formats.limits import Limits
from hub.formats.message import RawData
from hub.formats.sniff import head_of
from hub.model import Structures

#: Of how many bytes a message is short.
SHORT = 1 << 12
#: A header of components as they are, whose cells need not be taken apart.
_HEADER = re.compile(r"(?:STRUCTURE,STRUCTURE_ID|DATAFLOW)(?:,[A-Za-z0-9_]++)*+")


def is_short(path: Path, limit: int = SHORT) -> bool:
    """True for a message that may be read with others, of at most `limit` bytes."""
    return path.stat().st_size <= min(limit, SHORT)


def read_alike(
    given: Mapping[Path, str], structures: Structures | None = None, *, limits: Limits | None = None
) -> dict[Path, RawData]:
    """Read messages, each with the name to tell it by, as `read_csv` reads each.

    Only short ones are looked at. Those that are missing from the result are to be read alone.
    """
    limits = limits or Limits()
    groups: dict[tuple[str, str], list[_Short]] = {}
    for path, name in given.items():
        short = _short(name, path, limits)
        if short is not None:
            groups.setdefault((short.header, short.structure), []).append(short)
    found: dict[Path, RawData] = {}
    for group in groups.values():
        if len(group) > 1:
            found.update(_read(group, structures, limits))
    return found


@dataclass(frozen=True, slots=True)
class _Short:
    """A short text of plain records: as many fields in each as in the header, no blank lines."""

    name: str
    path: Path
    header: str
    records: Sequence[str]

    @property
    def structure(self) -> str:
        """The fields of the first record that tell what it is data of."""
        fields = self.records[0].split(",", 2)
        return ",".join(fields[: 2 if self.header.startswith("STRUCTURE,") else 1])


def _short(name: str, path: Path, limits: Limits) -> _Short | None:
    raw = head_of(path, SHORT + 1)
    if len(raw) > min(SHORT, limits.bytes) or b"\x00" in raw:
        return None
    try:
        text = raw.decode().replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None
    if "\r" in text:
        return None
    header, *records = text.removesuffix("\n").split("\n")
    fields = header.count(",") + 1
    is_plain = records and all(_fields(line) == fields for line in records)
    return _Short(name, path, header, records) if is_plain and _HEADER.fullmatch(header) else None


def _fields(line: str) -> int:
    """How many fields a record has; 0 for what is not the whole of one."""
    if '"' not in line:
        return line.count(",") + 1 if line else 0
    return len(next(csv.reader([line]))) if line.count('"') % 2 == 0 else 0


def _read(
    group: Sequence[_Short], structures: Structures | None, limits: Limits
) -> Iterator[tuple[Path, RawData]]:
    """Read texts with one header, one below the other; none where anything is to be told of."""
    lines = [group[0].header, *(line for one in group for line in one.records), ""]
    with TemporaryDirectory(dir=group[0].path.parent) as folder:
        path = Path(folder, "alike.csv")
        path.write_text("\n".join(lines), "utf-8", newline="\n")
        try:
            raw = read_csv(path, structures, limits=limits)
        except (Invalid, TooLarge):
            return
    starts = list(accumulate((len(one.records) for one in group), initial=0))
    if raw.findings or raw.table.num_rows != starts[-1]:
        return
    # each with a dictionary of what all of them say would not tell what it says itself
    table = pa.table({name: _plain(raw.table.column(name)) for name in raw.table.column_names})
    for one, start in zip(group, starts, strict=False):
        rows = len(one.records)
        yield (
            one.path,
            RawData(
                source=one.name,
                table=table.slice(start, rows),
                structure=raw.structure,
                actions=None if raw.actions is None else raw.actions.slice(start, rows),
                line=RecordLines(partial(GuardedText, one.path, limits, name=one.name)),
                ignored=raw.ignored,
            ),
        )


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
