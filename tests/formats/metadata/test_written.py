"""What is written is valid by the official schemas, and reads back to the same sets."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hub.errors import NotAcceptable
from hub.formats.message import Header
from hub.formats.metadata import FORMS, MetadataFamily, Reading, read, write
from hub.formats.schema.xsd.metadata import write_metadata_xsd
from hub.model import InternationalString
from hub.publish.metadata import check
from tests.formats.metadata import judges
from tests.formats.metadata.sets import FLOW, PLAIN, RICH, SCHEMA, STRUCTURES, opened

HEADER = Header(id="M1", prepared=datetime(2026, 11, 22, 8, tzinfo=UTC), sender="TEST")
IN_21 = (MetadataFamily.GENERIC, MetadataFamily.SPECIFIC)
#: SDMX-CSV has no official schema.
NOT_CSV = [form for form in FORMS if form.family is not MetadataFamily.CSV]
IN_3X = [form for form in NOT_CSV if form.family not in IN_21]


def written(form, *sets, **options) -> bytes:
    return b"".join(write(HEADER, opened(*sets), form, **options))


def conformed(message: bytes):
    """The sets of a message in the form they are kept in; nothing must be wrong with them."""
    checked = check(read(message), STRUCTURES)
    assert not checked.has_errors, checked.findings
    return tuple(one for _, one in checked.sets)


@pytest.mark.parametrize("form", NOT_CSV, ids=str)
@pytest.mark.parametrize("languages", [None, ["fr"]])
def test_messages_are_valid(form, languages, tmp_path_factory):
    folder = tmp_path_factory.getbasetemp()
    message = written(form, RICH, PLAIN, languages=languages)
    is_specific = form.family is MetadataFamily.SPECIFIC
    own = (write_metadata_xsd(SCHEMA, languages),) if is_specific else ()
    judges.check(message, form, folder, *own)


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_what_was_written_is_read_again(form):
    rich, plain = conformed(written(form, RICH, PLAIN))
    assert rich.attributes == RICH.attributes
    if form.family is MetadataFamily.CSV:  # has no place for the rest
        assert (rich.targets, rich.reference) == (RICH.targets, RICH.reference)
        assert (rich.reporting_begin, rich.name) == (RICH.reporting_begin, InternationalString())
    elif form.family in IN_21:  # has no description, and a period in targets only
        assert rich == replace(
            RICH, description=InternationalString(), reporting_begin=None, reporting_end=None
        )
    else:
        assert rich == RICH
    assert plain.reference == PLAIN.reference
    assert plain.attributes == PLAIN.attributes


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_what_is_read_again_is_written_the_same(form):
    once = written(form, RICH, PLAIN)
    sets = conformed(once)
    assert written(form, *sets) == once


@pytest.mark.parametrize("form", IN_3X, ids=str)
def test_stubs_are_valid_and_say_which_sets_there_are(form, tmp_path_factory):
    message = written(form, RICH, PLAIN, as_stubs=True)
    judges.check(message, form, tmp_path_factory.getbasetemp())
    assert b"RICH" in message
    assert b"example.org" not in message
    reading = read(message)
    assert not reading.received
    assert len(reading.notes) == 2


def test_sdmx_21_has_no_stubs():
    for form in (form for form in FORMS if form.family in IN_21):
        with pytest.raises(NotAcceptable, match="no stubs"):
            written(form, RICH, as_stubs=True)


def test_json_has_numbers_and_booleans_where_they_are_exact():
    form = FORMS[0]
    (one,) = json.loads(written(form, RICH))["data"]["metadataSets"]
    values = {each["id"]: each.get("value") for each in one["attributes"]}
    assert values["COUNT"] == -12
    assert values["RATIO"] == 0.25
    assert values["DONE"] is True
    assert values["PRICE"] == "10.10"
    assert values["TITLE"] == dict(RICH.attributes[0].texts.texts)


def test_csv_has_a_row_for_each_set_and_columns_in_the_order_of_the_structure():
    form = next(form for form in FORMS if form.family is MetadataFamily.CSV)
    rows = list(csv.reader(io.StringIO(written(form, RICH, PLAIN).decode(), newline="")))
    assert rows[0][:6] == [
        "MDSTRUCTURE[;]",
        "MDSTRUCTURE_ID",
        "METADATASET_ID",
        "ACTION",
        "TARGET_TYPES",
        "TARGET_IDS",
    ]
    assert rows[0][6:9] == ["TITLE[en;ar]", "STORY[][en;fr]", "FREQ[]"]
    assert rows[1][1:5] == [str(FLOW.reference), "TEST.SWE:RICH(1.2.0)", "R", "dataflow;codelist"]
    assert rows[1][5] == "MIGX:DF_STOCK_BIRTH(1.0.0);TEST:CL_FREQ(1.0.0).A"
    cells = dict(zip(rows[0], rows[1], strict=True))
    assert cells["FREQ[]"] == "A;M"
    assert cells["CONTACT[].NAME"] == '"First, of; two";'
    assert dict(zip(rows[0], rows[2], strict=True))["COUNT"] == "7"


@pytest.mark.parametrize("labels", ["name", "both"])
def test_labelled_csv_reads_back(labels):
    for form in (form for form in FORMS if form.family is MetadataFamily.CSV):
        message = written(replace(form, labels=labels), RICH, PLAIN, languages=["fr"])
        assert "Annuel" in message.decode()
        reading: Reading = read(message)
        assert reading.received[0].metadata_set.name.best() == "Tout, même <cela>"
        assert conformed(message)[0].attributes == RICH.attributes
