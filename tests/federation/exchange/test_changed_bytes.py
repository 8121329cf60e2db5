"""A byte of a bundle that is not what it was: every one of them is noticed, and told by its file.

`make levels` flips each byte of a bundle; the tests flip some of each file, and around the files.
"""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from federation.exchange import opened
from hub.errors import CorridorError, Invalid, TooLarge
from hub.formats.limits import Limits
from tests.federation.exchange.conftest import Pair, packed, unpacked

#: Of how many bytes within files one is flipped; 1: every one.
STEP = int(os.environ.get("EXCHANGE_STEP", "0"))


def _read(path: Path, work: Path) -> None:
    with opened(path, work, Limits()):
        pass


def _places(bundle: Path) -> dict[int, str]:
    """The places to flip, each with the file it is in; "" around files."""
    size = bundle.stat().st_size
    step = STEP or 29
    found: dict[int, str] = {}
    end = 0
    with zipfile.ZipFile(bundle) as archive:
        for info in archive.infolist():
            start = info.header_offset + 30 + len(info.filename)
            found |= dict.fromkeys(range(end, start, 1 if STEP else 3), "")
            within = {*range(start, start + info.file_size, step), start + info.file_size - 1}
            found |= dict.fromkeys(within, info.filename)
            end = start + info.file_size
        start = archive.start_dir
    return found | dict.fromkeys(range(start, size, 1 if STEP else 5), "")


def test_no_byte_can_be_changed(pair: Pair, tmp_path: Path) -> None:
    files = unpacked(pair.export())
    files["structures.json"] = b"{}"  # nobody flips its 300,000 bytes
    bundle = packed(tmp_path / "small", files)
    _read(bundle, tmp_path)  # as it is, nothing is wrong with it
    places = _places(bundle)
    flipped = bytearray(bundle.read_bytes())
    target = tmp_path / "flipped"
    for place, name in places.items():
        flipped[place] ^= 1 << place % 8
        target.write_bytes(flipped)
        with pytest.raises(CorridorError) as refused:
            _read(target, tmp_path)
        flipped[place] ^= 1 << place % 8
        assert isinstance(refused.value, Invalid | TooLarge), place
        told = [finding.file for finding in refused.value.findings] if name else [name]
        assert name in told or name in refused.value.message, (place, refused.value.message)
    print(f"{len(places)} of {len(flipped)} bytes flipped, all refused")
    assert len(places) >= (len(flipped) if STEP == 1 else 150)


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_bundle_that_was_cut_off_is_refused(pair: Pair, tmp_path: Path, part: float) -> None:
    bundle = pair.export()
    content = bundle.read_bytes()
    (tmp_path / "cut").write_bytes(content[: int(len(content) * part)])
    with pytest.raises(Invalid, match="cut"):
        _read(tmp_path / "cut", tmp_path)
