"""The text of structure-specific data: components are XML attributes under their ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from hub.formats.data.escape import concat, xml_attribute, xml_text
from hub.formats.data.form import DataForm
from hub.formats.data.layout import Layout
from hub.formats.data.nested import is_map, spell_list, spell_map
from hub.formats.data.piece import Fixed, Piece, spell
from hub.formats.data.rows import Rows
from hub.formats.data.series import SeriesText
from hub.model import Column, Role


@dataclass(frozen=True, slots=True)
class SpecificText:
    """Spells structure-specific data; `prefix` is that of the structure's namespace."""

    form: DataForm
    prefix: str

    def data_set_attributes(self, columns: Sequence[Column], batch: Rows) -> list[Piece]:
        """The rest of the start tag, and an `Atts` element for what fits no XML attribute."""
        simple, complex_ = self._split(columns)
        tag = [*self._attributes(simple, batch), Fixed(">")]
        complex_ = [c for c in complex_ if batch.column(c.id).null_count < len(batch)]
        if not complex_:
            return tag
        return [*tag, Fixed("\n<Atts>"), *self._components(complex_, batch), Fixed("</Atts>")]

    def group(
        self, group: str, key: Sequence[Column], held: Sequence[Column], batch: Rows
    ) -> list[Piece]:
        """A `Group` element."""
        start = f'\n<Group xsi:type="{self.prefix}:{group}"'
        return self._element(start, "</Group>", [*key, *held], batch)

    def series(self, layout: Layout) -> SeriesText:
        """`Series` elements around `Obs` elements."""
        return SeriesText(
            opening=lambda batch: self._opening(layout, batch),
            observation=lambda batch: self._observation(layout, batch),
            closing="</Series>",
        )

    def flat(self, layout: Layout, batch: Rows) -> list[Piece]:
        """An `Obs` element with all dimensions."""
        return self._observation(layout, batch)

    def _opening(self, layout: Layout, batch: Rows) -> list[Piece]:
        simple, complex_ = self._split([*layout.key, *layout.series_attributes])
        tag = [Fixed("\n<Series"), *self._attributes(simple, batch), Fixed(">")]
        return [*tag, *self._components(complex_, batch)]

    def _observation(self, layout: Layout, batch: Rows) -> list[Piece]:
        if not layout.observation:
            return []
        columns = [*layout.observation, *layout.measures, *layout.observation_attributes]
        return self._element("\n<Obs", "</Obs>", columns, batch)

    def _element(self, start: str, end: str, columns: Sequence[Column], batch: Rows) -> list[Piece]:
        simple, complex_ = self._split(columns)
        tag = [Fixed(start), *self._attributes(simple, batch)]
        if not complex_:
            return [*tag, Fixed("/>")]
        return [*tag, Fixed(">"), *self._components(complex_, batch), Fixed(end)]

    def _split(self, columns: Sequence[Column]) -> tuple[list[Column], list[Column]]:
        """Those that are XML attributes, and those that are `Comp` elements."""
        if self.form.is_simple:
            return list(columns), []
        nested = [c for c in columns if c.is_list or c.is_multilingual]
        return [c for c in columns if c not in nested], nested

    def _attributes(self, columns: Sequence[Column], batch: Rows) -> list[Piece]:
        return [
            spell(batch.column(c.id), xml_attribute).affixed(f' {c.id}="', '"').or_else("")
            for c in columns
        ]

    def _components(self, columns: Sequence[Column], batch: Rows) -> list[Piece]:
        return [self._component(c, batch.column(c.id)).or_else("") for c in columns]

    def _component(self, column: Column, array: pa.Array) -> Piece:
        if pa.types.is_null(array.type):
            return Fixed(None)
        kind = "MEASURE" if column.role is Role.MEASURE else "ATTRIBUTE"
        start = f'<Comp id="{column.id}" xsi:type="{self.prefix}:{column.id}_{kind}">'
        if not is_map(array):
            values = spell_list(array, lambda v: concat("<Value>", xml_text(v), "</Value>"), "")
            return values.affixed(start, "</Comp>")
        texts = spell_map(array, _text, "")
        return texts.affixed(f"{start}<Value>", "</Value></Comp>")


def _text(languages: pa.Array, texts: pa.Array) -> pa.Array:
    start = concat('<common:Text xml:lang="', xml_attribute(languages), '">')
    return concat(start, xml_text(texts), "</common:Text>")
