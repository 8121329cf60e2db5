"""What is written in any form reads back to the same rows."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.formats.data import FORMS, DataForm, Family, write
from hub.formats.message import Action, DataSet, Header
from hub.formats.reading import read_data
from tests.formats.cubes import Cube, as_texts, cubes

HEADER = Header(
    id="M1", prepared=datetime(2025, 3, 1, tzinfo=UTC), sender="T", languages=("en", "fr", "pt-BR")
)
ordinary = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
EVERY_FORM = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.media_type)


def written(path: Path, datasets: list[DataSet], form: DataForm) -> Path:
    path.write_bytes(b"".join(write(HEADER, datasets, form)))
    return path


@EVERY_FORM
@ordinary
@given(data=st.data())
def test_rows_come_back(tmp_path: Path, form: DataForm, data: st.DataObject) -> None:
    cube = data.draw(cubes(is_time_series=form.is_time_series))
    columns = cube.columns(form)
    path = written(tmp_path / "message", [cube.dataset(columns)], form)
    raw = read_data(path, cube.structures)
    assert as_texts(raw.table.to_pylist(), columns, cube.schema) == as_texts(
        cube.rows, columns, cube.schema
    )
    assert set(raw.table.column_names) <= set(columns)
    assert raw.structure == cube.schema.context
    assert raw.findings == ()


@EVERY_FORM
@ordinary
@given(data=st.data())
def test_actions_come_back_with_their_rows(
    tmp_path: Path, form: DataForm, data: st.DataObject
) -> None:
    # SDMX-CSV 1.0 has no actions, and does not tell data sets apart.
    has_actions = not (form.family is Family.CSV and form.is_simple)
    cube = data.draw(cubes(least=2, is_time_series=form.is_time_series))
    columns = [c.id for c in cube.schema.dimensions]
    columns += ["OBS_VALUE"] if form.is_simple else [c.id for c in cube.schema.measures]
    first, second = cube.rows[:1], cube.rows[1:]
    datasets = [
        Cube(cube.structures, cube.schema, part, cube.at).dataset(columns, action=action)
        for part, action in ((first, Action.REPLACE), (second, Action.INFORMATION))
    ][: 2 if has_actions else 1]
    raw = read_data(written(tmp_path / "message", datasets, form), cube.structures)
    actions = ["Replace"] + ["Information"] * len(second) if has_actions else None
    assert (raw.actions.to_pylist() if raw.actions is not None else None) == actions
    dimensions = [c.id for c in cube.schema.dimensions]
    first_read = raw.table.slice(0, 1).to_pylist()
    schema = cube.schema
    assert as_texts(first_read, dimensions, schema) == as_texts(first, dimensions, schema)
