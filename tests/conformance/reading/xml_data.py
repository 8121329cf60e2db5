"""SDMX-ML data, generic and structure-specific, element by element."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from tests.conformance.reading.data_sets import DataSet, about_urn

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
Element = etree._Element


def read_xml(body: bytes) -> list[DataSet]:
    """The data sets of a message, every value above an observation repeated on it."""
    root = etree.fromstring(body)
    header = {s.get("structureID"): s for s in root.findall("{*}Header/{*}Structure")}
    read = _generic if etree.QName(root).localname.startswith("Generic") else _specific
    found = []
    for element in root.findall("{*}DataSet"):
        said = {etree.QName(name).localname: value for name, value in element.attrib.items()}
        structure = header[said["structureRef"]]
        found.append(
            DataSet(
                about=_about(structure[0]),
                action=said.get("action"),
                rows=list(read(element)),
                at=structure.get("dimensionAtObservation"),
                valid_from=said.get("validFromDate"),
                valid_to=said.get("validToDate"),
            )
        )
    return found


def _about(reference: Element) -> str:
    named = reference.find("Ref")
    if named is None:
        return about_urn((reference.text or reference.findtext("URN") or "").strip())
    name = f"{named.get('agencyID')}:{named.get('id')}({named.get('version')})"
    return f"{(named.get('class') or '').lower()} {name}"


def _generic(data_set: Element) -> Iterator[dict[str, Any]]:
    whole = _pairs(data_set.find("{*}Attributes"))
    groups = [
        (_pairs(group.find("{*}GroupKey")), _pairs(group.find("{*}Attributes")))
        for group in data_set.findall("{*}Group")
    ]
    for series in data_set.findall("{*}Series"):
        key = _pairs(series.find("{*}SeriesKey"))
        upper = whole | key | _pairs(series.find("{*}Attributes"))
        observations = series.findall("{*}Obs")
        if not observations:
            yield _with_groups(upper, groups)
        for observation in observations:
            yield _with_groups(upper | _generic_obs(observation), groups)
    for observation in data_set.findall("{*}Obs"):
        yield _with_groups(whole | _generic_obs(observation), groups)


def _generic_obs(observation: Element) -> dict[str, Any]:
    row = _pairs(observation.find("{*}ObsKey")) | _pairs(observation.find("{*}Attributes"))
    at, value = observation.find("{*}ObsDimension"), observation.find("{*}ObsValue")
    if at is not None:
        row[at.get("id", "TIME_PERIOD")] = at.get("value")
    if value is not None:
        row["OBS_VALUE"] = value.get("value")
    return row


def _pairs(element: Element | None) -> dict[str, Any]:
    return {} if element is None else {v.get("id", ""): v.get("value") for v in element}


def _specific(data_set: Element) -> Iterator[dict[str, Any]]:
    whole = _plain(data_set)
    for attributes in data_set.findall("Atts"):
        whole |= _plain(attributes)
    groups = []
    for group in data_set.findall("Group"):
        held = _plain(group)
        key = {name: held[name] for name in _GROUP_KEYS if name in held}
        groups.append((key, {name: held[name] for name in held if name not in key}))
    for series in data_set.findall("Series"):
        upper = whole | _plain(series)
        if not series.findall("Obs"):
            yield _with_groups(upper, groups)
        for observation in series.findall("Obs"):
            yield _with_groups(upper | _plain(observation), groups)
    for observation in data_set.findall("Obs"):
        yield _with_groups(whole | _plain(observation), groups)


#: The one dimension that the groups of the test agency have.
_GROUP_KEYS = ("AREA",)


def _with_groups(
    row: dict[str, Any], groups: list[tuple[dict[str, Any], dict[str, Any]]]
) -> dict[str, Any]:
    for key, values in groups:
        if all(row.get(name) == value for name, value in key.items()):
            row = values | row
    return row


def _plain(element: Element) -> dict[str, Any]:
    """The values an element has itself: as XML attributes, and in Comp elements."""
    row: dict[str, Any] = {
        name: value for name, value in element.attrib.items() if not name.startswith("{")
    }
    for component in element.findall("Comp"):
        texts = component.findall("Value/{*}Text")
        row[component.get("id", "")] = (
            {text.get(_LANG, "en"): text.text or "" for text in texts}
            if texts
            else [value.text or "" for value in component.findall("Value")]
        )
    return row
