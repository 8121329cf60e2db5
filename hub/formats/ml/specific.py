"""Structure-specific data (SDMX-ML 2.1, 3.0, 3.1): components are XML attributes under their ids.

In 3.x, several values and texts in several languages are `Comp` elements.
"""

from __future__ import annotations

from hub.formats.kinds import LANGUAGE
from hub.formats.ml.collected import Collected
from hub.formats.ml.columns import Columns
from hub.formats.ml.header import by_name
from hub.formats.ml.walk import PASSED_OVER, Element, Walk


class SpecificRules:
    """The rule of a structure-specific `DataSet`."""

    def __init__(self, walk: Walk, rows: Collected) -> None:
        self._walk = walk
        self._rows = rows

    def element(self) -> Element:
        """The rule of `DataSet`."""
        rows = self._rows
        in_observation = self._inside(rows.observations)
        series = Element(
            children={
                **self._inside(rows.series),
                "Obs": Element(children=in_observation, start=rows.observations.add),
            },
            start=rows.begin_series,
            end=self._end_series,
        )
        group = self._inside(rows.groups)
        return Element(
            children={
                "Series": series,
                "Obs": Element(children=in_observation, start=self._flat_observation),
                "Group": Element(children=group, start=self._group),
                "Atts": Element(children=group, start=self._group),
                "Annotations": PASSED_OVER,
                "DataProvider": PASSED_OVER,
                "Metadata": PASSED_OVER,
            },
            start=self._data_set,
        )

    def _inside(self, columns: Columns) -> dict[str, Element]:
        return {
            "Comp": CompRules(self._walk, columns).element(),
            "Annotations": PASSED_OVER,
            "Metadata": PASSED_OVER,
        }

    def _data_set(self, attributes: list[str]) -> None:
        self._rows.begin_dataset(attributes)
        self._rows.datasets.add(attributes)

    def _end_series(self, _text: str) -> None:
        self._rows.end_series()

    def _flat_observation(self, attributes: list[str]) -> None:
        self._rows.leave_series()
        self._rows.observations.add(attributes)

    def _group(self, attributes: list[str]) -> None:
        """A group, or attributes of a partial key (`Atts`): which are dimensions, is not said."""
        is_empty = all(" " in name or name == "type" for name in attributes[::2])
        if self._rows.dimensions is None and not is_empty:
            message = (
                "which components of a group are its key, only the data structure tells, and "
                f"{self._rows.payload.reference or 'that of this message'} is not known here; "
                "load it first ('corridor structures load')"
            )
            raise self._walk.refuse("ml-group", message)
        self._rows.add_group(attributes)


class CompRules:
    """Reads `Comp` elements into the columns of the element they stand in."""

    def __init__(self, walk: Walk, columns: Columns) -> None:
        self._walk = walk
        self._columns = columns
        self._component = ""
        self._language = LANGUAGE
        self._values: list[str] = []
        self._texts: list[tuple[str, str]] = []
        self._count = 0

    def element(self) -> Element:
        """The rule of `Comp`."""
        text = Element(start=self._open_text, end=self._close_text, takes_text=True)
        value = Element(
            children={"Text": text, "StructuredText": Element(start=self._structured)},
            end=self._value,
            takes_text=True,
        )
        return Element(
            children={"Value": value, "Annotations": PASSED_OVER},
            start=self._open,
            end=self._close,
        )

    def _open(self, attributes: list[str]) -> None:
        self._component = by_name(attributes).get("id", "")
        self._values, self._texts, self._count = [], [], 0
        if not self._component:
            raise self._walk.refuse("ml-component", "a Comp without the id of its component")

    def _open_text(self, attributes: list[str]) -> None:
        self._language = by_name(attributes).get("lang", LANGUAGE)

    def _close_text(self, text: str) -> None:
        if any(language == self._language for language, _ in self._texts) and not self._count:
            message = f"{self._component} has two texts in '{self._language}'"
            raise self._walk.refuse("ml-twice", message)
        if text:
            self._texts.append((self._language, text))

    def _structured(self, _attributes: list[str]) -> None:
        message = f"{self._component} is structured text (XHTML), which this node does not store"
        raise self._walk.refuse("ml-component", message)

    def _value(self, text: str) -> None:
        self._count += 1
        if not self._texts:
            self._values += [text] if text else []
            return
        if text.strip():
            message = f"{self._component} has a text beside those in languages"
            raise self._walk.refuse("ml-component", message)
        if self._count > 1:
            message = (
                f"{self._component} has several values in several languages, which this node "
                "does not store; give one or the other"
            )
            raise self._walk.refuse("ml-component", message)

    def _close(self, _text: str) -> None:
        if self._texts and self._values:
            message = f"{self._component} has values with languages and without"
            raise self._walk.refuse("ml-component", message)
        if self._texts or self._values:
            self._columns.nest(self._component, self._texts or self._values)
