"""What every command shares: where the node lives, and how answers are shown."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

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
    """The options given before the command."""

    home: Path | None
    json: bool


def home_of(context: typer.Context, given: Path | None) -> Path:
    """The home meant: what the command was given, else what stood before it, else the default."""
    common: Common = context.obj
    return given or common.home or DEFAULT_HOME


def wants_json(context: typer.Context, given: bool) -> bool:
    """True where JSON was asked for, before the command or after it."""
    common: Common = context.obj
    return given or common.json


@contextmanager
def store_of(context: typer.Context, home: Path | None) -> Iterator[Store]:
    """Open the node for the time of a command."""
    store = open_store(home_of(context, home))
    try:
        yield store
    finally:
        store.close()


def console() -> Console:
    """Where answers for people go."""
    return Console(highlight=False, soft_wrap=True)


def error_console() -> Console:
    """Where progress and complaints go."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def print_json(answer: Mapping[str, Any] | list[Any]) -> None:
    """Print an answer for machines."""
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=1, default=str))
