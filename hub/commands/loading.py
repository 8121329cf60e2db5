"""Commands that are imported when they are asked for: starting one loads none of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

import typer
from typer.core import TyperGroup

from hub.commands.failing import telling_errors

#: The form of all commands and groups: plain text, no completion to install.
_PLAIN: dict[str, Any] = {
    "add_completion": False,
    "pretty_exceptions_enable": False,
    "rich_markup_mode": None,
}


@dataclass(frozen=True, slots=True)
class Group:
    """A group of commands: what it is about, and where each of its commands is.

    A place is `file:function`, the file being one of `hub.commands`.
    """

    about: str
    places: Mapping[str, str]


class _Loaded(Mapping[str, Any]):
    """The commands of a group by their names, each imported when it is looked up."""

    def __init__(self, loads: Mapping[str, Callable[[], Any]]) -> None:
        self._loads = loads

    def __getitem__(self, name: str) -> Any:
        return self._loads[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._loads)

    def __len__(self) -> int:
        return len(self._loads)


def group_of(
    name: str, begin: Callable[..., None], loads: Mapping[str, Callable[[], Any]], about: str = ""
) -> TyperGroup:
    """Make a group, whose `begin` takes the options before a command; `loads` makes each."""
    line = typer.Typer(name=name, no_args_is_help=True, **_PLAIN)
    line.callback(help=about or None)(begin)
    group = typer.main.get_group(line)
    group.commands = cast(Any, _Loaded(loads))
    return group


def command_at(name: str, place: str) -> Callable[[], Any]:
    """What imports the command at a place and makes it one of the command line."""

    def load() -> Any:
        file, _, function = place.partition(":")
        line = typer.Typer(**_PLAIN)
        command = getattr(import_module(f"hub.commands.{file}"), function)
        line.command(name)(telling_errors(command))
        return typer.main.get_command(line)

    return load
