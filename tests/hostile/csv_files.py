"""Hostile SDMX-CSV: formulas, quotes, numbers that are none, ids with paths, look-alike letters."""

from __future__ import annotations

import gzip
import io
import zipfile

from tests.hostile.case import Bait, Hostile, plainly
from tests.hostile.sound import FLOW, csv_1, csv_2

SOUND = csv_2()
HEADER, ONLY = SOUND.decode().splitlines()
Make = bytes | str


def _cell(name: str, column: str, value: str, told: str) -> Hostile:
    return Hostile(
        name=name,
        make=lambda _: csv_2(**{column: value}),
        told=told,
        kind="",
        is_sdmx_csv=True,
    )


def _text(name: str, content: Make, told: str | None, kind: str = "Invalid") -> Hostile:
    reads = ("OBS_VALUE", "93722") if told is None else None
    make = plainly(content)
    return Hostile(name=name, make=make, told=told, kind=kind, reads=reads, is_sdmx_csv=True)


def _taken(name: str, column: str, value: str, read: str | None = None) -> Hostile:
    return Hostile(
        name=name,
        make=lambda _: csv_2(**{column: value}),
        reads=(column, value if read is None else read),
        is_sdmx_csv=True,
    )


def _asking(bait: Bait) -> bytes:
    return csv_2(OBS_VALUE=f'=WEBSERVICE("{bait.url}")')


def _including(bait: Bait) -> bytes:
    return csv_2(OBS_VALUE=f"@{bait.file}")


def _zip(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../escaped.csv", content)
    return out.getvalue()


def _other_kind(name: str, content: bytes, told: str) -> Hostile:
    return Hostile(name=name, make=plainly(content), told=told)


NUMBERS = [
    _cell(f"the number {value[:12]}", "OBS_VALUE", value, "OBS_VALUE")
    for value in (
        *("=1+1", "@SUM(1+1)", "-1+1", "=cmd|' /C calc'!A0", "1e400", "-1e400", "INF", "-INF"),
        *("Infinity", "nan", "0x10", "1_000", "１２", "١٢", "1\u00a0000", "1e", "--1", "true"),
        *("9" * 400, "1e99999999999", "1;2", "NULL", "1 OR 1=1"),
    )
]
IDS = [
    _cell(f"{column} {value[:30]!r}", column, value, told)
    for column, value, told in (
        ("REF_AREA", "../../../etc/passwd", "REF_AREA"),
        ("REF_AREA", "SWE/../NOR", "REF_AREA"),
        ("REF_AREA", "C:\\SWE", "REF_AREA"),
        ("REF_AREA", "ЅWE", "REF_AREA"),
        ("REF_AREA", "SWE\u200b", "REF_AREA"),
        ("REF_AREA", "\u202eEWS", "REF_AREA"),
        ("REF_AREA", "swe", "SWE"),
        ("REF_AREA", "SWE' OR '1'='1", "REF_AREA"),
        ("REF_AREA", "SWE%00", "REF_AREA"),
        ("COUNTERPART_AREA", "РОL", "COUNTERPART_AREA"),
        ("COUNTERPART_AREA", "P0L", "COUNTERPART_AREA"),
        ("COUNTERPART_AREA", "x" * 100_000, "COUNTERPART_AREA"),
        ("SEX", "=1", "SEX"),
        ("TIME_PERIOD", "2020-W99", "TIME_PERIOD"),
        ("TIME_PERIOD", "２０２０", "TIME_PERIOD"),
        ("TIME_PERIOD", "99999999999999999999", "TIME_PERIOD"),
        ("TIME_PERIOD", "2020/../2021", "TIME_PERIOD"),
        ("TIME_PERIOD", "2020'; DROP TABLE slices; --", "TIME_PERIOD"),
        ("OBS_STATUS", "{{7*7}}", "OBS_STATUS"),
        ("STRUCTURE_ID", "../../DF_STOCK_BIRTH(1.0.0)", "STRUCTURE_ID"),
        ("STRUCTURE_ID", "ΜIGX:DF_STOCK_BIRTH(1.0.0)", "STRUCTURE_ID"),
        ("STRUCTURE_ID", f"{FLOW}(999999999999999999999.0.0)", "999999"),
        ("STRUCTURE", "datafIow", "STRUCTURE"),
        ("ACTION", "EXEC", "ACTION"),
    )
]
TAKEN = [
    _taken("a formula in a text", "DATA_PROVIDER", '=HYPERLINK("http://127.0.0.1:9")'),
    _taken("markup in a text", "DATA_PROVIDER", "<script>alert(1)</script>"),
    _taken("a quote and SQL in a text", "DATA_PROVIDER", '\'; DROP TABLE slices; -- "x"'),
    _taken("a text that turns the writing around", "DATA_PROVIDER", "\u202egnp.exe"),
]
SHAPES = [
    Hostile(name="a formula that asks the web", make=_asking, told="OBS_VALUE", is_sdmx_csv=True),
    Hostile(
        name="a file in place of a number", make=_including, told="OBS_VALUE", is_sdmx_csv=True
    ),
    _text("a column twice", f"{HEADER},SEX\n{ONLY},M\n", "SEX"),
    _text(
        "a look-alike column", HEADER.replace("OBS_VALUE", "ОBS_VALUE") + f"\n{ONLY}\n", "U+041E"
    ),
    _text("a column with a path", f"{HEADER},../../x\n{ONLY},1\n", None),
    _text("a column with SQL", f'{HEADER},"a"" FROM x; --"\n{ONLY},1\n', None),
    _text("a header of formulas", f"{HEADER},=1+1\n{ONLY},1\n", None),
    _text("a hundred thousand columns", f"{HEADER}{',A' * 100_000}\n", "columns", "TooLarge"),
    _text("a million commas", HEADER + "," * 1_000_000, "max_columns", "TooLarge"),
    _text("a ragged row", f"{HEADER}\n{ONLY},1,2,3\n", "fields"),
    _text("200,000 ragged rows", f"{HEADER}\n" + "a,b\n" * 200_000, "200,000 rows"),
    _text(
        "a quote never closed", f'{HEADER}\n{ONLY}\n"' + f"{ONLY}\n" * 100_000, "line 3", "TooLarge"
    ),
    _text("quotes out of place", f'{HEADER}\n{ONLY[:-1]}"x"y\n', "quote"),
    _text("a NUL in a cell", f"{HEADER}\n{ONLY}\0\n", "a binary file"),
    _text("a NUL in the header", f"{HEADER[:400]}\0\n{ONLY}\n", ""),
    _text("bytes that are not UTF-8", SOUND.replace(b"Sweden", b"Sw\xe9den"), "UTF-8"),
    _text("overlong UTF-8", SOUND.replace(b"Sweden", b"\xc0\xafetc"), "UTF-8"),
    _text("surrogates in UTF-8", SOUND.replace(b"Sweden", b"\xed\xa0\x80"), "UTF-8"),
    _text("a line of 4 MB", f"{HEADER}\n{'x' * (4 << 20)}\n", "max_line_bytes", "TooLarge"),
    _text("a field of 8 MB of lines", f'{HEADER}\n"' + "x\n" * (4 << 20) + '"\n', "", "TooLarge"),
    _text("a key twice", f"{HEADER}\n{ONLY}\n{ONLY}\n", "line 2"),
    _text("two structures", f"{HEADER}\n{ONLY}\n{ONLY.replace('STOCK', 'STOCX')}\n", "STOCX"),
    _text("another separator", SOUND.replace(b",", b";"), "separated"),
    Hostile(name="a header only", make=plainly(HEADER + "\n"), told="no observation"),
    _text(
        "20,000 wrong codes",
        f"{HEADER}\n" + "".join(ONLY.replace("POL", f"X{n}") + "\n" for n in range(20_000)),
        "COUNTERPART_AREA",
    ),
    _text("columns within columns", f"{HEADER},A[].B[].C\n{ONLY},1\n", "A[].B[].C"),
]
OLDER = [
    Hostile(
        name=f"SDMX-CSV 1.0: {column} {value[:20]!r}",
        make=lambda _, c=column, v=value: csv_1(**{c: v}),  # type: ignore[misc]
        told=told,
        is_sdmx_csv=True,
    )
    for column, value, told in (
        ("DATAFLOW", "../../DF_STOCK_BIRTH(1.0.0)", "DATAFLOW"),
        ("DATAFLOW", "MIGX:DF_STОCK_BIRTH(1.0.0)", "DATAFLOW"),
        ("OBS_VALUE", "=1+1", "OBS_VALUE"),
        ("OBS_VALUE", "1e400", "OBS_VALUE"),
    )
]
KINDS = [
    _other_kind("UTF-16", SOUND.decode().encode("utf-16"), "UTF-16"),
    _other_kind("UTF-32", SOUND.decode().encode("utf-32"), "UTF-16"),
    _other_kind("an empty file", b"", "an empty file"),
    _other_kind("nothing but NUL", b"\0" * (1 << 20), "a binary file"),
    _other_kind("a gzip bomb", gzip.compress(gzip.compress(b"\0" * (64 << 20))), "gunzip"),
    _other_kind("a ZIP with a path", _zip(SOUND), "a ZIP archive"),
    _other_kind("a program", b"\x7fELF\x02\x01\x01\0" + b"\0" * 100, "a binary file"),
    _other_kind("PDF", b"%PDF-1.7\n/JS (app.launchURL)", "a binary file"),
    _other_kind("a page with a script", b"<!doctype html><script>x</script>", "an HTML page"),
    _other_kind("a pickle", b"\x80\x04\x8c\x05posix\x94\x8c\x06system\x94\x93\x94.", "not UTF-8"),
]
FILES = [*NUMBERS, *IDS, *TAKEN, *SHAPES, *OLDER, *KINDS]
