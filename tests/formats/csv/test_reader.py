"""SDMX-CSV messages of every version and label form, as the field guides have them."""

import csv
from pathlib import Path

import pyarrow as pa
import pytest

from hub.errors import Invalid, Severity
from hub.formats.csv import read_csv
from hub.model import (
    ArtefactClass,
    Attribute,
    Code,
    Codelist,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructure,
    Dimension,
    Measure,
    Representation,
    Structures,
)

MESSAGES = Path(__file__).parents[4] / "shared" / "data" / "messages"


def message(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "data.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
    return path


def structures() -> Structures:
    scheme = ConceptScheme(
        agency="X", id="CS", items=tuple(Concept(id=name) for name in ("SEX", "VAL", "NOTE"))
    )
    sexes = Codelist(agency="X", id="CL_SEX", items=(Code(id="F"), Code(id="M")))
    of = scheme.reference.item
    coded = Representation(enumeration=sexes.reference)
    dsd = DataStructure(
        agency="X",
        id="DSD",
        dimensions=(Dimension(id="SEX", concept=of("SEX"), representation=coded),),
        measures=(Measure(id="OBS_VALUE", concept=of("VAL")),),
        attributes=(Attribute(id="NOTE", concept=of("NOTE")),),
    )
    flow = Dataflow(agency="X", id="DF", structure=dsd.reference)
    return Structures([scheme, sexes, dsd, flow])


def test_version_2_has_structure_actions_and_components(tmp_path: Path) -> None:
    path = message(
        tmp_path,
        "STRUCTURE,STRUCTURE_ID,ACTION,SERIES_KEY,OBS_KEY,SEX,TIME_PERIOD,OBS_VALUE,NOTE",
        'dataflow,X:DF(1.0.0),R,F,F.2020,F,2020,12.4,"one, two"',
        "dataflow,X:DF(1.0.0),D,M,M.2020,M,2020,-,",
        "dataflow,X:DF(1.0.0),,M,M.2021,M,2021,#N/A,",
    )
    data = read_csv(path)
    assert str(data.structure) == "X:DF(1.0.0)"
    assert data.actions is not None
    assert data.actions.to_pylist() == ["Replace", "Delete", None]
    assert data.ignored == ("SERIES_KEY", "OBS_KEY")
    assert data.table.to_pydict() == {
        "SEX": ["F", "M", "M"],
        "TIME_PERIOD": ["2020", "2020", "2021"],
        "OBS_VALUE": ["12.4", "-", "#N/A"],
        "NOTE": ["one, two", None, None],
    }
    assert [data.line(row) for row in range(3)] == [2, 3, 4]


@pytest.mark.parametrize(
    ("word", "cls"),
    [
        ("dataflow", ArtefactClass.DATAFLOW),
        ("DATASTRUCTURE", ArtefactClass.DATA_STRUCTURE),
        ("dataprovision", ArtefactClass.PROVISION_AGREEMENT),
    ],
)
def test_structure_types(tmp_path: Path, word: str, cls: ArtefactClass) -> None:
    data = read_csv(message(tmp_path, "STRUCTURE,STRUCTURE_ID,SEX", f"{word},X:Y(1.0),F"))
    assert data.structure is not None
    assert data.structure.artefact_class is cls
    assert data.actions is None


def test_unversioned_structure_is_the_newest(tmp_path: Path) -> None:
    data = read_csv(message(tmp_path, "STRUCTURE,STRUCTURE_ID,SEX", "dataflow,X:DF,F"))
    assert data.structure in structures()


def test_version_1_and_the_columns_of_eurostat(tmp_path: Path) -> None:
    path = message(
        tmp_path,
        "DATAFLOW,LAST UPDATE,freq,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG",
        "ESTAT:MIGR$DV(1.0),01/01/24 23:00:00,A,EL,2020,5,",
    )
    data = read_csv(path)
    assert str(data.structure) == "ESTAT:MIGR$DV(1.0)"
    assert data.ignored == ("LAST UPDATE",)
    assert data.table.column_names == ["freq", "geo", "TIME_PERIOD", "OBS_VALUE", "OBS_FLAG"]


LABELLED = (
    "STRUCTURE[;],STRUCTURE_ID,ACTION,SEX: Sex,TAGS[]: Tags,OBS_VALUE: Value,NOTE: Note",
    "dataflow,X:DF(1.0.0): All: of it,I,F: Female,A: Letter A: first;B: Letter B,1,Warning: old",
    "dataflow,X:DF(1.0.0): All: of it,I,M: Male,B: Letter B,2,Warning: new",
)


def test_labels_both_without_structures(tmp_path: Path) -> None:
    data = read_csv(message(tmp_path, *LABELLED))
    assert str(data.structure) == "X:DF(1.0.0)"
    assert data.table.to_pydict() == {
        "SEX": ["F", "M"],
        "TAGS": [["A", "B"], ["B"]],
        "OBS_VALUE": ["1", "2"],
        "NOTE": ["Warning: old", "Warning: new"],  # one "code" with two names is none
    }


def test_labels_both_with_structures_leaves_free_text_alone(tmp_path: Path) -> None:
    path = message(tmp_path, *LABELLED[:2])
    assert read_csv(path).table["NOTE"].to_pylist() == ["Warning"]  # a guess, and a wrong one
    assert read_csv(path, structures()).table["NOTE"].to_pylist() == ["Warning: old"]
    assert read_csv(path, structures()).table["SEX"].to_pylist() == ["F"]


def test_labels_name_are_columns_of_their_own_even_under_an_id(tmp_path: Path) -> None:
    path = message(
        tmp_path,
        "STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,ACTION,SEX,SEX,OBS_VALUE,Value,UPDATED",
        "dataflow,X:DF(1.0.0),Flow,I,F,Female,1,,2024-01-01",
    )
    data = read_csv(path)
    assert data.table.to_pylist() == [{"SEX": "F", "OBS_VALUE": "1", "UPDATED": "2024-01-01"}]
    assert data.ignored == ("STRUCTURE_NAME", "SEX", "Value")


def test_several_values_and_several_languages(tmp_path: Path) -> None:
    path = message(
        tmp_path,
        "STRUCTURE[;],STRUCTURE_ID,SEX,TAGS[],NOTE[en;fr-CA]",
        "dataflow,X:DF(1.0.0),F,A;B,en:Rivers; lakes;fr-CA:Lacs: 2",
        'dataflow,X:DF(1.0.0),M,"""A;1"";B","fr-CA:""Lacs"""',
        "dataflow,X:DF(1.0.0),M,;,",
    )
    table = read_csv(path).table
    assert table["TAGS"].to_pylist() == [["A", "B"], ["A;1", "B"], None]
    assert table["NOTE"].to_pylist() == [
        [("en", "Rivers; lakes"), ("fr-CA", "Lacs: 2")],
        [("fr-CA", '"Lacs"')],
        None,
    ]


def test_a_language_the_header_does_not_announce_is_told_with_its_line(tmp_path: Path) -> None:
    path = message(
        tmp_path,
        "STRUCTURE[|],STRUCTURE_ID,NOTE[en|fr]",
        "dataflow,X:DF(1.0.0),en:a|fr:b",
        "dataflow,X:DF(1.0.0),de:c",
        "dataflow,X:DF(1.0.0),en:d|en:e",
    )
    with pytest.raises(Invalid) as refused:
        read_csv(path)
    assert [(f.line, f.column, f.value) for f in refused.value.findings] == [
        (3, "NOTE", "de:c"),
        (4, "NOTE", "en:d|en:e"),
    ]


def test_several_structures_are_listed(tmp_path: Path) -> None:
    lines = [f"dataflow,X:DF{n % 2}(1.0.0),F" for n in range(4)]
    with pytest.raises(Invalid, match="2 structures") as refused:
        read_csv(message(tmp_path, "STRUCTURE,STRUCTURE_ID,SEX", *lines))
    assert [(f.line, f.value) for f in refused.value.findings] == [
        (2, "X:DF0(1.0.0)"),
        (3, "X:DF1(1.0.0)"),
    ]


def test_a_row_without_structure_is_refused(tmp_path: Path) -> None:
    lines = ("dataflow,X:DF(1.0.0),F", "dataflow,,F")
    with pytest.raises(Invalid, match="STRUCTURE_ID is empty") as refused:
        read_csv(message(tmp_path, "STRUCTURE,STRUCTURE_ID,SEX", *lines))
    assert refused.value.findings[0].line == 3


def test_unknown_actions_are_told(tmp_path: Path) -> None:
    rows = [f"dataflow,X:DF(1.0.0),{action},F" for action in "IUUx"]
    with pytest.raises(Invalid) as refused:
        read_csv(message(tmp_path, "STRUCTURE,STRUCTURE_ID,ACTION,SEX", *rows))
    assert [(f.line, f.value) for f in refused.value.findings] == [(3, "U"), (5, "x")]
    assert "on 2 rows" in refused.value.findings[0].message


def test_a_deletion_of_everything_keeps_its_row(tmp_path: Path) -> None:
    data = read_csv(message(tmp_path, "STRUCTURE,STRUCTURE_ID,ACTION", "dataflow,X:DF(1.0.0),D"))
    assert (data.table.num_rows, data.table.num_columns) == (1, 0)


def test_header_only_is_a_message_without_observations(tmp_path: Path) -> None:
    header = "STRUCTURE[;],STRUCTURE_ID,ACTION,SEX: Sex,TAGS[],NOTE[en],OBS_VALUE"
    data = read_csv(message(tmp_path, header))
    assert data.table.num_rows == 0
    assert data.table.column_names == ["SEX", "TAGS", "NOTE", "OBS_VALUE"]
    assert data.structure is None
    assert [finding.severity for finding in data.findings] == [Severity.INFORMATION]


@pytest.mark.parametrize("name", ["estat_MIGR_ASYTPSM", "istat_DF_DCIS_MIGRAZIONI_2"])
def test_messages_of_real_services_agree_with_the_csv_module(name: str) -> None:
    path = MESSAGES / f"{name}.csv"
    if not path.exists():
        pytest.skip(f"no {path.name} in ../shared/data/messages")
    data = read_csv(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert data.table.num_rows == len(rows)
    for column in data.table.column_names:
        assert data.table[column].to_pylist() == [row[column] or None for row in rows]
    assert data.line(len(rows) - 1) == len(rows) + 1


def test_names_beside_ids_of_oecd_are_left_out() -> None:
    path = MESSAGES / "oecd_DF_MIG_ITA_B11.csv"
    if not path.exists():
        pytest.skip(f"no {path.name} in ../shared/data/messages")
    data = read_csv(path)
    assert data.table.column_names[:3] == ["REF_AREA", "CITIZENSHIP", "FREQ"]
    assert data.table["REF_AREA"].unique().to_pylist() == ["ITA"]
    assert "Citizenship" in data.ignored


def test_columns_of_a_large_file_have_one_dictionary_and_small_indices(tmp_path: Path):
    """Larger than what is parsed at a time, with other codes at its end than at its beginning."""
    rows = 300_000
    sexes = ["F", "M", ""]
    areas = [f"A{i // 1000}" for i in range(rows)]
    head = "DATAFLOW,SEX,AREA,OBS_VALUE"
    lines = (f"X:DF(1.0),{sexes[i % 3]},{areas[i]},{i}" for i in range(rows))
    table = read_csv(message(tmp_path, head, *lines)).table
    for name, type_, expected in (
        ("SEX", pa.int8(), [sexes[i % 3] or None for i in range(rows)]),
        ("AREA", pa.int16(), areas),
    ):
        column = table.column(name)
        assert column.num_chunks == 1
        assert column.chunk(0).indices.type == type_
        assert column.to_pylist() == expected
    assert table.column("OBS_VALUE").to_pylist() == [str(i) for i in range(rows)]
