"""Bundles that were made to do harm: each is refused, and nothing of it is left anywhere."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from federation.exchange.node import import_into
from federation.partners import FinishReason, Partner
from federation.partners.catalogued import CataloguedPartners
from hub.errors import Invalid, TooLarge
from hub.formats.limits import Limits
from hub.model import ArtefactClass, Reference
from hub.rest.bundling import export_bundle
from hub.store import Store, open_store
from tests.federation.exchange.conftest import Pair, packed, unpacked

PLAIN = 0o100644 << 16
DATA = "data/MIGX.DF_STOCK_BIRTH.csv.gz"
FLOW = Reference(ArtefactClass.DATAFLOW, "MIGX", "DF_STOCK_BIRTH", "1.0.0")
Files = dict[str, bytes]
Make = Callable[[Path, Files], Path]


def _plain(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = PLAIN
    return info


def _zipped(target: Path, files: Files, extra: list[tuple[zipfile.ZipInfo, bytes]]) -> Path:
    """An archive as any program makes it, with entries of all kinds."""
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(_plain(name), content)
        for info, content in extra:
            archive.writestr(info, content)
    return target


def _named(name: str) -> Make:
    return lambda target, files: packed(target, {**files, name: b"x"})


def _entry(name: str, **about: int) -> Make:
    def make(target: Path, files: Files) -> Path:
        info = _plain(name)
        for attribute, value in about.items():
            setattr(info, attribute, value)
        return _zipped(target, files, [(info, b"/etc/passwd")])

    return make


def _twice(target: Path, files: Files) -> Path:
    with pytest.warns(UserWarning, match="Duplicate"):
        return _zipped(target, files, [(_plain(DATA), files[DATA])])


def _changed(**about: object) -> Make:
    """A manifest that says something else, and otherwise fits."""

    def make(target: Path, files: Files) -> Path:
        manifest = {**json.loads(files["manifest.json"]), **about}
        return packed(target, {**files, "manifest.json": json.dumps(manifest).encode()})

    return make


def _lying(target: Path, files: Files) -> Path:
    manifest = json.loads(files["manifest.json"])
    manifest["files"][DATA]["sha256"] = "0" * 64
    return packed(target, {**files, "manifest.json": json.dumps(manifest).encode()}, fits=False)


def _with(name: str, content: Callable[[bytes], bytes]) -> Make:
    return lambda target, files: packed(target, {**files, name: content(files[name])})


def _without(name: str) -> Make:
    return lambda target, files: packed(
        target, {other: content for other, content in files.items() if other != name}, fits=False
    )


def _bomb(_content: bytes) -> bytes:
    """A gigabyte of nothing in a megabyte."""
    packed_bytes = io.BytesIO()
    with gzip.GzipFile("", "wb", 9, packed_bytes, mtime=0) as file:
        for _ in range(64):
            file.write(b"\n" * (1 << 20))
    return packed_bytes.getvalue()


def _around(before: bytes, after: bytes) -> Make:
    def make(target: Path, files: Files) -> Path:
        good = packed(target.with_name("good"), files)
        target.write_bytes(before + good.read_bytes() + after)
        return target

    return make


def _many(target: Path, files: Files) -> Path:
    """An end that says there are 60,000 files."""
    good = packed(target.with_name("good"), files).read_bytes()
    end = bytearray(good[-22:])
    struct.pack_into("<2H", end, 8, 60_000, 60_000)
    target.write_bytes(good[:-22] + bytes(end))
    return target


def _upon_one_another(target: Path, files: Files) -> Path:
    """Two names for the same bytes, as bombs have them."""
    good = bytearray(packed(target.with_name("good"), files).read_bytes())
    with zipfile.ZipFile(target.with_name("good")) as archive:
        start, last = archive.start_dir, archive.infolist()[-1]
    first = good.rindex(b"PK\x01\x02")
    struct.pack_into("<L", good, first + 42, 0)
    assert last.header_offset
    assert first > start
    target.write_bytes(good)
    return target


def _empty(target: Path, _files: Files) -> Path:
    target.write_bytes(b"")
    return target


def _deep(_content: bytes) -> bytes:
    return b'{"format":' + b"[" * 100_000


CASES: dict[str, tuple[Make, str]] = {
    "a path that leads out": (_named("../escaped"), "no file of a bundle has such a name"),
    "an absolute path": (_named("/etc/passwd"), "no file of a bundle has such a name"),
    "a path of another system": (_named("data\\..\\x.csv.gz"), "no file of a bundle"),
    "dots within a name": (_named("data/..csv.gz.csv.gz"), "no file of a bundle"),
    "a folder": (_entry("data/"), "no file of a bundle"),
    "a link": (_entry("metadata.json", external_attr=0o120777 << 16), "it is no plain file"),
    "a device": (_entry("metadata.json", external_attr=0o020666 << 16), "it is no plain file"),
    "a packed file": (_entry("metadata.json", compress_type=8), "packed otherwise"),
    "two files of a name": (_twice, "two files of that name"),
    "a file nobody named": (_named("data/X.Y.csv.gz"), "does not fit"),
    "a file that is missing": (_without(DATA), "it is missing"),
    "no manifest": (_without("manifest.json"), "manifest.json is missing"),
    "a manifest that lies": (_lying, "its SHA-256 is"),
    "a manifest of tomorrow": (_changed(format=2), "is of format 2"),
    "a manifest with more members": (_changed(more=1), "unknown field"),
    "a manifest of another node": (_changed(node="NOR"), "not of the same releases of one node"),
    "a manifest without flows": (_changed(flows=[]), "is not the manifest of a bundle"),
    "a manifest with a line end in its node": (_changed(node="SWE\n"), "is not the manifest"),
    "a manifest nested without end": (
        lambda target, files: packed(target, {**files, "manifest.json": _deep(b"")}, fits=False),
        "is not the manifest of a bundle",
    ),
    "a manifest too long": (
        lambda target, files: packed(
            target, {**files, "manifest.json": b" " * (5 << 20)}, fits=False
        ),
        "which none has",
    ),
    "a node document that is none": (_with("node.json", lambda _: b"{}"), "not a node document"),
    "a bomb": (_with(DATA, _bomb), "unpack to more than"),
    "data that is none": (_with(DATA, lambda _: gzip.compress(b"<html>")), "instead of SDMX-CSV"),
    "data cut off": (_with(DATA, lambda content: content[:-9]), "breaks off"),
    "bytes before it": (_around(b"#!/bin/sh\n", b""), "does not end as a bundle"),
    "bytes after it": (_around(b"", b"\0"), "does not end as a bundle"),
    "an end that promises many files": (_many, "it lists 60,000 files"),
    "files upon one another": (_upon_one_another, "is no bundle|: "),
    "nothing": (_empty, "too short"),
}


@pytest.fixture(scope="module")
def files(made_pair: Path) -> Files:
    """The files of a good bundle."""
    store = open_store(made_pair / "SWE")
    try:
        return unpacked(export_bundle(store, made_pair / "good").packed.path)
    finally:
        store.close()


@pytest.fixture(scope="module")
def hub(made_pair: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One node that is shown all of them; what a file may have is little there."""
    home = tmp_path_factory.mktemp("shown") / "HUB"
    shutil.copytree(made_pair / "HUB", home)
    store = open_store(home)
    at = store.catalogue.now()
    partner = Partner(id="SWE", url="https://swe.test", name="SWE", areas=("SWE",), added=at)
    CataloguedPartners(store.catalogue).add(partner)
    try:
        yield store
    finally:
        store.close()


def _everything(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_size for path in folder.rglob("*") if path.is_file()}


def _refusal(hub: Store, hostile: Path) -> str:
    """What the refusal of a bundle says; that of a flow, where the bundle itself is sound."""
    try:
        report = import_into(hub, hostile, Limits(bytes=32 << 20))
    except TooLarge as error:
        return error.message
    except Invalid as error:
        return error.message + "".join(f"{one.file} {one.message}" for one in error.findings)
    (outcome,) = report.outcomes
    assert outcome.reason in (FinishReason.REFUSED, FinishReason.FAILED)
    return outcome.note


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_bundle(hub: Store, files: Files, tmp_path: Path, name: str) -> None:
    make, told = CASES[name]
    hostile = make(tmp_path / "hostile", files)
    before = _everything(tmp_path)
    message = _refusal(hub, hostile)
    assert any(part in message for part in told.split("|")), message
    assert _everything(tmp_path) == before
    assert hub.release(FLOW) is None
    assert list(hub.lake.work_folder().glob("bundle-*")) == []


def test_the_node_is_none_the_worse_for_them(hub: Store, files: Files, tmp_path: Path) -> None:
    report = import_into(hub, packed(tmp_path / "good", files), Limits())
    assert [one.reason for one in report.outcomes] == [FinishReason.RELEASED]


def test_a_refusal_ends_the_command_with_1_and_the_name_of_the_file(
    pair: Pair, files: Files, tmp_path: Path
) -> None:
    done = pair.take(_lying(tmp_path / "lying", files))
    assert done.exit == 1
    assert [one["file"] for one in done.json["findings"]] == [DATA]
