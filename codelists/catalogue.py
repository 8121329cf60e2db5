"""What lists and maps there are: the files `lists/lists.toml` and `maps/maps.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from codelists.table import AREA_COLUMNS, LIST_COLUMNS, SPELLING_COLUMNS, Table, read_table
from hub.errors import Finding, Invalid
from hub.model import InternationalString

#: The list of areas; it alone has the columns of `AREA_COLUMNS`, and all maps are about it.
AREA_LIST = "CL_AREA_MIG"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEntry:
    """What is said of a list as a whole; `source` says where its codes and names come from."""

    id: str
    agency: str
    version: str
    name: InternationalString
    description: InternationalString
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MapEntry:
    """What is said of a map of the list of areas.

    A map with `column` goes from our codes to the foreign codes in that column of the list; one
    with `file` goes from the spellings in that file to our codes.
    """

    key: str
    id: str
    name: InternationalString
    source: str
    is_one_to_one: bool
    column: str | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The lists by their id, the maps by their key, and the sources spellings may name."""

    root: Traversable
    lists: Mapping[str, ListEntry]
    maps: Mapping[str, MapEntry]
    sources: Mapping[str, str]

    def list_table(self, list_id: str) -> Table:
        """Read the file of a list."""
        columns = AREA_COLUMNS if list_id == AREA_LIST else LIST_COLUMNS
        return read_table(self.root / "lists" / f"{list_id}.csv", columns)

    def spelling_table(self, file: str) -> Table:
        """Read a file of spellings."""
        return read_table(self.root / "maps" / file, SPELLING_COLUMNS)


def open_catalogue(root: Traversable | None = None) -> Catalogue:
    """Read the catalogue of a folder, by default of this package; raises Invalid if faulty."""
    return _bundled() if root is None else _open(root)


@cache
def _bundled() -> Catalogue:
    return _open(files("codelists"))


def _open(folder: Traversable) -> Catalogue:
    findings: list[Finding] = []
    lists = _read_toml(folder / "lists" / "lists.toml", findings)
    maps = _read_toml(folder / "maps" / "maps.toml", findings)
    sources = maps.pop("sources", {})
    list_entries = {id_: _list_entry(id_, entry, findings) for id_, entry in lists.items()}
    map_entries = {key: _map_entry(key, entry, findings) for key, entry in maps.items()}
    if findings:
        raise Invalid("the catalogue of code lists is faulty", findings)
    return Catalogue(root=folder, lists=list_entries, maps=map_entries, sources=sources)


def _read_toml(source: Traversable, findings: list[Finding]) -> dict[str, Any]:
    try:
        return tomllib.loads(source.read_text(encoding="utf-8"))
    except FileNotFoundError:
        findings.append(_fault("file-missing", "the file is missing", source.name))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        findings.append(_fault("toml", f"not TOML in UTF-8: {error}", source.name))
    return {}


def _list_entry(id_: str, entry: dict[str, Any], findings: list[Finding]) -> ListEntry:
    _require("lists.toml", id_, entry, ("agency", "version", "name", "source"), findings)
    return ListEntry(
        id=id_,
        agency=entry.get("agency", ""),
        version=entry.get("version", ""),
        name=InternationalString.of(entry.get("name")),
        description=InternationalString.of(entry.get("description")),
        source=entry.get("source", ""),
    )


def _map_entry(key: str, entry: dict[str, Any], findings: list[Finding]) -> MapEntry:
    _require("maps.toml", key, entry, ("id", "name", "source", "one_to_one"), findings)
    if ("column" in entry) == ("file" in entry):
        findings.append(_fault("entry", f"{key}: give either column or file", "maps.toml"))
    if entry.get("column", AREA_COLUMNS[-1]) not in AREA_COLUMNS:
        message = f"{key}: column must be one of {', '.join(AREA_COLUMNS)}"
        findings.append(_fault("entry", message, "maps.toml"))
    return MapEntry(
        key=key,
        id=entry.get("id", ""),
        name=InternationalString.of(entry.get("name")),
        source=entry.get("source", ""),
        is_one_to_one=entry.get("one_to_one", False),
        column=entry.get("column"),
        file=entry.get("file"),
    )


def _require(
    file: str, key: str, entry: dict[str, Any], needed: tuple[str, ...], findings: list[Finding]
) -> None:
    findings.extend(
        _fault("entry", f"{key} says no {name}; add the line `{name} = …`", file)
        for name in needed
        if entry.get(name) in (None, "", {})
    )
    if "name" in entry and not dict(InternationalString.of(entry["name"]).texts).get("en"):
        findings.append(_fault("entry", f"{key} has no English name; add `en` to name", file))


def _fault(rule: str, message: str, file: str) -> Finding:
    return Finding(rule=rule, message=message, file=file)
