"""Bulk forms, read back by pyarrow and DuckDB, whatever the batches they were written from."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.engine import arrow_schema
from hub.errors import NotAcceptable
from hub.formats.bulk import FORMS, BulkForm, write
from hub.formats.bulk.sheet import even_pieces
from hub.formats.bulk.write import BATCH_ROWS, GROUP_ROWS
from hub.formats.message import Action, DataSet, Header
from hub.model import (
    ArtefactClass,
    Attachment,
    Attribute,
    Code,
    Codelist,
    Dataflow,
    DataStructure,
    Dimension,
    ItemReference,
    Measure,
    Reference,
    Representation,
    Schema,
    Structures,
    TextType,
    resolve,
)

HEADER = Header(id="M1", prepared=datetime(2026, 2, 1, 12, tzinfo=UTC), sender="SWE")
CONCEPTS = Reference(ArtefactClass.CONCEPT_SCHEME, "TEST", "CS", "1.0")
AREAS = Codelist(agency="TEST", id="CL_AREA", items=(Code(id="NOR"), Code(id="SWE")))


def _concept(id_: str) -> ItemReference:
    return CONCEPTS.item(id_)


@pytest.fixture(scope="module")
def schema() -> Schema:
    coded = Representation(enumeration=AREAS.reference)
    structure = DataStructure(
        agency="TEST",
        id="DSD",
        dimensions=(
            Dimension(id="REF_AREA", concept=_concept("REF_AREA"), representation=coded),
            Dimension(
                id="TIME_PERIOD",
                concept=_concept("TIME_PERIOD"),
                representation=Representation(text_type=TextType.OBSERVATIONAL_TIME_PERIOD),
                is_time=True,
            ),
        ),
        measures=(
            Measure(
                id="OBS_VALUE",
                concept=_concept("OBS_VALUE"),
                representation=Representation(text_type=TextType.DOUBLE),
            ),
        ),
        attributes=(
            Attribute(
                id="SOURCES",
                concept=_concept("SOURCES"),
                representation=Representation(max_occurs=None),
            ),
            Attribute(
                id="TITLE",
                concept=_concept("TITLE"),
                representation=Representation(is_multilingual=True),
                attachment=Attachment.DIMENSIONS,
                dimensions=("REF_AREA",),
            ),
        ),
    )
    flow = Dataflow(agency="TEST", id="DF", structure=structure.reference)
    return resolve(flow.reference, Structures([AREAS, structure, flow]))


def table(schema: Schema, rows: int) -> pa.Table:
    """Rows with every kind of value, absent ones and missing ones."""
    numbers = pa.arange(0, rows)
    missing = pc.equal(pc.bit_wise_and(numbers, 7), 3)
    titles = [[("en", 'say "é"\n'), ("fr", "")], None, [("de", "x")]]
    columns = {
        "REF_AREA": pc.if_else(pc.equal(pc.bit_wise_and(numbers, 1), 0), "NOR", "SWE"),
        "TIME_PERIOD": pc.cast(pc.add(numbers, 1), pa.string()),
        "OBS_VALUE": pc.if_else(missing, float("nan"), pc.divide(pc.cast(numbers, "float64"), 7)),
        "SOURCES": pa.array([["a", ";"], [], None] * (rows // 3 + 1))[:rows],
        "TITLE": pa.array(titles * (rows // 3 + 1), pa.map_(pa.string(), pa.string()))[:rows],
    }
    return pa.table(columns).cast(arrow_schema(schema))


def data_set(schema: Schema, batches: list[pa.RecordBatch], **more: object) -> DataSet:
    columns = tuple(column.id for column in schema.columns)
    return DataSet(schema=schema, batches=batches, columns=more.pop("columns", columns), **more)


def read_back(form: BulkForm, written: bytes) -> pa.Table:
    if form.is_packed:
        return pq.read_table(io.BytesIO(written))
    return pa.ipc.open_stream(written).read_all()


def comparable(given: pa.Table) -> pa.Table:
    """The same with numbers as text, in which NaN equals itself, and without metadata."""
    numbers = given["OBS_VALUE"].cast(pa.string())
    at = given.column_names.index("OBS_VALUE")
    plain = given.set_column(at, "OBS_VALUE", numbers).replace_schema_metadata()
    return plain.cast(pa.schema([field.remove_metadata() for field in plain.schema]))


def encoded(given: pa.Table) -> pa.Table:
    """The same with text columns as dictionaries, as an index gives them."""
    columns = [
        column.dictionary_encode() if pa.types.is_string(column.type) else column
        for column in given.columns
    ]
    return pa.table(columns, names=given.column_names)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.container)
@pytest.mark.parametrize("rows", [1, BATCH_ROWS, GROUP_ROWS, GROUP_ROWS + 1])
def test_what_is_written_is_read_back(schema, form, rows):
    whole = table(schema, rows)
    written = b"".join(write(HEADER, [data_set(schema, whole.to_batches(5_000))], form))
    assert comparable(read_back(form, written)) == comparable(whole)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.container)
def test_the_bytes_do_not_depend_on_the_batches(schema, form):
    whole = table(schema, 40_000)
    ways = [
        whole.to_batches(),
        whole.to_batches(997),
        encoded(whole).to_batches(16_000),
        [batch for part in (whole[:10], encoded(whole[10:])) for batch in part.to_batches()],
    ]
    assert len({b"".join(write(HEADER, [data_set(schema, w)], form)) for w in ways}) == 1


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.container)
def test_it_says_what_it_is(schema, form):
    batches = table(schema, 3).to_batches()
    columns = ("REF_AREA", "TIME_PERIOD", "OBS_VALUE")
    written = write(HEADER, [data_set(schema, batches, columns=columns, action=Action.MERGE)], form)
    found = read_back(form, b"".join(written)).schema
    assert tuple(found.names) == columns
    assert found.metadata == {
        b"sdmx.id": b"M1",
        b"sdmx.sender": b"SWE",
        b"sdmx.prepared": b"2026-02-01T12:00:00Z",
        b"sdmx.context": b"urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=TEST:DF(1.0.0)",
        b"sdmx.structure": b"urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure="
        b"TEST:DSD(1.0.0)",
        b"sdmx.action": b"Merge",
    }
    area = found.field("REF_AREA").metadata
    assert area[b"sdmx.role"] == b"dimension"
    assert area[b"sdmx.enumeration"].endswith(b"codelist.Codelist=TEST:CL_AREA(1.0.0)")


def test_duckdb_reads_the_parquet(schema, tmp_path):
    whole = table(schema, 1_000)
    file = tmp_path / "data.parquet"
    file.write_bytes(b"".join(write(HEADER, [data_set(schema, whole.to_batches())], FORMS[0])))
    with duckdb.connect() as connection:
        query = "SELECT count(*), count(TITLE), max(len(SOURCES)) FROM read_parquet(?)"
        found = connection.execute(query, [str(file)]).fetchone()
    assert found == (1_000, 1_000 - whole["TITLE"].null_count, 2)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.container)
def test_what_is_held_does_not_grow(schema, form):
    """The first bytes come before the second piece is read; each piece is let go."""
    taken = []

    def batches():
        for number in range(30):
            taken.append(number)
            yield table(schema, 20_000).to_batches()[0]

    chunks = write(HEADER, [data_set(schema, batches())], form)
    sizes = [len(next(chunks)), len(next(chunks))]
    assert len(taken) <= (7 if form.is_packed else 1)
    sizes += [len(chunk) for chunk in chunks]
    assert len(taken) == 30
    assert max(sizes) < sum(sizes) / 3


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.container)
def test_no_observations_are_a_file_without_rows(schema, form):
    written = b"".join(write(HEADER, [data_set(schema, [])], form))
    found = read_back(form, written)
    assert (found.num_rows, found.num_columns) == (0, 5)


def test_several_structures_do_not_fit(schema):
    other = replace(schema, context=replace(schema.context, id="OTHER"))
    with pytest.raises(NotAcceptable, match="one structure"):
        write(HEADER, [data_set(schema, []), data_set(other, [])], FORMS[0])


def test_nor_do_several_actions(schema):
    with pytest.raises(NotAcceptable, match="2 data sets: ask for an SDMX format"):
        write(HEADER, [data_set(schema, []), data_set(schema, [])], FORMS[0])


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.container)
def test_the_time_of_validity_is_in_the_metadata(schema, form):
    at = datetime(2026, 1, 1, 12, tzinfo=UTC)
    data = replace(data_set(schema, []), valid_from=at, valid_to=at)
    metadata = read_back(form, b"".join(write(HEADER, [data], form))).schema.metadata
    assert metadata[b"sdmx.validFrom"] == metadata[b"sdmx.validTo"] == b"2026-01-01T12:00:00Z"


@settings(deadline=None)
@given(st.lists(st.integers(0, 30), max_size=12), st.integers(1, 20))
def test_pieces_are_even(sizes, rows):
    wanted = pa.schema([("a", pa.int64())])
    total = sum(sizes)
    numbers = pa.table({"a": pa.arange(0, total)}).cast(wanted)
    cuts = [sum(sizes[:n]) for n in range(len(sizes))]
    batches = [
        pa.RecordBatch.from_arrays([numbers["a"].combine_chunks()[at : at + size]], schema=wanted)
        for at, size in zip(cuts, sizes, strict=True)
    ]
    pieces = list(even_pieces(batches, wanted, rows))
    assert all(piece.num_rows == rows for piece in pieces[:-1])
    assert all(0 < piece.num_rows <= rows for piece in pieces)
    assert pa.Table.from_batches(pieces, wanted) == numbers
