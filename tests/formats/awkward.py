"""Values of every type, awkward ones before all: what some reader cuts, quotes or trims."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from hub.model import FLOATS, INTEGERS, TextType

#: What XML 1.0 has no way to write, and what SDMX-CSV takes for binary, beside lone surrogates.
NOT_XML = "".join(chr(code) for code in range(32) if chr(code) not in "\t\n\r") + "\ufffe\uffff"
NOT_CSV = "\0"
#: Whole texts that mean something to some reader on the way.
TRAPS = (
    *('"', '""', "'", "a,b", "a;b", ";", ",", " ", "  two  ", " lead", "trail ", "\t", "\n", "\r"),
    *("\r\n", "a\r\nb", "\u0085", "\u2028", "\ufeffx", "x\ufeff", "\u00a0", "\u200f\u05d0\u05d1"),
    *("\u202eabc", "e\u0301", "🧳👩‍👧", "]]>", "<a>", "</a>", "&amp;", "&#9;", "<!--", "<?x?>"),
    *("\\", "\\n", "\\u0000", '\\"', "null", "NULL", "nan", "NaN", "#N/A", "true", "1e5", "007"),
    *("=1+1", "-", "+1", "en:x", "fr:x;en:y", '"en:x";"fr:y"', "A: b", ": ", "a:b:c", "~", "/"),
    *(
        "{",
        "}",
        "[]",
        '{"en":"x"}',
        "0:1",
        "%2C",
        "A.B",
        "_",
        "urn:x",
        "\x7f",
        "\ud7ff",
        "\U0010ffff",
    ),
)
_DIGITS = st.text("0123456789", min_size=1, max_size=60)


def texts(without: str) -> st.SearchStrategy[str]:
    """Texts that a form can hold: without some characters."""
    traps = [trap for trap in TRAPS if not set(trap) & set(without)]
    any_text = st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters=without)
        | st.characters(max_codepoint=0x9F, exclude_characters=without),
        min_size=1,
        max_size=8,
    )
    return (
        st.sampled_from(traps)
        | any_text
        | st.lists(st.sampled_from(traps), max_size=3).map("".join).filter(bool)
    )


def _decimals() -> st.SearchStrategy[str]:
    """Decimals of any size, in the spelling they keep."""
    sign = st.sampled_from(["", "-"])
    return st.tuples(sign, _DIGITS, st.just("."), _DIGITS).map("".join) | st.sampled_from(
        ["0", "-0", "0.10", "1" + "0" * 40, "0." + "0" * 40 + "1", "NaN"]
    )


_SAMPLES = {
    TextType.ALPHA: ("abc", "Z"),
    TextType.ALPHA_NUMERIC: ("a1", "007"),
    TextType.URI: ("https://x.example/?a=1&b=%20", "urn:x:y"),
    TextType.INCLUSIVE_VALUE_RANGE: ("1", "2.5"),
    TextType.EXCLUSIVE_VALUE_RANGE: ("1", "2.5"),
    TextType.INCREMENTAL: ("1", "2.5"),
    TextType.STANDARD_TIME_PERIOD: ("2020", "2020-Q1", "2020-01-02T03:04:05Z"),
    TextType.BASIC_TIME_PERIOD: ("2020", "2020-01-02T03:04:05"),
    TextType.GREGORIAN_TIME_PERIOD: ("2020", "2020-01", "2020-01-02"),
    TextType.GREGORIAN_YEAR: ("2020", "-0044"),
    TextType.GREGORIAN_YEAR_MONTH: ("2020-01",),
    TextType.GREGORIAN_DAY: ("2020-01-02",),
    TextType.REPORTING_TIME_PERIOD: ("2020-A1", "2020-W53"),
    TextType.REPORTING_YEAR: ("2020-A1",),
    TextType.REPORTING_SEMESTER: ("2020-S2",),
    TextType.REPORTING_TRIMESTER: ("2020-T3",),
    TextType.REPORTING_QUARTER: ("2020-Q4",),
    TextType.REPORTING_MONTH: ("2020-M12",),
    TextType.REPORTING_WEEK: ("2020-W53",),
    TextType.REPORTING_DAY: ("2020-D366",),
    TextType.DATE_TIME: ("2020-01-02T03:04:05.678+01:00",),
    TextType.TIME_RANGE: ("2020-01-02/P1M",),
    TextType.MONTH: ("--12",),
    TextType.MONTH_DAY: ("--12-31",),
    TextType.DAY: ("---31",),
    TextType.TIME: ("23:59:59",),
    TextType.DURATION: ("P1Y2M", "-P1D"),
    TextType.GEOSPATIAL_INFORMATION: ("1 2,3 4,1 2",),
    TextType.KEY_VALUES: ("A=1,B=2",),
    TextType.IDENTIFIABLE_REFERENCE: ("urn:sdmx:org.sdmx.infomodel.codelist.Codelist=T:CL(1.0)",),
    TextType.ATTACHMENT_CONSTRAINT_REFERENCE: ("urn:sdmx:org.sdmx.infomodel.x",),
    TextType.DATASET_REFERENCE: ("urn:x",),
    TextType.XHTML: ("<p>x &amp; y</p>",),
}
PERIODS = (
    *("2020", "2021", "2020-S1", "2020-T3", "2020-Q4", "2020-M01", "2020-01", "2020-W05"),
    *("2020-D001", "2020-01-15", "2020-01-15T00:00:00", "2020-01-15/P1M", "1999", "2020-A1"),
)


def values(kind: TextType, without: str) -> st.SearchStrategy[Any]:
    """Values of a type as a data set holds them."""
    if kind in FLOATS:
        return st.floats() | st.sampled_from([1e-300, 1e300, 5e-324, 0.1, -0.0, 1e15, 2.0**63])
    if kind in INTEGERS:
        return st.integers(-(2**63), 2**63 - 1)
    if kind is TextType.BOOLEAN:
        return st.booleans()
    if kind in (TextType.DECIMAL, TextType.NUMERIC):
        return _decimals()
    if kind is TextType.BIG_INTEGER:
        return st.integers(-(10**80), 10**80).map(str)
    if kind in (TextType.OBSERVATIONAL_TIME_PERIOD,):
        return st.sampled_from(PERIODS)
    if kind is TextType.STRING:
        return texts(without)
    return st.sampled_from(_SAMPLES[kind])
