"""Hostile Parquet and Arrow: footers that lie, bombs, code for who unpickles it."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import pyarrow as pa

from tests.formats.bulk.forged import (
    I32,
    I64,
    LIST,
    element,
    listed,
    page,
    parquet,
    texts,
    with_footer,
)
from tests.hostile import sound
from tests.hostile.case import Bait, Hostile, plainly

HUGE = (1 << 31) - 1
PAGE = page(texts("x"), 1)


class _Opening:
    """What opens a file when it is unpickled."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (self._path,)


def _bytes(name: str, content: bytes, told: str, kind: str = "Invalid") -> Hostile:
    return Hostile(name=name, make=plainly(content), told=told, kind=kind)


def _both(
    name: str, columns: Callable[[], pa.Table], told: str, kind: str = "Invalid"
) -> list[Hostile]:
    return [
        Hostile(name=f"{form}: {name}", make=lambda _, w=write: w(columns()), told=told, kind=kind)  # type: ignore[misc]
        for form, write in (("Parquet", _packed_parquet), ("Arrow", _packed_arrow))
    ]


def _packed_parquet(columns: pa.Table) -> bytes:
    return sound.parquet(columns, compression="zstd")


def _packed_arrow(columns: pa.Table) -> bytes:
    return sound.arrow(columns, compression="zstd")


def _pickled(bait: Bait) -> bytes:
    extension = {
        b"ARROW:extension:name": b"arrow.py_extension_type",
        b"ARROW:extension:metadata": pickle.dumps(_Opening(str(bait.file))),
    }
    columns = sound.table()
    field = pa.field("LICENCE", pa.string(), metadata=extension)
    place = columns.column_names.index("LICENCE")
    return sound.arrow(columns.set_column(place, field, columns["LICENCE"]))


def _described(bait: Bait) -> bytes:
    about = {"sdmx.context": bait.file.as_uri(), "sdmx.action": "../../x"}
    return sound.parquet(sound.table().replace_schema_metadata(about))


def _floats(value: float) -> Callable[[], pa.Table]:
    def columns() -> pa.Table:
        held = sound.table()
        place = held.column_names.index("OBS_VALUE")
        return held.set_column(place, "OBS_VALUE", pa.array([value], pa.float64()))

    return columns


def _shared_text(megabytes: int) -> pa.Table:
    long = pa.array(["x" * (1 << 20)])
    places = pa.repeat(pa.scalar(0, pa.int32()), megabytes)
    lists = pa.ListArray.from_arrays(
        pa.array([0, megabytes], pa.int32()), pa.DictionaryArray.from_arrays(places, long)
    )
    return sound.table().append_column("NOTE", lists)


def _one_text(size: int) -> pa.Table:
    return sound.table(DATA_PROVIDER="x" * size)


def _nested() -> pa.Table:
    value: Any = pa.array(["x"])
    for _ in range(30):
        value = pa.ListArray.from_arrays(pa.array([0, 1], pa.int32()), value)
    return sound.table().append_column("NOTE", value)


def _twice() -> pa.Table:
    return sound.table().append_column("SEX", pa.array(["M"]))


DEEP = {
    **{1: (I32, 1), 2: (LIST, listed([element("g", children=1)] * 100_000))},
    **{3: (I64, 0), 4: (LIST, listed([]))},
}
FORGED = [
    _bytes("Parquet: a footer alone", b"PAR1" + b"\xff" * 4 + b"PAR1", "does not end"),
    _bytes("Parquet: cut off", sound.parquet(sound.table())[:-9], "does not end"),
    _bytes("Parquet: encrypted", b"PARE" + b"\0" * 50 + b"PARE", "a binary file"),
    _bytes(
        "Parquet: 2 thousand million rows",
        parquet(page(b"", HUGE), rows=HUGE),
        "observations",
        "TooLarge",
    ),
    _bytes("Parquet: rows that are not there", parquet(PAGE, total_rows=7), "7 rows"),
    _bytes("Parquet: fewer rows than none", parquet(PAGE, total_rows=-1, rows=-1), "-1"),
    _bytes(
        "Parquet: pages of 6 GB",
        parquet(page(texts("x"), 1, unpacked=HUGE) * 3, rows=3),
        "unpacks",
        "TooLarge",
    ),
    _bytes("Parquet: pages outside the file", parquet(PAGE, data_page=-1), "do not stand"),
    _bytes("Parquet: noise for a page", parquet(page(b"\xff" * 50, 1)), "damaged"),
    _bytes("Parquet: 100,000 levels", with_footer(b"", DEEP), "max_depth", "TooLarge"),
    _bytes("Arrow: cut off", sound.arrow(sound.table())[:-200], ""),
    _bytes("Arrow: a message of 2 GB", b"\xff\xff\xff\xff\xff\xff\xff\x7f" + b"\0" * 64, ""),
    _bytes("Arrow: noise", b"\xff\xff\xff\xff\x40\0\0\0" + b"\x5a" * 64, ""),
    _bytes("Arrow: a file cut off", sound.arrow(sound.table(), pa.ipc.new_file)[:-60], ""),
]
FILES = [
    *FORGED,
    *_both("a text of 64 MB in a few bytes", lambda: _one_text(64 << 20), "", "TooLarge"),
    *_both("lists of one long text", lambda: _shared_text(8_000), "", "TooLarge"),
    *_both("infinity", _floats(float("inf")), "OBS_VALUE"),
    *_both("lists in lists", _nested, "which no component has"),
    *_both("a column twice", _twice, "two columns"),
    *_both("a component with a path", lambda: sound.table(**{"../../x": "1"}), "../../x"),
    *_both("a look-alike area", lambda: sound.table(REF_AREA="ЅWE"), "REF_AREA"),
    *_both("a formula", lambda: sound.table(OBS_VALUE="=1+1"), "OBS_VALUE"),
    *_both("a NUL in a code", lambda: sound.table(REF_AREA="SWE\0"), "REF_AREA"),
    *_both(
        "two thousand columns",
        lambda: sound.table(**{f"A{n}": "" for n in range(2_000)}),
        "components",
        "TooLarge",
    ),
    Hostile(name="Arrow: a pickle as a type", make=_pickled, reads=("LICENCE", "CC BY 4.0")),
    Hostile(name="Parquet: data of a file elsewhere", make=_described, told="is not an SDMX URN"),
]
