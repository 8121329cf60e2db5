"""What is no SDMX-CSV, is broken or is too large is refused, quickly and with its place."""

import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import Invalid, TooLarge
from hub.formats.csv import read_csv
from hub.formats.limits import Limits
from hub.formats.sniff import sniff
from tests.formats.effort import examples

HEADER = "STRUCTURE,STRUCTURE_ID,ACTION,SEX,OBS_VALUE\n"
ROW = "dataflow,X:DF(1.0.0),I,F,1\n"


def written(tmp_path: Path, content: bytes | str) -> Path:
    path = tmp_path / "data.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("start", [b"", b"\x1f\x8b", b"PAR1", b"<html>", b"{", b"\xff\xfea\0"])
def test_files_of_another_kind_are_called_by_their_name(tmp_path: Path, start: bytes) -> None:
    path = written(tmp_path, start)
    with pytest.raises(Invalid, match=f"this is {sniff(path).title}, not an SDMX-CSV file"):
        read_csv(path)


@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_other_separators_are_told_with_the_remedy(tmp_path: Path, sign: str) -> None:
    with pytest.raises(Invalid, match=r"separated by .*--map"):
        read_csv(written(tmp_path, (HEADER + ROW).replace(",", sign)))


@pytest.mark.parametrize(
    ("header", "rule"),
    [
        ("FREQ,SEX,OBS_VALUE", "csv-header"),
        ("STRUCTURE,ACTION,SEX", "csv-header"),
        ("STRUCTURE,STRUCTURE_ID", "csv-header"),
        ("STRUCTURE,STRUCTURE_ID,SEX,", "csv-header"),
        ("STRUCTURE,STRUCTURE_ID,SEX,SEX", "csv-duplicate"),
        ("STRUCTURE,STRUCTURE_ID,SEX,SEX: Sex", "csv-duplicate"),
        ("STRUCTURE,STRUCTURE_ID,ACTION,ACTION,SEX", "csv-duplicate"),
        ("STRUCTURE,STRUCTURE_ID,TAGS[]", "csv-subfield"),
        ("STRUCTURE[;],STRUCTURE_ID,NOTE[en;no language]", "csv-languages"),
        ("STRUCTURE[;],STRUCTURE_ID,CONTACT[].NAME[]", "csv-nested"),
    ],
)
def test_headers_that_cannot_be_used(tmp_path: Path, header: str, rule: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_csv(written(tmp_path, "\n" + header + "\n"))
    assert {(f.rule, f.line, f.file) for f in refused.value.findings} == {(rule, 2, "data.csv")}


def test_every_ragged_row_is_listed_with_its_line(tmp_path: Path) -> None:
    body = [ROW, 'dataflow,X:DF(1.0.0),I,"F\nF",1,2\n', "\n", "dataflow\n", ROW, ROW[:-3] + "\n"]
    with pytest.raises(Invalid, match="3 rows") as refused:
        read_csv(written(tmp_path, HEADER + "".join(body)))
    assert [f.line for f in refused.value.findings] == [3, 6, 8]
    assert "6 fields where the header has 5, too many" in refused.value.findings[0].message
    assert refused.value.findings[1].value == "dataflow"


def test_beyond_a_thousand_ragged_rows_only_their_number_is_told(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="5,000 rows") as refused:
        read_csv(written(tmp_path, HEADER + "a,b\n" * 5000))
    assert len(refused.value.findings) == 1001
    assert refused.value.findings[999].line == 1001
    assert refused.value.findings[-1].message.startswith("4,000 more")


@pytest.mark.parametrize("cells", ['a"b', '"a"b', '"a', 'a"', '""a"'])
def test_quotes_out_of_place_are_refused_with_their_line(tmp_path: Path, cells: str) -> None:
    bad = f"dataflow,X:DF(1.0.0),I,{cells},1\n"
    quoted = 'dataflow,X:DF(1.0.0),I,"F\n""F""",1\n'
    with pytest.raises(Invalid, match="quote") as refused:
        read_csv(written(tmp_path, HEADER + quoted + bad + ROW * 3))
    assert refused.value.findings[0].line == 4


def test_a_quote_never_closed_is_found_without_reading_all(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + ROW * 10 + 'dataflow,X:DF(1.0.0),I,"F,1\n' + ROW * 400_000)
    tracemalloc.start()
    with pytest.raises(TooLarge, match=r"line 12: a field in quotes.*never closed"):
        read_csv(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12 << 20


@pytest.mark.parametrize("before", [0, 3, 100_000])
def test_bytes_that_are_not_utf_8_are_told_by_offset_and_line(tmp_path: Path, before: int) -> None:
    start = (HEADER + ROW.replace("F", "é") * before).encode()
    path = written(tmp_path, start + "dataflow,X:DF(1.0.0),I,Zürich,1\n".encode("cp1252"))
    with pytest.raises(Invalid, match=f"offset {len(start) + 24} is not UTF-8") as refused:
        read_csv(path)
    assert refused.value.findings[0].line == before + 2


def test_a_nul_far_in_the_file_is_told_by_its_line(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="NUL") as refused:
        read_csv(written(tmp_path, HEADER + ROW * 20_000 + "a\0b,\n"))
    assert refused.value.findings[0].line == 20_002


@pytest.mark.parametrize("start", ["", HEADER, HEADER + ROW * 9], ids=["header", "row", "later"])
def test_an_endless_line_is_refused_with_little_memory(tmp_path: Path, start: str) -> None:
    path = tmp_path / "long.csv"
    with path.open("w") as file:
        file.write(start)
        for _ in range(64):
            file.write("STRUCTURE," * 100_000)
    tracemalloc.start()
    with pytest.raises(TooLarge, match=f"line {start.count(chr(10)) + 1}: a line of"):
        read_csv(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20


def test_limits_of_size_and_columns(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + ROW)
    with pytest.raises(TooLarge, match="71 bytes, the limit of this node is 50"):
        read_csv(path, limits=Limits(bytes=50))
    with pytest.raises(TooLarge, match="more than 4 columns"):
        read_csv(path, limits=Limits(columns=4))
    assert read_csv(path, limits=Limits(columns=5, bytes=200, line_bytes=50)).table.num_rows == 1
    with pytest.raises(TooLarge, match="line 1: a line of more than 40"):
        read_csv(path, limits=Limits(line_bytes=40))


def test_a_byte_order_mark_crlf_and_a_missing_last_line_end_are_accepted(tmp_path: Path) -> None:
    text = "\ufeff" + (HEADER + ROW + ROW).rstrip("\n").replace("\n", "\r\n")
    data = read_csv(written(tmp_path, text))
    assert data.table["OBS_VALUE"].to_pylist() == ["1", "1"]
    assert data.line(1) == 3


def test_a_structure_that_is_no_reference_is_told(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="does not name a dataflow"):
        read_csv(written(tmp_path, HEADER + ROW.replace("X:DF(1.0.0)", "immigration")))
    with pytest.raises(Invalid, match="write dataflow, datastructure"):
        read_csv(written(tmp_path, HEADER + ROW.replace("dataflow", "table")))


@examples(150)
@given(
    start=st.sampled_from([b"", HEADER.encode(), b"DATAFLOW,A[]\n", b"STRUCTURE[;],STRUCTURE_ID,"]),
    rest=st.lists(
        st.sampled_from(
            [b"dataflow,X:DF(1.0),", b"X:DF(1.0),", b'"', b",", b"\n", b"\r", b"A[en;fr]", b"en:a"]
        )
        | st.binary(max_size=3),
        max_size=25,
    ),
)
def test_whatever_comes_is_read_or_refused(tmp_path: Path, start: bytes, rest: list[bytes]) -> None:
    path = written(tmp_path, start + b"".join(rest))
    refusal: Invalid | None = None
    with suppress(TooLarge):
        try:
            read_csv(path, limits=Limits(line_bytes=40, bytes=90))
        except Invalid as error:
            refusal = error
    findings = refusal.findings if refusal else ()
    assert bool(findings) == (refusal is not None)
    assert {finding.file for finding in findings} <= {path.name}


def test_a_record_of_many_lines_is_bounded_too(tmp_path: Path) -> None:
    cell = '"' + "F\n" * 300_000 + '"'
    for cells, fits in ((2, True), (12, False)):
        names = ",".join(f"A{n}" for n in range(cells))
        rows = f"X:DF(1.0),{','.join([cell] * cells)}\n" * 4
        path = written(tmp_path, f"DATAFLOW,{names}\n{rows}")
        if fits:
            assert read_csv(path).line(3) == 2 + 3 * 600_001
        else:
            with pytest.raises(TooLarge, match=r"before line .*: a record of more"):
                read_csv(path)
