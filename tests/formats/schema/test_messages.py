"""The node's own messages are valid against its schemas, and messages with a fault are not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.formats.data import FORMS as DATA_FORMS
from hub.formats.data import Family as DataFamily
from hub.formats.data import write as write_data
from hub.formats.data.layout import dimension_at_observation
from hub.formats.message import Action, Header
from hub.formats.schema import FORMS, Family, Places, SchemaForm, Usage, write
from tests.formats.schema.cubes import Cube, cubes
from tests.formats.schema.faults import json_faults, xml_faults
from tests.formats.schema.judge import judge
from tests.formats.schema.narrowed import narrowed
from tests.formats.schema.structures import XSD_21, data_form

HEADER = Header(
    id="M1", prepared=datetime(2025, 3, 1, tzinfo=UTC), sender="T", languages=("en", "fr")
)
EVERY_FORM = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.media_type[27:])
some = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def places_of(cube: Cube, usage: Usage = Usage.DECLARED) -> Places:
    at = dimension_at_observation(cube.schema, cube.at)
    return Places(schema=cube.schema, at=at, usage=usage)


def drawn(data: st.DataObject, form: SchemaForm) -> tuple[Cube, list[str]]:
    cube = data.draw(cubes())
    columns = cube.columns(data_form(form))
    return narrowed(cube, columns), columns


@EVERY_FORM
@some
@given(data=st.data())
def test_random_messages(form: SchemaForm, data: st.DataObject) -> None:
    cube, columns = drawn(data, form)
    places = places_of(cube)
    judged = judge(write(places, form), form)
    message = b"".join(write_data(HEADER, [cube.dataset(columns)], data_form(form)))
    assert judged.faults(message) == []
    faults = xml_faults if form.family is Family.XML else json_faults
    for kind, faulty in faults(message, places, form):
        assert judged.faults(faulty), kind


@EVERY_FORM
@some
@given(data=st.data())
def test_messages_that_delete(form: SchemaForm, data: st.DataObject) -> None:
    cube, columns = drawn(data, form)
    keys = [column.id for column in cube.schema.dimensions]
    dataset = cube.dataset(keys, action=Action.DELETE)
    message = b"".join(write_data(HEADER, [dataset], data_form(form)))
    for usage in (Usage.DELETION, Usage.OPTIONAL):
        assert judge(write(places_of(cube, usage), form), form).faults(message) == []
    places = places_of(cube)
    lower = (*cube.schema.measures, *places.series_attributes, *places.observation_attributes)
    needed = [c for c in lower if c.is_mandatory and c.id in columns]
    if needed:
        assert judge(write(places, form), form).faults(message)


@EVERY_FORM
@some
@given(data=st.data())
def test_messages_without_observations(form: SchemaForm, data: st.DataObject) -> None:
    cube, columns = drawn(data, form)
    dataset = Cube(cube.structures, cube.schema, [], cube.at).dataset(columns)
    message = b"".join(write_data(HEADER, [dataset], data_form(form)))
    assert judge(write(places_of(cube, Usage.OPTIONAL), form), form).faults(message) == []


@some
@given(cube=cubes(is_time_series=True))
def test_the_messages_for_time_series_of_2_1(cube: Cube) -> None:
    kind = next(
        f for f in DATA_FORMS if f.is_time_series and f.family is DataFamily.STRUCTURE_SPECIFIC
    )
    columns = cube.columns(kind)
    narrow = narrowed(cube, columns)
    message = b"".join(write_data(HEADER, [narrow.dataset(columns)], kind))
    places = Places(schema=narrow.schema, at="TIME_PERIOD")
    assert judge(write(places, XSD_21), XSD_21).faults(message) == []
