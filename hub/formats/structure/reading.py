"""Reads structure messages of any form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hub.errors import Finding, Invalid, NotFound
from hub.formats import xml
from hub.formats.limits import Limits
from hub.formats.structure.fault import UNKNOWN, invalid
from hub.formats.structure.json import document
from hub.formats.structure.json.message import read_json
from hub.formats.structure.ml.message import form_of_root, read_ml
from hub.model import Maintainable

#: A structure message becomes a tree in memory, some ten times its size.
STRUCTURE_LIMITS = Limits(bytes=64 << 20)
_HEAD = 256


def read(
    source: bytes | Path,
    *,
    limits: Limits = STRUCTURE_LIMITS,
    skip_unknown: bool = False,
    on_skip: Callable[[Finding], None] | None = None,
) -> list[Maintainable]:
    """Read the artefacts of a structure message, in the order they stand in it.

    Family and version are recognised from the content. With `skip_unknown`, artefacts of unknown
    kinds and those with unknown parts are left out. External references, which have no content,
    are always left out. `on_skip` is told of all that is left out.

    Raises Invalid, with a finding for each thing that is malformed or unknown to the node and its
    place (element path and line, or JSON pointer), TooLarge beyond the limits, and NotFound for a
    file that cannot be read.
    """
    if _is_xml(source):
        root = xml.parse(source, limits)
        found, malformed, left_out = read_ml(root, form_of_root(root))
    else:
        found, malformed, left_out = read_json(document.load(source, limits))
    unknown = [finding for finding in left_out if finding.rule == UNKNOWN]
    refused = malformed if skip_unknown else [*malformed, *unknown]
    if refused:
        raise invalid(refused)
    for finding in left_out:
        if on_skip is not None:
            on_skip(finding)
    return found


def _is_xml(source: bytes | Path) -> bool:
    if isinstance(source, bytes):
        head = source[:_HEAD]
    else:
        try:
            with source.open("rb") as file:
                head = file.read(_HEAD)
        except OSError as error:
            raise NotFound(f"{source.name} cannot be read: {error.strerror}") from None
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if not text:
        raise Invalid("the structure message is empty")
    # UTF-16 starts with a byte order mark, and JSON is UTF-8 alone (RFC 8259)
    return text[:1] == b"<" or head[:2] in (b"\xff\xfe", b"\xfe\xff")
