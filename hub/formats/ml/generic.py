"""Generic data (SDMX-ML 2.1): components are `Value` elements with an id and a value."""

from __future__ import annotations

from hub.formats.components import measures_of
from hub.formats.ml.collected import Collected
from hub.formats.ml.header import by_name
from hub.formats.ml.walk import PASSED_OVER, Element, Walk


class GenericRules:
    """The rule of a generic `DataSet`.

    `_values` are the ids and values, in turn, of the element that is open.
    """

    def __init__(self, walk: Walk, rows: Collected) -> None:
        self._walk = walk
        self._rows = rows
        self._values: list[str] = []
        self._of_dataset: list[str] = []
        self._is_in_series = False
        self._line = 0

    def element(self) -> Element:
        """The rule of `DataSet`."""
        values = Element(children={"Value": Element(start=self._value)})
        key = Element(children={"Value": Element(start=self._key_value)})
        inside = {"Attributes": values, "Annotations": PASSED_OVER}
        observation = {**inside, "ObsValue": Element(start=self._measure)}
        in_series = Element(
            children={**observation, "ObsDimension": Element(start=self._dimension)},
            start=self._open_observation,
            end=self._close_observation,
        )
        flat = Element(
            children={**observation, "ObsKey": values},
            start=self._open_flat,
            end=self._close_observation,
        )
        series = Element(
            children={**inside, "SeriesKey": values, "Obs": in_series},
            start=self._open,
            end=self._close_series,
        )
        group = Element(
            children={**inside, "GroupKey": key}, start=self._open, end=self._close_group
        )
        of_dataset = Element(children=values.children, start=self._open, end=self._keep)
        return Element(
            children={
                **{"Attributes": of_dataset, "Group": group, "Series": series, "Obs": flat},
                **{"Annotations": PASSED_OVER, "DataProvider": PASSED_OVER},
            },
            start=self._data_set,
            end=self._close_data_set,
        )

    def _data_set(self, attributes: list[str]) -> None:
        self._rows.begin_dataset(attributes)
        self._of_dataset = []

    def _close_data_set(self, _text: str) -> None:
        self._rows.datasets.add(self._of_dataset, self._walk.line)

    def _keep(self, _text: str) -> None:
        self._of_dataset += self._values

    def _open(self, _attributes: list[str]) -> None:
        self._values, self._is_in_series, self._line = [], False, self._walk.line

    def _value(self, attributes: list[str]) -> None:
        if len(attributes) == 4 and attributes[0] == "id":
            self._values += attributes[1::2]
            return
        given = by_name(attributes)
        self._add(given.get("id"), given.get("value"))

    def _key_value(self, attributes: list[str]) -> None:
        self._value(attributes)
        if self._rows.dimensions is None:
            self._rows.dimensions = set()
        self._rows.dimensions.add(self._values[-2])

    def _dimension(self, attributes: list[str]) -> None:
        if len(attributes) == 4 and attributes[0] == "id":
            self._values += attributes[1::2]
            return
        given = by_name(attributes)
        self._add(given.get("id", self._rows.payload.at_observation), given.get("value"))

    def _measure(self, attributes: list[str]) -> None:
        if len(attributes) == 4 and attributes[0] == "id":
            self._values += attributes[1::2]
            return
        given = by_name(attributes)
        self._add(given.get("id", measures_of(self._rows.structure)[0]), given.get("value"))

    def _add(self, component: str | None, value: str | None) -> None:
        if component is None:
            raise self._walk.refuse("ml-component", "a value without the id of its component")
        if value is None:
            message = f"{component} has no value here; texts inside the element are not read"
            raise self._walk.refuse("ml-component", message)
        self._values += (component, value)

    def _open_observation(self, _attributes: list[str]) -> None:
        if not self._is_in_series:
            self._rows.begin_series(self._values, self._line)
            self._is_in_series = True
        elif self._values:
            raise self._walk.refuse("ml-order", _ORDER)
        self._values = []
        self._line = self._walk.line

    def _open_flat(self, _attributes: list[str]) -> None:
        self._rows.leave_series()
        self._values = []
        self._line = self._walk.line

    def _close_observation(self, _text: str) -> None:
        self._rows.observations.add(self._values, self._line)
        self._values = []

    def _close_series(self, _text: str) -> None:
        if not self._is_in_series:
            self._rows.begin_series(self._values, self._line)
        elif self._values:
            raise self._walk.refuse("ml-order", _ORDER)
        self._rows.end_series()

    def _close_group(self, _text: str) -> None:
        self._rows.add_group(self._values, self._line)


_ORDER = "the attributes of a series stand before its observations"
