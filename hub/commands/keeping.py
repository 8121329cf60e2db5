"""`backup`, `restore`, `verify`: a copy of the node elsewhere, a node from it, and is all sound."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from hub import __version__
from hub.commands.context import Home, Json, home_of, store_of, wants_json
from hub.commands.showing import console, print_json, printable
from hub.errors import Invalid
from hub.publish.purge import apply_again
from hub.store import Store
from hub.store.backup import Verified, make_backup, restore_backup, verify_backup, verify_store
from hub.store.purges import STUBS, Purge, known_purges, read_stubs, write_stubs

Folder = Annotated[Path, typer.Argument(help="The folder of the backup.", show_default=False)]


def backup_command(
    context: typer.Context, folder: Folder, home: Home = None, json: Json = False
) -> None:
    """Copy the node into a folder, while it serves; again into the same: only what is new."""
    with store_of(context, home) as store:
        done = make_backup(store, folder, __version__)
    if wants_json(context, json):
        print_json(asdict(done))
        return
    console().print(
        printable(
            f"{folder}: the node as of {done.made:%Y-%m-%d %H:%M:%SZ}, {done.files:,} files with "
            f"{done.bytes:,} bytes, of which {done.copied_files:,} with {done.copied_bytes:,} "
            "bytes were copied now"
        )
    )


def restore_command(
    context: typer.Context,
    folder: Folder,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Move a node that lives there aside.", show_default=False),
    ] = False,
    purged: Annotated[
        Path | None,
        typer.Option(
            help="The purged.json of the node that was lost: what was purged since the backup is "
            "purged again. That of a node in --home is read anyway.",
            show_default=False,
        ),
    ] = None,
    home: Home = None,
    json: Json = False,
) -> None:
    """Make a node in --home from a backup, after looking whether the backup is whole."""
    target = home_of(context, home)
    stubs = [*read_stubs(target / STUBS), *(read_stubs(purged) if purged else ())]
    again: list[Purge] = []

    def purge_again(store: Store) -> None:
        again.extend(apply_again(store, stubs))
        with store.catalogue.reading() as connection:
            write_stubs(store.settings.home, known_purges(connection))

    done = restore_backup(folder, target, replace=replace, then=purge_again)
    if wants_json(context, json):
        print_json({**asdict(done), "purged": [purge.id for purge in again]})
        return
    for purge in again:
        console().print(printable(f"purged again from {purge.flow}: {purge.reason}"))
    console().print(printable(f"{target}: node {done.node} as of {done.made:%Y-%m-%d %H:%M:%SZ}"))
    if done.aside is not None:
        console().print(printable(f"what was there is now {done.aside}"))


def verify_command(
    context: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Argument(help="A backup; without one, the node is looked at.", show_default=False),
    ] = None,
    home: Home = None,
    json: Json = False,
) -> None:
    """Compute every hash of the node, or of a backup, anew, and say what is damaged."""
    if folder is None:
        with store_of(context, home) as store:
            done = verify_store(store)
    else:
        done = verify_backup(folder)
    _refuse(done, "the node" if folder is None else str(folder), is_backup=folder is not None)
    if wants_json(context, json):
        print_json({"files": done.files, "damaged": []})
        return
    console().print(f"{done.files:,} files are what their hashes say")


def _refuse(done: Verified, where: str, *, is_backup: bool) -> None:
    if done.damaged:
        remedy = (
            "make it anew from the node"
            if is_backup
            else "restore the node from a backup ('corridor restore BACKUP --replace')"
        )
        raise Invalid(
            f"{where}: {len(done.damaged)} of {done.files:,} files are damaged: {remedy}",
            [one.finding() for one in done.damaged],
        )
