"""How a representation map keeps its promise of being one to one in a message.

SDMX has no place for it, so it travels as an annotation of type `ONE_TO_ONE`.
"""

from __future__ import annotations

from dataclasses import replace

from hub.formats.structure.form import StructureForm
from hub.model import Annotation, RepresentationMap

_PROMISE = Annotation(type="ONE_TO_ONE", title="true")


def with_promise(mapping: RepresentationMap, form: StructureForm) -> RepresentationMap:
    """Add the annotation where the map is one to one."""
    if not mapping.is_one_to_one:
        return mapping
    return replace(mapping, annotations=(*mapping.annotations, _PROMISE))


def without_promise(mapping: RepresentationMap, form: StructureForm) -> RepresentationMap:
    """Take the annotation out of the map."""
    kept = tuple(note for note in mapping.annotations if note != _PROMISE)
    return replace(mapping, annotations=kept, is_one_to_one=len(kept) < len(mapping.annotations))
