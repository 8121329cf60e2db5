"""What a metadata set is about: objects that its flow allows, and that are known here."""

from __future__ import annotations

from collections.abc import Iterator

from hub.errors import BadRequest, Severity
from hub.model import (
    ITEM_CLASSES,
    MetadataSet,
    ObjectReference,
    Structures,
    parse_object_urn,
)
from hub.model.metadata_schema import MetadataSchema

#: A rule, what is wrong, and how grave it is.
Fault = tuple[str, str, Severity]


def check_targets(
    one: MetadataSet, schema: MetadataSchema, structures: Structures
) -> Iterator[Fault]:
    """Yield what is wrong with the targets of a set."""
    if not one.targets:
        yield "metadata-target", "it has no target: name the objects it is about", Severity.ERROR
    for urn in dict.fromkeys(one.targets):
        if one.targets.count(urn) > 1:
            yield "metadata-target", f"it names {urn} twice", Severity.ERROR
        try:
            found = parse_object_urn(urn)
        except BadRequest as error:
            yield "metadata-target", error.message, Severity.ERROR
            continue
        if not schema.may_be_about(urn, found.class_name):
            allowed = ", ".join(schema.targets) or "the objects its structure names"
            message = f"{urn} is no target of {schema.flow.reference}, which has {allowed}"
            yield "metadata-target", message, Severity.ERROR
        elif not is_known(found, structures):
            message = f"{urn} is not known on this node: is it spelt right, version included?"
            yield "metadata-target-unknown", message, Severity.WARNING


def is_known(found: ObjectReference, structures: Structures) -> bool:
    """Tell whether an object is here; parts other than items count as there with the whole."""
    artefact = structures.find(found.artefact)
    if artefact is None:
        return False
    by_id = getattr(artefact, "by_id", None)
    is_item = ITEM_CLASSES.get(found.artefact.artefact_class) == found.kind
    return not (is_item and by_id is not None) or found.item in by_id
