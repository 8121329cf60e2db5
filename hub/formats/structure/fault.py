"""What is wrong with a message that is being read, and where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from lxml import etree

from hub.errors import Finding, Invalid, Severity

#: Rules of findings: the message breaks the standard, or says what the node does not know.
MALFORMED = "structure-malformed"
UNKNOWN = "structure-unknown"
EXTERNAL = "structure-external"

_FINDINGS_TOLD = 3


class Fault(Exception):
    """One thing that cannot be taken, on its way from where it was met to the artefact.

    `element` is its place in SDMX-ML, `keys` grow from the inside to a place in SDMX-JSON.
    `is_unknown` tells what the standard knows and the node does not from what is malformed.
    """

    def __init__(
        self, message: str, element: etree._Element | None = None, *, is_unknown: bool = False
    ) -> None:
        super().__init__(message)
        self.message = message
        self.element = element
        self.is_unknown = is_unknown
        self.keys: list[str | int] = []

    def under(self, *keys: str | int) -> Fault:
        """Note the keys of the object that holds the place so far, outermost first."""
        self.keys[:0] = keys
        return self

    def finding(self) -> Finding:
        """The fault as a finding, with its place: a path with its line, or a JSON pointer."""
        if self.element is not None:
            place, line = _path(self.element), line_of(self.element)
        else:
            place, line = "/" + "/".join(str(key) for key in self.keys), None
        rule = UNKNOWN if self.is_unknown else MALFORMED
        return Finding(rule=rule, message=f"{self.message}, at {place}", line=line)


def external(name: str, line: int | None = None) -> Finding:
    """Note an external reference: it only says where an artefact is to be had."""
    return Finding(
        rule=EXTERNAL,
        message=f"{name} is an external reference without content, and was left out",
        severity=Severity.INFORMATION,
        line=line,
    )


def invalid(findings: Iterable[Finding]) -> Invalid:
    """Make the error of a message with findings; it tells the first ones and carries all."""
    found = tuple(findings)
    told = "; ".join(
        f"{finding.message} (line {finding.line})" if finding.line else finding.message
        for finding in found[:_FINDINGS_TOLD]
    )
    more = f"; and {len(found) - _FINDINGS_TOLD} more" if len(found) > _FINDINGS_TOLD else ""
    return Invalid(f"the structure message cannot be taken: {told}{more}", found)


def line_of(element: etree._Element) -> int | None:
    """The line an element starts in."""
    return cast("int | None", element.sourceline)  # the stubs say an ellipsis


def _path(element: etree._Element) -> str:
    steps = []
    for step in (element, *element.iterancestors()):
        identity = f"[{step.get('id')}]" if step.get("id") else ""
        steps.append(etree.QName(step).localname + identity)
    return "/" + "/".join(reversed(steps))
