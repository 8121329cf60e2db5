"""Messages of one observation with one attribute X, written here by hand.

The node's own writers could not write what is wrong.
"""

from __future__ import annotations

import json
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from hub.formats.schema import Places, SchemaForm
from hub.model import FLOATS, INTEGERS, Column, TextType

BASE = "http://www.sdmx.org/resources/sdmxml/schemas"


def xml_message(places: Places, form: SchemaForm, value: Any) -> bytes:
    """A structure-specific message of a time series; a list or languages as a Comp element."""
    folder = f"{BASE}/v{form.model.replace('.', '_')}"
    urn = places.schema.context.urn
    reference = f"<c:StructureUsage>{urn}</c:StructureUsage>"
    scope = ""
    if form.is_simple:
        ref = 'agencyID="T" id="FLOW" version="1.0.0" package="datastructure" class="Dataflow"'
        reference = f"<c:StructureUsage><Ref {ref}/></c:StructureUsage>"
        scope = ' s:dataScope="Dataflow"'
    held, inner = f" X={quoteattr(value)}" if isinstance(value, str) else "", _comp(value)
    return (
        f'<m:StructureSpecificData xmlns:m="{folder}/message" xmlns:c="{folder}/common" '
        f'xmlns:s="{folder}/data/structurespecific" xmlns:n="{urn}:ObsLevelDim:TIME_PERIOD" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><m:Header><m:ID>I</m:ID>'
        "<m:Test>false</m:Test><m:Prepared>2025-01-01T00:00:00Z</m:Prepared>"
        f'<m:Sender id="T"/><m:Structure structureID="S" namespace="{urn}:ObsLevelDim:TIME_PERIOD" '
        f'dimensionAtObservation="TIME_PERIOD">{reference}</m:Structure></m:Header>'
        f'<m:DataSet xsi:type="n:DataSetType" s:structureRef="S"{scope}>'
        f'<Series FREQ="A" AREA="B"><Obs TIME_PERIOD="2020"{held}>{inner}</Obs></Series>'
        "</m:DataSet></m:StructureSpecificData>"
    ).encode()


def _comp(value: Any) -> str:
    if isinstance(value, str):
        return ""
    if isinstance(value, dict):
        texts = (f'<c:Text xml:lang="{tag}">{escape(text)}</c:Text>' for tag, text in value.items())
        inner = f"<Value>{''.join(texts)}</Value>"
    else:
        inner = "".join(f"<Value>{escape(one)}</Value>" for one in value)
    return f'<Comp id="X" xsi:type="n:X_ATTRIBUTE">{inner}</Comp>'


def json_message(places: Places, form: SchemaForm, value: Any) -> bytes:
    """A data message of a time series that names every component."""
    column = places.schema.by_id["X"]
    listed, held = _listed(column, value)
    urn = places.schema.context.urn
    attribute = {"id": "X", **({"values": listed} if listed else {})}
    dimensions = {
        "series": [
            {"id": "FREQ", "keyPosition": 0, "values": [{"id": "A"}]},
            {"id": "AREA", "keyPosition": 1, "values": [{"id": "B"}]},
        ],
        "observation": [{"id": "TIME_PERIOD", "keyPosition": 2, "values": [{"value": "2020"}]}],
    }
    structure = {
        "links": [{"urn": urn, "rel": "dataflow"}],
        "dimensions": dimensions,
        "measures": {"observation": [{"id": "OBS_VALUE"}]},
        "attributes": {"dataSet": [], "series": [], "observation": [attribute]},
    }
    series = {"0:0": {"observations": {"0": [1.5, held]}}}
    data = {"structures": [structure], "dataSets": [{"structure": 0, "series": series}]}
    return json.dumps({"data": data}).encode()


def _listed(column: Column, value: Any) -> tuple[list[dict[str, str]], Any]:
    """The values a message lists, and what its arrays hold."""
    if not column.is_coded:
        return [], [_typed(column, v) for v in value] if isinstance(value, list) else _typed(
            column, value
        )
    codes = value if isinstance(value, list) else [value]
    indices = list(range(len(codes)))
    return [{"id": code} for code in codes], indices if isinstance(value, list) else 0


def _typed(column: Column, value: Any) -> Any:
    """A lexical value as its JSON type, where it has one."""
    if not isinstance(value, str):
        return value
    if column.text_type is TextType.BOOLEAN:
        return {"true": True, "false": False}.get(value, value)
    if column.text_type in INTEGERS | FLOATS:
        try:
            number = float(value)
        except ValueError:
            return value
        if number != number or abs(number) == float("inf"):
            return value
        return int(value) if value.lstrip("+-").isdigit() else number
    return value
