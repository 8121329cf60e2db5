"""The forms of registry messages: SDMX-ML alone has them."""

from __future__ import annotations

from dataclasses import dataclass

from hub.formats.structure.form import ML_21, ML_30, ML_31, StructureForm
from hub.formats.structure.ml.dialect import DIALECTS


@dataclass(frozen=True, slots=True)
class RegistryForm:
    """A form of registry messages; `ml` is the version of SDMX-ML."""

    ml: StructureForm

    def __str__(self) -> str:
        return str(self.ml)

    @property
    def media_type(self) -> str:
        """The media type of the REST specification, without parameters beyond the version."""
        return f"application/vnd.sdmx.registry+xml;version={self.ml.version}"

    @property
    def namespaces(self) -> dict[str, str]:
        """The namespaces by the prefix we write."""
        found = {key: uri for key, uri in DIALECTS[self.ml].namespaces.items() if key != "str"}
        return {**found, "reg": found["mes"].removesuffix("message") + "registry"}


REGISTRY_31, REGISTRY_30 = RegistryForm(ML_31), RegistryForm(ML_30)
#: Answers to submitted structures only: what reads SDMX 2.1 alone understands them.
REGISTRY_21 = RegistryForm(ML_21)

#: The forms of registrations, newest first.
FORMS = (REGISTRY_31, REGISTRY_30)
