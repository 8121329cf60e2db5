"""pysdmx reads every type of artefact that it knows, from an agency that has one of each."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("pysdmx")

from pysdmx.api.fmr import RegistryClient
from pysdmx.api.qb import ApiVersion, RestService, StructureFormat, StructureQuery, StructureType
from pysdmx.errors import Invalid, NotFound
from pysdmx.io import read_sdmx

from hub.rest.artefact_types import TYPES_V1, TYPES_V2
from tests.tck import agency

ARTEFACTS = (*agency.OF_21, *agency.OF_3X)
ON_V2 = (StructureFormat.SDMX_JSON_2_0_0, StructureFormat.SDMX_ML_3_0, StructureFormat.SDMX_ML_3_1)
#: Types that pysdmx 1.21 asks for and passes over in the answer, in every format.
PASSED_OVER = {
    "categoryschememap",
    "conceptschememap",
    "metadataconstraint",
    "organisationschememap",
    "organisationunitscheme",
    "process",
    "reportingtaxonomy",
    "reportingtaxonomymap",
    "structureset",
}
#: What it stumbles over, by the start of the format's name, with what it says.
STUMBLES = {
    ("metadataprovisionagreement", "SDMX_ML_3"): "Unexpected keyword argument 'target'",
    ("metadatastructure", "SDMX_ML_2"): "MetadataAttributeList",
    ("hierarchicalcodelist", "SDMX_ML_2"): "alias",  # optional in the schema of 2.1
    ("attachmentconstraint", "SDMX_ML_2"): "ContentConstraint",
}
#: Types that pysdmx does not ask for on 1.5: a draft of it had the one, the other it takes for new.
NOT_ON_V1 = {"namealiasscheme", "vtlmappingscheme"}
KINDS = [kind for kind in StructureType if kind is not StructureType.ALL]


def _ids(kind: StructureType, api: str) -> set[str]:
    """The ids of the agency's artefacts of a type that pysdmx can show."""
    classes = {"v1": TYPES_V1, "v2": TYPES_V2}[api][kind.value]
    hidden = {"ACTUAL"}  # is read as what is available, which has no id
    hidden |= {each.id for each in ARTEFACTS if each.artefact_class.rest_name in PASSED_OVER}
    if api == "v2":
        hidden |= {"CL_CELLS", "CL_PLACES"}  # geospatial lists are passed over, too
    if kind is StructureType.ACTUAL_CONSTRAINT:
        return set()
    return {each.id for each in ARTEFACTS if each.artefact_class in classes} - hidden


def _asked(url: str, api: str, form: StructureFormat, kind: StructureType) -> bytes:
    version = {"v1": ApiVersion.V1_5_0, "v2": ApiVersion.V2_2_0}[api]
    service = RestService(f"{url}/sdmx/{api}", version, structure_format=form, timeout=60)
    found: bytes = service.structure(StructureQuery(kind, agency.AGENCY, "*", "*"))
    return found


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize(
    ("api", "form"),
    [("v1", StructureFormat.SDMX_ML_2_1), *(("v2", form) for form in ON_V2)],
    ids=lambda value: getattr(value, "name", value),
)
def test_every_type(agency_url: str, api: str, form: StructureFormat, kind: StructureType) -> None:
    types = {"v1": TYPES_V1, "v2": TYPES_V2}[api]
    if kind.value not in types or (api == "v1" and kind.value in NOT_ON_V1):
        with pytest.raises((Invalid, NotFound)):  # this API has no such type
            _asked(agency_url, api, form, kind)
        return
    raw = _asked(agency_url, api, form, kind)
    told = [
        message
        for (name, start), message in STUMBLES.items()
        if name == kind.value and form.name.startswith(start)
    ]
    if told:
        with pytest.raises((KeyError, TypeError), match=told[0]):
            read_sdmx(io.BytesIO(raw), validate=False)
        return
    found = read_sdmx(io.BytesIO(raw), validate=False).structures or []
    ids = {each.id for each in found if hasattr(each, "id")}  # what is available has none
    if kind.value in PASSED_OVER:
        assert not ids
        return
    assert _ids(kind, api) <= ids


CALLS: dict[str, tuple[Callable[[RegistryClient], Any], object]] = {
    "agencies": (lambda r: _names(r.get_agencies("CONF")), ["CONF.SUB", "CONF.OTHER"]),
    "providers": (
        lambda r: [(p.id, _names(p.dataflows)) for p in r.get_providers("CONF", True)],
        [("P1", ["DF"]), ("P2", ["DF"])],
    ),
    "metadata providers": (lambda r: _names(r.get_metadata_providers("CONF")), ["M1", "M2"]),
    "categories": (
        lambda r: _names(r.get_categories("CONF", "CATEGORIES", "1.0").categories),
        ["ECON", "SOCIAL"],
    ),
    "categorisation": (lambda r: r.get_categorisation("CONF", "CAT_DF", "1.0").id, "CAT_DF"),
    "agreement": (lambda r: r.get_provision_agreement("CONF", "PA_P1", "1.0").id, "PA_P1"),
    "codes": (lambda r: _names(r.get_codes("CONF", "CL_SEX", "1.0")), ["F", "M", "_T"]),
    "values": (
        lambda r: _names(r.get_codes("CONF", "VL_UNIT", "1.0")),
        [code.id for code in agency.UNIT_VALUES.items],
    ),
    "concepts": (
        lambda r: _names(r.get_concepts("CONF", "CS", "1.0")),
        [concept.id for concept in agency.CONCEPTS.items],
    ),
    "dataflows": (lambda r: _names(r.get_dataflows("CONF")), ["DF"]),
    "details": (
        lambda r: sorted(_names(r.get_dataflow_details("CONF", "DF", "1.0").providers)),
        ["P1", "P2"],
    ),
    "constraint": (lambda r: r.get_data_constraint("CONF", "CON_DF", "1.0").id, "CON_DF"),
    "structures": (lambda r: _names(r.get_data_structures("CONF")), ["DSD"]),
    "hierarchy": (
        lambda r: _names(r.get_hierarchy("CONF", "HIERARCHY", "1.0").codes),
        ["NORDIC"],
    ),
    "metadata structures": (lambda r: _names(r.get_metadata_structures("CONF")), ["MSD"]),
    "metadataflows": (lambda r: _names(r.get_metadataflows("CONF")), ["MDF"]),
    "metadata agreement": (
        lambda r: r.get_metadata_provision_agreement("CONF", "MPA", "1.0").id,
        "MPA",
    ),
    "mapping": (lambda r: r.get_mapping("CONF", "STRUCTURE_MAP", "1.0").id, "STRUCTURE_MAP"),
    "code map": (lambda r: r.get_code_map("CONF", "SEX_MAP", "1.0").id, "SEX_MAP"),
    "VTL": (
        lambda r: r.get_vtl_transformation_scheme("CONF", "PROGRAM", "1.0").id,
        "PROGRAM",
    ),
}


def _names(items: Any) -> list[str]:
    return [item.id for item in items]


@pytest.mark.parametrize("call", CALLS)
def test_the_registry_client_reads_what_it_asks_for(agency_url: str, call: str) -> None:
    """The client of pysdmx for a registry reads the SDMX-JSON 2.0 of the node."""
    registry = RegistryClient(f"{agency_url}/sdmx/v2", timeout=60)
    asked, expected = CALLS[call]
    assert asked(registry) == expected


@pytest.mark.parametrize("context", ["datastructure", "dataflow", "provisionagreement"])
def test_the_registry_client_reads_schemas(agency_url: str, context: str) -> None:
    registry = RegistryClient(f"{agency_url}/sdmx/v2", timeout=60)
    name = {"datastructure": "DSD", "dataflow": "DF", "provisionagreement": "PA_P1"}[context]
    schema = registry.get_schema(context, "CONF", name, "1.0")
    wanted = [component.id for component in agency.STRUCTURE.components]
    assert sorted(component.id for component in schema.components) == sorted(wanted)
