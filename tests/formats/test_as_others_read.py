"""pysdmx and sdmx1 read the same rows from the same messages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hub.formats.reading import read_data
from hub.formats.structure import read as read_structures
from hub.model import Structures
from tests.formats.data.conftest import STRUCTURES
from tests.formats.data.test_other_readers import (
    PLAIN,
    UPPER,
    XML,
    comparable,
    pysdmx_rows,
    sdmx1_rows,
    structure,
    without_controls,
)

OFFICIAL = Path(__file__).parents[3] / "shared" / "data" / "messages" / "official" / "ml21"
#: Two more, across currencies, misspell CURRENCY, and one has another figure than the rest.
GENERIC = [
    f"samples__exr__ecb_exr_{kind}__generic__ecb_exr_{kind}_{layout}.xml"
    for kind in ("ng", "rg", "sg")
    for layout in ("flat", "ts", "ts_gf")
]
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
here = pytest.mark.skipif(not OFFICIAL.is_dir(), reason="the official samples are not here")


def ours(path: Path, structures: Structures) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read_data(path, structures).table.to_pylist()
    return found


@pytest.mark.parametrize("at", [None, "AllDimensions"])
@pytest.mark.parametrize("ending", XML)
def test_the_same_rows_as_pysdmx(tmp_path, build, rows, form, message, ending, at) -> None:
    if at and "timeseries" in ending:
        pytest.skip("a time-series message is never flat")
    columns = tuple(c for c in UPPER if c != "LICENCE") if at else UPPER
    held = without_controls(rows)
    text = message(build(held, columns, dimension_at_observation=at), form(ending))
    (tmp_path / "data.xml").write_bytes(text)
    found = ours(tmp_path / "data.xml", STRUCTURES)
    assert comparable(found, columns) == comparable(pysdmx_rows(text), columns)


@pytest.mark.parametrize("ending", XML[1:])
def test_the_same_rows_as_sdmx1(tmp_path, build, rows, form, message, ending) -> None:
    columns = UPPER if "structurespecific" in ending else tuple(c for c in UPPER if c != "SOURCE")
    text = message(build(without_controls(rows), columns), form(ending))
    known = {} if "generic" in ending else {"structure": structure()}
    (tmp_path / "data.xml").write_bytes(text)
    found = ours(tmp_path / "data.xml", STRUCTURES)
    assert comparable(found, columns) == comparable(sdmx1_rows(text, **known), columns)


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0", "2.1.0"])
def test_the_same_rows_from_json_as_from_csv(
    tmp_path,
    build,
    rows,
    form,
    message,
    version,
) -> None:
    """No other reader at hand knows SDMX-JSON 2.x: the bridge is CSV, which pysdmx reads."""
    dataset = build(without_controls(rows), PLAIN)
    (tmp_path / "data.json").write_bytes(message(dataset, form(f"data+json;version={version}")))
    expected = pysdmx_rows(message(dataset, form("data+csv;version=2.0.0")))
    found = ours(tmp_path / "data.json", STRUCTURES)
    assert comparable(found, PLAIN) == comparable(expected, PLAIN)


@here
@pytest.mark.parametrize("name", GENERIC)
def test_official_samples_as_sdmx1_reads_them(name: str) -> None:
    kind = name.split("__")[2]
    known = read_structures(OFFICIAL / f"samples__exr__{kind}__{kind}.xml", skip_unknown=True)
    found = ours(OFFICIAL / name, Structures(known))
    columns = [c for c in found[0] if c not in _BEYOND]
    expected = sdmx1_rows((OFFICIAL / name).read_bytes())
    assert comparable(found, tuple(columns)) == comparable(expected, tuple(columns))
    assert len(found) == 12


#: What sdmx1 does not give to the observations: attributes of groups.
_BEYOND = ("TITLE", "COLL_METHOD", "DECIMALS", "UNIT_MEASURE", "UNIT_MULT")


@here
def test_attributes_of_groups_are_the_same_in_every_layout() -> None:
    """The standard's samples say the same figures flat, in series and across currencies."""
    for kind in ("ng", "rg", "sg"):
        place = f"samples__exr__ecb_exr_{kind}"
        known = read_structures(OFFICIAL / f"{place}__ecb_exr_{kind}.xml", skip_unknown=True)
        renamed = [  # the structure of the samples 'rg' is called 'cg' where it is defined
            replace(artefact, id=artefact.id.replace("_CG", "_RG")) for artefact in known
        ]
        layouts = [
            ours(path, Structures(renamed))
            for path in sorted(OFFICIAL.glob(f"{place}__*__*.xml"))
            if "generic" not in path.name or path.name in GENERIC
        ]
        columns = tuple(layouts[0][0])
        assert len(columns) == 14
        assert len(layouts) >= 7
        for found in layouts:
            assert comparable(found, columns) == comparable(layouts[0], columns)
