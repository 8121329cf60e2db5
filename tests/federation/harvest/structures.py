"""A small world of structures: one data structure, two national flows and a derived one."""

from __future__ import annotations

from hub.model import (
    Annotation,
    ArtefactClass,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructure,
    Dimension,
    Measure,
    Reference,
    Structures,
)

CONCEPTS = ConceptScheme(
    agency="MIGX", id="CS", items=tuple(Concept(id=i) for i in ("REF_AREA", "TIME_PERIOD", "V"))
)
DSD = DataStructure(
    agency="MIGX",
    id="MIG_STOCK",
    dimensions=(
        Dimension(id="REF_AREA", concept=CONCEPTS.reference.item("REF_AREA")),
        Dimension(id="TIME_PERIOD", concept=CONCEPTS.reference.item("TIME_PERIOD"), is_time=True),
    ),
    measures=(Measure(id="OBS_VALUE", concept=CONCEPTS.reference.item("V")),),
)


def flow(id_: str, version: str = "1.0.0", agency: str = "MIGX", **notes: str) -> Dataflow:
    """A dataflow on that structure, with annotations by type."""
    return Dataflow(
        agency=agency,
        id=id_,
        version=version,
        structure=DSD.reference,
        annotations=tuple(Annotation(type=type_, title=title) for type_, title in notes.items()),
    )


STOCK = flow("DF_STOCK_BIRTH", SLICE_BY="REF_AREA")
FLOW = flow("DF_FLOW_RES", SLICE_BY="REF_AREA")
DERIVED = flow("DF_EMIGRANTS", WRITTEN_BY="derive", SLICE_BY="REF_AREA")
OWN = flow("DF_STOCK_LFS", agency="MIGX.SWE", SLICE_BY="REF_AREA")
STRUCTURES = Structures([CONCEPTS, DSD, STOCK, FLOW, DERIVED, OWN])


def reference(name: str) -> Reference:
    """The reference of a flow of agency MIGX."""
    return Reference(ArtefactClass.DATAFLOW, "MIGX", name, "1.0.0")
