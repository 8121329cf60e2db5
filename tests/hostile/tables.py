"""Hostile national tables, in workbooks and text, and hostile mapping files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from tests.hostile.case import Bait, Hostile, plainly
from tests.hostile.ml_files import DECLARATIONS
from tests.hostile.sound import MAPPING, TABLE, workbook

SHEET = "xl/worksheets/sheet1.xml"
Parts = dict[str, bytes]
Change = Callable[[Parts, Bait], object]


def _changed(change: Change) -> Callable[[Bait], bytes]:
    """A workbook whose parts are changed."""

    def make(bait: Bait) -> bytes:
        with zipfile.ZipFile(io.BytesIO(workbook())) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        change(parts, bait)
        return _zipped(parts)

    return make


def _zipped(parts: Parts) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _replace(part: str, old: str, new: Callable[[Bait], str]) -> Change:
    def change(parts: Parts, bait: Bait) -> None:
        assert old.encode() in parts[part], parts[part][:2000]
        parts[part] = parts[part].replace(old.encode(), new(bait).encode(), 1)

    return change


def _linked(parts: Parts, bait: Bait) -> None:
    parts["xl/externalLinks/externalLink1.xml"] = (
        b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        b'<externalBook r:id="rId1"/></externalLink>'
    )
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="x" Target="{bait.url}" TargetMode="External"/>'
        f'<Relationship Id="rId2" Type="x" Target="{bait.file.as_uri()}" TargetMode="External"/>'
        "</Relationships>"
    ).encode()


def _with_macros(parts: Parts, _bait: Bait) -> None:
    parts["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0Auto_Open Shell calc"


def _cell(value: str, kind: str = "") -> Callable[[Bait], str]:
    return lambda _: f'<c r="C2"{kind}>{value}</c>'


def _book(name: str, change: Change, told: str, kind: str = "Invalid") -> Hostile:
    return Hostile(
        name=f"workbook: {name}", make=_changed(change), told=told, kind=kind, mapping=MAPPING
    )


def _harmless(name: str, change: Change, value: str = "93722") -> Hostile:
    return Hostile(
        name=f"workbook: {name}", make=_changed(change), reads=("OBS_VALUE", value), mapping=MAPPING
    )


def _put(name: str, content: Callable[[], bytes]) -> Change:
    return lambda parts, _bait: parts.update({name: content()})


PEOPLE = '<c r="C2" t="n"><v>93722</v></c>'
COUNTRY = "<sheetData>"
BOOKS = [
    *(
        _book(
            f"{part} with {name}",
            lambda parts, bait, d=make, p=part: parts.update(  # type: ignore[misc]
                {p: (d(bait) + parts[p].decode().partition("?>")[2]).encode()}
            ),
            "",
        )
        for part in (SHEET, "xl/workbook.xml")
        for name, make in list(DECLARATIONS.items())[:5]
    ),
    _harmless("links to other files", _linked),
    _harmless("macros", _with_macros),
    _harmless("a part with a path", _put("../../escaped.txt", lambda: b"x")),
    _harmless(
        "a formula with a value",
        _replace(
            SHEET, PEOPLE, lambda b: f'<c r="C2"><f>WEBSERVICE("{b.url}")</f><v>93722</v></c>'
        ),
    ),
    _book(
        "a formula without a value", _replace(SHEET, PEOPLE, _cell("<f>1+1</f>")), "formula without"
    ),
    _book("DDE", _replace(SHEET, PEOPLE, _cell("<f>cmd|' /C calc'!A0</f>")), "without a value"),
    _book("an error", _replace(SHEET, PEOPLE, _cell("<v>#REF!</v>", ' t="e"')), "#REF!"),
    _book("1e400", _replace(SHEET, PEOPLE, _cell("<v>1e400</v>")), ""),
    _book("NaN", _replace(SHEET, PEOPLE, _cell("<v>NaN</v>")), ""),
    _book(
        "a shared text that is not there",
        _replace(SHEET, PEOPLE, _cell("<v>999999999</v>", ' t="s"')),
        "",
    ),
    _book(
        "a cell far away",
        _replace(SHEET, PEOPLE, lambda _: '<c r="XFD1048576"><v>1</v></c>'),
        "columns",
        "TooLarge",
    ),
    _book(
        "a cell far below",
        _replace(
            SHEET, PEOPLE, lambda _: PEOPLE + '</row><row r="9999999"><c r="D9999999"><v>1</v></c>'
        ),
        "cells",
        "TooLarge",
    ),
    _book(
        "a row far below without a place",
        _replace(SHEET, PEOPLE, lambda _: PEOPLE + '</row><row r="4294967295"><c><v>1</v></c>'),
        "4,294,967,295 rows",
        "TooLarge",
    ),
    _harmless(
        "a range that is too large",
        _replace(SHEET, COUNTRY, lambda _: '<dimension ref="A1:XFD1048576"/><sheetData>'),
    ),
    _book(
        "a part of 200 MB",
        _put("xl/media/a.bin", lambda: b"\0" * (200 << 20)),
        "100 times",
        "TooLarge",
    ),
    _book(
        "shared texts of 64 MB",
        _put(
            "xl/sharedStrings.xml", lambda: b"<sst><si><t>" + b"x" * (64 << 20) + b"</t></si></sst>"
        ),
        "100 times",
        "TooLarge",
    ),
    _book("elements in elements", _replace(SHEET, PEOPLE, lambda _: "<c>" * 1_000_000), ""),
    _book("a sheet cut off", lambda parts, _: parts.update({SHEET: parts[SHEET][:-60]}), ""),
    _book("a sheet that is missing", lambda parts, _: parts.pop(SHEET), ""),
    _book(
        "a sheet of a path",
        _replace(
            "xl/_rels/workbook.xml.rels",
            "/xl/worksheets/sheet1.xml",
            lambda b: f"../../../..{b.file}",
        ),
        "",
    ),
]
RAW = [
    Hostile(
        name="workbook: damaged",
        make=lambda _: workbook()[:2000] + b"\xff" * 99 + workbook()[2099:],
        told="",
        mapping=MAPPING,
    ),
    Hostile(name="workbook: cut off", make=lambda _: workbook()[:-30], told="", mapping=MAPPING),
    Hostile(
        name="workbook: encrypted",
        make=plainly(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500),
        told="XLS",
        mapping=MAPPING,
    ),
    Hostile(
        name="workbook: a look-alike country",
        make=lambda _: workbook(TABLE[0], ("РOL", 2020, 1, "x")),
        told="Р",
        mapping=MAPPING,
    ),
    Hostile(
        name="workbook: a formula as text",
        make=lambda _: workbook(TABLE[0], ("POL", 2020, "'=1+1", "x")),
        told="OBS_VALUE",
        mapping=MAPPING,
    ),
]


def _text(
    name: str, content: str | bytes, told: str, kind: str = "Invalid", mapping: str = MAPPING
) -> Hostile:
    return Hostile(
        name=f"table: {name}", make=plainly(content), told=told, kind=kind, mapping=mapping
    )


HEAD = ",".join(map(str, TABLE[0])) + "\n"
LINE = ",".join(map(str, TABLE[1])) + "\n"
TEXTS = [
    *(
        _text(f"the number {value}", HEAD + LINE.replace("93722", value), "OBS_VALUE")
        for value in ("=1+1", "1e400", "-inf", "0x1F", "１２")
    ),
    _text("a quote never closed", HEAD + '"' + LINE * 100_000, "", "TooLarge"),
    _text("a column twice", HEAD.strip() + ",Year\n" + LINE.strip() + ",2021\n", "Year"),
    _text("a NUL", HEAD + LINE.replace("POL", "P\0OL"), ""),
    _text("not UTF-8", (HEAD + LINE).encode().replace(b"POL", b"P\xffL"), "UTF-8"),
    _text("a country with a path", HEAD + LINE.replace("POL", "../../POL"), "../../POL"),
    _text("a line of 4 MB", HEAD + "x" * (4 << 20), "max_line_bytes", "TooLarge"),
    _text(
        "columns without end",
        HEAD.strip() + ",x" * 100_000 + "\n" + LINE,
        "max_columns",
        "TooLarge",
    ),
    Hostile(
        name="table: NaN, which means missing",
        make=plainly(HEAD + LINE.replace("93722", "NaN")),
        reads=("DATA_PROVIDER", "Statistics Sweden"),
        mapping=MAPPING,
    ),
    _text("a mapping of another form", HEAD + LINE, "TOML", "", MAPPING + "[[[["),
    _text(
        "a mapping deep as a well",
        HEAD + LINE,
        "",
        "",
        f"{MAPPING}\n[notes]\nx = {'[' * 5000}{']' * 5000}",
    ),
    _text(
        "a mapping with a formula",
        HEAD + LINE,
        "there is no column",
        "",
        MAPPING.replace("Country", "=1+1"),
    ),
    _text(
        "a mapping of a component with a path",
        HEAD + LINE,
        "../../x",
        "",
        MAPPING.replace("OBS_VALUE =", '"../../x" ='),
    ),
    _text("a mapping with a NUL", HEAD + LINE, "TOML", "", MAPPING.replace("Year", "Ye\0ar")),
    _text(
        "a mapping of a sheet with a path",
        HEAD + LINE,
        "",
        "",
        MAPPING.replace("header = 1", "header = 999999999"),
    ),
]
FILES: list[Hostile] = [*BOOKS, *RAW, *TEXTS]
