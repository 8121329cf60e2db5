"""Reads generic metadata messages of SDMX-ML 2.1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from hub.errors import BadRequest, Finding
from hub.formats.metadata.actions import action_of
from hub.formats.metadata.ml_21 import IDENTITY
from hub.formats.metadata.ml_fields import MetadataDialect, ValueReading, attribute_id
from hub.formats.metadata.report import Received
from hub.formats.structure.fault import Fault
from hub.formats.structure.form import ML_21
from hub.formats.structure.ml.fields import LANG, Found
from hub.formats.structure.ml.parts import notes
from hub.formats.structure.ml.ref import parse_any_ref, parse_ref
from hub.formats.structure.references import parse_any_urn, parse_reference_urn
from hub.model import (
    Annotation,
    ArtefactClass,
    InternationalString,
    ItemReference,
    MetadataSet,
    Reference,
    ReportedAttribute,
)

DIALECT = MetadataDialect.of(ML_21, "v2_1")
_NOTES = notes(DIALECT)
_FLOW, _STRUCTURE = ArtefactClass.METADATAFLOW, ArtefactClass.METADATA_STRUCTURE
_PROVIDERS = ArtefactClass.DATA_PROVIDER_SCHEME


def read_21(root: etree._Element) -> tuple[list[Received], list[Finding], list[Finding]]:
    """Read the sets of a message: them, what is wrong, and () for what was left out."""
    received: list[Received] = []
    faults: list[Finding] = []
    header = _header(root)
    number = 0
    for child in root:
        if DIALECT.names[child.tag] != "mes:MetadataSet":
            continue
        number += 1
        try:
            received.append(_set(child, header, number))
        except Fault as fault:
            if fault.element is None:
                fault.element = child
            faults.append(fault.finding())
    return received, faults, []


class _Header:
    def __init__(self) -> None:
        self.sender = ""
        self.flows: dict[str, Reference] = {}


def _header(root: etree._Element) -> _Header:
    """Who sends the message, and the flows it declares.

    One may declare a structure instead: then the flow of the same name is meant.
    """
    found = _Header()
    spaces = DIALECT.namespaces
    sender = root.find("mes:Header/mes:Sender", spaces)
    found.sender = "" if sender is None else sender.get("id", "")
    for element in root.iterfind("mes:Header/mes:Structure", spaces):
        for usage in element:
            reference = _reference(usage)
            flow = Reference(_FLOW, reference.agency, reference.id, reference.version)
            found.flows[element.get("structureID", "")] = flow
    return found


def _reference(usage: etree._Element) -> Reference:
    urn, ref = usage.find("URN"), usage.find("Ref")
    is_usage = etree.QName(usage).localname == "StructureUsage"
    cls = _FLOW if is_usage else _STRUCTURE
    if ref is not None:
        found = parse_ref(ref, (cls,), is_item=False)
    else:
        text = "" if urn is None else (urn.text or "").strip()
        found = parse_reference_urn(text, (cls,), is_item=False)
    return found.scheme if isinstance(found, ItemReference) else found


def _set(element: etree._Element, header: _Header, number: int) -> Received:
    flow = header.flows.get(element.get("structureRef", ""))
    if flow is None:
        raise Fault("structureRef names no Structure of the header", element)
    found: Found = {}
    names: list[tuple[str, str]] = []
    reports: list[etree._Element] = []
    agency = header.sender
    for child in element:
        tag = DIALECT.names[child.tag]
        if tag == "com:Annotations":
            _NOTES.read(child, found, DIALECT)
        elif tag == "com:Name":
            names.append((child.get(LANG, "en"), child.text or ""))
        elif tag == "gen:DataProvider":
            agency = _provider(child)
        elif tag == "gen:Report":
            reports.append(child)
    begun = MetadataSet(
        agency=agency,
        id=element.get("setID", f"SET{number}"),
        version="1.0",
        name=InternationalString(tuple(names)),
        metadataflow=flow,
        annotations=tuple(found.get("annotations", ())),
    )
    complete = _with_reports(_identified(begun), reports)
    return Received(metadata_set=complete, action=action_of(element.get("action")))


def _provider(element: etree._Element) -> str:
    ref = element.find("Ref")
    if ref is not None:
        return str(ref.get("agencyID") or ref.get("id", ""))
    urn = element.find("URN")
    return parse_any_urn("" if urn is None else (urn.text or "").strip()).artefact.agency


def _identified(metadata_set: MetadataSet) -> MetadataSet:
    """Take agency, id and version from the annotation that says them, if there is one."""
    kept: list[Annotation] = []
    for note in metadata_set.annotations:
        if note.type == IDENTITY and note.title:
            named = parse_any_urn(note.title).artefact
            metadata_set = replace(
                metadata_set, agency=named.agency, id=named.id, version=named.version
            )
        else:
            kept.append(note)
    return replace(metadata_set, annotations=tuple(kept))


def _with_reports(metadata_set: MetadataSet, reports: list[etree._Element]) -> MetadataSet:
    """Fill a set: reports with the same attributes are about several objects."""
    targets: dict[str, None] = {}
    periods: dict[str, None] = {}
    attributes: list[tuple[ReportedAttribute, ...]] = []
    for report in reports:
        for child in report:
            tag = DIALECT.names[child.tag]
            if tag == "gen:Target":
                for urn, period in _targets(child):
                    (periods if period else targets)[period or urn] = None
            elif tag == "gen:AttributeSet":
                attributes.append(_attributes(child))
    if any(each != attributes[0] for each in attributes):
        raise Fault(
            "the reports of this set say different things: hand each in as a set of its own",
            reports[0],
        )
    if len(periods) > 1:
        raise Fault("the reports are of different periods: hand each in as a set of its own")
    only = next(iter(periods), None)
    return replace(
        metadata_set,
        targets=tuple(targets),
        attributes=attributes[0] if attributes else (),
        reporting_begin=only,
        reporting_end=only,
    )


def _targets(target: etree._Element) -> Iterator[tuple[str, str]]:
    """Each object as (URN, ""), or a period as ("", period)."""
    for value in target:
        for child in value:
            tag = DIALECT.names[child.tag]
            if tag == "gen:ObjectReference":
                yield _object(child), ""
            elif tag == "gen:ReportPeriod":
                yield "", (child.text or "").strip()
            else:
                kind = etree.QName(child).localname
                raise Fault(
                    f"a {kind} has no place in a metadata set of SDMX 3: name the objects meant, "
                    "such as a dataflow and the code of an area",
                    child,
                )


def _object(element: etree._Element) -> str:
    ref, urn = element.find("Ref"), element.find("URN")
    if urn is not None:
        return parse_any_urn((urn.text or "").strip()).urn
    if ref is None:
        raise Fault("ObjectReference needs a Ref or a URN", element)
    return parse_any_ref(ref).urn


def _attributes(element: etree._Element) -> tuple[ReportedAttribute, ...]:
    return tuple(_attribute(child) for child in element)


def _attribute(element: etree._Element) -> ReportedAttribute:
    found: Found = {}
    reading = ValueReading()
    for child in element:
        tag = DIALECT.names[child.tag]
        if tag == "com:Annotations":
            _NOTES.read(child, found, DIALECT)
        elif tag == "gen:AttributeSet":
            found["attributes"] = _attributes(child)
        elif not reading.take(tag, child):
            local = etree.QName(child).localname
            raise Fault(f"{local} is not known here", child, is_unknown=True)
    value = element.get("value")
    try:
        return ReportedAttribute(
            id=attribute_id(element),
            value=value,
            attributes=found.get("attributes", ()),
            annotations=tuple(found.get("annotations", ())),
            **reading.result(element, has_value=value is not None),
        )
    except BadRequest as error:
        raise Fault(error.message, element) from None
