"""What the methods read and write are the shared structures, no more and no less."""

from __future__ import annotations

import pytest

from dsd import shared_structures
from federation.crosscheck.pairs import FLOW_ATTRIBUTES, FLOW_DIMENSIONS
from federation.mirror import MIRROR_SCHEMA
from federation.mirror.columns import STOCK_ATTRIBUTES, STOCK_DIMENSIONS
from hub.engine import arrow_schema
from hub.model import ArtefactClass, Reference, resolve


def columns_of(structure: str) -> dict[str, object]:
    reference = Reference(ArtefactClass.DATA_STRUCTURE, "MIGX", structure, "1.0.0")
    schema = arrow_schema(resolve(reference, shared_structures()))
    return dict(zip(schema.names, schema.types, strict=True))


def test_what_is_written_is_mig_mirror() -> None:
    declared = columns_of("MIG_MIRROR")
    written = dict(zip(MIRROR_SCHEMA.names, MIRROR_SCHEMA.types, strict=True))
    assert {name: declared.get(name) for name in written} == written
    assert list(declared)[:12] == MIRROR_SCHEMA.names[:12]


@pytest.mark.parametrize(
    ("structure", "dimensions", "attributes"),
    [
        ("MIG_STOCK", STOCK_DIMENSIONS, STOCK_ATTRIBUTES),
        ("MIG_FLOW", FLOW_DIMENSIONS, FLOW_ATTRIBUTES),
    ],
)
def test_what_is_read_is_declared(structure: str, dimensions: tuple, attributes: tuple) -> None:
    declared = columns_of(structure)
    assert tuple(declared)[: len(dimensions)] == dimensions
    assert set(attributes) <= declared.keys()
