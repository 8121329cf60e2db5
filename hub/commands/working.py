"""`worker`: partners are harvested at their times, what follows is derived, the node is swept."""

from __future__ import annotations

import json as codec
import logging
import os
import signal
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import typer

from federation.worker import Abandoned, Event, Tell, Worker, read_listeners
from hub.commands.context import Home, Json, store_of, wants_json
from hub.commands.failing import fail
from hub.commands.showing import console, printable
from hub.errors import CorridorError, PartnerUnavailable, codes_of
from hub.logs import without_secrets
from hub.rest.cache import sweep as sweep_rendered
from hub.store import Store, sweep

log = logging.getLogger("corridor.worker")
_WORDS = {
    "started": "the worker is at work; stop it with Ctrl-C",
    "standby": "waiting",
    "planned": "is planned",
    "harvested": "harvested",
    "derived": "derived",
    "swept": "swept",
    "announced": "announced",
    "failed": "failed, tried again later",
    "stopping": "stopping",
    "stopped": "the worker has stopped",
}
#: Attempts are logged where they end, by whoever made them.
_LOGGED_ELSEWHERE = "attempt"


def worker(
    context: typer.Context,
    once: Annotated[
        bool, typer.Option("--once", help="Do what is due, then end; for cron.")
    ] = False,
    no_derive: Annotated[
        bool, typer.Option("--no-derive", help="Derive nothing.", show_default=False)
    ] = False,
    no_sweep: Annotated[
        bool, typer.Option("--no-sweep", help="Leave sweeping to others.", show_default=False)
    ] = False,
    home: Home = None,
    json: Json = False,
) -> None:
    """Harvest partners at their times until told to stop. With --once, exit 3 where one failed."""
    as_json = wants_json(context, json)
    with store_of(context, home) as store:
        keys = store.settings.announce_keys_path
        working = Worker(
            store=store,
            tell=_telling(as_json),
            tidy=None if no_sweep else lambda: _swept(store),
            derives=not no_derive,
            listeners=read_listeners(keys) if keys is not None else (),
        )
        _stop_when_told(working)
        try:
            working.run(once=once)
        except Abandoned:
            # Threads wait for partners still; everything else is done, and nothing is left open.
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)
        except CorridorError as error:
            if not as_json:
                raise
            _tell_line(Event(name="error", reason=type(error).__name__, note=error.message))
            raise typer.Exit(codes_of(error).exit) from error
    if once and working.failures:
        failed = "an attempt" if working.failures == 1 else f"{working.failures} attempts"
        failure = PartnerUnavailable(f"{failed} failed; see 'corridor status'")
        if as_json:  # each was told in a line of its own
            raise typer.Exit(3)
        fail(failure, as_json=False)


def _stop_when_told(working: Worker) -> None:
    """Let SIGTERM and Ctrl-C stop the worker; told a second time, it waits for nobody."""

    def stop(_number: int, _frame: object) -> None:
        if working.stopping.is_set():
            working.hurrying.set()
        working.stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def _telling(as_json: bool) -> Tell:
    """Tell events on standard output, a line each, and in the log."""

    def tell(event: Event) -> None:
        if as_json:
            _tell_line(event)
        else:
            console().print(printable(without_secrets(_words(event))))
        if event.name != _LOGGED_ELSEWHERE:
            _log(event)

    return tell


def _tell_line(event: Event) -> None:
    line = codec.dumps(_line(event), ensure_ascii=False, default=str)
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _line(event: Event) -> Mapping[str, Any]:
    """An event as a JSON object; what does not apply is left out."""
    told = {
        "event": event.name,
        "partner": event.partner,
        "flow": event.flow,
        "attempt": event.attempt,
        "reason": event.reason,
        "note": event.note,
        **event.detail,
    }
    return {name: _plain(value) for name, value in told.items() if value not in ("", None)}


def _plain(value: object) -> object:
    """A value as JSON has it; a text without what is secret."""
    if isinstance(value, datetime):
        return value.isoformat()
    return without_secrets(value) if isinstance(value, str) else value


def _words(event: Event) -> str:
    """An event as a line for people."""
    if event.name == "attempt":
        note = f": {event.note}" if event.note else ""
        return f"{event.partner} {event.flow or 'node document'}: {event.reason}{note}"
    about = " ".join(part for part in (event.partner, event.flow) if part)
    told = ", ".join(
        f"{value:,} {name.replace('_', ' ')}" if isinstance(value, int) else f"{name} {value}"
        for name, value in event.detail.items()
        if value is not None
    )
    said = ": ".join(part for part in (event.note, told) if part)
    words = f"{about} {_WORDS[event.name]}".strip()
    reason = f" {event.reason}" if event.reason else ""
    return f"{words}{reason}{f': {said}' if said else ''}"


def _log(event: Event) -> None:
    level = logging.WARNING if event.name == "failed" else logging.INFO
    extra = {"event": event.name, "partner": event.partner, "flow": event.flow}
    log.log(level, _words(event), extra={**extra, "reason": event.reason})


def _swept(store: Store) -> Mapping[str, int]:
    """Sweep as `corridor sweep` does; how many files went, by kind."""
    done = sweep(store)
    folder = store.settings.home / "cache"
    rendered = sweep_rendered(folder, store.settings.cache_bytes) if folder.is_dir() else []
    counts = {one.kind: one.files for one in done.swept if one.files}
    return {**counts, **({"cache": len(rendered)} if rendered else {})}
