"""Questions to a node, and what their answers say: the release they are of, if it is just one."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from lxml import etree

from tests.soak.releases import ALWAYS, CELLS, ORIGINS, Key, areas, keys

V2, V1 = "/sdmx/v2", "/sdmx/v1"
FLOW = "dataflow/MIGX/DF_STOCK_BIRTH/1.0.0"
NAMES = ("REF_AREA", "COUNTERPART_AREA", "SEX", "TIME_PERIOD")
CSV = "application/vnd.sdmx.data+csv;version=2.0.0"
JSON = "application/vnd.sdmx.data+json;version=2.0.0"
XML = "application/vnd.sdmx.data+xml;version=3.0.0"
XML_21 = "application/vnd.sdmx.structurespecificdata+xml;version=2.1"
#: Rows of an answer: the key of an observation, and its value.
Rows = Iterable[tuple[Key, str]]


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer said: the number of its release, or the areas there are, or nothing (None)."""

    number: int | None = None
    areas: frozenset[str] | None = None


class Mixture(AssertionError):
    """An answer that is of no one release."""


def read_csv(body: bytes) -> Rows:
    for row in csv.DictReader(io.StringIO(body.decode())):
        yield tuple(row[name] for name in NAMES), row["OBS_VALUE"]  # type: ignore[misc]


def read_json(body: bytes) -> Rows:
    message = json.loads(body)["data"]
    (data_set,), (structure,) = message["dataSets"], message["structures"]
    there = structure["dimensions"]
    ids = [dimension["id"] for dimension in there["series"]]
    values = [_values(dimension) for dimension in there["series"]]
    (times,) = (_values(dimension) for dimension in there["observation"])
    for key, series in data_set["series"].items():
        codes = zip(ids, values, key.split(":"), strict=True)
        of_series = {id_: known[int(place)] for id_, known, place in codes}
        for time, (value, *_) in series["observations"].items():
            whole = {**of_series, "TIME_PERIOD": times[int(time)]}
            yield tuple(whole[name] for name in NAMES), str(value)  # type: ignore[misc]


def _values(dimension: dict[str, list[dict[str, str]]]) -> list[str]:
    return [value.get("id") or value["value"] for value in dimension["values"]]


def read_xml(body: bytes) -> Rows:
    for series in etree.fromstring(body).iter("{*}Series"):
        for observation in series.iter("{*}Obs"):
            whole = {**series.attrib, **observation.attrib}
            yield tuple(whole[name] for name in NAMES), whole["OBS_VALUE"]  # type: ignore[misc]


@dataclass(frozen=True)
class Question:
    """A request, how its answer is read, and the keys that belong into it ("": any)."""

    target: str
    accept: str
    read: Callable[[bytes], Rows] | None
    area: str = ""
    origins: tuple[str, ...] = ORIGINS
    sex: str = ""
    since: str = ""

    def fits(self, key: Key) -> bool:
        """True for the key of an observation that belongs into the answer."""
        area, origin, sex, year = key
        is_there = self.area in ("", area) and self.sex in ("", sex)
        return is_there and origin in self.origins and year >= self.since

    def said(self, status: int, body: bytes) -> Said:
        """What an answer says; raises Mixture where it is of no one release."""
        if status in (204, 404):
            return Said()
        return _read(self, body)

    def expected(self, number: int) -> frozenset[Key]:
        """The keys that belong into the answer from a release."""
        return _expected(self, areas(number))

    def is_answer_of(self, said: Said, number: int) -> bool:
        """True where a release answers so."""
        if said.areas is not None:
            return said.areas == {key[0] for key in self.expected(number)}
        if said.number is None:
            return not self.expected(number)
        return said.number == number


@cache
def _expected(question: Question, there: tuple[str, ...]) -> frozenset[Key]:
    number = next(n for n in range(1 << 10) if areas(n) == there)
    return frozenset(key for key in keys(number) if question.fits(key))


@lru_cache(maxsize=512)
def _read(question: Question, body: bytes) -> Said:
    if question.read is None:
        return Said(areas=_available(question, body))
    rows = list(question.read(body))
    values = {value for _, value in rows}
    if len(values) != 1:
        raise Mixture(f"{question.target}: values of {len(values)} releases: {sorted(values)[:5]}")
    number = int(float(values.pop()))
    offices = {int(digits) for digits in re.findall(rb"Office (\d+)", body)}
    if offices != {number}:
        raise Mixture(f"{question.target}: values of release {number}, providers of {offices}")
    found = [key for key, _ in rows]
    if len(found) != len(set(found)) or set(found) != question.expected(number):
        raise Mixture(f"{question.target}: not what release {number} has: {len(found)} rows")
    return Said(number=number)


def _available(question: Question, body: bytes) -> frozenset[str]:
    constraint = json.loads(body)["data"]["dataConstraints"][0]
    listed = {one["id"]: one["values"] for one in constraint["cubeRegions"][0]["keyValues"]}
    there = frozenset(one["value"] for one in listed["REF_AREA"])
    counts = {one["id"]: one["title"] for one in constraint["annotations"]}
    whole = sum(question.fits((area, *cell)) for area in there for cell in CELLS)
    if int(counts["obs_count"]) != whole:
        raise Mixture(f"{question.target}: {counts} for {sorted(there)}, where {whole} are")
    return there


_DATA, _AVAILABILITY = f"{V2}/data/{FLOW}", f"{V2}/availability/{FLOW}"
_STRUCTURE = "application/vnd.sdmx.structure+json;version=2.0.0"
_ORIGINS = f"c[COUNTERPART_AREA]={','.join(ORIGINS[:2])}"
#: What is asked again and again.
QUESTIONS = (
    Question(_DATA, CSV, read_csv),
    Question(_DATA, JSON, read_json),
    Question(_DATA, XML, read_xml),
    Question(f"{V1}/data/MIGX,DF_STOCK_BIRTH/A.NOR......", XML_21, read_xml, ALWAYS),
    *(
        Question(f"{_DATA}/A.{area}", accept, read, area)
        for area in ("AUT", "BEL")
        for accept, read in ((CSV, read_csv), (JSON, read_json))
    ),
    Question(f"{_DATA}?c[TIME_PERIOD]=ge:2015", JSON, read_json, since="2015"),
    Question(f"{_DATA}?{_ORIGINS}", XML, read_xml, origins=ORIGINS[:2]),
    Question(_AVAILABILITY, _STRUCTURE, None),
    Question(f"{_AVAILABILITY}?c[SEX]=M", _STRUCTURE, None, sex="M"),
)


def never_asked_before(number: int) -> Question:
    """A question whose answer nobody has kept, by a condition that everything meets."""
    accept, read = ((CSV, read_csv), (JSON, read_json), (XML, read_xml))[number % 3]
    condition = f"c[OBS_VALUE]=gt:-{number}"
    if number % 2:
        return Question(f"{_DATA}?{condition}&{_ORIGINS}", accept, read, origins=ORIGINS[:2])
    return Question(f"{_DATA}?{condition}", accept, read)
