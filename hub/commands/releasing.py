"""`release list|show|diff|rollback`: what was published, what is visible, what differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from typing import Annotated, Any

import typer

from hub.commands.context import Home, Json, store_of, wants_json
from hub.commands.differing import MOST_ROWS, ROWS_SHOWN, difference_json, show_difference
from hub.commands.findings import describe, report_json, show_report
from hub.commands.identity import Key, Note, actor_of
from hub.commands.instants import instant_of
from hub.commands.showing import console, print_json, print_rows
from hub.commands.submitting import DryRun, Flow, flow_of
from hub.model import DeltaCounts, Reference, Release, SliceVersion
from hub.publish import Statement, hand_in_rollback, roll_back
from hub.store import Store
from hub.store.difference import Difference, compare, pairs_between
from hub.store.keys import Right
from hub.store.vintages import release_before, release_named, vintages

_WHICH = "an id as listed, or its first characters, or an instant like 2026-03-01T00:00:00Z"
Earlier = Annotated[
    str,
    typer.Argument(
        metavar="[A]",
        help=f"The earlier release: {_WHICH}. Default: the one before B.",
        show_default=False,
    ),
]
Later = Annotated[
    str,
    typer.Argument(
        metavar="[B]",
        help="The later release, named alike. Default: what readers get now.",
        show_default=False,
    ),
]
Back = Annotated[
    str, typer.Argument(metavar="RELEASE", help=f"The release to go back to: {_WHICH}.")
]
Rows = Annotated[
    int,
    typer.Option(
        "--rows",
        min=0,
        max=MOST_ROWS,
        help=f"How many observations to show, the largest revisions first; at most {MOST_ROWS:,}.",
    ),
]


def release_list(context: typer.Context, flow: Flow, home: Home = None, json: Json = False) -> None:
    """List the releases of a dataflow, the newest first."""
    with store_of(context, home) as store:
        reference = flow_of(flow, store.structures)
        versions, since = store.history(reference), store.history_since(reference)
        ids = {release.visible_from: release.id for release in vintages(store, reference)}
    together = [list(group) for _, group in groupby(versions, _publication)]
    rows = [_listed(group, ids) for group in together]
    if wants_json(context, json):
        print_json(rows)
        return
    told = "" if since is None else f", complete from {since:%Y-%m-%d %H:%M:%SZ}"
    print_rows(rows, title=f"releases of {flow}{told}", empty=f"{flow}: nothing is published yet")


def _publication(version: SliceVersion) -> tuple[datetime, datetime]:
    return version.committed, version.visible_from


def _listed(group: list[SliceVersion], ids: Mapping[datetime, str]) -> dict[str, Any]:
    first = group[0]
    return {
        "committed": first.committed,
        "visible_from": first.visible_from,
        "sources": sorted({version.source for version in group}),
        "slices": len(group),
        **asdict(sum((version.counts for version in group), start=DeltaCounts())),
        "release": ids.get(first.visible_from),
        "note": first.note,
    }


def release_show(context: typer.Context, flow: Flow, home: Home = None, json: Json = False) -> None:
    """Show what readers get of a dataflow now: each slice and its source, and what is not used.

    Not used are other sources of a slice, and versions that are held back.
    """
    with store_of(context, home) as store:
        reference = flow_of(flow, store.structures)
        release = store.release(reference)
        lines, _ = store.lines(reference)
    visible = release.slices if release else ()
    used = {version.id for version in visible}
    versions = [version for line in lines.values() for version in line]
    rows = [
        {
            "slice": version.slice or "(whole flow)",
            "source": version.source,
            "kind": version.origin.kind,
            "used": version.id in used,
            "observations": version.rows,
            "visible_from": version.visible_from,
            "digest": version.digest,
            "note": version.note,
        }
        for version in sorted(versions, key=lambda v: (v.slice, v.source, -v.id))
    ]
    shown = release.id if release else None
    if wants_json(context, json):
        print_json({"flow": str(reference), "release": shown, "slices": rows})
        return
    title = f"{reference}, release {shown or 'none visible yet'}"
    print_rows(rows, title=title, empty=f"{reference}: nothing is published yet")


def release_diff(
    context: typer.Context,
    flow: Flow,
    earlier: Earlier = "",
    later: Later = "",
    rows: Rows = ROWS_SHOWN,
    home: Home = None,
    json: Json = False,
) -> None:
    """Show what one release added, revised and withdrew against another, old value and new."""
    with store_of(context, home) as store:
        reference = flow_of(flow, store.structures)
        after = _named(store, reference, later) if later else store.release(reference)
        before = _before(store, reference, earlier, after)
        pairs = pairs_between(before, after)
        found = compare(store, store.schema(reference), pairs, rows)
    if wants_json(context, json):
        print_json(_difference_json(reference, before, after, found))
        return
    title = f"{reference}: {_told(before)} → {_told(after)}: {describe(found.counts)}"
    show_difference(found, title)


def release_rollback(
    context: typer.Context,
    flow: Flow,
    release: Back,
    note: Note = "",
    dry_run: DryRun = False,
    key: Key = "",
    home: Home = None,
    json: Json = False,
) -> None:
    """Publish a new release that is equal to an old one."""
    with store_of(context, home) as store:
        reference = flow_of(flow, store.structures)
        schema = store.schema(reference)
        target = release_named(store, reference, _id_of(store, reference, release))
        actor = actor_of(store, key, Right.PUBLISH)
        if store.settings.four_eyes and not dry_run:
            report = hand_in_rollback(store, schema, target, actor, note=note)
        else:
            stated = Statement(note=note, by=str(actor))
            report = roll_back(store, schema, target, dry_run=dry_run, statement=stated)
    if wants_json(context, json):
        print_json(report_json(report))
    else:
        show_report(console(), report)


def _named(store: Store, flow: Reference, text: str) -> Release | None:
    """The release an argument names; None for an instant before the first one.

    An instant to come names what readers will get then of what is held back.
    """
    if _is_instant(text):
        return store.release(flow, instant_of(text, "the instant"))
    return release_named(store, flow, text)


def _id_of(store: Store, flow: Reference, text: str) -> str:
    """The id of the release an argument names; an instant before the first one names none."""
    found = _named(store, flow, text)
    return text if found is None else found.id


def _is_instant(text: str) -> bool:
    return "-" in text or ":" in text  # neither is in an id


def _before(store: Store, flow: Reference, text: str, after: Release | None) -> Release | None:
    if text:
        return _named(store, flow, text)
    return release_before(store, after) if after is not None else None


def _told(release: Release | None) -> str:
    return "nothing" if release is None else f"{release.id[:12]} ({release.visible_from:%F %TZ})"


def _difference_json(
    flow: Reference, before: Release | None, after: Release | None, found: Difference
) -> dict[str, Any]:
    return {
        "flow": str(flow),
        "from": _release_json(before),
        "to": _release_json(after),
        **difference_json(found),
    }


def _release_json(release: Release | None) -> dict[str, Any] | None:
    if release is None:
        return None
    return {"release": release.id, "visible_from": release.visible_from}
