"""How often many partners are asked: counted at a server that plays all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks import partners as many
from federation.harvest.node import harvest_into
from federation.partners import NODE_DOCUMENT, Partner
from federation.partners.catalogued import CataloguedPartners
from hub.store import Store

_PARTNERS = 20


def test_partners_are_asked_no_more_than_they_must_be(
    tmp_path: Path, node: Callable[..., Store]
) -> None:
    folder = tmp_path / "partners"
    areas = many.write(folder, 8_000, _PARTNERS)
    hub = node("HUB", "hub")
    with many.serving(folder) as server:
        registry = CataloguedPartners(hub.catalogue)
        for area in areas:
            url = f"{server.url}/{area}"
            about = {"name": area, "areas": (area,), "added": hub.catalogue.now()}
            registry.add(Partner(id=area, url=url, **about))  # type: ignore[arg-type]

        def harvested() -> tuple[Counter[str], Counter[str]]:
            report = harvest_into(hub)
            assert not report.failures, report.failures[0]
            data = Counter(o.reason.value for o in report.outcomes if o.flow != NODE_DOCUMENT)
            asked = server.requests()
            return data, Counter("data" if "/data/" in path else "document" for path in asked)

        few = len(areas)
        assert harvested() == ({"RELEASED": few}, {"document": few, "data": few})
        assert harvested() == ({"NOT_MODIFIED": few}, {"document": few})
        server.revise()
        assert harvested() == ({"RELEASED": few}, {"document": few, "data": few})
        assert harvested() == ({"NOT_MODIFIED": few}, {"document": few})
    assert len(hub.history(many.generate.STOCKS)) == 2 * few
