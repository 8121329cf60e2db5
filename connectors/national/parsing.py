"""Reading mapping files: what is not understood is told by its key."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from connectors.national.mapping import MappingTable, TableMap, suggest
from connectors.national.sense import senseless
from hub.errors import Finding, Invalid

#: Fields of TableMap that a mapping file does not say itself.
_OUTSIDE = ("name", "folder")
#: A mapping with a code for every country in every language has some 100,000 bytes.
MOST_BYTES = 4 << 20


def read_mapping(path: Path) -> TableMap:
    """Read a mapping file.

    Raises Invalid with every finding, each naming the file and the key, and OSError where the
    file cannot be read.
    """
    size = path.stat().st_size
    if size > MOST_BYTES:
        message = f"a mapping file has at most {MOST_BYTES:,} bytes, this one has {size:,}"
        raise _refuse(path.name, "mapping-size", message)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refuse(path.name, "mapping-encoding", f"not UTF-8 at offset {error.start}") from None
    return msgspec.structs.replace(parse_mapping(text, path.name), folder=str(path.parent))


def parse_mapping(text: str, name: str) -> TableMap:
    """Parse the text of a mapping file; `name` is what errors call it."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _refuse(name, "mapping-toml", f"not TOML: {error}") from error
    except RecursionError:
        raise _refuse(name, "mapping-toml", "tables or lists too deep in each other") from None
    findings = [_finding(name, *found) for found in _unknown(content, TableMap, "")]
    if findings:
        raise Invalid(f"{name}: {findings[0].message}", findings)
    try:
        mapping = msgspec.convert(content | {"name": name}, TableMap)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at ")
        key = place.strip("`").removeprefix("$").removeprefix(".") or "the file"
        raise _refuse(name, "mapping-type", f"{key}: {message}", key) from error
    findings = [_finding(name, *found) for found in senseless(mapping)]
    if findings:
        raise Invalid(f"{name}: {findings[0].message}", findings)
    return mapping


def _unknown(content: Mapping[str, Any], type_: type, place: str) -> Iterator[tuple[str, str, str]]:
    """Every key that no table of the mapping has."""
    hints = {key: hint for key, hint in get_type_hints(type_).items() if not key.startswith("_")}
    known = [key for key in hints if type_ is not TableMap or key not in _OUTSIDE]
    for key, value in content.items():
        if key not in known:
            where = f"in [{place}]" if place else "here"
            message = f"'{key}' means nothing {where}{suggest(key, known)} ({', '.join(known)})"
            yield "mapping-key", message, f"{place}.{key}".strip(".")
            continue
        table = _table_type(hints[key])
        if table is not None and isinstance(value, dict):
            yield from _unknown(value, table, f"{place}.{key}".strip("."))


def _table_type(hint: Any) -> type | None:
    options = get_args(hint) if get_origin(hint) is UnionType else (hint,)
    return next((o for o in options if isinstance(o, type) and issubclass(o, MappingTable)), None)


def _finding(file: str, rule: str, message: str, key: str) -> Finding:
    return Finding(rule=rule, message=message, file=file, column=key)


def _refuse(file: str, rule: str, message: str, key: str | None = None) -> Invalid:
    finding = Finding(rule=rule, message=message, file=file, column=key)
    return Invalid(f"{file}: {message}", [finding])
