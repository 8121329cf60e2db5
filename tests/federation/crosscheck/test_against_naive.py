"""The program against the same comparison written pair by pair."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from federation.crosscheck import derive_asymmetry
from tests.federation.crosscheck.naive import classify, is_given, match, measures, reasons
from tests.federation.crosscheck.observations import flows

AREAS = ("DEU", "ESP", "POL", "SWE")

figure = st.one_of(st.just(0.0), st.integers(0, 200).map(float), st.integers(0, 10**6).map(float))
close = st.sampled_from([0.99, 0.96, 0.93, 0.85, 0.7])
statements = {
    "OBS_STATUS": ["A", "A", "A", "A", "Q", "L"],
    "DURATION_CRIT": ["M0", "M1", "M3", "M6", "M6P", "M12", "PERM", "_U", None],
    "DURATION_BASIS": ["INT", "INT", "ACT", "_U", None],
    "POP_CONCEPT": ["UR12", "UR12", "UR6", "_U"],
    "COV_CTZ": ["ALL", "ALL", "FOR", None],
    "REFUGEE_INCL": ["INC", "INC", "EXC", "_U"],
    "SOURCE_TYPE": ["POPREG", "LFS", "CEN_T", "_U", None],
    "TIME_PER_COLLECT": ["S", "S", "E", None],
    "SDC_METHOD": ["NONE", "RR3", "RR5", "CKM", "SUP", None],
}
attributes = st.fixed_dictionaries(
    {name: st.sampled_from(codes) for name, codes in statements.items()}
)


@st.composite
def corridors(draw: st.DrawFn) -> list[dict[str, Any]]:
    keys = st.tuples(
        st.sampled_from(AREAS),
        st.sampled_from([*AREAS, "M49_150", "_U", "_T"]),
        st.sampled_from(["2007", "2008"]),
        st.sampled_from(["_T", "F"]),
    )
    rows = []
    for sender, receiver, year, sex in draw(st.lists(keys, unique=True, min_size=1, max_size=8)):
        sent = draw(figure)
        received = draw(st.one_of(figure, close.map(lambda part, sent=sent: round(sent * part))))
        cut = {"FREQ": "A", "SEX": sex, "AGE": "_T", "UNIT_MEASURE": "PS", "TIME_PERIOD": year}
        cut |= {"CONF_STATUS": "F"}
        group = draw(st.sampled_from(["_T", "_T", "_T", "NAT"]))
        sides = draw(st.sampled_from(["both", "both", "both", "SND", "RCV"]))
        if sides != "RCV":
            rows.append(
                {
                    **cut,
                    "REF_AREA": sender,
                    "COUNTERPART_AREA": receiver,
                    "FLOW_TYPE": "EMI",
                    "COUNTERPART_BASIS": draw(st.sampled_from(["NEXT_RES", "NEXT_RES", "CTZ"])),
                    "CTZ_GROUP": "_T",
                    "OBS_VALUE": sent,
                    **draw(attributes),
                }
            )
        if sides != "SND":
            rows.append(
                {
                    **cut,
                    "REF_AREA": receiver,
                    "COUNTERPART_AREA": sender,
                    "FLOW_TYPE": "IMM",
                    "COUNTERPART_BASIS": "PREV_RES",
                    "CTZ_GROUP": group,
                    "OBS_VALUE": float(received),
                    **draw(attributes),
                }
            )
    return rows


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(corridors())
def test_every_pair_is_judged_as_the_text_says(rows: list) -> None:
    table = derive_asymmetry(flows(rows)).table.to_pylist()
    expected = match(rows)
    found: dict[tuple, dict[tuple[str, str], dict]] = {}
    for row in table:
        key = (row["ORIG_AREA"], row["DEST_AREA"], row["TIME_PERIOD"], row["SEX"])
        found.setdefault(key, {})[row["MIRROR_STAT"], row["REPORTED_BY"]] = row
    assert found.keys() == expected.keys()
    for key, sides in expected.items():
        e, i = (
            sides[role]["OBS_VALUE"] if is_given(sides.get(role)) else None
            for role in ("SND", "RCV")
        )
        two_sided = measures(e, i) if None not in (e, i) else {}
        values = {
            name: found[key][name, "_Z"]["OBS_VALUE"] for name, by in found[key] if by == "_Z"
        }
        assert values == pytest.approx(two_sided, abs=1e-12)
        for role, value in (("SND", e), ("RCV", i)):
            row = found[key].get(("VAL", role))
            assert (row["OBS_VALUE"] if row else None) == value
            if row:
                assert row["ASYM_CLASS"] == classify(e, i)
                codes = row["ASYM_REASON"] or []
                assert set(codes) == reasons(sides.get("SND"), sides.get("RCV"))
                assert len(set(codes)) == len(codes)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(corridors(), st.randoms(use_true_random=False))
def test_order_of_rows_changes_no_bit(rows: list, random) -> None:
    first = derive_asymmetry(flows(rows))
    random.shuffle(rows)
    second = derive_asymmetry(flows(rows))
    assert first.table.equals(second.table)
    assert first.country_level().equals(second.country_level())
