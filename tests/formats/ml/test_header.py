"""What a message says it is data of, and what services say beside the data."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.errors import Invalid, Severity
from hub.model import Reference
from tests.formats.ml.messages import (
    AGREEMENT,
    FLOW,
    OF_FLOW,
    SERIES,
    STRUCTURE,
    data_set,
    message,
    read,
)

URN = "urn:sdmx:org.sdmx.infomodel"
CLASS = ' class="Dataflow"'
REF = '<Ref agencyID="T" id="{}" version="1.0"{}/>'


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (OF_FLOW, FLOW.reference),
        (f"<common:Structure>{REF.format('DSD', '')}</common:Structure>", STRUCTURE.reference),
        (
            '<common:Structure><Ref agencyID="T" id="DSD"/></common:Structure>',
            STRUCTURE.reference,
        ),
        (
            f"<common:StructureUsage><URN>{URN}.datastructure.Dataflow=T:FLOW(1.0)</URN>"
            "</common:StructureUsage>",
            FLOW.reference,
        ),
        (
            f"<common:Structure>{REF.format('FLOW', CLASS)}</common:Structure>",
            FLOW.reference,
        ),
        (
            f"<common:ProvisionAgrement>{REF.format('PA', '')}</common:ProvisionAgrement>",
            AGREEMENT.reference,
        ),
        (
            f"<common:ProvisionAgreement>{URN}.registry.ProvisionAgreement=T:PA(1.0)"
            "</common:ProvisionAgreement>",
            AGREEMENT.reference,
        ),
        ("", None),
    ],
)
def test_every_spelling_of_the_structure(
    tmp_path: Path, target: str, expected: Reference | None
) -> None:
    group = '<Group AREA="SE" TITLE="t"/>' if expected else ""
    attributes = ' ss:structureRef="S"' if target else ""
    raw = read(tmp_path, message(data_set(group + SERIES, attributes), target=target))
    assert raw.structure == expected
    if expected:  # the structure behind it has been found
        assert raw.table["TITLE"].to_pylist() == ["t"]


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("<common:Structure>T:DSD</common:Structure>", "'T:DSD' is not an SDMX URN"),
        (f"<common:Structure>{URN}.codelist.Codelist=T:CL(1.0)</common:Structure>", "no dataflow"),
        (
            f"<common:Structure>{URN}.metadatastructure.Metadataflow=T:M(1.0)</common:Structure>",
            "is no dataflow",
        ),
        ('<common:Structure><Ref id="DSD"/></common:Structure>', "a Ref without agencyID"),
    ],
)
def test_structures_that_are_none(tmp_path: Path, target: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason) as refused:
        read(tmp_path, message(data_set(SERIES), target=target))
    assert refused.value.findings[0].rule == "ml-structure"
    assert refused.value.findings[0].line == 3


def test_a_file_holds_data_of_one_structure(tmp_path: Path) -> None:
    other = (
        '<message:Structure structureID="S2"><common:StructureUsage>'
        f"{REF.format('OTHER', '')}</common:StructureUsage></message:Structure>"
    )
    second = data_set(SERIES, ' ss:structureRef="S2"')
    with pytest.raises(Invalid, match=r"data of T:OTHER\(1\.0\) after data of T:FLOW\(1\.0\)"):
        read(tmp_path, message(data_set(SERIES) + second, header=other))
    assert read(tmp_path, message(data_set(SERIES), header=other)).structure == FLOW.reference
    with pytest.raises(Invalid, match="no structureRef; the header declares the structures S, S2"):
        read(tmp_path, message(data_set(SERIES, ""), header=other))
    with pytest.raises(Invalid, match="structureRef 'S3'; the header declares"):
        read(tmp_path, message(data_set(SERIES, ' ss:structureRef="S3"'), header=other))


def test_actions_of_the_header_hold_where_a_data_set_has_none(tmp_path: Path) -> None:
    header = "<message:DataSetAction>Replace</message:DataSetAction>"
    second = data_set(SERIES, ' ss:structureRef="S" ss:action="Delete"')
    raw = read(tmp_path, message(data_set(SERIES) + second, header=header))
    assert raw.actions is not None
    assert raw.actions.to_pylist() == ["Replace", "Delete"]
    raw = read(tmp_path, message(data_set(SERIES) + second))
    assert raw.actions is not None
    assert raw.actions.to_pylist() == [None, "Delete"]
    assert read(tmp_path, message(data_set(SERIES))).actions is None
    with pytest.raises(Invalid, match="'Update' is not an action; there are Information, Append"):
        read(tmp_path, message(data_set(SERIES, ' ss:structureRef="S" ss:action="Update"')))


def test_explicit_measures_are_values_of_their_dimension(tmp_path: Path) -> None:
    observations = (
        '<Obs xsi:type="ns1:BIRTHS" OBS_VALUE="1"/><Obs OBS_VALUE="2" xsi:type="ns1:DEATHS"/>'
    )
    body = data_set(f'<Series FREQ="A">{observations}</Series>')
    text = message(body, version="v2_1", at="DEMO", structure=' explicitMeasures="true"')
    assert read(tmp_path, text).table["DEMO"].to_pylist() == ["BIRTHS", "DEATHS"]


@pytest.mark.parametrize(
    ("root", "told"),
    [
        ("Structure", "a structure message; load it with 'corridor structures load'"),
        ("GenericMetadata", "a reference metadata message"),
        ("RegistryInterface", "a registry message"),
        ("StructureSpecificDataQuery", "whose root is StructureSpecificDataQuery; expected"),
    ],
)
def test_other_messages_are_called_by_their_name(tmp_path: Path, root: str, told: str) -> None:
    with pytest.raises(Invalid, match=f"this is .*{told}"):
        read(tmp_path, message("", kind=root))


@pytest.mark.parametrize("root", ["GenericData", "CompactData"])
def test_sdmx_2_0_is_called_by_its_name(tmp_path: Path, root: str) -> None:
    with pytest.raises(Invalid, match=r"an SDMX-ML 2\.0 message"):
        read(tmp_path, message("", kind=root, version="v2_0"))


def test_error_messages_are_told(tmp_path: Path) -> None:
    error = (
        '<message:ErrorMessage code="100"><common:Text>No results\n found</common:Text>'
        "</message:ErrorMessage>"
    )
    text = message("", kind="Error")
    start, end = text.index("<message:Header>"), text.index("</message:Error>")
    with pytest.raises(Invalid, match="an SDMX error message: 100 No results found"):
        read(tmp_path, text[:start] + error + text[end:])


def footer(code: int, severity: str) -> str:
    return (
        f'<message:Footer><message:Message code="{code}" severity="{severity}">'
        "<common:Text>cut off</common:Text></message:Message></message:Footer>"
    )


@pytest.mark.parametrize(
    ("severity", "expected"),
    [("Warning", Severity.WARNING), ("Information", Severity.INFORMATION), ("", Severity.WARNING)],
)
def test_footers_are_told(tmp_path: Path, severity: str, expected: Severity) -> None:
    raw = read(tmp_path, message(data_set(SERIES) + footer(413, severity)))
    (finding,) = raw.findings
    assert (finding.message, finding.severity) == ("the service says: 413 cut off", expected)


def test_a_footer_that_tells_of_an_error_refuses_the_data(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="in error: 413 cut off"):
        read(tmp_path, message(data_set(SERIES) + footer(413, "Error")))
