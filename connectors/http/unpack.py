"""From the raw body to its content: decompression with a bound, and its first words."""

from __future__ import annotations

import os
import re
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path

from connectors.http.exchange import Fetched
from hub.errors import PartnerInvalid, PartnerUnavailable
from hub.formats.sniff import head_of

_CHUNK = 1 << 18
_GZIP = b"\x1f\x8b"
_GZIP_WINDOW, _ZLIB_WINDOW, _RAW_WINDOW = 31, 15, -15
_MARKUP = re.compile(r"<(script|style)\b.*?(?:</\1>|\Z)|<[^>]*>?", re.DOTALL | re.IGNORECASE)


def unpack(fetched: Fetched, limit: int) -> Path:
    """Return the file with the content of a body, at most `limit` bytes of it.

    gzip and deflate are unpacked, gzip also where Content-Encoding does not say so. Raises
    PartnerInvalid for another coding, broken data or more than `limit` bytes, PartnerUnavailable
    where the packed data breaks off.
    """
    coding = _coding(fetched)
    if coding == "":
        return fetched.path
    path = fetched.path.with_suffix(".content")
    size = 0
    with path.open("wb") as file:
        for chunk in _inflated(fetched, coding):
            size += len(chunk)
            if size > limit:
                raise PartnerInvalid(
                    f"{fetched.url} sent {fetched.wire_bytes} bytes that unpack to more than "
                    f"the {limit} bytes taken"
                )
            file.write(chunk)
    return path


def named(content: Path, name: str) -> Path:
    """The content under a name that messages about it can tell; it stays under its own, too."""
    return as_well(content, content.with_name(name))


def as_well(content: Path, path: Path) -> Path:
    """The content under another path too, whatever was there; neither must be changed."""
    path.unlink(missing_ok=True)
    try:
        os.link(content, path)
    except OSError:  # not every file system gives a file two names
        shutil.copyfile(content, path)
    return path


def refuse_open_end(fetched: Fetched, content: Path) -> None:
    """Raise PartnerInvalid for data that could have been cut off without anybody noticing.

    `content` is what `unpack` returned: a packed body has an end of its own.
    """
    if content == fetched.path and not fetched.has_known_end:
        raise PartnerInvalid(
            f"{fetched.url} sent data with neither Content-Length nor chunks, so that data cut off "
            "on the way would pass for whole"
        )


def _coding(fetched: Fetched) -> str:
    """`gzip`, `deflate`, or "" for a body that is not packed."""
    named = (fetched.header("content-encoding") or "").strip().lower()
    if named in ("gzip", "x-gzip"):
        return "gzip" if fetched.wire_bytes else ""
    if named == "deflate":
        return named if fetched.wire_bytes else ""
    if named not in ("", "identity"):
        raise PartnerInvalid(
            f"{fetched.url} answered with Content-Encoding '{named[:40]}'; only gzip was asked for"
        )
    return "gzip" if head_of(fetched.path, len(_GZIP)) == _GZIP else ""


def _inflated(fetched: Fetched, coding: str) -> Iterator[bytes]:
    """Unpack in pieces of bounded size, whatever the ratio; gzip may have several members."""
    with fetched.path.open("rb") as file:
        data = file.read(_CHUNK)
        window = _GZIP_WINDOW if coding == "gzip" else _deflate_window(data)
        engine = zlib.decompressobj(window)
        try:
            while data:
                yield engine.decompress(data, _CHUNK)
                data = engine.unconsumed_tail or engine.unused_data or file.read(_CHUNK)
                if engine.eof and data:
                    if coding != "gzip":
                        raise PartnerInvalid(f"{fetched.url}: data follows the end of the body")
                    engine = zlib.decompressobj(window)
            while chunk := engine.decompress(b"", _CHUNK):
                yield chunk
        except zlib.error as error:
            raise PartnerInvalid(f"{fetched.url}: the {coding} body is broken: {error}") from error
    if not engine.eof:
        raise PartnerUnavailable(f"{fetched.url}: the {coding} body breaks off before its end")


def _deflate_window(head: bytes) -> int:
    """`deflate` means zlib (RFC 9110, 8.4.1.2), but many services send it without the frame."""
    is_zlib = len(head) > 1 and head[0] & 0x0F == 8 and int.from_bytes(head[:2], "big") % 31 == 0
    return _ZLIB_WINDOW if is_zlib else _RAW_WINDOW


def excerpt(fetched: Fetched, length: int = 200) -> str:
    """The beginning of what a body says, as one line of plain text for a message; "" if nothing."""
    try:
        head = next(iter(_head(fetched)), b"")
    except (PartnerInvalid, PartnerUnavailable):
        return ""
    if b"\x00" in head:
        return ""
    text = _MARKUP.sub(" ", head.decode("utf-8", "replace"))
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain if len(plain) <= length else f"{plain[:length]}…"


def _head(fetched: Fetched) -> Iterator[bytes]:
    coding = _coding(fetched)
    if coding:
        yield from (chunk[:4_096] for chunk in _inflated(fetched, coding))
    else:
        with fetched.path.open("rb") as file:
            yield file.read(4_096)
