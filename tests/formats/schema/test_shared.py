"""The schemas of every shared structure and dataflow, for each dimension at observation level."""

from __future__ import annotations

import pytest

from dsd import shared_structures
from hub.formats.data.layout import dimension_at_observation
from hub.formats.schema import FORMS, Family, Places, SchemaForm, write
from hub.model import ALL_DIMENSIONS, Dataflow, DataStructure, Maintainable, allowed_values, resolve
from tests.formats.schema.judge import Xsd, judge
from tests.formats.schema.structures import JSON_20, JSON_21, XSD_21, XSD_31, XSDS

STRUCTURES = shared_structures()
DSDS, FLOWS = STRUCTURES.of_type(DataStructure), STRUCTURES.of_type(Dataflow)
CONTEXTS = [*DSDS, *FLOWS]


def places_of(context: Maintainable, at: str) -> Places:
    schema = resolve(context.reference, STRUCTURES)
    return Places(schema=schema, at=dimension_at_observation(schema, at))


@pytest.mark.parametrize("form", XSDS, ids=lambda form: form.version)
@pytest.mark.parametrize("context", CONTEXTS, ids=lambda artefact: artefact.id)
def test_xml_schemas_are_valid(context: Maintainable, form: SchemaForm) -> None:
    schema = resolve(context.reference, STRUCTURES)
    every = [column.id for column in schema.dimensions]
    for at in (ALL_DIMENSIONS, *(every if context in DSDS else every[-1:])):
        judge(write(places_of(context, at), form, ["en"]), form)


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda artefact: artefact.id)
def test_json_schemas_are_valid(context: Maintainable) -> None:
    for form in (JSON_20, JSON_21) if context is CONTEXTS[0] else (JSON_20,):
        judge(write(places_of(context, "TIME_PERIOD"), form), form)


def test_codes_are_those_that_the_constraints_leave() -> None:
    places = places_of(next(flow for flow in FLOWS if flow.id == "DF_STOCK_BIRTH"), "TIME_PERIOD")
    for form in (XSD_21, XSD_31):
        found = Xsd(places, form)
        series = found.attributes("SeriesType")
        assert found.values(series["COUNTERPART_BASIS"][0]) == ["BIRTH"]
        areas = set(found.values(series["REF_AREA"][0]))
        assert areas == allowed_values(places.schema, "REF_AREA")
        assert areas < set(found.values(series["COUNTERPART_AREA"][0]))


def test_every_form_of_the_rest_api_is_written() -> None:
    assert [form.media_type for form in FORMS] == [
        "application/vnd.sdmx.schema+json;version=2.1.0",
        "application/vnd.sdmx.schema+json;version=2.0.0",
        "application/vnd.sdmx.schema+xml;version=3.1.0",
        "application/vnd.sdmx.schema+xml;version=3.0.0",
        "application/vnd.sdmx.schema+xml;version=2.1",
    ]
    assert {form.family for form in FORMS} == {Family.XML, Family.JSON}
