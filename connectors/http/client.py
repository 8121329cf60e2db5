"""The client: patient with partners that fail for a moment, strict about where it is led."""

from __future__ import annotations

import ssl
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import httpx

from connectors.http.address import (
    AddressPolicy,
    Resolver,
    is_same_service,
    parse_url,
    system_resolver,
)
from connectors.http.exchange import Fetched, FetchLimits, FetchRequest
from connectors.http.patience import PASSING, RequestBudget, backoff, retry_after
from connectors.http.transfer import Line, Try, transfer, trusted
from connectors.http.unpack import excerpt
from hub import __version__
from hub.errors import BadRequest, CorridorError, PartnerInvalid, PartnerUnavailable

_REDIRECTS = frozenset({301, 302, 303, 307, 308})

#: Called with every response, broken and repeated ones too, before anything is made of it.
Keep = Callable[[Fetched], None]


class Client:
    """Fetches from one partner, each raw body into a new file of `folder`.

    The folder is the caller's, who removes it. Proxies of the environment are not used. `sleep`
    takes seconds; `trust` gives the certificates that are trusted, when they are needed.
    """

    def __init__(
        self,
        folder: Path,
        *,
        policy: AddressPolicy,
        limits: FetchLimits | None = None,
        budget: RequestBudget | None = None,
        resolver: Resolver = system_resolver,
        trust: Callable[[], ssl.SSLContext] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.folder = folder
        self.limits = limits or FetchLimits()
        self.budget = budget or RequestBudget(1_000)
        self._agent = f"corridor-hub/{__version__}"
        self._line = Line(
            policy=policy,
            resolver=resolver,
            trust=trust or trusted(),
        )
        self._sleep = sleep
        self._quiet: str | None = None

    @property
    def refusal(self) -> str | None:
        """Why nothing more is asked in this run; None where something may be."""
        return self._quiet or self.budget.refusal

    def fetch(
        self,
        request: FetchRequest,
        limits: FetchLimits | None = None,
        keep: Keep | None = None,
    ) -> Fetched:
        """Get one URL; the response is complete and its status none of those that pass.

        `keep` gets every response that began, also those that are asked for again. Redirects are
        followed within the same service only. Raises BadRequest for a URL that is none, Forbidden
        for an address that is not allowed, PartnerUnavailable when the partner failed in every
        try, PartnerInvalid when it leads elsewhere or sends too much.
        """
        bounds = limits or self.limits
        url = parse_url(request.url)
        if self._quiet is not None:
            raise PartnerUnavailable(f"{url} is not asked: {self._quiet}")
        for _ in range(bounds.redirects + 1):
            fetched = self._try_patiently(url, request, bounds, keep)
            if fetched.status not in _REDIRECTS:
                return fetched
            url = _redirected(url, fetched)
        raise PartnerInvalid(f"{request.url} redirects more than {bounds.redirects} times")

    def _try_patiently(
        self, url: httpx.URL, request: FetchRequest, limits: FetchLimits, keep: Keep | None
    ) -> Fetched:
        for tries in range(1, limits.tries + 1):
            self.budget.spend(str(url))
            path = self.folder / f"{uuid.uuid4().hex}.body"
            attempt = transfer(url, request.headers(self._agent), path, limits, self._line)
            if attempt.fetched is not None and keep is not None:
                keep(attempt.fetched)
            fault, may_retry = _failure(url, attempt)
            if fault is None and attempt.fetched is not None:
                return attempt.fetched
            asked = self._asked(attempt)
            if fault is not None and (tries == limits.tries or not may_retry):
                self._keep_quiet(asked)
                raise fault
            self._wait(url, asked, tries, limits)
        raise PartnerUnavailable(f"{url} is not asked: the limit of tries is {limits.tries}")

    def _asked(self, attempt: Try) -> float | None:
        """How many seconds a partner asks to be left alone; None where it does not."""
        fetched = attempt.fetched
        return None if fetched is None else retry_after(fetched, self._line.clock())

    def _keep_quiet(self, asked: float | None) -> None:
        """Ask nothing more in this run, where the partner wants to be left alone."""
        if asked:
            self._quiet = f"the partner asks to wait {asked:.0f} s"

    def _wait(self, url: httpx.URL, asked: float | None, tries: int, limits: FetchLimits) -> None:
        """Pause before the next try; gives up when the partner wants more time than there is."""
        if asked is not None and asked > limits.wait_seconds:
            self._keep_quiet(asked)
            raise PartnerUnavailable(
                f"{url} asks to wait {asked:.0f} s, longer than the {limits.wait_seconds:g} s "
                "a run waits; harvest again later"
            )
        self._sleep(min(limits.wait_seconds, max(asked or 0.0, backoff(tries))))


def _failure(url: httpx.URL, attempt: Try) -> tuple[CorridorError | None, bool]:
    """What is wrong with a try, if anything, and whether to try again."""
    if attempt.fault is not None or attempt.fetched is None:
        return attempt.fault, attempt.may_retry
    if attempt.fetched.status not in PASSING:
        return None, False
    said = excerpt(attempt.fetched)
    answer = f"{url} answered {attempt.fetched.status}"
    return PartnerUnavailable(f"{answer}: {said}" if said else answer), True


def _redirected(url: httpx.URL, fetched: Fetched) -> httpx.URL:
    """Where a response leads; raises PartnerInvalid unless that is the same service."""
    location = fetched.header("location")
    if not location:
        raise PartnerInvalid(f"{url} answered {fetched.status} without a Location")
    try:
        target = parse_url(str(url.join(location)))
    except (BadRequest, httpx.InvalidURL) as error:
        raise PartnerInvalid(f"{url} redirects to '{location[:200]}': {error}") from error
    if not is_same_service(url, target):
        raise PartnerInvalid(
            f"{url} redirects to another host, {target}, which is not followed: "
            "register the partner under the address it really has"
        )
    return target
