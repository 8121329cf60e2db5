"""Persons, decisions and crossings: which measure has which, and never one within another."""

from __future__ import annotations

from collections.abc import Mapping

from hub.engine import identifier
from hub.publish.findings import Findings
from hub.publish.observations import ROW, TABLE, Observations
from hub.publish.rules.breakdowns import TOTAL, breakdown_of
from hub.publish.rules.figures import COUNTS, UNIT, Figures
from hub.publish.rules.rule import ERROR, WARNING, Rule, Thresholds
from hub.publish.rules.telling import Told, tell

#: For components that say what is counted: the codes that may be in decisions or crossings.
_MEASURES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "FLOW_TYPE": {"DEC": (), "CROSS": ("ENT", "EXT")},
    "ADMIN_MEASURE": {
        "DEC": (
            "PRM_FIRST",
            "PRM_CHANGE",
            "WP_ISSUED",
            "ASY_DEC",
            "ASY_GRANT",
            "NATZ",
            "REFUS",
            "RETDEC",
        ),
        "CROSS": ("BORD_ENT", "BORD_EXT"),
    },
    "MIGRANT_STATUS": {"DEC": (), "CROSS": ()},
    "LABOUR_STATUS": {"DEC": (), "CROSS": ()},
    "ACCOUNT_ITEM": {"DEC": (), "CROSS": ()},
    "MIRROR_ITEM": {"DEC": (), "CROSS": ()},
}
_NAMES = {"DEC": "decisions", "CROSS": "crossings"}


def _look_measures(observations: Observations, findings: Findings, _thresholds: Thresholds) -> None:
    figures = Figures(observations)
    if UNIT not in observations.schema.by_id:
        return
    for name, units in _MEASURES.items():
        texts = observations.texts(name)
        if texts is None:
            continue
        for unit, codes in units.items():

            def say(
                code: int | None, name: str = name, unit: str = unit, texts: list[str] = texts
            ) -> Told:
                counted = "nothing" if code is None else texts[code]
                message = f"{name} {counted} is not counted in {_NAMES[unit]} ({unit}): write PS"
                if codes_of(name, unit):
                    message += f", or a measure that is: {', '.join(codes_of(name, unit))}"
                return Told(message=message, column=UNIT, value=unit, suggestion="PS")

            query = (
                f"SELECT {ROW}, {observations.sql(name)} FROM {TABLE} "
                f"WHERE {figures.is_in(UNIT, (unit,))} AND NOT {figures.is_in(name, codes)}"
            )
            tell(observations, findings, "unit", query, say)


def codes_of(name: str, unit: str) -> tuple[str, ...]:
    """The codes of a component that may be in a unit."""
    return _MEASURES[name][unit]


def _look_mixed(observations: Observations, findings: Findings, _thresholds: Thresholds) -> None:
    """Totals that are in no unit any of their parts are in."""
    schema = observations.schema
    if UNIT not in schema.by_id or not observations.varying([UNIT]):
        return
    figures, unit = Figures(observations), identifier(UNIT)
    units = observations.texts(UNIT) or []
    for column in schema.key:
        if breakdown_of(column) is None or not observations.varying([column.id]):
            continue
        is_total = figures.is_in(column.id, (TOTAL,))
        others = (c.id for c in schema.dimensions if c.id not in (column.id, UNIT))
        keys = observations.varying(others)

        def say(ours: list[int], theirs: list[int], column: str = column.id) -> Told:
            one, other = (", ".join(units[n] for n in sorted(given)) for given in (ours, theirs))
            message = (
                f"the total over {column} is in {one}, its parts are in {other}; figures of "
                "different units never add up: give a total in the unit of the parts"
            )
            return Told(message=message, column=UNIT, value=one, severity=WARNING)

        query = (
            f"SELECT min({ROW}) FILTER ({is_total}) AS _at, "
            f"list(DISTINCT {unit}) FILTER ({is_total}) AS _ours, "
            f"list(DISTINCT {unit}) FILTER (NOT {is_total}) AS _theirs FROM {TABLE} "
            f"WHERE {figures.counts} {'GROUP BY ' if keys else ''}{', '.join(keys)} "
            "HAVING _at IS NOT NULL AND _theirs IS NOT NULL AND NOT list_has_any(_ours, _theirs)"
        )
        tell(observations, findings, "mixed-units", query, say)


RULES = (
    Rule(
        id="unit",
        severities=(ERROR,),
        about=f"{' or '.join(COUNTS[1:])} for a measure that does not count decisions or crossings",
        remedy="write the unit that the measure counts",
        look=_look_measures,
        reads_values=False,
    ),
    Rule(
        id="mixed-units",
        severities=(WARNING,),
        about=f"a total in one of {', '.join(COUNTS)} with parts in another",
        remedy="give the total in the unit of its parts too; one never adds up to the other",
        look=_look_mixed,
    ),
)
