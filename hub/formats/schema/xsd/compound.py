"""The complex types of a structure-specific schema: data set, groups, series, observations.

They restrict the abstract types of the standard's own schema, which allow any XML attribute, to
the components of one structure (SDMX-ML, "Data-Structure-Specific Schema").
"""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from hub.formats.components import OBS_VALUE
from hub.formats.schema.form import SchemaForm
from hub.formats.schema.places import Places
from hub.formats.schema.xsd.datatypes import STRING
from hub.formats.schema.xsd.markup import (
    UNBOUNDED,
    annotations_first,
    attribute,
    element,
    local,
    restricted_type,
)
from hub.formats.schema.xsd.nested import NestedTypes, is_nested
from hub.formats.schema.xsd.simple import REPORTING_YEAR_START_DAY, SimpleTypes
from hub.model import TIME_PERIOD, Column, Group

_PERIOD = "common:ObservationalTimePeriodType"


class CompoundTypes:
    """Makes the complex types of one structure for one version of SDMX-ML."""

    def __init__(
        self, places: Places, form: SchemaForm, simple: SimpleTypes, nested: NestedTypes
    ) -> None:
        self._places, self._form = places, form
        self._simple, self._nested = simple, nested
        is_series = form.is_simple and places.at == TIME_PERIOD
        #: SDMX 2.1 has types of their own for time series, which the general ones include.
        self._prefix = "dsd:TimeSeries" if is_series else "dsd:"
        self._series_base = "dsd:TimeSeriesType" if is_series else "dsd:SeriesType"

    @property
    def group_id_type(self) -> str:
        """The name of the type of group ids."""
        return "GroupType.ID" if self._form.is_simple else "Group.ID"

    def all(self) -> list[etree._Element]:
        """The types of every level, from the data set down."""
        types = [self._data_set()]
        if not self._places.is_flat:
            types.append(self._series())
        types.append(self._observation())
        if not self._form.is_simple:
            types.append(self._atts())
        return [*types, *self._groups()]

    def _data_set(self) -> etree._Element:
        places = self._places
        rows = "Obs" if places.is_flat else "Series"
        content = [
            annotations_first(),
            local("DataProvider", "common:DataProviderReferenceType"),
        ]
        groups = self._group_element()
        if self._form.is_simple:
            content += groups
            several = local(rows, f"{rows}Type", "1", UNBOUNDED)
            content.append(element("choice", several, minOccurs="0"))
        else:
            parts = [local("Atts", "AttsType", "1"), *groups, local(rows, f"{rows}Type", "1")]
            content.append(element("choice", *parts, minOccurs="0", maxOccurs=UNBOUNDED))
        # since 3.0 they may stand in Atts as well, so none can be required here
        held = [
            self._component(column, self._form.is_simple and places.requires(column))
            for column in self._simple_ones(places.dataset_attributes)
        ]
        told = self._without_reporting_year(places.dataset_attributes)
        return restricted_type("DataSetType", f"{self._prefix}DataSetType", content, [*held, *told])

    def _group_element(self) -> list[etree._Element]:
        groups = self._places.groups
        if not groups:
            return []
        type_ = groups[0].id if len(groups) == 1 else "GroupType"
        if self._form.is_simple:
            return [local("Group", type_, "0", UNBOUNDED)]
        return [local("Group", type_, "1")]

    def _series(self) -> etree._Element:
        places, is_simple = self._places, self._form.is_simple
        below = places.split_attributes
        if is_simple:  # 2.1 lets the attributes of groups stand at the series too
            below += tuple(c for g in places.groups for c in places.group_attributes(g))
        held = places.series_attributes
        content = [annotations_first(), *self._comps(held, below)]
        content.append(local("Obs", "ObsType", "0", UNBOUNDED))
        attributes = self._components([*places.key, *held])
        attributes += [self._component(column, False) for column in self._simple_ones(below)]
        if not any(column.id == TIME_PERIOD for column in places.key):
            attributes += self._without_time() if self._series_base == "dsd:SeriesType" else []
        attributes += self._without_reporting_year([*held, *below])
        return restricted_type("SeriesType", self._series_base, content, attributes)

    def _observation(self) -> etree._Element:
        places = self._places
        measures, held = self._measures(), places.observation_attributes
        content = [annotations_first(), *self._comps([*measures, *held])]
        attributes = self._type("common:IDType", use="prohibited")
        attributes += [self._observed(column) for column in places.observation]
        attributes += self._components([*measures, *held])
        if self._form.is_simple and not measures:
            attributes.append(attribute(OBS_VALUE, STRING, "prohibited"))
        if not any(column.id == TIME_PERIOD for column in places.observation):
            attributes += self._without_time()
        attributes += self._without_reporting_year(held)
        return restricted_type("ObsType", f"{self._prefix}ObsType", content, attributes)

    def _measures(self) -> list[Column]:
        """The measures; SDMX 2.1 knows only one."""
        measures = self._places.schema.measures
        return [c for c in measures if not self._form.is_simple or c.id == OBS_VALUE]

    def _observed(self, column: Column) -> etree._Element:
        """A dimension of the observation; the base type of time series requires its time."""
        is_in_series = self._prefix == "dsd:TimeSeries"
        return self._component(column, is_in_series or self._places.requires(column))

    def _atts(self) -> etree._Element:
        """Attributes of the data set, or of a part of it that some dimensions tell (SDMX 3.0)."""
        schema = self._places.schema
        components = [*schema.dimensions, *schema.attributes]
        attributes = [self._component(column, False) for column in self._simple_ones(components)]
        if not any(column.id == TIME_PERIOD for column in schema.dimensions):
            attributes += self._without_time()
        content = [annotations_first(), *self._comps((), schema.attributes)]
        return restricted_type("AttsType", "dsd:AttsType", content, attributes)

    def _groups(self) -> list[etree._Element]:
        groups = self._places.groups
        if len(groups) < 2:
            types = [self._group(group, group.id, "dsd:GroupType") for group in groups]
            # the conformance kit of 2.1 looks for it, if there is one group only
            if groups and self._form.is_simple and groups[0].id != "GroupType":
                types.append(self._group(groups[0], "GroupType", "dsd:GroupType"))
            return types
        ids = [element("enumeration", value=group.id) for group in groups]
        named = element("simpleType", element("restriction", *ids, base="common:IDType"))
        named.set("name", self.group_id_type)
        attributes = [attribute("type", self.group_id_type)]
        any_ = [element("anyAttribute", namespace="##local")]
        everything = [c for group in groups for c in self._places.group_attributes(group)]
        content = [annotations_first(), *self._comps((), everything)]
        base = restricted_type(
            "GroupType", "dsd:GroupType", content, [*attributes, *any_], is_abstract=True
        )
        return [named, base, *(self._group(group, group.id, "GroupType") for group in groups)]

    def _group(self, group: Group, name: str, base: str) -> etree._Element:
        places = self._places
        held = places.group_attributes(group)
        alike: tuple[Column, ...] = ()
        if self._form.is_simple:  # in 2.1, attributes of the same dimensions may stand here too
            alike = tuple(
                c for c in places.series_attributes if {*c.dimensions} == {*group.dimensions}
            )
        id_type = "common:IDType" if base.startswith("dsd:") else self.group_id_type
        attributes = self._components([*places.group_dimensions(group), *held])
        attributes += [self._component(column, False) for column in self._simple_ones(alike)]
        attributes += self._type(id_type, fixed=group.id)
        attributes += self._without_reporting_year([*held, *alike])
        return restricted_type(name, base, [annotations_first(), *self._comps(held)], attributes)

    def _components(self, columns: Iterable[Column]) -> list[etree._Element]:
        return [self._component(c, self._places.requires(c)) for c in self._simple_ones(columns)]

    def _component(self, column: Column, is_required: bool) -> etree._Element:
        use = "required" if is_required else "optional"
        return attribute(column.id, self._simple.of_attribute(column), use)

    def _simple_ones(self, columns: Iterable[Column]) -> list[Column]:
        return [column for column in columns if not is_nested(column, self._form)]

    def _comps(
        self, columns: Iterable[Column], others: Iterable[Column] = ()
    ) -> list[etree._Element]:
        """The place for components that fit no XML attribute; `others` may stand there too."""
        here, also = (self._nested_ones(held) for held in (columns, others))
        for column in (*here, *also):
            self._nested.define(column)
        least = sum(self._places.requires(column) for column in here)
        return [local("Comp", "dsd:CompType", str(least), UNBOUNDED)] if here or also else []

    def _nested_ones(self, columns: Iterable[Column]) -> list[Column]:
        return [column for column in columns if is_nested(column, self._form)]

    def _type(self, type_: str, use: str = "optional", **more: str) -> list[etree._Element]:
        """The attribute of the base types that tells the kind, unless a component has its name."""
        if "type" in self._places.schema.by_id:
            return []
        return [attribute("type", type_, use, **more)]

    def _without_time(self) -> list[etree._Element]:
        return [attribute(TIME_PERIOD, _PERIOD, "prohibited")]

    def _without_reporting_year(self, columns: Iterable[Column]) -> list[etree._Element]:
        """In 2.1 the base types have an attribute for it; elsewhere it is one like others."""
        has_it = any(column.id == REPORTING_YEAR_START_DAY for column in columns)
        if has_it or not self._form.is_simple:
            return []
        return [attribute(REPORTING_YEAR_START_DAY, "xs:gMonthDay", "prohibited")]
