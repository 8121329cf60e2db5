"""DuckDB sessions, quoting and column types: the one place for SQL over observations."""

from hub.engine.columns import (
    arrow_field,
    arrow_schema,
    duckdb_type,
    repeated,
    storage_type,
)
from hub.engine.compare import differs
from hub.engine.session import session, spilled
from hub.engine.sql import identifier, identifiers, literal, literals

__all__ = [
    "arrow_field",
    "arrow_schema",
    "differs",
    "duckdb_type",
    "identifier",
    "identifiers",
    "literal",
    "literals",
    "repeated",
    "session",
    "spilled",
    "storage_type",
]
