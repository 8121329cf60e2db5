"""Opening a bundle: nothing of it is believed that its manifest and the format do not bear out."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from connectors.corridor import NodeDocument, decode
from federation.exchange.manifest import (
    MANIFEST,
    MOST_BYTES,
    MOST_FILES,
    NODE,
    Manifest,
    decode_manifest,
    is_member,
)
from federation.exchange.pack import is_same, write_archive
from hub.errors import Finding, Invalid, NotFound, PartnerInvalid
from hub.formats.limits import Limits
from hub.store.backup.findings import Damage, fault_of, refuse_damaged
from hub.store.lake import hash_of

_END = struct.Struct("<4s4H2LH")
_SIGNATURE = b"PK\x05\x06"
_MOST_DIRECTORY = 1 << 20
_BLOCK = 1 << 20
_REMEDY = "ask for the bundle again, or export it anew"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """An open bundle that is what it says: `files` by name, in a folder that goes with it."""

    name: str
    path: Path
    sha256: str
    manifest: Manifest
    document: NodeDocument
    files: dict[str, Path]


@contextmanager
def opened(path: Path, work: Path, limits: Limits) -> Iterator[Bundle]:
    """Open a bundle, its files unpacked below `work` while the block lasts.

    Raises NotFound where there is none, TooLarge beyond `limits`, and Invalid, with the name of the
    file, where a byte of it is not what it was.
    """
    if not path.is_file():
        raise NotFound(f"there is no file {path}: name a bundle that 'corridor export' wrote")
    limits.check_size(path)
    with TemporaryDirectory(dir=work, prefix="bundle-") as folder:
        files = _unpacked(path, Path(folder))
        manifest = decode_manifest(_short(files, MANIFEST, path.name), path.name)
        _compare(path, manifest, files)
        _refuse_other_bytes(path, files, Path(folder) / "again")
        yield Bundle(
            name=path.name,
            path=path,
            sha256=hash_of(path),
            manifest=manifest,
            document=_document(manifest, files, path.name),
            files=files,
        )


def _unpacked(path: Path, folder: Path) -> dict[str, Path]:
    """Copy the files out, under names of their own, as many bytes of each as it says."""
    _check_end(path)
    found: dict[str, Path] = {}
    left = path.stat().st_size
    try:
        with ZipFile(path) as archive:
            for number, info in enumerate(archive.infolist()):
                _check_entry(info, path, found)
                left -= info.file_size
                if left < 0:  # entries that lie upon one another
                    raise BadZipFile("its files are longer than the bundle")
                found[info.filename] = folder / str(number)
                _copy(archive, info, found[info.filename])
    except (BadZipFile, NotImplementedError, EOFError, struct.error, ValueError) as error:
        last = next(reversed(found), MANIFEST)
        raise _changed(path, last, f"{error}") from error
    return found


def _check_end(path: Path) -> None:
    """Look at the end of the archive, so that no list of files without end is read."""
    size = path.stat().st_size
    if size < _END.size:
        raise _no_bundle(path, "it is too short")
    with path.open("rb") as file:
        file.seek(size - _END.size)
        signature, _, _, _, count, length, start, comment = _END.unpack(file.read(_END.size))
    if signature != _SIGNATURE or comment or start + length + _END.size != size:
        raise _no_bundle(path, "it does not end as a bundle does, or was cut off")
    if count > MOST_FILES or length > _MOST_DIRECTORY:
        raise _no_bundle(path, f"it lists {count:,} files")


def _check_entry(info: ZipInfo, path: Path, found: dict[str, Path]) -> None:
    name = info.filename[:200]
    if not is_member(info.filename):
        raise _changed(path, name, "no file of a bundle has such a name")
    if info.filename in found:
        raise _changed(path, name, "there are two files of that name")
    if info.compress_type != ZIP_STORED or info.flag_bits or info.compress_size != info.file_size:
        raise _changed(path, name, "it is packed otherwise than files of a bundle are")
    if info.external_attr >> 16 != 0o100644:
        raise _changed(path, name, "it is no plain file")


def _copy(archive: ZipFile, info: ZipInfo, target: Path) -> None:
    left = info.file_size
    with archive.open(info) as source, target.open("wb") as file:
        while block := source.read(min(_BLOCK, left + 1)):
            left -= len(block)
            if left < 0:
                raise BadZipFile(f"it has more bytes than the {info.file_size:,} it says")
            file.write(block)
    if left:
        raise BadZipFile(f"it is {left:,} bytes shorter than it says")


def _short(files: dict[str, Path], name: str, bundle: str) -> bytes:
    """The bytes of a file that is never long."""
    found = files.get(name)
    if found is None:
        raise Invalid(f"{bundle} is no bundle: {name} is missing")
    if found.stat().st_size > MOST_BYTES:
        raise Invalid(f"{bundle}: {name} has more than {MOST_BYTES:,} bytes, which none has")
    return found.read_bytes()


def _compare(path: Path, manifest: Manifest, files: dict[str, Path]) -> None:
    """Raise Invalid unless the files are those of the manifest, byte by byte."""
    more = sorted(set(files) - set(manifest.files) - {MANIFEST})
    if more:
        raise _changed(path, more[0], f"{MANIFEST} does not name it")
    damaged = []
    for name, stored in manifest.files.items():
        there = files.get(name)
        fault = "it is missing"
        if there is not None:
            fault = fault_of(there, stored.sha256, stored.bytes) or ""
        if fault:
            damaged.append(Damage(name, fault))
    refuse_damaged(damaged, f"{path.name} is not what was exported; {_REMEDY}")


def _refuse_other_bytes(path: Path, files: dict[str, Path], again: Path) -> None:
    """Raise Invalid where the archive has bytes beside its files that no export writes."""
    write_archive(again, files)
    if not is_same(path, again):
        raise _no_bundle(path, "around its files are bytes that no export writes")
    again.unlink()


def _document(manifest: Manifest, files: dict[str, Path], bundle: str) -> NodeDocument:
    try:
        document = decode(_short(files, NODE, bundle), f"{bundle}: {NODE}")
    except PartnerInvalid as error:
        raise Invalid(error.message) from error
    told = {(flow.name, flow.version, flow.release) for flow in document.dataflows}
    if document.id != manifest.node or told != {
        (flow.name, flow.version, flow.release) for flow in manifest.flows
    }:
        raise Invalid(f"{bundle}: {NODE} and {MANIFEST} are not of the same releases of one node")
    return document


def _changed(path: Path, name: str, fault: str) -> Invalid:
    message = f"{path.name}: {name!r}: {fault}; {_REMEDY}"
    return Invalid(message, [Finding(rule="damaged", message=fault, file=name)])


def _no_bundle(path: Path, why: str) -> Invalid:
    message = f"{path.name} is no bundle that 'corridor export' wrote, or was changed: {why}"
    return Invalid(message, [Finding(rule="damaged", message=why, file=path.name)])
