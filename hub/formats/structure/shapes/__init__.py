"""How every artefact looks, in all forms."""

from hub.formats.structure.shape import ArtefactShape
from hub.formats.structure.shapes import (
    categories,
    codelists,
    constraints,
    flows,
    hierarchies,
    maps,
    metadata,
    organisations,
    process,
    structure_sets,
    vtl,
)

#: The shapes, as far as they follow the rules; data structures have tables of their own.
SHAPES: tuple[ArtefactShape, ...] = (
    *organisations.SHAPES,
    *categories.SHAPES,
    *codelists.SHAPES,
    *flows.SHAPES,
    *metadata.SHAPES,
    *hierarchies.SHAPES,
    *constraints.SHAPES,
    *maps.SHAPES,
    *structure_sets.SHAPES,
    *process.SHAPES,
    *vtl.SHAPES,
)
