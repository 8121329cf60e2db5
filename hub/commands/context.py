"""What every command shares: where the node lives, and in which form it answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from hub.logs import written_logs
from hub.store import Store, open_store

DEFAULT_HOME = Path("corridor-home")

#: `--home` and `--json` are accepted before the command and after it.
Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        help="The folder the node lives in (default: CORRIDOR_HOME, else ./corridor-home).",
        show_default=False,
    ),
]
Json = Annotated[
    bool, typer.Option("--json", help="Answer in JSON, for machines.", show_default=False)
]


@dataclass(frozen=True, slots=True)
class Common:
    """The options given before the command; `home` None where nothing names one."""

    home: Path | None
    json: bool


def common_of(context: typer.Context) -> Common:
    """The options given before the command."""
    common: Common = context.obj
    return common


def home_of(context: typer.Context, given: Path | None) -> Path:
    """The home meant: what the command was given, else what stood before it, else the default."""
    return given or common_of(context).home or DEFAULT_HOME


def wants_json(context: typer.Context, given: bool) -> bool:
    """True where JSON was asked for, before the command or after it."""
    return given or common_of(context).json


@contextmanager
def store_of(context: typer.Context, home: Path | None) -> Iterator[Store]:
    """Open the node for the time of a command, which logs as the node's settings say."""
    store = open_store(home_of(context, home))
    try:
        with written_logs(store.settings):
            yield store
    finally:
        store.close()
