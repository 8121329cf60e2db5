"""What positions and indices in the data sets of one structure mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hub.errors import BadRequest
from hub.formats.components import CONTEXTS
from hub.formats.json.document import Component, ComponentLevels, Link, Structure, Value, refuse
from hub.formats.json.values import Described, ValueFault, spell, spelt
from hub.model import Reference, parse_urn

Columns = dict[str, pa.Array]
#: What a place of a key may hold where the dimension is not part of it (SDMX-JSON 2.1: `~`).
_ABSENT = ("", "~")
_CONTEXT = re.compile("|".join(rf"\.{cls.class_name}=" for cls in CONTEXTS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The components of a structure by the level of the message they stand at.

    `fixed` are the dimensions that all observations share, with the one value each has.
    """

    reference: Reference | None
    fixed: tuple[Described, ...]
    series: tuple[Described, ...]
    observation: tuple[Described, ...]
    measures: tuple[Described, ...]
    dataset_attributes: tuple[Described, ...]
    group_attributes: tuple[Described, ...]
    series_attributes: tuple[Described, ...]
    observation_attributes: tuple[Described, ...]

    @property
    def dimensions(self) -> tuple[Described, ...]:
        """All dimensions, in the order in which keys of groups name them."""
        return (*self.fixed, *self.series, *self.observation)

    @property
    def width(self) -> int:
        """The number of components."""
        return len(self.dimensions) + len(self.measures) + len(self.attributes)

    @property
    def attributes(self) -> tuple[Described, ...]:
        """All attributes, of whatever level."""
        return (
            *self.dataset_attributes,
            *self.group_attributes,
            *self.series_attributes,
            *self.observation_attributes,
        )


def frame_of(
    structure: Structure, file: str, place: str, measures: Sequence[str], *, is_version_1: bool
) -> Frame:
    """Read the description of a structure, which stands at a place (JSON pointer).

    `measures` are those of a message that does not name them; SDMX-JSON 1.0 never does.
    """
    found: dict[str, str] = {}

    def level(part: str, name: str, components: list[Component] | None) -> tuple[Described, ...]:
        described = []
        for number, component in enumerate(components or ()):
            at = f"{place}/{part}/{name}/{number}"
            if found.setdefault(component.id, at) != at:
                message = f"{component.id} is described at {found[component.id]} already"
                raise refuse(file, "json-twice", message, at)
            described.append(_described(component, file, at, must_list=is_version_1))
        return tuple(described)

    dimensions, attributes = structure.dimensions, structure.attributes or ComponentLevels()
    fixed = level("dimensions", "dataSet", dimensions.dataset)
    for number, dimension in enumerate(fixed):
        if dimension.values is None or len(dimension.values) != 1:
            at = f"{place}/dimensions/dataSet/{number}"
            message = f"{dimension.id} stands for all data and must have one value"
            raise refuse(file, "json-dimension", message, at)
    named = structure.measures
    return Frame(
        reference=reference_of(structure.links, file, f"{place}/links"),
        fixed=fixed,
        series=level("dimensions", "series", dimensions.series),
        observation=level("dimensions", "observation", dimensions.observation),
        measures=tuple(Described(id_) for id_ in measures)
        if named is None or is_version_1
        else level("measures", "observation", named.observation),
        dataset_attributes=level("attributes", "dataSet", attributes.dataset),
        group_attributes=level("attributes", "dimensionGroup", attributes.group),
        series_attributes=level("attributes", "series", attributes.series),
        observation_attributes=level("attributes", "observation", attributes.observation),
    )


def reference_of(links: Sequence[Link] | None, file: str, place: str) -> Reference | None:
    """What data is of, by its links: a dataflow before an agreement before a structure."""
    found: list[Reference] = []
    for number, link in enumerate(links or ()):
        if link.urn is None or not _CONTEXT.search(link.urn):
            continue
        try:
            reference = parse_urn(link.urn)
        except BadRequest as error:
            raise refuse(file, "json-structure", error.message, f"{place}/{number}/urn") from None
        if isinstance(reference, Reference):
            found.append(reference)
    ranked = sorted(found, key=lambda reference: CONTEXTS.index(reference.artefact_class))
    return ranked[0] if ranked else None


def _described(component: Component, file: str, place: str, *, must_list: bool) -> Described:
    """In SDMX-JSON 1.0 everything but the observed value is given by index."""
    values = component.values if component.values is not None or not must_list else []
    listed = None
    if values is not None:
        texts = [_listed(value) for value in values]
        try:
            listed = spelt(texts)
        except ValueFault as fault:
            at = f"{place}/values/{fault.row}"
            raise refuse(file, "json-value", fault.message, at) from None
        if pa.types.is_string(listed.type):
            listed = listed.dictionary_encode()
    return Described(component.id, listed, _default(component.default, listed))


def _default(given: Any, listed: pa.Array | None) -> str | None:
    """The value that holds where the data gives none; a number is an index, if there is a list."""
    if isinstance(given, int) and not isinstance(given, bool) and listed is not None:
        given = listed[given].as_py() if 0 <= given < len(listed) else None
    return spell(given) if isinstance(given, str | int) else None


def _listed(value: Value | None) -> Any:
    """What a value in a list means: its id, else the value itself, else (1.0) its name."""
    if value is None:
        return None
    given = value.id if value.id is not None else value.value
    if given is None:
        given = value.values if value.values is not None else value.name
    return paired(given)


def paired(value: Any) -> Any:
    """Objects as tuples of pairs, as everywhere in the data."""
    if isinstance(value, dict):
        return tuple(value.items())
    return [paired(item) for item in value] if isinstance(value, list) else value


def key_columns(
    keys: Sequence[str | None], dimensions: Sequence[Described], *, is_partial: bool = False
) -> Columns:
    """The dimensions that keys (`0:12:3`) name by index. Raises ValueFault."""
    texts = pa.array(keys, pa.string())
    part = "([0-9]{0,9}|~)" if is_partial else "[0-9]{1,9}"
    pattern = ":".join([part] * len(dimensions))
    wrong = pc.invert(pc.match_substring_regex(texts, f"^{pattern}$"))
    row = pc.index(wrong, True).as_py()
    if row >= 0:
        wanted = f"one index for each of {len(dimensions)} dimensions"
        message = f"the key is '{(keys[row] or '')[:80]}'; {wanted} belongs here"
        raise ValueFault(row, message)
    if len(dimensions) == 1:
        parts = [texts]
    else:
        split = pc.split_pattern(texts, ":")
        parts = [pc.list_element(split, place) for place in range(len(dimensions))]
    columns = {}
    for dimension, part_texts in zip(dimensions, parts, strict=True):
        if is_partial:
            absent = pc.is_in(part_texts, pa.array(_ABSENT))
            part_texts = pc.if_else(absent, pa.scalar(None, pa.string()), part_texts)
        columns[dimension.id] = dimension.by_number(part_texts.cast(pa.int32()))
    return columns


def value_columns(arrays: Sequence[Sequence[Any]], components: Sequence[Described]) -> Columns:
    """The components that arrays give by position. Raises ValueFault.

    Arrays may end early; what follows the components are indices of annotations.
    """
    positions = list(zip_longest(*arrays))
    columns = {}
    for component, given in zip(components, positions, strict=False):
        columns[component.id] = component.column(given)
    for given in positions[len(components) :]:
        row = next((i for i, v in enumerate(given) if v is not None and type(v) is not int), None)
        if row is not None:
            message = f"more values than the {len(components)} components described"
            raise ValueFault(row, message)
    return columns
