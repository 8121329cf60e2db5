"""Metadata sets that use everything the model has, under a structure made for them."""

from __future__ import annotations

from collections.abc import Iterator

from hub.formats.metadata import Sets, Shown
from hub.model import (
    Annotation,
    Code,
    Codelist,
    Concept,
    ConceptScheme,
    InternationalString,
    MetadataAttribute,
    Metadataflow,
    MetadataSet,
    MetadataStructure,
    ReportedAttribute,
    Representation,
    Structures,
    TextType,
)
from hub.model.metadata_schema import resolve_metadata

_text = InternationalString.of
FREQ = Codelist(
    agency="TEST",
    id="CL_FREQ",
    version="1.0.0",
    name=_text("Frequency"),
    items=(Code(id="A", name=_text({"en": "Annual", "fr": "Annuel"})), Code(id="M")),
)
_KINDS = {
    "TITLE": Representation(is_multilingual=True),
    "STORY": Representation(text_type=TextType.XHTML, is_multilingual=True),
    "FREQ": Representation(enumeration=FREQ.reference),
    "COUNT": Representation(text_type=TextType.INTEGER),
    "RATIO": Representation(text_type=TextType.DOUBLE),
    "PRICE": Representation(text_type=TextType.DECIMAL),
    "DONE": Representation(text_type=TextType.BOOLEAN),
    "DAY": Representation(text_type=TextType.GREGORIAN_DAY),
    "NAME": Representation(),
    "MAIL": Representation(),
    "NOTE": Representation(is_multilingual=True),
}
CONCEPTS = ConceptScheme(
    agency="TEST",
    id="CS",
    version="1.0.0",
    name=_text("Concepts"),
    items=tuple(
        Concept(id=id_, name=_text({"en": id_.title(), "fr": f"{id_.title()} (fr)"}))
        for id_ in (*_KINDS, "CONTACT", "ADDRESS")
    ),
)


def _attribute(id_: str, *below: MetadataAttribute, most: int | None = 1) -> MetadataAttribute:
    return MetadataAttribute(
        id=id_,
        concept=CONCEPTS.reference.item(id_),
        representation=_KINDS.get(id_),
        min_occurs=0,
        max_occurs=most,
        is_presentational=id_ not in _KINDS,
        attributes=below,
    )


STRUCTURE = MetadataStructure(
    agency="TEST",
    id="MSD",
    version="1.0.0",
    name=_text("Structure"),
    attributes=(
        _attribute("TITLE"),
        _attribute("STORY", most=None),
        _attribute("FREQ", _attribute("NOTE", most=2), most=None),
        _attribute("COUNT"),
        _attribute("RATIO"),
        _attribute("PRICE"),
        _attribute("DONE"),
        _attribute("DAY"),
        _attribute(
            "CONTACT",
            _attribute("NAME"),
            _attribute("MAIL", most=None),
            _attribute("ADDRESS", _attribute("TITLE")),
            most=None,
        ),
    ),
)
FLOW = Metadataflow(
    agency="TEST",
    id="MDF",
    version="1.0.0",
    name=_text({"en": "Flow", "fr": "Flux"}),
    structure=STRUCTURE.reference,
    targets=(
        "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=*:*(*)",
        "urn:sdmx:org.sdmx.infomodel.codelist.Code=TEST:CL_FREQ(*).*",
    ),
)
STRUCTURES = Structures([FREQ, CONCEPTS, STRUCTURE, FLOW])
SCHEMA = resolve_metadata(FLOW.reference, STRUCTURES)

A = ReportedAttribute
RICH = MetadataSet(
    agency="TEST.SWE",
    id="RICH",
    version="1.2.0",
    name=_text({"en": 'All & "everything"', "fr": "Tout, même <cela>"}),
    description=_text({"en": "A set with all kinds of values"}),
    annotations=(Annotation(id="N", type="NOTE", title="a < b", text=_text({"en": "note"})),),
    metadataflow=FLOW.reference,
    targets=(
        "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=MIGX:DF_STOCK_BIRTH(1.0.0)",
        "urn:sdmx:org.sdmx.infomodel.codelist.Code=TEST:CL_FREQ(1.0.0).A",
    ),
    reporting_begin="2024-01-01",
    reporting_end="2024-01-01",
    attributes=(
        A(id="TITLE", texts=_text({"en": 'en: a "title"; with; marks', "ar": "عنوان"})),
        A(
            id="STORY",
            markup=_text(
                {
                    "en": '<p class="x">One &amp; <em>two</em>; "three"</p><ul><li>a</li></ul>',
                    "fr": '<p>Voir <a href="https://example.org/?a=1&amp;b=2">ici</a></p>',
                }
            ),
        ),
        A(id="STORY", markup=_text({"en": "plain &lt;text&gt; alone"})),
        A(
            id="FREQ",
            value="A",
            attributes=(
                A(id="NOTE", texts=_text({"fr": "première"})),
                A(id="NOTE", texts=_text("b;c")),
            ),
        ),
        A(id="FREQ", value="M"),
        A(id="COUNT", value="-12"),
        A(id="RATIO", value="0.25"),
        A(id="PRICE", value="10.10"),
        A(id="DONE", value="true"),
        A(id="DAY", value="2024-02-29"),
        A(
            id="CONTACT",
            attributes=(
                A(id="NAME", value="First, of; two"),
                A(id="MAIL", value="a@example.org"),
                A(id="MAIL", value='"b;c"@example.org'),
                A(id="ADDRESS", attributes=(A(id="TITLE", texts=_text({"en": "Street\nTown"})),)),
            ),
        ),
        A(id="CONTACT", attributes=(A(id="MAIL", value="z@example.org"),)),
    ),
)
PLAIN = MetadataSet(
    agency="TEST",
    id="PLAIN",
    version="1.0",
    name=_text({"en": "Plain"}),
    metadataflow=FLOW.reference,
    targets=RICH.targets[:1],
    attributes=(A(id="COUNT", value="7"),),
)


def opened(*given: MetadataSet) -> Sets:
    def sets() -> Iterator[Shown]:
        return (Shown(metadata_set=one, schema=SCHEMA) for one in given)

    return sets
