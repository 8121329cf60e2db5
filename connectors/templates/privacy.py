"""The checklist an office answers before figures from new data are published."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import msgspec

from hub.errors import Finding
from hub.publish.suggest import nearest

RULE = "privacy-checklist"
#: An answer is a sentence or two; what is longer is another file.
MOST_BYTES = 1 << 18
#: Words that fill a line and answer nothing.
_NOTHING = frozenset({"", "-", "?", "…", "...", "n/a", "na", "todo", "tbd", "xxx", "none"})


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question: `yes` has to be answered by true, a number is at least `least`."""

    id: str
    kind: Literal["text", "yes", "number"]
    question: str
    least: int = 0


@lru_cache(maxsize=1)
def questions() -> tuple[Question, ...]:
    """The questions, in their order."""
    text = files("connectors.templates").joinpath("checklist.toml").read_text("utf-8")
    return tuple(msgspec.convert(tomllib.loads(text)["questions"], list[Question]))


def blank_checklist() -> str:
    """The checklist as a file to fill in."""
    lines = [
        "# Answer each question, then name this file in the mapping:",
        '#   privacy = "privacy.toml"',
        "",
        'answered_by = ""    # name and office',
        "answered_on = 1900-01-01",
        "",
        "[answers]",
    ]
    for one in questions():
        empty = {"text": '""', "yes": "false", "number": "0"}[one.kind]
        lines += ["", f"# {one.question}", f"{one.id} = {empty}"]
        if one.kind != "text":
            lines[-1] += "    # true, or it is not published" if one.kind == "yes" else ""
            lines[-1] += f"    # at least {one.least}" if one.kind == "number" else ""
    return "\n".join(lines) + "\n"


def unanswered(path: Path) -> list[Finding]:
    """What is missing or not in order in an answered checklist; each finding names the answer."""
    content = _content(path)
    if isinstance(content, str):
        return [Finding(rule=RULE, message=content, file=path.name)]
    return [
        Finding(rule=RULE, message=message, file=path.name, column=key)
        for key, message in _faults(content)
    ]


def _content(path: Path) -> Mapping[str, Any] | str:
    """What the file says, or why it cannot be read."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return f"the checklist has more than {MOST_BYTES:,} bytes"
        return tomllib.loads(path.read_text("utf-8-sig"))
    except OSError:
        return (
            "the checklist is not there: 'corridor sources checklist' prints it; fill it in and "
            "save it beside the mapping"
        )
    except RecursionError:
        return "the checklist has lists too deep in each other"
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return f"the checklist is no TOML file in UTF-8: {error}"


def _faults(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if _is_nothing(content.get("answered_by")):
        yield "answered_by", "nobody signed the checklist: write who answered it"
    on = content.get("answered_on")
    if type(on) is not date or not date(2000, 1, 1) <= on <= datetime.now(UTC).date():
        yield "answered_on", "answered_on is not the day it was answered; write it like 2026-03-31"
    answers = content.get("answers")
    given = answers if isinstance(answers, dict) else {}
    for one in questions():
        fault = _fault(one, given.get(one.id))
        if fault:
            yield one.id, f"{fault}: {one.question}"
    known = [one.id for one in questions()]
    for key in given:
        if key not in known:
            near = nearest(key, known)
            hint = f"; did you mean {near}?" if near else ""
            yield key, f"there is no question {key}{hint}"


def _fault(question: Question, answer: object) -> str | None:
    """What is wrong with an answer."""
    if answer is None or (question.kind == "text" and _is_nothing(answer)):
        return "not answered"
    if question.kind == "text":
        return None
    if question.kind == "yes":
        return None if answer is True else "the answer has to be yes (true)"
    if not isinstance(answer, int) or isinstance(answer, bool) or answer < question.least:
        return f"the answer has to be a whole number of at least {question.least}"
    return None


def _is_nothing(answer: object) -> bool:
    return not isinstance(answer, str) or answer.strip().casefold() in _NOTHING
