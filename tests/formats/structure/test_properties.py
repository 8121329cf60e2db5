"""Whatever codes, concepts and components there are, they survive every form."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.formats.message import Header
from hub.formats.structure import FORMS, ML_30, Model, obstacle, read, write
from hub.model import (
    Annotation,
    ArtefactClass,
    Attachment,
    Attribute,
    Code,
    Codelist,
    Concept,
    ConceptScheme,
    DataStructure,
    Dimension,
    Group,
    InternationalString,
    Measure,
    Reference,
    Representation,
    TextType,
    ValueList,
)

HEADER = Header(id="P", prepared=datetime(2026, 1, 1, tzinfo=UTC), sender="S")
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# what XML 1.0 can hold; what it cannot is tested apart
TEXT = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cn"), include_characters="\t\n\r"),
    min_size=1,
    max_size=30,
)
NCNAME = st.from_regex(r"[A-Z][A-Za-z0-9_-]{0,8}", fullmatch=True)
CODE_ID = st.from_regex(r"[A-Za-z0-9_@$-]{1,8}", fullmatch=True)
TAG = st.sampled_from(["en", "fr", "ar", "zh-hant", "sr-latn", "es-419"])
LANGUAGES = st.dictionaries(TAG, TEXT, min_size=1, max_size=4).map(InternationalString.of)
NOTE = st.builds(
    Annotation,
    id=st.none() | CODE_ID,
    type=st.none() | CODE_ID,
    title=st.none() | TEXT,
    text=st.just(InternationalString()) | LANGUAGES,
)
NOTES = st.lists(NOTE, max_size=2).map(tuple)
LIST = st.builds(
    Reference,
    st.just(ArtefactClass.CODELIST),
    st.sampled_from(["A", "A.B-C"]),
    NCNAME,
    st.sampled_from(["1.0", "1.2.3"]),
)
TYPES = st.sampled_from([TextType.STRING, TextType.INTEGER, TextType.DATE_TIME, TextType.BOOLEAN])
FORMAT = st.builds(
    Representation,
    text_type=TYPES,
    min_length=st.none() | st.integers(1, 9),
    max_length=st.none() | st.integers(9, 99),
    min_value=st.none() | st.integers(-9, 9).map(str),
    pattern=st.none() | TEXT,
)
REPRESENTATION = FORMAT | st.builds(Representation, enumeration=LIST)


def items(make: type, ids: st.SearchStrategy[str], **more: st.SearchStrategy[object]):
    part = st.builds(
        make,
        id=ids,
        name=LANGUAGES,
        description=st.just(InternationalString()) | LANGUAGES,
        annotations=NOTES,
        **more,
    )
    return st.lists(part, max_size=5, unique_by=lambda item: item.id).map(tuple)


def artefact(make: type, **contents: st.SearchStrategy[object]):
    return st.builds(
        make,
        agency=st.sampled_from(["MIGX", "MIGX.SWE"]),
        id=NCNAME,
        version=st.sampled_from(["1.0", "1.0.0", "0.2.13"]),
        name=LANGUAGES,
        annotations=NOTES,
        **contents,
    )


def assert_survives(found: Codelist | ConceptScheme | DataStructure | ValueList) -> None:
    for form in FORMS:
        if obstacle(found, form) is None:
            assert read(write(HEADER, [found], form)) == [found], form


@FEW
@given(artefact(Codelist, items=items(Code, CODE_ID, parent=st.none() | CODE_ID)))
def test_code_lists_survive(codelist: Codelist) -> None:
    assert_survives(codelist)


@FEW
@given(artefact(ValueList, items=items(Code, TEXT)))
def test_value_lists_survive(values: ValueList) -> None:
    assert_survives(values)


@FEW
@given(
    artefact(
        ConceptScheme,
        items=items(
            Concept,
            NCNAME,
            parent=st.none() | NCNAME,
            representation=st.none() | REPRESENTATION,
        ),
    )
)
def test_concept_schemes_survive(scheme: ConceptScheme) -> None:
    assert_survives(scheme)


@st.composite
def data_structures(draw: st.DrawFn) -> DataStructure:
    scheme = Reference(ArtefactClass.CONCEPT_SCHEME, "MIGX", "CS", "1.0.0")
    ids = draw(st.lists(NCNAME, min_size=4, max_size=8, unique=True))
    cut = draw(st.integers(1, len(ids) - 2))
    keys = tuple(ids[:cut])
    group = Group(id="G", dimensions=keys, annotations=draw(NOTES))
    attachments = {
        Attachment.DATASET: {},
        Attachment.OBSERVATION: {},
        Attachment.DIMENSIONS: {"dimensions": keys},
        Attachment.GROUP: {"group": "G"},
    }

    def attribute(id_: str) -> Attribute:
        attachment = draw(st.sampled_from(Attachment))
        return Attribute(
            id=id_,
            concept=scheme.item(draw(NCNAME)),
            representation=draw(st.none() | REPRESENTATION),
            annotations=draw(NOTES),
            is_mandatory=draw(st.booleans()),
            attachment=attachment,
            roles=tuple(scheme.item(role) for role in draw(st.lists(NCNAME, max_size=2))),
            **attachments[attachment],
        )

    def dimension(id_: str) -> Dimension:
        representation = draw(st.none() | REPRESENTATION)
        return Dimension(id=id_, concept=scheme.item(id_), representation=representation)

    measure = Measure(
        id="OBS_VALUE",
        concept=scheme.item("OBS_VALUE"),
        representation=draw(REPRESENTATION),
        is_mandatory=False,
    )
    contents = {
        "dimensions": st.just(tuple(map(dimension, keys))),
        "groups": st.just((group,)),
        "attributes": st.just(tuple(map(attribute, ids[cut:]))),
        "measures": st.just((measure,)),
    }
    return draw(artefact(DataStructure, **contents))


@FEW
@given(data_structures())
def test_data_structures_survive(structure: DataStructure) -> None:
    assert_survives(structure)


@FEW
@given(st.text(max_size=20))
def test_any_text_at_all_can_be_written(text: str) -> None:
    """What XML cannot hold becomes the replacement character; JSON holds nearly anything."""
    name = InternationalString((("en", f"x{text}"),))
    codelist = Codelist(agency="A", id="C", name=name)
    for form in FORMS:
        (found,) = read(write(HEADER, [codelist], form))
        assert len(found.name.best()) == len(name.best())
    assert ML_30.model is Model.V30
