"""Figures that must follow from each other: net migration, and the account of a population."""

from __future__ import annotations

from collections.abc import Iterable

from hub.model import Column
from hub.publish.findings import Findings
from hub.publish.observations import ROW, TABLE, Observations
from hub.publish.rules.figures import EPSILON, Figures, has_figures
from hub.publish.rules.rule import ERROR, Rule, Thresholds
from hub.publish.rules.telling import Told, number, tell

_ACCOUNT = ("POP_BEG", "BIRTHS", "DEATHS", "IMM", "EMI", "NET", "ADJ", "POP_END", "RESID")
_RESIDENCE = ("PREV_RES", "NEXT_RES")
_BASIS, _AGE = "COUNTERPART_BASIS", "AGE"


def _look_net(observations: Observations, findings: Findings, _thresholds: Thresholds) -> None:
    """NET = IMM - EMI, where all three are given for the same persons."""
    for column in _with_codes(observations, ("IMM", "EMI", "NET")):

        def say(net: float, gained: float, lost: float, column: Column = column) -> Told:
            message = (
                f"the net figure is {number(net)}, but IMM {number(gained)} less EMI "
                f"{number(lost)} is {number(gained - lost)}"
            )
            return Told(message=message, column=column.id, value=f"{net:.10g}")

        cells = _pivot(observations, column, ("IMM", "EMI", "NET"))
        query = (
            f"SELECT NET_row, NET, IMM, EMI FROM ({cells}) WHERE abs(NET - (IMM - EMI)) > "
            f"_slack + (abs(NET) + abs(IMM) + abs(EMI)) * {EPSILON}"
        )
        tell(observations, findings, "net-flow", query, say)


def _look_account(observations: Observations, findings: Findings, _thresholds: Thresholds) -> None:
    """POP_BEG + BIRTHS - DEATHS + NET + ADJ = POP_END + RESID, over all ages.

    Within an age group it does not hold: people grow older. An item that is not given counts as
    zero if it is ADJ or RESID; NET may follow from IMM and EMI. Without the others, or where an
    item has no value, nothing is said.
    """
    for column in _with_codes(observations, _ACCOUNT):

        def say(account: float, counted: float, column: Column = column) -> Told:
            message = (
                f"POP_BEG + BIRTHS - DEATHS + NET + ADJ is {number(account)}, but POP_END + RESID "
                f"is {number(counted)}: {number(abs(account - counted))} apart"
            )
            return Told(message=message, column=column.id, value=f"{counted:.10g}")

        cells = _pivot(observations, column, _ACCOUNT, _all_ages(observations))
        known = "ADJ_row IS NULL OR ADJ IS NOT NULL) AND (RESID_row IS NULL OR RESID IS NOT NULL"
        query = (
            "SELECT POP_END_row, POP_BEG + BIRTHS - DEATHS + coalesce(NET, IMM - EMI) "
            "+ coalesce(ADJ, 0) AS _account, POP_END + coalesce(RESID, 0) AS _counted "
            f"FROM ({cells}) WHERE ({known}) AND abs(_account - _counted) > _slack + "
            f"(abs(_account) + abs(_counted)) * {EPSILON}"
        )
        tell(observations, findings, "account", query, say)


def _with_codes(observations: Observations, codes: Iterable[str]) -> list[Column]:
    """The dimensions of the key whose list has some codes, where there are figures at all."""
    if not has_figures(observations):
        return []
    return [
        column
        for column in observations.schema.key
        if column.enumeration is not None and set(codes) <= column.enumeration.by_id.keys()
    ]


def _all_ages(observations: Observations) -> str:
    if _AGE not in observations.schema.by_id:
        return "TRUE"
    return Figures(observations).is_in(_AGE, ("_T",))


def _pivot(
    observations: Observations, column: Column, items: tuple[str, ...], where: str = "TRUE"
) -> str:
    """One row for each cell of the other dimensions: figure and row of each item, joint slack.

    Immigrants come from where they lived, emigrants go to where they will: both bases are one
    here.
    """
    figures = Figures(observations)
    others = (other.id for other in observations.schema.dimensions if other.id != column.id)
    keys = [_same_basis(figures, name) for name in observations.varying(others)]
    selected = ", ".join(
        f"CAST(max({figures.size}) FILTER ({figures.is_in(column.id, (item,))}) AS DOUBLE) "
        f"AS {item}, "
        f"max({ROW}) FILTER ({figures.is_in(column.id, (item,))}) AS {item}_row"
        for item in items
    )
    grouped = f"GROUP BY {', '.join(keys)}" if keys else ""
    return (
        f"SELECT {selected}, sum({figures.slack}) AS _slack FROM {TABLE} "
        f"WHERE {figures.counts} AND {figures.is_in(column.id, items)} AND {where} {grouped}"
    )


def _same_basis(figures: Figures, name: str) -> str:
    if name.strip('"') != _BASIS:
        return name
    return f"CASE WHEN {figures.is_in(_BASIS, _RESIDENCE)} THEN -1 ELSE {name} END"


RULES = (
    Rule(
        id="net-flow",
        severities=(ERROR,),
        about="NET other than IMM less EMI for the same persons, beyond rounding",
        remedy="compute NET again, or look which of the two flows is from another source",
        look=_look_net,
    ),
    Rule(
        id="account",
        severities=(ERROR,),
        about="an account that does not close: POP_BEG + BIRTHS - DEATHS + NET + ADJ other than "
        "POP_END + RESID, beyond rounding; looked at over all ages only",
        remedy="write the difference into RESID: what the account gives beyond the population "
        "counted at the end, negative where it gives less",
        look=_look_account,
    ),
)
