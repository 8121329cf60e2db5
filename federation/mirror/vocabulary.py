"""What codes mean to the methods: which areas may be added up, which figures count as given.

The rules are SQL macros, so that the mirror and the cross-check read the same codes alike.
"""

from __future__ import annotations

import duckdb

from hub.model import Codelist

_MACROS = """
-- Countries, areas and former states; not the total, generic codes or M49 aggregates.
CREATE TEMP MACRO is_area(code) AS
    NOT starts_with(code, '_') AND NOT starts_with(code, 'M49_') AND code NOT IN ('STLS', 'RNC');
-- Other, unknown, stateless and non-citizens are no area, yet origins of their own.
CREATE TEMP MACRO is_origin(code) AS is_area(code) OR code IN ('_O', '_U', 'STLS', 'RNC');

-- O M L H Q: missing. K: counted under another category, so adding it would count it twice.
CREATE TEMP MACRO reported(figure, status, multiplier) AS
    CASE WHEN isnan(figure) OR status IN ('O', 'M', 'L', 'H', 'Q', 'K') THEN NULL
         ELSE figure * pow(10, coalesce(try_cast(multiplier AS INTEGER), 0)) END;
-- Nobody asked or answered: such a row says no more than no row.
CREATE TEMP MACRO is_silent(figure, status) AS
    figure IS NULL AND coalesce(status, 'O') NOT IN ('M', 'Q', 'K');

CREATE TEMP MACRO is_estimate(status, derivation) AS
    coalesce(status IN ('E', 'I', 'F', 'G'), false)
    OR coalesce(derivation IN ('EST', 'IMP', 'INT', 'HRM', 'BEST'), false);

-- CL_CONF_STATUS from the freest (1) to the strictest; a code that is not known here is 12.
CREATE TEMP MACRO strictness(confidentiality) AS
    CASE WHEN confidentiality IS NULL THEN 1
         ELSE coalesce(list_position(['F', 'E', 'N', 'S', 'D', 'M', 'G', 'T', 'O', 'A', 'C'],
                                     confidentiality), 12) END;
"""


def define_vocabulary(connection: duckdb.DuckDBPyConnection) -> None:
    """Define the macros of this module in a session."""
    connection.execute(_MACROS)


def regions_of(areas: Codelist) -> tuple[tuple[str, str], ...]:
    """Return (region, area) for every area of CL_AREA_MIG and every region it lies in.

    The world (M49_001) is left out: the total over all destinations is `_T`.
    """
    pairs = []
    for code in areas.items:
        if code.id.startswith("M49_"):
            continue
        parent = code.parent
        while parent is not None and parent != "M49_001":
            pairs.append((parent, code.id))
            parent = areas.by_id[parent].parent
    return tuple(sorted(pairs))
