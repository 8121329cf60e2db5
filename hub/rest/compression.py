"""Content codings: choosing one, and compressing a stream of bytes as it goes (RFC 9110, 8.4).

Levels are those at which compressing costs less than writing the message does: on observations
zstd 1, Brotli 2 and the gzip of ISA-L 1 take 0.4 to 3 ns a byte and leave 1 to 7 % of them.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache

from hub.errors import NotAcceptable
from hub.rest.declared import Declared
from hub.rest.media_type import parse_accept
from hub.rest.parameters import Parameters

Compress = Callable[[bytes], bytes]
Finish = Callable[[], bytes]

#: What is offered, best first: of equal weights, the coding that leaves the fewest bytes for the
#: time it takes.
CODINGS = ("zstd", "br", "gzip")
#: Bodies shorter than this are sent as they are.
LEAST_BYTES = 500
_ALIASES = {"x-gzip": "gzip"}
_IDENTITY = ("identity", "none")
COMPRESSION = Declared(
    "compression",
    lambda parameters: parameters.text("compression"),
    {"type": "string", "enum": [*CODINGS, *_ALIASES, *_IDENTITY]},
    "The content coding; it overrides Accept-Encoding.",
    "gzip",
)
#: The first block is small, so that the first bytes leave soon; what is compressed at once must
#: not depend on how the message was cut, or equal messages would differ.
_FIRST_BLOCK = 16 << 10
_BLOCK = 256 << 10


def choose_codings(header: str | None, parameters: Parameters) -> tuple[str | None, ...]:
    """The content codings the answer may have, best first; None stands for none.

    The parameter `compression` overrides the header and leaves one. Raises NotAcceptable for one
    that is not offered; a header never fails, whatever it rules out.
    """
    named = COMPRESSION.read(parameters)
    if named is not None:
        return (_named(named.lower()),)
    return _from_header(header or "")


def _named(name: str) -> str | None:
    coding = _ALIASES.get(name, name)
    if coding in _IDENTITY:
        return None
    if coding not in CODINGS:
        raise NotAcceptable(
            f"compression={name} is not offered; there are {', '.join(CODINGS)} and none"
        )
    return coding


@lru_cache(maxsize=256)
def _from_header(header: str) -> tuple[str | None, ...]:
    weights: dict[str, float] = {}
    for range_ in parse_accept(header):
        name = range_.media_type.name
        weights.setdefault(_ALIASES.get(name, name), range_.weight)
    others = weights.get("*", 0.0)
    wanted: dict[str | None, float] = {coding: weights.get(coding, others) for coding in CODINGS}
    # Without a word on it, the message as it is can always be taken, but no coding is worth less.
    plain = weights.get("identity", weights.get("*"))
    wanted[None] = 1e-9 if plain is None else plain
    acceptable = [coding for coding, weight in wanted.items() if weight > 0]
    return tuple(sorted(acceptable, key=lambda coding: -wanted[coding])) or (None,)


def compress(chunks: Iterator[bytes], coding: str) -> Iterator[bytes]:
    """Compress a stream; equal messages give equal bytes, however they are cut into chunks."""
    pack, flush, finish = _compressor(coding)
    for number, block in enumerate(_blocks(chunks)):
        packed = pack(block)
        if number == 0:
            packed += flush()
        if packed:
            yield packed
    yield finish()


def _blocks(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in blocks of fixed size, the first smaller, the last with what is left."""
    held: list[bytes] = []
    count, size = 0, _FIRST_BLOCK
    for chunk in chunks:
        left = memoryview(chunk)
        while count + len(left) >= size:
            held.append(bytes(left[: size - count]))
            left = left[size - count :]
            yield b"".join(held)
            held, count, size = [], 0, _BLOCK
        if left:
            held.append(bytes(left))
            count += len(left)
    if held:
        yield b"".join(held)


def _compressor(coding: str) -> tuple[Compress, Finish, Finish]:
    """How to compress, how to push out what is held, how to end; libraries load when needed."""
    if coding == "zstd":
        import zstandard

        zstd = zstandard.ZstdCompressor(level=1).compressobj()
        flush_block = zstandard.COMPRESSOBJ_FLUSH_BLOCK
        return zstd.compress, lambda: zstd.flush(flush_block), zstd.flush
    if coding == "br":
        import brotli

        br = brotli.Compressor(quality=2)
        return br.process, br.flush, br.finish
    from isal import isal_zlib

    gzip = isal_zlib.compressobj(1, zlib.DEFLATED, 31)
    return gzip.compress, lambda: gzip.flush(zlib.Z_SYNC_FLUSH), gzip.flush
