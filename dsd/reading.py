"""Read the files of the package into entries."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

import msgspec

from dsd.entries import (
    AgencyFile,
    ConceptFile,
    ConstraintFile,
    DataflowEntry,
    Package,
    StructureFile,
)
from hub.errors import Finding, Invalid

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
    if concepts and dataflows and constraints and agencies and not findings:
        return Package(
            concepts=concepts,
            structures={id_: entry for id_, entry in structures.items() if entry},
            dataflows=dataflows,
            constraints=constraints,
            agencies=agencies,
        )
    raise Invalid(f"{len(findings)} files of the shared structures cannot be read", findings)


def _read(source: Traversable, kind: type[T], findings: list[Finding]) -> T | None:
    try:
        return msgspec.toml.decode(source.read_bytes(), type=kind)
    except FileNotFoundError:
        findings.append(Finding(rule="file-missing", message="missing", file=source.name))
    except msgspec.ValidationError as error:
        # The message ends in the place: "Expected `str`, got `int` - at `$.DF_X.version`".
        fault, _, place = str(error).partition(" - at ")
        key = place.strip("`").removeprefix("$").removeprefix(".") or None
        findings.append(Finding(rule="entry", message=fault, file=source.name, column=key))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        message = f"not TOML in UTF-8: {error}"
        findings.append(Finding(rule="toml", message=message, file=source.name))
    return None
