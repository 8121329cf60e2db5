"""Making a node from a backup."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import inspect

from hub.errors import Conflict, Forbidden
from hub.settings import FILE_NAME, Settings, load_settings
from hub.store.arrivals import take_in_arrivals
from hub.store.backup.findings import Damage, fault_of, refuse_damaged
from hub.store.backup.manifest import Manifest, read_manifest
from hub.store.backup.rows import read_rows
from hub.store.catalogue import Clock, system_clock
from hub.store.store import Store
from hub.store.syncing import sync
from hub.store.upgrade import upgrade_within


@dataclass(frozen=True, slots=True)
class Restored:
    """A node that was made from a backup: of which instant, with how many files and rows.

    `aside` is where the node that lived there before is now.
    """

    node: str
    made: datetime
    files: int
    rows: int
    aside: Path | None = None


def restore_backup(
    folder: Path,
    home: Path,
    *,
    replace: bool = False,
    now: Clock = system_clock,
    then: Callable[[Store], object] = lambda _store: None,
) -> Restored:
    """Make a node in a home from a backup; every file is hashed before anything is made.

    `then` is called with the node before it gets its place: what it may not show is removed there.
    With `replace` a node that lives there moves aside. The catalogue goes where the settings say:
    those of the backup, or the variable CORRIDOR_CATALOGUE. Raises Invalid for a damaged backup,
    Conflict for a home, lake or catalogue that is in use; then nothing has changed.
    """
    manifest = read_manifest(folder)
    if home.exists() and any(home.iterdir()) and not replace:
        raise Conflict(
            f"{home} is in use: name a new folder, or move what is there aside with --replace"
        )
    _refuse_damaged(folder, manifest)
    staged = home.with_name(f"{home.name}.restoring")
    try:
        settings = _begin(staged, manifest)
        try:
            rows = _furnish(folder, manifest, Store(settings, now), then)
        except BaseException:
            shutil.rmtree(settings.lake_path, ignore_errors=True)  # it may be elsewhere
            raise
        aside = _move_aside(home, manifest.made) if home.exists() else None
        os.rename(staged, home)
        sync(home.parent)
    except OSError as error:
        raise Forbidden(f"{home} cannot be made: {error.strerror or error}") from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return Restored(manifest.node, manifest.made, len(manifest.files), rows, aside)


def _refuse_damaged(folder: Path, manifest: Manifest) -> None:
    faults = (
        (name, fault_of(folder / name, stored.sha256, stored.bytes))
        for name, stored in manifest.files.items()
    )
    damaged = [Damage(name, fault) for name, fault in faults if fault is not None]
    refuse_damaged(damaged, "nothing was restored; take another backup")


def _begin(staged: Path, manifest: Manifest) -> Settings:
    """Make the folder of the home, with its settings; raises Conflict where the lake is in use."""
    shutil.rmtree(staged, ignore_errors=True)  # what a killed restore left
    staged.mkdir(parents=True)
    (staged / FILE_NAME).write_text(manifest.settings, "utf-8")
    settings = load_settings(staged)
    lake = settings.lake_path
    if lake.exists() and any(lake.iterdir()):
        raise Conflict(f"the lake {lake} is in use: name another folder with CORRIDOR_LAKE")
    return settings


def _furnish(
    folder: Path, manifest: Manifest, store: Store, then: Callable[[Store], object]
) -> int:
    """Fill lake and catalogue of a new node; returns the rows of the catalogue."""
    try:
        store.lake.create()
        for name in manifest.files:
            if name.startswith("lake/"):
                target = store.lake.root / name.removeprefix("lake/")
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / name, target)
                sync(target)
        with store.catalogue.writing() as connection:
            if inspect(connection).get_table_names():
                raise Conflict(
                    "the catalogue that the settings name is in use: name an empty database with "
                    "CORRIDOR_CATALOGUE"
                )
            upgrade_within(connection, manifest.revision)
            counts = read_rows(connection, folder / manifest.catalogue)
            upgrade_within(connection)
            at = store.catalogue.stamp(connection)
            made = manifest.made.isoformat()
            store.catalogue.record(connection, at, "restore", manifest.node, made=made)
        take_in_arrivals(store.catalogue, store.lake)
        then(store)
    finally:
        store.close()
    return sum(counts.values())


def _move_aside(home: Path, made: datetime) -> Path:
    number = 1
    while (aside := home.with_name(f"{home.name}.before-{made:%Y%m%d}-{number}")).exists():
        number += 1
    os.rename(home, aside)
    return aside
