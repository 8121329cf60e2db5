"""The one way in: read a data message of whatever form into columns."""

from __future__ import annotations

from pathlib import Path

from hub.errors import Finding, Invalid, NotFound
from hub.formats.bulk import read_arrow, read_parquet
from hub.formats.csv import read_csv
from hub.formats.json import read_json
from hub.formats.limits import Limits
from hub.formats.message import RawData
from hub.formats.ml import read_ml
from hub.formats.sniff import Kind, sniff
from hub.model import Structures

_READERS = {
    Kind.SDMX_CSV: read_csv,
    Kind.CSV: read_csv,  # it says what is missing to SDMX-CSV
    Kind.XML: read_ml,
    Kind.JSON: read_json,
    Kind.PARQUET: read_parquet,
    Kind.ARROW: read_arrow,
}


def read_data(
    path: Path, structures: Structures | None = None, *, limits: Limits | None = None
) -> RawData:
    """Read data of one structure, whose form is told by its content.

    Forms are SDMX-CSV, SDMX-JSON, SDMX-ML, Parquet and Arrow.

    `structures` are those the node knows; what a reader asks them is said there (`read_csv`,
    `read_json`, `read_ml`, `read_parquet`, `read_arrow`).

    Raises Invalid for what is no data message or is malformed, with every finding and its place;
    TooLarge beyond the limits; NotFound for a file that cannot be read.
    """
    try:
        kind = sniff(path)
    except OSError as error:
        raise NotFound(f"{path.name} cannot be read: {error.strerror}") from None
    reader = _READERS.get(kind)
    if reader is None:
        message = f"this is {kind.title}, not an SDMX data message; {kind.remedy}"
        finding = Finding(rule="data-kind", message=message, file=path.name)
        raise Invalid(f"{path.name}: {message}", [finding])
    return reader(path, structures, limits=limits)
