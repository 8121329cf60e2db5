"""Logs on standard error: a line of words, or a JSON object a line, and never a secret.

What is logged may hold texts of others: messages of partners and of drivers, addresses, the
traceback of a fault. Whatever looks like a secret is taken out of the whole line as the last thing
before it is written.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from hub.settings import LogFormat, LogLevel, Settings

#: The loggers whose lines are written: those of the node, and of the server.
_LOGGERS = ("corridor", "uvicorn")
#: What a line may say beside its message.
FIELDS = ("event", "partner", "flow", "attempt", "reason")
_HIDDEN = "***"
_NAMES = (
    r"[\w.-]*(?:token|secret|passw(?:or)?d|pwd|api[_-]?key|signature|credential)[\w.-]*"
    r"|(?:[\w.-]*[_.-])?(?:key|sig|auth|code|session|sid)"
)
_SECRETS = (
    # keys of a node, whole or with their secret cut short
    (re.compile(r"corridor_([0-9a-f]{12})_[A-Za-z0-9_-]+"), rf"corridor_\1_{_HIDDEN}"),
    # headers, however they are written down: the rest of the line
    (re.compile(r"(authorization[\"']?\s*[:=,])[^\r\n]*", re.IGNORECASE), rf"\1 {_HIDDEN}"),
    (re.compile(r"\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}", re.IGNORECASE), rf"\1 {_HIDDEN}"),
    # user and password before a host; a password may hold an @ that was not encoded
    (re.compile(r"(://|\bhost\s+)[^\s/?#\"']*@"), rf"\1{_HIDDEN}@"),
    # values in query strings, by their names
    (re.compile(rf"([?&;](?:{_NAMES})=)[^&#\s\"']*", re.IGNORECASE), rf"\1{_HIDDEN}"),
    # and in texts: password=…, 'password': '…'
    (
        re.compile(
            r"(\b(?:password|passwd|secret|token|api_?key)[\"']?\s*[:=]\s*[\"']?)[^\s,;&\"')}]+",
            re.IGNORECASE,
        ),
        rf"\1{_HIDDEN}",
    ),
)


def without_secrets(text: str) -> str:
    """A text with what looks like a secret taken out of it."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


class TextLines(logging.Formatter):
    """A line of words for people: level, message, and the traceback of a fault."""

    def __init__(self) -> None:
        super().__init__("%(levelname)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The line, without secrets."""
        return without_secrets(super().format(record))


class JsonLines(logging.Formatter):
    """A JSON object a line: instant (UTC), level, logger, message, and what is in `FIELDS`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without secrets."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds")
        line: dict[str, object] = {
            "at": at,
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
        }
        for name in FIELDS:
            value = getattr(record, name, None)
            if value not in (None, ""):
                line[name] = without_secrets(value) if isinstance(value, str) else value
        if record.exc_info:
            line["exception"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


class _ToStandardError(logging.Handler):
    """Writes to what standard error is at the time, as the last resort of `logging` does."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line."""
        try:
            sys.stderr.write(f"{self.format(record)}\n")
            sys.stderr.flush()
        except Exception:
            self.handleError(record)


def write_logs(settings: Settings) -> None:
    """Let the node log as its settings say; a second time replaces the first.

    Words begin at the level `warning`, as commands tell people what they do; JSON at `info`.
    """
    is_json = settings.log_format is LogFormat.JSON
    level = settings.log_level or (LogLevel.INFO if is_json else LogLevel.WARNING)
    handler = _ToStandardError()
    handler.setFormatter(JsonLines() if is_json else TextLines())
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        _silence(logger)
        logger.addHandler(handler)
        logger.setLevel(level.value.upper())


@contextmanager
def written_logs(settings: Settings) -> Iterator[None]:
    """Log as the settings say while the block lasts."""
    before = {name: logging.getLogger(name).level for name in _LOGGERS}
    write_logs(settings)
    try:
        yield
    finally:
        for name, level in before.items():
            logger = logging.getLogger(name)
            _silence(logger)
            logger.setLevel(level)


def _silence(logger: logging.Logger) -> None:
    for one in list(logger.handlers):
        if isinstance(one, _ToStandardError):
            logger.removeHandler(one)
