"""`sweep`: what nothing needs any more is removed, and the history shortened to what is kept."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from hub.commands.context import Home, Json, store_of, wants_json
from hub.commands.showing import console, print_json, print_rows
from hub.rest.cache import sweep as sweep_rendered
from hub.settings import parse_duration
from hub.store import Store, Swept, sweep

_ABOUT = {
    "observations": "observations no version names",
    "raw": "bytes from partners",
    "waiting": "what was handed in or held, and decided",
    "work": "files being written by dead processes",
    "indexes": "indexes of old releases",
    "spill": "memory of dead processes on disk",
    "cache": "rendered answers beyond the bound",
}
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Only tell what would go.", show_default=False)
]
OlderThan = Annotated[
    str,
    typer.Option(
        help="Only what nobody touched for so long: 1h, 1d. Shorter than the longest publish, "
        "harvest or download, it may make one fail."
    ),
]


def sweep_command(
    context: typer.Context,
    dry_run: DryRun = False,
    older_than: OlderThan = "1d",
    home: Home = None,
    json: Json = False,
) -> None:
    """Remove what nothing needs any more; shorten the history to what is kept."""
    grace = parse_duration(older_than)
    with store_of(context, home) as store:
        done = sweep(store, grace=grace, dry_run=dry_run)
        swept = (*done.swept, _rendered(store, dry_run))
    forgotten = [asdict(one) for one in done.forgotten]
    if wants_json(context, json):
        files = [asdict(one) for one in swept]
        print_json({"dry_run": dry_run, "forgotten": forgotten, "swept": files})
        return
    verb = "would leave" if dry_run else "left"
    for one in done.forgotten:
        many = "s" * (one.versions != 1)
        console().print(f"{one.flow}: {one.versions:,} slice version{many} {verb} the history")
    rows = [{"what": _ABOUT[one.kind], "files": one.files, "bytes": one.bytes} for one in swept]
    title = "would be removed" if dry_run else "removed"
    found = [row for row in rows if row["files"]]
    print_rows(found, title=title, empty="there is nothing to remove")


def _rendered(store: Store, dry_run: bool) -> Swept:
    folder, most = store.settings.home / "cache", store.settings.cache_bytes
    removed = sweep_rendered(folder, most, dry_run=dry_run) if folder.is_dir() else []
    return Swept("cache", len(removed), sum(removed))
