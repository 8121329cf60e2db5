"""sdmx1 reads every type of artefact of REST 1.5 that it knows, from an agency with one of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hub.rest.artefact_types import TYPES_V1
from tests.tck import agency

sdmx = pytest.importorskip("sdmx")
pytest.importorskip("sdmx.reader.xml.v30")  # before its reader of 2.1: see test_sdmx1.py
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
ARTEFACTS = (*agency.OF_21, *agency.OF_3X)
ML_21 = "application/vnd.sdmx.structure+xml;version=2.1"
NOT_ARTEFACTS = {"availableconstraint", "data", "metadata", "registration", "schema"}
NO_ELEMENT = r"NotImplementedError|'start'"
#: What sdmx1 2.28 cannot read, and what it says.
STUMBLES = {
    "attachementconstraint": "404",  # it misspells the type
    "hierarchicalcodelist": "alias",  # optional in the schema of 2.1
    "organisationscheme": NO_ELEMENT,  # it has no schemes of organisation units
    "organisationunitscheme": NO_ELEMENT,
    "process": NO_ELEMENT,
    "reportingtaxonomy": NO_ELEMENT,
    "rulesetscheme": "uncollected",  # but as part of a transformation scheme it does
    "structure": NO_ELEMENT,  # everything, so these too
    "structureset": NO_ELEMENT,
    "userdefinedoperatorscheme": "uncollected",
}


@pytest.fixture
def client(agency_url: str) -> Iterator[Any]:
    id_ = agency.AGENCY
    sdmx.add_source({"id": id_, "name": "A node", "url": f"{agency_url}/sdmx/v1"})
    made = sdmx.Client(id_)
    made.session.trust_env = False
    try:
        yield made
    finally:
        made.session.close()
        del sdmx.source.sources[id_]


def _ids(message: Any) -> set[str]:
    """The ids of the artefacts in any collection of a message."""
    collections = [held for held in vars(message).values() if isinstance(held, dict)]
    return {str(id_) for collection in collections for id_ in collection}


@pytest.mark.parametrize(
    "kind", sorted({each.value for each in sdmx.Resource} - NOT_ARTEFACTS), ids=str
)
def test_every_type(client: Any, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    # it has no limits of its own to what a source offers: what is there decides
    ask = {"resource_id": "all", "params": {"references": "none"}, "headers": {"Accept": ML_21}}
    if kind in STUMBLES:
        with pytest.raises(Exception, match=STUMBLES[kind]):
            client.get(kind, force=True, **ask)
        return
    found = _ids(client.get(kind, force=True, **ask))
    wanted = {each.id for each in ARTEFACTS if each.artefact_class in TYPES_V1[kind]}
    if kind == "actualconstraint":
        wanted = {"ACTUAL"}
    if kind == "allowedconstraint":
        wanted -= {"ACTUAL"}
    assert wanted
    assert wanted <= found


def test_parents_and_texts_in_every_language_are_kept(client: Any) -> None:
    areas = client.codelist("CL_AREA", params={"references": "none"}).codelist["CL_AREA"]
    wanted = {code.id: code for code in agency.AREA_LIST.items}
    parents = {id_: code.parent.id for id_, code in areas.items.items()}
    assert parents == {id_: code.parent or "CL_AREA" for id_, code in wanted.items()}
    for id_, code in areas.items.items():
        assert code.name.localizations == dict(wanted[id_].name.texts)
