"""Artefacts, observations and metadata sets counted by a tree or a loop, without the readers."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from lxml import etree


def artefacts(path: Path) -> tuple[int, int]:
    """How many artefacts a structure message has, with content and as external references."""
    if path.suffix == ".json":
        lists = json.loads(path.read_text("utf-8"))["data"].values()
        external = [bool(each.get("isExternalReference")) for list_ in lists for each in list_]
    else:
        places = etree.parse(path).getroot().findall("{*}Structures/{*}*/{*}*")
        external = [each.get("isExternalReference") == "true" for each in places]
    return external.count(False), external.count(True)


def metadata_sets(path: Path) -> int:
    """How many sets a metadata message has."""
    if path.suffix == ".json":
        return len(json.loads(path.read_text("utf-8"))["data"]["metadataSets"])
    return len(etree.parse(path).getroot().findall("{*}MetadataSet"))


def values(path: Path) -> list[str]:
    """The measured value of each observation, as the message spells it; "" where there is none."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [row["OBS_VALUE"] for row in csv.DictReader(file)]
    if path.suffix == ".json":
        found = _json(json.loads(path.read_text("utf-8"), parse_float=str))
        return ["" if value is None else str(value) for value in found]
    return [_value(each) for each in etree.parse(path).getroot().iter("{*}Obs")]


def _json(message: Any) -> list[Any]:
    found = []
    for dataset in message["data"]["dataSets"]:
        series = [dataset, *dataset.get("series", {}).values()]
        cells = [cell for each in series for cell in each.get("observations", {}).values()]
        found += [cell[0] if cell else None for cell in cells]
    return found


def _value(observation: etree._Element) -> str:
    generic = observation.find("{*}ObsValue")
    source, name = (observation, "OBS_VALUE") if generic is None else (generic, "value")
    return str(source.get(name, ""))
