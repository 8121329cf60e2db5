"""Hostile SDMX-JSON: depth, width, keys given twice, numbers without end, indices out of range."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.hostile.case import Hostile, plainly
from tests.hostile.sound import dumped, json_1, json_2

SOUND = dumped(json_2())
KEY = "0:0:0:0:0:0:0:0:0"
Change = Callable[[dict[str, Any]], object]


def _text(name: str, content: bytes, told: str, kind: str = "Invalid") -> Hostile:
    return Hostile(name=name, make=plainly(content), told=told, kind=kind)


def _swap(name: str, old: str, new: str | bytes, told: str, kind: str = "Invalid") -> Hostile:
    assert old.encode() in SOUND, old
    put = new if isinstance(new, bytes) else new.encode()
    return _text(name, SOUND.replace(old.encode(), put, 1), told, kind)


def _changed(name: str, change: Change, told: str, kind: str = "Invalid") -> Hostile:
    document = json_2()
    change(document["data"])
    return Hostile(name=name, make=lambda _: dumped(document), told=told, kind=kind)


def _linked(name: str, change: Change) -> Hostile:
    document = json_2()
    change(document["data"])
    return Hostile(name=name, make=lambda _: dumped(document), reads=("OBS_VALUE", "93722"))


def _observed(data: dict[str, Any], key: str) -> None:
    (data_set,) = data["dataSets"]
    data_set["observations"] = {key: data_set["observations"][KEY]}


def _valued(data: dict[str, Any], place: int, value: Any) -> None:
    data["dataSets"][0]["observations"][KEY][place] = value


def _first(data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = data["structures"][0]["dimensions"]["observation"][1]
    return found


DEEP = "[" * 100_000 + "]" * 100_000
TEXTS = [
    _swap("NaN", "93722.0", "NaN", "not well-formed"),
    _swap("Infinity", "93722.0", "-Infinity", "not well-formed"),
    _swap("1e400", "93722.0", "1e400", ""),
    _swap("a number of a million digits", "93722.0", "9" * 1_000_000, ""),
    _swap("a NUL", "Statistics Sweden", "\0", "a binary file"),
    _swap("half a surrogate", "Statistics Sweden", "\\ud800", ""),
    _swap("not UTF-8", "Statistics Sweden", b"\xff", "UTF-8"),
    _swap("a hundred thousand levels", '"M"', DEEP, "deeper", "TooLarge"),
    _swap("levels in an observation", "93722.0", DEEP, "deeper", "TooLarge"),
    _swap(
        "a hundred thousand objects in each other",
        '"M"',
        '{"a":' * 100_000 + "1" + "}" * 100_000,
        "deeper",
        "TooLarge",
    ),
    _swap("a member twice", '"data":', '"meta": {}, "data":', ""),
    _swap("the data twice", '"meta":', '"data": {"dataSets": []}, "meta":', ""),
    _swap("a comment", '"meta":', '/* x */ "meta":', "not well-formed"),
    _swap("a text of 8 MB", "Statistics Sweden", "x" * (8 << 20), "", "TooLarge"),
    _text("cut off", SOUND[:-30], "not well-formed"),
    _text("something after the end", SOUND + b"{}", "not well-formed"),
    _text("an array of a million", b"[" + b"0," * 1_000_000 + b"0]", ""),
    _text("a name for a prototype", b'{"__proto__": {"data": 1}}', ""),
    _swap(
        "errors beside the data",
        '"meta":',
        '"errors": [{"code": 500, "title": "x"}], "meta":',
        "errors",
    ),
    _text("a program", b'{"data": eval("1")}', "not well-formed"),
]
CHANGED = [
    _changed("an index out of range", lambda d: _observed(d, KEY[:-1] + "7"), ""),
    _changed("a negative index", lambda d: _observed(d, KEY[:-1] + "-1"), ""),
    _changed("an index without end", lambda d: _observed(d, KEY + "9" * 100), ""),
    _changed("an index in other digits", lambda d: _observed(d, KEY[:-1] + "٠"), ""),
    _changed(
        "a key of a million parts",
        lambda d: _observed(d, "0:" * 1_000_000),
        "max_text_bytes",
        "TooLarge",
    ),
    _changed("a key with a path", lambda d: _observed(d, "../../0"), ""),
    _changed("an attribute out of range", lambda d: _valued(d, 1, 99), ""),
    _changed("an index that is none", lambda d: _valued(d, 1, 0.5), ""),
    _changed("an object as a number", lambda d: _valued(d, 0, {"$ne": 1}), ""),
    _changed("a formula as a number", lambda d: _valued(d, 0, "=1+1"), "OBS_VALUE"),
    _changed("a component with a path", lambda d: _first(d).update(id="../../REF_AREA"), ""),
    _changed("a look-alike component", lambda d: _first(d).update(id="RЕF_AREA"), ""),
    _changed("a component twice", lambda d: _first(d).update(id="FREQ"), ""),
    _changed("a look-alike code", lambda d: _first(d)["values"][0].update(id="ЅWE"), "REF_AREA"),
    _changed(
        "a code with a path", lambda d: _first(d)["values"][0].update(id="../SWE"), "REF_AREA"
    ),
    _changed(
        "data sets without end", lambda d: d.update(dataSets=[{}] * 20_000), "data sets", "TooLarge"
    ),
    _changed(
        "components without end",
        lambda d: d["structures"][0]["attributes"].update(
            observation=[{"id": f"A{n}", "values": []} for n in range(20_000)]
        ),
        "",
        "TooLarge",
    ),
    _linked(
        "a link that is no URN",
        lambda d: d["structures"][0].update(
            links=[{"urn": "file:///etc/passwd", "rel": "dataflow"}]
        ),
    ),
]
OLDER = [
    Hostile(
        name="SDMX-JSON 1.0: 1e400",
        make=plainly(dumped(json_1()).replace(b"93722.0", b"1e400")),
        told="OBS_VALUE",
    ),
    Hostile(
        name="SDMX-JSON 1.0: NaN",
        make=plainly(dumped(json_1()).replace(b"93722.0", b"NaN")),
        told="not well-formed",
    ),
    Hostile(
        name="SDMX-JSON 1.0: a look-alike area",
        make=plainly(dumped(json_1(REF_AREA="ЅWE"))),
        told="REF_AREA",
    ),
]
FILES = [*TEXTS, *CHANGED, *OLDER]
