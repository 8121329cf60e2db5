"""The samples of MSD_MIG: the good one is taken, the bad one gives exactly these findings."""

from pathlib import Path

import pytest

from dsd import shared_structures
from hub.errors import Severity
from hub.formats.metadata import read
from hub.publish.metadata import check

SAMPLES = Path(__file__).parent / "samples"


def test_the_good_sample_is_sound():
    checked = check(read(SAMPLES / "good.xml"), shared_structures())
    assert checked.findings == ()
    ((action, one),) = checked.sets
    assert action is None
    assert [attribute.id for attribute in one.attributes] == [
        "CONTACT",
        "META_UPDATE",
        "STAT_PRES",
        "UNIT_MEASURE",
        "FREQ_DISS",
        "STAT_PROCESS",
        "MIG_RULES",
    ]


#: rule, place, and a word of the message.
EXPECTED = [
    ("metadata-version", None, "'1.1' is not semantic"),
    ("metadata-target", None, "MIG_FLOW(1.0.0) is no target of MIGX:MDF_MIG(1.0.0)"),
    ("metadata-attribute", "CONTACT.CONTACT_MAILS", "did you mean CONTACT_MAIL?"),
    ("metadata-occurs", "CONTACT.CONTACT_EMAIL", "it is missing"),
    ("metadata-value", "CONTACT", "no value of its own"),
    ("metadata-occurs", "META_UPDATE.META_LAST_UPDATE", "2 times, at most 1"),
    ("metadata-value", "META_UPDATE.META_LAST_UPDATE[1]", "'27/02/2026'"),
    ("metadata-value", "STAT_PRES.DATA_DESCR", "the element script has no place"),
    ("metadata-value", "FREQ_DISS", "'annual' is the name of A"),
    ("metadata-value", "MIG_RULES.DURATION_RULE", "it is empty"),
    ("metadata-flow", None, "there is no metadataflow MIGX:MDF_NONE(1.0.0)"),
    ("metadata-target-unknown", None, "DF_FLOW_RES(9.0.0) is not known on this node"),
]


def test_the_bad_sample_gives_all_its_findings():
    checked = check(read(SAMPLES / "bad.json"), shared_structures())
    found = [(f.rule, f.column, f.message) for f in checked.findings]
    assert [(rule, column) for rule, column, _ in found] == [(r, c) for r, c, _ in EXPECTED]
    for (_, _, message), (_, _, word) in zip(found, EXPECTED, strict=True):
        assert word in message
    assert [f.severity for f in checked.findings[-2:]] == [Severity.ERROR, Severity.WARNING]
    assert all(f.file == "bad.json" for f in checked.findings)


@pytest.mark.parametrize("name", ["good.xml", "bad.json"])
def test_the_samples_are_valid_messages(name, tmp_path):
    """What is wrong with the bad one, the official schema does not see, but for the version."""
    from hub.formats.metadata import FORMS
    from tests.formats.metadata import judges

    form = FORMS[0] if name.endswith("json") else FORMS[2]
    content = (SAMPLES / name).read_bytes().replace(b'"1.1"', b'"1.1.0"')
    judges.check(content, form, tmp_path)
