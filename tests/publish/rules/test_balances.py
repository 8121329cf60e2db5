"""Net migration and population accounts, against the same sums done by hand in Python."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.publish.rules.given import found, lines, rules, schema_of

FLOWS, CITIZENS, ACCOUNTS = schema_of("DF_FLOW_RES"), schema_of("DF_FLOW_CTZ"), schema_of("DF_BAL")
BASES = {"IMM": "PREV_RES", "EMI": "NEXT_RES", "NET": "PREV_RES"}


def flow(kind: str, value: object, **more: str) -> dict[str, object]:
    return {"FLOW_TYPE": kind, "COUNTERPART_BASIS": BASES[kind], "OBS_VALUE": value, **more}


def test_a_net_flow_is_immigration_less_emigration() -> None:
    rows = [flow("IMM", 100), flow("EMI", 130)]
    assert found(FLOWS, *rows, flow("NET", -30)) == []
    (finding,) = found(FLOWS, *rows, flow("NET", 30))
    assert (finding.rule, finding.line, finding.column, finding.value) == (
        "net-flow",
        4,
        "FLOW_TYPE",
        "30",
    )
    assert finding.message == "the net figure is 30, but IMM 100 less EMI 130 is -30"


def test_whichever_residence_a_net_flow_is_by() -> None:
    net = flow("NET", 1, COUNTERPART_BASIS="NEXT_RES")
    assert lines(found(FLOWS, flow("IMM", 100), flow("EMI", 130), net), "net-flow") == [4]


def test_net_flows_of_others_are_not_compared() -> None:
    rows = [flow("IMM", 100), flow("EMI", 130, COUNTERPART_AREA="FIN"), flow("NET", 5)]
    assert found(FLOWS, *rows) == []
    rows = [flow("IMM", 100), flow("EMI", 130, SEX="F"), flow("NET", 5)]
    assert found(FLOWS, *rows) == []
    assert found(FLOWS, flow("IMM", 100), flow("EMI", None), flow("NET", 5)) == []


def test_rounding_is_allowed_for_in_each_of_the_three() -> None:
    rows = [flow("IMM", 100), flow("EMI", 130)]
    for off, method, expected in ((12, "RR5", []), (13, "RR5", [4]), (1, "NONE", [4])):
        given_ = [*rows, flow("NET", -30 + off)]
        assert lines(found(FLOWS, *given_, base={"SDC_METHOD": method}), "net-flow") == expected


def test_figures_in_thousands_are_rounded_to_half_of_one_each() -> None:
    rows = [flow("IMM", 100), flow("EMI", 130)]
    thousands = {"UNIT_MULT": "3"}
    assert found(FLOWS, *rows, flow("NET", -31), base=thousands) == []
    assert lines(found(FLOWS, *rows, flow("NET", -32), base=thousands), "net-flow") == [4]


def test_figures_of_different_multipliers_are_brought_to_one() -> None:
    net = flow("NET", -30, UNIT_MULT="3")
    assert found(FLOWS, flow("IMM", 100_000), flow("EMI", 130_000), net) == []
    assert lines(found(FLOWS, flow("IMM", 100), flow("EMI", 130), net), "net-flow") == [4]


@settings(max_examples=15, deadline=None)
@given(
    st.dictionaries(
        st.tuples(
            st.sampled_from(["IMM", "EMI", "NET"]),
            st.sampled_from(["2019", "2020"]),
            st.sampled_from(["POL", "FIN"]),
        ),
        st.none() | st.integers(0, 3),
        min_size=1,
        max_size=12,
    )
)
def test_net_flows_are_compared_as_by_hand(cells: dict[tuple[str, str, str], int | None]) -> None:
    rows = [
        flow(kind, value, TIME_PERIOD=year, COUNTERPART_AREA=area)
        for (kind, year, area), value in cells.items()
    ]
    wrong = []
    for number, (kind, year, area) in enumerate(cells):
        if kind != "NET":
            continue
        net, gained, lost = (cells.get((one, year, area)) for one in ("NET", "IMM", "EMI"))
        if None not in (net, gained, lost) and net != gained - lost:  # type: ignore[operator]
            wrong.append(number + 2)
    assert lines(found(FLOWS, *rows), "net-flow") == wrong


ACCOUNT = {"POP_BEG": 1000, "BIRTHS": 30, "DEATHS": 20, "NET": 5, "POP_END": 1015}


def account(**items: object) -> list[dict[str, object]]:
    return [{"ACCOUNT_ITEM": item, "OBS_VALUE": value} for item, value in items.items()]


@pytest.mark.parametrize(
    ("items", "closes"),
    [
        ({}, True),
        ({"POP_END": 1016}, False),
        ({"POP_END": 1016, "ADJ": 1}, True),
        ({"POP_END": 1016, "RESID": -1}, True),
        ({"POP_END": 1014, "RESID": 1}, True),
        ({"POP_END": 1014, "RESID": -1}, False),
        ({"POP_END": 1016, "ADJ": None}, True),  # nobody knows
        ({"POP_END": 1016, "DEATHS": None}, True),
    ],
)
def test_an_account_closes(items: dict[str, object], closes: bool) -> None:
    told = found(ACCOUNTS, *account(**{**ACCOUNT, **items}))
    assert rules(told) == (set() if closes else {("account", "error")})
    assert lines(told, "account") == ([] if closes else [6])


def test_net_may_follow_from_both_flows() -> None:
    rest = {item: value for item, value in ACCOUNT.items() if item != "NET"}
    assert found(ACCOUNTS, *account(**rest, IMM=12, EMI=7)) == []
    assert lines(found(ACCOUNTS, *account(**rest, IMM=12, EMI=8)), "account") == [5]
    assert found(ACCOUNTS, *account(**rest)) == []


def test_an_account_of_an_age_group_does_not_close() -> None:
    rows = account(**{**ACCOUNT, "POP_END": 900})
    assert found(ACCOUNTS, *rows, base={"AGE": "Y0T14"}) == []
    assert lines(found(ACCOUNTS, *rows, base={"SEX": "F"}), "account") == [6]


def test_net_in_an_account_is_compared_too() -> None:
    told = found(ACCOUNTS, *account(**ACCOUNT, IMM=12, EMI=8))
    assert rules(told) == {("net-flow", "error")}
    assert lines(told, "net-flow") == [5]


ITEMS = ("POP_BEG", "BIRTHS", "DEATHS", "IMM", "EMI", "NET", "ADJ", "POP_END", "RESID")


@settings(max_examples=15, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(ITEMS), st.sampled_from(["F", "M"])),
        st.integers(0, 2),
        min_size=1,
    )
)
def test_accounts_are_compared_as_by_hand(cells: dict[tuple[str, str], int]) -> None:
    rows = [{"ACCOUNT_ITEM": i, "SEX": sex, "OBS_VALUE": v} for (i, sex), v in cells.items()]
    wrong = []
    for sex in ("F", "M"):
        got = {item: cells[item, sex] for item in ITEMS if (item, sex) in cells}
        if "NET" not in got and {"IMM", "EMI"} <= got.keys():
            got["NET"] = got["IMM"] - got["EMI"]
        if not {"POP_BEG", "BIRTHS", "DEATHS", "NET", "POP_END"} <= got.keys():
            continue
        account_ = got["POP_BEG"] + got["BIRTHS"] - got["DEATHS"] + got["NET"] + got.get("ADJ", 0)
        if account_ != got["POP_END"] + got.get("RESID", 0):
            wrong.append(2 + list(cells).index(("POP_END", sex)))
    assert lines(found(ACCOUNTS, *rows), "account") == sorted(wrong)
