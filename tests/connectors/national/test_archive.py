"""Workbooks that would fill the memory, or are damaged, are refused before they are opened."""

import zipfile
from pathlib import Path

import openpyxl
import pytest

from connectors.national.archive import check_workbook
from hub.errors import Invalid, TooLarge
from hub.formats.limits import Limits


def book(tmp_path: Path, *cells: str) -> Path:
    path = tmp_path / "book.xlsx"
    made = openpyxl.Workbook()
    for cell in cells:
        made.active[cell] = 1
    made.save(path)
    return path


def test_a_sound_workbook_passes(tmp_path: Path) -> None:
    check_workbook(book(tmp_path, "A1", "ZZ100"), Limits())


def test_two_cells_far_apart_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match="rows of 702 columns"):
        check_workbook(book(tmp_path, "A1", "ZZ1048576"), Limits())
    with pytest.raises(TooLarge, match="16,384 columns"):
        check_workbook(book(tmp_path, "XFD1"), Limits())


def test_a_bomb_is_refused_by_what_it_unpacks_to(tmp_path: Path) -> None:
    path = book(tmp_path, "A1")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b" " * (20 << 20))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(TooLarge, match="unpacks to more than"):
        check_workbook(path, Limits(unpacked_bytes=10 << 20))


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path, "A1")
    content = bytearray(path.read_bytes())
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(Invalid, match="damaged"):
        check_workbook(path, Limits())
    content[60] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(Invalid, match="damaged"):
        check_workbook(path, Limits())
