"""What is special in the hierarchical code lists of SDMX-ML 2.1."""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

from typing import Any

from lxml import etree

from hub.formats.structure.aliases import aliased
from hub.formats.structure.fault import Fault
from hub.formats.structure.ml.dialect import Dialect
from hub.formats.structure.ml.fields import Field, Found
from hub.formats.structure.ml.ref import ref_attributes
from hub.formats.structure.ml.references import local_id, read_reference
from hub.formats.structure.ml.scribe import Scribe
from hub.model import ArtefactClass, IncludedCodelist, Reference


class AliasedCode(Field):
    """A code by the alias of its list; it is read, and written as a reference."""

    tags = ("str:CodelistAliasRef", "str:CodeID")

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        if dialect.names[child.tag] == self.tags[0]:
            found["code"] = aliased((child.text or "").strip(), "")
            return
        if "code" not in found:
            raise Fault("CodelistAliasRef is missing before CodeID", child)
        found["code"] = aliased(found["code"].scheme.id, local_id(child))


class IncludedCodelists(Field):
    """The lists whose codes are arranged: references with an alias."""

    tags = ("str:IncludedCodelist",)

    def is_present(self, value: Any) -> bool:
        return bool(value.included)

    def write(self, value: Any, scribe: Scribe) -> None:
        for each in value.included:
            scribe.open(self.tags[0], [("alias", each.alias)] if each.alias else ())
            scribe.leaf("Ref", attributes=ref_attributes(each.codelist))
            scribe.close(self.tags[0])

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        codelist = read_reference(child, (ArtefactClass.CODELIST,), is_item=False)
        if isinstance(codelist, Reference):
            included = IncludedCodelist(codelist=codelist, alias=child.get("alias"))
            found.setdefault("included", []).append(included)
