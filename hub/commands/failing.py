"""How a command ends that could not do what it was asked: message, findings, exit code.

Complaints go to standard error. Under `--json`, standard output holds one document all the same:

    {"error": {"kind": "Invalid", "message": "…", "exit": 1}, "findings": […]}
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import wraps
from typing import Any, NoReturn

import typer
from rich.text import Text

from hub.commands.context import wants_json
from hub.commands.findings import show_findings
from hub.commands.showing import error_console, print_json, printable
from hub.errors import CorridorError, Finding, Internal, Invalid, codes_of
from hub.logs import without_secrets

_REMEDIES = {
    errno.ENOSPC: "there is no room left: make some, then run the command again",
    errno.EDQUOT: "the quota is used up: make room, then run the command again",
    errno.EACCES: "the operating system does not allow it: check the rights of file and folder",
    errno.EPERM: "the operating system does not allow it: check the rights of file and folder",
    errno.EROFS: "the file system is read-only: name another home with --home",
    errno.ENOTDIR: "a part of the path is a file, not a folder",
}


def telling_errors(command: Callable[..., None]) -> Callable[..., None]:
    """Make a command end with the message and the exit code of its error, not with a traceback.

    The command takes its `typer.Context` as `context`.
    """

    @wraps(command)
    def run(context: typer.Context, **options: Any) -> None:
        as_json = wants_json(context, bool(options.get("json", False)))
        try:
            command(context=context, **options)
        except CorridorError as error:
            fail(error, as_json=as_json)
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader went away, which is its right
                raise
            fail(_refused_by_system(error), as_json=as_json)

    return run


def fail(
    error: CorridorError, *, as_json: bool, answer: Mapping[str, Any] | None = None
) -> NoReturn:
    """End the command for an error; `answer` is what there is to say beside it under `--json`."""
    findings = error.findings if isinstance(error, Invalid) else ()
    code, message = codes_of(error).exit, without_secrets(error.message)
    if as_json:
        told = {"kind": type(error).__name__, "message": message, "exit": code}
        listed = [asdict(finding) for finding in findings]
        print_json({"findings": listed, **(answer or {}), "error": told})
    errors = error_console()
    if not as_json and not _says_it_all(error, findings):
        show_findings(errors, findings)
    errors.print(Text.assemble(("error:", "red"), " ", printable(message)))
    raise typer.Exit(code) from error


def _says_it_all(error: CorridorError, findings: tuple[Finding, ...]) -> bool:
    """True where the message repeats the only finding, place included."""
    if len(findings) != 1:
        return False
    only = findings[0]
    return only.message in error.message and only.line is None and only.column is None


def _refused_by_system(error: OSError) -> Internal:
    what = error.strerror or str(error)
    place = f"{error.filename}: " if error.filename else ""
    remedy = _REMEDIES.get(error.errno or 0, "")
    return Internal(f"{place}{what}{'; ' if remedy else ''}{remedy}")
