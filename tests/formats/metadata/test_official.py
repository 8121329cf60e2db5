"""The official sample messages: metadata is read, all else is refused for the right reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.errors import Invalid
from hub.formats.message import Header
from hub.formats.metadata import Shown, read, write
from hub.formats.metadata.form import META_GENERIC_21
from hub.formats.structure import read as read_structures
from hub.model import (
    CategoryScheme,
    DataProviderScheme,
    Metadataflow,
    MetadataStructure,
    Organisation,
    Structures,
)
from hub.model.metadata_schema import resolve_metadata
from hub.publish.metadata import check
from tests.formats.metadata import judges

CATEGORY = (
    "urn:sdmx:org.sdmx.infomodel.categoryscheme.Category=ESTAT:DATAFLOWS_SCHEME(1.0).PSC.DEM.TOT"
)
PROVIDER = "urn:sdmx:org.sdmx.infomodel.base.DataProvider=ESTAT:DATA_PROVIDERS(1.0).ESTAT"
_MODEL = "urn:sdmx:org.sdmx.infomodel"
#: By file: what its sets are called, and the objects they are about, each once.
READ = {
    "sdmx-json__metadata-message__samples__constructed-sample.json": (
        ["ESTAT:METADATASET1(1.0)", "ESTAT:META_UPDATE(1.0)", "ESTAT:STAT_PRES(1.0)"],
        (CATEGORY,),
    ),
    "sdmx-json__metadata-message__samples__constructed-sample2.json": (
        [
            "IMF:METADATASET1(1.0.0)",
            "IMF:METADATASET2(1.0.0)",
            "IMF:DATAFLOW_REPORT(1.0.0)",
            "IMF:STRUCTURE_DIMENSION_REPORT(1.0.0)",
            "IMF:CODE_REPORT(1.0.0)",
        ],
        (
            f"{_MODEL}.datastructure.DataStructure=IMF:IFS_DSD(1.0)",
            f"{_MODEL}.datastructure.Dataflow=IMF:IFS_DF(1.0)",
            f"{_MODEL}.datastructure.Dimension=IMF:IFS_DSD(1.0).SOURCE",
            f"{_MODEL}.codelist.Code=IMF:CL_SOURCE(1.0).ABC",
            f"{_MODEL}.codelist.Code=IMF:CL_SOURCE(1.0).XYZ",
        ),
    ),
    "ml21/samples__demography__esms_generic.xml": (["ESTAT:SET1(1.0)"], (CATEGORY, PROVIDER)),
    "ml21/samples__demography__esms_structured.xml": (["ESTAT:SET1(1.0)"], (CATEGORY, PROVIDER)),
}
REFUSED = {
    # a reference to an agreement in version 0.0.0+, which no version query is
    "sdmx-json__metadata-message__samples__generated-sample.json": "'0.0.0+' is not a version",
    "ml21/samples__demography__esms.xml": "this is a Structure message",
    "ml21/samples__demography__demography.xml": "this is a Structure message",
    "ml21/samples__exr__ecb_exr_ng__generic__ecb_exr_ng_flat.xml": "this is a GenericData message",
    "sdmx-json__data-message__samples__agri.json": "not a metadata message",
    "sdmx-json__structure-message__samples__constructed-sample.json": "not a metadata message",
    "sdmx-ml__samples__Dataflow__dataflow.xml": "this is a Structure message",
}


@pytest.fixture
def official(shared: Path) -> Path:
    folder = shared / "messages" / "official"
    if not folder.is_dir():
        pytest.skip("the official samples are not here")
    return folder


@pytest.mark.parametrize("name", READ)
def test_what_is_metadata_is_read(official: Path, name: str) -> None:
    sets = [one.metadata_set for one in read(official / name).received]
    names, targets = READ[name]
    assert [str(one.reference) for one in sets] == names
    assert tuple(dict.fromkeys(urn for one in sets for urn in one.targets)) == targets
    assert all(one.attributes for one in sets)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_is_refused(official: Path, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(official / name)
    assert REFUSED[name] in refused.value.message


@pytest.fixture
def known(official: Path) -> Structures:
    """The structure of the samples, with the flow and the provider that their sets name."""
    found = read_structures(official / "ml21" / "samples__demography__esms.xml")
    (structure,) = (each for each in found if isinstance(each, MetadataStructure))
    assert any(isinstance(each, CategoryScheme) for each in found)
    flow = Metadataflow(agency="ESTAT", id="ESMS", version="1.0", structure=structure.reference)
    providers = DataProviderScheme(
        agency="ESTAT", id="DATA_PROVIDERS", version="1.0", items=(Organisation(id="ESTAT"),)
    )
    return Structures([*found, flow, providers])


def test_both_forms_of_the_same_report_say_the_same(official: Path, known: Structures) -> None:
    """The two samples of 2.1 hold one report, which is sound by its structure but for a list."""
    names = [name for name in READ if name.startswith("ml21")]
    checked = [check(read(official / name), known) for name in names]
    generic, specific = (one.sets[0][1] for one in checked)
    assert generic == specific
    told = [(f.rule, f.column) for f in checked[0].findings if "Category" not in f.message]
    assert told == []
    assert generic.reporting_begin == "2010"
    contact = generic.attributes[0]
    assert [each.value for each in contact.attributes[2].attributes][3] == "LU"


def test_the_report_is_written_as_it_was(official: Path, known: Structures, tmp_path: Path) -> None:
    """About a category, a provider and a period, as the target of its structure has it."""
    name = "ml21/samples__demography__esms_generic.xml"
    ((_, one),) = check(read(official / name), known).sets
    shown = Shown(metadata_set=one, schema=resolve_metadata(_context(one), known))
    header = Header(id="M1", prepared=datetime(2026, 1, 1, tzinfo=UTC), sender="ESTAT")
    message = b"".join(write(header, lambda: iter((shown,)), META_GENERIC_21))
    judges.check(message, META_GENERIC_21, tmp_path)
    text = message.decode()
    assert '<gen:Report id="ESMS_SIMPLE_REPORT"><gen:Target id="CATEGORY_TARGET">' in text
    assert "<gen:ReportPeriod>2010</gen:ReportPeriod>" in text
    ((_, again),) = check(read(message), known).sets
    assert again == replace(one, targets=again.targets)
    assert set(again.targets) == set(one.targets)


def _context(one):  # type: ignore[no-untyped-def]
    assert one.context is not None
    return one.context
