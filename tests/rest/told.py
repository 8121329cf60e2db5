"""What a message tells, data set by data set, read by the plainest means there are."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from typing import Any

import httpx
from lxml import etree

Row = dict[str, str]


@dataclass
class Told:
    """A data set: its action, when it is valid, its observations by component."""

    action: str
    valid_from: str | None = None
    valid_to: str | None = None
    rows: list[Row] = field(default_factory=list)

    def values(self, name: str = "TIME_PERIOD") -> list[tuple[str, str | None]]:
        """One component of each observation, with its value."""
        return [(row[name], row.get("OBS_VALUE")) for row in self.rows]


def told(response: httpx.Response) -> list[Told]:
    """The data sets of an answer in any form."""
    assert response.status_code == 200, response.text
    kind = response.headers["content-type"]
    if "+csv" in kind:
        return _csv(response.text)
    return _json(response.json()) if "+json" in kind else _xml(response.content)


def _csv(text: str) -> list[Told]:
    found: list[Told] = []
    for row in csv.DictReader(io.StringIO(text)):
        filled = {name: cell for name, cell in row.items() if cell}
        validity = (filled.pop("VALID_FROM", None), filled.pop("VALID_TO", None))
        start = Told(filled.pop("ACTION"), *validity)
        for name in ("STRUCTURE", "STRUCTURE_ID"):
            del filled[name]
        last = found[-1] if found else None
        if last is None or (last.action, last.valid_from, last.valid_to) != (
            start.action,
            *validity,
        ):
            found.append(start)
        found[-1].rows.append(filled)
    return found


def _json(message: Any) -> list[Told]:
    data = message["data"]
    structures = data.get("structures") or [data["structure"]]
    return [_data_set(each, structures[each.get("structure", 0)]) for each in data["dataSets"]]


def _data_set(given: Any, structure: Any) -> Told:
    found = Told(given["action"], given.get("validFrom"), given.get("validTo"))
    dimensions, attributes = structure["dimensions"], structure["attributes"]
    measures = structure.get("measures", {"observation": [{"id": "OBS_VALUE"}]})["observation"]
    whole = _held(given.get("attributes", []), attributes.get("dataSet", []))
    series = given.get("series") or {"": given}
    for key, held in series.items():
        upper = whole | _held(held.get("attributes", []), attributes["series"]) if key else whole
        for inner, values in held.get("observations", {"": []}).items():
            indices = [part for part in f"{key}:{inner}".split(":") if part]
            named = [*dimensions["series"], *dimensions["observation"]]
            row = {
                d["id"]: _listed(d["values"][int(i)]) for d, i in zip(named, indices, strict=True)
            }
            found.rows.append(row | upper | _held(values, [*measures, *attributes["observation"]]))
    return found


def _held(values: list[Any], components: list[Any]) -> Row:
    return {
        component["id"]: (
            _listed(component["values"][value]) if "values" in component else _spelt(value)
        )
        for value, component in zip(values, components, strict=False)
        if value is not None
    }


def _listed(value: Any) -> str:
    return str(value.get("id", value.get("value", value.get("name"))))


def _spelt(value: Any) -> str:
    return json.dumps(value).strip('"').removesuffix(".0")


def _xml(content: bytes) -> list[Told]:
    root = etree.fromstring(content)
    found = []
    for given in root.iterfind("{*}DataSet"):
        facts = {etree.QName(name).localname: value for name, value in given.attrib.items()}
        data_set = Told(facts["action"], facts.get("validFromDate"), facts.get("validToDate"))
        for series in given.iterfind("{*}Series"):
            upper = _components(series)
            rows = [upper | _components(obs) for obs in series.iterfind("{*}Obs")]
            data_set.rows += rows or [upper]
        data_set.rows += [_components(obs) for obs in given.iterfind("{*}Obs")]
        found.append(data_set)
    return found


def _components(element: etree._Element) -> Row:
    """The components of a series or an observation, of structure-specific or generic data."""
    if not etree.QName(element).namespace:
        return {str(name): str(value) for name, value in element.attrib.items()}
    paths = ("{*}SeriesKey/{*}Value", "{*}ObsKey/{*}Value", "{*}ObsDimension", "{*}ObsValue")
    values = [v for path in (*paths, "{*}Attributes/{*}Value") for v in element.iterfind(path)]
    return {value.get("id", "OBS_VALUE"): value.get("value", "") for value in values}
