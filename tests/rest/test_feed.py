"""The feed of releases: what RFC 4287 asks for, what it tells, and what it keeps to itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import etree

from hub.publish import Statement
from hub.rest.feed import ENTRIES, REVISIONS
from hub.rest.serving import build_app
from hub.store import Store, open_store, sweep
from hub.store.retention import forget
from tests.rest.client import Client
from tests.rest.told import told
from tests.store.vintages import Clock, hand_in, observation

ATOM, XHTML = "{http://www.w3.org/2005/Atom}", "{http://www.w3.org/1999/xhtml}"
TYPE = "application/atom+xml"
CSV = "application/vnd.sdmx.data+csv;version=2.1.0"
#: How often each element of RFC 4287, 4.1, may stand in a feed and in an entry: at least, at most.
FEED = {"author": (1, 99), "id": (1, 1), "title": (1, 1), "updated": (1, 1), "link": (0, 99)} | {
    "generator": (0, 1),
    "rights": (0, 1),
    "entry": (0, 99),
}
ENTRY = {"id": (1, 1), "title": (1, 1), "updated": (1, 1), "published": (0, 1)} | {
    "content": (0, 1),
    "link": (1, 99),
    "category": (0, 99),
}


def read(response: Any) -> etree._Element:
    """The feed, once it is what RFC 4287 says."""
    assert (response.status_code, response.headers["content-type"]) == (200, TYPE)
    feed = etree.fromstring(response.content)
    assert feed.tag == f"{ATOM}feed"
    check_parts(feed, FEED)
    assert [link.get("rel") for link in feed.findall(f"{ATOM}link")].count("self") == 1
    entries = feed.findall(f"{ATOM}entry")
    ids = [text(one, "id") for one in (feed, *entries)]
    assert len(set(ids)) == len(ids)
    for one in (feed, *entries):
        assert text(one, "id").startswith("urn:uuid:")
        assert text(one, "updated").endswith("Z")
        datetime.fromisoformat(text(one, "updated"))
    for entry in entries:
        check_parts(entry, ENTRY)
        (content,) = entry.findall(f"{ATOM}content")
        assert content.get("type") == "xhtml"
        assert [child.tag for child in content] == [f"{XHTML}div"], "4.1.3.3: a single div"
        alternates = [link for link in entry.findall(f"{ATOM}link") if link.get("rel") != "related"]
        assert len({(link.get("type"), link.get("hreflang")) for link in alternates}) == 1
    return feed


def check_parts(element: etree._Element, allowed: dict[str, tuple[int, int]]) -> None:
    names = [etree.QName(child).localname for child in element]
    assert all(child.tag.startswith(ATOM) for child in element)
    assert set(names) <= set(allowed)
    for name, (least, most) in allowed.items():
        assert least <= names.count(name) <= most, name


def text(element: etree._Element, name: str) -> str:
    found = element.findtext(f"{ATOM}{name}")
    assert found
    return found


def titles(node: Client, query: str = "") -> list[str]:
    feed = read(node.get(f"/feed.atom{query}"))
    return [text(entry, "title").partition(": ")[2] for entry in feed.findall(f"{ATOM}entry")]


def swedes(period: str, value: float, area: str = "SWE") -> dict[str, Any]:
    return observation(area, "F", period, value)


@pytest.fixture
def past(store: Store, clock: Clock, node: Client) -> Client:
    """Two years; one revised and one added; one withdrawn."""
    hand_in(store, [swedes("2019", 1), swedes("2020", 2)])
    clock.pass_(hours=1)
    hand_in(store, [swedes("2020", 2.5), swedes("2021", 3)], note="New <register> & more")
    clock.pass_(hours=1)
    hand_in(store, [], [swedes("2019", 1)])
    clock.pass_(hours=1)
    return node


def test_an_empty_feed_is_a_feed(node: Client) -> None:
    assert read(node.get("/feed.atom")).findall(f"{ATOM}entry") == []


def test_releases_are_told_the_newest_first(past: Client) -> None:
    feed = read(past.get("/feed.atom"))
    assert titles(past) == [
        "0 added, 0 revised, 1 withdrawn",
        "1 added, 1 revised, 0 withdrawn",
        "2 added, 0 revised, 0 withdrawn",
    ]
    updated = [text(entry, "updated") for entry in feed.findall(f"{ATOM}entry")]
    assert updated == sorted(updated, reverse=True)
    assert text(feed, "updated") == updated[0]
    second = feed.findall(f"{ATOM}entry")[1]
    body = "".join(second.find(f"{ATOM}content").itertext())
    assert "New <register> & more" in body
    rows = [[cell.text for cell in row] for row in second.iter(f"{XHTML}tr")]
    assert rows == [
        ["FREQ", "AREA", "SEX", "TIME_PERIOD", "old value", "new value"],
        ["A", "SWE", "F", "2020", "2", "2.5"],
    ]
    assert not list(feed.findall(f"{ATOM}entry")[0].iter(f"{XHTML}table"))


def test_links_lead_to_the_data_and_to_what_changed(past: Client) -> None:
    second = read(past.get("/feed.atom")).findall(f"{ATOM}entry")[1]
    links = {link.get("rel"): link for link in second.findall(f"{ATOM}link")}

    def follow(relation: str) -> Any:
        place = urlsplit(links[relation].get("href"))
        assert place.netloc == "node.example"
        return past.get(f"{place.path}?{place.query}", links[relation].get("type"))

    (state,) = told(follow("alternate"))
    assert state.values() == [("2019", "1"), ("2020", "2.5"), ("2021", "3")]
    (changes,) = told(follow("related"))
    assert (changes.action, changes.values()) == ("R", [("2020", "2.5"), ("2021", "3")])


def test_one_flow(past: Client) -> None:
    assert len(titles(past, "?flow=TEST:DF")) == 3
    assert len(titles(past, "?flow=TEST:DF(1.0.0)")) == 3
    assert titles(past, "?flow=MIGX:DF_STOCK_BIRTH") == []
    every, one = (read(past.get(f"/feed.atom{query}")) for query in ("", "?flow=TEST:DF"))
    assert text(every, "id") != text(one, "id")
    assert [text(e, "id") for e in every.findall(f"{ATOM}entry")] == [
        text(e, "id") for e in one.findall(f"{ATOM}entry")
    ]
    assert past.get("/feed.atom?flow=TEST:NOPE").status_code == 404
    assert past.get("/feed.atom?flow=%20'").status_code == 400


def test_conditional_requests(past: Client, store: Store, clock: Clock) -> None:
    first = past.get("/feed.atom")
    tag, changed = first.headers["etag"], first.headers["last-modified"]
    for condition in ({"if-none-match": tag}, {"if-modified-since": changed}):
        again = past.get("/feed.atom", headers=condition)
        assert (again.status_code, again.content) == (304, b"")
    head = past.request("HEAD", "/feed.atom")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == tag
    hand_in(store, [swedes("2022", 1)])
    assert past.get("/feed.atom", headers={"if-none-match": tag}).status_code == 200


def test_nothing_that_is_held_back_is_in_it(past: Client, store: Store, clock: Clock) -> None:
    before = past.get("/feed.atom").content
    until = clock() + timedelta(hours=5)
    hand_in(store, [swedes("2020", 99)], visible_from=until, note="Secret")
    assert past.get("/feed.atom").content == before
    clock.time = until - timedelta(microseconds=1)
    assert past.get("/feed.atom").content == before
    clock.time = until
    response = past.get("/feed.atom")
    assert b"Secret" in response.content
    assert titles(past)[0] == "0 added, 1 revised, 0 withdrawn"
    assert text(read(response), "updated") == until.isoformat().replace("+00:00", "Z")


def test_its_length_is_bounded(
    node: Client, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ENTRIES == 50, "as documented; fewer here, because publishing takes a while"
    most = 6
    monkeypatch.setattr("hub.rest.feed.ENTRIES", most)
    years = [str(year) for year in range(1900, 1920)]
    for number in range(most + 3):
        clock.pass_(minutes=1)
        hand_in(store, [swedes(year, number * place) for place, year in enumerate(years)])
    feed = read(node.get("/feed.atom"))
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == most
    assert titles(node)[0] == f"0 added, {len(years) - 1} revised, 0 withdrawn"
    rows = [[cell.text for cell in row] for row in entries[0].iter(f"{XHTML}tr")][1:]
    moved = [abs(float(new) - float(old)) for *_, old, new in rows]
    assert moved == sorted(moved, reverse=True), "the largest come first"
    assert moved == [float(place) for place in range(19, 19 - REVISIONS, -1)]


def test_a_change_of_the_source_is_counted_from_the_files(
    node: Client, store: Store, clock: Clock
) -> None:
    hand_in(store, [swedes("2019", 1), swedes("2020", 2), swedes("2018", 5)], source="DST")
    clock.pass_(hours=1)
    hand_in(store, [swedes("2020", 7), swedes("2021", 3), swedes("2018", 5)], kind="harvest")
    clock.pass_(hours=1)
    hand_in(store, [swedes("1999", 7)], source="DST")
    assert titles(node) == ["1 added, 1 revised, 1 withdrawn", "3 added, 0 revised, 0 withdrawn"]


def test_texts_that_xml_has_no_place_for(node: Client, store: Store, clock: Clock) -> None:
    with pytest.raises(Exception, match="control characters"):
        Statement(note="a\x00b")
    row = observation("SWE", "F", "2020", 1, TITLE="x")
    hand_in(store, [row], note="line\nline ]]> <!-- 'é' \U0001f600")
    assert "]]> <!-- 'é' \U0001f600" in "".join(read(node.get("/feed.atom")).itertext())


def test_what_left_the_history_is_not_told(past: Client, store: Store, clock: Clock) -> None:
    forget(store.catalogue, clock() - timedelta(minutes=90))
    sweep(store, grace=timedelta(0))
    assert titles(past) == ["0 added, 0 revised, 1 withdrawn"]


def test_it_is_the_same_on_a_node_opened_again(past: Client, store: Store, clock: Clock) -> None:
    other = open_store(store.settings.home, clock)
    try:
        assert Client(build_app(other)).get("/feed.atom").content == past.get("/feed.atom").content
    finally:
        other.close()
