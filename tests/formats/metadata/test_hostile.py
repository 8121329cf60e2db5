"""What comes from outside is bounded, and refused with a reason and a place."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.errors import BadRequest, CorridorError, Invalid, NotFound, TooLarge
from hub.formats.limits import Limits
from hub.formats.message import Action, Header
from hub.formats.metadata import FORMS, read, write
from hub.formats.metadata.csv_cells import joined, languages_in, spelt_languages, split
from hub.formats.metadata.csv_targets import spelt_target, target_urn
from hub.formats.metadata.markup import parse_markup
from hub.publish.metadata import check
from tests.formats.metadata.sets import PLAIN, RICH, STRUCTURES, opened

HEADER = Header(id="M1", prepared=datetime(2026, 11, 22, 8, tzinfo=UTC), sender="TEST")
MES = "http://www.sdmx.org/resources/sdmxml/schemas/v3_1/message"
CSV = "MDSTRUCTURE[;],MDSTRUCTURE_ID,METADATASET_ID,ACTION,TARGET_TYPES,TARGET_IDS"


def json_sets(*sets: object) -> bytes:
    return json.dumps({"meta": {}, "data": {"metadataSets": sets}}).encode()


REFUSED = [
    (b"", "empty"),
    (b"hello", "no metadata message"),
    (b"<a", "not well-formed"),
    (b"<a/>", "not a metadata message"),
    (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "document type declaration"),
    (f'<GenericMetadata xmlns="{MES}"><MetadataSet/></GenericMetadata>'.encode(), "is missing"),
    (b"{", "not well-formed JSON"),
    (b"[]", "/meta and /data/metadataSets"),
    (b'{"meta": {}, "meta": {}}', "given twice"),
    (b'{"meta": {}, "data": {"metadataSets": 1}}', "an array is wanted"),
    (json_sets(1), "/data/metadataSets/0"),
    (json_sets({"id": "A"}), "agencyID is missing"),
    (json_sets({"id": "A B", "agencyID": "T"}), "does not match"),
    (json_sets({"id": "A", "agencyID": "T", "attributes": [{"id": 1}]}), "attributes/0/id"),
    (json_sets({"id": "A", "agencyID": "T", "attributes": [{"id": "X", "value": [1]}]}), "value"),
    (json_sets({"id": "A", "agencyID": "T", "more": 1}), "more is not known"),
    (json_sets({"id": "A", "agencyID": "T", "action": "Keep"}), "'Keep' is not one of"),
    (b"MDSTRUCTURE,A\n", "there is no column MDSTRUCTURE_ID"),
    (f"{CSV}\nflow,T:M(1.0.0),T:S(1.0.0),R,dataflow,T:D(1.0.0)\n".encode(), "neither"),
    (f"{CSV}\nmetadataflow,T:M(1.0.0),T:S(1.0.0),X,,\n".encode(), "the action 'X'"),
    (f"{CSV}\nmetadataflow,T M,T:S(1.0.0),R,,\n".encode(), "does not name"),
    (f"{CSV}\nmetadataflow,T:M(1.0.0),T:S(1.0.0),R,dataflow,\n".encode(), "1 TARGET_TYPES"),
    (f"{CSV}\nmetadataflow,T:M(1.0.0),T:S(1.0.0),R,thing,T:D(1.0.0)\n".encode(), "'thing'"),
    (f"{CSV}\na,b\n".encode(), "2 fields, the header 6"),
    (f"{CSV},A[x y]\n".encode(), "language tags"),
    (f"{CSV},A,A[]\n".encode(), "two columns of A"),
    (f'{CSV},A[]\nmetadataflow,T:M,T:S,R,,,"""x"\n'.encode(), "not closed"),
    (f'{CSV}\n"x\n'.encode(), "cannot be read"),
    (f"{CSV}\n".encode() + b"\xff", "not UTF-8"),
]


@pytest.mark.parametrize(("content", "told"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_malformed(content: bytes, told: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(content, name="m")
    assert told in refused.value.message
    assert all(finding.file == "m" for finding in refused.value.findings)


def test_a_set_to_be_deleted_needs_no_more_than_its_name() -> None:
    text = "MDSTRUCTURE,MDSTRUCTURE_ID,METADATASET_ID,ACTION\nmetadataflow,TEST:MDF(1.0.0),T:S,D\n"
    (received,) = read(text.encode()).received
    assert received.action is Action.DELETE
    assert str(received.metadata_set.reference) == "T:S(1.0)"
    assert check(read(text.encode()), STRUCTURES).findings == ()


def test_a_long_text_is_read() -> None:
    long = f"{CSV},X\nmetadataflow,T:M,T:S,R,dataflow,T:D,{'x' * 200_000}\n".encode()
    (received,) = read(long).received
    assert len(received.metadata_set.attributes[0].value or "") == 200_000


def test_the_line_of_a_row_is_told() -> None:
    good = "metadataflow,T:M(1.0.0),T:S(1.0.0),R,dataflow,T:D(1.0.0)"
    text = f'{CSV},X\n{good},"a\nb"\n{good.replace(",R,", ",X,")},c\n'
    with pytest.raises(Invalid) as refused:
        read(text.encode())
    assert [finding.line for finding in refused.value.findings] == [4]


LARGE = [
    (b"[" * 100_000, {}),
    (b"<a>" * 200 + b"</a>" * 200, {}),
    (b"x" * 100, {"bytes": 50}),
    (CSV.encode() + b",X" * 200 + b"\n", {"columns": 100}),
    (f"<a>{'x' * 200}</a>".encode(), {"text_bytes": 100}),
]


@pytest.mark.parametrize(("content", "limits"), LARGE, ids=range(len(LARGE)))
def test_what_is_too_large(content: bytes, limits: dict[str, int]) -> None:
    with pytest.raises(TooLarge):
        read(content, limits=Limits(**limits))


def test_a_file_that_is_not_there(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(NotFound):
        read(tmp_path / "none.xml")


MARKUP = [
    ("<script>x</script>", "script"),
    ("<img src='x'/>", "img"),
    ("<p style='x'>x</p>", "style"),
    ("<p onmouseover='x'>x</p>", "onmouseover"),
    ("<a href='data:text/html,x'>x</a>", "leads nowhere"),
    ("<a href=' javascript:x'>x</a>", "leads nowhere"),
    ("<svg xmlns='http://www.w3.org/2000/svg'/>", "svg"),
    ("</markup><p/><markup>", "not XHTML"),
    ("<p>&nbsp;</p>", "not XHTML"),
    ("<p>" * 300 + "</p>" * 300, "not XHTML"),
]


@pytest.mark.parametrize(("text", "told"), MARKUP, ids=range(len(MARKUP)))
def test_markup_that_has_no_place_in_a_text(text: str, told: str) -> None:
    with pytest.raises(BadRequest) as refused:
        parse_markup(text)
    assert told in refused.value.message


def test_markup_is_spelt_in_one_way() -> None:
    once = parse_markup("<p xmlns='http://www.w3.org/1999/xhtml' class='a'>x &#x26; y<br></br></p>")
    assert once == '<p class="a">x &amp; y<br/></p>'
    assert parse_markup(once) == once


@given(st.lists(st.text()), st.sampled_from(";|"))
def test_values_of_a_cell_come_apart_as_they_were(values: list[str], separator: str) -> None:
    assert split(joined(values, separator), separator) == (values if values != [""] else [])


@given(st.lists(st.lists(st.text(min_size=1), min_size=1), min_size=1))
def test_levels_of_a_cell_come_apart_as_they_were(levels: list[list[str]]) -> None:
    text = joined((joined(level, ";") for level in levels), ";")
    assert [split(level, ";") for level in split(text, ";")] == levels


@given(st.dictionaries(st.sampled_from(["en", "fr", "pt-BR"]), st.text(min_size=1), min_size=1))
def test_languages_of_a_cell_come_apart_as_they_were(texts: dict[str, str]) -> None:
    pairs = tuple(texts.items())
    assert languages_in(spelt_languages(pairs, ";"), ";", list(texts)) == pairs


def test_languages_as_the_guide_quotes_them() -> None:
    """There the quotes come after the language."""
    cell = 'en:"<p>An XHTML; text</p>";fr:"<p>Un ""texte""</p>"'
    found = languages_in(cell, ";", ["en", "fr"])
    assert found == (("en", "<p>An XHTML; text</p>"), ("fr", '<p>Un "texte"</p>'))


TARGETS = [
    ("datastructure.Dataflow=A.B:D(1.0.0)", "dataflow", "A.B:D(1.0.0)"),
    ("codelist.Code=A:C(1.0).X-1", "codelist", "A:C(1.0).X-1"),
    ("categoryscheme.Category=A:C(1.0).X.Y", "categoryscheme", "A:C(1.0).X.Y"),
    ("datastructure.Dimension=A:D(1.0.0).SEX", "Dimension", "A:D(1.0.0).SEX"),
]


@pytest.mark.parametrize(("urn", "kind", "id_"), TARGETS)
def test_targets_are_spelt_as_type_and_id(urn: str, kind: str, id_: str) -> None:
    whole = f"urn:sdmx:org.sdmx.infomodel.{urn}"
    assert spelt_target(whole) == (kind, id_)
    assert target_urn(kind, id_) == whole


MESSAGES = {form: b"".join(write(HEADER, opened(RICH, PLAIN), form)) for form in FORMS}


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(FORMS),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=8)), max_size=3),
)
def test_whatever_is_damaged_is_read_or_refused(form, damages) -> None:  # type: ignore[no-untyped-def]
    """Never another error than one that says what is wrong; what is read can be checked."""
    content = MESSAGES[form]
    for where, length, instead in damages:
        place = int(where * len(content))
        content = content[:place] + instead + content[place + length :]
    try:
        reading = read(content, name="m")
    except CorridorError:
        return
    check(reading, STRUCTURES)
