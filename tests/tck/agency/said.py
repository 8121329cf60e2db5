"""What the artefacts say of themselves."""

from __future__ import annotations

from typing import Any

from hub.model import (
    InternationalString,
)

AGENCY = "CONF"
PROVIDERS = ("P1", "P2")
YEARS = ("2016", "2017", "2018", "2019")
INDICATORS = ("I1", "I2")
SEXES = ("F", "M")
AREAS = {"P1": ("DNK", "FIN"), "P2": ("NOR", "SWE")}


def words(english: str) -> InternationalString:
    return InternationalString.of({"en": english, "fr": f"{english} (fr)"})


def about(id_: str, version: str = "1.0") -> dict[str, Any]:
    """What an artefact says of itself."""
    return {
        "agency": AGENCY,
        "id": id_,
        "version": version,
        "name": words(id_.replace("_", " ").title()),
        "description": words(f"{id_}, for tests of conformance"),
    }


def item(id_: str) -> dict[str, Any]:
    """What an item says of itself."""
    return {"id": id_, "name": words(id_), "description": words(f"Item {id_}")}
