"""The SDMX information model as frozen values, and the values of this node; no I/O."""

from hub.model.allowed import allowed_values, allowed_years
from hub.model.artefact import Item, Maintainable
from hub.model.availability import Availability
from hub.model.dataflow import (
    CubeRegion,
    DataConstraint,
    Dataflow,
    KeyValues,
    ProvisionAgreement,
    RepresentationMap,
)
from hub.model.datastructure import (
    TIME_PERIOD,
    Attachment,
    Attribute,
    Component,
    DataStructure,
    Dimension,
    Group,
    Measure,
)
from hub.model.history import ChangeLog, Step, looked_until
from hub.model.period import Period, decimal_year, parse_period
from hub.model.query import (
    ALL_DIMENSIONS,
    AvailabilityQuery,
    ComponentFilter,
    ContextQuery,
    DataQuery,
    KeyPattern,
    Operator,
    Predicate,
    SchemaQuery,
    Selection,
    StructureQuery,
)
from hub.model.release import DeltaCounts, Origin, Release, SliceVersion
from hub.model.representation import EXACT_TEXT, FLOATS, INTEGERS, Representation, TextType
from hub.model.schema import Column, Role, Schema, resolve
from hub.model.schemes import (
    AgencyScheme,
    Code,
    Codelist,
    Concept,
    ConceptScheme,
    DataProviderScheme,
    ValueList,
)
from hub.model.structures import Structures
from hub.model.text import Annotation, InternationalString
from hub.model.urn import ArtefactClass, ItemReference, Reference, parse_reference, parse_urn
from hub.model.version import VersionQuery, latest, parse_version_query, version_key

__all__ = [
    "ALL_DIMENSIONS",
    "EXACT_TEXT",
    "FLOATS",
    "INTEGERS",
    "TIME_PERIOD",
    "AgencyScheme",
    "Annotation",
    "ArtefactClass",
    "Attachment",
    "Attribute",
    "Availability",
    "AvailabilityQuery",
    "ChangeLog",
    "Code",
    "Codelist",
    "Column",
    "Component",
    "ComponentFilter",
    "Concept",
    "ConceptScheme",
    "ContextQuery",
    "CubeRegion",
    "DataConstraint",
    "DataProviderScheme",
    "DataQuery",
    "DataStructure",
    "Dataflow",
    "DeltaCounts",
    "Dimension",
    "Group",
    "InternationalString",
    "Item",
    "ItemReference",
    "KeyPattern",
    "KeyValues",
    "Maintainable",
    "Measure",
    "Operator",
    "Origin",
    "Period",
    "Predicate",
    "ProvisionAgreement",
    "Reference",
    "Release",
    "Representation",
    "RepresentationMap",
    "Role",
    "Schema",
    "SchemaQuery",
    "Selection",
    "SliceVersion",
    "Step",
    "StructureQuery",
    "Structures",
    "TextType",
    "ValueList",
    "VersionQuery",
    "allowed_values",
    "allowed_years",
    "decimal_year",
    "latest",
    "looked_until",
    "parse_period",
    "parse_reference",
    "parse_urn",
    "parse_version_query",
    "resolve",
    "version_key",
]
