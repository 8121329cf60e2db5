"""The reference evaluator of metadata queries: a slow, obvious filter over rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.conformance.metadata.plan import ROWS, Named, Row


def numbers(version: str) -> tuple[int, int, int, int]:
    """Order versions: by number, a draft before its release, 1.0 below 1.0.0."""
    plain, _, draft = version.partition("-")
    parts = [int(part) for part in plain.split(".")]
    whole = 3 * (not draft) + (len(parts) == 3)
    first, second, third = (*parts, 0, 0)[:3]
    return (first, second, third, whole)


def chosen(wanted: str, versions: Iterable[str]) -> set[str]:
    """The versions a query means, where it is one of a few simple ones."""
    known = list(versions)
    found: set[str] = set()
    for each in wanted.split(","):
        if each == "*":
            found |= set(known)
        elif each in ("~", "+"):
            stable = [v for v in known if "-" not in v and v.count(".") == 2 and v[0] != "0"]
            of = known if each == "~" else stable
            found |= {max(of, key=numbers)} if of else set()
        else:
            found |= {each} & set(known)
    return found


def fitting(names: Iterable[Named], agency: str, id_: str, version: str) -> set[Named]:
    """The artefacts that agency, id and version mean; latest is per artefact."""
    fits = [
        name
        for name in set(names)
        if (agency == "*" or name[1] in agency.split(","))
        and (id_ == "*" or name[2] in id_.split(","))
    ]
    found = set()
    for name in fits:
        versions = [other[3] for other in fits if other[:3] == name[:3]]
        if name[3] in chosen(version, versions):
            found.add(name)
    return found


def by_set(agency: str, id_: str, version: str, rows: Sequence[Row] = ROWS) -> set[str]:
    """The names of the sets that a query by set means."""
    names = {("metadataset", row.agency, row.id, row.version): row for row in rows}
    return {names[name].name for name in fitting(names, agency, id_, version)}


def by_flow(
    agency: str, id_: str, version: str, provider: str = "*", rows: Sequence[Row] = ROWS
) -> set[str]:
    """The names of the sets that a query by flow means."""
    flows = fitting([("metadataflow", *row.flow) for row in rows], agency, id_, version)
    return {
        row.name
        for row in rows
        if ("metadataflow", *row.flow) in flows
        and (provider == "*" or row.providers & set(provider.split(",")))
    }


def by_structure(
    type_: str, agency: str, id_: str, version: str, rows: Sequence[Row] = ROWS
) -> set[str]:
    """The names of the sets about what a query by structure means."""
    areas = ("codelist", "MIGX", "CL_AREA_MIG", "1.0.0")
    about = {row.name: {*row.about, *((areas,) if row.area else ())} for row in rows}
    every = {name for names in about.values() for name in names}
    meant = fitting([n for n in every if type_ in ("*", n[0])], agency, id_, version)
    return {row.name for row in rows if about[row.name] & meant}
