"""How flows of data and metadata, and the agreements to provide them, look."""

from __future__ import annotations

from dataclasses import replace

from hub.formats.structure.form import JSON_21, ML_21, ML_31, StructureForm
from hub.formats.structure.shape import (
    ALL,
    IN_21,
    SINCE_3,
    ArtefactShape,
    Box,
    RefersTo,
    WordList,
)
from hub.model import (
    ArtefactClass,
    Dataflow,
    Metadataflow,
    MetadataProvisionAgreement,
    ProvisionAgreement,
)

#: What a flow of metadata is about where it says nothing of it: any object.
_ANYTHING = "urn:sdmx:org.sdmx.infomodel.base.Any=*:*(*)"


def _with_target(flow: Metadataflow, form: StructureForm) -> Metadataflow:
    """Name a target, for the schemas want one."""
    return flow if flow.targets or form == ML_21 else replace(flow, targets=(_ANYTHING,))


def _without_target(flow: Metadataflow, form: StructureForm) -> Metadataflow:
    """Take away the target that means any object."""
    return replace(flow, targets=()) if flow.targets == (_ANYTHING,) else flow


# The references of agreements and of metadata flows are in stubs too, for the schemas want them.
_PROVIDER = RefersTo(
    "provider",
    "DataProvider",
    classes=(ArtefactClass.DATA_PROVIDER_SCHEME,),
    to_item=True,
    required=True,
    in_stubs=ALL,
)

SHAPES = (
    ArtefactShape(
        make=Dataflow,
        tag="Dataflow",
        array="dataflows",
        parts=(
            RefersTo(
                "structure", "Structure", classes=(ArtefactClass.DATA_STRUCTURE,), required=True
            ),
            Box(
                "dimensions",
                "DimensionConstraint",
                forms=frozenset({ML_31}),
                spare=True,
                parts=(WordList("dimensions", "Dimension"),),
            ),
            WordList(
                "dimensions",
                "Dimension",
                key="dimensionConstraint",
                forms=frozenset({JSON_21}),
                spare=True,
            ),
        ),
    ),
    ArtefactShape(
        make=Metadataflow,
        tag="Metadataflow",
        array="metadataflows",
        parts=(
            RefersTo(
                "structure", "Structure", classes=(ArtefactClass.METADATA_STRUCTURE,), required=True
            ),
            WordList(
                "targets", "Target", key="targets", forms=SINCE_3, in_stubs=SINCE_3, spare=True
            ),
        ),
        to_wire=_with_target,
        from_wire=_without_target,
    ),
    ArtefactShape(
        make=ProvisionAgreement,
        tag="ProvisionAgreement",
        array="provisionAgreements",
        parts=(
            RefersTo(
                "dataflow",
                "StructureUsage",
                classes=(ArtefactClass.DATAFLOW, ArtefactClass.METADATAFLOW),
                forms=IN_21,
                required=True,
                in_stubs=ALL,
            ),
            RefersTo(
                "dataflow",
                "Dataflow",
                classes=(ArtefactClass.DATAFLOW,),
                forms=SINCE_3,
                required=True,
                in_stubs=ALL,
            ),
            _PROVIDER,
        ),
    ),
    ArtefactShape(
        make=MetadataProvisionAgreement,
        tag="MetadataProvisionAgreement",
        array="metadataProvisionAgreements",
        forms=SINCE_3,
        parts=(
            RefersTo(
                "metadataflow",
                "Metadataflow",
                classes=(ArtefactClass.METADATAFLOW,),
                required=True,
                in_stubs=ALL,
            ),
            RefersTo(
                "provider",
                "MetadataProvider",
                classes=(ArtefactClass.METADATA_PROVIDER_SCHEME,),
                to_item=True,
                required=True,
                in_stubs=ALL,
            ),
            WordList("targets", "Target", key="targets"),
        ),
    ),
)
