"""How SDMX 2.1 says what a report is about: a target of the structure, filled with objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hub.errors import NotAcceptable
from hub.formats.metadata.report import Shown
from hub.formats.structure.shapes.metadata import reports_of
from hub.model import MetadataSet, MetadataTarget, ReportStructure, parse_object_urn
from hub.model.metadata_schema import MetadataSchema

_PERIOD, _OBJECT = "ReportPeriodTarget", "IdentifiableObjectTarget"


@dataclass(frozen=True, slots=True)
class ReportTarget:
    """A report and its target by their ids.

    `references` are the ids of the target's objects, each with a URN or, where the third is true,
    the period of the report.
    """

    report: str
    target: str
    references: tuple[tuple[str, str, bool], ...]


def report_targets(shown: Shown) -> tuple[ReportTarget, ...]:
    """The reports that a set is in SDMX 2.1, one for each object or combination of objects.

    Raises NotAcceptable where the structure has no target for the objects.
    """
    one = shown.metadata_set
    tops = {attribute.id for attribute in one.attributes}
    for report, targets in _candidates(shown.schema):
        if tops <= {attribute.id for attribute in report.attributes}:
            for target in targets:
                found = _filled(report, target, one)
                if found:
                    return found
    raise NotAcceptable(
        f"{one.reference} cannot be written in SDMX-ML 2.1: {shown.schema.structure.reference} has "
        "no target there for the objects it is about; ask for SDMX-JSON or SDMX-ML 3"
    )


def _candidates(
    schema: MetadataSchema,
) -> list[tuple[ReportStructure, list[MetadataTarget]]]:
    structure = reports_of(schema.structure)
    by_id = {target.id: target for target in structure.targets}
    return [
        (report, [by_id[id_] for id_ in report.targets if id_ in by_id])
        for report in structure.reports
    ]


def _filled(
    report: ReportStructure, target: MetadataTarget, one: MetadataSet
) -> tuple[ReportTarget, ...]:
    """A target filled with each of the objects that differ, () where they do not fit.

    Of the objects of one class there may be several: then there are several reports, all about
    the same objects of the other classes.
    """
    period = one.reporting_begin or one.publication_period or ""
    fixed: list[tuple[str, str, bool]] = []
    free = list(one.targets)
    several: tuple[str, Sequence[str]] | None = None
    for part in target.objects:
        if part.kind == _PERIOD and period:
            fixed.append((part.id, period, True))
            continue
        fits = [urn for urn in free if part.kind == _OBJECT and _is(urn, part.object_type)]
        if not fits or (len(fits) > 1 and several is not None):
            return ()
        free = [urn for urn in free if urn not in fits]
        if len(fits) > 1:
            several = (part.id, fits)
        else:
            fixed.append((part.id, fits[0], False))
    if free:
        return ()
    if several is None:
        return (ReportTarget(report.id, target.id, tuple(fixed)),)
    id_, urns = several
    return tuple(ReportTarget(report.id, target.id, (*fixed, (id_, urn, False))) for urn in urns)


def _is(urn: str, object_type: str | None) -> bool:
    return object_type == "Any" or parse_object_urn(urn).class_name == object_type
