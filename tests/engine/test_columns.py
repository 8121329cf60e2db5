"""How columns are typed: the batch, the file and the engine agree."""

from __future__ import annotations

import pyarrow as pa
import pytest

from hub.engine import arrow_schema, duckdb_type, identifier, session, storage_type
from hub.model import (
    EXACT_TEXT,
    FLOATS,
    INTEGERS,
    Codelist,
    Column,
    Representation,
    Role,
    Schema,
    Structures,
    TextType,
    resolve,
)
from tests.store import everything
from tests.store.everything import LIST, STORED, TEXTS


def column(text_type: TextType, role: Role = Role.ATTRIBUTE, **facets: object) -> Column:
    representation = Representation(text_type=text_type, **facets)  # type: ignore[arg-type]
    return Column(id="X", role=role, representation=representation)


@pytest.mark.parametrize("text_type", list(TextType))
def test_every_declared_type_has_a_stored_one(text_type: TextType) -> None:
    expected = pa.string()
    if text_type in INTEGERS:
        expected = pa.int64()
    elif text_type in FLOATS:
        expected = pa.float64()
    elif text_type is TextType.BOOLEAN:
        expected = pa.bool_()
    assert storage_type(column(text_type)) == expected
    assert storage_type(column(text_type, max_occurs=None)) == LIST
    assert storage_type(column(text_type, is_multilingual=True)) == TEXTS
    assert storage_type(column(text_type, Role.DIMENSION)) == pa.string(), "keys are texts"


@pytest.mark.parametrize("text_type", sorted(EXACT_TEXT))
def test_what_no_machine_number_holds_is_kept_as_text(text_type: TextType) -> None:
    assert storage_type(column(text_type)) == pa.string()


def test_a_code_is_a_text_whatever_type_is_declared() -> None:
    coded = Column(
        id="X",
        role=Role.MEASURE,
        representation=Representation(text_type=TextType.INTEGER),
        enumeration=Codelist(agency="T", id="CL"),
    )
    assert storage_type(coded) == pa.string()


def test_the_engine_gives_the_types_of_the_schema() -> None:
    schema: Schema = resolve(everything.FLOW.reference, Structures(everything.ARTEFACTS))
    typed = ", ".join(f"{identifier(c.id)} {duckdb_type(c)}" for c in schema.columns)
    with session() as connection:
        connection.execute(f"CREATE TABLE t ({typed})")
        found = connection.sql("FROM t").to_arrow_table().schema
    assert found.names == arrow_schema(schema).names
    for field in arrow_schema(schema):
        assert field.type == STORED.get(field.name, pa.string())
        assert found.field(field.name).type.equals(field.type), field.name
