"""A structure with something of everything, and rows of it with awkward values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from hub.engine import arrow_schema
from hub.formats.data import FORMS, DataForm, with_upper_attributes, write
from hub.formats.message import DataSet, Header
from hub.model import (
    Attachment,
    Attribute,
    Code,
    Codelist,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructure,
    Dimension,
    Group,
    InternationalString,
    ItemReference,
    Measure,
    Reference,
    Representation,
    Schema,
    Structures,
    TextType,
    resolve,
)

Row = dict[str, Any]

AWKWARD = (
    "plain",
    'say "so"',
    "a,b;c:d",
    "line\nend\r\nand\ttab",
    "]]> & <tag> 'x'",
    "émigrés 🧳 日本",
    "=1+1",
    " spaces ",
    "back\\slash",
    "bell\x07nul\x00",
)


def _codelist(id_: str, *codes: str) -> Codelist:
    items = tuple(
        Code(id=c, name=InternationalString.of({"en": f"{c} in English", "fr": f"{c}, français"}))
        for c in codes
    )
    return Codelist(agency="TEST", id=id_, items=items)


FREQ, AREA, STATUS, REASON = (
    _codelist("CL_FREQ", "A", "M"),
    _codelist("CL_AREA", "SWE", "NOR", "_T"),
    _codelist("CL_STATUS", "A", "E", "P"),
    _codelist("CL_REASON", "R1", "R2", "R3"),
)


def _coded(codelist: Codelist, *, several: bool = False) -> Representation:
    return Representation(enumeration=codelist.reference, max_occurs=None if several else 1)


def _typed(text_type: TextType, **facets: Any) -> Representation:
    return Representation(text_type=text_type, **facets)


REPRESENTATIONS = {
    "FREQ": _coded(FREQ),
    "AREA": _coded(AREA),
    "KIND": _typed(TextType.STRING),
    "TIME_PERIOD": _typed(TextType.OBSERVATIONAL_TIME_PERIOD),
    "OBS_VALUE": _typed(TextType.DOUBLE),
    "PEOPLE": _typed(TextType.LONG),
    "GRADE": _coded(STATUS),
    "SOURCE": _typed(TextType.STRING),
    "LICENCE": _typed(TextType.STRING),
    "TITLE": _typed(TextType.STRING),
    "DECIMALS": _typed(TextType.INTEGER),
    "STATUS": _coded(STATUS),
    "REASONS": _coded(REASON, several=True),
    "NOTES": _typed(TextType.STRING, max_occurs=5),
    "REMARK": _typed(TextType.STRING, is_multilingual=True),
    "IS_FINAL": _typed(TextType.BOOLEAN),
    "SHARE": _typed(TextType.DECIMAL),
    "COMMENT": _typed(TextType.STRING),
}
CONCEPTS = ConceptScheme(
    agency="TEST",
    id="CS",
    items=tuple(
        Concept(id=id_, name=InternationalString.of(id_.replace("_", " ").title()))
        for id_ in REPRESENTATIONS
    ),
)
KEY = ("FREQ", "AREA", "KIND")


def _component(id_: str) -> dict[str, Any]:
    concept: ItemReference = CONCEPTS.reference.item(id_)
    return {"id": id_, "concept": concept, "representation": REPRESENTATIONS[id_]}


STRUCTURE = DataStructure(
    agency="TEST",
    id="DSD",
    name=InternationalString.of("A structure"),
    dimensions=(
        *(Dimension(**_component(id_)) for id_ in KEY),
        Dimension(**_component("TIME_PERIOD"), is_time=True),
    ),
    measures=tuple(Measure(**_component(id_)) for id_ in ("OBS_VALUE", "PEOPLE", "GRADE")),
    attributes=(
        Attribute(**_component("SOURCE"), attachment=Attachment.DATASET),
        Attribute(**_component("LICENCE"), attachment=Attachment.GROUP, group="ByArea"),
        Attribute(**_component("TITLE"), attachment=Attachment.DIMENSIONS, dimensions=KEY),
        Attribute(
            **_component("DECIMALS"), attachment=Attachment.DIMENSIONS, dimensions=("FREQ", "AREA")
        ),
        *(
            Attribute(**_component(id_))
            for id_ in ("STATUS", "REASONS", "NOTES", "REMARK", "IS_FINAL", "SHARE", "COMMENT")
        ),
    ),
    groups=(Group(id="ByArea", dimensions=("AREA",)),),
)
FLOW = Dataflow(
    agency="TEST",
    id="FLOW",
    structure=STRUCTURE.reference,
    name=InternationalString.of({"en": "A flow, with a comma", "fr": "Un flux"}),
)
STRUCTURES = Structures([FREQ, AREA, STATUS, REASON, CONCEPTS, STRUCTURE, FLOW])

#: What messages of SDMX 2.1 can hold.
SIMPLE = (*KEY, "TIME_PERIOD", "OBS_VALUE", "SOURCE", "LICENCE", "TITLE", "DECIMALS", "STATUS")
SIMPLE = (*SIMPLE, "IS_FINAL", "SHARE", "COMMENT")
ALL = tuple(REPRESENTATIONS)


def make_rows() -> list[Row]:
    """Rows in key order; every awkward text, every level of attachment, gaps, not a number."""
    rows = []
    series = [("A", "NOR", "plain"), ("A", "SWE", "a,b"), ("M", "NOR", "x y"), ("M", "SWE", "_Z")]
    values = [0.1, 17951.0, None, float("nan"), 1e15, 1e-7, -3.5, 123456789.125, 0.0, 1 / 3]
    for number, (freq, area, kind) in enumerate(series):
        for year in range(3 if number else 7):
            at = len(rows)
            rows.append(
                {
                    "FREQ": freq,
                    "AREA": area,
                    "KIND": kind,
                    "TIME_PERIOD": str(2015 + year),
                    "OBS_VALUE": values[at % len(values)],
                    "PEOPLE": None if at % 4 == 1 else at * 10**12,
                    "GRADE": "AEP"[at % 3] if at % 5 else None,
                    "SOURCE": "Registers <&> censuses",
                    "LICENCE": f'"{area}" licence',
                    "TITLE": None if number == 2 else f"Title {kind} & more",
                    "DECIMALS": number,
                    "STATUS": "AEP"[at % 3],
                    "REASONS": [None, ["R2"], ["R1", "R3"]][at % 3],
                    "NOTES": [None, ["a;b", 'c"d'], ["e", "", "f,g"]][(at + 1) % 3],
                    "REMARK": [None, [("en", "yes; no"), ("fr", 'dit "oui"')], [("en", "x")]][
                        (at + 2) % 3
                    ],
                    "IS_FINAL": [True, False, None][at % 3],
                    "SHARE": "12.50" if at % 2 else None,
                    "COMMENT": AWKWARD[at % len(AWKWARD)] if at % 7 else None,
                }
            )
    return rows


@pytest.fixture(scope="session")
def schema() -> Schema:
    return resolve(FLOW.reference, STRUCTURES)


@pytest.fixture(scope="session")
def rows() -> list[Row]:
    return make_rows()


@pytest.fixture(scope="session")
def simple() -> tuple[str, ...]:
    return SIMPLE


@pytest.fixture(scope="session")
def header() -> Header:
    return Header(
        id="M1",
        prepared=datetime(2025, 3, 1, 12, 30, tzinfo=UTC),
        sender="TEST",
        sender_name="Testers & Co",
        languages=("en", "fr"),
    )


Build = Callable[..., DataSet]


@pytest.fixture(scope="session")
def build(schema: Schema) -> Build:
    """Makes a data set of rows: `build(rows, columns, size=batch size, context=..., **fields)`."""

    def make(
        given: Sequence[Row],
        columns: Sequence[str] = ALL,
        *,
        size: int = 1000,
        context: Reference | None = None,
        upper: bool = True,
        encoded: bool = False,
        **fields: Any,
    ) -> DataSet:
        used = schema if context is None else resolve(context, STRUCTURES)
        whole = pa.Table.from_pylist(list(given), schema=arrow_schema(schema)).select(list(columns))
        batches = [b for b in whole.to_batches(max_chunksize=size) if len(b)]
        if encoded:
            batches = [_encoded(batch) for batch in batches]
        dataset = DataSet(schema=used, batches=batches, columns=tuple(columns), **fields)
        return with_upper_attributes(dataset, whole) if upper and given else dataset

    return make


def _encoded(batch: pa.RecordBatch) -> pa.RecordBatch:
    arrays = [
        array.dictionary_encode() if pa.types.is_string(array.type) else array
        for array in batch.columns
    ]
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


@pytest.fixture(scope="session")
def form() -> Callable[[str], DataForm]:
    """Finds a form by the end of its media type: `form("data+csv;version=2.0.0")`."""

    def find(ending: str) -> DataForm:
        (found,) = (f for f in FORMS if f.media_type.endswith(f"sdmx.{ending}"))
        return found

    return find


@pytest.fixture(scope="session")
def message(header: Header) -> Callable[..., bytes]:
    """Writes data sets in a form to one string of bytes."""

    def whole(datasets: DataSet | Sequence[DataSet], form: DataForm, *languages: str) -> bytes:
        given = [datasets] if isinstance(datasets, DataSet) else datasets
        chunks: Iterator[bytes] = write(header, given, form, languages)
        return b"".join(chunks)

    return whole
