"""A harmless file of every form: one observation of DF_STOCK_BIRTH, or what else is loaded."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from tests.formats.ml.messages import data_set, message

FLOW = "MIGX:DF_STOCK_BIRTH"
URN = f"urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow={FLOW}(1.0.0)"
DIMENSIONS = (
    *("FREQ", "REF_AREA", "MIGRANT_STATUS", "COUNTERPART_BASIS", "COUNTERPART_AREA"),
    *("SEX", "AGE", "UNIT_MEASURE", "TIME_PERIOD"),
)
ROW: Mapping[str, str] = {
    **dict(
        zip(DIMENSIONS, ("A", "SWE", "FB", "BIRTH", "POL", "_T", "_T", "PS", "2020"), strict=True)
    ),
    "OBS_VALUE": "93722",
    "OBS_STATUS": "A",
    "CONF_STATUS": "F",
    **dict.fromkeys(("SOURCE_TYPE", "POP_CONCEPT", "DURATION_CRIT", "DURATION_BASIS"), "_U"),
    "DERIVATION": "O",
    "UNIT_MULT": "0",
    "DECIMALS": "0",
    "DATA_PROVIDER": "Statistics Sweden",
    "LICENCE": "CC BY 4.0",
}
MAPPING = f"""dataflow = "{FLOW}"
[source]
header = 1
[columns]
COUNTERPART_AREA = "Country"
TIME_PERIOD = "Year"
OBS_VALUE = "People"
DATA_PROVIDER = "Office"
[constants]
""" + "\n".join(
    f'{name} = "{value}"'
    for name, value in ROW.items()
    if name not in ("COUNTERPART_AREA", "TIME_PERIOD", "OBS_VALUE", "DATA_PROVIDER")
)
TABLE = (("Country", "Year", "People", "Office"), ("POL", 2020, 93722, "Statistics Sweden"))


def row(**given: str) -> dict[str, str]:
    """The observation with other values."""
    return {**ROW, **given}


def csv_2(**given: str) -> bytes:
    """SDMX-CSV 2.0; STRUCTURE, STRUCTURE_ID and ACTION may be given too."""
    first = {"STRUCTURE": "dataflow", "STRUCTURE_ID": f"{FLOW}(1.0.0)", "ACTION": "I"}
    return lines({**first, **ROW, **given})


def csv_1(**given: str) -> bytes:
    """SDMX-CSV 1.0."""
    return lines({"DATAFLOW": f"{FLOW}(1.0.0)", **ROW, **given})


def lines(*rows: Mapping[str, str]) -> bytes:
    """A header and the rows below it."""
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def specific(version: str = "v3_0", head: str = "", rest: str = "", **given: str) -> str:
    """Structure-specific SDMX-ML, flat; `head` stands before the root, `rest` in the data set."""
    cells = " ".join(f'{name}="{value}"' for name, value in row(**given).items())
    return enclosed(f"<Obs {cells}/>{rest}", version, head)


def enclosed(content: str, version: str = "v3_0", head: str = "") -> str:
    """A structure-specific message around the content of a data set."""
    usage = f"<common:StructureUsage>{URN}</common:StructureUsage>"
    if version == "v2_1":
        named = '<Ref agencyID="MIGX" id="DF_STOCK_BIRTH" version="1.0.0"/>'
        usage = f"<common:StructureUsage>{named}</common:StructureUsage>"
    text = message(data_set(content), version=version, target=usage, at="AllDimensions")
    return text.replace("\n", f"\n{head}", 1)


def generic(head: str = "", rest: str = "", **given: str) -> str:
    """Generic SDMX-ML 2.1, flat."""
    whole = row(**given)

    def values(element: str, names: Any) -> str:
        held = "".join(f'<generic:Value id="{name}" value="{whole[name]}"/>' for name in names)
        return f"<generic:{element}>{held}</generic:{element}>"

    attributes = [name for name in whole if name not in (*DIMENSIONS, "OBS_VALUE")]
    content = (
        f"<generic:Obs>{values('ObsKey', DIMENSIONS)}"
        f'<generic:ObsValue value="{whole["OBS_VALUE"]}"/>{values("Attributes", attributes)}'
        f"</generic:Obs>{rest}"
    )
    named = '<Ref agencyID="MIGX" id="DF_STOCK_BIRTH" version="1.0.0"/>'
    text = message(
        f'<message:DataSet structureRef="S" action="Append">{content}</message:DataSet>',
        kind="GenericData",
        version="v2_1",
        target=f"<common:StructureUsage>{named}</common:StructureUsage>",
        at="AllDimensions",
    )
    return text.replace("\n", f"\n{head}", 1)


def json_2(**given: str) -> dict[str, Any]:
    """SDMX-JSON 2.0, flat, as a value to change."""
    whole = row(**given)

    def coded(name: str) -> dict[str, Any]:
        key = "value" if name == "TIME_PERIOD" else "id"
        return {"id": name, "values": [{key: whole[name], "name": whole[name]}]}

    attributes = [name for name in whole if name not in (*DIMENSIONS, "OBS_VALUE")]
    structure = {
        "links": [{"urn": URN, "rel": "dataflow"}],
        "dimensions": {"observation": [coded(name) for name in DIMENSIONS]},
        "measures": {"observation": [{"id": "OBS_VALUE", "format": {"dataType": "Double"}}]},
        "attributes": {"observation": [coded(name) for name in attributes]},
    }
    key = ":".join("0" * len(DIMENSIONS))
    held = {key: [float(whole["OBS_VALUE"]), *[0] * len(attributes)]}
    data = {"structures": [structure], "dataSets": [{"observations": held}]}
    return {"meta": {"id": "M"}, "data": data}


def json_1(**given: str) -> dict[str, Any]:
    """SDMX-JSON 1.0, flat."""
    newer = json_2(**given)
    (structure,) = newer["data"]["structures"]
    del structure["measures"]
    return {**newer, "data": {"structure": structure, "dataSets": newer["data"]["dataSets"]}}


def table(**given: Any) -> pa.Table:
    """One row, texts."""
    return pa.table({name: [value] for name, value in {**ROW, **given}.items()})


def parquet(columns: pa.Table, **options: Any) -> bytes:
    """A Parquet file."""
    out = io.BytesIO()
    pq.write_table(columns, out, **options)
    return out.getvalue()


def arrow(
    columns: pa.Table, make: Any = pa.ipc.new_stream, compression: str | None = None
) -> bytes:
    """An Arrow stream (or file)."""
    out = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with make(out, columns.schema, options=options) as writer:
        writer.write_table(columns)
    return out.getvalue()


def workbook(*rows: Any) -> bytes:
    """An XLSX workbook of one sheet."""
    book = openpyxl.Workbook()
    for cells in rows or TABLE:
        book.active.append(list(cells))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def dumped(value: Any) -> bytes:
    """A value as JSON."""
    return json.dumps(value).encode()
