"""The checker finds each fault, and says in which file and at which key."""

import pytest

from dsd import load_structures
from dsd.check import check, check_references, main
from hub.errors import Invalid
from hub.model import DataStructure, Structures


def test_the_package_is_sound(capsys):
    assert check() == ()
    assert main([]) == 0
    assert "sound" in capsys.readouterr().out


FAULTS = [
    # file, what is there, what is put instead; rule, key, value found
    (
        "concepts.toml",
        'codelist = "CL_SEX"',
        'codelist = "CL_SEXES"',
        ("codelist", "concepts.SEX.codelist", "CL_SEXES"),
    ),
    (
        "concepts.toml",
        'codelist = "CL_SEX"',
        'codelist = "CL_SEX"\ntext_type = "String"',
        ("representation", "concepts.SEX", None),
    ),
    (
        "concepts.toml",
        'text_type = "Double"\nname',
        'text_type = "Real"\nname',
        ("entry", "concepts.OBS_VALUE.text_type", None),
    ),
    (
        "concepts.toml",
        'name = { en = "Sex",',
        "name = {",
        ("name", "concepts.SEX.name", None),
    ),
    (
        "concepts.toml",
        'name = { en = "Sex",',
        'name = { en = "Sex", eng = "Sex",',
        ("name", "concepts.SEX.name", "eng"),
    ),
    (
        "concepts.toml",
        'description = "Sex of the persons counted."',
        'description = ""',
        ("description", "concepts.SEX.description", None),
    ),
    (
        "concepts.toml",
        "[concepts.TITLE]",
        "[concepts.HEADLINE]",
        ("unused", "concepts.HEADLINE", None),
    ),
    ("concepts.toml", "[concepts.SEX]", "[concepts.SEX", ("toml", None, None)),
    ("MIG_STOCK.toml", '"SEX"', '"GENDER"', ("concept", "GENDER", None)),
    ("MIG_STOCK.toml", '"AGE",', '"AGE", "AGE",', ("twice", "AGE", None)),
    ("MIG_STOCK.toml", 'time = "TIME_PERIOD"', "", ("entry", None, None)),
    ("MIG_STOCK.toml", 'time = "TIME_PERIOD"', "tme = 1", ("entry", None, None)),
    ("MIG_STOCK.toml", 'version = "1.0.0"', 'version = "1.0"', ("entry", "version", None)),
    (
        "MIG_STOCK.toml",
        'dimensions = ["REF_AREA"]',
        'dimensions = ["AREA"]',
        ("group", "attributes[2].dimensions", "AREA"),
    ),
    ("MIG_STOCK.toml", 'group = "GRP_REF_AREA"', "", ("group", "attributes[2]", None)),
    (
        "MIG_STOCK.toml",
        'attached_to = "series"',
        'attached_to = "key"',
        ("entry", "attributes[1].attached_to", None),
    ),
    (
        "MIG_MIRROR.toml",
        "lists = { ASYM_REASON = 14 }",
        "lists = { REASON = 14 }",
        ("lists", "attributes[0].lists", "REASON"),
    ),
    (
        "dataflows.toml",
        'structure = "MIG_STOCK"',
        'structure = "MIG_STOCKS"',
        ("structure", "DF_STOCK_BIRTH.structure", "MIG_STOCKS"),
    ),
    (
        "dataflows.toml",
        'slice_by = "REF_AREA"',
        'slice_by = "ORIG_AREA"',
        ("slice-by", "DF_STOCK_BIRTH.slice_by", "ORIG_AREA"),
    ),
    ("dataflows.toml", "[DF_STOCK_BIRTH]", "[DF_STOCK]", ("allowed", "DF_STOCK", None)),
    (
        "constraints.toml",
        'dataflow = "DF_STOCK_BIRTH"',
        'dataflow = "DF_NONE"',
        ("target", "allowed.CN_STOCK_BIRTH.dataflow", "DF_NONE"),
    ),
    (
        "constraints.toml",
        'MIGRANT_STATUS = ["FB"]',
        'MIGRANT_STATUS = ["FB", "XX"]',
        ("code", "allowed.CN_STOCK_BIRTH.keys.MIGRANT_STATUS", "XX"),
    ),
    (
        "constraints.toml",
        'MIGRANT_STATUS = ["FB"]',
        "MIGRANT_STATUS = []",
        ("code", "allowed.CN_STOCK_BIRTH.keys.MIGRANT_STATUS", None),
    ),
    (
        "constraints.toml",
        'MIGRANT_STATUS = ["FB"]',
        'MIGRANT_STATUS = ["reporting areas"]',
        ("code", "allowed.CN_STOCK_BIRTH.keys.MIGRANT_STATUS", "reporting areas"),
    ),
    (
        "constraints.toml",
        'MIGRANT_STATUS = ["FB"]',
        'FLOW_TYPE = ["IMM"]',
        ("key", "allowed.CN_STOCK_BIRTH.keys.FLOW_TYPE", None),
    ),
    (
        "dataflows.toml",
        'slice_by = "ORIG_AREA"\nwritten_by = "derive"',
        'slice_by = "ORIG_AREA"\nwritten_by = "me"',
        ("entry", "DF_EMIGRANTS.written_by", None),
    ),
    (
        "constraints.toml",
        'structures = ["MIG_FLOW"]',
        'structures = "MIG_FLOW"',
        ("entry", "forbidden.CN_IMM_NEXT_RES.structures", None),
    ),
    (
        "constraints.toml",
        'structures = ["MIG_FLOW"]',
        'structures = ["MIG_FLOWS"]',
        ("target", "forbidden.CN_IMM_NEXT_RES.structures", "MIG_FLOWS"),
    ),
    (
        "constraints.toml",
        'FLOW_TYPE = ["IMM"]\n',
        "",
        ("combination", "forbidden.CN_IMM_NEXT_RES", None),
    ),
    (
        "constraints.toml",
        "CN_IMM_NEXT_RES",
        "CN_FLOW_RES",
        ("twice", "CN_FLOW_RES", None),
    ),
    (
        "maps/istat.toml",
        '["1", "M"]',
        '["1", "MAN"]',
        ("code", "values.RM_ISTAT_SEX.rows", "MAN"),
    ),
    ("maps/istat.toml", '["1", "M"]', '["1"]', ("row", "values.RM_ISTAT_SEX.rows", "1")),
    ("maps/istat.toml", '["2", "F"]', '["1", "F"]', ("twice", "values.RM_ISTAT_SEX", "1")),
    (
        "maps/istat.toml",
        'to = ["CL_SEX"]',
        'to = ["CL_SEXES"]',
        ("codelist", "values.RM_ISTAT_SEX.to", "CL_SEXES"),
    ),
    (
        "maps/istat.toml",
        '"ISTAT"]',
        '"INSTAT"]',
        ("spellings", "values.RM_ISTAT_CITIZEN.spellings", "INSTAT"),
    ),
    ("maps/istat.toml", "[pP]", "[pP", ("pattern", "values.RM_ISTAT_STATUS", "[pP")),
    (
        "maps/istat.toml",
        'because = "a part of Italy"',
        'because = ""',
        ("because", "values.RM_ISTAT_TERRITORY", None),
    ),
    (
        "maps/istat.toml",
        "[values.RM_ISTAT_FREQ]",
        "[values.MAP_FREQ]",
        ("map-id", "values.MAP_FREQ", None),
    ),
    (
        "maps/istat.toml",
        'values = "RM_ISTAT_FREQ"',
        'values = "RM_ISTAT_SEX"',
        ("unused", "values.RM_ISTAT_FREQ", None),
    ),
    (
        "maps/istat.toml",
        'target = "DF_FLOW_CTZ"',
        'target = "DF_FLOWS"',
        ("target", "structures.SM_ISTAT_MIGRAZIONI_2.target", "DF_FLOWS"),
    ),
    (
        "maps/istat.toml",
        'source = "IT1:28',
        'source = "28',
        ("source", "structures.SM_ISTAT_MIGRAZIONI_2.source", "28_185_DF_DCIS_MIGRAZIONI_2(1.0)"),
    ),
    (
        "maps/istat.toml",
        'UNIT_MULT = "0", ',
        "",
        ("component", "structures.SM_ISTAT_MIGRAZIONI_2", "UNIT_MULT"),
    ),
    (
        "maps/istat.toml",
        'UNIT_MULT = "0"',
        'SEX = "M"',
        ("twice", "structures.SM_ISTAT_MIGRAZIONI_2", "SEX"),
    ),
    ("maps/istat.toml", "others =", "other =", ("entry", "values.RM_ISTAT_TERRITORY", None)),
    ("agencies.toml", 'name = { en = "SDMX" }', "name = {}", ("name", "agencies.SDMX.name", None)),
]


@pytest.mark.parametrize(
    ("file", "there", "instead", "expected"), FAULTS, ids=[f"{f[0]}-{f[3][0]}" for f in FAULTS]
)
def test_each_fault_is_found_where_it_is(folder, file, there, instead, expected):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert there in text
    # Constraint ids stand twice, on the table and its keys: both are changed.
    path.write_text(text.replace(there, instead, -1 if there.startswith("CN_") else 1), "utf-8")
    rule, key, value = expected
    found = [(f.file, f.rule, f.column, f.value) for f in check(folder)]
    assert (file, rule, key, value) in found
    with pytest.raises(Invalid):
        load_structures(folder)


def test_a_missing_file_is_found(folder, capsys):
    (folder / "agencies.toml").unlink()
    (finding,) = check(folder)
    assert (finding.file, finding.rule) == ("agencies.toml", "file-missing")
    assert main([str(folder)]) == 1
    assert "agencies.toml" in capsys.readouterr().out


def test_an_empty_file_is_found(folder):
    (folder / "dataflows.toml").write_text("")
    assert {f.rule for f in check(folder)} == {"target"}


def test_all_faults_are_told_at_once(folder):
    for file in ("MIG_STOCK.toml", "MIG_FLOW.toml"):
        path = folder / file
        path.write_text(path.read_text(encoding="utf-8").replace('"SEX"', '"GENDER"'), "utf-8")
    assert {f.file for f in check(folder) if f.rule == "concept"} == {
        "MIG_STOCK.toml",
        "MIG_FLOW.toml",
    }


def test_a_reference_to_nothing_is_found():
    structures = load_structures()
    alone = Structures(structures.of_type(DataStructure))
    found = {finding.value for finding in check_references(alone)}
    assert "MIGX:CS_MIG(1.0.0)" in found
    assert "MIGX:CL_AREA_MIG(1.0.0)" in found
