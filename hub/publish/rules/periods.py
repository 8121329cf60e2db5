"""Time periods as days, once for each that occurs."""

from __future__ import annotations

import pyarrow as pa

from hub.model.period import decimal_year, parse_period
from hub.publish.observations import Observations


def make_spans(observations: Observations) -> None:
    """Make the table `span`: for the number of a period its first and last day, and its beginning.

    The beginning is in years, so that two of them say how far apart periods are.
    """
    time = observations.schema.time
    texts = observations.texts(time.id) or [] if time is not None else []
    spans = [parse_period(text) for text in texts]
    firsts = [span.start.date() for span in spans]
    lasts = [span.end.date() for span in spans]
    columns = {
        "_period": pa.array(range(len(texts)), pa.int32()),
        "_first": pa.array(firsts, pa.date32()),
        "_last": pa.array(lasts, pa.date32()),
        "_begin": pa.array([decimal_year(first) for first in firsts], pa.float64()),
    }
    observations.connection.register("span", pa.table(columns))
