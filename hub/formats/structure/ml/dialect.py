"""The dialects of SDMX-ML: namespaces, and what their tables differ in."""

from __future__ import annotations

from dataclasses import dataclass, field

from hub.formats.structure.form import ML_21, ML_30, ML_31, Model, StructureForm

_MOST_NAMES = 2_000
_BASE = "http://www.sdmx.org/resources/sdmxml/schemas"


class _Names(dict[str, str]):
    """From names in Clark notation to names with our prefixes, filled as names are met.

    It lives as long as the process, so it keeps only as many as a schema has.
    """

    def __init__(self, prefixes: dict[str, str]) -> None:
        super().__init__()
        self._prefixes = prefixes

    def __missing__(self, name: str) -> str:
        namespace, _, local = name.removeprefix("{").rpartition("}")
        prefix = self._prefixes.get(namespace)
        short = f"{prefix}:{local}" if prefix else name
        if len(self) < _MOST_NAMES:
            self[name] = short
        return short


@dataclass(frozen=True)
class Dialect:
    """One version of SDMX-ML; `names` translates the tags of elements that are read."""

    form: StructureForm
    folder: str
    names: dict[str, str] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, form: StructureForm, folder: str) -> Dialect:
        """Make the dialect of a form whose namespaces end in `folder`."""
        dialect = cls(form, folder)
        prefixes = {uri: prefix for prefix, uri in dialect.namespaces.items()}
        return cls(form, folder, _Names(prefixes))

    @property
    def namespaces(self) -> dict[str, str]:
        """The namespaces by the prefix we write."""
        parts = {"mes": "message", "str": "structure", "com": "common"}
        return {prefix: f"{_BASE}/{self.folder}/{part}" for prefix, part in parts.items()}

    @property
    def model(self) -> Model:
        """The version of the information model."""
        return self.form.model

    @property
    def is_21(self) -> bool:
        """True for SDMX-ML 2.1, whose references are `Ref` elements."""
        return self.form.model is Model.V21


DIALECTS: dict[StructureForm, Dialect] = {
    form: Dialect.of(form, folder)
    for form, folder in ((ML_21, "v2_1"), (ML_30, "v3_0"), (ML_31, "v3_1"))
}
