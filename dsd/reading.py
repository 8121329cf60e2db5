"""Read the files of the package into entries."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

import msgspec

from dsd.entries import (
    AgencyFile,
    ConceptFile,
    ConstraintFile,
    DataflowEntry,
    MetadataFile,
    Package,
    StructureFile,
)
from dsd.map_entries import MapFile
from hub.errors import Finding, Invalid

#: The folder of the maps from dataflows of other agencies, a file for each publisher.
MAPS = "maps"

T = TypeVar("T")


def read_package(folder: Traversable | None = None) -> Package:
    """Read the files of a folder, by default of this package.

    Raises Invalid with a finding for each file that is missing, is not TOML, or lacks or has a
    key that it should not; rules between the files are `dsd.rules`.
    """
    root = folder or files("dsd")
    findings: list[Finding] = []
    concepts = _read(root / "concepts.toml", ConceptFile, findings)
    structures = {
        file.name.removesuffix(".toml"): _read(file, StructureFile, findings)
        for file in sorted(root.iterdir(), key=lambda file: file.name)
        if file.name.startswith("MIG_") and file.name.endswith(".toml")
    }
    dataflows = _read(root / "dataflows.toml", dict[str, DataflowEntry], findings)
    constraints = _read(root / "constraints.toml", ConstraintFile, findings)
    agencies = _read(root / "agencies.toml", AgencyFile, findings)
    metadata = _read(root / "MSD_MIG.toml", MetadataFile, findings)
    maps = {
        f"{MAPS}/{file.name}": _read(file, MapFile, findings, f"{MAPS}/{file.name}")
        for file in sorted(_files(root / MAPS), key=lambda file: file.name)
        if file.name.endswith(".toml")
    }
    if (
        concepts is None
        or dataflows is None
        or constraints is None
        or agencies is None
        or metadata is None
        or findings
    ):
        raise Invalid(f"{len(findings)} files of the shared structures cannot be read", findings)
    return Package(
        concepts=concepts,
        structures={id_: entry for id_, entry in structures.items() if entry is not None},
        dataflows=dataflows,
        constraints=constraints,
        agencies=agencies,
        metadata=metadata,
        maps={name: entry for name, entry in maps.items() if entry is not None},
    )


def _files(folder: Traversable) -> list[Traversable]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _read(
    source: Traversable, kind: type[T], findings: list[Finding], named: str | None = None
) -> T | None:
    raw: dict[str, Any] = {}
    name = named or source.name
    try:
        raw = tomllib.loads(source.read_text(encoding="utf-8"))
        return msgspec.convert(raw, kind)
    except FileNotFoundError:
        findings.append(Finding(rule="file-missing", message="missing", file=name))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"not TOML in UTF-8: {error}"
        findings.append(Finding(rule="toml", message=message, file=name))
    except msgspec.ValidationError as error:
        fault, place = _fault_and_place(error)
        key = _with_entry(place, raw, kind, error) or None
        findings.append(Finding(rule="entry", message=fault, file=name, column=key))
    return None


def _fault_and_place(error: msgspec.ValidationError) -> tuple[str, str]:
    """Split "Expected `str`, got `int` - at `$.DF_X.version`"."""
    fault, _, place = str(error).partition(" - at ")
    return fault, place.strip("`").removeprefix("$").removeprefix(".")


def _with_entry(
    place: str, raw: dict[str, Any], kind: type[T], error: msgspec.ValidationError
) -> str:
    """Put the id of the entry into a place that has `[...]` for it, by trying each alone."""
    table, unnamed, rest = place.partition("[...]")
    if not unnamed:
        return place
    entries = raw[table] if table else raw
    for id_, entry in entries.items():
        alone = {**raw, table: {id_: entry}} if table else {id_: entry}
        try:
            msgspec.convert(alone, kind)
        except msgspec.ValidationError as again:
            if str(again) == str(error):
                return f"{table}.{id_}{rest}".removeprefix(".")
    return place
