"""Availability: values, counts and coverage of the reference evaluator, and what is referenced."""

from __future__ import annotations

import pytest

from tests.conformance.agency.plan import Flow
from tests.conformance.agency.shapes import AGREEMENTS, CODES
from tests.conformance.cases.availability import AVAILABILITY, AvailabilityCase
from tests.conformance.judging import official
from tests.conformance.node import Node
from tests.conformance.reading import structures
from tests.conformance.reference import periods
from tests.conformance.reference.available import Region, available, with_parents
from tests.conformance.test_data import assert_empty, rows_of


@pytest.mark.parametrize("plain", [False, True], ids=["index", "files"])
@pytest.mark.parametrize("case", AVAILABILITY, ids=lambda case: f"{case.target} {case.accept}")
def test_availability(node: Node, case: AvailabilityCase, plain: bool) -> None:
    response = node.get(case.target, case.accept, plain=plain)
    if not case.sources:
        assert_empty(node.get(case.target, None), case.target)
        return
    assert response.status_code == 200, response.text
    content_type = response.headers["content-type"]
    assert not official.errors(response.content, content_type)
    found = structures.constraints(response.content, content_type)
    regions = [
        available(case.asks, source.flow.shape, rows_of(source), case.mode)
        for source in case.sources
    ]
    # API 1.x asks about a dataflow, whoever provides it, and is told about the dataflow.
    told = [
        f"dataflow {source.flow}" if case.target.startswith("/v1") else source.about
        for source in case.sources
    ]
    assert sorted(one.about for one in found) == sorted(told)
    found.sort(key=lambda one: told.index(one.about))
    for one, region, source in zip(found, regions, case.sources, strict=True):
        assert region is not None
        compare(one, region, case, source.flow)
    if len(case.sources) == 1:
        (flow,), (region,) = [source.flow for source in case.sources], regions
        assert region is not None
        others = structures.artefacts(response.content, content_type)
        assert referenced(others) == wanted(case, flow, region)


def compare(
    found: structures.Constraint, region: Region, case: AvailabilityCase, flow: Flow
) -> None:
    time = {part.id for part in flow.shape.of("time")}
    values = {
        name: wanted
        for name, wanted in region.values.items()
        if (case.components is None or name in case.components)
        # 2.1 tells coverage as a period, and the values of time when they are asked for
        and not (case.target.startswith("/v1") and case.components is None and name in time)
    }
    assert {name: {*held} for name, held in found.values.items()} == values
    assert all(len(held) == len({*held}) for held in found.values.values())
    assert (found.series, found.observations) == (region.series, region.observations)
    if region.start is None or region.end is None:
        assert (found.start, found.end) == (None, None)
        return
    assert found.start is not None
    assert found.end is not None
    second = 1_000_000
    begin, end = periods.range_of(region.start)[0], periods.range_of(region.end)[1]
    assert periods.range_of(found.start)[0] // second == begin // second
    assert abs(periods.range_of(found.end)[1] - end) <= second


def referenced(others: list[structures.Artefact]) -> dict[str, set[str]]:
    """The artefacts beside the constraint, with their items; a scheme that is cut says so."""
    found = {str(one): {*one.items} for one in others if not one.id.startswith("AVAILABILITY_")}
    for one in others:
        if one.cls == "codelist":
            assert one.is_partial == ({*one.items} != {*CODES[one.id]})
    return found


def wanted(case: AvailabilityCase, flow: Flow, region: Region) -> dict[str, set[str]]:
    words = {*case.references}
    dimensions = [
        part
        for part in flow.shape.of("dimension", "time")
        if case.components is None or part.id in case.components
    ]
    found: dict[str, set[str]] = {}
    if words & {"all", "dataflow"}:
        found[f"dataflow {flow}"] = set()
    if words & {"all", "datastructure"}:
        found[f"datastructure CONF:{flow.shape.id}({flow.shape.version})"] = set()
    if words & {"all", "codelist"}:
        for part in dimensions:
            if part.codes:
                codes = with_parents(part.codes, region.values[part.id])
                found[f"codelist CONF:{part.codes}(1.0.0)"] = codes
    if words & {"all", "conceptscheme"}:
        found["conceptscheme CONF:CS_CONF(1.0.0)"] = {part.id for part in dimensions}
    if words & {"all", "dataproviderscheme"}:
        for agreement in AGREEMENTS:
            if agreement.flow == flow:
                agency = agreement.agency
                scheme = f"dataproviderscheme {agency}:DATA_PROVIDERS(1.0)"
                found.setdefault(scheme, set()).add(agreement.provider)
    return found
