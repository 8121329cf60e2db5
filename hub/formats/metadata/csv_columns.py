"""The columns of reported attributes in SDMX-CSV: the path of an attribute, level by level."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hub.errors import BadRequest
from hub.model import MetadataSet, ReportedAttribute
from hub.model.metadata_schema import AttributePath
from hub.model.metadata_set import walk

_ID = r"[A-Za-z0-9_@$-]+"
_STEP = re.compile(rf"(?P<id>{_ID})(?P<many>\[\])?(?:\[(?P<languages>[^\[\]]+)\])?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class AttributeColumn:
    """A column: the path of its attribute, which of the steps may occur several times, languages.

    The cell holds a level of values for each step that may, and one for languages.
    """

    path: AttributePath
    many: tuple[bool, ...]
    languages: tuple[str, ...] = ()

    def title(self, separator: str) -> str:
        """The column as the header names it."""
        steps = (
            f"{id_}[]" if many else id_ for id_, many in zip(self.path, self.many, strict=True)
        )
        languages = f"[{separator.join(self.languages)}]" if self.languages else ""
        return ".".join(steps) + languages

    @property
    def is_nested(self) -> bool:
        """True where a cell may hold several values."""
        return any(self.many) or bool(self.languages)


def parse_column(title: str, separator: str) -> AttributeColumn | None:
    """Parse the title of a column; None for one that names no attribute.

    Raises BadRequest for brackets that hold no languages.
    """
    steps = [_STEP.fullmatch(part) for part in _steps(title)]
    found = [step for step in steps if step is not None]
    if len(found) != len(steps) or any(step["languages"] for step in found[:-1]):
        return None
    languages = tuple((found[-1]["languages"] or "").split(separator))
    if languages == ("",):
        languages = ()
    if not all(_LANGUAGE.fullmatch(language) for language in languages):
        raise BadRequest(f"'{title[:80]}': the brackets hold language tags such as [en;fr]")
    return AttributeColumn(
        tuple(step["id"] for step in found), tuple(bool(step["many"]) for step in found), languages
    )


def _steps(title: str) -> list[str]:
    """Split at dots, but not at those within brackets."""
    return re.split(r"\.(?![^\[]*\])", title)


def siblings(attributes: Sequence[ReportedAttribute], id_: str) -> list[ReportedAttribute]:
    """The occurrences of one attribute among its siblings."""
    return [attribute for attribute in attributes if attribute.id == id_]


def languages_used(found: dict[AttributePath, dict[str, None]], metadata_set: MetadataSet) -> None:
    """Note the languages of the texts of a set, by the path of the attribute."""
    for path, attribute in walk(metadata_set.attributes):
        if attribute.has_value:
            spoken = found.setdefault(path, {})
            for language, _ in (attribute.texts or attribute.markup).texts:
                spoken[language] = None
