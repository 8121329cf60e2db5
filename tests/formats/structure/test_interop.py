"""Other libraries read what we write, and find in it what was put in."""

from __future__ import annotations

import io
import warnings
from dataclasses import replace
from typing import Any

import pytest

from hub.formats.message import Header
from hub.formats.structure import (
    JSON_20,
    JSON_21,
    ML_21,
    ML_30,
    ML_31,
    Family,
    StructureForm,
    write,
)
from hub.model import (
    Code,
    Codelist,
    DataConstraint,
    DataStructure,
    Maintainable,
    RepresentationMap,
    ValueList,
)

pysdmx_io = pytest.importorskip("pysdmx.io")


def pysdmx_reads(message: bytes, form: StructureForm) -> Any:
    """Its validation of JSON needs a further package; the schemas judge in other tests anyway."""
    return pysdmx_io.read_sdmx(message.decode(), validate=form.family is Family.ML)


@pytest.fixture
def plain(artefacts: list[Maintainable]) -> list[Maintainable]:
    """What both libraries cope with.

    sdmx1 2.28 fails on an attribute without values and on a range with one bound, which the schema
    allows; pysdmx 1.21 fails on annotations of components and groups.
    """
    return [_without_what_fails(artefact) for artefact in artefacts]


def _without_what_fails(artefact: Maintainable) -> Maintainable:
    if isinstance(artefact, DataConstraint):
        region = artefact.regions[0]
        return replace(artefact, regions=(replace(region, attributes=region.attributes[:1]),))
    if isinstance(artefact, DataStructure):
        parts = {
            name: tuple(replace(part, annotations=()) for part in getattr(artefact, name))
            for name in ("dimensions", "measures", "attributes", "groups")
        }
        return replace(artefact, **parts)
    return artefact


def test_sdmx1_reads_2_1(plain: list[Maintainable], header: Header) -> None:
    sdmx = pytest.importorskip("sdmx")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own making
        message = sdmx.read_sdmx(io.BytesIO(write(header, plain, ML_21)))
    structure = message.structure["MIG"]
    assert [dim.id for dim in structure.dimensions.components] == [
        "FREQ",
        "REF_AREA",
        "ORIGIN",
        "TIME_PERIOD",
    ]
    sweden = message.codelist["CL_AREA"]["SWE"]
    assert sweden.name.localizations == {"en": "Sweden", "sv": "Sverige", "ar": "السويد"}
    assert sweden.parent.id == "M49_001"
    related = structure.attributes.get("TITLE").related_to
    assert [dim.id for dim in related.dimensions] == ["FREQ", "REF_AREA"]
    assert message.provisionagreement["PA_SCB"].data_provider.id == "SCB"
    assert message.provisionagreement["PA_SCB"].structure_usage.id == "DF_MIG"
    (region,) = message.constraint["CON_ALLOWED"].data_content_region
    allowed = {key.id: selection for key, selection in region.member.items()}
    assert {value.value for value in allowed["FREQ"].values} == {"A", "Q"}


@pytest.mark.parametrize("form", [ML_21, ML_30, ML_31, JSON_20, JSON_21], ids=str)
def test_pysdmx_reads_every_form(
    form: StructureForm, plain: list[Maintainable], header: Header
) -> None:
    message = pysdmx_reads(write(header, plain, form), form)
    found = {(type(artefact).__name__, artefact.id): artefact for artefact in message.structures}
    assert len(found) == len(plain)
    structure = found["DataStructureDefinition", "MIG"]
    assert [component.id for component in structure.components.dimensions] == [
        "FREQ",
        "REF_AREA",
        "ORIGIN",
        "TIME_PERIOD",
    ]
    by_id = {component.id: component for component in structure.components.attributes}
    assert by_id["TITLE"].attachment_level == "FREQ,REF_AREA"
    assert by_id["OBS_STATUS"].attachment_level == "O"
    codes = found["Codelist", "CL_AREA"].codes
    assert [code.id for code in codes] == ["M49_001", "SWE", "_T", "0$@-x"]
    assert "SCB" in str(found["ProvisionAgreement", "PA_SCB"].provider)


@pytest.mark.parametrize("form", [ML_30, ML_31, JSON_20, JSON_21], ids=str)
def test_pysdmx_reads_what_is_new_in_3(
    form: StructureForm, mapping: RepresentationMap, header: Header
) -> None:
    values = ValueList(
        agency="MIGX", id="VL", name=mapping.name, items=(Code(id="€ 1", name=mapping.name),)
    )
    message = pysdmx_reads(write(header, [mapping, values], form), form)
    found = {artefact.id: artefact for artefact in message.structures}
    assert [(pair.source, pair.target) for pair in found["MAP_AREA"].maps] == [*mapping.pairs]
    assert [item.id for item in found["VL"].items] == ["€ 1"]


def test_pysdmx_reads_an_availability_answer(actual: DataConstraint, header: Header) -> None:
    for form in (ML_21, ML_30, JSON_20, JSON_21):
        (found,) = pysdmx_reads(write(header, [actual], form), form).structures
        found_keys = found.cube_region.key_values
        keys = {key.id: [value.value for value in key.values] for key in found_keys}
        assert keys == {"FREQ": ["A"], "REF_AREA": ["SWE", "DNK"]}
        assert (found.series_count, found.obs_count) == (12, 3456)


def test_the_names_pysdmx_finds_are_ours(codelist: Codelist, header: Header) -> None:
    (found,) = pysdmx_reads(write(header, [codelist], ML_30, ["fr"]), ML_30).structures
    assert found.name == "Zone <géographique>"
    assert found.codes[0].name == "Monde"
