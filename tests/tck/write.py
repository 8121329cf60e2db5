"""The agency for tests of conformance as files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from hub.formats.message import Header
from hub.formats.structure import ML_21, ML_31, write
from tests.tck import agency

_PREPARED = datetime(2026, 11, 22, tzinfo=UTC)


def write_agency(folder: Path) -> list[Path]:
    """Write structures and figures into a folder; returns the files in the order to load them."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, artefacts, form in (
        ("1-structures-2.1.xml", agency.OF_21, ML_21),
        ("2-structures-3.1.xml", agency.OF_3X, ML_31),
    ):
        header = Header(id=agency.AGENCY, prepared=_PREPARED, sender=agency.AGENCY)
        path = folder / name
        path.write_bytes(write(header, artefacts, form))
        written.append(path)
    for provider in agency.PROVIDERS:
        path = folder / f"figures-{provider}.csv"
        path.write_text(agency.figures(provider), "utf-8")
        written.append(path)
    return written
