"""A foreign service asked for real, with the rude behaviour that services show."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.http import AddressPolicy, Client, Fetched, FetchRequest
from connectors.registry import PROFILES, REQUESTS, service_of
from connectors.sdmx import SdmxService, known_service, profile_named, profiles
from connectors.sdmx.profile import profile_of_source
from connectors.service import Answer, Held, Offer
from dsd import shared_structures
from hub.errors import Invalid, NotFound, PartnerInvalid, PartnerUnavailable
from hub.formats.message import Action, Header
from hub.formats.structure import JSON_20, ML_21, StructureForm, write
from hub.model import ArtefactClass, Dataflow, InternationalString, Reference, StructureMap
from tests.connectors.http.server import Answer as Reply
from tests.connectors.http.server import PartnerServer
from tests.connectors.sdmx import made

STRUCTURES = shared_structures()
CSV = {"Content-Type": "application/vnd.sdmx.data+csv;version=1.0.0"}
LATER = (
    b'<?xml version="1.0"?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>'
    b"<ns0:syncResponse><queued><id>1</id><status>SUBMITTED</status></queued></ns0:syncResponse>"
    b"</S:Body></S:Envelope>"
)
NOTHING = (
    b'<mes:Error xmlns:mes="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message">'
    b'<mes:ErrorMessage code="100"/></mes:Error>'
)


@pytest.fixture
def server() -> Iterator[PartnerServer]:
    with PartnerServer() as running:
        yield running


@pytest.fixture
def client(tmp_path: Path) -> Client:
    policy = AddressPolicy(allow_private=True)
    return Client(tmp_path, policy=policy, sleep=lambda _seconds: None)


def _service(server: PartnerServer, *areas: str, profile: str = "eurostat") -> SdmxService:
    return SdmxService(profile_named(profile), server.url, "ESTAT", areas)


def _nothing_kept(_request: FetchRequest, _answer: Fetched) -> None:
    return None


def _offers(service: SdmxService, client: Client) -> dict[str, Offer]:
    offers = service.offers(client, STRUCTURES, _nothing_kept)
    return {offer.map.partition(":")[2].partition("(")[0]: offer for offer in offers}


def _read(server: PartnerServer, client: Client, reply: Reply, *areas: str) -> Answer:
    """What the service makes of a reply to the request for immigration by previous residence."""
    service = _service(server, *areas)
    offer = _offers(service, client)["SM_ESTAT_MIGR_IMM5PRV"]
    request = service.request(offer, None)
    server.on(request.url.removeprefix(server.url), reply)
    return service.read(offer, None, client.fetch(request), STRUCTURES, 1 << 20)


def test_a_known_service_offers_its_maps_without_a_request(
    server: PartnerServer, client: Client
) -> None:
    offers = _offers(_service(server, "DEU", "GRC"), client)
    assert not server.requests
    assert len(offers) == 8
    prv = offers["SM_ESTAT_MIGR_IMM5PRV"]
    assert prv.url == f"{server.url}/data/MIGR_IMM5PRV/..COMPLET....DE+EL?format=SDMX-CSV"
    assert (prv.flow, prv.part) == ("MIGX:DF_FLOW_RES", "SM_ESTAT_MIGR_IMM5PRV")
    assert offers["SM_ESTAT_MIGR_POP3CTB"].part == ""
    assert "/.TOTAL....DE+EL?" in offers["SM_ESTAT_MIGR_EIRFS"].url


@pytest.mark.parametrize(
    ("profile", "map_", "path"),
    [
        (
            "oecd",
            "SM_OECD_DF_MIG_B11",
            "/data/OECD.ELS.IMD,DSD_MIG@DF_MIG,1.0/ITA...B11.._Z._Z.?dimensionAtObservation"
            "=AllDimensions",
        ),
        (
            "istat",
            "SM_ISTAT_MIGRAZIONI_2",
            "/data/IT1,28_185_DF_DCIS_MIGRAZIONI_2,1.0/.ITTOT.TREG.FREIGN....ITTOT.X1033.",
        ),
        (
            "ilo",
            "SM_ILO_MST_XWAP_SEX_AGE_CBR_NB",
            "/data/ILO,DF_MST_XWAP_SEX_AGE_CBR_NB,1.0/ITA.....",
        ),
        (
            "unicef",
            "SM_UNICEF_MG_DEST",
            "/data/UNICEF,MG,1.0/ITA.MG_INTNL_MG_CNTRY_DEST.._T?format=csv",
        ),
    ],
)
def test_keys_are_spelt_with_empty_places(
    server: PartnerServer, client: Client, profile: str, map_: str, path: str
) -> None:
    offer = _offers(_service(server, "ITA", profile=profile), client)[map_]
    assert offer.url == server.url + path


def test_without_areas_only_what_is_fixed_is_asked_for(
    server: PartnerServer, client: Client
) -> None:
    offers = _offers(_service(server), client)
    assert "/MIGR_IMM5PRV/..COMPLET....?" in offers["SM_ESTAT_MIGR_IMM5PRV"].url
    assert "/MIGR_POP3CTB/all?" in offers["SM_ESTAT_MIGR_POP3CTB"].url


def test_an_answer_becomes_a_part_of_the_shared_flow(server: PartnerServer, client: Client) -> None:
    answer = _read(server, client, Reply(200, made.eurostat(), CSV), "AUT", "DEU")
    assert answer.data is not None
    assert answer.is_increment
    rows = answer.data.table.to_pylist()
    actions = answer.data.actions.to_pylist()
    assert actions == [Action.DELETE] * 2 + [Action.INFORMATION] * 9
    for row, area in zip(rows, ("AUT", "DEU"), strict=False):
        told = {name: value for name, value in row.items() if value is not None}
        assert told["REF_AREA"] == area
        assert (told["FLOW_TYPE"], told["COUNTERPART_BASIS"]) == ("IMM", "PREV_RES")
        assert not {"OBS_VALUE", "TIME_PERIOD", "COUNTERPART_AREA"} & told.keys()
    assert [answer.data.line(row) for row in range(4)] == [None, None, 2, 3]


def test_a_gzip_body_that_does_not_say_so(server: PartnerServer, client: Client) -> None:
    packed = gzip.compress(made.eurostat())
    answer = _read(server, client, Reply(200, packed, CSV), "AUT")
    assert answer.data is not None
    assert {each.rule for each in answer.findings} >= {"area-left-out", "map-untested"}


def test_data_that_is_being_prepared_is_for_later(server: PartnerServer, client: Client) -> None:
    with pytest.raises(PartnerUnavailable, match=r"begun to prepare .* harvest again later"):
        _read(server, client, Reply(200, LATER, CSV))


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(200, LATER.replace(b"SUBMITTED", b"FAILED"), CSV), "SOAP message instead of data"),
        (Reply(200, b"<!doctype html><html>Back soon</html>", CSV), "an HTML page"),
        (Reply(200, b"", CSV), "an empty file"),
        (Reply(200, made.eurostat(), CSV | {"Content-Length": ""}), "neither Content-Length"),
        (Reply(400, b"no such code"), "answered 400 .*no such code"),
        (Reply(404, b"this page was moved"), "answered 404"),
    ],
    ids=["soap", "html", "empty", "cut", "400", "404"],
)
def test_what_is_no_data_is_told(
    server: PartnerServer, client: Client, reply: Reply, said: str
) -> None:
    with pytest.raises(PartnerInvalid, match=said):
        _read(server, client, reply)


@pytest.mark.parametrize(
    "reply",
    [Reply(204), Reply(404, b"NoRecordsFound"), Reply(404, NOTHING)],
    ids=["204", "404 in words", "404 as an SDMX error"],
)
def test_nothing_is_told_as_nothing(server: PartnerServer, client: Client, reply: Reply) -> None:
    assert _read(server, client, reply).data is None
    answer = _read(server, client, reply, "AUT")
    assert answer.data is not None
    assert answer.is_increment
    assert answer.data.actions.to_pylist() == [Action.DELETE], "the part of the flow is empty"


def test_data_of_another_flow_is_refused(server: PartnerServer, client: Client) -> None:
    other = Reply(200, made.eurostat(flow="MIGR_EMI3NXT"), CSV)
    with pytest.raises(Invalid, match="holds data of ESTAT:MIGR_EMI3NXT"):
        _read(server, client, other)


def test_a_view_of_the_flow_is_the_flow(server: PartnerServer, client: Client) -> None:
    view = Reply(200, made.eurostat(flow="MIGR_IMM5PRV$DEFAULTVIEW"), CSV)
    assert _read(server, client, view).data is not None


def test_a_message_is_known_by_what_it_is(server: PartnerServer, client: Client) -> None:
    """SDMX-ML 2.1 where CSV was asked for."""
    message = (
        b'<?xml version="1.0"?><m:StructureSpecificData '
        b'xmlns:m="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message" '
        b'xmlns:c="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common" '
        b'xmlns:s="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/structurespecific" '
        b'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        b"<m:Header><m:ID>1</m:ID><m:Test>false</m:Test><m:Prepared>2026-11-28T00:00:00</m:Prepared>"
        b'<m:Sender id="ESTAT"/><m:Structure structureID="F" '
        b'namespace="urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=ESTAT:MIGR_IMM5PRV(1.0)" '
        b'dimensionAtObservation="TIME_PERIOD"><c:StructureUsage>'
        b'<Ref agencyID="ESTAT" id="MIGR_IMM5PRV" version="1.0"/></c:StructureUsage></m:Structure>'
        b'</m:Header><m:DataSet s:structureRef="F"><Series freq="A" partner="BE" agedef="COMPLET" '
        b'age="TOTAL" unit="NR" sex="T" geo="AT"><Obs TIME_PERIOD="1998" OBS_VALUE="324"/>'
        b'<Obs TIME_PERIOD="1999" OBS_VALUE="238" OBS_FLAG="b"/></Series></m:DataSet>'
        b"</m:StructureSpecificData>"
    )
    answer = _read(server, client, Reply(200, message, CSV), "AUT")
    assert answer.data is not None
    rows = answer.data.table.to_pylist()[1:]
    assert [(row["TIME_PERIOD"], row["OBS_VALUE"], row["OBS_STATUS"]) for row in rows] == [
        ("1998", "324", "A"),
        ("1999", "238", "B"),
    ]


def test_a_request_is_conditional_where_the_same_was_asked(
    server: PartnerServer, client: Client
) -> None:
    service = _service(server, "DEU")
    offer = _offers(service, client)["SM_ESTAT_MIGR_IMM5PRV"]
    held = Held(url=offer.url, etag='"1"', last_modified=None)
    assert service.request(offer, held).is_conditional
    assert not service.request(offer, replace(held, url=f"{offer.url}x")).is_conditional


def _listed(form: StructureForm, *flows: Dataflow) -> Reply:
    header = Header(id="1", prepared=datetime(2026, 11, 28, tzinfo=UTC), sender="X")
    return Reply(200, write(header, flows, form))


@pytest.mark.parametrize(
    ("profile", "path", "form"),
    [
        ("sdmx-2.1", "/dataflow/all/all/latest", ML_21),
        ("sdmx-3.0", "/structure/dataflow/*/*/~", JSON_20),
    ],
)
def test_any_service_is_asked_for_its_dataflows(
    server: PartnerServer, client: Client, profile: str, path: str, form: StructureForm
) -> None:
    """The shared flows it lists are taken as they are, others that have a map through it."""
    structure = Reference(ArtefactClass.DATA_STRUCTURE, "ESTAT", "MIGR_POP3CTB", "1.0")
    name = InternationalString.of("a flow")
    theirs = [
        Dataflow(agency="ESTAT", id=id_, version="1.0", name=name, structure=structure)
        for id_ in ("MIGR_POP1CTZ", "MIGR_POP3CTB", "NAMA_10_GDP")
    ]
    shared = next(flow for flow in STRUCTURES.of_type(Dataflow) if flow.id == "DF_STOCK_BIRTH")
    server.on(path, _listed(form, *theirs, shared))
    offers = _service(server, "ITA", profile=profile).offers(client, STRUCTURES, _nothing_kept)
    assert [(offer.flow, offer.source, bool(offer.map)) for offer in offers] == [
        ("MIGX:DF_STOCK_CTZ", "ESTAT:MIGR_POP1CTZ", True),
        ("MIGX:DF_STOCK_BIRTH", "MIGX:DF_STOCK_BIRTH", False),
    ]


def test_a_list_of_dataflows_that_is_none(server: PartnerServer, client: Client) -> None:
    service = _service(server, profile="sdmx-2.1")
    server.on("/dataflow/all/all/latest", Reply(200, b"<html></html>"))
    with pytest.raises(PartnerInvalid, match="no list of dataflows"):
        service.offers(client, STRUCTURES, _nothing_kept)


def test_every_profile_has_a_service_a_budget_and_a_map() -> None:
    agencies = {one.source.agency for one in STRUCTURES.of_type(StructureMap)}
    for id_, profile in profiles().items():
        assert isinstance(service_of(id_, "https://example.org", "X", ["ITA"]), SdmxService)
        assert REQUESTS[id_] == profile.requests_per_hour
        assert set(profile.agencies) <= agencies
    assert REQUESTS["oecd"] == 60
    assert agencies <= {agency for one in profiles().values() for agency in one.agencies}
    assert set(PROFILES) == {"corridor", *profiles()}
    with pytest.raises(NotFound, match="known: corridor, eurostat"):
        service_of("nobody", "https://example.org", "X")


@pytest.mark.parametrize(
    ("source", "profile"),
    [
        ("ESTAT", "eurostat"),
        ("oecd", "oecd"),
        ("ISTAT", "istat"),
        ("ILO", "ilo"),
        ("UNICEF", "unicef"),
        ("ECB", "sdmx-2.1"),
        ("ESTAT3", "sdmx-3.0"),
    ],
)
def test_the_catalogue_of_services_tells_the_address(source: str, profile: str) -> None:
    known = known_service(source)
    assert known.url.startswith("https://")
    assert profile_of_source(known.id, speaks_3=known.speaks_3).id == profile
    with pytest.raises(NotFound, match="known: ABS"):
        known_service("NOBODY")
