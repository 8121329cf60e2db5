"""What another library needs for the same: pysdmx writing SDMX-ML 3.0 from a data frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks import plain
from benchmarks.measure import median_of, timed
from benchmarks.workshop import Workshop
from dsd import shared_structures
from hub.engine import identifiers
from hub.model import Attachment, Column, Role, Schema, resolve

if TYPE_CHECKING:
    from pysdmx.model import Schema as TheirSchema

#: pysdmx is timed on so many observations at most; its time grows linearly.
_ROWS = 100_000


def pysdmx_seconds(workshop: Workshop, kind: str) -> float:
    """Seconds pysdmx takes for one observation, written as series."""
    from pysdmx.io import write_sdmx
    from pysdmx.io.format import Format
    from pysdmx.io.pd import PandasDataset

    size = min(workshop.middle, _ROWS)
    data = workshop.data(kind, size)
    schema = resolve(data.flow, shared_structures().with_(plain.artefacts()))
    with workshop.table(kind, size) as connection:
        present = {row[0] for row in connection.execute("DESCRIBE observations").fetchall()}
        columns = [column for column in schema.columns if column.id in present]
        names = identifiers(column.id for column in columns)
        frame = connection.table("observations").project(names).df().astype(str)
    dataset = PandasDataset(structure=_schema(schema, columns), data=frame)
    out = str(workshop.scratch("pysdmx.xml"))

    def write() -> None:
        write_sdmx(
            [dataset],
            Format.DATA_SDMX_ML_3_0,
            out,
            prettyprint=False,
            dimension_at_observation="TIME_PERIOD",
        )

    return median_of(timed(write) for _ in range(workshop.runs)) / data.rows


def _schema(schema: Schema, columns: list[Column]) -> TheirSchema:
    """The same structure in pysdmx's model; attributes of groups stand on the series."""
    from pysdmx.model import Component, Components, Concept
    from pysdmx.model import Role as TheirRole
    from pysdmx.model import Schema as TheirSchema

    roles = {
        Role.DIMENSION: TheirRole.DIMENSION,
        Role.TIME: TheirRole.DIMENSION,
        Role.MEASURE: TheirRole.MEASURE,
        Role.ATTRIBUTE: TheirRole.ATTRIBUTE,
    }
    series = ",".join(column.id for column in schema.key)
    components = [
        Component(
            id=column.id,
            required=column.is_mandatory,
            role=roles[column.role],
            concept=Concept(id=column.id),
            attachment_level=None
            if column.role is not Role.ATTRIBUTE
            else "O"
            if column.attachment is Attachment.OBSERVATION
            else series,
        )
        for column in columns
    ]
    flow = schema.context
    return TheirSchema(
        context="dataflow",
        agency=flow.agency,
        id=flow.id,
        components=Components(components),
        version=flow.version,
    )
