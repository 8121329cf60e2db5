"""Making the home of a new node."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from hub.errors import Conflict
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

    Raises Conflict where a node lives there already, BadRequest for settings that are not valid;
    then nothing is left behind.
    """
    file = home / FILE_NAME
    if file.exists():
        raise Conflict(f"{home} is the home of a node already: {FILE_NAME} is there")
    home.mkdir(parents=True, exist_ok=True)
    file.write_text(_toml(settings), "utf-8")
    try:
        made = load_settings(home)
    except Exception:
        file.unlink()
        raise
    store = Store(made, now)
    try:
        store.lake.create()
        upgrade(store.catalogue)
        with store.catalogue.writing() as connection:
            at = store.catalogue.stamp(connection)
            store.catalogue.record(connection, at, "init", made.node)
    finally:
        store.close()
    return made


def open_store(home: Path, now: Clock = system_clock) -> Store:
    """Open the node that lives in a home.

    Raises NotFound where there is none, Conflict where its catalogue needs an upgrade.
    """
    store = Store(load_settings(home), now)
    try:
        store.catalogue.check()
    except Exception:
        store.close()
        raise
    return store


def _toml(settings: Mapping[str, str | Sequence[str] | int]) -> str:
    # TOML's basic strings, arrays of strings and integers are written as JSON writes them.
    lines = [
        "# The settings of this node; docs/settings.md lists all of them.",
        *(
            f"{name} = {json.dumps(value if isinstance(value, str | int) else list(value))}"
            for name, value in settings.items()
        ),
    ]
    return "\n".join(lines) + "\n"
