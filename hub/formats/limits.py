"""Bounds of what readers take from outside; beyond them they refuse with TooLarge.

Each is a setting of the node (docs/settings.md), whose default holds where there is no node.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path

from hub.errors import TooLarge
from hub.settings import Settings


def _of(setting: str) -> int:
    default: int = Settings.model_fields[setting].default
    return field(default=default, metadata={"setting": setting})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of everything a reader takes.

    `bytes` bounds a file, `unpacked_bytes` what a packed one (Parquet, Arrow, XLSX) may become in
    memory. `line_bytes` bounds a line of a text file; `record_bytes` one record: of SDMX-CSV,
    whose fields may hold line ends, an observation of SDMX-JSON, a tag of SDMX-ML. `text_bytes`
    bounds one value. `structure_bytes` bounds what an SDMX-JSON message says beside its data, of
    which the lists of values are nearly all. `depth` bounds elements, objects and arrays in each
    other, `cells` rows times columns: a short message can stand for very many of them.
    `distinct_values` bounds the different values of one component that is not a measure.
    """

    bytes: int = _of("max_submission_bytes")
    unpacked_bytes: int = _of("max_unpacked_bytes")
    line_bytes: int = _of("max_line_bytes")
    record_bytes: int = _of("max_record_bytes")
    text_bytes: int = _of("max_text_bytes")
    structure_bytes: int = _of("max_structure_bytes")
    columns: int = _of("max_columns")
    cells: int = _of("max_cells")
    distinct_values: int = _of("max_distinct_values")
    depth: int = _of("max_depth")
    datasets: int = _of("max_datasets")

    def refuse(self, name: str, where: str, what: str, hint: str = "") -> TooLarge:
        """Make the refusal of what goes beyond the limit of a name.

        `where` is the file, with the line or the place where one is known; `what` was found there,
        as in "a text of 12 bytes"; `hint` what to do but change the setting.
        """
        setting = next(f.metadata["setting"] for f in fields(self) if f.name == name)
        limit: int = getattr(self, name)
        told = f"{where}: {what}, the limit of this node is {limit:,} (the setting {setting})"
        return TooLarge(f"{told}; {hint}" if hint else told)

    def check_size(self, path: Path) -> None:
        """Raise TooLarge for a file that is too large."""
        size = path.stat().st_size
        if size > self.bytes:
            raise self.refuse_size(path.name, f"{size:,} bytes")

    def refuse_size(self, file: str, size: str) -> TooLarge:
        """Make the refusal of a file by its size."""
        return self.refuse("bytes", file, size, "hand it in in parts")


def limits_of(settings: Settings) -> Limits:
    """The limits a node has set."""
    return Limits(**{f.name: getattr(settings, f.metadata["setting"]) for f in fields(Limits)})
