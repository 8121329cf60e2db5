"""Organisations: agencies, providers and consumers of data and metadata, and their units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hub.model.artefact import Item, Maintainable
from hub.model.classes import ArtefactClass
from hub.model.text import InternationalString


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom to ask in an organisation, and how."""

    id: str | None = None
    name: InternationalString = InternationalString()
    department: InternationalString = InternationalString()
    role: InternationalString = InternationalString()
    telephones: tuple[str, ...] = ()
    faxes: tuple[str, ...] = ()
    x400s: tuple[str, ...] = ()
    uris: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation(Item):
    """An organisation; `parent` is the id of another of its scheme, for units only."""

    parent: str | None = None
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OrganisationScheme(Maintainable):
    """A scheme of organisations, of whatever role."""

    items: tuple[Organisation, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AgencyScheme(OrganisationScheme):
    """The agencies an agency has under it; its id is always AGENCIES, its version 1.0."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.AGENCY_SCHEME


@dataclass(frozen=True, kw_only=True)
class DataProviderScheme(OrganisationScheme):
    """The data providers an agency knows; id DATA_PROVIDERS, version 1.0."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.DATA_PROVIDER_SCHEME


@dataclass(frozen=True, kw_only=True)
class DataConsumerScheme(OrganisationScheme):
    """The data consumers an agency knows; id DATA_CONSUMERS, version 1.0."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.DATA_CONSUMER_SCHEME


@dataclass(frozen=True, kw_only=True)
class MetadataProviderScheme(OrganisationScheme):
    """The providers of reference metadata an agency knows; id METADATA_PROVIDERS, version 1.0."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.METADATA_PROVIDER_SCHEME


@dataclass(frozen=True, kw_only=True)
class OrganisationUnitScheme(OrganisationScheme):
    """The units of an organisation, possibly a tree; SDMX 3.x knows it in version 1.0 only."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.ORGANISATION_UNIT_SCHEME
