"""What a service says about a message: an error message instead of data, or a footer after it."""

from __future__ import annotations

from dataclasses import dataclass, field

from hub.errors import Finding, Severity
from hub.formats.ml.header import by_name
from hub.formats.ml.walk import Element, Walk


@dataclass(slots=True)
class Status:
    """One thing said: a code of the SDMX web services, its severity, its texts."""

    code: str
    severity: str
    texts: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return " ".join([self.code, *self.texts]).strip()


class StatusRules:
    """Reads the root `Error` and the element `Footer`; `said` is what they hold."""

    def __init__(self, walk: Walk) -> None:
        self.said: list[Status] = []
        self._walk = walk

    def error(self) -> Element:
        """The rule of the root `Error`: refused, with what it says, when it has been read."""
        return Element(children={"ErrorMessage": self._message()}, end=self._refuse)

    def footer(self) -> Element:
        """The rule of `Footer`: an error refuses the message, which may not be complete."""
        return Element(children={"Message": self._message()}, end=self._check)

    def findings(self) -> list[Finding]:
        """What the footer warns of or informs about."""
        return [
            Finding(
                rule="ml-footer",
                message=f"the service says: {status}",
                severity=Severity.INFORMATION
                if status.severity == "Information"
                else Severity.WARNING,
                file=self._walk.file,
            )
            for status in self.said
        ]

    def _message(self) -> Element:
        text = Element(end=self._text, takes_text=True)
        return Element(children={"Text": text}, start=self._open)

    def _open(self, attributes: list[str]) -> None:
        given = by_name(attributes)
        self.said.append(Status(given.get("code", ""), given.get("severity", "")))

    def _text(self, text: str) -> None:
        self.said[-1].texts.append(" ".join(text.split()))

    def _refuse(self, _text: str) -> None:
        told = "; ".join(str(status) for status in self.said) or "nothing more"
        message = f"this is not data but an SDMX error message: {told}"
        raise self._walk.refuse("ml-error", message)

    def _check(self, _text: str) -> None:
        errors = [str(status) for status in self.said if status.severity == "Error"]
        if errors:
            message = f"the service says that the message is in error: {'; '.join(errors)}"
            raise self._walk.refuse("ml-error", message)
