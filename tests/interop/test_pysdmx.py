"""pysdmx as a client: its REST connector and registry client, its readers of every format."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd
import pytest

pytest.importorskip("pysdmx")

from pysdmx.api.fmr import RegistryClient
from pysdmx.api.qb import (
    ApiVersion,
    DataContext,
    DataFormat,
    DataQuery,
    RestService,
    SchemaContext,
    SchemaFormat,
    SchemaQuery,
    StructureFormat,
    StructureQuery,
    StructureReference,
    StructureType,
)
from pysdmx.errors import PysdmxError
from pysdmx.io import get_datasets, read_sdmx
from pysdmx.model import DataStructureDefinition

# pysdmx uses parts of pandas that are about to go
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]

FLOWS = [
    "DF_ADMIN_ASYLUM",
    "DF_ADMIN_BORDER",
    "DF_ADMIN_PERMITS",
    "DF_ADMIN_REGISTERS",
    "DF_ADMIN_STUDENTS",
    "DF_ADMIN_WORK",
    "DF_ASYMMETRY",
    "DF_BAL",
    "DF_CAP",
    "DF_CHAR",
    "DF_EMIGRANTS",
    "DF_FLOW_BIRTH",
    "DF_FLOW_CTZ",
    "DF_FLOW_RES",
    "DF_SDG",
    "DF_STOCK_BIRTH",
    "DF_STOCK_CTZ",
    "DF_STOCK_RET",
]
ON_V2 = [
    StructureFormat.SDMX_JSON_2_0_0,
    StructureFormat.SDMX_ML_3_0,
    StructureFormat.SDMX_ML_3_1,
]
#: The readers of data: pysdmx 1.21 has none for SDMX-JSON.
READABLE = [each for each in DataFormat if "JSON" not in each.name]


def _v2(url: str, **formats: Any) -> RestService:
    return RestService(f"{url}/sdmx/v2", ApiVersion.V2_2_0, timeout=30, **formats)


def _all_flows() -> StructureQuery:
    return StructureQuery(StructureType.DATAFLOW, "MIGX", "*", "*")


def _whole(flow: str) -> DataQuery:
    return DataQuery(DataContext.DATAFLOW, "MIGX", flow, "1.0.0")


def _message(raw: bytes) -> Any:
    return read_sdmx(io.BytesIO(raw), validate=False)


@pytest.mark.parametrize("form", ON_V2, ids=lambda form: form.name)
def test_it_lists_the_dataflows(url: str, form: StructureFormat) -> None:
    found = _message(_v2(url, structure_format=form).structure(_all_flows())).get_dataflows()
    assert sorted(flow.id for flow in found) == FLOWS


def test_on_rest_1_it_lists_the_dataflows(url: str) -> None:
    ml = StructureFormat.SDMX_ML_2_1
    service = RestService(f"{url}/sdmx/v1", ApiVersion.V1_5_0, structure_format=ml, timeout=30)
    found = _message(service.structure(_all_flows())).get_dataflows()
    assert sorted(flow.id for flow in found) == FLOWS


@pytest.mark.parametrize("form", ON_V2, ids=lambda form: form.name)
@pytest.mark.parametrize(
    ("flow", "structure", "dimensions"),
    [("DF_STOCK_BIRTH", "MIG_STOCK", 9), ("DF_EMIGRANTS", "MIG_MIRROR", 11)],
)
def test_it_reads_the_structures(
    url: str, form: StructureFormat, flow: str, structure: str, dimensions: int
) -> None:
    query = StructureQuery(
        StructureType.DATAFLOW, "MIGX", flow, "1.0.0", references=StructureReference.DESCENDANTS
    )
    message = _message(_v2(url, structure_format=form).structure(query))
    (found,) = message.get_data_structure_definitions()
    assert isinstance(found, DataStructureDefinition)
    assert (found.id, len(found.components.dimensions)) == (structure, dimensions)
    areas = {scheme.id: scheme for scheme in message.get_codelists()}["CL_AREA_MIG"]
    assert {code.id: code.name for code in areas}["POL"] == "Poland"


@pytest.mark.parametrize("form", READABLE, ids=lambda form: form.name)
@pytest.mark.parametrize("flow", ["DF_STOCK_BIRTH", "DF_EMIGRANTS", "DF_ASYMMETRY"])
def test_it_reads_the_data(url: str, plain: Any, alike: Any, flow: str, form: DataFormat) -> None:
    if flow != "DF_STOCK_BIRTH" and form in (DataFormat.SDMX_CSV_2_0_0, DataFormat.SDMX_CSV_2_1_0):
        pytest.skip("pysdmx 1.21 does not read STRUCTURE[;], the header where cells hold several")
    rows = plain(flow)
    (dataset,) = _message(_v2(url, data_format=form).data(_whole(flow))).get_datasets()
    frame: pd.DataFrame = dataset.data.astype(object)
    found = frame.where(frame.notna(), None).to_dict("records")
    columns = tuple(name for name in rows[0] if name != "ASYM_REASON")  # passed over by pysdmx
    assert len(found) == len(rows) > 600
    assert alike([row | dict(dataset.attributes) for row in found], columns) == alike(rows, columns)


def test_data_and_structure_go_together(url: str) -> None:
    """A dataset with its structure resolved, as pysdmx wants it for validation and writing."""
    query = StructureQuery(
        StructureType.DATAFLOW,
        "MIGX",
        "DF_STOCK_BIRTH",
        "1.0.0",
        references=StructureReference.DESCENDANTS,
    )
    structure = _v2(url, structure_format=StructureFormat.SDMX_ML_3_0).structure(query)
    data = _v2(url, data_format=DataFormat.SDMX_ML_3_0).data(_whole("DF_STOCK_BIRTH"))
    (dataset,) = get_datasets(io.BytesIO(data), io.BytesIO(structure), validate=False)
    assert dataset.structure.id == "DF_STOCK_BIRTH"
    assert set(dataset.data.columns) <= {component.id for component in dataset.structure.components}


def test_the_registry_client_reads_what_it_asks_for(url: str) -> None:
    registry = RegistryClient(f"{url}/sdmx/v2", timeout=30)
    assert sorted(flow.id for flow in registry.get_dataflows("MIGX")) == FLOWS
    structures = registry.get_data_structures("MIGX")
    assert sorted(each.id for each in structures) == [
        "MIG_ADMIN",
        "MIG_BAL",
        "MIG_CAP",
        "MIG_CHAR",
        "MIG_FLOW",
        "MIG_MIRROR",
        "MIG_SDG",
        "MIG_STOCK",
    ]
    areas = registry.get_codes("MIGX", "CL_AREA_MIG", "1.0.0")
    assert {area.id: area.name for area in areas}["SWE"] == "Sweden"
    assert "REF_AREA" in {concept.id for concept in registry.get_concepts("MIGX", "CS_MIG")}
    assert "MIGX" in {agency.id for agency in registry.get_agencies("SDMX")}


def test_the_registry_client_reads_what_data_may_hold(url: str) -> None:
    registry = RegistryClient(f"{url}/sdmx/v2", timeout=30)
    whole = registry.get_schema("datastructure", "MIGX", "MIG_STOCK", "1.0.0").components
    narrow = registry.get_schema("dataflow", "MIGX", "DF_STOCK_BIRTH", "1.0.0").components
    assert [component.id for component in narrow] == [component.id for component in whole]
    assert {code.id for code in narrow["COUNTERPART_BASIS"].local_codes} == {"BIRTH"}
    assert {"BIRTH", "CTZ"} < {code.id for code in whole["COUNTERPART_BASIS"].local_codes}
    areas = {code.id for code in narrow["REF_AREA"].local_codes}
    others = {code.id for code in narrow["COUNTERPART_AREA"].local_codes}
    assert areas < others  # the same list, but only for one of them without the world
    assert "_T" in others - areas


SCHEMA_FORMS = [form for form in SchemaFormat if form is not SchemaFormat.FUSION_JSON]


@pytest.mark.parametrize("form", SCHEMA_FORMS, ids=lambda form: form.name)
def test_it_asks_for_a_schema_in_each_form(url: str, form: SchemaFormat) -> None:
    is_old = form.name.startswith(("SDMX_JSON_1", "SDMX_ML_2"))
    version = ApiVersion.V1_5_0 if is_old else ApiVersion.V2_2_0
    address = f"{url}/sdmx/v1" if is_old else f"{url}/sdmx/v2"
    service = RestService(address, version, schema_format=form, timeout=30)
    query = SchemaQuery(SchemaContext.DATAFLOW, "MIGX", "DF_STOCK_BIRTH", "1.0.0")
    if form is SchemaFormat.SDMX_JSON_1_0_0_SCHEMA:  # SDMX-JSON 1.0 has no schema of its own
        with pytest.raises(PysdmxError, match="406"):
            service.schema(query)
        return
    assert b"MIG_STOCK" in service.schema(query) or form.name.endswith("SCHEMA")
