"""Targets as SDMX-CSV spells them: the type of an object, and its id."""

from __future__ import annotations

from hub.errors import BadRequest
from hub.model import (
    ITEM_CLASSES,
    ArtefactClass,
    ObjectReference,
    parse_object_urn,
    parse_reference,
)
from hub.model.classes import OWNERS

_BY_NAME = {cls.rest_name: cls for cls in ArtefactClass}


def spelt_target(urn: str) -> tuple[str, str]:
    """The type and the id of the object a URN means.

    The type is the name of its artefact in structure queries; an item follows the version after a
    dot, as in a URN. Other parts of an artefact have the name of their own class.
    """
    found = parse_object_urn(urn)
    cls = found.artefact.artefact_class
    is_part = bool(found.kind) and ITEM_CLASSES.get(cls) != found.kind
    id_ = f"{found.artefact}.{found.item}" if found.item else str(found.artefact)
    return (found.kind if is_part else cls.rest_name), id_


def target_urn(kind: str, text: str) -> str:
    """The URN of the object that a type and an id mean; raises BadRequest."""
    cls = _BY_NAME.get(kind) or OWNERS.get(kind)
    if cls is None:
        raise BadRequest(f"'{kind[:80]}' is not a type of objects: write one such as dataflow")
    artefact, closed, rest = text.partition(")")
    item = rest.removeprefix(".")
    if closed and rest and not rest.startswith("."):
        raise BadRequest(f"'{text[:80]}': an item follows the version after a dot")
    reference = parse_reference(f"{artefact}{closed}", cls, default_version="1.0")
    part = kind if kind in OWNERS else ITEM_CLASSES.get(cls, "")
    if item and not part:
        raise BadRequest(f"'{text[:80]}': a {kind} has no items")
    return ObjectReference(reference, part if item else "", item).urn
