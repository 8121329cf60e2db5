"""Reading an SDMX-ML data message into columns: 2.1 generic and structure-specific, 3.0, 3.1."""

from __future__ import annotations

from pathlib import Path

from hub.formats.bounds import within
from hub.formats.limits import Limits
from hub.formats.message import RawData
from hub.formats.ml.collected import Collected
from hub.formats.ml.generic import GenericRules
from hub.formats.ml.header import HeaderRules
from hub.formats.ml.specific import SpecificRules
from hub.formats.ml.statuses import StatusRules
from hub.formats.ml.walk import Element, Walk
from hub.model import Structures

_VERSION_2_0 = "/schemas/v2_0/"
#: Roots of messages that are no data, and what to do with them.
_OTHER_MESSAGES = {
    "Structure": "a structure message; load it with 'corridor structures load'",
    "GenericMetadata": "a reference metadata message, which holds no observations",
    "StructureSpecificMetadata": "a reference metadata message, which holds no observations",
    "RegistryInterface": "a registry message, which holds no observations",
    "CompactData": "an SDMX-ML 2.0 message; export it as SDMX-ML 2.1 or later",
    "CrossSectionalData": "an SDMX-ML 2.0 message; export it as SDMX-ML 2.1 or later",
    "UtilityData": "an SDMX-ML 2.0 message; export it as SDMX-ML 2.1 or later",
}


def read_ml(
    path: Path, structures: Structures | None = None, *, limits: Limits | None = None
) -> RawData:
    """Read an SDMX-ML data message of one structure.

    `structures` are asked for the data structure, which tells the key of a group in
    structure-specific data from its attributes. A series without observations is a row of its
    own, without the dimension at observation level: in a `Delete` data set it stands for all of
    them. Reference metadata and annotations are passed over.

    Raises Invalid with the line and the path of the element, TooLarge beyond the limits.
    """
    limits = limits or Limits()
    limits.check_size(path)
    walk = Walk(path, limits)
    header = HeaderRules(walk)
    rows = Collected(walk, header, structures)
    statuses = StatusRules(walk)
    shared = {"Header": header.element(), "Footer": statuses.footer()}
    specific = Element({**shared, "DataSet": SpecificRules(walk, rows).element()})
    generic = Element({**shared, "DataSet": GenericRules(walk, rows).element()})
    walk.run(
        _Roots(
            walk,
            {
                "StructureSpecificData": specific,
                "StructureSpecificTimeSeriesData": specific,
                "GenericData": generic,
                "GenericTimeSeriesData": generic,
                "Error": statuses.error(),
            },
        )
    )
    return within(rows.raw(statuses.findings()), limits)


class _Roots(dict[str, Element]):
    """The rules of the roots that are read; any other is refused, called by its name."""

    def __init__(self, walk: Walk, rules: dict[str, Element]) -> None:
        super().__init__(rules)
        self._walk = walk

    def __missing__(self, name: str) -> Element:
        namespace, _, local = name.rpartition(" ")
        if _VERSION_2_0 in namespace:
            found = _OTHER_MESSAGES["CompactData"]
        elif local in self:
            return self[local]
        else:
            found = _OTHER_MESSAGES.get(local) or (
                f"an XML document whose root is {local[:80]}; expected an SDMX-ML data message "
                "(StructureSpecificData or GenericData)"
            )
        raise self._walk.refuse("ml-message", f"this is {found}")
