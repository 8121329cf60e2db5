"""A file of persons is recognised and refused, and no value of it is repeated."""

import re
from pathlib import Path

import pytest

import dsd
from connectors.national import parse_mapping, read_table
from hub.errors import Invalid

STRUCTURES = dsd.shared_structures()
MAP = """
dataflow = "MIGX:DF_STOCK_BIRTH(1.0.0)"
[source]
separator = ";"
[columns]
COUNTERPART_AREA = "Country"
[constants]
OBS_VALUE = "1"
"""
COUNTED = MAP.replace('[constants]\nOBS_VALUE = "1"\n', 'OBS_VALUE = "Persons"\n')


def read(tmp_path: Path, content: str, mapping: str = COUNTED) -> int:
    path = tmp_path / "table.csv"
    path.write_text(content, encoding="utf-8")
    rows: int = read_table(path, parse_mapping(mapping, "map.toml"), STRUCTURES).table.num_rows
    return rows


@pytest.mark.parametrize(
    "name",
    [
        "Date of birth", "DateOfBirth", "BIRTH_DATE", "Geburtsdatum", "geburts-datum ", "Prénom",
        "PRENOM", "numéro de passeport", "Passport No.", "personnummer", "PESEL", "Nazwisko",
        "дата рождения", "Фамилия", "出生日期", "تاريخ الميلاد", "Apellidos", "msisdn", "IMSI",
        "E-Mail", "Straße", "Person ID",
    ],
)  # fmt: skip
def test_columns_that_identify_persons_are_known_by_their_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(Invalid, match="identifies a person") as refused:
        read(tmp_path, f"Country;{name};Persons\nTUR;secret-1;5\nPOL;secret-2;6\n")
    (finding,) = refused.value.findings
    assert (finding.rule, finding.line) == ("person-level", 1)
    assert "secret" not in str(refused.value) + str(finding) + repr(finding)


@pytest.mark.parametrize(
    "name",
    ["Country of birth", "Name", "Year of birth", "Nombre de país", "Birth", "Passports issued",
     "Permit", "Persons", "Date", "Reference date", "Kennziffer"],
)  # fmt: skip
def test_columns_of_figures_are_let_through(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, f"Country;{name};Number\nTUR;a;5\nPOL;b;6\n", COUNTED.replace(
        '"Persons"', '"Number"')) == 2  # fmt: skip


def test_a_column_of_identifiers_is_known_by_its_values(tmp_path: Path) -> None:
    ids = "".join(f"TUR;19{n:02}0101{n:04};{n}\n" for n in range(40))
    with pytest.raises(Invalid, match="'Key' holds an identifier") as refused:
        read(tmp_path, "Country;Key;Persons\n" + ids)
    assert not re.search(r"19\d{10}", str(refused.value))
    mails = "".join(f"TUR;p{n}@example.org;{n}\n" for n in range(40))
    with pytest.raises(Invalid, match="'Contact' holds an identifier"):
        read(tmp_path, "Country;Contact;Persons\n" + mails)


def test_large_figures_and_days_are_no_identifiers(tmp_path: Path) -> None:
    rows = "".join(f"TUR;{10_000_000 + n};2023-01-{n:02}\n" for n in range(1, 30))
    assert read(tmp_path, "Country;Persons;Day\n" + rows) == 29


def test_a_row_for_each_person_is_known_by_counts_of_one(tmp_path: Path) -> None:
    rows = "".join(f"{'TUR' if n % 2 else 'POL'};{n % 7}\n" for n in range(40))
    for mapping in (MAP, COUNTED.replace('"Persons"', '"One"')):
        with pytest.raises(Invalid, match="each of the 40 figures is 1, so each row is a person"):
            read(tmp_path, "Country;Group;One\n" + rows.replace("\n", ";1\n"), mapping)
    with pytest.raises(Invalid, match="each row is a person"):
        read(tmp_path, "Country;Persons\n" + "TUR;1.0\n" * 30)


def test_small_tables_may_have_ones(tmp_path: Path) -> None:
    assert read(tmp_path, "Country;Persons\n" + "TUR;1\n" * 10) == 10
    assert read(tmp_path, "Country;Persons\n" + "TUR;1\n" * 40 + "POL;2\n") == 41


def test_rows_that_are_left_out_do_not_hide_persons(tmp_path: Path) -> None:
    rows = "".join(f"skip;{n}\n" for n in range(100)) + "TUR;1\n" * 40
    mapping = COUNTED.replace("[columns]", '[rows]\nskip = { Country = ["skip"] }\n[columns]')
    with pytest.raises(Invalid, match="each row is a person"):
        read(tmp_path, "Country;Persons\n" + rows, mapping)
