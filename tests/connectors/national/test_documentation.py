"""The worked example of docs/mapping.md is run, and its parts are what the code knows."""

import re
from pathlib import Path

import msgspec

import dsd
from connectors import national
from connectors.national import TableMap, parse_mapping, read_table
from connectors.national.mapping import Query, Rows, Source, Survey, Unpivot
from connectors.templates import templates

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
    for table in (Source, Rows, Unpivot, Query, Survey, TableMap):
        for field in msgspec.structs.fields(table):
            if table is not TableMap or field.name not in ("name", "folder"):
                assert re.search(rf"`\[?{field.name}|^{field.name} =", PAGE, re.MULTILINE), (
                    field.name
                )


def test_every_kind_of_source_is_documented_as_it_is() -> None:
    page = (Path(__file__).parents[3] / "docs" / "sources.md").read_text(encoding="utf-8")
    for kind in templates().values():
        defaults = kind.defaults
        concepts = [defaults.get(c) for c in ("POP_CONCEPT", "DURATION_CRIT", "DURATION_BASIS")]
        cells = [
            f"`{kind.id}`",
            f"`{defaults['SOURCE_TYPE']}`",
            ", ".join(kind.structures),
            ", ".join(kind.allowed["UNIT_MEASURE"]),
            ", ".join(filter(None, concepts)),
        ]
        assert re.sub(" +", " ", f"| {' | '.join(cells)} |") in page, kind.id


def test_every_rule_of_sources_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs" / "sources.md").read_text(encoding="utf-8")
    code = "".join(path.read_text("utf-8") for path in Path(national.__file__).parent.glob("*.py"))
    rules = set(re.findall(r'"(template-[a-z-]+|person-level|privacy-checklist)"', code))
    assert rules == set(
        re.findall(r"^\| `([a-z]+-[a-z-]+)` \| [a-zA-Z, ]*[a-z]", page, re.M)
    ) - set(templates())
