"""Keys of both APIs. `where` says what each means, in Python."""

from __future__ import annotations

from tests.conformance.agency.shapes import DF_RICH, DF_TIMELESS
from tests.conformance.cases.data_case import DataCase, v1, v2


def _main(*values: str) -> object:
    """Rows of these values in FREQ, AREA, SEX; "" for any."""
    names = ("FREQ", "AREA", "SEX")
    return lambda row: all(v in ("", row[n]) for n, v in zip(names, values, strict=False))


def _any(*tests: object) -> object:
    return lambda row: any(test(row) for test in tests)  # type: ignore[operator]


KEYS_V2: list[DataCase] = [
    v2("2 key", tail, where=where)
    for tail, where in (
        ("", None),
        ("/", None),
        ("/*", None),
        ("/*/", None),
        ("/all", None),
        ("/*.*.*", None),
        ("/A", _main("A")),
        ("/Q", _main("Q")),
        ("/A.SWE", _main("A", "SWE")),
        ("/A.SWE.F", _main("A", "SWE", "F")),
        ("/A.SWE.F/", _main("A", "SWE", "F")),
        ("/*.SWE", _main("", "SWE")),
        ("/*.SWE.*", _main("", "SWE")),
        ("/*.*.F", _main("", "", "F")),
        ("/A.*.F", _main("A", "", "F")),
        # An empty position, 1.x syntax, is taken for a wildcard.
        ("/.SWE.", _main("", "SWE")),
        ("/..F", _main("", "", "F")),
        ("/A..", _main("A")),
        ("/..", None),
        # Alternatives are whole keys.
        ("/A.SWE.F,A.DNK.M", _any(_main("A", "SWE", "F"), _main("A", "DNK", "M"))),
        ("/A.SWE.F%2CA.DNK.M", _any(_main("A", "SWE", "F"), _main("A", "DNK", "M"))),
        ("/A.SWE,*.DNK.M", _any(_main("A", "SWE"), _main("", "DNK", "M"))),
        ("/A.SWE.F,A.SWE.F", _main("A", "SWE", "F")),
        ("/A.SWE,A.SWE.F", _main("A", "SWE")),
        ("/Q,*.DNK", _any(_main("Q"), _main("", "DNK"))),
        ("/A,*", None),
        # Codes with other letters than most, raw and encoded.
        ("/*.X$1@-_", _main("", "X$1@-_")),
        ("/*.X%241%40-_", _main("", "X$1@-_")),
        ("/*.X$1@-_._T", _main("", "X$1@-_", "_T")),
        ("/A%2ESWE%2EF", _main("A", "SWE", "F")),
        # Codes that do not exist find nothing, beside others that do.
        ("/A.SWE.F,A.ATLANTIS.F", _main("A", "SWE", "F")),
        ("/A.swe.F,A.SWE.M", _main("A", "SWE", "M")),
        # The key and filters together.
        ("/A.SWE?c[SEX]=F", _main("A", "SWE", "F")),
        ("/*.*.F?c[AREA]=SWE,DNK", lambda r: r["SEX"] == "F" and r["AREA"] in ("SWE", "DNK")),
    )
] + [
    v2("2 key", "/NOR.a-1", DF_RICH, where=lambda r: (r["AREA"], r["KIND"]) == ("NOR", "a-1")),
    v2("2 key", "/*.B_2", DF_RICH, where=lambda r: r["KIND"] == "B_2"),
    v2("2 key", "/*.c,NOR", DF_RICH, where=lambda r: r["KIND"] == "c" or r["AREA"] == "NOR"),
    v2("2 key", "/NOR", DF_TIMELESS, where=lambda r: r["AREA"] == "NOR"),
    v2("2 key", "/*.M", DF_TIMELESS, where=lambda r: r["SEX"] == "M"),
    v2("2 key", "/DNK.F,SWE.M", DF_TIMELESS, where=lambda r: r["AREA"] + r["SEX"] in "DNKF SWEM"),
]

KEYS_V1: list[DataCase] = [
    v1("10 data", tail, where=where)
    for tail, where in (
        ("", None),
        ("/", None),
        ("/all", None),
        ("/all/", None),
        ("/all/all", None),
        ("/..", None),
        ("/A..", _main("A")),
        ("/.SWE.", _main("", "SWE")),
        ("/A.SWE.F", _main("A", "SWE", "F")),
        ("/A.SWE.F/all", _main("A", "SWE", "F")),
        ("/A.SWE+DNK.F", _any(_main("A", "SWE", "F"), _main("A", "DNK", "F"))),
        ("/A.SWE%2BDNK.F", _any(_main("A", "SWE", "F"), _main("A", "DNK", "F"))),
        ("/A+Q.SWE.", _main("", "SWE")),
        ("/.SWE+DNK.F+M", lambda r: r["AREA"] in ("SWE", "DNK") and r["SEX"] in ("F", "M")),
        ("/.SWE+ATLANTIS.", _main("", "SWE")),
        ("/..F+F", _main("", "", "F")),
        ("/A.X$1@-_.", _main("A", "X$1@-_")),
        ("/A.X%241%40-_.", _main("A", "X$1@-_")),
        # Positions left out at the end are liberally taken for wildcards.
        ("/A", _main("A")),
        ("/A.SWE", _main("A", "SWE")),
        # The wildcard of 2.x, which some clients send.
        ("/*", None),
        ("/A.*.F", _main("A", "", "F")),
    )
] + [
    v1("10 data", "/NOR.", DF_TIMELESS, where=lambda r: r["AREA"] == "NOR"),
    v1("10 data", "/.F+M", DF_TIMELESS),
]

#: Keys of nothing: 204 on API 2.x, 404 with code 100 on 1.x.
NOTHING: list[DataCase] = [
    DataCase("2 key", f"/v2/data/dataflow/CONF/DF_MAIN/1.1.0/{key}", ())
    for key in ("A.ATLANTIS", "A.FRA.F", "Q.DNK", "A.swe.F", "A.SWE.%C3%9C", "%20", "A.SWE.F%20")
] + [
    DataCase("10 data", f"/v1/data/CONF,DF_MAIN,1.1.0/{key}", (), accept=None)
    for key in ("A.ATLANTIS.", "A.FRA.F", "Q.DNK.", "A.swe.F")
]
