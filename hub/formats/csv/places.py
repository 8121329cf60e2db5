"""Where in a column certain values stand: one finding for each value, with its first line."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from hub.errors import Finding
from hub.formats.csv.rows import MOST_FINDINGS


def locate(
    values: pa.ChunkedArray,
    messages: Mapping[str, str],
    *,
    rule: str,
    file: str,
    column: str,
    line: Callable[[int], int | None],
) -> list[Finding]:
    """Make a finding of every value of a text column that `messages` has something to say about.

    It stands on the first line with that value and tells how many rows have it. In the order of
    the file; beyond `MOST_FINDINGS` values only their number is told.
    """
    if not messages:
        return []
    text = values.cast(pa.string())
    wanted = pa.array(list(messages), pa.string())
    rows = pc.indices_nonzero(pc.is_in(text, wanted)).cast(pa.int64())
    found = pa.table({"value": text.take(rows), "row": rows})
    found = found.group_by("value").aggregate([("row", "min"), ("row", "count")])
    found = found.sort_by("row_min")
    findings = [
        Finding(
            rule=rule,
            message=messages[value] + (f" (on {count:,} rows)" if count > 1 else ""),
            file=file,
            line=line(row),
            column=column,
            value=value,
        )
        for value, row, count in zip(
            *(found[name][:MOST_FINDINGS].to_pylist() for name in found.column_names), strict=True
        )
    ]
    if found.num_rows > len(findings):
        message = f"{found.num_rows - len(findings):,} more values are wrong in the same way"
        findings.append(Finding(rule=rule, message=message, file=file, column=column))
    return findings
