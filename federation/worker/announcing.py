"""Telling other nodes of releases: those that gave this node a key to announce with.

What readers see is announced, so a release that is held back is announced at its hour. What was
announced to whom is kept, and what could not be is announced later.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from connectors.corridor import node_url
from connectors.http import Fetched, excerpt, post_json, retry_after
from federation.harvest.node import address_policy
from federation.harvest.plan import flow_name, harvested_flows
from federation.worker.events import Event, Tell
from hub.errors import BadRequest, CorridorError, Forbidden, NotFound
from hub.store import Store
from hub.store.duties import Duty, find_duty, finish_duty, take_duty

_PATH = "/notify"
#: How soon an announcement that failed is made again, and how long a node may put it off.
_AGAIN, _AT_MOST = timedelta(minutes=10), timedelta(days=1)
_ACCEPTED = 202


@dataclass(frozen=True, slots=True)
class Listener:
    """A node that is told of releases; `key` is one it gave out."""

    url: str
    key: str

    @property
    def duty(self) -> str:
        """The name under which it is kept what was announced to it."""
        return f"announce {sha256(self.url.encode()).hexdigest()[:24]}"

    def __repr__(self) -> str:
        return f"Listener({self.url!r})"


def read_listeners(file: Path) -> tuple[Listener, ...]:
    """The nodes to tell, from a TOML file of addresses and keys that nobody else may read.

    Raises NotFound, Forbidden where others may read it, BadRequest for one that is not of that
    form; none repeats a key.
    """
    try:
        if os.name != "nt" and file.stat().st_mode & 0o077:
            raise Forbidden(f"others may read {file}, which holds keys: run 'chmod 600 {file}'")
        given = tomllib.loads(file.read_text("utf-8"))
    except (FileNotFoundError, IsADirectoryError) as error:
        raise NotFound(f"the setting announce_keys names {file}, which is no file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadRequest(f"{file} is not a TOML file") from error
    if not all(
        isinstance(key, str) and key.isascii() and key.isprintable() for key in given.values()
    ):
        raise BadRequest(f'{file}: write lines like "https://sdmx.example.org" = "corridor_…"')
    return tuple(Listener(node_url(url), key.strip()) for url, key in given.items())


@dataclass(frozen=True, kw_only=True)
class Announcing:
    """Announces the releases of a node to `listeners`."""

    store: Store
    holder: str
    lease: timedelta
    tell: Tell
    listeners: tuple[Listener, ...]

    def do(self) -> None:
        """Announce what is new, where no other worker is at it."""
        if not self.listeners:
            return
        releases = self._releases()
        for listener in self.listeners:
            known = find_duty(self.store.catalogue, listener.duty)
            if releases and (known is None or known.detail.get("releases") != releases):
                now = self.store.catalogue.now()
                name, lease = listener.duty, self.lease
                duty = take_duty(self.store.catalogue, name, self.holder, now, lease)
                if duty is not None:
                    self._announce(listener, duty, releases)

    def _releases(self) -> dict[str, str]:
        """What readers see of the flows that nodes exchange: releases by flow."""
        flows = harvested_flows(self.store.structures)
        seen = ((flow_name(flow), self.store.release(flow.reference)) for flow in flows)
        return {name: release.id for name, release in seen if release is not None}

    def _announce(self, listener: Listener, duty: Duty, releases: Mapping[str, str]) -> None:
        """Announce one of the flows that are new: whoever is told asks for all of them."""
        before, now = duty.detail.get("releases", {}), self.store.catalogue.now()
        flow = next(
            (f for f, id_ in releases.items() if before.get(f) != id_), next(iter(releases))
        )
        pause = _AGAIN
        try:
            pause = self._send(listener, flow, releases[flow])
        except CorridorError as error:
            reason = type(error).__name__
            self.tell(Event(name="failed", reason=reason, flow=flow, note=error.message))
        if pause:  # tried again with whatever is new by then
            finish_duty(self.store.catalogue, duty, now + pause, duty.detail)
            return
        detail = {"url": listener.url, "releases": dict(releases)}
        finish_duty(self.store.catalogue, duty, now, detail)
        self.tell(Event(name="announced", flow=flow, note=f"to {listener.url}"))

    def _send(self, listener: Listener, flow: str, release: str) -> timedelta:
        """Send an announcement; how long to wait before the next try, 0 where it was taken."""
        settings, now = self.store.settings, self.store.catalogue.now()
        body = json.dumps({"node": settings.node, "flow": flow, "release": release}).encode()
        policy, url = address_policy(settings), f"{listener.url}{_PATH}"
        with TemporaryDirectory(dir=self.store.lake.work_folder(), prefix="announce-") as folder:
            answer = post_json(url, body, listener.key, Path(folder), policy=policy)
            if answer.status == _ACCEPTED:
                return timedelta(0)
            said = excerpt(answer)
        pause = _pause(answer, now)
        message = f"{url} answered {answer.status}{f': {said}' if said else ''}"
        self.tell(Event(name="failed", reason="PartnerUnavailable", flow=flow, note=message))
        return pause


def _pause(answer: Fetched, now: datetime) -> timedelta:
    asked = retry_after(answer, now)
    return _AGAIN if asked is None else min(max(timedelta(seconds=asked), _AGAIN / 10), _AT_MOST)
