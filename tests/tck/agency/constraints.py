"""Constraints of what is allowed and there, and one of attachment."""

from __future__ import annotations

from hub.model import (
    AttachmentConstraint,
    CubeRegion,
    DataConstraint,
    KeySet,
    KeyValues,
)
from tests.tck.agency.data import (
    AGREEMENTS,
    FLOW,
    STRUCTURE,
)
from tests.tck.agency.said import (
    AREAS,
    INDICATORS,
    SEXES,
    about,
)


def _region(**values: tuple[str, ...]) -> CubeRegion:
    keys = (KeyValues(component=id_, values=allowed) for id_, allowed in values.items())
    return CubeRegion(keys=tuple(keys))


_ALL_AREAS = (*AREAS["P1"], *AREAS["P2"])
CONSTRAINTS = (
    DataConstraint(
        **about("CON_DSD"), targets=(STRUCTURE.reference,), regions=(_region(SEX=SEXES),)
    ),
    DataConstraint(
        **about("CON_DF"),
        targets=(FLOW.reference,),
        regions=(_region(INDICATOR=INDICATORS, REF_AREA=_ALL_AREAS),),
    ),
    *(
        DataConstraint(
            **about(f"CON_{agreement.id}"),
            targets=(agreement.reference,),
            regions=(_region(REF_AREA=AREAS[agreement.provider.item]),),
        )
        for agreement in AGREEMENTS
    ),
    DataConstraint(
        **about("ACTUAL"),
        role="Actual",
        targets=(AGREEMENTS[0].reference,),
        regions=(_region(INDICATOR=INDICATORS, REF_AREA=AREAS["P1"], SEX=SEXES),),
    ),
)
ATTACHED = AttachmentConstraint(
    **about("ATTACHED"),
    targets=(STRUCTURE.reference,),
    key_sets=(KeySet(keys=(_region(INDICATOR=("I1",), SEX=("F",)),)),),
)
