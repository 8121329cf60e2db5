"""Answers to availability queries against the reference evaluator."""

from __future__ import annotations

import httpx

from tests.conformance.agency.plan import Flow
from tests.conformance.agency.shapes import AGREEMENTS, CODES
from tests.conformance.cases.availability import AvailabilityCase
from tests.conformance.judging import official
from tests.conformance.judging.answers import rows_of
from tests.conformance.reading import structures
from tests.conformance.reference import periods
from tests.conformance.reference.available import Region, available, together, with_parents


def expected_regions(case: AvailabilityCase) -> dict[str, Region]:
    """What the reference evaluator finds for each artefact; nothing for those without data."""
    found: dict[str, Region] = {}
    for source in case.sources:
        region = available(case.asks, source.flow.shape, rows_of(source), case.mode)
        if region is not None:
            known = found.get(source.about)
            found[source.about] = region if known is None else together(known, region)
    return found


def assert_available(
    response: httpx.Response, case: AvailabilityCase, *, is_judged: bool = True
) -> None:
    """The answer has the values, counts and coverage of the reference, and what it refers to.

    `is_judged` False saves the time that the official schema takes.
    """
    expected = expected_regions(case)
    assert response.status_code == 200, response.text
    content_type = response.headers["content-type"]
    if is_judged:
        assert not official.errors(response.content, content_type)
    flows = {source.about: source.flow for source in case.sources}
    # API 1.x asks about a dataflow, whoever provides it, and is told about the dataflow.
    is_v1 = case.target.startswith("/v1")
    told = [f"dataflow {flows[about]}" if is_v1 else about for about in expected]
    found = structures.constraints(response.content, content_type)
    assert sorted(one.about for one in found) == sorted(told)
    found.sort(key=lambda one: told.index(one.about))
    for one, (about, region) in zip(found, expected.items(), strict=True):
        compare(one, region, case, flows[about])
    if len(case.sources) == 1 and case.sources[0].about.startswith("dataflow "):
        others = structures.artefacts(response.content, content_type)
        source = case.sources[0]
        is_21 = content_type.endswith(("version=2.1", "version=1.0.0"))
        region = expected[source.about]
        assert referenced(others) == wanted(case, source.flow, region, is_21=is_21)


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


def wanted(
    case: AvailabilityCase, flow: Flow, region: Region, *, is_21: bool
) -> dict[str, set[str]]:
    """What `references` adds; `is_21` in forms of SDMX 2.1, which cannot hold every structure."""
    words = {*case.references}
    dimensions = [
        part
        for part in flow.shape.of("dimension", "time")
        if case.components is None or part.id in case.components
    ]
    found: dict[str, set[str]] = {}
    if words & {"all", "dataflow"}:
        found[f"dataflow {flow}"] = set()
    if words & {"all", "datastructure"} and (flow.shape.is_simple or not is_21):
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
