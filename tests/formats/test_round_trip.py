"""What is written in any form reads back to the same rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.formats import bulk
from hub.formats.bulk import BulkForm
from hub.formats.data import FORMS, DataForm, Family, write
from hub.formats.message import Action, DataSet, Header
from hub.formats.reading import read_data
from tests.formats.cubes import Form, as_texts, cubes
from tests.formats.effort import examples

HEADER = Header(
    id="M1", prepared=datetime(2025, 3, 1, tzinfo=UTC), sender="T", languages=("en", "fr", "pt-BR")
)
EVERY_FORM = pytest.mark.parametrize(
    "form", [*FORMS, *bulk.FORMS], ids=lambda form: form.media_type
)
CSV = [form for form in FORMS if form.family is Family.CSV]


def written(path: Path, datasets: list[DataSet], form: Form) -> Path:
    chunks = bulk.write if isinstance(form, BulkForm) else write
    path.write_bytes(b"".join(chunks(HEADER, datasets, form)))  # type: ignore[operator]
    return path


def check_rows(folder: Path, form: Form, data: st.DataObject) -> None:
    cube = data.draw(cubes(form))
    raw = read_data(written(folder / "message", [cube.dataset()], form), cube.structures)
    found = as_texts(raw.table.to_pylist(), cube.columns, cube.schema)
    assert found == as_texts(cube.rows, cube.columns, cube.schema)
    others = set(raw.table.column_names) - set(cube.columns)
    assert others <= {"OBS_VALUE"}  # SDMX-JSON 1.0 always has a place for it
    assert not any(raw.table[name].null_count < raw.table.num_rows for name in others)
    assert raw.structure == cube.schema.context
    assert raw.findings == ()


@EVERY_FORM
@examples(40)
@given(data=st.data())
def test_rows_come_back(tmp_path: Path, form: Form, data: st.DataObject) -> None:
    check_rows(tmp_path, form, data)


@pytest.mark.parametrize("form", CSV, ids=lambda form: form.media_type)
@examples(40)
@given(data=st.data())
def test_rows_come_back_under_every_option_of_csv(
    tmp_path: Path, form: DataForm, data: st.DataObject
) -> None:
    chosen = replace(
        form,
        labels=data.draw(st.sampled_from(["both"] if form.is_simple else ["name", "both"])),
        keys=data.draw(st.sampled_from(["none", "obs", "series", "both"])),
        time_format=data.draw(st.sampled_from(["original", "normalized"])),
    )
    check_rows(tmp_path, chosen, data)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.media_type)
@examples(20)
@given(data=st.data())
def test_actions_come_back_with_their_rows(
    tmp_path: Path, form: DataForm, data: st.DataObject
) -> None:
    cube = data.draw(cubes(form, least=2))
    first, second = cube.part(cube.rows[:1]), cube.part(cube.rows[1:])
    one, other = (data.draw(st.sampled_from(_actions(form))) for _ in range(2))
    datasets = [first.dataset(action=one), second.dataset(action=other)]
    parts = [first, second]
    if form.family is Family.CSV and form.is_simple:  # nothing tells its data sets apart
        datasets, parts = datasets[:1], parts[:1]
    raw = read_data(written(tmp_path / "message", datasets, form), cube.structures)
    if form.family is Family.CSV and form.is_simple:
        assert raw.actions is None
    else:
        words = [form.action_word(action) for action in (one, *[other] * len(second.rows))]
        assert raw.actions.to_pylist() == words
    tables = [raw.table.slice(0, 1), raw.table.slice(1)]
    for part, table in zip(parts, tables, strict=False):
        found = as_texts(table.to_pylist(), cube.columns, cube.schema)
        assert found == as_texts(part.rows, cube.columns, cube.schema)


def _actions(form: DataForm) -> list[Action]:
    is_without = form.family is Family.CSV and form.is_simple
    return [action for action in Action if not (is_without and action is Action.DELETE)]
