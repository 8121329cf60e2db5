"""The plan of the test agency as artefacts that a node can load."""

from __future__ import annotations

from collections.abc import Iterable

from hub.model import (
    AgencyScheme,
    Annotation,
    Attachment,
    Attribute,
    Code,
    Codelist,
    Concept,
    ConceptScheme,
    CubeRegion,
    DataConstraint,
    Dataflow,
    DataProviderScheme,
    DataStructure,
    Dimension,
    Group,
    InternationalString,
    KeyValues,
    Maintainable,
    Measure,
    Organisation,
    ProvisionAgreement,
    Representation,
    TextType,
)
from tests.conformance.agency.plan import OBSERVATION, Agreement, Flow, Part, Shape
from tests.conformance.agency.shapes import (
    AGENCY,
    AGREED,
    CODES,
    FLOWS,
    PROVIDED,
    SHAPES,
    SLICE_BY,
    SLICED,
    SUB,
)

_KINDS = {
    "text": TextType.STRING,
    "period": TextType.OBSERVATIONAL_TIME_PERIOD,
    "double": TextType.DOUBLE,
    "integer": TextType.LONG,
    "decimal": TextType.DECIMAL,
    "boolean": TextType.BOOLEAN,
}


def named(text: str) -> InternationalString:
    """A name in three languages."""
    return InternationalString.of({"en": text, "fr": f"{text} (fr)", "pt-BR": f"{text} (pt)"})


def _described(text: str) -> dict[str, InternationalString]:
    return {"name": named(text), "description": named(f"What {text} is about")}


LISTS = {
    id_: Codelist(
        agency=AGENCY,
        id=id_,
        **_described(id_),
        items=tuple(
            Code(id=code, name=named(f"Code {code}"), parent=parent)
            for code, parent in codes.items()
        ),
    )
    for id_, codes in CODES.items()
}
_IDS = dict.fromkeys(part.id for shape in SHAPES for part in shape.parts)
CONCEPTS = ConceptScheme(
    agency=AGENCY,
    id="CS_CONF",
    **_described("Concepts"),
    items=tuple(Concept(id=id_, name=named(f"Concept {id_}")) for id_ in (*_IDS, "UNUSED")),
)
PROVIDERS = DataProviderScheme(
    agency=AGENCY,
    id="DATA_PROVIDERS",
    version="1.0",
    **_described("Providers"),
    items=tuple(Organisation(id=id_, name=named(id_)) for id_ in (*PROVIDED, "IDLE")),
)
AGENCIES = AgencyScheme(
    agency=AGENCY,
    id="AGENCIES",
    version="1.0",
    **_described("Agencies"),
    items=(Organisation(id="SUB", name=named(SUB)), Organisation(id="OTHER", name=named("Other"))),
)


def _representation(part: Part) -> Representation:
    several = {"max_occurs": 3 if part.many else 1, "is_multilingual": part.languages}
    if part.kind == "code":
        return Representation(enumeration=LISTS[part.codes].reference, **several)
    return Representation(text_type=_KINDS[part.kind], **several)


def _about(part: Part) -> dict[str, object]:
    concept = CONCEPTS.reference.item(part.id)
    return {"id": part.id, "concept": concept, "representation": _representation(part)}


def _attribute(part: Part) -> Attribute:
    if part.on == OBSERVATION:
        return Attribute(**_about(part))
    if part.group:
        return Attribute(**_about(part), attachment=Attachment.GROUP, group=part.group)
    level = Attachment.DIMENSIONS if part.on else Attachment.DATASET
    return Attribute(**_about(part), attachment=level, dimensions=part.on)


def _structure(shape: Shape) -> DataStructure:
    return DataStructure(
        agency=AGENCY,
        id=shape.id,
        version=shape.version,
        **_described(f"Structure {shape.id}"),
        dimensions=tuple(
            Dimension(**_about(part), is_time=part.role == "time")
            for part in shape.of("dimension", "time")
        ),
        measures=tuple(Measure(**_about(part), is_mandatory=False) for part in shape.of("measure")),
        attributes=tuple(_attribute(part) for part in shape.of("attribute")),
        groups=tuple(Group(id=id_, dimensions=on) for id_, on in shape.groups.items()),
    )


def _flow(flow: Flow) -> Dataflow:
    notes = (Annotation(type="SLICE_BY", title=SLICE_BY),) if flow is SLICED else ()
    return Dataflow(
        agency=flow.agency,
        id=flow.id,
        version=flow.version,
        **_described(f"Flow {flow.id}"),
        annotations=notes,
        structure=STRUCTURES[flow.shape.id, flow.shape.version].reference,
    )


def _agreement(agreement: Agreement) -> ProvisionAgreement:
    return ProvisionAgreement(
        agency=agreement.agency,
        id=agreement.id,
        version=agreement.version,
        **_described(f"{agreement.provider} provides {agreement.flow.id}"),
        dataflow=DATAFLOWS[str(agreement.flow)].reference,
        provider=PROVIDERS.reference.item(agreement.provider),
    )


STRUCTURES = {(shape.id, shape.version): _structure(shape) for shape in SHAPES}
DATAFLOWS = {str(flow): _flow(flow) for flow in FLOWS}
ALLOWED = DataConstraint(
    agency=AGENCY,
    id="CON_MAIN",
    **_described("What DF_MAIN may hold"),
    targets=(DATAFLOWS["CONF:DF_MAIN(1.0.0)"].reference,),
    regions=(
        CubeRegion(
            keys=(
                KeyValues(component="FREQ", values=("A", "Q")),
                KeyValues(component="AREA", values=("DNK", "SWE", "X$1@-_")),
                KeyValues(component="SEX", values=("F", "M", "_T")),
            )
        ),
    ),
)


def artefacts() -> list[Maintainable]:
    """All artefacts of the agency, the referenced before those that refer to them."""
    found: Iterable[Maintainable] = (
        *LISTS.values(),
        CONCEPTS,
        PROVIDERS,
        AGENCIES,
        *STRUCTURES.values(),
        *DATAFLOWS.values(),
        *map(_agreement, AGREED),
        ALLOWED,
    )
    return list(found)
