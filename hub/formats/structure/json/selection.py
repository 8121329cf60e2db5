"""The codes a code list takes over from another, as SDMX-JSON lists them."""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

from typing import Any

from hub.formats.structure.fault import Fault
from hub.formats.structure.json.fields import Context, Found, Json, Member, array, under, wanted
from hub.formats.structure.languages import Languages
from hub.model import Cascade, CodeSelection

ANY = "%"
_ALL = "wildcardedMemberValues"
_SOME = "memberValues"


class Selected(Member):
    """Codes, those with a wildcard in an array of their own, which cannot cascade."""

    keys = (_ALL, _SOME)

    def __init__(self, name: str) -> None:
        self.name = name

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        selection: tuple[CodeSelection, ...] = getattr(value, self.name)
        patterns = [each.value for each in selection if ANY in each.value]
        codes = [_spell(each) for each in selection if ANY not in each.value]
        if patterns:
            into[_ALL] = patterns
        if codes:
            into[_SOME] = codes

    def read(self, given: Json, found: Found, context: Context) -> None:
        selection = found.setdefault(self.name, [])
        for index, pattern in enumerate(array(given, _ALL)):
            selection.append(CodeSelection(value=wanted(pattern, str, "text", _ALL, index)))
        for index, code in enumerate(array(given, _SOME)):
            with under(_SOME, index):
                selection.append(_parse(code))


def _spell(selection: CodeSelection) -> str | Json:
    if selection.cascade is Cascade.NO:
        return selection.value
    cascades = cascade_to_json(selection.cascade)
    return {"value": selection.value, "cascadeValues": cascades}


def _parse(given: Any) -> CodeSelection:
    if not isinstance(given, dict):
        return CodeSelection(value=wanted(given, str, "text"))
    value = wanted(given.get("value"), str, "text", "value")
    return CodeSelection(value=value, cascade=cascade_from_json(given.get("cascadeValues")))


def cascade_to_json(cascade: Cascade) -> bool | str:
    """Spell how a value cascades."""
    return cascade.value if cascade is Cascade.EXCLUDE_ROOT else cascade is Cascade.YES


def cascade_from_json(given: Any) -> Cascade:
    """Parse how a value cascades; raises Fault."""
    known = {None: Cascade.NO, False: Cascade.NO, True: Cascade.YES}
    if given == Cascade.EXCLUDE_ROOT.value:
        return Cascade.EXCLUDE_ROOT
    if given is not None and not isinstance(given, bool):
        raise Fault(f"true, false or {Cascade.EXCLUDE_ROOT.value} is wanted").under("cascadeValues")
    return known[given]
