"""The names hierarchical code lists of SDMX 2.1 give to the lists whose codes they arrange.

A code may be named by the alias of its list and its id. It is read as a reference to a list that
has the alias for an id and no agency, until the whole is read and the list is known.
"""

from __future__ import annotations

from dataclasses import replace

from hub.formats.structure.fault import Fault
from hub.formats.structure.form import StructureForm
from hub.model import (
    ArtefactClass,
    HierarchicalCode,
    HierarchicalCodelist,
    ItemReference,
    Reference,
)


def aliased(alias: str, code: str) -> ItemReference:
    """The reference to a code by the alias of its list."""
    return Reference(ArtefactClass.CODELIST, "", alias, "").item(code)


def without_aliases(codelist: HierarchicalCodelist, form: StructureForm) -> HierarchicalCodelist:
    """Put the lists in the place of their aliases; raises Fault for one that names no list."""
    lists = {each.alias or each.codelist.id: each.codelist for each in codelist.included}
    items = tuple(
        replace(hierarchy, codes=_resolved(hierarchy.codes, lists)) for hierarchy in codelist.items
    )
    return replace(codelist, items=items)


def _resolved(
    codes: tuple[HierarchicalCode, ...], lists: dict[str, Reference]
) -> tuple[HierarchicalCode, ...]:
    return tuple(
        replace(each, code=_code(each.code, lists), codes=_resolved(each.codes, lists))
        for each in codes
    )


def _code(code: ItemReference, lists: dict[str, Reference]) -> ItemReference:
    if code.scheme.agency:
        return code
    if code.scheme.id not in lists:
        raise Fault(f"'{code.scheme.id}' is not the alias of an included code list")
    return lists[code.scheme.id].item(code.item)
