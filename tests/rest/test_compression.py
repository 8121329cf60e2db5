from __future__ import annotations

import gzip
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.errors import NotAcceptable
from hub.rest.compression import CODINGS, choose_codings, compress
from hub.rest.parameters import parse_parameters

NOTHING = parse_parameters(b"")


@pytest.mark.parametrize(
    ("header", "best"),
    [
        (None, None),
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("GZIP;q=1.0, br;q=0.9", "gzip"),
        ("gzip;q=0", None),
        ("gzip;q=0, *", "zstd"),
        ("*", "zstd"),
        ("*;q=0.5, gzip", "gzip"),
        ("identity;q=1, gzip;q=0.5", None),
        ("identity, gzip", "gzip"),
        ("deflate, compress", None),
        # Nothing that is offered is taken: the message as it is beats an error.
        ("identity;q=0", None),
    ],
)
def test_the_best_coding_a_header_allows(header, best):
    assert choose_codings(header, NOTHING)[0] == best


@pytest.mark.parametrize(
    ("header", "all_of_them"),
    [
        ("gzip", ("gzip", None)),
        ("gzip;q=0.5, br", ("br", "gzip", None)),
        ("gzip, identity;q=0", ("gzip",)),
        ("gzip, *;q=0", ("gzip",)),
        ("gzip, identity;q=0.5, *;q=0", ("gzip", None)),
    ],
)
def test_every_coding_a_header_allows(header, all_of_them):
    assert choose_codings(header, NOTHING) == all_of_them


def test_the_parameter_overrides_the_header():
    assert choose_codings(None, parse_parameters(b"compression=gzip")) == ("gzip",)
    assert choose_codings("gzip", parse_parameters(b"compression=identity")) == (None,)
    with pytest.raises(NotAcceptable, match="zstd, br, gzip"):
        choose_codings(None, parse_parameters(b"compression=lzw"))


UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda packed: zstandard.ZstdDecompressor().decompressobj().decompress(packed),
}


@pytest.mark.parametrize("coding", CODINGS)
@settings(deadline=None)
@given(data=st.data())
def test_the_bytes_do_not_depend_on_how_the_message_was_cut(coding, data):
    seed = data.draw(st.binary(min_size=1, max_size=40))
    message = (seed * 40_000)[: data.draw(st.integers(0, 700_000))]
    cuts = sorted(data.draw(st.lists(st.integers(0, len(message)), max_size=6)))
    chunks = [message[a:b] for a, b in zip([0, *cuts], [*cuts, len(message)], strict=True)]
    packed = b"".join(compress(iter(chunks), coding))
    assert UNPACK[coding](packed) == message
    assert packed == b"".join(compress(iter([message]), coding))


@pytest.mark.parametrize("coding", CODINGS)
def test_the_first_bytes_leave_before_the_message_ends(coding):
    taken = []

    def chunks():
        for number in range(1000):
            taken.append(number)
            yield b"%d,SWE,NOR\r\n" % number * 100

    first = next(compress(chunks(), coding))
    assert len(first) > 20
    assert len(taken) < 100
