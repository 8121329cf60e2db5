"""Answers to availability queries: what data there is, as data constraints of role Actual.

(SDMX REST 2.2, "Availability queries"; how counts and coverage are told is up to the form.)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from hub.errors import Unprocessable
from hub.model import (
    Availability,
    AvailabilityQuery,
    Codelist,
    CubeRegion,
    DataConstraint,
    InternationalString,
    KeyValues,
    Maintainable,
    ProvisionAgreement,
    Reference,
    Schema,
    Structures,
)
from hub.model.extension import extended
from hub.model.period import parse_period
from hub.rest.partial import ItemScheme, cut, used_concepts, used_lists


def wanted_components(query: AvailabilityQuery, schema: Schema) -> tuple[str, ...]:
    """The dimensions an answer is about; raises Unprocessable for what is no dimension."""
    dimensions = tuple(column.id for column in schema.dimensions)
    for component in query.components:
        if component not in dimensions:
            raise Unprocessable(
                f"{schema.structure.reference} has no dimension {component}; "
                f"it has {', '.join(dimensions)}"
            )
    return tuple(d for d in dimensions if not query.components or d in query.components)


def actual_constraint(
    schema: Schema, available: Availability, components: Collection[str]
) -> DataConstraint:
    """Say what is available as one region of the cube, with time coverage and counts.

    The constraint is made for the answer; it takes its identity from the artefact it is about.
    """
    target = schema.context
    return DataConstraint(
        agency=target.agency,
        id=f"AVAILABILITY_{target.id}",
        version=target.version,
        name=InternationalString.of(f"Data available for {target}"),
        role="Actual",
        targets=(target,),
        regions=(
            CubeRegion(
                keys=tuple(
                    KeyValues(component=component, values=tuple(values))
                    for component in components
                    if (values := available.values.get(component, ()))
                )
            ),
        ),
        series_count=available.series_count,
        obs_count=available.obs_count,
        start=_instant(available.start, last=False),
        end=_instant(available.end, last=True),
    )


def merged(parts: Sequence[Availability]) -> Availability:
    """What is available of several flows, as one: of a structure there is one constraint."""
    first, *others = parts
    if not others:
        return first
    values: dict[str, dict[str, None]] = {}
    for part in parts:
        for component, held in part.values.items():
            values.setdefault(component, {}).update(dict.fromkeys(held))
    starts = [part.start for part in parts if part.start]
    ends = [part.end for part in parts if part.end]
    return Availability(
        values={component: tuple(sorted(held)) for component, held in values.items()},
        series_count=sum(part.series_count for part in parts),
        obs_count=sum(part.obs_count for part in parts),
        start=min(starts, key=lambda text: parse_period(text).start, default=None),
        end=max(ends, key=lambda text: parse_period(text).end, default=None),
    )


def _instant(period: str | None, *, last: bool) -> str | None:
    """A bound of the coverage: a range has no place there, its first or last second has."""
    if period is None or "/" not in period:
        return period
    found = parse_period(period)
    return (found.end if last else found.start).strftime("%Y-%m-%dT%H:%M:%S")


def referenced(
    query: AvailabilityQuery,
    schema: Schema,
    available: Availability,
    components: Collection[str],
    structures: Structures,
) -> list[Maintainable]:
    """The artefacts that `references` adds: item schemes cut to what occurs, parents kept."""
    words = set(query.references)
    found: list[Maintainable] = []
    if words == {"none"}:
        return found
    if words & {"all", "dataflow"} and schema.dataflow is not None:
        found.append(schema.dataflow)
    if words & {"all", "datastructure"}:
        found.append(schema.structure)
    values = {component: available.values.get(component, ()) for component in components}
    lists = {ref: ids or set() for ref, ids in used_lists(schema, values).items()}
    for wanted, cuts in (
        ({"all", "codelist", "valuelist"}, lists),
        ({"all", "conceptscheme"}, used_concepts(schema, structures, components)),
        ({"all", "dataproviderscheme"}, _providers(schema, structures)),
    ):
        if words & wanted:
            found.extend(_cut_all(structures, cuts, words))
    return found


def _cut_all(
    structures: Structures, cuts: dict[Reference, set[str]], words: set[str]
) -> Iterable[Maintainable]:
    for reference, ids in cuts.items():
        scheme = structures.find(reference)
        named = "all" in words or reference.artefact_class.rest_name in words
        if isinstance(scheme, Codelist):
            scheme = extended(scheme, structures.find)
        if isinstance(scheme, ItemScheme) and named:
            yield cut(scheme, ids, with_parents=True)


def _providers(schema: Schema, structures: Structures) -> dict[Reference, set[str]]:
    """The providers whose agreements are about the data."""
    found: dict[Reference, set[str]] = {}
    for agreement in structures.of_type(ProvisionAgreement):
        flow = structures.find(agreement.dataflow)
        is_about = agreement.reference == schema.context or (
            schema.context.artefact_class.rest_name == "dataflow" and flow == schema.dataflow
        )
        scheme = structures.find(agreement.provider.scheme)
        if is_about and scheme is not None:
            found.setdefault(scheme.reference, set()).add(agreement.provider.item)
    return found
