"""A dataflow of the node's own for one of several sources of a shared one.

(Design: structures, "Constraints": several sources are dataflows of their own on the same data
structure, under the node's sub-agency.)
"""

from __future__ import annotations

import re
from dataclasses import replace

from hub.errors import BadRequest, Forbidden
from hub.model import (
    Annotation,
    DataConstraint,
    Dataflow,
    InternationalString,
    Maintainable,
    Reference,
    Structures,
)

#: The annotation that says which dataflow a flow holds one source of.
SOURCE_OF = "SOURCE_OF"
_SUFFIX = re.compile(r"[A-Z][A-Z0-9_]{0,29}")


def own_flow(
    structures: Structures, shared: Reference, suffix: str, agency: str, name: str
) -> list[Maintainable]:
    """Make the dataflow for one source of a shared dataflow, with what limits that one's data.

    `MIGX:DF_STOCK_BIRTH` and LFS give `MIGX.SWE:DF_STOCK_BIRTH_LFS` on the same structure, cut
    into slices alike. Raises BadRequest for a suffix that cannot be part of an id, NotFound where
    there is no such flow, Forbidden for one that nobody submits.
    """
    if _SUFFIX.fullmatch(suffix) is None:
        raise BadRequest(
            f"'{suffix}' does not name a source: write capital letters, digits and '_', at most "
            "30, for example LFS or CEN_2021"
        )
    flow = structures.get(shared, Dataflow)
    if flow.annotation("WRITTEN_BY") is not None:
        raise Forbidden(f"{flow.reference} is derived from other flows: it has no sources to hold")
    if flow.annotation(SOURCE_OF) is not None:
        raise BadRequest(
            f"{flow.reference} holds one source of {flow.annotation(SOURCE_OF)}: name that one"
        )
    own = Dataflow(
        agency=agency,
        id=f"{flow.id}_{suffix}",
        version=flow.version,
        name=_named(flow.name, name or suffix),
        description=flow.description,
        annotations=(*flow.annotations, Annotation(type=SOURCE_OF, title=str(flow.reference))),
        structure=flow.structure,
    )
    limits = [
        replace(
            constraint,
            agency=agency,
            id=f"{constraint.id}_{suffix}",
            name=_named(constraint.name, name or suffix),
            targets=(own.reference,),
        )
        for constraint in structures.of_type(DataConstraint)
        if constraint.role == "Allowed" and flow.reference in constraint.targets
    ]
    return [own, *limits]


def _named(names: InternationalString, source: str) -> InternationalString:
    """Names in every language, with the source behind them."""
    return InternationalString(tuple((tag, f"{text} ({source})") for tag, text in names.texts))
