"""Figures of sample surveys: how many interviews stand behind each of them."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from connectors.national.found import of_rows
from connectors.national.mapping import TableMap
from hub.errors import Finding, Severity
from hub.formats.message import RawData

RULE = "template-sample"
#: States that own up to a small sample, or have no figure.
_SAYS_SO = ("U", "N", "Q", "O", "L", "M", "H")
_TEXT = pa.string()


def check_interviews(
    raw: RawData, mapping: TableMap, interviews: pa.ChunkedArray | None
) -> Iterator[Finding]:
    """Figures on fewer interviews than the mapping allows that do not say so in OBS_STATUS.

    A survey of which nobody tells the interviews is a warning.
    """
    survey = mapping.survey
    if survey is None or interviews is None:
        message = (
            "how many interviews stand behind a figure is not said: name the column in "
            '[survey] interviews = "…", so that figures on few can be told from others'
        )
        yield Finding(rule=RULE, message=message, severity=Severity.WARNING, file=mapping.name)
        return
    told = pc.match_substring_regex(interviews, "^[0-9]{1,15}$")
    few = pc.less(
        pc.cast(pc.if_else(told, interviews, None), pa.int64()), pa.scalar(survey.least, pa.int64())
    )
    untold = pc.or_kleene(pc.invert(told), interviews.is_null())
    status = (
        raw.table["OBS_STATUS"].cast(_TEXT)
        if "OBS_STATUS" in raw.table.column_names
        else pa.nulls(raw.table.num_rows, _TEXT)
    )
    says_so = pc.is_in(status, pa.array(_SAYS_SO, _TEXT))
    few = pc.and_not(pc.fill_null(few, False), says_so)
    message = (
        f"a figure on fewer than {survey.least} interviews: mark it as of low reliability "
        "(OBS_STATUS U), or leave its value out (Q)"
    )
    yield from of_rows(raw, few, message, RULE, survey.interviews)
    message = "how many interviews stand behind this figure is not said; write a whole number"
    yield from of_rows(raw, pc.fill_null(untold, True), message, RULE, survey.interviews)
