"""A structure that may still change, with a flow to publish under: versions with an extension."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from hub.formats.message import RawData
from hub.model import (
    Code,
    Codelist,
    Concept,
    ConceptScheme,
    Dataflow,
    DataProviderScheme,
    DataStructure,
    Dimension,
    InternationalString,
    Maintainable,
    Measure,
    Organisation,
    Origin,
    ProvisionAgreement,
    Representation,
    TextType,
)
from hub.publish import Report, Submission, publish
from hub.store import Store

AGENCY, VERSION = "TEST", "1.0.0-draft"
TEXT = InternationalString.of


def codelist(id_: str, *codes: str, version: str = VERSION) -> Codelist:
    """A code list, with names."""
    items = tuple(Code(id=code, name=TEXT(f"The {code}")) for code in codes)
    return Codelist(agency=AGENCY, id=id_, version=version, name=TEXT(id_), items=items)


AREAS = codelist("CL_AREA", "DNK", "NOR", "SWE")
CONCEPTS = ConceptScheme(
    agency=AGENCY,
    id="CS",
    version=VERSION,
    name=TEXT("Concepts"),
    items=tuple(
        Concept(id=id_, name=TEXT(id_)) for id_ in ("AREA", "TIME_PERIOD", "OBS_VALUE", "SPARE")
    ),
)
STRUCTURE = DataStructure(
    agency=AGENCY,
    id="DSD",
    version=VERSION,
    name=TEXT("Structure"),
    dimensions=(
        Dimension(
            id="AREA",
            concept=CONCEPTS.reference.item("AREA"),
            representation=Representation(enumeration=AREAS.reference),
        ),
        Dimension(
            id="TIME_PERIOD",
            concept=CONCEPTS.reference.item("TIME_PERIOD"),
            representation=Representation(text_type=TextType.OBSERVATIONAL_TIME_PERIOD),
            is_time=True,
        ),
    ),
    measures=(
        Measure(
            id="OBS_VALUE",
            concept=CONCEPTS.reference.item("OBS_VALUE"),
            representation=Representation(text_type=TextType.DOUBLE),
        ),
    ),
)
FLOW = Dataflow(
    agency=AGENCY, id="DF", version=VERSION, name=TEXT("Flow"), structure=STRUCTURE.reference
)
PROVIDERS = DataProviderScheme(
    agency=AGENCY,
    id="DATA_PROVIDERS",
    version="1.0",
    name=TEXT("Providers"),
    items=(
        Organisation(id="SCB", name=TEXT("Sweden")),
        Organisation(id="SSB", name=TEXT("Norway")),
    ),
)
AGREEMENT = ProvisionAgreement(
    agency=AGENCY,
    id="PA",
    version=VERSION,
    name=TEXT("Agreement"),
    dataflow=FLOW.reference,
    provider=PROVIDERS.reference.item("SCB"),
)
ARTEFACTS: tuple[Maintainable, ...] = (AREAS, CONCEPTS, STRUCTURE, FLOW, PROVIDERS, AGREEMENT)


def renamed(artefact: Maintainable, name: str = "Other") -> Maintainable:
    """The artefact under another name."""
    return replace(artefact, name=TEXT(name))


def submission(**values: float) -> Submission:
    """Figures of 2020 for some areas."""
    table = pa.table(
        {
            "AREA": pa.array(list(values), pa.string()),
            "TIME_PERIOD": pa.array(["2020"] * len(values), pa.string()),
            "OBS_VALUE": pa.array([str(value) for value in values.values()], pa.string()),
        }
    )
    raw = RawData(source="figures.csv", table=table, structure=FLOW.reference)
    return Submission(raw=raw, source="SWE", origin=Origin(kind="submission", name="SWE"))


def publish_values(store: Store, **values: float) -> Report:
    """Publish figures of 2020 for some areas."""
    return publish(store, FLOW.reference, submission(**values))
