"""A plain structure to measure with: seven dimensions, one measure, one attribute, no slices."""

from __future__ import annotations

from hub.model import (
    ArtefactClass,
    Attribute,
    Code,
    Codelist,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructure,
    Dimension,
    InternationalString,
    ItemReference,
    Maintainable,
    Measure,
    Reference,
    Representation,
    TextType,
)

AGENCY = "BENCH"
FLOW = Reference(ArtefactClass.DATAFLOW, AGENCY, "DF_PLAIN", "1.0.0")
_CONCEPTS = Reference(ArtefactClass.CONCEPT_SCHEME, AGENCY, "CS_PLAIN", "1.0.0")
_STRUCTURE = Reference(ArtefactClass.DATA_STRUCTURE, AGENCY, "DSD_PLAIN", "1.0.0")

#: Dimensions of the series key with their number of codes; time is the seventh dimension.
CODES = {"FREQ": 1, "AREA": 100, "PARTNER": 100, "ITEM": 5, "GRADE": 10, "UNIT": 1}
YEARS = tuple(str(year) for year in range(2001, 2021))
#: Observations of one AREA and PARTNER.
ROWS_OF_A_PAIR = CODES["ITEM"] * CODES["GRADE"] * len(YEARS)
STATUSES = ("A", "E", "P")


def code(dimension: str, number: int) -> str:
    """The code of a dimension with a number, from 0."""
    return "A" if dimension == "FREQ" else f"{dimension[0]}{number:03}"


def artefacts() -> tuple[Maintainable, ...]:
    """The artefacts to load into a node."""
    lists = {
        name: _codelist(name, [code(name, number) for number in range(count)])
        for name, count in CODES.items()
    }
    lists["OBS_STATUS"] = _codelist("OBS_STATUS", STATUSES)
    ids = (*CODES, "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS")
    concepts = ConceptScheme(
        agency=AGENCY,
        id=_CONCEPTS.id,
        name=_name("Concepts"),
        items=tuple(Concept(id=id_, name=_name(id_.lower())) for id_ in ids),
    )
    structure = DataStructure(
        agency=AGENCY,
        id=_STRUCTURE.id,
        name=_name("Plain"),
        dimensions=(
            *(
                Dimension(id=id_, concept=_concept(id_), representation=_coded(lists[id_]))
                for id_ in CODES
            ),
            Dimension(
                id="TIME_PERIOD",
                concept=_concept("TIME_PERIOD"),
                representation=Representation(text_type=TextType.OBSERVATIONAL_TIME_PERIOD),
                is_time=True,
            ),
        ),
        measures=(
            Measure(
                id="OBS_VALUE",
                concept=_concept("OBS_VALUE"),
                representation=Representation(text_type=TextType.DOUBLE),
            ),
        ),
        attributes=(
            Attribute(
                id="OBS_STATUS",
                concept=_concept("OBS_STATUS"),
                representation=_coded(lists["OBS_STATUS"]),
                is_mandatory=True,
            ),
        ),
    )
    flow = Dataflow(agency=AGENCY, id=FLOW.id, name=_name("Plain"), structure=structure.reference)
    return (*lists.values(), concepts, structure, flow)


def _name(text: str) -> InternationalString:
    return InternationalString.of(text)


def _codelist(name: str, codes: list[str] | tuple[str, ...]) -> Codelist:
    return Codelist(
        agency=AGENCY,
        id=f"CL_{name}",
        name=_name(name.title()),
        items=tuple(Code(id=id_, name=_name(f"{name.title()} {id_}")) for id_ in codes),
    )


def _coded(list_: Codelist) -> Representation:
    return Representation(enumeration=list_.reference)


def _concept(id_: str) -> ItemReference:
    return ItemReference(_CONCEPTS, id_)
