"""The Python type of each artefact class."""

from __future__ import annotations

from hub.model.artefact import Maintainable
from hub.model.categories import Categorisation, CategoryScheme, ReportingTaxonomy
from hub.model.classes import ArtefactClass
from hub.model.codelists import Codelist, ValueList
from hub.model.concepts import ConceptScheme
from hub.model.constraint import AttachmentConstraint, DataConstraint, MetadataConstraint
from hub.model.dataflow import Dataflow, ProvisionAgreement
from hub.model.datastructure import DataStructure
from hub.model.hierarchy import HierarchicalCodelist, Hierarchy, HierarchyAssociation
from hub.model.maps import (
    CategorySchemeMap,
    ConceptSchemeMap,
    OrganisationSchemeMap,
    ReportingTaxonomyMap,
    RepresentationMap,
    StructureMap,
)
from hub.model.metadata import Metadataflow, MetadataProvisionAgreement, MetadataStructure
from hub.model.organisations import (
    AgencyScheme,
    DataConsumerScheme,
    DataProviderScheme,
    MetadataProviderScheme,
    OrganisationUnitScheme,
)
from hub.model.process import Process
from hub.model.structure_set import StructureSet
from hub.model.vtl import (
    CustomTypeScheme,
    NamePersonalisationScheme,
    RulesetScheme,
    TransformationScheme,
    UserDefinedOperatorScheme,
    VtlMappingScheme,
)

#: Metadata sets are not structural metadata: they alone have no type.
KINDS: dict[ArtefactClass, type[Maintainable]] = {
    kind.artefact_class: kind
    for kind in (
        AgencyScheme,
        AttachmentConstraint,
        Categorisation,
        CategoryScheme,
        CategorySchemeMap,
        Codelist,
        ConceptScheme,
        ConceptSchemeMap,
        CustomTypeScheme,
        DataConstraint,
        DataConsumerScheme,
        DataProviderScheme,
        DataStructure,
        Dataflow,
        HierarchicalCodelist,
        Hierarchy,
        HierarchyAssociation,
        MetadataConstraint,
        MetadataProviderScheme,
        MetadataProvisionAgreement,
        MetadataStructure,
        Metadataflow,
        NamePersonalisationScheme,
        OrganisationSchemeMap,
        OrganisationUnitScheme,
        Process,
        ProvisionAgreement,
        ReportingTaxonomy,
        ReportingTaxonomyMap,
        RepresentationMap,
        RulesetScheme,
        StructureMap,
        StructureSet,
        TransformationScheme,
        UserDefinedOperatorScheme,
        ValueList,
        VtlMappingScheme,
    )
}
