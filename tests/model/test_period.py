"""Periods against the calendar, ISO weeks of the standard library, and the standard's examples."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hub.errors import BadRequest
from hub.model import Operator, TextType, decimal_year, parse_period
from hub.model.period import INSTANT, matches


def day(text: str) -> datetime:
    return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)


@pytest.mark.parametrize(
    ("text", "first", "after", "kind", "frequency"),
    [
        ("2020", "2020-01-01", "2021-01-01", TextType.GREGORIAN_YEAR, "A"),
        ("2020-02", "2020-02-01", "2020-03-01", TextType.GREGORIAN_YEAR_MONTH, "M"),
        ("2021-02", "2021-02-01", "2021-03-01", TextType.GREGORIAN_YEAR_MONTH, "M"),
        ("2020-12-31", "2020-12-31", "2021-01-01", TextType.GREGORIAN_DAY, "D"),
        ("2020-A1", "2020-01-01", "2021-01-01", TextType.REPORTING_YEAR, "A"),
        ("2020-S2", "2020-07-01", "2021-01-01", TextType.REPORTING_SEMESTER, "S"),
        ("2020-T2", "2020-05-01", "2020-09-01", TextType.REPORTING_TRIMESTER, "T"),
        ("2020-Q3", "2020-07-01", "2020-10-01", TextType.REPORTING_QUARTER, "Q"),
        ("2020-M02", "2020-02-01", "2020-03-01", TextType.REPORTING_MONTH, "M"),
        ("2020-W53", "2020-12-28", "2021-01-04", TextType.REPORTING_WEEK, "W"),
        ("2020-D366", "2020-12-31", "2021-01-01", TextType.REPORTING_DAY, "D"),
        ("2020-02-01/P1Y2M3D", "2020-02-01", "2021-04-04", TextType.TIME_RANGE, None),
        ("2020-01-31/P1M", "2020-01-31", "2020-02-29", TextType.TIME_RANGE, None),
        ("2020-02-01T00:00:00/PT48H", "2020-02-01", "2020-02-03", TextType.TIME_RANGE, None),
    ],
)
def test_period_is_the_range_it_names(text, first, after, kind, frequency):
    period = parse_period(text)
    assert period.start == day(first)
    assert period.end == day(after) - INSTANT
    assert period.kind is kind
    assert period.frequency == frequency
    assert period.text == text


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2020-02-29T12:30:15", datetime(2020, 2, 29, 12, 30, 15, tzinfo=UTC)),
        ("2020-02-29T12:30:15.5Z", datetime(2020, 2, 29, 12, 30, 15, 500_000, tzinfo=UTC)),
        ("2020-02-29T12:30:15.1234567", datetime(2020, 2, 29, 12, 30, 15, 123_456, tzinfo=UTC)),
        ("2020-02-29T00:30:00+01:00", datetime(2020, 2, 28, 23, 30, tzinfo=UTC)),
        ("2020-12-31T24:00:00", datetime(2021, 1, 1, tzinfo=UTC)),
    ],
)
def test_date_time_is_one_instant(text, instant):
    period = parse_period(text)
    assert period.start == period.end == instant
    assert period.kind is TextType.DATE_TIME


@pytest.mark.parametrize(
    ("zoned", "plain", "hours"),
    [
        ("2020Z", "2020", 0),
        ("2020-05:00", "2020", 5),
        ("2020-03-05:00", "2020-03", 5),
        ("2020-03-04+14:00", "2020-03-04", -14),
        ("2020-Q1-14:00", "2020-Q1", 14),
        ("2020-03-04+01:00/P1D", "2020-03-04/P1D", -1),
    ],
)
def test_zone_shifts_the_range(zoned, plain, hours):
    shifted, utc = parse_period(zoned), parse_period(plain)
    assert shifted.start - utc.start == shifted.end - utc.end == timedelta(hours=hours)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "abc", "20", "02020", "0000", "2020-13", "2020-00", "2020-02-30", "2020-1",
        "2020-02-29T25:00:00", "2020-02-29T24:00:01", "2020-02-29T12:60:00", "2020-02-29T12:00",
        "2020-02-29 12:00:00", "2020-Q0", "2020-Q5", "2020-q1", "2020Q1", "2020-M1", "2020-M13",
        "2020-W00", "2019-W53", "2020-W54", "2020-D000", "2019-D366", "2020-D1", "2020-B1",
        "2020-02-01/", "2020-02-01/P", "2020-02-01/PT", "2020-02-01/P0D", "2020-02-01/1Y",
        "2020-02-01/P1YT", "2020-02-01/P1W", "2020/P1Y", "2020-02-01/-P1Y", "2020+15:00",
        "2020-01-01T00:00:00+01", "2020Z ", "\u0662\u0660\u0662\u0660", "2020-02\n",
        "9999-12-31/P1D", "0001+01:00",
    ],
)  # fmt: skip
def test_nonsense_is_refused(text):
    with pytest.raises(BadRequest, match="is not a time period"):
        parse_period(text)


def test_refusal_says_what_would_be_right():
    with pytest.raises(BadRequest, match="its number goes from 1 to 4"):
        parse_period("2020-Q5")
    with pytest.raises(BadRequest, match="that year ends before its number 53"):
        parse_period("2019-W53")
    with pytest.raises(BadRequest, match="not of the form --MM-DD"):
        parse_period("2020-Q1", "07-01")
    with pytest.raises(BadRequest, match="day is out of range"):
        parse_period("2020-Q1", "--02-30")


def test_last_periods_of_the_calendar_are_read():
    for text in ("9999", "9999-12", "9999-12-31", "9999-A1", "9999-Q4", "9999-M12", "9999-D365"):
        assert parse_period(text).end == datetime.max.replace(tzinfo=UTC)
    assert parse_period("0001-Q1").start == datetime.min.replace(tzinfo=UTC)


def test_reporting_year_starts_where_it_is_told():
    # The algorithm of the Technical Notes; the example in the REST documentation contradicts it.
    quarter = parse_period("2010-Q3", "--07-01")
    assert (quarter.start, quarter.end) == (day("2011-01-01"), day("2011-04-01") - INSTANT)
    assert parse_period("2010-Q3", "--01-01").start == day("2010-07-01")
    assert parse_period("2010-06", "--07-01") == parse_period("2010-06")
    common = parse_period("2011-A1", "--02-29")
    assert (common.start, common.end) == (day("2011-02-28"), day("2012-02-29") - INSTANT)


@given(
    first=st.dates(date(1900, 1, 1), date(2100, 12, 31)),
)
def test_weeks_of_calendar_years_are_iso_weeks(first):
    year, week, _ = first.isocalendar()
    period = parse_period(f"{year}-W{week:02}")
    assert period.start == datetime.combine(
        date.fromisocalendar(year, week, 1), datetime.min.time(), UTC
    )
    assert period.end - period.start == timedelta(days=7) - INSTANT


STARTS = st.dates(date(2020, 1, 1), date(2020, 12, 31)).map(lambda d: f"--{d:%m-%d}")


@given(
    year=st.integers(1, 9997),
    letter=st.sampled_from("ASTQMWD"),
    start=STARTS,
)
def test_periods_of_a_reporting_year_follow_without_gap(year, letter, start):
    digits = {"W": 2, "M": 2, "D": 3}.get(letter, 1)
    assume(letter != "W" or year > 1)  # the first week may begin before year 1

    def read(year, number):
        return parse_period(f"{year:04}-{letter}{number:0{digits}}", start)

    periods = []
    for number in range(1, 367):
        try:
            periods.append(read(year, number))
        except BadRequest:
            break
    usual = {"A": 1, "S": 2, "T": 3, "Q": 4, "M": 12, "W": 52, "D": 365}[letter]
    assert len(periods) in ({usual, usual + 1} if letter in "WD" else {usual})
    following = [*periods[1:], read(year + 1, 1)]
    assert all(a.end + INSTANT == b.start for a, b in zip(periods, following, strict=True))


@given(
    month=st.integers(1, 12),
    year=st.integers(1, 9999),
)
def test_reporting_months_of_calendar_years_are_months(year, month):
    reporting, gregorian = (
        parse_period(f"{year:04}-M{month:02}"),
        parse_period(f"{year:04}-{month:02}"),
    )
    assert (reporting.start, reporting.end) == (gregorian.start, gregorian.end)


DATE_LIKE = r"\d{4}(-\d{2}){0,2}(T\d{2}:\d{2}:\d{2})?(/P\d[YMD])?"


@given(st.one_of(st.text(max_size=30), st.from_regex(DATE_LIKE, fullmatch=True)))
def test_any_text_is_a_period_or_refused(text):
    try:
        period = parse_period(text)
    except BadRequest:
        return
    assert period.start <= period.end


@pytest.mark.parametrize(
    ("observed", "operator", "value", "expected"),
    [
        # Answered by the technical working group: sdmx-rest, issue 237.
        ("2020-Q1", "lt", "2020-02", False),
        ("2020-Q1", "lt", "2020-04", True),
        ("2020-Q1", "le", "2020-02", False),
        ("2020-Q1", "le", "2020-03", True),
        ("2020-Q1", "gt", "2019", True),
        ("2020-Q1", "gt", "2020-01", False),
        ("2020-Q1", "ge", "2020-01", True),
        ("2020-Q1", "ge", "2020-02", False),
        ("2020", "ge", "2020-Q1", True),
        ("2020", "le", "2020-Q4", True),
        ("2020", "gt", "2020", False),
        ("2020", "ge", "2020", True),
        ("2020-02", "eq", "2020", True),
        ("2020", "eq", "2020-02", False),
        ("2020", "ne", "2020-02", True),
        ("2020-02", "ne", "2020", False),
        ("2020-02-29T12:00:00", "eq", "2020-02-29", True),
        ("2020-02-29T12:00:00", "gt", "2020-02-29T12:00:00", False),
        ("2020-02-29T12:00:00", "ge", "2020-02-29T12:00:00", True),
        ("2020-Q1", "co", "Q1", True),
        ("2020-Q1", "co", "2020-02", False),
        ("2020-Q1", "nc", "Q1", False),
        ("2020-Q1", "nc", "Q2", True),
        ("2020-Q1", "sw", "2020", True),
        ("2020-Q1", "ew", "Q1", True),
        ("2020-Q1", "ew", "2020", False),
    ],
)
def test_operators_compare_ranges(observed, operator, value, expected):
    assert matches(parse_period(observed), Operator(operator), value) is expected


def test_values_are_read_in_the_reporting_year_of_the_observation():
    quarter = parse_period("2010-Q3", "--07-01")
    assert matches(quarter, Operator.EQ, "2010-Q3", "--07-01")
    assert matches(quarter, Operator.EQ, "2011-01-01/P1Y", "--07-01")
    assert not matches(quarter, Operator.EQ, "2010-Q3")


def test_a_malformed_value_is_refused_but_not_a_fragment_of_text():
    period = parse_period("2020")
    with pytest.raises(BadRequest):
        matches(period, Operator.GE, "2020-13")
    assert matches(period, Operator.CONTAINS, "02")


PERIODS = st.one_of(
    st.dates(date(1990, 1, 1), date(2030, 1, 1)).map(str),
    st.integers(1990, 2030).map(str),
    st.builds("{}-Q{}".format, st.integers(1990, 2030), st.integers(1, 4)),
    st.builds("{}-{:02}".format, st.integers(1990, 2030), st.integers(1, 12)),
)


@given(observed=PERIODS, value=PERIODS)
def test_operators_agree_with_each_other(observed, value):
    period = parse_period(observed)
    answers = {op: matches(period, op, value) for op in Operator}
    assert answers[Operator.EQ] == (answers[Operator.GE] and answers[Operator.LE])
    assert answers[Operator.NE] is not answers[Operator.EQ]
    assert not (answers[Operator.LT] and answers[Operator.GE])
    assert not (answers[Operator.GT] and answers[Operator.LE])
    assert not answers[Operator.LT] or answers[Operator.LE]
    assert not answers[Operator.GT] or answers[Operator.GE]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2015-01-01", 2015.0),
        ("2015-07-02", 2015.4986301369863),  # day 183 of 365
        ("2016-07-02", 2016.5),  # day 184 of 366
        ("2015-12-31", 2015 + 364 / 365),
        ("2010-05-20", 2010.38),  # Bermuda's census, as the Demographic Yearbook cites it
        ("9999-12-31", 9999 + 364 / 365),
    ],
)
def test_decimal_year(text, expected):
    tolerance = 0.005 if expected == 2010.38 else 1e-12
    assert decimal_year(date.fromisoformat(text)) == pytest.approx(expected, abs=tolerance)


@given(st.dates(date(1, 1, 1), date(9999, 12, 30)))
def test_decimal_year_grows_with_the_day_and_stays_in_its_year(one):
    assert decimal_year(one) < decimal_year(one + timedelta(days=1))
    assert int(decimal_year(one)) == one.year
