"""Random structures with rows of them, and rows as readers should give them back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from codelists import load_codelist
from hub.engine import arrow_schema
from hub.formats.bulk import BulkForm
from hub.formats.data import DataForm, Family, with_upper_attributes
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
    InternationalString,
    Measure,
    Representation,
    Role,
    Schema,
    Structures,
    TextType,
    resolve,
)
from tests.formats.awkward import NOT_CSV, NOT_XML, PERIODS, TRAPS, texts, values

Row = dict[str, Any]
Form = DataForm | BulkForm

_NAMES = ("plain", *(trap for trap in TRAPS if not set(trap) & set(NOT_XML)))


def _codes(id_: str, *codes: str) -> Codelist:
    """A list whose names are awkward, in one language, two or none."""
    names = [
        InternationalString.of(
            {"en": _NAMES[n % len(_NAMES)], "fr": _NAMES[-1 - n]} if n % 3 else {}
        )
        for n in range(len(codes))
    ]
    items = tuple(Code(id=code, name=name) for code, name in zip(codes, names, strict=True))
    return Codelist(agency="T", id=id_, items=items)


CODES = _codes("CL", "A", "B2", "_T", "9", "a-b", "X@1", "$")
#: Every status an observation may have.
STATUSES = _codes("CL_OBS_STATUS", *(code.id for code in load_codelist("CL_OBS_STATUS").items))
_LISTS = (CODES, STATUSES)
_CODED = {codelist.id: [code.id for code in codelist.items] for codelist in _LISTS}


class Cube:
    """A structure, its schema, and rows of it sorted for `at`, the dimension at observation.

    `columns` are the components to write: the dimensions, and any of the others.
    """

    def __init__(
        self,
        structures: Structures,
        schema: Schema,
        rows: list[Row],
        at: str | None,
        columns: Sequence[str],
    ) -> None:
        self.structures, self.schema, self.rows, self.at = structures, schema, rows, at
        self.columns = tuple(columns)

    def __repr__(self) -> str:
        """What matters in a failure: the components and the rows."""
        components = [
            f"{c.id}: {c.text_type if not c.is_coded else 'code'}"
            f"{'[]' if c.is_list else ''} {c.attachment}{list(c.dimensions)}"
            for c in self.schema.columns
        ]
        return f"Cube({components}, at={self.at}, columns={self.columns}, rows={self.rows})"

    def part(self, rows: list[Row]) -> Cube:
        """Some of its rows."""
        return Cube(self.structures, self.schema, rows, self.at, self.columns)

    def dataset(self, columns: Sequence[str] = (), **fields: Any) -> DataSet:
        """The rows as a data set, what attaches to it and to groups in its place."""
        columns = tuple(columns) or self.columns
        table = pa.Table.from_pylist(self.rows, schema=arrow_schema(self.schema)).select(columns)
        dataset = DataSet(
            schema=self.schema,
            batches=table.to_batches(),
            columns=columns,
            dimension_at_observation=self.at,
            **fields,
        )
        return with_upper_attributes(dataset, table)


def fits(column: Column, form: Form) -> bool:
    """Whether a form has a place for a component."""
    if isinstance(form, BulkForm) or not form.is_simple:
        return True
    is_other_measure = column.role is Role.MEASURE and column.id != "OBS_VALUE"
    return not (column.is_list or column.is_multilingual or is_other_measure)


def without(form: Form) -> str:
    """The characters a form has no way to hold."""
    if isinstance(form, BulkForm) or form.family is Family.JSON:
        return ""
    return NOT_CSV if form.family is Family.CSV else NOT_XML


def _is_json_1(form: Form) -> bool:
    """SDMX-JSON 1.0 has no place but an id for the value of a dimension."""
    return isinstance(form, DataForm) and form.family is Family.JSON and form.is_simple


def _representation(draw: st.DrawFn, kinds: Sequence[str]) -> Representation:
    kind = draw(st.sampled_from(kinds))
    codelist = draw(st.sampled_from(_LISTS)).reference
    return {
        "coded": Representation(enumeration=codelist),
        "codes": Representation(enumeration=codelist, max_occurs=None),
        "list": Representation(text_type=TextType.STRING, max_occurs=9),
        "languages": Representation(text_type=TextType.STRING, is_multilingual=True),
    }.get(kind) or Representation(text_type=TextType(kind))


def _value(representation: Representation, form: Form) -> st.SearchStrategy[Any]:
    one: st.SearchStrategy[Any] = values(representation.text_type, without(form))
    if representation.enumeration is not None:
        one = st.sampled_from(_CODED[representation.enumeration.id])
    if representation.is_multilingual:
        tags = st.sampled_from(["en", "fr", "pt-BR"])
        return st.dictionaries(tags, one, min_size=1).map(lambda found: list(found.items()))
    return st.lists(one, min_size=1, max_size=3) if representation.is_list else one


def _dimension_value(column: Column, form: Form) -> st.SearchStrategy[str]:
    if column.role is Role.TIME:
        return st.sampled_from(PERIODS[:2] if _is_json_1(form) else PERIODS)
    if column.is_coded:
        return st.sampled_from(_CODED[column.enumeration.reference.id])
    words = st.text("abcXYZ019_-", min_size=1, max_size=5)
    return words if _is_json_1(form) else words | texts(without(form))


#: Strings and codes often, every other type now and then.
_SINGLE = (*("coded", "String") * 6, *(kind.value for kind in TextType))
_ANY = (*_SINGLE, *("codes", "list", "languages") * 8)


@st.composite
def structures(draw: st.DrawFn, has_time: bool | None) -> tuple[DataStructure, ConceptScheme]:
    """A data structure with anything in it; `has_time` None leaves that to chance."""
    concepts: list[Concept] = []
    scheme = ConceptScheme(agency="T", id="CS")

    def part(id_: str, representation: Representation) -> dict[str, Any]:
        name = draw(st.sampled_from(_NAMES))
        concepts.append(Concept(id=id_, name=InternationalString.of({"en": name})))
        concept = scheme.reference.item(id_)
        return {"id": id_, "concept": concept, "representation": representation}

    keys = [f"D{number}" for number in range(draw(st.integers(1, 4)))]
    dimensions = [Dimension(**part(k, _representation(draw, ["coded", "String"]))) for k in keys]
    if has_time or (has_time is None and draw(st.booleans())):
        period = Representation(text_type=TextType.OBSERVATIONAL_TIME_PERIOD)
        dimensions.append(Dimension(**part("TIME_PERIOD", period), is_time=True))
    measured = ["OBS_VALUE", "M1", "M2"][: draw(st.integers(1, 3))]
    measures = [Measure(**part(m, _representation(draw, ["Double", *_ANY]))) for m in measured]
    some = st.sets(st.sampled_from(keys), min_size=1).map(lambda found: tuple(sorted(found)))
    groups = tuple(Group(id=f"G{n}", dimensions=draw(some)) for n in range(2))
    attributes = [Attribute(**part("OBS_STATUS", Representation(enumeration=STATUSES.reference)))]
    for number in range(draw(st.integers(0, 5))):
        attachment = draw(st.sampled_from(list(Attachment)))
        is_group, is_key = attachment is Attachment.GROUP, attachment is Attachment.DIMENSIONS
        attribute = Attribute(
            **part(f"A{number}", _representation(draw, _ANY)),
            attachment=attachment,
            group=draw(st.sampled_from(groups)).id if is_group else None,
            dimensions=draw(some) if is_key else (),
        )
        attributes.append(attribute)
    structure = DataStructure(
        agency="T",
        id="DSD",
        dimensions=tuple(dimensions),
        measures=tuple(measures),
        attributes=tuple(attributes),
        groups=groups,
    )
    return structure, ConceptScheme(agency="T", id="CS", items=tuple(concepts))


@st.composite
def cubes(draw: st.DrawFn, form: Form, *, least: int = 1) -> Cube:
    """A structure with some rows that a form can hold.

    What attaches above the observation is the same for all observations below it.
    """
    is_time_series = isinstance(form, DataForm) and form.is_time_series
    structure, concepts = draw(structures(True if is_time_series else None))
    flow = Dataflow(agency="T", id="FLOW", structure=structure.reference)
    known = Structures([*_LISTS, concepts, structure, flow])
    schema = resolve(flow.reference, known)
    key = st.tuples(*(_dimension_value(column, form) for column in schema.dimensions))
    names = [dimension.id for dimension in schema.dimensions]
    rows = [
        dict(zip(names, found, strict=True))
        for found in draw(st.sets(key, min_size=least, max_size=6))
    ]
    others = [column for column in (*schema.measures, *schema.attributes) if fits(column, form)]
    for column in others:
        _fill(draw, rows, column, names, form)
    at = None if is_time_series else draw(st.sampled_from([None, "AllDimensions", *names]))
    last = at if at in names else "TIME_PERIOD" if "TIME_PERIOD" in names else None
    order = [name for name in names if name != last] + ([last] if last else [])
    rows.sort(key=lambda row: [row[name] for name in order])
    written = [column.id for column in others if draw(st.integers(0, 5))]
    return Cube(known, schema, rows, at, [*names, *written])


def _fill(
    draw: st.DrawFn, rows: list[Row], column: Column, names: Sequence[str], form: Form
) -> None:
    given = st.none() | _value(column.representation, form)
    shared: dict[tuple[Any, ...], Any] = {}
    for row in rows:
        on = names if column.attachment is Attachment.OBSERVATION else column.dimensions
        where = tuple(row[name] for name in on)
        if where not in shared:
            shared[where] = draw(given)
        row[column.id] = shared[where]


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
