"""The classes of the SDMX information model that have a URN, with their packages.

A class is named as URNs of SDMX 3.x name it. Three maintainable classes ended with SDMX 2.1; what
they held is in classes of their own since 3.0.
"""

from __future__ import annotations

from enum import StrEnum


class ArtefactClass(StrEnum):
    """The maintainable classes of SDMX 2.1, 3.0 and 3.1; values are the class names of URNs."""

    CODELIST = "Codelist"
    VALUE_LIST = "ValueList"
    CONCEPT_SCHEME = "ConceptScheme"
    AGENCY_SCHEME = "AgencyScheme"
    DATA_PROVIDER_SCHEME = "DataProviderScheme"
    DATA_CONSUMER_SCHEME = "DataConsumerScheme"
    METADATA_PROVIDER_SCHEME = "MetadataProviderScheme"
    ORGANISATION_UNIT_SCHEME = "OrganisationUnitScheme"
    DATA_STRUCTURE = "DataStructure"
    METADATA_STRUCTURE = "MetadataStructure"
    DATAFLOW = "Dataflow"
    METADATAFLOW = "Metadataflow"
    PROVISION_AGREEMENT = "ProvisionAgreement"
    METADATA_PROVISION_AGREEMENT = "MetadataProvisionAgreement"
    METADATA_SET = "MetadataSet"
    DATA_CONSTRAINT = "DataConstraint"
    METADATA_CONSTRAINT = "MetadataConstraint"
    ATTACHMENT_CONSTRAINT = "AttachmentConstraint"
    CATEGORY_SCHEME = "CategoryScheme"
    CATEGORISATION = "Categorisation"
    REPORTING_TAXONOMY = "ReportingTaxonomy"
    HIERARCHY = "Hierarchy"
    HIERARCHY_ASSOCIATION = "HierarchyAssociation"
    HIERARCHICAL_CODELIST = "HierarchicalCodelist"
    STRUCTURE_MAP = "StructureMap"
    REPRESENTATION_MAP = "RepresentationMap"
    CONCEPT_SCHEME_MAP = "ConceptSchemeMap"
    CATEGORY_SCHEME_MAP = "CategorySchemeMap"
    ORGANISATION_SCHEME_MAP = "OrganisationSchemeMap"
    REPORTING_TAXONOMY_MAP = "ReportingTaxonomyMap"
    STRUCTURE_SET = "StructureSet"
    PROCESS = "Process"
    TRANSFORMATION_SCHEME = "TransformationScheme"
    RULESET_SCHEME = "RulesetScheme"
    USER_DEFINED_OPERATOR_SCHEME = "UserDefinedOperatorScheme"
    CUSTOM_TYPE_SCHEME = "CustomTypeScheme"
    NAME_PERSONALISATION_SCHEME = "NamePersonalisationScheme"
    VTL_MAPPING_SCHEME = "VtlMappingScheme"

    @property
    def package(self) -> str:
        """The package of the information model, as URNs spell it."""
        return _PACKAGE_OF[self]

    @property
    def class_name(self) -> str:
        """The class name, as URNs of SDMX 3.x spell it (2.1: ContentConstraint)."""
        return self.value

    @property
    def rest_name(self) -> str:
        """The path element of the REST API 2.x."""
        return self.value.lower()


_A = ArtefactClass
_PACKAGES = {
    "base": (
        _A.AGENCY_SCHEME,
        _A.DATA_PROVIDER_SCHEME,
        _A.DATA_CONSUMER_SCHEME,
        _A.METADATA_PROVIDER_SCHEME,
        _A.ORGANISATION_UNIT_SCHEME,
    ),
    "codelist": (
        _A.CODELIST,
        _A.VALUE_LIST,
        _A.HIERARCHY,
        _A.HIERARCHY_ASSOCIATION,
        _A.HIERARCHICAL_CODELIST,
    ),
    "conceptscheme": (_A.CONCEPT_SCHEME,),
    "datastructure": (_A.DATA_STRUCTURE, _A.DATAFLOW),
    "metadatastructure": (_A.METADATA_STRUCTURE, _A.METADATAFLOW, _A.METADATA_SET),
    "categoryscheme": (_A.CATEGORY_SCHEME, _A.CATEGORISATION, _A.REPORTING_TAXONOMY),
    "registry": (
        _A.PROVISION_AGREEMENT,
        _A.METADATA_PROVISION_AGREEMENT,
        _A.DATA_CONSTRAINT,
        _A.METADATA_CONSTRAINT,
        _A.ATTACHMENT_CONSTRAINT,
    ),
    "structuremapping": (
        _A.STRUCTURE_MAP,
        _A.REPRESENTATION_MAP,
        _A.CONCEPT_SCHEME_MAP,
        _A.CATEGORY_SCHEME_MAP,
        _A.ORGANISATION_SCHEME_MAP,
        _A.REPORTING_TAXONOMY_MAP,
    ),
    "mapping": (_A.STRUCTURE_SET,),
    "process": (_A.PROCESS,),
    "transformation": (
        _A.TRANSFORMATION_SCHEME,
        _A.RULESET_SCHEME,
        _A.USER_DEFINED_OPERATOR_SCHEME,
        _A.CUSTOM_TYPE_SCHEME,
        _A.NAME_PERSONALISATION_SCHEME,
        _A.VTL_MAPPING_SCHEME,
    ),
}
_PACKAGE_OF = {cls: package for package, classes in _PACKAGES.items() for cls in classes}

#: Classes that SDMX 2.1 does not have, and classes that 3.0 no longer has.
SINCE_30 = frozenset(
    {
        _A.VALUE_LIST,
        _A.METADATA_PROVIDER_SCHEME,
        _A.METADATA_PROVISION_AGREEMENT,
        _A.METADATA_SET,
        _A.METADATA_CONSTRAINT,
        _A.HIERARCHY,
        _A.HIERARCHY_ASSOCIATION,
        *_PACKAGES["structuremapping"],
    }
)
UNTIL_21 = frozenset({_A.HIERARCHICAL_CODELIST, _A.STRUCTURE_SET, _A.ATTACHMENT_CONSTRAINT})

#: Schemes of organisations; all but the last have one id and version, which the standard fixes.
ORGANISATION_SCHEMES = (
    _A.AGENCY_SCHEME,
    _A.DATA_PROVIDER_SCHEME,
    _A.DATA_CONSUMER_SCHEME,
    _A.METADATA_PROVIDER_SCHEME,
    _A.ORGANISATION_UNIT_SCHEME,
)

#: The class of the items of each item scheme.
ITEM_CLASSES = {
    _A.CODELIST: "Code",
    _A.VALUE_LIST: "ValueItem",
    _A.CONCEPT_SCHEME: "Concept",
    _A.AGENCY_SCHEME: "Agency",
    _A.DATA_PROVIDER_SCHEME: "DataProvider",
    _A.DATA_CONSUMER_SCHEME: "DataConsumer",
    _A.METADATA_PROVIDER_SCHEME: "MetadataProvider",
    _A.ORGANISATION_UNIT_SCHEME: "OrganisationUnit",
    _A.CATEGORY_SCHEME: "Category",
    _A.REPORTING_TAXONOMY: "ReportingCategory",
    _A.TRANSFORMATION_SCHEME: "Transformation",
    _A.RULESET_SCHEME: "Ruleset",
    _A.USER_DEFINED_OPERATOR_SCHEME: "UserDefinedOperator",
    _A.CUSTOM_TYPE_SCHEME: "CustomType",
    _A.NAME_PERSONALISATION_SCHEME: "NamePersonalisation",
    _A.VTL_MAPPING_SCHEME: "VtlMapping",
}

_PARTS = {
    _A.DATA_STRUCTURE: (
        "DimensionDescriptor Dimension MeasureDimension TimeDimension GroupDimensionDescriptor "
        "MeasureDescriptor PrimaryMeasure Measure AttributeDescriptor DataAttribute Attribute "
        "ReportingYearStartDay"
    ),
    _A.METADATA_STRUCTURE: (
        "MetadataAttributeDescriptor MetadataAttribute MetadataTarget ReportStructure "
        "DimensionDescriptorValuesTarget IdentifiableObjectTarget DataSetTarget "
        "ReportPeriodTarget ConstraintTarget"
    ),
    _A.HIERARCHY: "HierarchicalCode Level",
    _A.PROCESS: "ProcessStep Transition",
    _A.STRUCTURE_MAP: "ComponentMap EpochMap DatePatternMap FrequencyFormatMapping",
    _A.STRUCTURE_SET: (
        "CodelistMap CodeMap ConceptMap CategoryMap OrganisationMap ReportingCategoryMap "
        "HybridCodelistMap HybridCodeMap"
    ),
    _A.VTL_MAPPING_SCHEME: "VtlCodelistMapping VtlConceptMapping VtlDataflowMapping",
}
#: Whatever has a URN and is in a maintainable artefact: its class, and that of the artefact.
OWNERS: dict[str, ArtefactClass] = {name: cls for cls, name in ITEM_CLASSES.items()} | {
    name: cls for cls, names in _PARTS.items() for name in names.split()
}
#: What has an identity of its own since 3.0, and was a part in 2.1: a URN tells by having an item.
PARTS_OF_21 = {
    _A.HIERARCHY: _A.HIERARCHICAL_CODELIST,
    _A.STRUCTURE_MAP: _A.STRUCTURE_SET,
    _A.CONCEPT_SCHEME_MAP: _A.STRUCTURE_SET,
    _A.CATEGORY_SCHEME_MAP: _A.STRUCTURE_SET,
    _A.ORGANISATION_SCHEME_MAP: _A.STRUCTURE_SET,
    _A.REPORTING_TAXONOMY_MAP: _A.STRUCTURE_SET,
}
