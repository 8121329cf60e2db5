"""Write the list of areas, codelists/lists/CL_AREA_MIG.csv, from packages and hand-kept files.

    python scripts/refresh_areas.py            write the file
    python scripts/refresh_areas.py --check    exit 1 if the file is not what would be written

Needs the packages of the extra `maintain`; reads their bundled data only, never the network.
Each country is a code of ISO 3166-1 (pycountry); its M49 number, region and names are those of
UN M49 (hdx-python-country); names M49 lacks are those of Unicode CLDR (Babel). Aggregates, former
states, generic codes and corrections are in codelists/sources.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pycountry
from babel import Locale
from hdx.location.country import Country  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from codelists.table import AREA_COLUMNS, LANGUAGES  # noqa: E402

SOURCES = ROOT / "codelists" / "sources"
TARGET = ROOT / "codelists" / "lists" / "CL_AREA_MIG.csv"
M49_LANGUAGES = ("English", "French", "Spanish", "Russian", "Chinese", "Arabic")
KIND_ORDER = ("aggregate", "country", "area", "former", "generic")
Area = dict[str, str]


def build() -> str:
    """Return the text of the list of areas."""
    additions = _read("additions.csv")
    areas = [*_aggregates(), *_countries(), *additions]
    by_id = {area["id"]: area for area in areas}
    for correction in _read("corrections.csv"):
        by_id[correction["id"]][correction["column"]] = correction["value"]
    for area in additions:
        if area["successors"]:
            area["parent"] = _smallest_region(area["successors"].split(), by_id)
    order = {kind: place for place, kind in enumerate(KIND_ORDER)}
    areas.sort(key=lambda area: order[area["kind"]])
    return _text(areas)


def _read(name: str) -> list[Area]:
    with (SOURCES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _aggregates() -> list[Area]:
    return [
        area | {"kind": "aggregate", "m49": area["id"].removeprefix("M49_")}
        for area in _read("aggregates.csv")
    ]


def _countries() -> list[Area]:
    """Return the countries of ISO 3166-1 in the order of their alpha-3 codes."""
    facts: Mapping[str, Any] = Country.countriesdata(use_live=False)["countries"]
    locales = {language: Locale(language) for language in LANGUAGES}
    return [
        _country(alpha_3, alpha_2, facts[alpha_3], locales)
        for alpha_3, alpha_2 in sorted((iso.alpha_3, iso.alpha_2) for iso in pycountry.countries)
    ]


def _country(
    alpha_3: str, alpha_2: str, fact: Mapping[str, str | None], locales: Mapping[str, Locale]
) -> Area:
    region = (
        fact["Intermediate Region Code"] or fact["Sub-region Code"] or fact["Region Code"] or ""
    )
    area = {
        "id": alpha_3,
        "parent": f"M49_{region.zfill(3)}" if region else "",
        "kind": "country",
        "m49": (fact["m49 numerical code"] or "").zfill(3),
        "iso2": alpha_2,
        "estat": alpha_2,
        "oecd": alpha_3,
    }
    for language, m49_language in zip(LANGUAGES, M49_LANGUAGES, strict=True):
        name = fact[f"M49 {m49_language}"] or locales[language].territories[alpha_2]
        area[f"name_{language}"] = name.strip()
    return area


def _smallest_region(successors: Iterable[str], by_id: Mapping[str, Area]) -> str:
    """Return the smallest M49 region that holds all the successors of a former state."""
    ways = [_regions_above(code, by_id) for code in successors]
    return next(region for region in ways[0] if all(region in way for way in ways))


def _regions_above(code: str, by_id: Mapping[str, Area]) -> list[str]:
    way: list[str] = []
    parent = by_id[code]["parent"]
    while parent:
        way.append(parent)
        parent = by_id[parent]["parent"]
    return way


def _text(areas: Iterable[Area]) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(
        buffer, AREA_COLUMNS, restval="", extrasaction="ignore", lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(areas)
    return buffer.getvalue()


def main() -> int:
    """Write the list, or with --check compare it; return the exit status."""
    parser = argparse.ArgumentParser(description="Write the list of areas.")
    parser.add_argument("--check", action="store_true", help="compare, do not write")
    text = build()
    if not parser.parse_args().check:
        TARGET.write_text(text, encoding="utf-8", newline="\n")
        print(f"{TARGET.relative_to(ROOT)}: {text.count(chr(10)) - 1} codes")
        return 0
    if TARGET.is_file() and TARGET.read_bytes() == text.encode():
        print(f"{TARGET.relative_to(ROOT)} is what its sources make")
        return 0
    print(f"{TARGET.relative_to(ROOT)} differs from its sources; run this without --check")
    return 1


if __name__ == "__main__":
    sys.exit(main())
