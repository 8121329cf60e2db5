"""What a node publishes, as the files of a bundle: the same bytes that a partner is answered.

Only what readers see now, or saw in a past release: nothing under embargo, nothing that waits for
approval or was held.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from connectors.corridor import NodeDocument, NodeFlow, encode
from federation.exchange import (
    MANIFEST,
    METADATA,
    NODE,
    STRUCTURES,
    BundledFlow,
    Manifest,
    Packed,
    data_name,
    pack,
)
from federation.exchange.manifest import encode_manifest
from federation.harvest.plan import flow_name, harvested_flows
from hub import __version__
from hub.errors import BadRequest, NotFound
from hub.formats.data import write as write_data
from hub.formats.data.form import FORMS, Family
from hub.formats.message import Header
from hub.formats.metadata import write as write_metadata
from hub.formats.metadata.form import META_JSON_20
from hub.formats.structure import JSON_20
from hub.formats.structure import write as write_structures
from hub.model import (
    Dataflow,
    Maintainable,
    Release,
    Schema,
    Selection,
    Structures,
)
from hub.rest.backend import NodeFacts
from hub.rest.node import told_slices
from hub.rest.observations import Planned, open_data_set
from hub.rest.packaging import Packaging
from hub.rest.serving import StoreBackend
from hub.rest.targets import Target
from hub.store import Store
from hub.store.backup.manifest import Stored
from hub.store.lake import hash_of
from hub.store.metadata_reading import open_sets
from hub.store.metadata_sets import metadata_shelf
from hub.store.vintages import vintages

_CSV = next(form for form in FORMS if (form.family, form.version) == (Family.CSV, "2.0.0"))
_LEAST_OF_ID = 8


@dataclass(frozen=True, slots=True)
class Exported:
    """A bundle that was written, and the releases in it."""

    packed: Packed
    flows: tuple[BundledFlow, ...]


@dataclass(frozen=True, slots=True)
class _Chosen:
    dataflow: Dataflow
    schema: Schema
    release: Release


def export_bundle(
    store: Store, target: Path, flows: Sequence[str] = (), release: str = ""
) -> Exported:
    """Write a bundle of the shared national flows of a node (`AGENCY:ID`; none named: all).

    `release` is the id of a past release of the one flow named, or its beginning. Equal releases
    give equal bytes. Raises NotFound where nothing is published, BadRequest for a release of
    several flows.
    """
    chosen = _choose(store, flows, release)
    with TemporaryDirectory(dir=store.lake.work_folder(), prefix="export-") as folder:
        files = _files(store, chosen, Path(folder))
        described = tuple(_described(one) for one in chosen)
        manifest = Manifest(
            node=store.settings.node,
            program=__version__,
            flows=described,
            files={
                name: Stored(path.stat().st_size, hash_of(path))
                for name, path in sorted(files.items())
            },
        )
        files[MANIFEST] = Path(folder) / MANIFEST
        files[MANIFEST].write_bytes(encode_manifest(manifest))
        return Exported(pack(target, files), described)


def _choose(store: Store, flows: Sequence[str], release: str) -> list[_Chosen]:
    if release and len(flows) != 1:
        raise BadRequest("--release is of one flow: name that flow, and no other")
    found = []
    for dataflow in harvested_flows(store.structures, flows):
        one = _named(store, dataflow, release) if release else store.release(dataflow.reference)
        if one is not None and one.slices:
            found.append(_Chosen(dataflow, store.schema(dataflow.reference), one))
        elif flows:
            raise NotFound(f"nothing of {flow_name(dataflow)} is published: there is no release")
    if not found:
        raise NotFound("nothing is published yet that could be exported")
    return found


def _named(store: Store, dataflow: Dataflow, id_: str) -> Release:
    """A release that readers see, or saw; what is held back they do not get by its name either."""
    now = store.present()
    known = [one for one in vintages(store, dataflow.reference) if one.visible_from <= now]
    fit = [one for one in known if len(id_) >= _LEAST_OF_ID and one.id.startswith(id_.lower())]
    if len({one.id for one in fit}) != 1:
        raise NotFound(
            f"{flow_name(dataflow)} has no release {id_[:64]} (the first {_LEAST_OF_ID} characters "
            "of its id, or more); see 'corridor release list'"
        )
    return fit[-1]


def _files(store: Store, chosen: Sequence[_Chosen], folder: Path) -> dict[str, Path]:
    """Write every file but the manifest."""
    facts = StoreBackend(store).node()
    files = {NODE: folder / NODE, STRUCTURES: folder / STRUCTURES}
    files[NODE].write_bytes(encode(_document(store, chosen, facts)))
    artefacts = _artefacts(store.structures, chosen)
    message = write_structures(_header(facts, chosen, "STRUCTURES"), artefacts, JSON_20)
    files[STRUCTURES].write_bytes(message)
    if _write_metadata(store, chosen, artefacts, folder / METADATA):
        files[METADATA] = folder / METADATA
    for number, one in enumerate(chosen):
        name = data_name(one.dataflow.agency, one.dataflow.id)
        files[name] = folder / f"{number}.csv.gz"
        with (
            files[name].open("wb") as raw,
            gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed,
        ):
            for chunk in _observations(store, one, _header(facts, [one], "DATA")):
                packed.write(chunk)
    return files


def _document(store: Store, chosen: Sequence[_Chosen], facts: NodeFacts) -> NodeDocument:
    """The node document, as far as it is about what is in the bundle."""
    root = store.settings.base_url.rstrip("/")
    return NodeDocument(
        id=facts.id,
        name=facts.name,
        role=facts.role,
        areas=facts.areas,
        agencies=facts.agencies,
        urls={"v1": f"{root}/sdmx/v1", "v2": f"{root}/sdmx/v2"} if root else {},
        dataflows=tuple(
            NodeFlow(
                agency=one.dataflow.agency,
                id=one.dataflow.id,
                version=one.dataflow.version,
                release=one.release.id,
                updated=one.release.visible_from,
                rows=one.release.rows,
                slices=told_slices(one.release, facts.id, facts.role),
            )
            for one in chosen
        ),
        licence=facts.licence or None,
        contact=facts.contact or None,
        software=facts.software_version or None,
        updated=max(one.release.visible_from for one in chosen),
    )


def _described(one: _Chosen) -> BundledFlow:
    flow = one.dataflow
    return BundledFlow(
        agency=flow.agency,
        id=flow.id,
        version=flow.version,
        release=one.release.id,
        updated=one.release.visible_from,
        rows=one.release.rows,
        file=data_name(flow.agency, flow.id),
    )


def _header(facts: NodeFacts, chosen: Sequence[_Chosen], id_: str) -> Header:
    prepared = max(one.release.visible_from for one in chosen)
    return Header(id=id_, prepared=prepared, sender=facts.id, sender_name=facts.name)


def _artefacts(structures: Structures, chosen: Sequence[_Chosen]) -> list[Maintainable]:
    """The dataflows and all they refer to, directly or not, each once, in order of their URNs."""
    found: dict[str, Maintainable] = {}
    left: list[Maintainable] = [one.dataflow for one in chosen]
    while left:
        artefact = left.pop()
        if artefact.urn not in found:
            found[artefact.urn] = artefact
            left += structures.children(artefact)
    return [found[urn] for urn in sorted(found)]


def _observations(store: Store, one: _Chosen, header: Header) -> Iterator[bytes]:
    """A release as a partner gets it that asks for all of it in SDMX-CSV 2.0."""
    everything = Packaging(
        selection=Selection(),
        columns=tuple(column.id for column in one.schema.columns),
        order=(),
        dimension_at_observation=None,
        is_partial=False,
        is_series_only=False,
    )
    planned = Planned(Target(one.schema, one.release), everything)
    opened = open_data_set(StoreBackend(store), planned, _CSV)
    if opened is not None:
        yield from write_data(header, [opened.data_set], _CSV)


def _write_metadata(
    store: Store, chosen: Sequence[_Chosen], artefacts: Sequence[Maintainable], path: Path
) -> bool:
    """Write the metadata sets about what is in the bundle; False where there are none."""
    about = {artefact.urn for artefact in artefacts}
    entries = [
        entry for entry in metadata_shelf(store).entries if about.intersection(entry.targets)
    ]
    if not entries:
        return False
    header = _header(StoreBackend(store).node(), chosen, "METADATA")
    sets = open_sets(store, entries, store.structures)
    with path.open("wb") as file:
        file.writelines(write_metadata(header, sets, META_JSON_20))
    return True
