"""The resources that are read with GET, in the order of the document.

What may stand in their paths, which parameters they read, as what they are offered, and how they
fail is taken from where the service has it; only examples and descriptions are of this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hub.errors import (
    BadRequest,
    CorridorError,
    Internal,
    NotAcceptable,
    NotFound,
    NotSupported,
    TooLarge,
    Unprocessable,
)
from hub.rest.artefact_types import TYPES_V1, TYPES_V2, WITH_ITEMS_V1, WITH_ITEMS_V2
from hub.rest.data_parameters import AVAILABILITY, AVAILABILITY_V1, DATA, DATA_V1
from hub.rest.data_query import CONTEXTS
from hub.rest.declared import Declared
from hub.rest.metadata_query import METADATA, METADATA_V1
from hub.rest.negotiation import Offer
from hub.rest.offers import (
    data_offers,
    metadata_offers,
    registry_offers,
    schema_offers,
    structure_offers,
)
from hub.rest.openapi import places as at
from hub.rest.openapi.places import Place, words
from hub.rest.registration_query import CONTEXTS as REGISTRATION_CONTEXTS
from hub.rest.registration_query import REGISTRATIONS
from hub.rest.schema_query import CONTEXTS_V1, CONTEXTS_V2, SCHEMAS, SCHEMAS_V1
from hub.rest.structure_query import STRUCTURES, STRUCTURES_V1

Errors = tuple[type[CorridorError], ...]
_ALWAYS: Errors = (BadRequest, NotFound, NotAcceptable, Internal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A resource of an API; each number of places from `least` on is a path of its own.

    `example` is what stands at each place in a request that finds something on a node of Sweden
    with figures; `may_be_empty` tells that a query may find nothing.
    """

    root: str
    places: tuple[Place, ...]
    least: int = 0
    parameters: tuple[Declared[Any], ...] = ()
    offers: tuple[Offer[Any], ...] = ()
    errors: Errors = _ALWAYS
    example: tuple[str, ...]
    about: str
    may_be_empty: bool = True

    @property
    def major(self) -> int:
        """The version of the API."""
        return int(self.root.removeprefix("/sdmx/v")[0])

    @property
    def name(self) -> str:
        """The resource as the standard calls it."""
        return "/".join(self.root.split("/")[3:]) or "structure"


_OF_DATA: Errors = (*_ALWAYS, Unprocessable, TooLarge)
_CONTEXT = words("context", ("*", "all", *CONTEXTS), "What kind of artefact the data is asked by.")
_PATH = (at.AGENCIES, at.IDS, at.VERSIONS)
_TYPE = words("artefactType", TYPES_V2, "The type of artefact, `*` for any.")
_TYPE_V1 = words("artefactType", TYPES_V1, "The type of artefact, `structure` for any.")
_ITEM_TYPE = words(
    "artefactType",
    (name for name, classes in TYPES_V2.items() if set(classes) <= set(WITH_ITEMS_V2)),
    "The type of item scheme.",
)
_ITEM_TYPE_V1 = words(
    "artefactType",
    (name for name, classes in TYPES_V1.items() if set(classes) <= set(WITH_ITEMS_V1)),
    "The type of item scheme.",
)
_FLOW = ("dataflow", "MIGX", "DF_STOCK_BIRTH", "1.0.0")
_FLOW_V1 = "MIGX,DF_STOCK_BIRTH,1.0.0"
_CODE = ("codelist", "MIGX", "CL_FLOW_TYPE", "1.0.0", "IMM")

_VERSION_2 = (
    Resource(
        root="/sdmx/v2/data",
        places=(_CONTEXT, *_PATH, at.KEY),
        parameters=DATA,
        offers=data_offers(2),
        errors=_OF_DATA,
        example=(*_FLOW, "A.SWE"),
        about="Data of dataflows, data structures or provision agreements.",
    ),
    Resource(
        root="/sdmx/v2/availability",
        places=(
            words("context", CONTEXTS, "What kind of artefact the data is asked by."),
            *_PATH,
            at.KEY,
            at.COMPONENTS,
        ),
        least=1,
        parameters=AVAILABILITY,
        offers=structure_offers(2),
        errors=_OF_DATA,
        example=(*_FLOW, "A.SWE", "SEX"),
        about="Which data there is, with counts of series and observations.",
    ),
    Resource(
        root="/sdmx/v2/structure",
        places=(_TYPE, *_PATH),
        parameters=STRUCTURES,
        offers=structure_offers(2),
        example=_FLOW,
        about="Structural metadata.",
    ),
    Resource(
        root="/sdmx/v2/structure",
        places=(_ITEM_TYPE, *_PATH, at.ITEMS),
        least=5,
        parameters=STRUCTURES,
        offers=structure_offers(2),
        example=_CODE,
        about="Items of item schemes.",
    ),
    Resource(
        root="/sdmx/v2/schema",
        places=(
            words("context", CONTEXTS_V2, "What the schema is of."),
            at.AGENCY,
            at.ID,
            at.ONE_VERSION,
        ),
        least=3,
        parameters=SCHEMAS,
        offers=schema_offers(2),
        errors=(*_ALWAYS, Unprocessable, NotSupported),
        example=_FLOW,
        about="What data may hold, as XML Schema, as JSON Schema or as structures.",
        may_be_empty=False,
    ),
    Resource(
        root="/sdmx/v2/metadata/metadataset",
        places=(at.SET_PROVIDERS, at.SETS, at.VERSIONS),
        parameters=METADATA,
        offers=metadata_offers(2),
        example=("MIGX.SWE", "META_STOCK", "1.0.0"),
        about="Reference metadata, by set.",
    ),
    Resource(
        root="/sdmx/v2/metadata/metadataflow",
        places=(at.FLOW_AGENCIES, at.FLOWS, at.FLOW_VERSIONS, at.REPORTERS),
        parameters=METADATA,
        offers=metadata_offers(2),
        example=("MIGX", "MDF_MIG", "1.0.0", "*"),
        about="Reference metadata, by flow.",
    ),
    Resource(
        root="/sdmx/v2/metadata/structure",
        places=(_TYPE, *_PATH),
        parameters=METADATA,
        offers=metadata_offers(2),
        example=_FLOW,
        about="Reference metadata, by what it is about.",
    ),
    Resource(
        root="/sdmx/v2/registration/id",
        places=(at.REGISTRATION,),
        least=1,
        parameters=REGISTRATIONS,
        offers=registry_offers(),
        example=("8f14e45fceea467f9a1d0c3b2e6b7a55",),
        about="One registration.",
        may_be_empty=False,
    ),
    Resource(
        root="/sdmx/v2/registration/provider",
        places=(at.AGENCIES, at.PROVIDERS),
        parameters=REGISTRATIONS,
        offers=registry_offers(),
        example=("MIGX.SWE", "SWE"),
        about="Registrations of data providers.",
    ),
    Resource(
        root="/sdmx/v2/registration",
        places=(
            words("context", REGISTRATION_CONTEXTS, "What kind of artefact they are asked by."),
            *_PATH,
        ),
        parameters=REGISTRATIONS,
        offers=registry_offers(),
        example=_FLOW,
        about="Registrations: where data is to be had.",
    ),
)
_VERSION_1 = (
    Resource(
        root="/sdmx/v1/data",
        places=(at.FLOW, at.KEY_V1, at.PROVIDER_REFS),
        least=1,
        parameters=DATA_V1,
        offers=data_offers(1),
        errors=_OF_DATA,
        example=(_FLOW_V1, "A.SWE......", "all"),
        about="Data of dataflows.",
        may_be_empty=False,
    ),
    Resource(
        root="/sdmx/v1/availableconstraint",
        places=(at.FLOW, at.KEY_V1, at.PROVIDER_REFS, at.COMPONENTS_V1),
        least=1,
        parameters=AVAILABILITY_V1,
        offers=structure_offers(1),
        errors=_OF_DATA,
        example=(_FLOW_V1, "A.SWE......", "all", "SEX"),
        about="Which data there is, with counts of series and observations.",
        may_be_empty=False,
    ),
    Resource(
        root="/sdmx/v1/schema",
        places=(
            words("context", CONTEXTS_V1, "What the schema is of."),
            at.AGENCY,
            at.ID,
            at.ONE_VERSION,
        ),
        least=3,
        parameters=SCHEMAS_V1,
        offers=schema_offers(1),
        errors=(*_ALWAYS, Unprocessable, NotSupported),
        example=_FLOW,
        about="What data may hold, as XML Schema or as structures.",
        may_be_empty=False,
    ),
    Resource(
        root="/sdmx/v1/metadata",
        places=(at.FLOW, at.TARGETS_V1, at.REPORTERS_V1),
        least=1,
        parameters=METADATA_V1,
        offers=metadata_offers(1),
        errors=(*_ALWAYS, Unprocessable),
        example=("MIGX,MDF_MIG,1.0.0", "all", "all"),
        about="Reference metadata, by flow.",
        may_be_empty=False,
    ),
    Resource(
        root="/sdmx/v1",
        places=(_TYPE_V1, at.AGENCIES_V1, at.IDS_V1, at.VERSIONS_V1),
        least=1,
        parameters=STRUCTURES_V1,
        offers=structure_offers(1),
        example=_FLOW,
        about="Structural metadata.",
        may_be_empty=False,
    ),
    Resource(
        root="/sdmx/v1",
        places=(_ITEM_TYPE_V1, at.AGENCIES_V1, at.IDS_V1, at.VERSIONS_V1, at.ITEMS_V1),
        least=5,
        parameters=STRUCTURES_V1,
        offers=structure_offers(1),
        example=_CODE,
        about="Items of item schemes.",
        may_be_empty=False,
    ),
)
RESOURCES = (*_VERSION_2, *_VERSION_1)
