"""Small SDMX-JSON messages, put together from their parts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hub.formats.json import read_json
from hub.formats.limits import Limits
from hub.formats.message import RawData

Json = dict[str, Any]
URN = "urn:sdmx:org.sdmx.infomodel"
FLOW = f"{URN}.datastructure.Dataflow=T:FLOW(1.0)"


def coded(id_: str, *values: Any, **more: Any) -> Json:
    """A component with a list of values: ids, or whole value objects."""
    listed = [{"id": v, "name": v} if isinstance(v, str) else v for v in values]
    return {"id": id_, "values": listed, **more}


def free(id_: str, **more: Any) -> Json:
    """A component whose values stand in the data."""
    return {"id": id_, "format": {"dataType": "String"}, **more}


STRUCTURE: Json = {
    "links": [{"urn": FLOW, "rel": "dataflow"}],
    "dimensions": {
        "dataSet": [coded("FREQ", "A")],
        "series": [coded("AREA", "SE", "NO")],
        "observation": [coded("TIME_PERIOD", {"value": "2020"}, {"value": "2021"})],
    },
    "measures": {"observation": [free("OBS_VALUE")]},
    "attributes": {
        "dataSet": [coded("SOURCE", "REG")],
        "dimensionGroup": [free("TITLE")],
        "series": [coded("UNIT", "P", "PC")],
        "observation": [coded("STATUS", "A", "E"), free("NOTE")],
    },
}


def message(*datasets: Json, structure: Json = STRUCTURE, **data: Any) -> Json:
    """A message of SDMX-JSON 2.x; `data` replaces parts of its data object."""
    return {"meta": {"id": "M"}, "data": {"structures": [structure], "dataSets": datasets} | data}


def series(*observations: list[Any], attributes: list[Any] | None = None) -> Json:
    """A series with an observation for each period, in order."""
    given = {} if attributes is None else {"attributes": attributes}
    return {**given, "observations": {str(place): row for place, row in enumerate(observations)}}


def read(folder: Path, document: Any, limits: Limits | None = None) -> RawData:
    """Read a message from a file; bytes are written as they are."""
    path = folder / "data.json"
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    path.write_bytes(content)
    return read_json(path, limits=limits)
