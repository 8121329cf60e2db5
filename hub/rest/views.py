"""The structures of a node as each API knows them.

API 1.x speaks of SDMX 2.1, where several hierarchies are in a hierarchical code list and several
maps in a structure set; API 2.x of 3.x, where each is an artefact. Either sees what the other has
in its own way (`hub.model.counterparts`). Code lists that take over codes of others are resolved,
and refer to them no longer, unless the raw lists are asked for (SDMX REST 2.2, `detail`).
"""

from __future__ import annotations

from collections.abc import Iterator
from weakref import WeakKeyDictionary

from hub.errors import NotFound
from hub.model import SINCE_30, UNTIL_21, Codelist, Maintainable, Structures
from hub.model.counterparts import in_3x, in_21
from hub.model.extension import extended

_views: WeakKeyDictionary[Structures, dict[tuple[bool, bool], Structures]] = WeakKeyDictionary()


def view(structures: Structures, *, v1: bool, raw: bool = False) -> Structures:
    """The structures as an API knows them; made once for each collection."""
    known = _views.setdefault(structures, {})
    if (v1, raw) not in known:
        found = _converted(structures, v1=v1)
        kept = {artefact.reference: artefact for artefact in found}
        known[v1, raw] = Structures(
            artefact if raw else _resolved(artefact, structures) for artefact in kept.values()
        )
    return known[v1, raw]


def _converted(structures: Structures, *, v1: bool) -> Iterator[Maintainable]:
    """The artefacts of a standard: counterparts first, so that what is there itself counts."""
    foreign = SINCE_30 if v1 else UNTIL_21
    for artefact in structures:
        if artefact.artefact_class in foreign:
            found = in_21(artefact, structures.find) if v1 else None
            yield from (in_3x(artefact) if not v1 else () if found is None else (found,))
    yield from (a for a in structures if a.artefact_class not in foreign)


def _resolved(artefact: Maintainable, structures: Structures) -> Maintainable:
    if not isinstance(artefact, Codelist):
        return artefact
    try:
        return extended(artefact, structures.find)
    except NotFound:
        return artefact  # a list it extends is not here: it shows that it does
