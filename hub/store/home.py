"""Making the home of a new node."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from hub.errors import Conflict, Forbidden
from hub.settings import FILE_NAME, Settings, load_settings
from hub.store.catalogue import Clock, system_clock
from hub.store.store import Store
from hub.store.upgrade import upgrade


def init_home(
    home: Path,
    settings: Mapping[str, str | Sequence[str] | int],
    now: Clock = system_clock,
) -> Settings:
    """Make a home with a settings file, an empty lake and an empty catalogue.

    Raises Conflict where a node lives there already, BadRequest for settings that are not valid,
    Forbidden for a folder that cannot be written; then nothing is left behind in it.
    """
    if (home / FILE_NAME).exists():
        raise Conflict(f"{home} is the home of a node already: {FILE_NAME} is there")
    before = set(home.iterdir()) if home.is_dir() else None
    try:
        home.mkdir(parents=True, exist_ok=True)
        (home / FILE_NAME).write_text(_toml(settings), "utf-8")
        made = load_settings(home)
        _furnish(made, now)
    except BaseException as error:
        _clear(home, before)
        if isinstance(error, OSError):
            raise Forbidden(
                f"{home} cannot become a home: {error.strerror or error}; name a folder that this "
                "user may write"
            ) from error
        raise
    return made


def _furnish(settings: Settings, now: Clock) -> None:
    store = Store(settings, now)
    try:
        store.lake.create()
        upgrade(store.catalogue)
        with store.catalogue.writing() as connection:
            at = store.catalogue.stamp(connection)
            store.catalogue.record(connection, at, "init", settings.node)
    finally:
        store.close()


def _clear(home: Path, before: set[Path] | None) -> None:
    """Remove what was not in a folder before; the folder too, if it was not there (None)."""
    if not home.is_dir():
        return
    for path in set(home.iterdir()) - (before or set()):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    if before is None:
        home.rmdir()


def open_store(home: Path, now: Clock = system_clock) -> Store:
    """Open the node that lives in a home.

    Raises NotFound where there is none, Conflict where its catalogue needs an upgrade, Internal
    where it cannot be opened.
    """
    store = Store(load_settings(home), now)
    try:
        store.catalogue.check()
    except Exception:
        store.close()
        raise
    return store


def _listed(value: str | Sequence[str] | int) -> str | list[str] | int:
    return value if isinstance(value, str | int) else list(value)


def _toml(settings: Mapping[str, str | Sequence[str] | int]) -> str:
    # TOML's basic strings, arrays of strings and integers are written as JSON writes them.
    lines = [
        "# The settings of this node; docs/settings.md lists all of them.",
        *(
            f"{name} = {json.dumps(_listed(value), ensure_ascii=False)}"
            for name, value in settings.items()
        ),
    ]
    return "\n".join(lines) + "\n"
