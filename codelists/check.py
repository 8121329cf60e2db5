"""Check every list and map, and tell all that is wrong: `python -m codelists.check`.

Exit status 0 when nothing is wrong, 1 otherwise. An argument names another folder with the same
layout (`lists/`, `maps/`).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.resources.abc import Traversable
from pathlib import Path

from codelists.catalogue import AREA_LIST, Catalogue, open_catalogue
from codelists.list_rules import check_list
from codelists.map_rules import check_map
from hub.errors import Finding, Invalid


def check(root: Traversable | None = None) -> tuple[Finding, ...]:
    """Return all findings about the lists and maps of a folder, by default of this package."""
    try:
        catalogue = open_catalogue(root)
    except Invalid as error:
        return error.findings
    findings = [*_strays(catalogue)]
    for list_id in catalogue.lists:
        findings += check_list(list_id, catalogue.list_table(list_id))
    if AREA_LIST in catalogue.lists:
        areas = catalogue.list_table(AREA_LIST)
        for entry in catalogue.maps.values():
            findings += check_map(entry, catalogue, areas)
    return tuple(findings)


def _strays(catalogue: Catalogue) -> list[Finding]:
    known: dict[str, set[str | None]] = {
        "lists": {f"{list_id}.csv" for list_id in catalogue.lists},
        "maps": {entry.file for entry in catalogue.maps.values()},
    }
    return [
        Finding(
            rule="no-entry",
            message=f"no entry in {folder}.toml; describe the file there or remove it",
            file=child.name,
        )
        for folder, names in known.items()
        for child in sorted((catalogue.root / folder).iterdir(), key=lambda child: child.name)
        if child.name.endswith(".csv") and child.name not in names
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print every finding, one to a line; return 1 if there are any."""
    given = sys.argv[1:] if arguments is None else arguments
    findings = check(Path(given[0]) if given else None)
    for finding in findings:
        print(finding)
    print(f"{len(findings)} findings" if findings else "lists and maps are sound")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
