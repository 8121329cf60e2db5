"""The coverage in time of a constraint, as two instants."""

from __future__ import annotations

import pytest

from hub.formats.structure.availability import reference_period
from hub.model import DataConstraint


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2018", "2020-T2", ("2018-01-01T00:00:00", "2020-08-31T23:59:59")),
        ("2018-T3", "2020-Q1", ("2018-09-01T00:00:00", "2020-03-31T23:59:59")),
        ("2018-02-28T12:00:00+01:00", "2020", ("2018-02-28T12:00:00+01:00", "2020-12-31T23:59:59")),
        (
            "2018-01-01T00:00:00/P1D",
            "2018-02-01/P1M",
            ("2018-01-01T00:00:00", "2018-02-28T23:59:59"),
        ),
        (None, "2020", None),
        ("soon", "2020", None),
    ],
)
def test_it_is_from_the_first_moment_of_the_first_to_the_last_of_the_last(
    start: str | None, end: str, expected: tuple[str, str] | None
) -> None:
    constraint = DataConstraint(agency="A", id="C", version="1.0", start=start, end=end)
    assert reference_period(constraint) == expected
