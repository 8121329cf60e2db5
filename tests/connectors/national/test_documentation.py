"""The worked example of docs/mapping.md is run, and its parts are what the code knows."""

import re
from pathlib import Path

import msgspec

import dsd
from connectors.national import TableMap, parse_mapping, read_table
from connectors.national.mapping import Rows, Source, Unpivot

PAGE = (Path(__file__).parents[3] / "docs" / "mapping.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_worked_example_gives_what_the_page_says(tmp_path: Path) -> None:
    path = tmp_path / "stock_2023.csv"
    path.write_bytes(block("csv").encode("cp1252"))
    mapping = parse_mapping(block("toml"), "stock.toml")
    data = read_table(path, mapping, dsd.shared_structures())
    head, *lines = block("text").splitlines()
    starts = [match.start() for match in re.finditer(r"\S+", head)]
    ends = [*starts[1:], None]
    expected = [
        [line[start:end].strip() or None for start, end in zip(starts, ends, strict=True)]
        for line in lines
    ]
    columns = [data.table[name].to_pylist() for name in head.split()[:-1]]
    rows = zip(*columns, [str(data.line(n)) for n in range(data.table.num_rows)], strict=True)
    assert [list(row) for row in rows] == expected
    assert data.table["REF_AREA"].unique().to_pylist() == ["CHE"]


def test_every_key_is_documented() -> None:
    for table in (Source, Rows, Unpivot, TableMap):
        for field in msgspec.structs.fields(table):
            if (table, field.name) != (TableMap, "name"):
                assert re.search(rf"`\[?{field.name}|^{field.name} =", PAGE, re.MULTILINE), (
                    field.name
                )
