"""Writing bulk forms: pieces of fixed size into a pipe that is emptied after each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from hub.errors import Internal, NotAcceptable
from hub.formats.bulk.form import BulkForm, Container
from hub.formats.bulk.sheet import even_pieces, sheet_schema
from hub.formats.message import DataSet, Header

#: Rows of an Arrow record batch: small enough for a first byte soon, large enough to be cheap.
BATCH_ROWS = 16_384
#: Rows of a Parquet row group: DuckDB's own.
GROUP_ROWS = 122_880


def write(header: Header, datasets: Sequence[DataSet], form: BulkForm) -> Iterator[bytes]:
    """Write a data set in a bulk form, in chunks of bytes; batches are read as chunks are taken.

    Given equal arguments the bytes are equal, however the observations are cut into batches. What
    is held is one piece of `BATCH_ROWS` or `GROUP_ROWS` rows.

    Before the first chunk: raises NotAcceptable for several data sets, whose columns or actions
    differ.
    """
    if not datasets:
        raise Internal("a bulk file needs a data set, if only one without observations")
    if len(datasets) > 1:
        raise NotAcceptable(_several(datasets, form))
    (data,) = datasets
    schema = sheet_schema(header, data)
    if form.container is Container.ARROW:
        return _write_arrow(even_pieces(data.batches, schema, BATCH_ROWS, data.fixed), schema)
    return _write_parquet(even_pieces(data.batches, schema, GROUP_ROWS, data.fixed), schema)


def _several(datasets: Sequence[DataSet], form: BulkForm) -> str:
    """Why several data sets do not go into one file."""
    contexts = list(dict.fromkeys(str(dataset.schema.context) for dataset in datasets))
    if len(contexts) == 1:
        return (
            f"{form.media_type} has one action and one time of validity, this answer has "
            f"{len(datasets)} data sets: ask for an SDMX format"
        )
    return (
        f"{form.media_type} holds the columns of one structure, not of {len(contexts)} "
        f"({', '.join(contexts)}): ask for one of them, or for an SDMX format"
    )


class _Pipe:
    """A file that is written to and emptied."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._written = 0

    def write(self, data: bytes) -> int:
        piece = bytes(data)
        self._pieces.append(piece)
        self._written += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._written

    def flush(self) -> None:
        """Nothing to do: what is written is there."""

    def close(self) -> None:
        """Nothing to do: what is left may still be taken."""

    def take(self) -> bytes:
        """What was written since the last time."""
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def _write_arrow(pieces: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[bytes]:
    pipe = _Pipe()
    with pa.ipc.new_stream(pa.PythonFile(pipe, "w"), schema) as writer:
        yield pipe.take()
        for piece in pieces:
            writer.write_batch(piece)
            yield pipe.take()
    yield pipe.take()


def _write_parquet(pieces: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[bytes]:
    pipe = _Pipe()
    options = {"compression": "zstd", "write_page_checksum": True}
    with pq.ParquetWriter(pa.PythonFile(pipe, "w"), schema, **options) as writer:
        yield pipe.take()
        for piece in pieces:
            writer.write_batch(piece, row_group_size=GROUP_ROWS)
            yield pipe.take()
    yield pipe.take()
