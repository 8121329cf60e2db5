"""A foreign SDMX service to harvest (a `connectors.service.Service`), as its profile knows it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from connectors.http import Client, Fetched, FetchRequest, named, unpack
from connectors.sdmx.answers import data_file
from connectors.sdmx.apply import apply_map
from connectors.sdmx.parts import as_part
from connectors.sdmx.profile import Profile
from connectors.sdmx.urls import any_key, data_url, dataflows_url, key_of
from connectors.service import Answer, Held, KeepAnswer, Known, Offer
from hub.errors import CorridorError, Finding, Internal, Invalid, PartnerInvalid
from hub.formats.limits import Limits
from hub.formats.message import RawData
from hub.formats.reading import read_data
from hub.formats.structure import read as read_structures
from hub.model import ArtefactClass, Dataflow, Reference, StructureMap, Structures, resolve

#: The agency of the shared structures.
SHARED = "MIGX"
#: What Eurostat puts behind the id of a flow to name a view of it.
_VIEW = re.compile(r"\$.*")


@dataclass(frozen=True, slots=True)
class SdmxService:
    """The service at `url`, registered as `partner`, that may speak here for `areas`.

    A compiling service speaks for many: it is asked for the areas granted where its keys allow
    that, and rows about other areas are left out and told.
    """

    profile: Profile
    url: str
    partner: str
    areas: tuple[str, ...] = ()
    keeps_updates: bool = False

    def offers(
        self,
        client: Client,
        structures: Structures,
        keep: KeepAnswer,
        known: Known | None = None,
    ) -> Sequence[Offer]:
        """A shared flow for each structure map from a dataflow of the service.

        A profile with agencies lists them without a request; any other service is asked for its
        dataflows, of which the shared ones need no map and are taken rather than others.
        """
        maps = [one for one in structures.of_type(StructureMap) if one.target.agency == SHARED]
        if self.profile.agencies:
            taken = [one for one in maps if one.source.agency in self.profile.agencies]
            return tuple(self._mapped(taken, structures))
        listed = self._listed(client, keep)
        names = {(flow.agency, flow.id) for flow in listed}
        shared = [f for f in listed if f.agency == SHARED and f.reference in structures]
        plain = {flow.id for flow in shared}
        taken = [
            one
            for one in maps
            if (one.source.agency, one.source.id) in names and one.target.id not in plain
        ]
        return (*self._mapped(taken, structures), *(self._plain(flow) for flow in shared))

    def request(self, offer: Offer, held: Held | None) -> FetchRequest:
        """Everything the map of the offer is about, for the areas granted."""
        plain = FetchRequest(url=offer.url, accept=self.profile.accept)
        if held is None or held.url != plain.url:
            return plain
        return replace(plain, etag=held.etag, last_modified=held.last_modified)

    def text(self, _offer: Offer, _held: Held | None, _fetched: Fetched, _limit: int) -> None:
        """None: what comes is mapped, and of whatever form."""

    def read(
        self,
        offer: Offer,
        held: Held | None,
        fetched: Fetched,
        structures: Structures,
        limit: int,
    ) -> Answer:
        """Read a message of whatever form, and take it through the structure map of the offer.

        Where several dataflows of the service make up a shared flow, the answer is an increment:
        it deletes its own part and puts what came in its place.
        """
        mapping = _map_of(offer, structures)
        content = data_file(fetched, limit)
        if content is None:
            return self._nothing(offer, mapping, structures)
        name = f"{self.partner}.{re.sub(r'[^A-Za-z0-9_]', '-', offer.source)}"
        path = named(content, f"{name}{content.suffix}")
        raw = read_data(path, structures, limits=Limits(bytes=limit))
        if not raw.table.num_rows:
            return self._nothing(offer, mapping, structures)
        if mapping is None:
            return Answer(data=raw)
        check_source(raw, mapping)
        mapped = apply_map(raw, mapping, structures, areas=self.areas or None)
        if not mapped.data.table.num_rows:
            return self._nothing(offer, mapping, structures, mapped.findings)
        if not offer.part:
            return Answer(data=mapped.data, findings=mapped.findings)
        data = self._as_part(mapped.data, mapping, structures)
        return Answer(data=data, is_increment=True, findings=mapped.findings)

    def _nothing(
        self,
        offer: Offer,
        mapping: StructureMap | None,
        structures: Structures,
        findings: tuple[Finding, ...] = (),
    ) -> Answer:
        """An answer without observations: of a part of a flow, that part is empty."""
        if mapping is None or not offer.part or not self.areas:
            return Answer(data=None, findings=findings)
        schema = resolve(mapping.target, structures)
        columns = {column.id: pa.array([], pa.string()) for column in schema.columns}
        empty = RawData(
            source=f"{self.partner}, nothing", table=pa.table(columns), structure=mapping.target
        )
        data = self._as_part(empty, mapping, structures)
        return Answer(data=data, is_increment=True, findings=findings)

    def _as_part(self, raw: RawData, mapping: StructureMap, structures: Structures) -> RawData:
        """What came of one dataflow among those that make up a shared flow."""
        maps = [
            one
            for one in structures.of_type(StructureMap)
            if one.target == mapping.target and one.source.agency == mapping.source.agency
        ]
        schema = resolve(mapping.target, structures)
        return as_part(raw, mapping, maps, schema, structures, self.areas)

    def _mapped(self, maps: Sequence[StructureMap], structures: Structures) -> Iterator[Offer]:
        """An offer for each map; one of several for a flow is a part of it."""
        newest = {(one.id, one.source, one.target): one for one in maps}
        targets = Counter(one.target for one in newest.values())
        for one in newest.values():
            area = resolve(one.target, structures).slice_by
            key = key_of(self.profile, one, structures, area, self.areas)
            yield Offer(
                flow=f"{one.target.agency}:{one.target.id}",
                version=one.target.version,
                source=f"{one.source.agency}:{one.source.id}",
                url=data_url(self.url, self.profile, one.source, key),
                map=str(one.reference),
                part=one.id if targets[one.target] > 1 else "",
            )

    def _plain(self, flow: Dataflow) -> Offer:
        named = f"{flow.agency}:{flow.id}"
        url = data_url(self.url, self.profile, flow.reference, any_key(self.profile))
        return Offer(flow=named, version=flow.version, source=named, url=url)

    def _listed(self, client: Client, keep: KeepAnswer) -> list[Dataflow]:
        """The dataflows of a service that is not known; raises PartnerInvalid for no list."""
        accept = self.profile.structure_accept
        request = FetchRequest(url=dataflows_url(self.url, self.profile), accept=accept)
        fetched = client.fetch(request, keep=lambda answer: keep(request, answer))
        if fetched.status != 200:
            raise PartnerInvalid(
                f"{fetched.url} answered {fetched.status} instead of its dataflows"
            )
        path = unpack(fetched, client.limits.unpacked_bytes)
        try:
            found = read_structures(path, skip_unknown=True)
        except CorridorError as error:
            raise PartnerInvalid(
                f"{fetched.url} sent no list of dataflows: {error.message}"
            ) from error
        return [one for one in found if isinstance(one, Dataflow)]


def check_source(raw: RawData, mapping: StructureMap) -> None:
    """Raise Invalid where a message says that it is data of another dataflow than the map's."""
    given = raw.structure
    if given is None or given.artefact_class is not ArtefactClass.DATAFLOW:
        return
    if _same(given, mapping.source):
        return
    message = f"the message holds data of {given}, {mapping.reference} is for {mapping.source}"
    finding = Finding(rule="other-structure", message=message, file=raw.source)
    raise Invalid(f"{raw.source}: {message}", [finding])


def maps_for(
    given: Reference | None, target: Reference, structures: Structures
) -> list[StructureMap]:
    """The structure maps from what a message says it is data of to a flow."""
    if given is None:
        return []
    return [
        one
        for one in structures.of_type(StructureMap)
        if one.target == target and _same(given, one.source)
    ]


def _same(given: Reference, source: Reference) -> bool:
    """True where a flow, or a view of it, is meant, in whatever version."""
    return (given.agency, _VIEW.sub("", given.id)) == (source.agency, source.id)


def _map_of(offer: Offer, structures: Structures) -> StructureMap | None:
    if not offer.map:
        return None
    for one in structures.of_type(StructureMap):
        if str(one.reference) == offer.map:
            return one
    raise Internal(f"the structure map {offer.map} of an offer is not here any more")
