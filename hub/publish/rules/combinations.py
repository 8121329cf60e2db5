"""Codes that do not go together (design: structures, "Forbidden combinations").

Some of these the shared structures forbid by constraints, which every client can read. The rules
hold for a structure that has the same components and no such constraint; and where no constraint
can say it: that two components must not have the same code.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from hub.model import Schema
from hub.publish.findings import Findings
from hub.publish.observations import ROW, TABLE, Observations
from hub.publish.rules.figures import Figures
from hub.publish.rules.rule import ERROR, WARNING, Rule, Thresholds
from hub.publish.rules.telling import Told, tell

_FORBIDDEN: tuple[tuple[Mapping[str, tuple[str, ...]], str], ...] = (
    (
        {"FLOW_TYPE": ("IMM",), "COUNTERPART_BASIS": ("NEXT_RES",)},
        "immigrants come from a previous residence: write PREV_RES",
    ),
    (
        {"FLOW_TYPE": ("EMI",), "COUNTERPART_BASIS": ("PREV_RES",)},
        "emigrants go to a next residence: write NEXT_RES",
    ),
    (
        {"UNIT_MEASURE": ("PT_POP", "PT_MIG"), "AGE": ("_U",)},
        "there is no population of unknown age to take a share of",
    ),
)
_REPORTER, _OTHER, _BASIS = "REF_AREA", "COUNTERPART_AREA", "COUNTERPART_BASIS"
_STATUS = "MIGRANT_STATUS"
_RESIDENCE = ("PREV_RES", "NEXT_RES")
#: Which residents may have the reporting area as their own: natives by birth, nationals by
#: citizenship.
_NATIVE = {
    "BIRTH": ("NB", "NB_FC", "NB_NC", "NC"),
    "CTZ": ("NC", "FB_NC", "NB_NC", "NB"),
    "CTZ_BIRTH": ("NB", "NB_FC", "NB_NC", "NC", "FB_NC"),
    "PARENT_BIRTH": ("NB", "NB_FC", "NB_NC", "NC", "FB_NC", "FB", "FC", "FB_FC"),
}
_FLOW, _MEASURE = "FLOW_TYPE", "ADMIN_MEASURE"
#: What authorities count of nationals too; of flows, all.
_OF_NATIONALS = ("BORD_ENT", "BORD_EXT", "STU_NEW", "STU_ENR", "CONS_REG")


def _look_pairs(observations: Observations, findings: Findings, _thresholds: Thresholds) -> None:
    figures, schema = Figures(observations), observations.schema
    for codes, right in _FORBIDDEN:
        if not codes.keys() <= schema.by_id.keys() or _is_constrained(schema, codes):
            continue
        first = next(iter(codes))
        names = " with ".join(f"{name} {' or '.join(given)}" for name, given in codes.items())

        def say(column: str = first, names: str = names, right: str = right) -> Told:
            return Told(message=f"{names} makes no sense; {right}", column=column)

        both = " AND ".join(figures.is_in(name, given) for name, given in codes.items())
        query = f"SELECT {ROW} FROM {TABLE} WHERE {both}"
        tell(observations, findings, "combination", query, say)


def _is_constrained(schema: Schema, codes: Mapping[str, tuple[str, ...]]) -> bool:
    """True where a constraint excludes just this."""
    excluded = (region for region in schema.allowed if not region.include)
    return any(
        {key.component: set(key.values) for key in region.keys}
        == {name: set(given) for name, given in codes.items()}
        for region in excluded
    )


def _look_own_area(observations: Observations, findings: Findings, _thresholds: Thresholds) -> None:
    keys = {column.id for column in observations.schema.key}
    if not {_REPORTER, _OTHER, _BASIS} <= keys:
        return
    _make_own(observations)
    reporters = observations.texts(_REPORTER) or []

    def say(area: int, is_move: bool, is_flow: bool) -> Told:
        code = reporters[area]
        if is_move:
            right = f"nobody moves from {code} to {code}; write where they came from or went"
        elif is_flow:
            right = (
                "to tell natives or nationals apart, use CTZ_GROUP or a status where there is one"
            )
        else:
            right = "only natives (NB) by birth and nationals (NC) by citizenship are of it"
        severity = WARNING if is_flow and not is_move else ERROR
        message = f"{_OTHER} is the reporting area {code} itself; {right}"
        return Told(message=message, column=_OTHER, value=code, severity=severity)

    reporter, other = observations.sql(_REPORTER), observations.sql(_OTHER)
    figures, schema = Figures(observations), observations.schema
    is_move = figures.is_in(_BASIS, _RESIDENCE)
    is_flow = "TRUE" if _FLOW in schema.by_id else "FALSE"
    if _MEASURE in schema.by_id:
        is_flow = figures.is_in(_MEASURE, _OF_NATIONALS)
    for wanted in (f"({is_move} OR NOT {is_flow})", f"({is_flow} AND NOT {is_move})"):
        query = (
            f"SELECT {ROW}, {reporter}, {is_move}, {is_flow} FROM {TABLE} JOIN own_area "
            f"ON own_area._reporter = {reporter} AND own_area._other = {other} "
            f"WHERE {wanted} AND NOT {_is_of_it(figures)}"
        )
        tell(observations, findings, "own-area", query, say)


def _make_own(observations: Observations) -> None:
    """Make the table `own_area`: the numbers of an area as reporter and as counterpart."""
    reporters = observations.texts(_REPORTER) or []
    others = {text: number for number, text in enumerate(observations.texts(_OTHER) or [])}
    both = [(number, others[text]) for number, text in enumerate(reporters) if text in others]
    table = {
        "_reporter": pa.array([reporter for reporter, _ in both], pa.int32()),
        "_other": pa.array([other for _, other in both], pa.int32()),
    }
    observations.connection.register("own_area", pa.table(table))


def _is_of_it(figures: Figures) -> str:
    """True where persons of the reporting area itself are what is counted.

    A structure without a status that is not about moves counts residents of every kind.
    """
    schema = figures.observations.schema
    if _STATUS in schema.by_id:
        fits = [
            f"({figures.is_in(_BASIS, (basis,))} AND {figures.is_in(_STATUS, statuses)})"
            for basis, statuses in _NATIVE.items()
        ]
        return f"({' OR '.join(fits)})"
    if _FLOW in schema.by_id or _MEASURE in schema.by_id:
        return "FALSE"
    return f"NOT {figures.is_in(_BASIS, _RESIDENCE)}"


RULES = (
    Rule(
        id="combination",
        severities=(ERROR,),
        about="IMM by NEXT_RES, EMI by PREV_RES, PT_POP or PT_MIG of AGE _U, where no constraint "
        "forbids it already",
        remedy="correct one of the two codes",
        look=_look_pairs,
        reads_values=False,
    ),
    Rule(
        id="own-area",
        severities=(ERROR, WARNING),
        about="COUNTERPART_AREA is REF_AREA, other than natives by birth and nationals by "
        "citizenship of a stock; a warning for flows, borders, students and consular registers by "
        "birth or citizenship, where sources do count natives and nationals so",
        remedy="write the other area; the reporting area's own people belong under NB or NC, or "
        "CTZ_GROUP NAT",
        look=_look_own_area,
        reads_values=False,
    ),
)
