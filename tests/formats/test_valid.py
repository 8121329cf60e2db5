"""Messages of any structure are valid by the official schemas, in every form that has one."""

from __future__ import annotations

import json
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from hub.formats.data import FORMS, DataForm, Family, write
from hub.formats.schema import Places, Usage
from hub.formats.schema import write as write_schema
from tests.formats.cubes import Cube, cubes
from tests.formats.data.test_json_message import load
from tests.formats.effort import examples
from tests.formats.schema.judge import judge, official
from tests.formats.schema.structures import XSD_21, XSD_30, XSD_31
from tests.formats.test_round_trip import HEADER

SPECIFIC = [form for form in FORMS if form.family is Family.STRUCTURE_SPECIFIC]
GENERIC = [form for form in FORMS if form.family is Family.GENERIC]
JSON = [form for form in FORMS if form.family is Family.JSON]


def by_media_type(forms: list[DataForm]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("form", forms, ids=lambda form: form.media_type)


def written(cube: Cube, form: DataForm) -> bytes:
    return b"".join(write(HEADER, [cube.dataset()], form))


@by_media_type(JSON)
@examples(15)
@given(data=st.data())
def test_json(form: DataForm, data: st.DataObject) -> None:
    text = written(data.draw(cubes(form)), form)
    load(text, form.version)
    json.loads(text, parse_constant=pytest.fail)


@cache
def message_schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(official(XSD_21) / "SDMXMessage.xsd"))


@by_media_type(GENERIC)
@examples(15)
@given(data=st.data())
def test_generic(form: DataForm, data: st.DataObject) -> None:
    message_schema().assertValid(etree.fromstring(written(data.draw(cubes(form)), form)))


@by_media_type(SPECIFIC)
@examples(4)
@given(data=st.data())
def test_structure_specific(form: DataForm, data: st.DataObject) -> None:
    cube = data.draw(cubes(form))
    # Time series differ in the name of the root; their schema is the same otherwise.
    text = written(cube, form).replace(b"TimeSeriesData", b"Data")
    at = text.partition(b'dimensionAtObservation="')[2].partition(b'"')[0].decode()
    places = Places(schema=cube.schema, at=at, usage=Usage.OPTIONAL)
    schema_form = {"2.1": XSD_21, "3.0": XSD_30, "3.1": XSD_31}[form.model]
    faults = judge(write_schema(places, schema_form), schema_form).faults(text)
    # texts are awkward here, whatever the type: that they fit it is not asked
    of_values = ("is not a valid value", "[facet ")
    assert [fault for fault in faults if not any(part in fault for part in of_values)] == []
