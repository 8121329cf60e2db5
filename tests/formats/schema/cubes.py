"""Random structures with rows of them, and rows as readers should give them back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from hub.engine import arrow_schema
from hub.formats.data import DataForm, with_upper_attributes
from hub.formats.message import DataSet
from hub.model import (
    FLOATS,
    Attachment,
    Attribute,
    Code,
    Codelist,
    Column,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructure,
    Dimension,
    Group,
    Measure,
    Representation,
    Schema,
    Structures,
    TextType,
    resolve,
)

Row = dict[str, Any]
CODES = Codelist(agency="T", id="CL", items=tuple(Code(id=c) for c in ("A", "B2", "_T", "9")))
#: Every character that all the formats can hold; XML 1.0 has no other control characters.
texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\t\n\r\"'<>&,;:\\ "),
    min_size=1,
    max_size=8,
)
words = st.text("abcXYZ019_-é", min_size=1, max_size=5)
VALUES = {
    TextType.STRING: texts,
    TextType.DOUBLE: st.floats(allow_infinity=False) | st.integers(-(10**6), 10**6).map(float),
    TextType.LONG: st.integers(-(2**63), 2**63 - 1),
    TextType.BOOLEAN: st.booleans(),
    TextType.DECIMAL: st.decimals(allow_nan=False, allow_infinity=False, places=3).map(
        lambda number: f"{number:f}"
    ),
}


class Cube:
    """A structure, its schema, and rows of it sorted for `at`, the dimension at observation."""

    def __init__(
        self, structures: Structures, schema: Schema, rows: list[Row], at: str | None
    ) -> None:
        self.structures, self.schema, self.rows, self.at = structures, schema, rows, at

    def __repr__(self) -> str:
        """What matters in a failure: the components and the rows."""
        components = [
            f"{c.id}: {c.text_type if not c.is_coded else 'code'}"
            f"{'[]' if c.is_list else ''} {c.attachment}{list(c.dimensions)}"
            for c in self.schema.columns
        ]
        return f"Cube({components}, at={self.at}, rows={self.rows})"

    def dataset(self, columns: Sequence[str], **fields: Any) -> DataSet:
        table = pa.Table.from_pylist(self.rows, schema=arrow_schema(self.schema)).select(columns)
        dataset = DataSet(
            schema=self.schema,
            batches=table.to_batches(),
            columns=tuple(columns),
            dimension_at_observation=self.at,
            **fields,
        )
        return with_upper_attributes(dataset, table)

    def columns(self, form: DataForm) -> list[str]:
        """The components a form can hold."""
        if not form.is_simple:
            return [column.id for column in self.schema.columns]
        return [
            column.id
            for column in self.schema.columns
            if not column.is_list
            and not column.is_multilingual
            and (column not in self.schema.measures or column.id == "OBS_VALUE")
        ]


def _representation(draw: st.DrawFn, kinds: Sequence[str]) -> Representation:
    kind = draw(st.sampled_from(kinds))
    if kind == "coded":
        return Representation(enumeration=CODES.reference)
    if kind == "codes":
        return Representation(enumeration=CODES.reference, max_occurs=None)
    if kind == "list":
        return Representation(text_type=TextType.STRING, max_occurs=9)
    if kind == "languages":
        return Representation(text_type=TextType.STRING, is_multilingual=True)
    return Representation(text_type=TextType(kind))


def _value(representation: Representation) -> st.SearchStrategy[Any]:
    if representation.enumeration is not None:
        codes = st.sampled_from([code.id for code in CODES.items])
        return st.lists(codes, min_size=1, max_size=3) if representation.is_list else codes
    if representation.is_multilingual:
        return st.dictionaries(st.sampled_from(["en", "fr", "pt-BR"]), texts, min_size=1).map(
            lambda found: list(found.items())
        )
    if representation.is_list:
        return st.lists(texts, min_size=1, max_size=3)
    return VALUES[representation.text_type]


_SCALARS = ["coded", "String", "Double", "Long", "Boolean", "Decimal"]


@st.composite
def structures(draw: st.DrawFn, has_time: bool | None) -> tuple[DataStructure, ConceptScheme]:
    """A data structure with anything in it; `has_time` None leaves that to chance."""
    ids: list[str] = []

    def part(id_: str, representation: Representation) -> dict[str, Any]:
        ids.append(id_)
        return {"id": id_, "concept": CS.reference.item(id_), "representation": representation}

    CS = ConceptScheme(agency="T", id="CS")
    keys = [f"D{number}" for number in range(draw(st.integers(1, 3)))]
    dimensions = [Dimension(**part(k, _representation(draw, ["coded", "String"]))) for k in keys]
    if has_time or (has_time is None and draw(st.booleans())):
        period = Representation(text_type=TextType.OBSERVATIONAL_TIME_PERIOD)
        dimensions.append(Dimension(**part("TIME_PERIOD", period), is_time=True))
    measures = [Measure(**part("OBS_VALUE", _representation(draw, ["Double", "Long", "coded"])))]
    if draw(st.booleans()):
        measures.append(Measure(**part("M2", _representation(draw, _SCALARS))))
    group = Group(id="G", dimensions=tuple(draw(st.sets(st.sampled_from(keys), min_size=1))))
    attributes = []
    for number in range(draw(st.integers(0, 5))):
        kinds = [*_SCALARS, "codes", "list", "languages"]
        attachment = draw(st.sampled_from(list(Attachment)))
        attributes.append(
            Attribute(
                **part(f"A{number}", _representation(draw, kinds)),
                attachment=attachment,
                group="G" if attachment is Attachment.GROUP else None,
                dimensions=tuple(sorted(draw(st.sets(st.sampled_from(keys), min_size=1))))
                if attachment is Attachment.DIMENSIONS
                else (),
            )
        )
    concepts = ConceptScheme(agency="T", id="CS", items=tuple(Concept(id=id_) for id_ in ids))
    structure = DataStructure(
        agency="T",
        id="DSD",
        dimensions=tuple(dimensions),
        measures=tuple(measures),
        attributes=tuple(attributes),
        groups=(group,),
    )
    return structure, concepts


@st.composite
def cubes(draw: st.DrawFn, *, least: int = 1, is_time_series: bool = False) -> Cube:
    """A structure with some rows; what attaches above the observation is the same below it."""
    structure, concepts = draw(structures(True if is_time_series else None))
    flow = Dataflow(agency="T", id="FLOW", structure=structure.reference)
    known = Structures([CODES, concepts, structure, flow])
    schema = resolve(flow.reference, known)
    periods = st.integers(1990, 1999).map(str)
    key = st.tuples(
        *(
            periods if c is schema.time else _value(c.representation) if c.is_coded else words
            for c in schema.dimensions
        )
    )
    names = [dimension.id for dimension in schema.dimensions]
    rows = [
        dict(zip(names, values, strict=True))
        for values in draw(st.sets(key, min_size=least, max_size=6))
    ]
    for column in (*schema.measures, *schema.attributes):
        given = st.none() | _value(column.representation)
        shared: dict[tuple[Any, ...], Any] = {}
        for row in rows:
            on = names if column.attachment is Attachment.OBSERVATION else column.dimensions
            where = tuple(row[name] for name in on)
            if where not in shared:
                shared[where] = draw(given)
            row[column.id] = shared[where]
    at = None if is_time_series else draw(st.sampled_from([None, "AllDimensions", *names]))
    last = at if at in names else "TIME_PERIOD" if "TIME_PERIOD" in names else None
    order = [name for name in names if name != last] + ([last] if last else [])
    rows.sort(key=lambda row: [row[name] for name in order])
    return Cube(known, schema, rows, at)


def as_texts(rows: Sequence[Row], columns: Sequence[str], schema: Schema) -> list[str]:
    """Rows as one text each, sorted; equal numbers are spelt equally."""
    return sorted(
        repr([(name, _text(row.get(name), schema.by_id[name])) for name in columns]) for row in rows
    )


def _text(value: Any, column: Column) -> Any:
    if value is None or isinstance(value, list):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if column.text_type in FLOATS and not column.is_coded:
        return repr(float(value) + 0.0)  # no minus before zero
    return str(value)
