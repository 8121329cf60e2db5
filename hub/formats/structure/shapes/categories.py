"""How category schemes, categorisations and reporting taxonomies look."""

from __future__ import annotations

from hub.formats.structure.shape import (
    ID,
    ArtefactShape,
    HasMany,
    Named,
    RefersTo,
    RefersToObject,
    Shape,
)
from hub.model import (
    ArtefactClass,
    Categorisation,
    Category,
    CategoryScheme,
    ReportingCategory,
    ReportingTaxonomy,
)

_STRUCTURES = (ArtefactClass.DATA_STRUCTURE, ArtefactClass.METADATA_STRUCTURE)
_FLOWS = (ArtefactClass.DATAFLOW, ArtefactClass.METADATAFLOW)
_CATEGORY = Shape(
    make=Category, parts=(ID, Named(), HasMany("items", "Category", key="categories"))
)
_REPORTING_CATEGORY = Shape(
    make=ReportingCategory,
    parts=(
        ID,
        Named(),
        HasMany("items", "ReportingCategory", key="reportingCategories"),
        RefersTo("structures", "StructuralMetadata", classes=_STRUCTURES, many=True),
        RefersTo("flows", "ProvisioningMetadata", classes=_FLOWS, many=True),
    ),
)

SHAPES = (
    ArtefactShape(
        make=CategoryScheme,
        tag="CategoryScheme",
        array="categorySchemes",
        has_partial=True,
        parts=(HasMany("items", "Category", key="categories", shape=_CATEGORY),),
    ),
    ArtefactShape(
        make=Categorisation,
        tag="Categorisation",
        array="categorisations",
        parts=(
            RefersToObject("source", "Source", required=True),
            RefersTo(
                "target",
                "Target",
                classes=(ArtefactClass.CATEGORY_SCHEME,),
                to_item=True,
                required=True,
            ),
        ),
    ),
    ArtefactShape(
        make=ReportingTaxonomy,
        tag="ReportingTaxonomy",
        array="reportingTaxonomies",
        has_partial=True,
        parts=(
            HasMany(
                "items",
                "ReportingCategory",
                key="reportingCategories",
                shape=_REPORTING_CATEGORY,
            ),
        ),
    ),
)
