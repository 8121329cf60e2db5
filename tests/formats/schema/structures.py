"""Structures for the tests of schemas, with as little as a test needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hub.formats.data import FORMS as DATA_FORMS
from hub.formats.data import DataForm
from hub.formats.schema import FORMS, Family, SchemaForm
from hub.model import (
    Attribute,
    Code,
    Codelist,
    ConceptScheme,
    CubeRegion,
    DataConstraint,
    Dataflow,
    DataStructure,
    Dimension,
    Group,
    InternationalString,
    KeyValues,
    Maintainable,
    Measure,
    Reference,
    Representation,
    Schema,
    Structures,
    TextType,
    resolve,
)

XSD_21, XSD_30, XSD_31, JSON_20, JSON_21 = (
    next(form for form in FORMS if (form.family, form.version) == wanted)
    for wanted in (
        (Family.XML, "2.1"),
        (Family.XML, "3.0.0"),
        (Family.XML, "3.1.0"),
        (Family.JSON, "2.0.0"),
        (Family.JSON, "2.1.0"),
    )
)
XSDS = (XSD_21, XSD_30, XSD_31)
CONCEPTS = ConceptScheme(agency="T", id="CS")
CODES = Codelist(
    agency="T",
    id="CL",
    version="1.0",
    items=tuple(Code(id=id_, name=InternationalString.of(f"Code {id_}")) for id_ in "ABC"),
)
CODED = Representation(enumeration=CODES.reference)
PERIOD = Representation(text_type=TextType.OBSERVATIONAL_TIME_PERIOD)
NUMBER = Representation(text_type=TextType.DOUBLE)
TEXT = Representation()


def data_form(form: SchemaForm) -> DataForm:
    """The messages that a schema is for."""
    name = {"2.1": "structurespecificdata"}.get(form.model, "data")
    ending = f"sdmx.{name}+{form.family};version={form.version}"
    return next(f for f in DATA_FORMS if f.media_type.endswith(ending))


def dimension(id_: str, representation: Representation = CODED) -> Dimension:
    is_time = representation is PERIOD
    concept = CONCEPTS.reference.item(id_)
    return Dimension(id=id_, concept=concept, representation=representation, is_time=is_time)


def measure(id_: str, representation: Representation = NUMBER, **more: Any) -> Measure:
    concept = CONCEPTS.reference.item(id_)
    return Measure(id=id_, concept=concept, representation=representation, **more)


def attribute(id_: str, representation: Representation = TEXT, **more: Any) -> Attribute:
    concept = CONCEPTS.reference.item(id_)
    return Attribute(id=id_, concept=concept, representation=representation, **more)


KEY = (dimension("FREQ"), dimension("AREA"))
TIME = dimension("TIME_PERIOD", PERIOD)
OBS_VALUE = measure("OBS_VALUE")


def schema(
    dimensions: Sequence[Dimension] = (*KEY, TIME),
    measures: Sequence[Measure] = (OBS_VALUE,),
    attributes: Sequence[Attribute] = (),
    groups: Sequence[Group] = (),
    lists: Sequence[Maintainable] = (CODES,),
    regions: Sequence[CubeRegion] = (),
) -> Schema:
    """The schema of a dataflow T:FLOW with these components, constrained to these regions."""
    structure = DataStructure(
        agency="T",
        id="DSD",
        dimensions=tuple(dimensions),
        measures=tuple(measures),
        attributes=tuple(attributes),
        groups=tuple(groups),
    )
    flow = Dataflow(agency="T", id="FLOW", structure=structure.reference)
    artefacts: list[Maintainable] = [*lists, CONCEPTS, structure, flow]
    if regions:
        artefacts.append(constraint(flow.reference, *regions))
    return resolve(flow.reference, Structures(artefacts))


def constraint(target: Reference, *regions: CubeRegion, id_: str = "CON") -> DataConstraint:
    return DataConstraint(agency="T", id=id_, targets=(target,), regions=regions)


def region(include: bool = True, **values: Sequence[str]) -> CubeRegion:
    keys = tuple(KeyValues(component=id_, values=tuple(held)) for id_, held in values.items())
    return CubeRegion(include=include, keys=keys)
