"""Other libraries read the types they know, and find in them what was put in."""

from __future__ import annotations

import io
import warnings
from typing import Any

import pytest

from hub.formats.message import Header
from hub.formats.structure import JSON_20, JSON_21, ML_21, ML_30, ML_31, StructureForm, write
from hub.model import Maintainable
from tests.tck import agency

FORMS = [ML_30, ML_31, JSON_20, JSON_21]


def pysdmx_reads(artefact: Maintainable, header: Header, form: StructureForm) -> Any:
    pysdmx_io = pytest.importorskip("pysdmx.io")
    message = write(header, [artefact], form).decode()
    (found,) = pysdmx_io.read_sdmx(message, validate=False).structures
    assert found.id == artefact.id
    return found


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_pysdmx_reads_categories_and_what_is_under_them(
    form: StructureForm, header: Header
) -> None:
    scheme = pysdmx_reads(agency.CATEGORIES, header, form)
    assert [category.id for category in scheme.categories] == ["ECON", "SOCIAL"]
    (below,) = scheme.categories[1].categories
    assert [category.id for category in below.categories] == ["MIG"]
    found = pysdmx_reads(agency.CATEGORISATIONS[0], header, form)
    assert (found.source, found.target) == (
        agency.FLOW.urn,
        agency.CATEGORISATIONS[0].target.urn,
    )


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_pysdmx_reads_structures_of_metadata(form: StructureForm, header: Header) -> None:
    structure = pysdmx_reads(agency.METADATA_STRUCTURE, header, form)
    assert [component.id for component in structure.components] == ["CONTACT", "QUALITY"]
    assert [each.id for each in structure.components[0].components] == ["CONTACT_EMAIL"]
    assert pysdmx_reads(agency.METADATA_FLOW, header, form)


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_pysdmx_reads_hierarchies(form: StructureForm, header: Header) -> None:
    hierarchy = pysdmx_reads(agency.HIERARCHY, header, form)
    (top,) = hierarchy.codes
    assert top.id == "NORDIC"
    assert [code.id for code in top.codes] == ["DNK", "FIN", "NOR", "SWE"]
    association = pysdmx_reads(agency.ASSOCIATION, header, form)
    assert association.context_ref == agency.FLOW.urn


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_pysdmx_reads_maps(form: StructureForm, header: Header) -> None:
    values = pysdmx_reads(agency.UNIT_MAP, header, form)
    assert [(each.source, each.target) for each in values.maps] == [*agency.UNIT_MAP.pairs]
    mapping = pysdmx_reads(agency.STRUCTURE_MAP, header, form)
    assert len(mapping.maps) == 3


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_pysdmx_reads_programs(form: StructureForm, header: Header) -> None:
    program = pysdmx_reads(agency.PROGRAM, header, form)
    assert [(each.id, each.full_expression) for each in program.items] == [
        ("T1", "DS_1 <- DS + 1;"),
        ("T2", "DS_2 := DS_1 * 2;"),
    ]
    for scheme in (agency.RULESETS, agency.OPERATORS, agency.TYPES, agency.NAMES):
        found = pysdmx_reads(scheme, header, form)
        assert [each.id for each in found.items] == [each.id for each in scheme.items]


def test_sdmx1_reads_types_of_2_1(header: Header) -> None:
    """sdmx1 2.28 reads neither units, reporting taxonomies, processes nor attachments."""
    sdmx = pytest.importorskip("sdmx")
    known = (
        agency.DATA_CONSUMERS,
        agency.METADATA_STRUCTURE,
        agency.METADATA_FLOW,
        agency.CATEGORIES,
        *agency.CATEGORISATIONS,
        agency.HIERARCHICAL,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own making
        message = sdmx.read_sdmx(io.BytesIO(write(header, known, ML_21)))
    (top, other) = [each for each in message.category_scheme["CATEGORIES"].items.values()][:2]
    assert {top.id, other.id} <= {"SOCIAL", "ECON", "POP", "MIG"}
    assert set(message.categorisation) == {"CAT_DF", "CAT_MDF", "CAT_DSD"}
    found = message.categorisation["CAT_DF"]
    assert (found.artefact.id, found.category.id) == ("DF", "MIG")
    (report,) = message.metadatastructure["MSD"].report_structure.values()
    assert [each.id for each in report.components] == ["CONTACT", "QUALITY"]
    hierarchies = message.hierarchical_codelist["HCL"].hierarchy
    assert [hierarchy.id for hierarchy in hierarchies] == ["BY_REGION", "FLAT"]
