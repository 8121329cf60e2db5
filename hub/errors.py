"""Every error Corridor raises, named by what the caller should do.

    CorridorError
    ├── BadRequest          the request is malformed: write it differently
    ├── Unprocessable       well-formed, but meaningless here: ask for something else
    ├── NotFound            the thing named does not exist
    ├── NotAcceptable       no representation fits: ask for another format or language
    ├── TooLarge            beyond a limit: ask for less
    ├── NotSupported        not served by this node
    ├── NotAuthenticated    who asks is not known: present a key
    ├── Forbidden           a right is missing
    ├── Invalid             a submission has findings: mend them and hand it in again
    ├── Conflict            it contradicts what is stored: look, then decide
    ├── Held                a person must look before it goes on
    ├── PartnerUnavailable  a partner or the network failed: try again later
    ├── PartnerInvalid      a partner sent something unusable: tell the partner
    └── Internal            a fault of the node

`CODES` is the one table from these classes to HTTP status, SDMX 2.1 error code and exit code.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How grave a finding is; only an error stops a release."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing noticed in an input, with its place and what would be right.

    `line` counts from 1 and includes the header; None where the finding concerns the whole file.
    `column` is the component or column name, `value` the offending text as it was given,
    `suggestion` what to write instead, where that can be told: the nearest valid code.
    """

    rule: str
    message: str
    severity: Severity = Severity.ERROR
    file: str | None = None
    line: int | None = None
    column: str | None = None
    value: str | None = None
    suggestion: str | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        column = f" [{self.column}]" if self.column else ""
        prefix = f"{place}{column}: " if place or column else ""
        return f"{prefix}{self.severity.value}: {self.message} ({self.rule})"


class CorridorError(Exception):
    """Base of every error Corridor raises on purpose.

    The message says what was wrong, where, and what would be right.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadRequest(CorridorError):
    """The request cannot be parsed: write it differently."""


class Unprocessable(CorridorError):
    """The request is well-formed but has no meaning for this structure."""


class NotFound(CorridorError):
    """The artefact, flow, partner or file named does not exist."""


class NotAcceptable(CorridorError):
    """No representation the node can produce fits what was asked for."""


class TooLarge(CorridorError):
    """A limit is exceeded; the message names it and what would fit."""


class NotSupported(CorridorError):
    """The standard knows this, this node does not serve it."""


class NotAuthenticated(CorridorError):
    """The caller presented no key, or none that is valid."""


class Forbidden(CorridorError):
    """The caller lacks the right to do this."""


class Invalid(CorridorError):
    """An input has findings of severity error; nothing of it was taken."""

    def __init__(self, message: str, findings: Iterable[Finding] = ()) -> None:
        super().__init__(message)
        self.findings: tuple[Finding, ...] = tuple(findings)


class Conflict(CorridorError):
    """The request contradicts what is stored."""


class Held(CorridorError):
    """A person must look at it before it goes on."""


class PartnerUnavailable(CorridorError):
    """A partner or the network failed; the same call may succeed later."""


class PartnerInvalid(CorridorError):
    """A partner answered with something that cannot be used."""


class Internal(CorridorError):
    """A fault of the node itself."""


@dataclass(frozen=True, slots=True)
class ErrorCodes:
    """How one error class is told outside: HTTP status on v1 and v2, SDMX 2.1 code, exit code."""

    http_v1: int
    http_v2: int
    sdmx: int
    exit: int


#: REST API 1.5 maps a semantic error to 403 (SDMX code 150), API 2.x to 422.
CODES: dict[type[CorridorError], ErrorCodes] = {
    BadRequest: ErrorCodes(400, 400, 140, 1),
    Unprocessable: ErrorCodes(403, 422, 150, 1),
    NotFound: ErrorCodes(404, 404, 100, 1),
    NotAcceptable: ErrorCodes(406, 406, 1406, 1),
    TooLarge: ErrorCodes(413, 413, 510, 1),
    NotSupported: ErrorCodes(501, 501, 501, 1),
    NotAuthenticated: ErrorCodes(401, 401, 110, 1),
    Forbidden: ErrorCodes(403, 403, 110, 1),
    Invalid: ErrorCodes(403, 422, 150, 1),
    Conflict: ErrorCodes(409, 409, 1409, 1),
    Held: ErrorCodes(409, 409, 1409, 1),
    PartnerUnavailable: ErrorCodes(503, 503, 503, 3),
    PartnerInvalid: ErrorCodes(503, 503, 503, 3),
    Internal: ErrorCodes(500, 500, 500, 3),
}


def codes_of(error: CorridorError) -> ErrorCodes:
    """Return the outside codes of an error, by its class or the nearest base class."""
    for cls in type(error).__mro__:
        if cls in CODES:
            return CODES[cls]
    return CODES[Internal]
