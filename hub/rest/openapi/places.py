"""Path parameters: what may stand at each place of a path, as patterns and words.

They are made of what the parsers of paths go by (`hub.rest.path`, `hub.rest.keys`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from hub.model.urn import AGENCY_ID, ARTEFACT_ID, VERSION
from hub.model.version_pattern import ALL, EXACT, LATEST, LATEST_STABLE
from hub.rest.data_parameters import COMPONENT
from hub.rest.data_query_v1 import PROVIDER
from hub.rest.declared import JSON

_TEXT = r"[^\x00-\x1f\x7f"
#: Clients take path segments of one or two dots out of an address.
_NOT_DOTS = r"(?!\.{1,2}$)"
_V2 = rf"(?:{EXACT}|{LATEST_STABLE}|{LATEST}|{ALL}|latest|all)"
_ONE = rf"(?:{EXACT}|{LATEST_STABLE}|{LATEST}|latest)"
_V1 = rf"(?:{EXACT}|{LATEST}|{ALL}|latest|all)"


@dataclass(frozen=True, slots=True)
class Place:
    """A path parameter: what it may be and what it means."""

    name: str
    schema: JSON
    about: str


def words(name: str, allowed: Iterable[str], about: str) -> Place:
    """A place for one of some words."""
    return Place(name, {"type": "string", "enum": list(allowed)}, about)


def _spelt(name: str, pattern: str, about: str) -> Place:
    return Place(name, {"type": "string", "pattern": f"^{pattern}$"}, about)


def _one(name: str, pattern: str, about: str) -> Place:
    """A place for one id; `all` would be a wildcard."""
    schema = {"type": "string", "pattern": f"^{pattern}$", "not": {"const": "all"}}
    return Place(name, schema, about)


def _some(name: str, pattern: str, separator: str, about: str) -> Place:
    """A place for ids with a separator between them, or a wildcard."""
    one = rf"(?:{pattern}|\*)"
    return _spelt(name, f"{one}(?:{separator}{one})*", about)


AGENCIES = _some("agencyID", AGENCY_ID, ",", "Agencies, `*` for all.")
IDS = _some("resourceID", ARTEFACT_ID, ",", "Artefacts, `*` for all.")
VERSIONS = _spelt(
    "version",
    f"{_V2}(?:,{_V2})*",
    "Versions: `1.0.0`, `+` the latest stable, `~` the latest of any status, `*` all; the "
    "wildcards also within a version (`1.+.0`).",
)
KEY = _spelt(
    "key",
    rf"{_NOT_DOTS}{_TEXT}+]+",
    "Series keys with commas between them: values of the dimensions in the order of the structure, "
    "time apart, with dots between them; `*` for any value; what follows may be left out.",
)
COMPONENTS = _some("componentId", COMPONENT, ",", "Dimensions, `*` for all.")
ITEMS = _spelt(
    "itemID",
    rf"{_NOT_DOTS}{_TEXT},]+(?:,{_TEXT},]+)*",
    "Items of the scheme, nested ones with dots; `*` for all.",
)
AGENCY = _one("agencyID", AGENCY_ID, "The agency.")
ID = _one("resourceID", ARTEFACT_ID, "The artefact.")
ONE_VERSION = _spelt("version", _ONE, "A version, or the latest: `+` the latest stable, `~` any.")
WRITTEN_VERSION = _spelt("version", VERSION, "The version.")
ITEM = _spelt("itemID", rf"{_NOT_DOTS}{_TEXT}/]+", "The item of the scheme.")
PROVIDERS = _some("providerID", ARTEFACT_ID, ",", "Data providers, `*` for all.")
REGISTRATION = _spelt("registrationID", ARTEFACT_ID, "The registration.")

_REPORTER_V1 = rf"(?:{AGENCY_ID}(?:,{AGENCY_ID})?|\*)"
SET_PROVIDERS = _some("providerID", AGENCY_ID, ",", "Agencies of sets, `*` for all.")
SETS = _some("metadatasetID", ARTEFACT_ID, ",", "Sets, `*` for all.")
FLOW_AGENCIES = replace(AGENCIES, name="flowAgencyID")
FLOWS = replace(IDS, name="flowID")
FLOW_VERSIONS = replace(VERSIONS, name="flowVersion")
REPORTERS = _some(
    "providerRef", AGENCY_ID, ",", "Metadata providers: `ID` or `AGENCY.ID`, `*` for all."
)

_AGENCIES_V1 = rf"(?:{AGENCY_ID}|\*)(?:\+(?:{AGENCY_ID}|\*))*"
_IDS_V1 = rf"(?:{ARTEFACT_ID}|\*)(?:\+(?:{ARTEFACT_ID}|\*))*"
_VERSIONS_V1 = rf"{_V1}(?:\+{_V1})*"
_VALUE_V1 = rf"{_TEXT}.,+]+"
_POSITION_V1 = rf"(?:{_VALUE_V1}(?:\+{_VALUE_V1})*)?"

AGENCIES_V1 = _spelt("agencyID", _AGENCIES_V1, "Agencies with `+` between them, `all` for all.")
IDS_V1 = _spelt("resourceID", _IDS_V1, "Artefacts with `+` between them, `all` for all.")
VERSIONS_V1 = _spelt("version", _VERSIONS_V1, "Versions with `+` between them; `latest`, `all`.")
FLOW = _spelt(
    "flowRef",
    rf"(?:{_IDS_V1}|{_AGENCIES_V1},{_IDS_V1}(?:,{_VERSIONS_V1})?)",
    "The dataflow: `ID`, `AGENCY,ID` or `AGENCY,ID,VERSION`.",
)
KEY_V1 = _spelt(
    "key",
    rf"(?!\.{{0,2}}$){_POSITION_V1}(?:\.{_POSITION_V1})*",
    "The series key: values of the dimensions in the order of the structure, time apart, with dots "
    "between them; `+` between values of one dimension, nothing for any; `all` for all. Instead of "
    "a key of dots alone write `all`: clients take `..` out of a path.",
)
PROVIDER_REFS = _spelt(
    "providerRef", rf"{PROVIDER}(?:\+{PROVIDER})*", "Data providers: `ID` or `AGENCY,ID`; `all`."
)
COMPONENTS_V1 = _some("componentId", COMPONENT, r"\+", "Dimensions, `all` for all.")
_IDS_OR_NOTHING_V1 = rf"(?:{_IDS_V1})?"
TARGETS_V1 = _spelt(
    "key",
    rf"(?!\.{{0,2}}$){_IDS_OR_NOTHING_V1}(?:\.{_IDS_OR_NOTHING_V1})*",
    "What sets are about: for each target of the flow, in their order, the ids wanted with `+` "
    "between them, nothing for any; `all` for all.",
)
REPORTERS_V1 = _spelt(
    "providerRef",
    rf"{_REPORTER_V1}(?:\+{_REPORTER_V1})*",
    "Metadata providers: `ID` or `AGENCY,ID`; `all`.",
)
ITEMS_V1 = _spelt(
    "itemID", rf"{_NOT_DOTS}{_TEXT}+]+(?:\+{_TEXT}+]+)*", "Items with `+` between them."
)
