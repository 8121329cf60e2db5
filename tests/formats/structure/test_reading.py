"""Messages that are malformed, unknown or hostile are refused, with the place."""

from __future__ import annotations

import json
import random
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from hub.errors import Finding, Invalid, NotFound, TooLarge
from hub.formats.limits import Limits
from hub.formats.message import Header
from hub.formats.structure import FORMS, Family, StructureForm, read, write
from hub.model import Codelist, Dataflow, DataStructure, Maintainable

BASE = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0"


def ml(structures: str, folder: str = "v3_0") -> bytes:
    base = BASE.replace("v3_0", folder)
    return (
        f'<m:Structure xmlns:m="{base}/message" xmlns:s="{base}/structure" xmlns:c="{base}/common">'
        f"\n<m:Header/>\n<m:Structures>\n{structures}\n</m:Structures></m:Structure>"
    ).encode()


def js(**data: Any) -> bytes:
    return json.dumps({"meta": {"id": "x"}, "data": data}).encode()


def refusal(message: bytes) -> Finding:
    with pytest.raises(Invalid) as caught:
        read(message)
    assert caught.value.findings[0].message in caught.value.message
    return caught.value.findings[0]


@pytest.mark.parametrize(
    ("structures", "reason"),
    [
        ('<s:Codelist agencyID="A"/>', "the attribute id is missing, at"),
        ('<s:Codelist id="../x" agencyID="A"/>', "id='../x' does not match"),
        ('<s:Codelist id="X" agencyID="A" version="latest"/>', "version='latest' does not match"),
        (
            '<s:Codelist id="X" agencyID="A">\n<s:Code id="B"><s:Parent/></s:Code></s:Codelist>',
            "the id is missing, at /Structure/Structures/Codelists/Codelist[X]/Code[B]/Parent",
        ),
        (
            '<s:Codelist id="X" agencyID="A" isPartial="perhaps"/>',
            "isPartial='perhaps' is not one of true, 1, false, 0",
        ),
        ('<s:Codelist id="X" agencyID="A"><s:Coda/></s:Codelist>', "Coda is not known here"),
        ("<s:Hierarchy/>", "artefacts of kind Hierarchy are not known here"),
    ],
)
def test_ml_faults_are_told_with_their_place(structures: str, reason: str) -> None:
    finding = refusal(ml(f"<s:Codelists>\n{structures}</s:Codelists>"))
    assert reason in finding.message
    assert finding.line is not None
    assert finding.line >= 5


def test_a_missing_or_wrong_reference_is_told() -> None:
    flow = '<s:Dataflows><s:Dataflow id="F" agencyID="A">{}</s:Dataflow></s:Dataflows>'
    assert "Structure is missing" in refusal(ml(flow.format(""))).message
    codelist = "urn:sdmx:org.sdmx.infomodel.codelist.Codelist=A:C(1.0)"
    wrong = ml(flow.format(f"<s:Structure>{codelist}</s:Structure>"))
    assert "stands where a DataStructure belongs" in refusal(wrong).message
    none = ml(flow.format("<s:Structure>C</s:Structure>"))
    assert "'C' is not an SDMX URN" in refusal(none).message


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"codelists": {"id": 5}}, "agencyID is missing"),
        ({"codelists": ["x"]}, "an object is wanted here, not text, at /data/codelists/0"),
        (
            {"codelists": [{"id": "C", "agencyID": "A", "codes": [{"id": "B"}, {"id": 7}]}]},
            "text is wanted here, not a whole number, at /data/codelists/0/codes/1/id",
        ),
        (
            {"dataflows": [{"id": "F", "agencyID": "A", "structure": "x"}]},
            "'x' is not an SDMX URN, at /data/dataflows/0/structure",
        ),
        (
            {"codelists": [{"id": "C", "agencyID": "A", "names": {"en": None}}]},
            "text is wanted here, not null, at /data/codelists/0/names/en",
        ),
        (
            {"codelists": [{"id": "C", "agencyID": "A", "codelistExtension": []}]},
            "codelistExtension is not known here, at /data/codelists/0/codelistExtension",
        ),
        ({"hierarchy": [{}]}, "artefacts in hierarchy are not known here"),
        (
            {"processes": [{"id": "P", "agencyID": "A", "processSteps": [{"id": "S", "x": 1}]}]},
            "x is not known here, at /data/processes/0/processSteps/0/x",
        ),
    ],
)
def test_json_faults_are_told_with_their_pointer(data: dict[str, Any], reason: str) -> None:
    if isinstance(data.get("codelists"), dict):
        data["codelists"]["id"] = "C"
    assert reason in refusal(js(**data)).message


def test_all_findings_come_together() -> None:
    codelists = [{"id": "C"}, {"agencyID": "A"}, {"id": "!", "agencyID": "A"}, {}]
    with pytest.raises(Invalid, match="and 1 more") as caught:
        read(js(codelists=codelists))
    assert len(caught.value.findings) == 4


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b"id,name\n1,2", "neither XML nor well-formed JSON"),
        (b"[1, 2]", "'meta' and 'data' are wanted"),
        (b'{"meta": {}, "data": {"dataSets": []}}', "a data message"),
        (b"<a/>", "root element a in the namespace ''"),
        (ml("", "v2_0"), "not a structure message of SDMX-ML 2.1, 3.0.0, 3.1.0"),
        (b'{"meta": {"a": "\xff"}}', "well-formed JSON"),
    ],
)
def test_other_content_is_refused(message: bytes, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        read(message)


def test_hostile_xml_is_refused() -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>' + ml("&b;")
    with pytest.raises(Invalid, match="document type"):
        read(laughs)
    with pytest.raises(TooLarge, match=r"nested deeper|depth"):
        read(ml("<s:Codelists>" * 200 + "</s:Codelists>" * 200))


@pytest.mark.parametrize("levels", [70, 5_000, 1_000_000])
def test_nested_json_is_refused(levels: int) -> None:
    with pytest.raises(TooLarge, match="nested deeper than the 64 levels"):
        read(b'{"meta":{},"data":' + b"[" * levels + b"]" * levels + b"}")


@pytest.mark.parametrize("scalar", [b"null", b"1", b"true", b'"text"', b"[]"])
def test_json_that_is_no_object_is_refused(scalar: bytes) -> None:
    with pytest.raises(Invalid, match="not a structure message"):
        read(scalar)


def test_sizes_are_bounded(header: Header, codelist: Codelist, tmp_path: Path) -> None:
    for form in FORMS:
        message = write(header, [codelist], form)
        with pytest.raises(TooLarge, match=f"{len(message)} bytes"):
            read(message, limits=Limits(bytes=len(message) - 1))
        path = tmp_path / form.version
        path.write_bytes(message)
        assert read(path, limits=Limits(bytes=len(message))) == [codelist]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"gone\.xml cannot be read"):
        read(tmp_path / "gone.xml")


def test_2_1_ids_and_versions_have_defaults() -> None:
    """In 2.1 a component without an id has its concept's, and a version left out is 1.0."""
    concept = (
        '<s:ConceptIdentity><Ref id="{0}" maintainableParentID="CS" agencyID="A"/>'
        "</s:ConceptIdentity>"
    )
    time = '<s:LocalRepresentation><s:TextFormat isMultiLingual="1"/></s:LocalRepresentation>'
    structure = (
        '<s:DataStructures><s:DataStructure id="D" agencyID="A"><s:DataStructureComponents>'
        f"<s:DimensionList><s:TimeDimension>{concept.format('TIME')}{time}</s:TimeDimension>"
        f"<s:Dimension>{concept.format('FREQ')}</s:Dimension></s:DimensionList>"
        f"<s:MeasureList><s:PrimaryMeasure>{concept.format('VALUE')}</s:PrimaryMeasure>"
        "</s:MeasureList></s:DataStructureComponents></s:DataStructure></s:DataStructures>"
    )
    (found,) = read(ml(structure, "v2_1"))
    assert isinstance(found, DataStructure)
    assert [component.id for component in found.components] == ["FREQ", "TIME_PERIOD", "OBS_VALUE"]
    assert str(found.components[0].concept.scheme) == "A:CS(1.0)"
    assert found.version == "1.0"


def test_what_would_change_its_meaning_is_not_read() -> None:
    flow = "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=A:F(1.0)"
    constraint = (
        '<s:DataConstraints><s:DataConstraint id="C" agencyID="A" role="Allowed">'
        f"<s:ConstraintAttachment><s:Dataflow>{flow}</s:Dataflow></s:ConstraintAttachment>"
        '<s:CubeRegion><s:KeyValue id="X"{}</s:KeyValue></s:CubeRegion>'
        "</s:DataConstraint></s:DataConstraints>"
    )
    for inner, reason in (
        (
            '><s:TimeRange validTo="2020"><s:AfterPeriod>2020</s:AfterPeriod></s:TimeRange>',
            "hold for a time only",
        ),
        ("><s:Other>A</s:Other>", "Other is not known here"),
    ):
        finding = refusal(ml(constraint.format(inner)))
        assert reason in finding.message
        assert finding.rule == "structure-unknown"


def test_external_references_are_left_out_and_told() -> None:
    stub = '<s:Dataflow id="F" agencyID="A" version="2.0" isExternalReference="true"/>'
    told: list[Finding] = []
    assert read(ml(f"<s:Dataflows>{stub}</s:Dataflows>"), on_skip=told.append) == []
    assert "Dataflow A:F(2.0) is an external reference" in told[0].message


def test_a_json_text_without_a_language_is_in_the_language_of_the_message() -> None:
    flow = {
        "id": "F",
        "agencyID": "A",
        "version": "1.0",
        "name": "Flux",
        "structure": "urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=A:D(1.0)",
        "x-extension": 1,
    }
    meta = {"id": "x", "contentLanguages": ["fr", "en"]}
    message = json.dumps({"meta": meta, "data": {"dataflows": [flow], "x-more": {}}}).encode()
    (found,) = read(message)
    assert isinstance(found, Dataflow)
    assert found.name.texts == (("fr", "Flux"),)


JUNK: list[Any] = [
    None,
    True,
    -1,
    1.5,
    "",
    "x",
    "é" * 50,
    [],
    {},
    [[]],
    [{}],
    {"id": {}},
    [None, 1],
]


@pytest.mark.parametrize("form", [form for form in FORMS if form.family is Family.JSON], ids=str)
def test_damaged_json_is_refused_and_nothing_else(
    form: StructureForm, artefacts: list[Maintainable], header: Header
) -> None:
    """Whatever value is put in the place of another, the reader answers or raises Invalid."""
    message = write(header, artefacts, form)
    rng = random.Random(20261122)  # noqa: S311
    places = len(list(_places(json.loads(message))))
    for _ in range(200):
        document = json.loads(message)
        holder, key = list(_places(document))[rng.randrange(places)]
        holder[key] = rng.choice(JUNK)
        with suppress(Invalid):
            read(json.dumps(document).encode(), skip_unknown=bool(rng.getrandbits(1)))


def _places(node: Any) -> Any:
    pairs = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in list(pairs):
        yield node, key
        if isinstance(value, dict | list):
            yield from _places(value)


def damage(element: etree._Element, rng: random.Random) -> None:
    match rng.randrange(5):
        case 0 if element.getparent() is not None:
            element.getparent().remove(element)
        case 1:
            element.tag = rng.choice(list(element.getroottree().iter())).tag
        case 2 if element.attrib:
            element.attrib[rng.choice(element.keys())] = rng.choice(["", "x", "9" * 5000])
        case 3 if element.attrib:
            del element.attrib[rng.choice(element.keys())]
        case _:
            element.text = rng.choice(["", "x", "urn:sdmx:x", "é" * 50])


@pytest.mark.parametrize("form", [form for form in FORMS if form.family is Family.ML], ids=str)
def test_damaged_ml_is_refused_and_nothing_else(
    form: StructureForm, artefacts: list[Maintainable], header: Header
) -> None:
    """Whatever is taken out, doubled or renamed, the reader answers or raises Invalid."""
    message = write(header, artefacts, form)
    rng = random.Random(20261122)  # noqa: S311
    for _ in range(200):
        root = etree.fromstring(message)
        element = rng.choice(list(root.iter()))
        damage(element, rng)
        with suppress(Invalid):
            read(etree.tostring(root), skip_unknown=bool(rng.getrandbits(1)))
