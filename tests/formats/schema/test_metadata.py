"""The schema of structure-specific metadata takes what is right and refuses what is not."""

from datetime import UTC, datetime

import pytest
from lxml import etree

from hub.formats.message import Header
from hub.formats.metadata.form import META_SPECIFIC_21
from hub.formats.metadata.writing import write
from hub.formats.schema.xsd.metadata import write_metadata_xsd
from hub.formats.structure import Model
from tests.formats.metadata.judges import xml_judge
from tests.formats.metadata.sets import PLAIN, RICH, SCHEMA, opened

HEADER = Header(id="M1", prepared=datetime(2026, 11, 22, 8, tzinfo=UTC), sender="TEST")


@pytest.fixture(scope="module")
def judge(tmp_path_factory):
    folder = tmp_path_factory.mktemp("schema")
    return xml_judge(Model.V21, folder, (write_metadata_xsd(SCHEMA, None),))


@pytest.fixture(scope="module")
def message():
    return b"".join(write(HEADER, opened(RICH, PLAIN), META_SPECIFIC_21)).decode()


def test_what_the_node_writes_is_valid(judge, message):
    assert judge.validate(etree.fromstring(message.encode())), judge.error_log


CHANGES = [
    ('<FREQ value="A">', '<FREQ value="Q">', "Q"),
    ('<COUNT value="-12"></COUNT>', '<COUNT value="many"></COUNT>', "many"),
    ('<COUNT value="-12"></COUNT>', "<COUNT></COUNT>", "value"),
    ('<DONE value="true"></DONE>', '<DONE value="perhaps"></DONE>', "perhaps"),
    ('<DAY value="2024-02-29"></DAY>', '<DAY value="2024"></DAY>', "2024"),
    ('<COUNT value="-12"></COUNT>', '<COUNTS value="-12"></COUNTS>', "COUNTS"),
    ('<COUNT value="-12"></COUNT>', '<COUNT value="1"></COUNT><COUNT value="2"></COUNT>', "COUNT"),
    ("<CONTACT>", '<CONTACT value="x">', "value"),
    ('xsi:type="ns1:MetadataAttributeDescriptor"', 'xsi:type="ns1:OTHER"', "OTHER"),
]


@pytest.mark.parametrize(("there", "instead", "told"), CHANGES, ids=[c[2] for c in CHANGES])
def test_what_is_wrong_is_refused(judge, message, there, instead, told):
    assert there in message
    document = etree.fromstring(message.replace(there, instead, 1).encode())
    assert not judge.validate(document)
    assert any(told in error.message for error in judge.error_log)
