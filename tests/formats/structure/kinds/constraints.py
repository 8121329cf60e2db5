"""Constraints on data, metadata and attachment."""

from __future__ import annotations

from hub.model import (
    ArtefactClass,
    AttachmentConstraint,
    Cascade,
    CubeRegion,
    DataConstraint,
    KeySet,
    KeyValues,
    MetadataConstraint,
    MetadataKeySet,
    MetadataRegion,
    ObjectReference,
    QueryableSource,
    ReleaseCalendar,
    SetReference,
    ValueDetail,
)
from tests.formats.structure.kinds.said import (
    DIMENSION,
    DSD,
    FLOW,
    META_PROVIDERS,
    METAFLOW,
    MSD,
    NOTES,
    PROVIDERS,
    about,
    to,
)

SOURCE = QueryableSource(
    url="https://example.org/sdmx", wsdl="https://example.org/w", wadl="https://example.org/a"
)
CALENDAR = ReleaseCalendar(periodicity="P1Y", offset="P2M", tolerance="P5D")
DATA_KEYS = (
    KeySet(
        keys=(
            CubeRegion(
                keys=(
                    KeyValues(component="FREQ", values=("A",)),
                    KeyValues(component="AREA", values=("SE",)),
                )
            ),
            CubeRegion(keys=(KeyValues(component="FREQ", values=("M",)),)),
        )
    ),
    KeySet(
        is_included=False, keys=(CubeRegion(keys=(KeyValues(component="FREQ", values=("Q",)),)),)
    ),
)
CONSTRAINT = DataConstraint(
    **about("CON"),
    targets=(FLOW, FLOW.at("2.0")),
    regions=(
        CubeRegion(
            keys=(
                KeyValues(
                    component="AREA",
                    values=("X", "_T"),
                    details=(ValueDetail(value="X", cascade=Cascade.YES),),
                ),
                KeyValues(component="TIME_PERIOD", start="2000", end="2010", excludes_end=True),
            ),
            attributes=(KeyValues(component="STATUS", values=("A",)), KeyValues(component="NOTE")),
        ),
        CubeRegion(include=False, keys=(KeyValues(component="FREQ", values=("D",)),)),
    ),
    key_sets=DATA_KEYS,
)
CONSTRAINT_OF_PROVIDER = DataConstraint(
    **about("CON_P"),
    provider=PROVIDERS.item("P1"),
    regions=(CubeRegion(keys=(KeyValues(component="FREQ", values=("A",)),)),),
)
CONSTRAINT_WITH_SOURCES = DataConstraint(
    **about("CON_S"),
    targets=(DSD,),
    queryable_sources=(SOURCE,),
    calendar=CALENDAR,
    regions=(CubeRegion(keys=(KeyValues(component="FREQ", values=("A",)),)),),
)
CONSTRAINT_3 = DataConstraint(
    **about("CON_3"),
    targets=(to(ArtefactClass.PROVISION_AGREEMENT, "PA"),),
    regions=(
        CubeRegion(
            annotations=NOTES[:1],
            keys=(
                KeyValues(
                    component="AREA",
                    values=("X", "Y"),
                    include=False,
                    removes_prefix=True,
                    valid_from="2000",
                    valid_to="2005",
                    details=(
                        ValueDetail(value="X", cascade=Cascade.EXCLUDE_ROOT, valid_from="2001"),
                    ),
                ),
            ),
            attributes=(
                KeyValues(
                    component="TITLE",
                    values=("Hej",),
                    details=(ValueDetail(value="Hej", language="sv"),),
                ),
            ),
        ),
    ),
    key_sets=(
        KeySet(
            keys=(
                CubeRegion(
                    annotations=NOTES[:1],
                    keys=(KeyValues(component="FREQ", values=("A",), removes_prefix=True),),
                    attributes=(KeyValues(component="STATUS", values=("A", "B")),),
                ),
            )
        ),
    ),
)
SET = SetReference(provider=PROVIDERS.item("P1"), id="SET1")
OF_SETS = DataConstraint(
    **about("CON_SETS"), role="Actual", data_sets=(SET,), key_sets=DATA_KEYS[:1]
)
OF_URL = DataConstraint(
    **about("CON_URL"), simple_sources=("https://example.org/data",), key_sets=DATA_KEYS[:1]
)
METADATA_REGION = MetadataRegion(
    report="R1",
    target="FULL",
    keys=(
        KeyValues(component="DATA_SET", data_sets=(SET,)),
        KeyValues(component="KEYS", data_keys=DATA_KEYS[0].keys),
        KeyValues(component="OBJECT", objects=(ObjectReference(FLOW), DIMENSION)),
        KeyValues(component="PERIOD", start="2000"),
    ),
    attributes=(KeyValues(component="QUALITY", values=("X",)),),
)
OF_METADATA_21 = DataConstraint(
    **about("CON_META"),
    targets=(MSD,),
    metadata_regions=(METADATA_REGION,),
    metadata_key_sets=(
        MetadataKeySet(
            keys=(
                MetadataRegion(
                    report="R1",
                    target="FULL",
                    keys=(
                        KeyValues(component="DATA_SET", data_sets=(SET,)),
                        KeyValues(component="KEYS", data_keys=DATA_KEYS[0].keys[:1]),
                        KeyValues(component="OBJECT", objects=(ObjectReference(FLOW),)),
                        KeyValues(component="CODE", values=("X",)),
                    ),
                ),
            )
        ),
    ),
)
ATTACHED = AttachmentConstraint(**about("ATT"), targets=(DSD,), key_sets=DATA_KEYS)
ATTACHED_TO_SETS = AttachmentConstraint(
    **about("ATT_SETS"), data_sets=(SET, SET), key_sets=DATA_KEYS[:1]
)
METADATA_CONSTRAINT = MetadataConstraint(
    **about("MCON"),
    targets=(METAFLOW, METAFLOW.at("2.0")),
    regions=(
        MetadataRegion(
            attributes=(
                KeyValues(component="CONTACT.EMAIL", values=("a", "b")),
                KeyValues(component="QUALITY", include=False, values=("X",)),
            ),
            valid_from="2001",
        ),
        MetadataRegion(include=False, attributes=(KeyValues(component="QUALITY"),)),
    ),
)
METADATA_CONSTRAINT_OF_PROVIDER = MetadataConstraint(
    **about("MCON_P"), provider=META_PROVIDERS.item("MP1")
)
