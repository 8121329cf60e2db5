"""What is wrong with an artefact by itself: its ids, repeated items, codes above themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from hub.model.artefact import Item, Maintainable
from hub.model.codelists import ValueList
from hub.model.concepts import ConceptScheme
from hub.model.datastructure import DataStructure
from hub.model.organisations import AgencyScheme
from hub.model.partial import is_item_scheme
from hub.model.urn import AGENCY_ID, ARTEFACT_ID, NCNAME_ID, VERSION

#: The standard bounds no id and no list of notes; whoever keeps them must.
ID_LENGTH = 200
ANNOTATIONS = 1_000
_TOLD = 3
_AGENCY, _ID, _NAME, _VERSION = map(re.compile, (AGENCY_ID, ARTEFACT_ID, NCNAME_ID, VERSION))
_NAMED_ITEMS = (ConceptScheme, AgencyScheme)


def faults(artefact: Maintainable) -> tuple[str, ...]:
    """What is wrong with an artefact whatever else there is, in words; empty where nothing is.

    Ids are written as IDType, NestedNCNameIDType and NCNameIDType of SDMXCommonReferences.xsd say;
    values of a value list are free, and one may be
    there several times, with other names.
    """
    return (*_own(artefact), *_of_items(artefact), *_of_components(artefact))


def _own(artefact: Maintainable) -> Iterator[str]:
    if not _VERSION.fullmatch(artefact.version):
        yield "a version is written like 1.0.0, without wildcards"
    if not _is_id(artefact.agency, _AGENCY):
        yield f"the agency is written like MIGX.SWE, in at most {ID_LENGTH} characters"
    if not _is_id(artefact.id, _ID):
        yield (
            f"an id holds letters, digits, '_', '-', '@' and '$' of ASCII, at most {ID_LENGTH} "
            "of them"
        )
    if artefact.is_partial and not is_item_scheme(artefact):
        yield "it has no items: isPartial has no meaning for it"
    if len(artefact.annotations) > ANNOTATIONS:
        yield f"{len(artefact.annotations)} annotations are more than {ANNOTATIONS}"


def _of_items(artefact: Maintainable) -> Iterator[str]:
    items = [item for item in getattr(artefact, "items", ()) if isinstance(item, Item)]
    repeated = _repeated(item.id for item in items)
    if repeated and not isinstance(artefact, ValueList):
        yield f"several items are called {_listed(repeated)}"
    pattern = _NAME if isinstance(artefact, _NAMED_ITEMS) else _ID
    if not isinstance(artefact, ValueList):
        odd = islice((item.id for item in _deep(items) if not _is_id(item.id, pattern)), _TOLD)
        yield from (f"'{_shown(id_)}' is no id for an item" for id_ in odd)
    crowded = (item.id for item in _deep(items) if len(item.annotations) > ANNOTATIONS)
    yield from (f"item {id_} has more than {ANNOTATIONS} annotations" for id_ in crowded)
    looped = _looped(items)
    if looped:
        yield f"{_listed(looped)} come to stand below themselves"


def _of_components(artefact: Maintainable) -> Iterator[str]:
    if not isinstance(artefact, DataStructure):
        return
    ids = [component.id for component in artefact.components]
    repeated = _repeated(ids)
    if repeated:
        yield f"several components are called {_listed(repeated)}"
    odd = islice((id_ for id_ in ids if not _is_id(id_, _NAME)), _TOLD)
    yield from (f"'{_shown(id_)}' is no id for a component" for id_ in odd)


def _deep(items: Iterable[Item]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _deep(getattr(item, "items", ()))


def _looped(items: Iterable[Item]) -> list[str]:
    """The items from which their parents lead back to themselves; each is walked over once."""
    above = {item.id: getattr(item, "parent", None) for item in items}
    done: set[str] = set()
    found = []
    for start in above:
        path: dict[str, None] = {}
        at: str | None = start
        while at is not None and at in above and at not in done and at not in path:
            path[at] = None
            at = above[at]
        if at in path:
            found.append(at)
        done.update(path)
    return found


def _repeated(ids: Iterable[str]) -> list[str]:
    return [id_ for id_, times in Counter(ids).items() if times > 1]


def _is_id(text: str, pattern: re.Pattern[str]) -> bool:
    return len(text) <= ID_LENGTH and pattern.fullmatch(text) is not None


def _shown(text: str) -> str:
    return f"{text[:40]}…" if len(text) > 40 else text


def _listed(ids: list[str]) -> str:
    more = f" and {len(ids) - _TOLD} more" if len(ids) > _TOLD else ""
    return ", ".join(map(_shown, ids[:_TOLD])) + more
