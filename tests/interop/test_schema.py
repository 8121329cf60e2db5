"""What the exchange publishes, judged by the schemas its nodes serve."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from hub.formats.schema import FORMS, Family, SchemaForm
from tests.formats.schema.judge import judge

#: Groups; attributes of derived figures; attributes with several values.
FLOWS = ["DF_STOCK_BIRTH", "DF_EMIGRANTS", "DF_ASYMMETRY"]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.media_type[27:])
@pytest.mark.parametrize("flow", FLOWS)
def test_what_is_published_is_valid(url: str, flow: str, form: SchemaForm) -> None:
    name = "structurespecificdata" if form.version == "2.1" else "data"
    media = f"application/vnd.sdmx.{name}+{form.family};version={form.version}"
    levels = ("TIME_PERIOD", "AllDimensions") if form.family is Family.XML else ("TIME_PERIOD",)
    for at in levels:
        where = f"dataflow/MIGX/{flow}/1.0.0?dimensionAtObservation={at}"
        asked = {"Accept": form.media_type}
        schema = httpx.get(f"{url}/sdmx/v2/schema/{where}", headers=asked, timeout=60)
        data: Any = httpx.get(f"{url}/sdmx/v2/data/{where}", headers={"Accept": media}, timeout=60)
        assert (schema.status_code, data.status_code) == (200, 200)
        assert judge(schema.content, form, is_checked=True).faults(data.content) == []
