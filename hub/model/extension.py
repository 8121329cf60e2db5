"""Code lists that take over codes of others, resolved (SDMX 3.0, "Codelist extension")."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from hub.errors import NotFound
from hub.model.artefact import Maintainable
from hub.model.codelists import Cascade, Code, Codelist, CodelistExtension, CodeSelection
from hub.model.enumeration import Enumerated
from hub.model.urn import Reference

_ANY = "%"
_Find = Callable[[Reference], Maintainable | None]


def extended(codelist: Codelist, find: _Find) -> Codelist:
    """The list with the codes it takes over, and without its extensions.

    Codes come in the order of the extensions, its own last. Where an id occurs twice the later
    one holds, and its own before all. A code whose parent is not taken over stands at the top.
    Raises NotFound where a list is not known; a list that extends itself adds nothing to itself.
    """
    if not codelist.extensions:
        return codelist
    return _resolved(codelist, find, (codelist.reference,))


def _resolved(codelist: Codelist, find: _Find, path: tuple[Reference, ...]) -> Codelist:
    codes: dict[str, Code] = {}
    for extension in codelist.extensions:
        base = _base(codelist, extension, find)
        if base.reference not in path:
            whole = _resolved(base, find, (*path, base.reference))
            for code in _taken(whole.items, extension):
                codes.pop(code.id, None)
                codes[code.id] = code
    for code in codelist.items:
        codes.pop(code.id, None)
        codes[code.id] = code
    items = tuple(_rooted(code, codes) for code in codes.values())
    return replace(codelist, items=items, extensions=())


def _base(codelist: Codelist, extension: CodelistExtension, find: _Find) -> Codelist:
    found = find(extension.codelist)
    if not isinstance(found, Codelist):
        raise NotFound(
            f"{codelist.reference} extends {extension.codelist}, which is not on this node; "
            "load that list first"
        )
    return found


def _taken(codes: tuple[Code, ...], extension: CodelistExtension) -> Iterable[Code]:
    """The codes that an extension takes over, with its prefix."""
    wanted = {code.id for code in codes}
    if extension.included:
        wanted = selected(extension.included, codes)
    elif extension.excluded:
        wanted -= selected(extension.excluded, codes)
    prefix = extension.prefix or ""
    for code in codes:
        if code.id in wanted:
            parent = prefix + code.parent if code.parent in wanted and code.parent else None
            yield replace(code, id=prefix + code.id, parent=parent)


def selected(selection: Iterable[CodeSelection], codes: Iterable[Code]) -> set[str]:
    """The ids of the codes that a selection means; `%` stands for any characters."""
    known = list(codes)
    children = children_of(known)
    found: set[str] = set()
    for each in selection:
        pattern = re.compile(".*".join(map(re.escape, each.value.split(_ANY))), re.DOTALL)
        for code in known:
            if pattern.fullmatch(code.id):
                found |= cascaded(code.id, each.cascade, children)
    return found


def children_of(codes: Iterable[Enumerated]) -> dict[str, list[str]]:
    """The ids of the codes directly below each code."""
    children: dict[str, list[str]] = {}
    for code in codes:
        if code.parent is not None:
            children.setdefault(code.parent, []).append(code.id)
    return children


def cascaded(code: str, cascade: Cascade, children: Mapping[str, list[str]]) -> set[str]:
    """The ids a code stands for: itself, what is below it, or both."""
    if cascade is Cascade.NO:
        return {code}
    below: set[str] = set()
    frontier = [code]
    while frontier:
        new = [child for id_ in frontier for child in children.get(id_, ()) if child not in below]
        below.update(new)
        frontier = new
    return below - {code} if cascade is Cascade.EXCLUDE_ROOT else below | {code}


def _rooted(code: Code, codes: Mapping[str, Code]) -> Code:
    if code.parent is None or code.parent in codes:
        return code
    return replace(code, parent=None)
