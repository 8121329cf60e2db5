"""A structure set."""

from __future__ import annotations

from hub.model import (
    ComponentAssociation,
    ItemAssociation,
    SchemeMap,
    StructureAssociation,
    StructureSet,
)
from tests.tck.agency.data import (
    CONCEPTS,
    FLOW,
    OLD_SEX_LIST,
    OTHER_CONCEPTS,
    SEX_LIST,
    STRUCTURE,
)
from tests.tck.agency.metadata import (
    CATEGORIES,
)
from tests.tck.agency.organisations import (
    DATA_CONSUMERS,
    DATA_PROVIDERS,
)
from tests.tck.agency.said import (
    about,
    item,
)


def _pairs(**pairs: str) -> tuple[ItemAssociation, ...]:
    return tuple(ItemAssociation(source=one, target=other) for one, other in pairs.items())


STRUCTURE_SET = StructureSet(
    **about("SET"),
    related=(STRUCTURE.reference,),
    schemes=(
        SchemeMap(
            **item("ORGANISATIONS"),
            source=DATA_PROVIDERS.reference,
            target=DATA_CONSUMERS.reference,
            items=_pairs(P1="C1", P2="C2"),
        ),
        SchemeMap(
            **item("CATEGORIES"),
            source=CATEGORIES.reference,
            target=CATEGORIES.reference,
            # ECON is in no map: a client that reads maps by scheme asks what refers to it.
            items=(ItemAssociation(source="SOCIAL.POP", target="SOCIAL"),),
        ),
        SchemeMap(
            **item("SEXES"),
            source=SEX_LIST.reference,
            target=OLD_SEX_LIST.reference,
            items=_pairs(F="F", M="M"),
        ),
        SchemeMap(
            **item("CONCEPTS"),
            source=CONCEPTS.reference,
            target=OTHER_CONCEPTS.reference,
            items=_pairs(REF_AREA="AREA", SEX="GENDER"),
        ),
    ),
    structures=(
        StructureAssociation(
            **item("STRUCTURES"),
            source=STRUCTURE.reference,
            target=FLOW.reference,
            components=(
                ComponentAssociation(
                    source="SEX",
                    target="SEX",
                    source_class="Dimension",
                    target_class="Dimension",
                    source_container="DimensionDescriptor",
                    target_container="DimensionDescriptor",
                    codelist_map="SEXES",
                ),
            ),
        ),
    ),
)
