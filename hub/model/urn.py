"""References and SDMX URNs.

`urn:sdmx:org.sdmx.infomodel.<package>.<Class>=<agency>:<id>(<version>)[.<item>]`
(SDMX 3.0, Registry specification, "Universal Resource Name").
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from hub.errors import BadRequest
from hub.model.classes import ITEM_CLASSES, OWNERS, PARTS_OF_21, ArtefactClass
from hub.model.version import parse_version_query

NCNAME_ID = r"[A-Za-z][A-Za-z0-9_-]*"
AGENCY_ID = rf"{NCNAME_ID}(?:\.{NCNAME_ID})*"
ARTEFACT_ID = r"[A-Za-z0-9_@$-]+"
# Nine digits, as in hub.model.version: no number that Python refuses to read.
VERSION = r"[0-9]{1,9}(?:\.[0-9]{1,9}){0,2}(?:-[A-Za-z0-9.-]{1,100})?"


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


@dataclass(frozen=True, slots=True)
class ItemReference:
    """A reference to an item (code, concept, category) of an item scheme.

    The id of an item within another is dotted, from the outermost to its own.
    """

    scheme: Reference
    item: str

    @property
    def class_name(self) -> str:
        """The class name of the item, as URNs spell it."""
        return ITEM_CLASSES[self.scheme.artefact_class]

    @property
    def urn(self) -> str:
        """The URN of the item."""
        package = self.scheme.artefact_class.package
        return f"urn:sdmx:org.sdmx.infomodel.{package}.{self.class_name}={self.scheme}.{self.item}"


@dataclass(frozen=True, slots=True)
class ObjectReference:
    """A reference to whatever has a URN: an artefact, or a part of one.

    `kind` is the class of the part and `item` its id within the artefact, dotted where it is
    nested; both are empty where the artefact itself is meant.
    """

    artefact: Reference
    kind: str = ""
    item: str = ""

    @property
    def class_name(self) -> str:
        """The class name of what is meant, as URNs spell it."""
        return self.kind or self.artefact.artefact_class.class_name

    @property
    def urn(self) -> str:
        """The URN of what is meant."""
        package = self.artefact.artefact_class.package
        urn = f"urn:sdmx:org.sdmx.infomodel.{package}.{self.class_name}={self.artefact}"
        return f"{urn}.{self.item}" if self.item else urn


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
    """Parse the URN of an artefact, or of an item of a scheme (to an ItemReference).

    Raises BadRequest for what is no URN, for an unknown class, for a version that is none, and
    where an item is missing or is named of a class that has none.
    """
    found = parse_object_urn(text)
    if not found.kind:
        return found.artefact
    if ITEM_CLASSES.get(found.artefact.artefact_class) == found.kind:
        return found.artefact.item(found.item)
    raise BadRequest(f"'{text[:200]}' names a part of an artefact, where no part can stand")


def parse_object_urn(text: str) -> ObjectReference:
    """Parse the URN of an artefact or of any part of one; raises BadRequest as `parse_urn` does."""
    match = _URN.fullmatch(text.strip())
    if match is None:
        raise BadRequest(f"'{text[:200]}' is not an SDMX URN")
    name, item = match["cls"], match["item"] or ""
    owner = (PARTS_OF_21.get(_CLASSES[name]) if item and name in _CLASSES else None) or (
        OWNERS.get(name)
    )
    cls = owner or _CLASSES.get(name)
    if cls is None:
        raise BadRequest(f"'{text[:200]}': artefacts of class {name} are not known here")
    if bool(item) != (owner is not None):
        wanted = "an item after the version" if owner else "no item"
        raise BadRequest(f"'{text[:200]}': the URN of a {name} has {wanted}")
    parse_reference_version(match["version"])
    artefact = Reference(cls, match["agency"], match["id"], match["version"])
    return ObjectReference(artefact, name if item else "", item)


def parse_reference_version(text: str) -> str:
    """Check the version in a reference: one version, or one that is bound late (`1.0+.0`).

    Raises BadRequest for anything else, such as two `+`, which SDMX 3.0 does not have.
    """
    if "+" in text:
        parse_version_query(text)
    return text
