"""Answers to availability queries: what data there is, as data constraints of role Actual.

(SDMX REST 2.2, "Availability queries"; how counts and coverage are told is up to the form.)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from hub.errors import Unprocessable
from hub.model import (
    ArtefactClass,
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
from hub.rest.targets import Target, provider_of


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


def told_components(query: AvailabilityQuery, schema: Schema) -> tuple[str, ...]:
    """The dimensions whose values an answer tells, of those it is about.

    SDMX 2.1 tells the time that data covers as a period of the constraint; a client of API 1.x
    takes what is in the region for coded, so that periods are there only when asked for by id.
    """
    about = wanted_components(query, schema)
    if not query.is_v1 or query.components or schema.time is None:
        return about
    return tuple(component for component in about if component != schema.time.id)


def actual_constraint(
    schema: Schema, available: Availability, components: Collection[str], *, v1: bool = False
) -> DataConstraint:
    """Say what is available as one region of the cube, with time coverage and counts.

    The constraint is made for the answer; it takes its identity from the artefact it is about.
    Where API 1.x asks for one provider it is about an agreement, and attached to the dataflow
    that was asked for.
    """
    target = schema.context
    attached = schema.dataflow.reference if v1 and schema.dataflow is not None else target
    return DataConstraint(
        agency=target.agency,
        id=f"AVAILABILITY_{target.id}",
        version=target.version,
        name=InternationalString.of(f"Data available for {target}"),
        role="Actual",
        targets=(attached,),
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
    target: Target,
    available: Availability,
    components: Collection[str],
    structures: Structures,
) -> list[Maintainable]:
    """The artefacts that `references` adds: item schemes cut to what occurs, parents kept."""
    schema, words = target.schema, set(query.references)
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
        ({"all", "dataproviderscheme"}, _providers(target, structures)),
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


def _providers(target: Target, structures: Structures) -> dict[Reference, set[str]]:
    """The providers by whose agreements the data came; those without any are not among them."""
    found: dict[Reference, set[str]] = {}
    for agreement in structures.of_type(ProvisionAgreement):
        scheme = structures.find(agreement.provider.scheme)
        if scheme is not None and _covers(agreement, target, structures):
            found.setdefault(scheme.reference, set()).add(agreement.provider.item)
    return found


def _covers(agreement: ProvisionAgreement, target: Target, structures: Structures) -> bool:
    """True where some of the data came under an agreement."""
    context = target.schema.context
    if agreement.reference == context:
        return True
    is_of_flow = structures.find(agreement.dataflow) == target.schema.dataflow
    if context.artefact_class is not ArtefactClass.DATAFLOW or not is_of_flow:
        return False
    provider = provider_of(agreement, structures)
    return provider is None or any(part.is_of(provider) for part in target.release.slices)
