"""The agency for tests of conformance has what such tests want, and can be loaded as files."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.formats.structure import ML_21, ML_31, read
from hub.model import KINDS, DataConstraint, Maintainable
from hub.rest.artefact_types import ANY_TYPE, TYPES_V1, TYPES_V2
from tests.formats.structure import judges
from tests.tck import agency
from tests.tck.write import write_agency

ARTEFACTS = (*agency.OF_21, *agency.OF_3X)


def test_there_is_an_artefact_of_every_class() -> None:
    assert {artefact.artefact_class for artefact in ARTEFACTS} == set(KINDS)


@pytest.mark.parametrize("artefact", ARTEFACTS, ids=lambda artefact: artefact.id)
def test_each_has_a_description_and_more_than_one_item(artefact: Maintainable) -> None:
    assert artefact.description
    items = getattr(artefact, "items", None)
    assert items is None or len(items) > 1 or artefact.artefact_class.value.endswith("Map")


def test_structure_flow_and_agreements_are_constrained() -> None:
    allowed = [
        each for each in ARTEFACTS if isinstance(each, DataConstraint) and each.role == "Allowed"
    ]
    assert {target for each in allowed for target in each.targets} == {
        agency.STRUCTURE.reference,
        agency.FLOW.reference,
        *(agreement.reference for agreement in agency.AGREEMENTS),
    }


def test_figures_are_dense() -> None:
    for provider in agency.PROVIDERS:
        rows = [line.split(",") for line in agency.figures(provider).splitlines()[1:]]
        values = [sorted({row[column] for row in rows}) for column in (1, 2, 3, 4)]
        assert {tuple(row[1:5]) for row in rows} == set(product(*values))
        assert len(rows) == 2 * 2 * 2 * 4


def test_messages_hold_what_they_should(tmp_path: Path) -> None:
    old, new, *_ = write_agency(tmp_path)
    for path, form, artefacts in ((old, ML_21, agency.OF_21), (new, ML_31, agency.OF_3X)):
        judges.check(path.read_bytes(), form)
        assert {each.urn: each for each in read(path)} == {each.urn: each for each in artefacts}


@pytest.fixture
def home(corridor: Any, tmp_path: Path) -> Path:
    """A node with the agency and its figures."""
    home = tmp_path / "home"
    assert corridor("init", home, "--node", "SWE", "--role", "hub").exit == 0
    old, new, *figures = write_agency(tmp_path / "files")
    for path in (old, new):
        assert corridor("--home", home, "structures", "load", path).exit == 0
    for provider, path in zip(agency.PROVIDERS, figures, strict=True):
        flow = str(agency.FLOW.reference)
        ran = corridor("--home", home, "publish", flow, path, "--source", provider)
        assert ran.exit == 0, ran.err
    return home


def test_it_is_loaded_published_and_served(corridor: Any, home: Path, served: Any) -> None:
    from hub.store import open_store

    listed = corridor("--home", home, "structures", "list", "--json").json
    assert {each["class"] for each in listed} == {cls.value for cls in KINDS}
    store = open_store(home)
    with served(store) as (url,), httpx.Client(base_url=f"{url}/sdmx") as client:
        for name in TYPES_V1:
            assert client.get(f"/v1/{name}/{agency.AGENCY}").status_code == 200, name
        for name in set(TYPES_V2) - set(ANY_TYPE):
            assert client.get(f"/v2/structure/{name}/{agency.AGENCY}").status_code == 200, name
        for agreement in agency.AGREEMENTS:
            areas = agency.AREAS[agreement.provider.item]
            data = client.get(f"/v2/data/provisionagreement/CONF/{agreement.id}/*/*?format=csvdata")
            assert {line.split(",")[4] for line in data.text.splitlines()[1:]} == set(areas)
    store.close()
