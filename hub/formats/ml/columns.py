"""The components of the elements of one level, collected into columns as they stream by.

Most elements of a message have the same XML attributes in the same order. Their values are put
one after another into the list of that shape, and cut into columns some thousand elements later:
the work for one element does not depend on what its components are.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from hub.formats.bounds import check_cells
from hub.formats.kinds import LIST, TEXTS, MixedKindsError, coalesced
from hub.formats.ml.walk import Walk

#: Elements collected before they are cut into columns.
CHUNK = 1 << 16
_MOST_SHAPES, _ODD = 64, -1
_ROW = ""  # no component is called so
_LISTS, _TEXTS = "[]", "{}"  # put after a component's id: no XML name has such signs
_TEXT = pa.string()
TYPE = "http://www.w3.org/2001/XMLSchema-instance type"


@dataclass(slots=True)
class _Shape:
    """Elements with the same XML attributes: the places of their components, and their values."""

    number: int
    width: int
    places: dict[str, int]
    values: list[str] = field(default_factory=list)

    def table(self, rows: pa.Array) -> pa.Table:
        """Cut the values into columns; `rows` numbers the elements they are of."""
        columns = [
            pa.array(self.values[place :: self.width], _TEXT) for place in self.places.values()
        ]
        self.values.clear()
        return pa.table([rows, *columns], [_ROW, *self.places])


@dataclass(slots=True)
class _Nested:
    """Values of a component that are no XML attributes, each with its row."""

    rows: list[int] = field(default_factory=list)
    values: list[list[str] | list[tuple[str, str]]] = field(default_factory=list)


class Columns:
    """Elements of one level, one row each.

    `plain` are components nearly all of whose values differ; all others are dictionary-encoded.
    `passed_over` are XML attributes of the message itself. `type_component` is the component whose
    value is the element's xsi:type (SDMX 2.1, explicit measures).
    """

    def __init__(
        self, walk: Walk, plain: Collection[str] = (), passed_over: Collection[str] = ()
    ) -> None:
        self.lines = array("L")
        self.type_component: str | None = None
        self._walk = walk
        self._parser = walk.parser
        self.plain = frozenset(plain)
        self._passed_over = frozenset(passed_over)
        self._names: set[str] = set()
        self._shapes: dict[tuple[str, ...], _Shape] = {}
        self._order: list[int] = []  # the shape of each element that is not cut yet
        self._odd: list[dict[str, str]] = []
        self._nested: dict[str, _Nested] = {}
        self._chunks: list[pa.Table] = []
        self._done = 0

    @property
    def width(self) -> int:
        """The number of components met so far."""
        return len(self._names)

    @property
    def count(self) -> int:
        """The number of elements so far."""
        return self._done + len(self._order)

    def add(self, attributes: list[str], line: int | None = None) -> None:
        """Add an element: the names and values of its components, in turn.

        It is on the line of the element met last, unless another is given.
        """
        names = tuple(attributes[::2])
        shape = self._shapes.get(names) or self._new_shape(names)
        if shape is not None:
            shape.values.extend(attributes[1::2])
            self._order.append(shape.number)
        else:
            self._odd.append(self._by_component(names, attributes))
            self._order.append(_ODD)
        self.lines.append(self._parser.CurrentLineNumber if line is None else line)

    def cut_if_full(self) -> None:
        """Make columns of what was collected, if that is enough to be worth it."""
        if len(self._order) >= CHUNK:
            self._cut()

    def nest(self, component: str, value: list[str] | list[tuple[str, str]]) -> None:
        """Give a component of the last element several values, or texts in languages."""
        self._note(component)
        kind = _TEXTS if value and isinstance(value[0], tuple) else _LISTS
        nested = self._nested.setdefault(component + kind, _Nested())
        row = len(self._order) - 1
        if nested.rows and nested.rows[-1] == row:
            raise self._walk.refuse("ml-twice", f"{component} is given twice")
        nested.rows.append(row)
        nested.values.append(value)

    def finished(self) -> pa.Table:
        """All elements as a table, a column for each component; TooLarge beyond the limits."""
        self._cut()
        table = pa.concat_tables(self._chunks, promote_options="default").unify_dictionaries()
        self._chunks = []
        table = table.select([name for name in table.column_names if name != _ROW])
        for component in sorted(self._names):
            kinds = [component, component + _LISTS, component + _TEXTS]
            given = [name for name in kinds if name in table.column_names]
            if given != [component]:
                table = self._in_one_kind(table, component, given)
        return table

    def _in_one_kind(self, table: pa.Table, component: str, given: list[str]) -> pa.Table:
        try:
            column = coalesced([table.column(name) for name in given])
        except MixedKindsError as error:
            message = f"{component} has {error}"
            raise self._walk.refuse("ml-kinds", message, self.lines[error.row]) from None
        return table.drop_columns(given).append_column(component, column)

    def _new_shape(self, names: tuple[str, ...]) -> _Shape | None:
        """Learn a shape; None where there are too many to be worth it."""
        places: dict[str, int] = {}
        for place, name in enumerate(names):
            component = self._component(name)
            if component in places:
                raise self._walk.refuse("ml-twice", f"{component} is given twice")
            if component:
                places[component] = place
        if len(self._shapes) >= _MOST_SHAPES:
            return None
        shape = self._shapes[names] = _Shape(len(self._shapes), len(names), places)
        return shape

    def _by_component(self, names: Sequence[str], attributes: Sequence[str]) -> dict[str, str]:
        """An element of no common shape, as a mapping."""
        pairs = zip(names, attributes[1::2], strict=True)
        return {component: value for name, value in pairs if (component := self._component(name))}

    def _component(self, name: str) -> str:
        """The component an XML attribute holds; "" for those of the message itself."""
        if name == TYPE and self.type_component is not None:
            return self.type_component
        if " " in name or name in self._passed_over:
            return ""
        self._note(name)
        return name

    def _note(self, component: str) -> None:
        if component in self._names:
            return
        self._names.add(component)
        limit = self._walk.limits.columns
        if len(self._names) > limit:
            what = f"more than {limit:,} components"
            raise self._walk.limits.refuse("columns", self._walk.where, what)

    def _cut(self) -> None:
        """Make columns of what was collected."""
        check_cells(self._walk.where, self.count, max(len(self._names), 1), self._walk.limits)
        order = pa.array(self._order, pa.int32())
        parts = [
            shape.table(_where(order, shape.number))
            for shape in self._shapes.values()
            if shape.values or not shape.width
        ]
        if self._odd:
            parts.append(self._odd_table(_where(order, _ODD)))
        empty = pa.table({_ROW: pa.array([], pa.int32())})
        table = pa.concat_tables(parts or [empty], promote_options="default")
        if len(parts) > 1:
            table = table.take(pc.sort_indices(table.column(_ROW)))
        table = self._encoded(table)
        for name, nested in self._nested.items():
            table = table.append_column(name, self._nested_column(name, nested, table.num_rows))
        self._chunks.append(table)
        self._done = self.count
        self._order, self._odd, self._nested = [], [], {}

    def _odd_table(self, rows: pa.Array) -> pa.Table:
        names = list(dict.fromkeys(name for row in self._odd for name in row))
        columns = [pa.array([row.get(name) for row in self._odd], _TEXT) for name in names]
        return pa.table([rows, *columns], [_ROW, *names])

    def _encoded(self, table: pa.Table) -> pa.Table:
        found = table.select([_ROW])  # a table without columns forgets how many rows it has
        for name in table.column_names:
            if name == _ROW:
                continue
            column = table.column(name)
            if pc.any(pc.equal(column, "")).as_py():
                column = pc.if_else(pc.equal(column, ""), pa.scalar(None, _TEXT), column)
            if name == self.type_component:
                column = pc.replace_substring_regex(column, "^.*:", "")
            found = found.append_column(
                name, column if name in self.plain else pc.dictionary_encode(column)
            )
        return found

    def _nested_column(self, name: str, nested: _Nested, rows: int) -> pa.Array:
        values = pa.array(nested.values, TEXTS if name.endswith(_TEXTS) else LIST)
        place = pc.index_in(
            pa.arange(0, rows).cast(pa.int32()), value_set=pa.array(nested.rows, pa.int32())
        )
        return values.take(place)


def _where(order: pa.Array, number: int) -> pa.Array:
    """The rows of the elements of one shape."""
    return pc.indices_nonzero(pc.equal(order, number)).cast(pa.int32())
