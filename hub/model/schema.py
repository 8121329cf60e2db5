"""What a data set of one dataflow looks like: its structure with every reference resolved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from weakref import WeakKeyDictionary

from hub.errors import Invalid, NotFound
from hub.model.classes import ArtefactClass
from hub.model.codelists import Codelist, ValueList
from hub.model.concepts import ConceptScheme
from hub.model.constraint import CubeRegion, DataConstraint
from hub.model.dataflow import Dataflow, ProvisionAgreement
from hub.model.datastructure import Attachment, Attribute, Component, DataStructure, Dimension
from hub.model.enumeration import Enumeration
from hub.model.extension import extended
from hub.model.plain import plain
from hub.model.representation import Representation, TextType
from hub.model.structures import Structures
from hub.model.text import InternationalString
from hub.model.urn import ItemReference, Reference


class Role(StrEnum):
    """What a column is in the structure."""

    DIMENSION = "dimension"
    TIME = "time"
    MEASURE = "measure"
    ATTRIBUTE = "attribute"


@dataclass(frozen=True, kw_only=True)
class Column:
    """A component of the structure as a column of data, with its list and concept resolved.

    `enumeration` is None for a column without a list. Only attributes have an attachment other
    than observation; `dimensions` are those an attribute attaches to (of its group, if any).
    """

    id: str
    role: Role
    name: InternationalString = InternationalString()
    representation: Representation = Representation()
    enumeration: Enumeration | None = None
    is_mandatory: bool = True
    attachment: Attachment = Attachment.OBSERVATION
    dimensions: tuple[str, ...] = ()
    group: str | None = None

    @property
    def is_coded(self) -> bool:
        """True where a code or value list enumerates the values."""
        return self.enumeration is not None

    @property
    def text_type(self) -> TextType:
        """The declared type of the values."""
        return self.representation.text_type

    @property
    def is_list(self) -> bool:
        """True where a cell may hold several values."""
        return self.representation.is_list

    @property
    def is_multilingual(self) -> bool:
        """True where a cell holds a text in several languages."""
        return self.representation.is_multilingual


@dataclass(frozen=True, kw_only=True)
class Schema:
    """The columns of a dataflow's data, in the order of the structure, and what limits them.

    Lists have the codes they take over from others, constraints are plain (`hub.model.plain`).

    `context` is the dataflow (or data structure) the data is read and written under.
    """

    context: Reference
    dataflow: Dataflow | None
    structure: DataStructure
    columns: tuple[Column, ...]
    constraints: tuple[DataConstraint, ...] = field(default=())

    @cached_property
    def by_id(self) -> dict[str, Column]:
        """The columns by component id."""
        return {column.id: column for column in self.columns}

    @cached_property
    def key(self) -> tuple[Column, ...]:
        """The dimensions of the series key, in order, without time."""
        return tuple(c for c in self.columns if c.role is Role.DIMENSION)

    @cached_property
    def time(self) -> Column | None:
        """The time dimension."""
        return next((c for c in self.columns if c.role is Role.TIME), None)

    @cached_property
    def dimensions(self) -> tuple[Column, ...]:
        """All dimensions in order, time last."""
        return self.key if self.time is None else (*self.key, self.time)

    @cached_property
    def measures(self) -> tuple[Column, ...]:
        """The measures."""
        return tuple(c for c in self.columns if c.role is Role.MEASURE)

    @cached_property
    def attributes(self) -> tuple[Column, ...]:
        """The attributes, of whatever attachment."""
        return tuple(c for c in self.columns if c.role is Role.ATTRIBUTE)

    @cached_property
    def slice_by(self) -> str | None:
        """The dimension by which releases of this flow are cut into slices; None: not cut.

        Declared by an annotation of type SLICE_BY on the dataflow.
        """
        named = self.dataflow.annotation("SLICE_BY") if self.dataflow else None
        return named if named in self.by_id else None

    @property
    def allowed(self) -> tuple[CubeRegion, ...]:
        """The regions of the constraints of role Allowed."""
        return tuple(r for c in self.constraints if c.role == "Allowed" for r in c.regions)


#: The schemas of structures that are in use; these never change.
_RESOLVED: WeakKeyDictionary[Structures, dict[Reference, Schema]] = WeakKeyDictionary()


def resolve(context: Reference, structures: Structures) -> Schema:
    """Resolve a dataflow, provision agreement or data structure into its schema.

    Raises NotFound when the context or anything it needs is missing.
    """
    known = _RESOLVED.setdefault(structures, {})
    schema = known.get(context)
    if schema is None:
        schema = _resolved(context, structures)
        if schema.context == context:  # other names of it are without number
            known[context] = schema
    return schema


def _resolved(context: Reference, structures: Structures) -> Schema:
    chain: list[Reference] = [context]
    flow: Dataflow | None = None
    provider: ItemReference | None = None
    if context.artefact_class is ArtefactClass.PROVISION_AGREEMENT:
        agreement = structures.get(context, ProvisionAgreement)
        provider = agreement.provider
        chain.append(agreement.dataflow)
    if chain[-1].artefact_class is ArtefactClass.DATAFLOW:
        flow = structures.get(chain[-1], Dataflow)
        chain.append(flow.structure)
    structure = structures.get(chain[-1], DataStructure)
    found = [structures.find(reference) for reference in chain]
    targets = {artefact.reference for artefact in found if artefact is not None}
    columns = _columns(structure, structures)
    lists = {column.id: column.enumeration for column in columns if column.enumeration}
    return Schema(
        context=found[0].reference if found[0] is not None else context,
        dataflow=flow,
        structure=structure,
        columns=columns,
        constraints=tuple(
            plain(constraint, lists)
            for constraint in structures.of_type(DataConstraint)
            if (constraint.provider is not None and constraint.provider == provider)
            or any(target in targets for target in _found(constraint.targets, structures))
        ),
    )


def _found(references: Iterable[Reference], structures: Structures) -> Iterator[Reference]:
    """The artefacts that references mean, so far as they are here."""
    for reference in references:
        artefact = structures.find(reference)
        if artefact is not None:
            yield artefact.reference


def _columns(structure: DataStructure, structures: Structures) -> tuple[Column, ...]:
    groups = {group.id: group.dimensions for group in structure.groups}
    return tuple(
        _column(component, structures, structure, groups) for component in structure.components
    )


def _column(
    component: Component,
    structures: Structures,
    structure: DataStructure,
    groups: Mapping[str, tuple[str, ...]],
) -> Column:
    scheme = structures.find(component.concept.scheme)
    concept = (
        scheme.by_id.get(component.concept.item) if isinstance(scheme, ConceptScheme) else None
    )
    inherited = concept.representation if concept is not None else None
    representation = component.representation or inherited or Representation()
    if representation.is_list and representation.is_multilingual:
        raise Invalid(
            f"{structure.reference}: {component.id} is both multi-valued and multilingual, "
            "which this node does not store; declare one of the two"
        )
    role, mandatory = Role.MEASURE, getattr(component, "is_mandatory", True)
    attachment, dimensions, group = Attachment.OBSERVATION, tuple[str, ...](), None
    if isinstance(component, Dimension):
        role = Role.TIME if component.is_time else Role.DIMENSION
    elif isinstance(component, Attribute):
        role, attachment, group = Role.ATTRIBUTE, component.attachment, component.group
        dimensions = groups.get(group, ()) if group else component.dimensions
    return Column(
        id=component.id,
        role=role,
        name=concept.name if concept is not None else InternationalString.of(component.id),
        representation=representation,
        enumeration=_enumeration(representation, structures, component.id),
        is_mandatory=mandatory,
        attachment=attachment,
        dimensions=dimensions,
        group=group,
    )


def _enumeration(
    representation: Representation, structures: Structures, component: str
) -> Enumeration | None:
    if representation.enumeration is None:
        return None
    found = structures.find(representation.enumeration)
    if isinstance(found, Codelist):
        return extended(found, structures.find)
    if not isinstance(found, ValueList | ConceptScheme):
        raise NotFound(
            f"component {component} is coded by {representation.enumeration}, "
            "which is not on this node; load that list first"
        )
    return found
