"""How schemes of organisations look."""

from __future__ import annotations

from hub.formats.structure.form import JSON_10
from hub.formats.structure.shape import (
    ALL,
    ID,
    SINCE_3,
    ArtefactShape,
    Forms,
    HasMany,
    Named,
    Own,
    Shape,
    TextIn,
    Word,
    WordList,
)
from hub.model import (
    AgencyScheme,
    Contact,
    DataConsumerScheme,
    DataProviderScheme,
    MetadataProviderScheme,
    Organisation,
    OrganisationScheme,
    OrganisationUnitScheme,
)

_CONTACT = Shape(
    make=Contact,
    parts=(
        Word("id", "id", forms=ALL - {JSON_10}, spare=True),
        TextIn("name", "com:Name"),
        TextIn("department", "Department"),
        TextIn("role", "Role"),
        WordList("telephones", "Telephone", key="telephones"),
        WordList("faxes", "Fax", key="faxes"),
        WordList("x400s", "X400", key="x400s"),
        WordList("uris", "URI", key="uris"),
        WordList("emails", "Email", key="emails"),
    ),
)
_CONTACTS = HasMany("contacts", "Contact", key="contacts", shape=_CONTACT)
_ORGANISATION = Shape(make=Organisation, parts=(ID, Named(), _CONTACTS))
_UNIT = Shape(
    make=Organisation,
    parts=(ID, Named(), Own("parent", "Parent", kind="OrganisationUnit"), _CONTACTS),
)


def _scheme(
    make: type[OrganisationScheme],
    item: str,
    array: str,
    shape: Shape = _ORGANISATION,
    forms: Forms = ALL,
) -> ArtefactShape:
    return ArtefactShape(
        make=make,
        tag=make.artefact_class.class_name,
        array=f"{array[0].lower()}{array[1:]}",
        container_21="OrganisationSchemes",
        forms=forms,
        has_partial=True,
        parts=(HasMany("items", item, key=f"{item[0].lower()}{item[1:]}s", shape=shape),),
    )


def _agencies() -> ArtefactShape:
    items = HasMany("items", "Agency", key="agencies", shape=_ORGANISATION)
    return ArtefactShape(
        make=AgencyScheme,
        tag="AgencyScheme",
        array="agencySchemes",
        container_21="OrganisationSchemes",
        has_partial=True,
        parts=(items,),
    )


SHAPES = (
    _agencies(),
    _scheme(DataConsumerScheme, "DataConsumer", "DataConsumerSchemes"),
    _scheme(DataProviderScheme, "DataProvider", "DataProviderSchemes"),
    _scheme(MetadataProviderScheme, "MetadataProvider", "MetadataProviderSchemes", forms=SINCE_3),
    _scheme(OrganisationUnitScheme, "OrganisationUnit", "OrganisationUnitSchemes", _UNIT),
)
