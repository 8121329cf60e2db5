"""A structure of metadata and its flow, categories, a reporting taxonomy."""

from __future__ import annotations

from hub.model import (
    Categorisation,
    Category,
    CategoryScheme,
    MetadataAttribute,
    Metadataflow,
    MetadataStructure,
    ObjectReference,
    ReportingCategory,
    ReportingTaxonomy,
    Representation,
    TextType,
)
from tests.tck.agency.data import (
    FLOW,
    STATUS_LIST,
    STRUCTURE,
    concept,
)
from tests.tck.agency.said import (
    about,
    item,
)

METADATA_STRUCTURE = MetadataStructure(
    **about("MSD"),
    attributes=(
        MetadataAttribute(
            id="CONTACT",
            concept=concept("CONTACT"),
            is_presentational=True,
            attributes=(
                MetadataAttribute(
                    id="CONTACT_EMAIL",
                    concept=concept("CONTACT_EMAIL"),
                    representation=Representation(text_type=TextType.STRING),
                ),
            ),
        ),
        MetadataAttribute(
            id="QUALITY",
            concept=concept("QUALITY"),
            representation=Representation(enumeration=STATUS_LIST.reference),
        ),
    ),
)
METADATA_FLOW = Metadataflow(**about("MDF"), structure=METADATA_STRUCTURE.reference)
CATEGORIES = CategoryScheme(
    **about("CATEGORIES"),
    items=(
        Category(**item("ECON")),
        Category(
            **item("SOCIAL"),
            items=(Category(**item("POP"), items=(Category(**item("MIG")),)),),
        ),
    ),
)
CATEGORISATIONS = tuple(
    Categorisation(
        **about(f"CAT_{source.id}"),
        source=ObjectReference(source.reference),
        target=CATEGORIES.reference.item(category),
    )
    for source, category in (
        (FLOW, "SOCIAL.POP.MIG"),
        (METADATA_FLOW, "SOCIAL.POP"),
        (STRUCTURE, "ECON"),
    )
)
TAXONOMY = ReportingTaxonomy(
    **about("TAXONOMY"),
    items=(
        ReportingCategory(
            **item("REPORT"),
            items=(ReportingCategory(**item("CHAPTER"), flows=(FLOW.reference,)),),
        ),
        ReportingCategory(**item("ANNEX"), structures=(STRUCTURE.reference,)),
    ),
)
