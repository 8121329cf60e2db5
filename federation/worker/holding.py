"""What a worker has is its own while it works: claims are renewed until the work is done."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from hub.errors import CorridorError
from hub.store import Catalogue
from hub.store import duties as duty_rows
from hub.store import schedule as rows

log = logging.getLogger("corridor.worker")


@contextmanager
def renewing(catalogue: Catalogue, holder: str, lease: timedelta) -> Iterator[None]:
    """Renew the claims of a worker while the block lasts, three times in each lease."""
    done = threading.Event()

    def renew() -> None:
        while not done.wait(lease.total_seconds() / 3):
            until = catalogue.now() + lease
            try:
                rows.renew(catalogue, holder, until)
                duty_rows.renew_duties(catalogue, holder, until)
            except CorridorError as error:  # the next time, or the claim is lost
                log.warning("a claim was not renewed: %s", error.message)

    thread = threading.Thread(target=renew, name="renew claims", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
