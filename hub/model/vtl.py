"""Schemes of the Validation and Transformation Language: programs and what they are made of.

The node keeps and passes on their text; it does not run it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from hub.model.artefact import Item, Maintainable, Mention
from hub.model.classes import ArtefactClass
from hub.model.urn import ItemReference, Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Transformation(Item):
    """One assignment: the expression, the result it goes to, and whether that is kept."""

    expression: str
    result: str
    is_persistent: bool = False


@dataclass(frozen=True, kw_only=True)
class TransformationScheme(Maintainable):
    """A program: its assignments, and the schemes it draws on."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.TRANSFORMATION_SCHEME
    vtl_version: str
    items: tuple[Transformation, ...] = ()
    mapping_scheme: Reference | None = None
    name_scheme: Reference | None = None
    type_scheme: Reference | None = None
    ruleset_schemes: tuple[Reference, ...] = ()
    operator_schemes: tuple[Reference, ...] = ()

    def mentions(self) -> Iterable[Mention]:
        """The schemes it draws on."""
        single = (self.mapping_scheme, self.name_scheme, self.type_scheme)
        return [*single, *self.ruleset_schemes, *self.operator_schemes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruleset(Item):
    """A ruleset: its definition, its type (datapoint or hierarchical) and its scope."""

    definition: str
    ruleset_type: str
    scope: str


@dataclass(frozen=True, kw_only=True)
class RulesetScheme(Maintainable):
    """Rulesets of programs."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.RULESET_SCHEME
    vtl_version: str
    items: tuple[Ruleset, ...] = ()
    mapping_scheme: Reference | None = None

    def mentions(self) -> Iterable[Mention]:
        """The scheme of mappings it draws on."""
        return [self.mapping_scheme]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserDefinedOperator(Item):
    """An operator that extends the language."""

    definition: str


@dataclass(frozen=True, kw_only=True)
class UserDefinedOperatorScheme(Maintainable):
    """Operators of programs."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.USER_DEFINED_OPERATOR_SCHEME
    vtl_version: str
    items: tuple[UserDefinedOperator, ...] = ()
    mapping_scheme: Reference | None = None
    ruleset_schemes: tuple[Reference, ...] = ()

    def mentions(self) -> Iterable[Mention]:
        """The schemes it draws on."""
        return [self.mapping_scheme, *self.ruleset_schemes]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomType(Item):
    """How a scalar type of the language becomes a data type of SDMX."""

    scalar_type: str
    data_type: str
    literal_format: str | None = None
    output_format: str | None = None
    null_value: str | None = None


@dataclass(frozen=True, kw_only=True)
class CustomTypeScheme(Maintainable):
    """Types of programs."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.CUSTOM_TYPE_SCHEME
    vtl_version: str
    items: tuple[CustomType, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePersonalisation(Item):
    """Another name for what the language names by default."""

    default_name: str
    personal_name: str
    artefact: str


@dataclass(frozen=True, kw_only=True)
class NamePersonalisationScheme(Maintainable):
    """Names of programs."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.NAME_PERSONALISATION_SCHEME
    vtl_version: str
    items: tuple[NamePersonalisation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceMapping:
    """How data goes to the language or comes from it: a method, and the keys of a sub-space."""

    method: str | None = None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VtlMapping(Item):
    """What a name in a program stands for: a dataflow, any dataflow, a code list or a concept.

    SDMX 2.1 has concept schemes too.
    """

    alias: str
    dataflow: Reference | None = None
    is_generic: bool = False
    codelist: Reference | None = None
    concept_scheme: Reference | None = None
    concept: ItemReference | None = None
    to_vtl: SpaceMapping | None = None
    from_vtl: SpaceMapping | None = None


@dataclass(frozen=True, kw_only=True)
class VtlMappingScheme(Maintainable):
    """What the names in programs stand for."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.VTL_MAPPING_SCHEME
    items: tuple[VtlMapping, ...] = ()

    def mentions(self) -> Iterable[Mention]:
        """The dataflows, code lists and concept schemes it maps."""
        return [
            reference
            for item in self.items
            for reference in (item.dataflow, item.codelist, item.concept_scheme, item.concept)
        ]
