"""Schemes of organisations."""

from __future__ import annotations

from hub.model import (
    AgencyScheme,
    Contact,
    DataConsumerScheme,
    DataProviderScheme,
    Organisation,
    OrganisationUnitScheme,
)
from tests.tck.agency.said import (
    PROVIDERS,
    about,
    item,
    words,
)


def organisation(id_: str) -> Organisation:
    contact = Contact(name=words(f"Office of {id_}"), emails=(f"{id_.lower()}@example.org",))
    return Organisation(**item(id_), contacts=(contact,))


AGENCIES = AgencyScheme(**about("AGENCIES"), items=(organisation("SUB"), organisation("OTHER")))
DATA_PROVIDERS = DataProviderScheme(
    **about("DATA_PROVIDERS"), items=tuple(map(organisation, PROVIDERS))
)
DATA_CONSUMERS = DataConsumerScheme(
    **about("DATA_CONSUMERS"), items=(organisation("C1"), organisation("C2"))
)
UNITS = OrganisationUnitScheme(
    **about("UNITS"),
    items=(organisation("U1"), Organisation(**item("U2"), parent="U1")),
)
