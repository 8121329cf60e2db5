"""A node as several processes behind one socket, each replaced when it ends.

The workers share nothing but the home: catalogue, lake, indexes and rendered answers on disk. On
SIGHUP new workers, which read the settings anew, take over one after another.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from hub.errors import CorridorError
from hub.logs import write_logs
from hub.rest.serving import build_app, server_options
from hub.settings import load_settings
from hub.store import Store, open_store

log = logging.getLogger("uvicorn.error")

#: Seconds after which a worker that answers no question of its parent is taken for dead.
_SILENT = 30


@dataclass(frozen=True, slots=True)
class WorkerApp:
    """Makes the application of the node in a home, in the worker process this is sent to."""

    home: Path

    def __call__(self) -> FastAPI:
        """Open the node; the process ends with its parent, and gives back what it holds."""
        _end_with_parent()
        try:
            write_logs(load_settings(self.home))
            store = open_store(self.home)
        except CorridorError as error:  # the parent tries again
            log.error("a worker cannot begin: %s", error.message)
            raise SystemExit(1) from error
        app = build_app(store)
        app.router.lifespan_context = _closing(store)
        return app


class Workers(Multiprocess):
    """The workers of a node, until SIGTERM or Ctrl-C ends them."""

    def __init__(self, home: Path, listening: socket.socket, count: int) -> None:
        config = uvicorn.Config(
            WorkerApp(home),
            factory=True,
            workers=count,
            timeout_worker_healthcheck=_SILENT,
            **server_options(*listening.getsockname()[:2]),
        )
        super().__init__(config, [listening])

    def terminate_all(self) -> None:
        """Let the workers end; who comes now is refused, not left waiting for them."""
        for listening in self.sockets:
            listening.close()
        super().terminate_all()

    def keep_subprocess_alive(self) -> None:
        """Replace workers that ended or are silent, and tell of it."""
        before = self.processes.copy()
        super().keep_subprocess_alive()
        for old, new in zip(before, self.processes, strict=True):
            if old is not new:
                log.warning(
                    "worker %s ended with %s; %s takes its place", old.pid, old.exitcode, new.pid
                )


def _end_with_parent() -> None:
    """End this process, requests under way answered, when its parent is killed."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="parent", daemon=True).start()


def _closing(store: Store) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        store.close()

    return lifespan
