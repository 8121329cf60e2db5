"""Artefact classes, references and SDMX URNs.

`urn:sdmx:org.sdmx.infomodel.<package>.<Class>=<agency>:<id>(<version>)[.<item>]`
(SDMX 3.0, Registry specification, "Universal Resource Name").
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from hub.errors import BadRequest

NCNAME_ID = r"[A-Za-z][A-Za-z0-9_-]*"
AGENCY_ID = rf"{NCNAME_ID}(?:\.{NCNAME_ID})*"
ARTEFACT_ID = r"[A-Za-z0-9_@$-]+"
VERSION = r"[0-9]+(?:\.[0-9]+){0,2}(?:-[A-Za-z0-9.-]+)?"


class ArtefactClass(StrEnum):
    """The artefact classes the node knows; values are the class names that URNs of SDMX 3.x use."""

    CODELIST = "Codelist"
    VALUE_LIST = "ValueList"
    CONCEPT_SCHEME = "ConceptScheme"
    AGENCY_SCHEME = "AgencyScheme"
    DATA_PROVIDER_SCHEME = "DataProviderScheme"
    DATA_STRUCTURE = "DataStructure"
    DATAFLOW = "Dataflow"
    PROVISION_AGREEMENT = "ProvisionAgreement"
    DATA_CONSTRAINT = "DataConstraint"
    REPRESENTATION_MAP = "RepresentationMap"

    @property
    def package(self) -> str:
        """The package of the information model, as URNs spell it."""
        return _PACKAGES[self]

    @property
    def class_name(self) -> str:
        """The class name, as URNs of SDMX 3.x spell it (2.1: ContentConstraint)."""
        return self.value

    @property
    def rest_name(self) -> str:
        """The path element of the REST API 2.x."""
        return self.value.lower()


_PACKAGES = {
    ArtefactClass.CODELIST: "codelist",
    ArtefactClass.VALUE_LIST: "codelist",
    ArtefactClass.CONCEPT_SCHEME: "conceptscheme",
    ArtefactClass.AGENCY_SCHEME: "base",
    ArtefactClass.DATA_PROVIDER_SCHEME: "base",
    ArtefactClass.DATA_STRUCTURE: "datastructure",
    ArtefactClass.DATAFLOW: "datastructure",
    ArtefactClass.PROVISION_AGREEMENT: "registry",
    ArtefactClass.DATA_CONSTRAINT: "registry",
    ArtefactClass.REPRESENTATION_MAP: "structuremapping",
}


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference to one maintainable artefact in one version.

    `version` may end in `+` (SDMX 3.0 late binding, for example `1.0+.0`).
    """

    artefact_class: ArtefactClass
    agency: str
    id: str
    version: str

    def __str__(self) -> str:
        return f"{self.agency}:{self.id}({self.version})"

    @property
    def urn(self) -> str:
        """The URN, in the spelling of SDMX 3.x."""
        cls = self.artefact_class
        return f"urn:sdmx:org.sdmx.infomodel.{cls.package}.{cls.class_name}={self}"

    def item(self, item: str) -> ItemReference:
        """Refer to an item of this scheme."""
        return ItemReference(self, item)

    def at(self, version: str) -> Reference:
        """The same artefact in another version."""
        return replace(self, version=version)


_ITEM_CLASSES = {
    ArtefactClass.CODELIST: "Code",
    ArtefactClass.VALUE_LIST: "ValueItem",
    ArtefactClass.CONCEPT_SCHEME: "Concept",
    ArtefactClass.AGENCY_SCHEME: "Agency",
    ArtefactClass.DATA_PROVIDER_SCHEME: "DataProvider",
}


@dataclass(frozen=True, slots=True)
class ItemReference:
    """A reference to an item (code, concept, provider) of an item scheme."""

    scheme: Reference
    item: str

    @property
    def class_name(self) -> str:
        """The class name of the item, as URNs spell it."""
        return _ITEM_CLASSES[self.scheme.artefact_class]

    @property
    def urn(self) -> str:
        """The URN of the item."""
        package = self.scheme.artefact_class.package
        return f"urn:sdmx:org.sdmx.infomodel.{package}.{self.class_name}={self.scheme}.{self.item}"


_SPELT = re.compile(
    rf"(?P<agency>{AGENCY_ID}):(?P<id>{ARTEFACT_ID})(?:\((?P<version>[0-9A-Za-z.+~*-]+)\))?"
)
_URN = re.compile(
    r"urn:sdmx:org\.sdmx\.infomodel\.(?P<package>[a-z]+)\.(?P<cls>[A-Za-z]+)="
    rf"(?P<agency>{AGENCY_ID}):(?P<id>{ARTEFACT_ID})\((?P<version>[0-9A-Za-z.+-]+)\)"
    r"(?:\.(?P<item>[A-Za-z0-9_@$.-]+))?"
)
_CLASSES = {cls.class_name: cls for cls in ArtefactClass} | {
    "ContentConstraint": ArtefactClass.DATA_CONSTRAINT,
}
_SCHEMES = {item: cls for cls, item in _ITEM_CLASSES.items()}


def parse_reference(
    text: str, artefact_class: ArtefactClass, default_version: str | None = None
) -> Reference:
    """Parse `AGENCY:ID(VERSION)`; without a version, `default_version` is taken.

    Raises BadRequest when the text is not of that form.
    """
    match = _SPELT.fullmatch(text.strip())
    if match is None or (match["version"] is None and default_version is None):
        raise BadRequest(
            f"'{text}' does not name a {artefact_class.rest_name}: "
            "write AGENCY:ID or AGENCY:ID(VERSION), for example MIGX:DF_STOCK_BIRTH(1.0.0)"
        )
    version = match["version"] or default_version or ""
    return Reference(artefact_class, match["agency"], match["id"], version)


def parse_urn(text: str) -> Reference | ItemReference:
    """Parse an SDMX URN of a class the node knows, an item's to an ItemReference.

    Raises BadRequest for what is no URN, for an unknown class, and where an item is missing or
    is named of a class that has none.
    """
    match = _URN.fullmatch(text.strip())
    if match is None:
        raise BadRequest(f"'{text[:200]}' is not an SDMX URN")
    cls = _SCHEMES.get(match["cls"]) or _CLASSES.get(match["cls"])
    if cls is None:
        raise BadRequest(f"'{text[:200]}': artefacts of class {match['cls']} are not known here")
    scheme = Reference(cls, match["agency"], match["id"], match["version"])
    if (match["item"] is not None) != (match["cls"] in _SCHEMES):
        wanted = "an item after the version" if match["cls"] in _SCHEMES else "no item"
        raise BadRequest(f"'{text[:200]}': the URN of a {match['cls']} has {wanted}")
    return scheme.item(match["item"]) if match["item"] else scheme
