"""Small SDMX-ML messages, put together from their parts."""

from __future__ import annotations

from pathlib import Path

from hub.formats.limits import Limits
from hub.formats.message import RawData
from hub.formats.ml import read_ml
from hub.model import (
    Attachment,
    Attribute,
    ConceptScheme,
    Dataflow,
    DataProviderScheme,
    DataStructure,
    Dimension,
    Group,
    Measure,
    ProvisionAgreement,
    Structures,
)

BASE = "http://www.sdmx.org/resources/sdmxml/schemas"
_CONCEPTS = ConceptScheme(agency="T", id="CS")


def _part(id_: str) -> dict[str, object]:
    return {"id": id_, "concept": _CONCEPTS.reference.item(id_)}


STRUCTURE = DataStructure(
    agency="T",
    id="DSD",
    version="1.0",
    dimensions=(
        *(Dimension(**_part(id_)) for id_ in ("FREQ", "AREA")),
        Dimension(**_part("TIME_PERIOD"), is_time=True),
    ),
    measures=(Measure(**_part("OBS_VALUE")),),
    attributes=(
        Attribute(**_part("TITLE"), attachment=Attachment.GROUP, group="ByArea"),
        Attribute(**_part("STATUS")),
    ),
    groups=(Group(id="ByArea", dimensions=("AREA",)),),
)
FLOW = Dataflow(agency="T", id="FLOW", version="1.0", structure=STRUCTURE.reference)
AGREEMENT = ProvisionAgreement(
    agency="T",
    id="PA",
    version="1.0",
    dataflow=FLOW.reference,
    provider=DataProviderScheme(agency="T", id="DATA_PROVIDERS").reference.item("P"),
)
STRUCTURES = Structures([STRUCTURE, FLOW, AGREEMENT])
OF_FLOW = (
    "<common:StructureUsage>urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=T:FLOW(1.0)"
    "</common:StructureUsage>"
)
SERIES = '<Series FREQ="A" AREA="SE"><Obs TIME_PERIOD="2020" OBS_VALUE="1"/></Series>'


def message(
    body: str,
    *,
    kind: str = "StructureSpecificData",
    version: str = "v3_0",
    target: str = OF_FLOW,
    at: str = "TIME_PERIOD",
    structure: str = "",
    header: str = "",
) -> str:
    """A message of one structure; the body stands where the data sets do."""
    declared = (
        f'<message:Structure structureID="S" dimensionAtObservation="{at}"{structure}>'
        f"{target}</message:Structure>"
        if target
        else ""
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<message:{kind}'
        f' xmlns:message="{BASE}/{version}/message" xmlns:common="{BASE}/{version}/common"'
        f' xmlns:ss="{BASE}/{version}/data/structurespecific" xmlns:ns1="urn:x"'
        f' xmlns:generic="{BASE}/{version}/data/generic"'
        f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
        f"<message:Header><message:ID>M</message:ID>"
        f'<message:Sender id="X"><common:Name>N</common:Name></message:Sender>{declared}{header}'
        f"</message:Header>\n{body}\n</message:{kind}>\n"
    )


def data_set(content: str, attributes: str = ' ss:structureRef="S"') -> str:
    """A structure-specific data set."""
    return f'<message:DataSet xsi:type="ns1:DataSetType"{attributes}>{content}</message:DataSet>'


def read(
    folder: Path,
    text: str | bytes,
    structures: Structures | None = STRUCTURES,
    limits: Limits | None = None,
) -> RawData:
    """Read a message from a file."""
    path = folder / "data.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_ml(path, structures, limits=limits)
