"""Cells of a workbook that show no figure: an error, or a formula nobody has computed.

What reads the workbook takes both for blank. A figure would then be missing without a word.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

from hub.formats.limits import Limits
from hub.formats.xml import expat_parser, parse

#: What stands in a cell whose formula has no value saved with it.
NOT_COMPUTED = "(formula without a value)"
_PIECE = 1 << 20
_SHOWN = 100
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
#: Without one of these a sheet has neither errors nor formulas.
_SIGN = re.compile(rb"""\st\s*=\s*["']e["']|<(?:[\w.-]+:)?f[\s/>]""")


def uncomputed(path: Path, sheet: str, limits: Limits) -> dict[tuple[int, int], str]:
    """What to read in such cells of a sheet, by row and column from 0: `#DIV/0!`, NOT_COMPUTED.

    The workbook was checked (`check_workbook`), which bounds what is unpacked here.
    """
    with zipfile.ZipFile(path) as archive:
        member = _member(archive, sheet, limits)
        if member is None or not _has_sign(archive, member):
            return {}
        cells = _Cells()
        with archive.open(member) as file:
            while piece := file.read(_PIECE):
                cells.parser.Parse(piece)
        return cells.found


def _member(archive: zipfile.ZipFile, sheet: str, limits: Limits) -> str | None:
    """The part of the archive that holds a sheet; None where the archive does not say."""
    names = set(archive.namelist())
    if not {_WORKBOOK, _RELATIONS} <= names:
        return None
    listed = parse(archive.read(_WORKBOOK), limits).iterfind(".//{*}sheet")
    wanted = next((each for each in listed if each.get("name") == sheet), None)
    if wanted is None:
        return None
    ids = {text for name, text in wanted.attrib.items() if str(name).endswith("}id")}
    for relation in parse(archive.read(_RELATIONS), limits).iterfind("{*}Relationship"):
        target = relation.get("Target", "")
        member = str(PurePosixPath("xl") / target).removeprefix("/")
        if relation.get("Id") in ids and member in names:
            return member
    return None


def _has_sign(archive: zipfile.ZipFile, member: str) -> bool:
    carried = b""
    with archive.open(member) as file:
        while piece := file.read(_PIECE):
            if _SIGN.search(carried + piece):
                return True
            carried = piece[-64:]
    return False


class _Cells:
    """Goes through a sheet and notes the cells; an element is known by its name without prefix."""

    def __init__(self) -> None:
        self.found: dict[tuple[int, int], str] = {}
        self.parser = expat_parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self._cell: dict[str, Any] = {}
        self._has_formula = self._in_value = False
        self._value = ""

    def _start(self, name: str, attributes: dict[str, Any]) -> None:
        element = name.rpartition(" ")[2]
        if element == "c":
            self._cell, self._has_formula, self._value = attributes, False, ""
        elif element == "f":
            self._has_formula = True
        self._in_value = element == "v"

    def _text(self, text: str) -> None:
        if self._in_value:
            self._value = (self._value + text)[:_SHOWN]

    def _end(self, name: str) -> None:
        self._in_value = False
        if name.rpartition(" ")[2] != "c":
            return
        place = _PLACE.fullmatch(self._cell.get("r", ""))
        kind = self._cell.get("t", "n")
        said = ""
        if kind == "e":
            said = self._value.strip() or "#N/A"
        elif self._has_formula and kind == "n" and not self._value.strip():
            said = NOT_COMPUTED
        if place is not None and said:
            self.found[int(place[2]) - 1, column_number(place[1]) - 1] = said


def column_number(letters: str) -> int:
    """The number of a column: A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
