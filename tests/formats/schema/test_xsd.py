"""What structure-specific XML Schemas say at each level, as the standard's rules have it."""

from __future__ import annotations

import pytest
from lxml import etree

from hub.errors import NotAcceptable
from hub.formats.schema import Places, Usage, write
from hub.model import Attachment, Group, Representation, TextType
from tests.formats.schema.judge import Xsd, judge, official
from tests.formats.schema.structures import (
    CODED,
    KEY,
    NUMBER,
    OBS_VALUE,
    TIME,
    XSD_21,
    XSD_30,
    XSD_31,
    XSDS,
    attribute,
    dimension,
    measure,
    schema,
)

BASE = "http://www.sdmx.org/resources/sdmxml/schemas"
PERIOD = "common:ObservationalTimePeriodType"
CODES = "Codelist.T.CL.1.0"
OF_AREA = Group(id="ByArea", dimensions=("AREA",))
OF_FREQ = Group(id="ByFreq", dimensions=("FREQ",))
ATTRIBUTES = (
    attribute("SOURCE", attachment=Attachment.DATASET, is_mandatory=True),
    attribute("LICENCE", attachment=Attachment.GROUP, group="ByArea", is_mandatory=True),
    attribute("TITLE", attachment=Attachment.DIMENSIONS, dimensions=("FREQ", "AREA")),
    attribute("MIXED", attachment=Attachment.DIMENSIONS, dimensions=("AREA", "TIME_PERIOD")),
    attribute("STATUS", CODED, is_mandatory=True),
)
WHOLE = schema(attributes=ATTRIBUTES, groups=[OF_AREA])


def xsd(form, at="TIME_PERIOD", of=WHOLE, usage=Usage.DECLARED) -> Xsd:
    return Xsd(Places(schema=of, at=at, usage=usage), form)


@pytest.mark.parametrize(("form", "folder"), [(XSD_21, "v2_1"), (XSD_30, "v3_0"), (XSD_31, "v3_1")])
def test_prefixes_namespaces_and_imports(form, folder) -> None:
    root = xsd(form).root
    target = "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=T:FLOW(1.0.0):ObsLevelDim:"
    assert root.nsmap == {
        None: f"{target}TIME_PERIOD",
        "xs": "http://www.w3.org/2001/XMLSchema",
        "common": f"{BASE}/{folder}/common",
        "dsd": f"{BASE}/{folder}/data/structurespecific",
    }
    assert root.get("targetNamespace") == f"{target}TIME_PERIOD"
    imports = {e.get("namespace"): e.get("schemaLocation") for e in root if "import" in e.tag}
    assert imports == {
        f"{BASE}/{folder}/message": "SDMXMessage.xsd",
        f"{BASE}/{folder}/common": "SDMXCommon.xsd",
        f"{BASE}/{folder}/data/structurespecific": "SDMXDataStructureSpecific.xsd",
    }


@pytest.mark.parametrize("at", ["TIME_PERIOD", "AREA", "AllDimensions"])
@pytest.mark.parametrize("form", XSDS, ids=lambda form: form.version)
def test_types_and_what_they_restrict(form, at) -> None:
    found = xsd(form, at)
    series = "dsd:TimeSeries" if form is XSD_21 and at == "TIME_PERIOD" else "dsd:"
    assert found.base("DataSetType") == f"{series}DataSetType"
    assert found.base("ObsType") == f"{series}ObsType"
    assert found.base("ByArea") == "dsd:GroupType"
    assert ("SeriesType" in found.types) == (at != "AllDimensions")
    if at == "TIME_PERIOD":
        expected = "dsd:TimeSeriesType" if form is XSD_21 else "dsd:SeriesType"
        assert found.base("SeriesType") == expected
    assert ("AttsType" in found.types) == (form is not XSD_21)


def test_a_time_series_of_2_1() -> None:
    found = xsd(XSD_21)
    year = {"REPORTING_YEAR_START_DAY": ("xs:gMonthDay", "prohibited")}
    assert found.attributes("DataSetType") == {"SOURCE": ("xs:string", "required"), **year}
    assert found.attributes("SeriesType") == {
        "FREQ": (CODES, "required"),
        "AREA": (CODES, "required"),
        "TITLE": ("xs:string", "optional"),
        "MIXED": ("xs:string", "optional"),
        "LICENCE": ("xs:string", "optional"),
        **year,
    }
    assert found.attributes("ObsType") == {
        "type": ("common:IDType", "prohibited"),
        "TIME_PERIOD": (PERIOD, "required"),
        "OBS_VALUE": ("xs:double", "required"),
        "MIXED": ("xs:string", "optional"),
        "STATUS": (CODES, "required"),
        **year,
    }
    assert found.attributes("ByArea") == {
        "AREA": (CODES, "required"),
        "LICENCE": ("xs:string", "required"),
        "type": ("common:IDType", "optional"),
        **year,
    }


@pytest.mark.parametrize("form", [XSD_30, XSD_31], ids=lambda form: form.version)
def test_a_cross_section_of_3_x(form) -> None:
    found = xsd(form, "AREA")
    coded = CODES if form is XSD_30 else f"{CODES}.OrMissing"
    # Atts may hold them instead
    assert found.attributes("DataSetType") == {"SOURCE": ("xs:string", "optional")}
    assert found.attributes("SeriesType") == {
        "FREQ": (CODES, "required"),
        "TIME_PERIOD": (PERIOD, "required"),
        "TITLE": ("xs:string", "optional"),
        "MIXED": ("xs:string", "optional"),
    }
    assert found.attributes("ObsType") == {
        "type": ("common:IDType", "prohibited"),
        "AREA": (CODES, "required"),
        "OBS_VALUE": ("xs:double", "required"),
        "TITLE": ("xs:string", "optional"),
        "MIXED": ("xs:string", "optional"),
        "STATUS": (coded, "required"),
        "TIME_PERIOD": (PERIOD, "prohibited"),
    }
    everything = {*WHOLE.by_id} - {"OBS_VALUE"}
    assert found.attributes("AttsType").keys() == everything
    assert {use for _, use in found.attributes("AttsType").values()} == {"optional"}


@pytest.mark.parametrize("form", XSDS, ids=lambda form: form.version)
def test_flat_data_has_every_dimension_at_the_observation(form) -> None:
    found = xsd(form, "AllDimensions").attributes("ObsType")
    required = [name for name, (_, use) in found.items() if use == "required"]
    assert required == ["FREQ", "AREA", "TIME_PERIOD", "OBS_VALUE", "STATUS"]
    assert {"TITLE", "MIXED"} < found.keys()


@pytest.mark.parametrize("form", XSDS, ids=lambda form: form.version)
def test_what_is_required_goes_by_usage(form) -> None:
    def required(usage: Usage) -> set[str]:
        found = xsd(form, "AREA", usage=usage)
        levels = ("DataSetType", "SeriesType", "ObsType", "ByArea")
        held = [pair for type_ in levels for pair in found.attributes(type_).items()]
        return {name for name, (_, use) in held if use == "required"}

    assert required(Usage.DELETION) == set()
    assert required(Usage.OPTIONAL) == {"FREQ", "AREA", "TIME_PERIOD"}
    assert required(Usage.DECLARED) - {"SOURCE"} == {
        *("FREQ", "AREA", "TIME_PERIOD", "OBS_VALUE", "STATUS", "LICENCE"),
    }


def test_the_order_of_elements() -> None:
    names = {"2.1": ["DataProvider", "Group", "Series"]}
    for form in XSDS:
        found = [e.get("name") for e in xsd(form).elements("DataSetType")[1:]]
        assert found == names.get(form.version, ["DataProvider", "Atts", "Group", "Series"])
        assert xsd(form).elements("DataSetType")[0] == {
            "ref": "common:Annotations",
            "minOccurs": "0",
        }


@pytest.mark.parametrize(("form", "ids"), [(XSD_21, "GroupType.ID"), (XSD_30, "Group.ID")])
def test_several_groups_share_an_abstract_type(form, ids) -> None:
    found = xsd(form, of=schema(attributes=ATTRIBUTES, groups=[OF_AREA, OF_FREQ]))
    assert found.base("GroupType") == "dsd:GroupType"
    assert found.base("ByArea") == found.base("ByFreq") == "GroupType"
    assert found.values(ids) == ["ByArea", "ByFreq"]
    assert found.attributes("ByFreq")["FREQ"] == (CODES, "required")
    assert "LICENCE" not in found.attributes("ByFreq")
    (element,) = (e for e in found.elements("DataSetType") if e.get("name") == "Group")
    assert element["type"] == "GroupType"


def test_time_that_a_structure_does_not_have_is_prohibited() -> None:
    found = xsd(XSD_31, "AREA", of=schema(KEY))
    for type_ in ("SeriesType", "ObsType", "AttsType"):
        assert found.attributes(type_)["TIME_PERIOD"] == (PERIOD, "prohibited")


def test_the_start_of_the_reporting_year_has_its_own_type_in_2_1() -> None:
    year = attribute("REPORTING_YEAR_START_DAY", attachment=Attachment.DATASET)
    held = schema(attributes=[year])
    for form, type_ in ((XSD_21, "xs:gMonthDay"), (XSD_30, "xs:string")):
        found = xsd(form, of=held).attributes("DataSetType")
        assert found["REPORTING_YEAR_START_DAY"] == (type_, "optional")


def test_2_1_has_one_measure_and_writes_lists_and_languages_as_one_value() -> None:
    several = Representation(enumeration=CODED.enumeration, max_occurs=None)
    held = schema(
        measures=[OBS_VALUE, measure("M2")],
        attributes=[
            attribute("REASONS", several),
            attribute("NOTES", Representation(max_occurs=3)),
            attribute("TITLE", Representation(is_multilingual=True)),
        ],
    )
    found = xsd(XSD_21, of=held).attributes("ObsType")
    assert "M2" not in found
    assert found["REASONS"] == ("REASONS.List", "optional")
    assert found["NOTES"] == found["TITLE"] == ("xs:string", "optional")
    with pytest.raises(NotAcceptable, match="whose only measure is OBS_VALUE"):
        xsd(XSD_21, of=schema(measures=[measure("M2")]))


@pytest.mark.parametrize("form", [XSD_30, XSD_31], ids=lambda form: form.version)
def test_what_has_several_values_or_languages_is_a_comp_element(form) -> None:
    held = schema(
        attributes=[
            attribute("NOTES", Representation(max_occurs=3), is_mandatory=True),
            attribute("TITLE", Representation(is_multilingual=True)),
            attribute("COUNTS", Representation(text_type=TextType.INTEGER, max_occurs=None)),
        ],
        measures=[measure("PEOPLE", Representation(text_type=TextType.LONG, max_occurs=2))],
    )
    found = xsd(form, of=held)
    (comp,) = (e for e in found.elements("ObsType") if e.get("name") == "Comp")
    assert (comp["type"], comp["minOccurs"]) == ("dsd:CompType", "2")  # PEOPLE and NOTES
    for name, id_, least, most in (
        ("NOTES_ATTRIBUTE", "NOTES", "1", "3"),
        ("TITLE_ATTRIBUTE", "TITLE", "0", "1"),
        ("COUNTS_ATTRIBUTE", "COUNTS", "0", "unbounded"),
        ("PEOPLE_MEASURE", "PEOPLE", "1", "2"),
    ):
        _, value = found.elements(name)
        assert (value.get("minOccurs", "1"), value["maxOccurs"]) == (least, most)
        assert found.attributes(name)["id"] == ("common:NCNameIDType", "required")
        fixed = found.root.find(f".//{{*}}complexType[@name='{name}']//{{*}}attribute")
        assert fixed.get("fixed") == id_
    assert found.elements("TITLE_ATTRIBUTE")[1]["type"] == "common:TextValueType"


def test_names_of_codes_come_in_the_languages_asked_for() -> None:
    text = write(Places(schema=WHOLE, at="TIME_PERIOD"), XSD_31, ["fr"])
    notes = etree.fromstring(text).iter("{*}documentation")
    assert [note.text for note in notes] == ["Code A", "Code B", "Code C"]


@pytest.mark.parametrize("form", XSDS, ids=lambda form: form.version)
def test_names_that_are_taken(form) -> None:
    """Components named like types of the standard, groups, or the attribute that tells a kind."""
    short = Representation(max_length=3)
    held = schema(
        dimensions=[dimension("type"), dimension("ByArea", short), dimension("AREA"), TIME],
        attributes=[attribute("ObsType", short), attribute("SeriesType", short)],
        groups=[OF_AREA],
    )
    found = Places(schema=held, at="TIME_PERIOD")
    judge(write(found, form), form)
    assert len(set(Xsd(found, form).types)) == len(Xsd(found, form).types)


def test_a_number_that_need_not_be_there() -> None:
    held = schema(measures=[measure("OBS_VALUE", NUMBER, is_mandatory=False)])
    assert xsd(XSD_31, of=held).attributes("ObsType")["OBS_VALUE"] == ("xs:double", "optional")


@pytest.mark.parametrize("form", XSDS, ids=lambda form: form.version)
def test_types_only_narrow_what_they_restrict(form) -> None:
    """libxml2 does not look for that; the official schemas themselves fail in other places."""
    xmlschema = pytest.importorskip("xmlschema")
    nested = (
        attribute("NOTES", Representation(max_occurs=3, max_length=9), is_mandatory=True),
        attribute("TITLES", Representation(is_multilingual=True)),
    )
    attributes = (*ATTRIBUTES, *nested) if form is not XSD_21 else ATTRIBUTES
    held = schema(attributes=attributes, groups=[OF_AREA, OF_FREQ])
    text = etree.tostring(xsd(form, of=held).root).decode()
    beside = str(official(form))
    assert xmlschema.XMLSchema10(text, base_url=beside, validation="lax").all_errors == []
