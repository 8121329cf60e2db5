"""A request as the resources see it: API version, raw path, raw parameters, headers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from starlette.requests import Request

from hub.rest.compression import choose_codings
from hub.rest.language import wanted_languages
from hub.rest.parameters import Parameters, parse_parameters


@dataclass(frozen=True)
class Call:
    """A request to one resource of one API version.

    `resource` is its name in the path, `path` the raw path after it, `query` the raw query string.
    `is_registry` is true for what is answered in SDMX-ML unless another form is asked for:
    registrations and changes. `asked` is an instant before the answer was looked up (UTC).
    """

    major: int
    path: str
    query: bytes
    headers: Mapping[str, str]
    is_head: bool = False
    is_registry: bool = False
    resource: str = "data"
    asked: datetime = field(default_factory=lambda: datetime.now(UTC))

    @cached_property
    def parameters(self) -> Parameters:
        """The query parameters; raises BadRequest where the query string is malformed."""
        return parse_parameters(self.query)

    @property
    def accept(self) -> str | None:
        """The Accept header; several lines are one list."""
        return self.headers.get("accept")

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages wanted, best first; () leaves it to the node."""
        return wanted_languages(self.headers.get("accept-language"), self.parameters)

    @cached_property
    def codings(self) -> tuple[str | None, ...]:
        """The content codings the answer may have, best first; None stands for none."""
        return choose_codings(self.headers.get("accept-encoding"), self.parameters)

    def check(self) -> None:
        """Raise BadRequest or NotAcceptable for a language or a coding that no answer can have.

        Otherwise it would depend on what is found whether they are looked at.
        """
        _ = self.languages, self.codings


def call_of(request: Request, major: int, skip: int) -> Call:
    """Make the call of a request; `skip` segments of its path name API and resource.

    The raw path counts, not the decoded one: an encoded slash is part of a value.
    """
    raw = raw_path(request)
    segments = raw.split("/")[1:]
    return Call(
        major=major,
        path="/".join(segments[skip:]),
        query=request.scope.get("query_string", b""),
        headers=_headers(request),
        is_head=request.method == "HEAD",
        is_registry=_is_registry(request.method, segments),
        resource=segments[2] if len(segments) > 2 else "",
    )


def _is_registry(method: str, segments: list[str]) -> bool:
    is_change = method not in ("GET", "HEAD", "OPTIONS") and segments[2:3] == ["structure"]
    return is_change or segments[2:3] in (["registration"], ["subscription"])


def raw_path(request: Request) -> str:
    """The path below where the application is mounted, not decoded."""
    scope = request.scope
    raw = scope.get("raw_path") or scope["path"].encode()
    path: str = raw.decode("latin-1").partition("?")[0]
    return path.removeprefix(scope.get("root_path", ""))


def _headers(request: Request) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers
