"""Serves some nodes in one process, which is there to be killed; its arguments are HOME=PORT.

Says `ready` when all of them answer.
"""

from __future__ import annotations

import sys
import threading
from contextlib import ExitStack
from pathlib import Path

from hub.demo.servers import running
from hub.rest.serving import server_for
from hub.rest.sockets import listen
from hub.store import open_store

HOST = "127.0.0.1"


def main(named: list[str]) -> None:
    """Serve until the process is killed."""
    with ExitStack() as stack:
        servers = []
        for one in named:
            home, _, port = one.rpartition("=")
            taken = stack.enter_context(listen(HOST, int(port)))
            store = open_store(Path(home))
            stack.callback(store.close)
            servers.append((server_for(store, HOST, 0), taken))
        stack.enter_context(running(servers))
        print("ready", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1:])
