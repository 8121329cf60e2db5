"""Structures and flows of data and metadata, and agreements to provide them."""

from __future__ import annotations

from hub.model import (
    Attachment,
    Dataflow,
    DataStructure,
    Dimension,
    Measure,
    MetadataAttribute,
    Metadataflow,
    MetadataProvisionAgreement,
    MetadataStructure,
    MetadataTarget,
    MetadataUsage,
    ProvisionAgreement,
    ReportStructure,
    Representation,
    Sentinel,
    TargetObject,
    TextType,
)
from tests.formats.structure.kinds.said import (
    CODES,
    CONCEPTS,
    DSD,
    FLOW,
    META_PROVIDERS,
    METAFLOW,
    MSD,
    NOTES,
    PROVIDERS,
    about,
    words,
)

FLOWS = (
    Dataflow(**about("DF"), structure=DSD),
    ProvisionAgreement(**about("PA"), dataflow=FLOW, provider=PROVIDERS.item("P1")),
    Metadataflow(**about("MDF"), structure=MSD),
)
AGREEMENT_21 = ProvisionAgreement(
    **about("PA_META"), dataflow=METAFLOW, provider=PROVIDERS.item("P1")
)
ANY = "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=TEST:*(*)"
TARGETED = Metadataflow(**about("MDF_OF"), structure=MSD, targets=(ANY, FLOW.urn))
META_AGREEMENT = MetadataProvisionAgreement(
    **about("MPA"), metadataflow=METAFLOW, provider=META_PROVIDERS.item("MP1"), targets=(ANY,)
)
ATTRIBUTES = (
    MetadataAttribute(
        id="CONTACT",
        concept=CONCEPTS.item("CONTACT"),
        is_presentational=True,
        min_occurs=0,
        max_occurs=None,
        annotations=NOTES,
        attributes=(
            MetadataAttribute(
                id="EMAIL",
                concept=CONCEPTS.item("EMAIL"),
                representation=Representation(
                    text_type=TextType.STRING, is_multilingual=True, max_length=70
                ),
            ),
        ),
    ),
    MetadataAttribute(
        id="QUALITY",
        concept=CONCEPTS.item("QUALITY"),
        representation=Representation(enumeration=CODES),
        max_occurs=3,
    ),
)
METADATA_STRUCTURE = MetadataStructure(**about("MSD"), attributes=ATTRIBUTES)
METADATA_STRUCTURE_21 = MetadataStructure(
    **about("MSD_21"),
    targets=(
        MetadataTarget(
            id="FULL",
            annotations=NOTES,
            objects=(
                TargetObject(
                    kind="DimensionDescriptorValuesTarget",
                    id="DIMENSION_DESCRIPTOR_VALUES_TARGET",
                    representation=Representation(text_type=TextType.KEY_VALUES),
                ),
                TargetObject(
                    kind="DataSetTarget",
                    id="DATA_SET_TARGET",
                    representation=Representation(text_type=TextType.DATASET_REFERENCE),
                ),
                TargetObject(
                    kind="ReportPeriodTarget",
                    id="REPORT_PERIOD_TARGET",
                    representation=Representation(
                        text_type=TextType.OBSERVATIONAL_TIME_PERIOD, start_time="2000"
                    ),
                ),
                TargetObject(
                    kind="IdentifiableObjectTarget",
                    id="CODE",
                    object_type="Code",
                    representation=Representation(enumeration=CODES),
                ),
                TargetObject(
                    kind="IdentifiableObjectTarget",
                    id="FLOW",
                    object_type="Dataflow",
                    representation=Representation(text_type=TextType.IDENTIFIABLE_REFERENCE),
                ),
            ),
        ),
        MetadataTarget(
            id="ATTACHED",
            objects=(
                TargetObject(
                    kind="ConstraintTarget",
                    id="CONSTRAINT_CONTENT_TARGET",
                    representation=Representation(
                        text_type=TextType.ATTACHMENT_CONSTRAINT_REFERENCE
                    ),
                ),
            ),
        ),
    ),
    reports=(
        ReportStructure(
            id="R1", attributes=ATTRIBUTES, targets=("FULL", "ATTACHED"), annotations=NOTES
        ),
        ReportStructure(id="R2", attributes=ATTRIBUTES[1:], targets=("FULL",)),
    ),
)


def _coded(id_: str) -> dict[str, object]:
    return {
        "id": id_,
        "concept": CONCEPTS.item(id_),
        "representation": Representation(enumeration=CODES),
    }


STRUCTURE = DataStructure(
    **about("DSD"),
    dimensions=(
        Dimension(**_coded("FREQ")),
        Dimension(
            id="TIME_PERIOD",
            concept=CONCEPTS.item("TIME_PERIOD"),
            is_time=True,
            representation=Representation(
                text_type=TextType.OBSERVATIONAL_TIME_PERIOD, start_time="2000", end_time="2030"
            ),
        ),
    ),
    measures=(
        Measure(
            id="OBS_VALUE",
            concept=CONCEPTS.item("OBS_VALUE"),
            representation=Representation(
                text_type=TextType.DOUBLE,
                sentinels=(
                    Sentinel(value="-1", name=words(en="no"), description=words(en="None")),
                ),
            ),
        ),
    ),
    metadata=MSD,
    usages=(
        MetadataUsage(attribute="CONTACT", attachment=Attachment.DIMENSIONS, dimensions=("FREQ",)),
        MetadataUsage(attribute="QUALITY", attachment=Attachment.DATASET, annotations=NOTES),
    ),
)
EVOLVING = (
    DataStructure(**about("DSD_E", "1.0.0"), dimensions=STRUCTURE.dimensions, is_evolving=True),
    Dataflow(**about("DF_E"), structure=DSD, dimensions=("FREQ",)),
)
