"""Where the parts of an index are, and under which name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import duckdb

from hub.engine import duckdb_type
from hub.model import Release, Schema

#: Changes when the parts of an index or what they hold change.
_LAYOUT = 2
#: The table of observations in the database.
TABLE = "obs"
#: Columns of the directory beside the key: how many observations, which set of periods.
COUNT, PERIODS = "_observations", "_periods"


@dataclass(frozen=True, slots=True)
class IndexFiles:
    """The files of one index."""

    folder: Path

    @property
    def database(self) -> Path:
        """All observations, for DuckDB."""
        return self.folder / "obs.duckdb"

    @property
    def rows(self) -> Path:
        """All observations in key order, as an Arrow file."""
        return self.folder / "rows.arrow"

    @property
    def series(self) -> Path:
        """The series in key order, as an Arrow file."""
        return self.folder / "series.arrow"

    @property
    def upper(self) -> Path:
        """The values above the series, as an Arrow file; absent where they are too many."""
        return self.folder / "upper.arrow"

    @property
    def fixed(self) -> Path:
        """The columns that do not vary, as JSON."""
        return self.folder / "fixed.json"


def index_name(release: Release, schema: Schema) -> str:
    """The name of the folder of an index; what is before its last hyphen is common to a flow."""
    columns = [(column.id, duckdb_type(column)) for column in schema.columns]
    made_of = repr((release.id, duckdb.__version__, _LAYOUT, columns))
    digest = hashlib.sha256(made_of.encode()).hexdigest()[:32]
    return f"{release.flow.agency}-{release.flow.id}-{digest}"
