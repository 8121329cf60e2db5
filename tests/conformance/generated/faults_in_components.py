"""Faults in what is said of components."""

from __future__ import annotations

from collections.abc import Callable

from tests.conformance.generated.broken import Request
from tests.conformance.generated.spelling import IN_QUERY, hand


def unknown_component(r: Request) -> int:
    id_ = r.draw.pick(("NOPE", "area", "Time_Period", "OBS-VALUE", "FREQ_"))
    name = r.draw.pick(("c", "attributes", "measures", "dimensionAtObservation", "sort"))
    if r.is_v1:
        name = "dimensionAtObservation"
    if name == "c" or r.resource != "data":
        r.pairs.append((f"c[{id_}]", r.draw.pick(("A", "ne:A", "2020", "co:x,sw:y+ew:z"))))
    else:
        r.pairs.append((name, id_))
    return r.semantic


def wrong_role(r: Request) -> int:
    name, id_ = r.draw.pick((
        ("attributes", "AREA"), ("measures", "NOTE"), ("attributes", "OBS_VALUE"),
        ("dimensionAtObservation", "OBS_VALUE"), ("measures", "AREA"),
    ))  # fmt: skip
    if r.is_v1:
        name, id_ = "dimensionAtObservation", "OBS_VALUE"
    r.pairs.append((name, id_))
    return r.semantic


def bad_filter(r: Request) -> int:
    value = r.draw.pick((
        "", "zz:F", "F,", ",F", "F%2B", "F+", "+F", "ne:", "A,,B", "eq:A+ne:", "is:A", "A+,B",
        "%ff", "%00", "%0a", ",", "+",
    ))  # fmt: skip
    r.pairs.append((r.draw.pick(("c[AREA]", "c%5BAREA%5D")), value))
    return 400


def bad_filter_name(r: Request) -> int:
    name = r.draw.pick((
        "c", "c[]", "c[AREA", "c[AREA][x]", "c[1X]", "c[A.B]", "c[*]", "c[AREA]x", "c[%20AREA]",
        "c[AREA%00]", "c[A,B]",
    ))  # fmt: skip
    r.pairs.append((name, "A"))
    return 400


def bad_number(r: Request) -> int:
    value = r.draw.pick((
        "many", "1,5x", "0x10", "1_000", "inf", "-Infinity", "--1", "1e", "e5", "",
        "\uff11\uff12", "1.2.3", "%C2%A0" "1", "1e99999999999", "1e1e1",
    ))  # fmt: skip
    operator = r.draw.pick(("", "eq:", "ge:", "lt:", "ne:"))
    written = value if "%" in value else hand(r.draw).write(value.replace(",", "."), IN_QUERY)
    r.pairs.append(("c[OBS_VALUE]", operator + written))
    return 400


#: The faults, and the requests each can be put in.
FAULTS: tuple[tuple[Callable[[Request], int], Callable[[Request], bool]], ...] = (
    (unknown_component, lambda r: r.resource != "availableconstraint"),
    (wrong_role, lambda r: r.is_data),
    (bad_filter, lambda r: not r.is_v1),
    (bad_filter_name, lambda r: not r.is_v1),
    (bad_number, lambda r: not r.is_v1),
)
