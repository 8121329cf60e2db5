"""Which artefacts a query names by class, agency, id and version."""

from __future__ import annotations

from collections.abc import Collection

from hub.model import ArtefactClass, Maintainable, Structures, VersionQuery


def matching(
    structures: Structures,
    classes: Collection[ArtefactClass] | None,
    agencies: Collection[str],
    ids: Collection[str],
    versions: VersionQuery,
    *,
    drafts: bool = True,
) -> tuple[Maintainable, ...]:
    """The artefacts that fit, ordered by class, agency and id, newest version first.

    `classes` None and empty agencies or ids mean all. "Latest" is per artefact. Without `drafts`,
    versions with an extension do not count.
    """
    groups: dict[tuple[ArtefactClass, str, str], dict[str, Maintainable]] = {}
    for artefact in structures:
        fits = (
            (classes is None or artefact.artefact_class in classes)
            and (not agencies or artefact.agency in agencies)
            and (not ids or artefact.id in ids)
            and (drafts or "-" not in artefact.version)
        )
        if fits:
            key = (artefact.artefact_class, artefact.agency, artefact.id)
            groups.setdefault(key, {})[artefact.version] = artefact
    return tuple(
        groups[key][version] for key in sorted(groups) for version in versions.select(groups[key])
    )
