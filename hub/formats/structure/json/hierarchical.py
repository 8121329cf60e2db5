"""What is special in the hierarchical code lists of SDMX-JSON 1.0."""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

from typing import Any

from hub.formats.structure.aliases import aliased
from hub.formats.structure.json.fields import Context, Found, Json, Member, under, wanted
from hub.formats.structure.languages import Languages
from hub.formats.structure.references import parse_reference_urn, urn_of
from hub.model import ArtefactClass, IncludedCodelist, Reference


class AliasedCode(Member):
    """A code by the alias of its list; it is read, and written as a reference."""

    keys = ("codelistAliasRef", "codeID")

    def read(self, given: Json, found: Found, context: Context) -> None:
        if any(given.get(key) is not None for key in self.keys):
            alias, code = (wanted(given.get(key), str, "text", key) for key in self.keys)
            found["code"] = aliased(alias, code)


class IncludedCodelists(Member):
    """The lists whose codes are arranged, by alias; without one, the id of the list serves."""

    keys = ("includedCodelists",)

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        if value.included:
            into[self.keys[0]] = {
                each.alias or each.codelist.id: urn_of(each.codelist) for each in value.included
            }

    def read(self, given: Json, found: Found, context: Context) -> None:
        if given.get(self.keys[0]) is None:
            return
        with under(self.keys[0]):
            for alias, urn in wanted(given[self.keys[0]], dict, "an object").items():
                with under(alias):
                    urn = wanted(urn, str, "a URN")
                    classes = (ArtefactClass.CODELIST,)
                    codelist = parse_reference_urn(urn, classes, is_item=False)
                if isinstance(codelist, Reference):
                    given_alias = None if alias == codelist.id else alias
                    included = IncludedCodelist(codelist=codelist, alias=given_alias)
                    found.setdefault("included", []).append(included)
