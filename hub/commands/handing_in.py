"""Handing in at the command line: released at once, or waiting where the settings ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hub.model import Reference
from hub.publish import Report, Statement, Submission, hand_in, publish
from hub.store import Store
from hub.store.actors import Actor


@dataclass(frozen=True, slots=True)
class HandedIn:
    """How something is handed in: by whom, held back until when, with which note."""

    by: Actor
    visible_from: datetime | None = None
    note: str = ""
    dry_run: bool = False


def released_or_waiting(
    store: Store, flow: Reference, submission: Submission, given: HandedIn
) -> Report:
    """Release a submission; where the setting four_eyes is on, let it wait for a second key."""
    if store.settings.four_eyes and not given.dry_run:
        return hand_in(
            store, flow, submission, given.by, visible_from=given.visible_from, note=given.note
        )
    return publish(
        store,
        flow,
        submission,
        visible_from=given.visible_from,
        dry_run=given.dry_run,
        statement=Statement(note=given.note, by=str(given.by)),
    )
