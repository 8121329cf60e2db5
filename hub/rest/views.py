"""The structures of a node as each API knows them.

API 1.x speaks of SDMX 2.1, where several hierarchies are in a hierarchical code list and several
maps in a structure set; API 2.x of 3.x, where each is an artefact. Either sees what the other has
in its own way (`hub.model.counterparts`). Code lists that take over codes of others are resolved,
and refer to them no longer, unless the raw lists are asked for (SDMX REST 2.2, `detail`). What a
form of 2.1 leaves out of an artefact, the artefact does not refer to in an answer of that form.
"""

from __future__ import annotations

from collections.abc import Iterator
from weakref import WeakKeyDictionary

from hub.errors import NotFound
from hub.formats.structure import Model, StructureForm, reduced
from hub.model import SINCE_30, UNTIL_21, Codelist, Maintainable, Structures
from hub.model.counterparts import in_3x, in_21
from hub.model.extension import extended

_Kind = tuple[bool, bool, StructureForm | None]
_views: WeakKeyDictionary[Structures, dict[_Kind, Structures]] = WeakKeyDictionary()


def view(
    structures: Structures, *, v1: bool, raw: bool = False, form: StructureForm | None = None
) -> Structures:
    """The structures as an API knows them, and as a form writes them; made once for each."""
    form = form if form is not None and form.model is Model.V21 else None
    known = _views.setdefault(structures, {})
    kind = (v1, raw, form)
    if kind not in known:
        kept = {artefact.reference: artefact for artefact in _converted(structures, v1=v1)}
        whole = (a if raw else _resolved(a, structures) for a in kept.values())
        known[kind] = Structures(a if form is None else reduced(a, form) for a in whole)
    return known[kind]


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
