"""Generated data: what the door takes without a finding, the same every time, of the size asked."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from benchmarks import generate, keys, plain
from dsd import shared_structures
from hub.errors import Severity
from hub.formats.csv import read_csv
from hub.model import resolve
from hub.publish import validate


@pytest.mark.parametrize("write", [generate.write_stocks, generate.write_plain])
def test_no_finding_at_the_door(tmp_path: Path, write):
    data = write(tmp_path / "data.csv", 5_000)
    structures = shared_structures().with_(plain.artefacts())
    raw = read_csv(data.file, structures)
    checked = validate(raw, resolve(data.flow, structures))
    assert checked.table.num_rows == data.rows
    assert [f for f in checked.findings if f.severity is not Severity.INFORMATION] == []


@pytest.mark.parametrize("rows", [1_000, 10_000, 100_000])
def test_of_the_size_asked_for(tmp_path: Path, rows: int):
    stocks = generate.write_stocks(tmp_path / "stocks.csv", rows)
    assert abs(stocks.rows - rows) < generate.ROWS_OF_A_CORRIDOR
    assert generate.write_plain(tmp_path / "plain.csv", rows).rows == rows


def test_the_same_every_time(tmp_path: Path):
    first = generate.write_stocks(tmp_path / "first.csv", 5_000)
    again = generate.write_stocks(tmp_path / "again.csv", 5_000)
    assert first.file.read_bytes() == again.file.read_bytes()


def test_totals_are_sums(tmp_path: Path):
    """Added up here by hand: the validator allows for rounding, which there is none of."""
    data = generate.write_stocks(tmp_path / "stocks.csv", 5_000)
    parts: defaultdict[tuple[str, str], int] = defaultdict(int)
    totals = {}
    with data.file.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            cell = row["REF_AREA"], row["TIME_PERIOD"]
            is_total = [row[name] == "_T" for name in ("COUNTERPART_AREA", "SEX", "AGE")]
            if all(is_total):
                totals[cell] = int(row["OBS_VALUE"])
            elif not any(is_total):
                parts[cell] += int(row["OBS_VALUE"])
    assert totals == parts
    assert len(totals) > len(generate.YEARS)


def test_a_revision_differs_in_few_corridors(tmp_path: Path):
    before = generate.write_stocks(tmp_path / "before.csv", 100_000)
    after = generate.write_stocks(tmp_path / "after.csv", 100_000, revised=True)
    pairs = zip(
        before.file.read_text().splitlines(), after.file.read_text().splitlines(), strict=True
    )
    assert 0 < sum(old != new for old, new in pairs) < before.rows / 20


def test_keys_are_distinct_and_there(tmp_path: Path):
    data = generate.write_stocks(tmp_path / "stocks.csv", 100_000)
    with data.file.open(encoding="utf-8", newline="") as file:
        present = {".".join(list(row.values())[3:11]): None for row in csv.DictReader(file)}
    asked = list(keys.series(100_000))
    assert len(set(asked)) == len(asked)
    assert set(asked) <= set(present)
    thousands = list(keys.thousands(100_000))
    assert len(set(thousands)) == len(thousands)
